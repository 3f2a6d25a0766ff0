/* SPDX-License-Identifier: Apache-2.0 */
#include "capacity.h"

#include <assert.h>
#include <string.h>

#include "state.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

/* No hospital of a region has more places of a kind than this: a number above is a slip of the hand (PROJ). Blood counts
 * the patients for whom a massive transfusion can be begun. An hour is how long a count of places is believed (PROJ). */
static const struct jz_capacity_row row[JZ_SERVICE_COUNT] = {
    [JZ_SERVICE_ED] = {"ed", 0, 3, HOUR_MS, false},
    [JZ_SERVICE_CATH_LAB] = {"cath_lab", 0, 20, HOUR_MS, true},
    [JZ_SERVICE_THEATRE] = {"theatre", 0, 60, HOUR_MS, true},
    [JZ_SERVICE_OBSTETRICS] = {"obstetrics", 0, 200, HOUR_MS, true},
    [JZ_SERVICE_ICU] = {"icu", 0, 200, HOUR_MS, true},
    [JZ_SERVICE_NICU] = {"nicu", 0, 200, HOUR_MS, true},
    [JZ_SERVICE_BLOOD] = {"blood", 0, 100, HOUR_MS, true},
};

static bool is_service(enum jz_service service) {
    return service > JZ_SERVICE_NONE && service < JZ_SERVICE_COUNT;
}

const struct jz_capacity_row *jz_capacity_row(enum jz_service service) {
    return is_service(service) ? &row[service] : NULL;
}

static const struct jz_facility_capacity *facility_of(const struct jz_capacity *capacity, uint32_t facility) {
    assert(facility < JZ_FACILITIES_MAX);
    return &capacity->of[facility];
}

/* --- who says what, until when ------------------------------------------------------------------------------- */

struct life {
    int64_t usual_ms, max_ms;
};

/* Is it no older than the last word, which was spoken at `last_ms` (0: none), and has it an owner? */
static enum jz_status check_said(const struct jz_said *said, int64_t last_ms) {
    if (said->owner.bytes == 0 || said->owner.data[0] == '\0') return JZ_E_VALUE;
    return said->at_ms < last_ms ? JZ_E_TIME_ORDER : JZ_OK;
}

static enum jz_status end_of(const struct jz_said *said, struct life life, int64_t *end_ms) {
    *end_ms = said->until_ms ? said->until_ms : said->at_ms + life.usual_ms;
    if (*end_ms <= said->at_ms) return JZ_E_TIME_ORDER;
    return *end_ms - said->at_ms > life.max_ms ? JZ_E_VALUE : JZ_OK;
}

static void copy_owner(char owner[JZ_CAPACITY_OWNER_BYTES], struct jz_text from) {
    jz_copy_text(owner, JZ_CAPACITY_OWNER_BYTES, from.data, from.bytes);
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

const struct jz_capacity_number *jz_capacity_number(const struct jz_capacity *capacity, uint32_t facility,
                                                    enum jz_service service) {
    assert(is_service(service));
    return &facility_of(capacity, facility)->number[service];
}

static struct jz_capacity_number *number_of(struct jz_capacity *capacity, uint32_t facility,
                                            enum jz_service service) {
    return (struct jz_capacity_number *)jz_capacity_number(capacity, facility, service);
}

enum jz_status jz_capacity_set(struct jz_capacity *capacity, uint32_t facility, enum jz_service service,
                               int32_t value, const struct jz_said *said) {
    if (!is_service(service)) return JZ_E_UNKNOWN_CODE;
    if (value < row[service].min || value > row[service].max) return JZ_E_IMPLAUSIBLE;
    struct jz_capacity_number *n = number_of(capacity, facility, service);
    int64_t end_ms;
    enum jz_status status = check_said(said, n->set_ms);
    if (!status) status = end_of(said, (struct life){row[service].life_ms, JZ_CAPACITY_LIFE_MAX_MS}, &end_ms);
    if (status) return status;
    n->set_ms = said->at_ms;
    n->expires_ms = end_ms;
    n->value = value;
    n->told = 0;
    copy_owner(n->owner, said->owner);
    return JZ_OK;
}

static bool stands(const struct jz_capacity_number *n, int64_t now_ms) {
    return n->owner[0] && now_ms < n->expires_ms;
}

int32_t jz_capacity_shown(const struct jz_capacity *capacity, uint32_t facility, enum jz_service service) {
    const struct jz_capacity_number *n = jz_capacity_number(capacity, facility, service);
    return row[service].reservable ? n->value - (int32_t)n->held : n->value;
}

static bool is_full(enum jz_service service, int32_t shown) {
    return row[service].reservable ? shown <= 0 : shown == row[service].max;
}

enum jz_capacity_state jz_capacity_known(const struct jz_capacity *capacity, uint32_t facility,
                                         enum jz_service service, int64_t now_ms) {
    if (!stands(jz_capacity_number(capacity, facility, service), now_ms)) return JZ_CAPACITY_UNKNOWN;
    return is_full(service, jz_capacity_shown(capacity, facility, service)) ? JZ_CAPACITY_FULL
                                                                            : JZ_CAPACITY_KNOWN;
}

enum jz_capacity_state jz_capacity_hold(struct jz_capacity *capacity, uint32_t facility,
                                        enum jz_service service, int64_t now_ms) {
    enum jz_capacity_state before = jz_capacity_known(capacity, facility, service, now_ms);
    struct jz_capacity_number *n = number_of(capacity, facility, service);
    assert(n->held < JZ_CAPACITY_HELD_MAX);
    n->held++;
    return before;
}

/* Only a number that stands is lessened: one that expired stays what its owner said. It may fall below 0, where a patient
 * came for whom there was no place, but no further than shown places can be told. */
void jz_capacity_use(struct jz_capacity *capacity, uint32_t facility, enum jz_service service,
                     int64_t now_ms) {
    struct jz_capacity_number *n = number_of(capacity, facility, service);
    jz_capacity_release(capacity, facility, service);
    if (row[service].reservable && stands(n, now_ms) && n->value > -(int32_t)JZ_CAPACITY_HELD_MAX) n->value--;
}

void jz_capacity_release(struct jz_capacity *capacity, uint32_t facility, enum jz_service service) {
    struct jz_capacity_number *n = number_of(capacity, facility, service);
    assert(n->held > 0);
    n->held--;
}

/* --- diversion ------------------------------------------------------------------------------------------------- */

static const uint8_t divert_reason[] = {JZ_REASON_EQUIPMENT, JZ_REASON_FULL,      JZ_REASON_STAFF,
                                        JZ_REASON_POWER,     JZ_REASON_INFECTION, JZ_REASON_OTHER};

static uint32_t characters(struct jz_text text) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.bytes; i++) count += ((uint8_t)text.data[i] & 0xc0u) != 0x80u;
    return count;
}

static bool is_reason(enum jz_action_reason reason, struct jz_text text) {
    if (reason == JZ_REASON_OTHER && characters(text) < JZ_REASON_TEXT_MIN) return false;
    for (size_t i = 0; i < sizeof divert_reason; i++)
        if (divert_reason[i] == reason) return true;
    return false;
}

const struct jz_diversion *jz_capacity_diversion(const struct jz_capacity *capacity, uint32_t facility,
                                                 enum jz_service service) {
    assert(is_service(service));
    return &facility_of(capacity, facility)->diversion[service];
}

static bool runs(const struct jz_diversion *d) {
    return d->state == JZ_DIVERSION_ON || d->state == JZ_DIVERSION_WARNED;
}

bool jz_capacity_diverting(const struct jz_capacity *capacity, uint32_t facility, enum jz_service service,
                           int64_t now_ms) {
    const struct jz_diversion *d = jz_capacity_diversion(capacity, facility, service);
    return runs(d) && now_ms < d->until_ms;
}

enum jz_status jz_capacity_divert(struct jz_capacity *capacity, uint32_t facility, enum jz_service service,
                                  enum jz_action_reason reason, struct jz_text text,
                                  const struct jz_said *said) {
    if (!is_service(service)) return JZ_E_UNKNOWN_CODE;
    if (!is_reason(reason, text)) return JZ_E_REASON;
    struct jz_diversion *d = (struct jz_diversion *)jz_capacity_diversion(capacity, facility, service);
    int64_t end_ms;
    enum jz_status status = check_said(said, d->said_ms);
    if (!status) status = end_of(said, (struct life){JZ_DIVERT_DEFAULT_MS, JZ_DIVERT_MAX_MS}, &end_ms);
    if (status) return status;
    if (!jz_capacity_diverting(capacity, facility, service, said->at_ms)) d->since_ms = said->at_ms;
    d->until_ms = end_ms;
    d->said_ms = said->at_ms;
    d->state = JZ_DIVERSION_ON;
    d->reason = (uint8_t)reason;
    copy_owner(d->owner, said->owner);
    jz_copy_text(d->text, sizeof d->text, text.data, text.bytes);
    return JZ_OK;
}

enum jz_status jz_capacity_end_divert(struct jz_capacity *capacity, uint32_t facility,
                                      enum jz_service service, const struct jz_said *said) {
    if (!is_service(service)) return JZ_E_UNKNOWN_CODE;
    struct jz_diversion *d = (struct jz_diversion *)jz_capacity_diversion(capacity, facility, service);
    enum jz_status status = check_said(said, d->said_ms);
    if (status) return status;
    if (!jz_capacity_diverting(capacity, facility, service, said->at_ms)) return JZ_E_TRANSITION;
    d->until_ms = d->said_ms = said->at_ms;
    d->state = JZ_DIVERSION_OVER;
    copy_owner(d->owner, said->owner);
    return JZ_OK;
}

uint32_t jz_capacity_diverting_count(const struct jz_capacity *capacity, enum jz_service service,
                                     int64_t now_ms) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < JZ_FACILITIES_MAX; i++)
        count += jz_capacity_diverting(capacity, i, service, now_ms);
    return count;
}

/* --- capabilities ---------------------------------------------------------------------------------------------- */

static const struct life confirmation_life[JZ_CONFIRMATION_COUNT] = {
    [JZ_CONFIRMATION_ABSENT] = {JZ_CONFIRMED_MAX_MS, JZ_CONFIRMED_MAX_MS},
    [JZ_CONFIRMATION_ROUND_THE_CLOCK] = {JZ_CONFIRMED_MAX_MS, JZ_CONFIRMED_MAX_MS},
    [JZ_CONFIRMATION_OFFICE_HOURS] = {JZ_CONFIRMED_MAX_MS, JZ_CONFIRMED_MAX_MS},
    [JZ_CONFIRMATION_CLOSED_NOW] = {JZ_CLOSED_DEFAULT_MS, JZ_CLOSED_MAX_MS},
};

const struct jz_confirmation *jz_capacity_confirmation(const struct jz_capacity *capacity, uint32_t facility,
                                                       uint32_t capability) {
    assert(capability < JZ_CAPABILITIES_MAX);
    return &facility_of(capacity, facility)->confirmation[capability];
}

enum jz_status jz_capacity_confirm(struct jz_capacity *capacity, uint32_t facility, uint32_t capability,
                                   enum jz_confirmation_value value, const struct jz_said *said) {
    if (capability >= JZ_CAPABILITIES_MAX || (uint32_t)value >= JZ_CONFIRMATION_COUNT)
        return JZ_E_UNKNOWN_CODE;
    struct jz_confirmation *k =
        (struct jz_confirmation *)jz_capacity_confirmation(capacity, facility, capability);
    int64_t end_ms = 0;
    enum jz_status status = check_said(said, k->set_ms);
    if (!status && value != JZ_CONFIRMATION_NONE) status = end_of(said, confirmation_life[value], &end_ms);
    if (status) return status;
    k->set_ms = said->at_ms;
    k->expires_ms = end_ms;
    k->value = (uint8_t)value;
    k->told = 0;
    copy_owner(k->owner, said->owner);
    return JZ_OK;
}

enum jz_capability_state jz_capacity_capability(const struct jz_capacity *capacity, uint32_t facility,
                                                uint32_t capability, enum jz_capability_state directory,
                                                int64_t now_ms) {
    const struct jz_confirmation *k = jz_capacity_confirmation(capacity, facility, capability);
    if (k->value == JZ_CONFIRMATION_NONE) return directory;
    if (now_ms >= k->expires_ms)
        return directory == JZ_CAPABILITY_CONFIRMED ? JZ_CAPABILITY_UNKNOWN : directory;
    bool there = k->value == JZ_CONFIRMATION_ROUND_THE_CLOCK ||
                 (k->value == JZ_CONFIRMATION_OFFICE_HOURS && jz_office_hours(now_ms));
    return there ? JZ_CAPABILITY_CONFIRMED : JZ_CAPABILITY_ABSENT;
}

/* --- office hours ---------------------------------------------------------------------------------------------- */

#define OFFICE_ZONE_MS (8 * HOUR_MS)
#define DAYS_IN_WEEK 7
#define DAY_0 4 /* 1 January 1970 was a Thursday */
#define OPENS (8 * HOUR_MS)
#define CLOSES (17 * HOUR_MS + 30 * MINUTE_MS)

/* From Sunday: of a day, local time. Equal: closed. */
static const struct {
    int64_t from_ms, to_ms;
} office[DAYS_IN_WEEK] = {{0, 0},          {OPENS, CLOSES}, {OPENS, CLOSES}, {OPENS, CLOSES},
                          {OPENS, CLOSES}, {OPENS, CLOSES}, {0, 0}};

static uint32_t weekday(int64_t day) {
    return (uint32_t)((day + DAY_0) % DAYS_IN_WEEK);
}

bool jz_office_hours(int64_t now_ms) {
    assert(now_ms >= 0);
    int64_t local_ms = now_ms + OFFICE_ZONE_MS, of_day = local_ms % DAY_MS;
    uint32_t at = weekday(local_ms / DAY_MS);
    return of_day >= office[at].from_ms && of_day < office[at].to_ms;
}

int64_t jz_office_hours_turn(int64_t now_ms) {
    bool open = jz_office_hours(now_ms);
    int64_t today = (now_ms + OFFICE_ZONE_MS) / DAY_MS;
    for (int64_t day = today; day < today + DAYS_IN_WEEK; day++) {
        uint32_t at = weekday(day);
        int64_t turn_ms = day * DAY_MS - OFFICE_ZONE_MS + (open ? office[at].to_ms : office[at].from_ms);
        if (office[at].from_ms < office[at].to_ms && turn_ms > now_ms) return turn_ms;
    }
    return JZ_NEVER; /* a table without office hours */
}

/* --- what time does -------------------------------------------------------------------------------------------- */

static int64_t number_moment(const struct jz_capacity_number *n) {
    return n->owner[0] && !n->told ? n->expires_ms : JZ_NEVER;
}

static int64_t confirmation_moment(const struct jz_confirmation *k) {
    return k->value != JZ_CONFIRMATION_NONE && !k->told ? k->expires_ms : JZ_NEVER;
}

static void offer(struct jz_capacity_notice *best, int64_t at_ms, enum jz_capacity_notice_kind kind,
                  uint32_t facility, uint32_t index) {
    if (at_ms < best->at_ms) *best = (struct jz_capacity_notice){at_ms, kind, facility, index};
}

/* A warning that would come after the end is none. */
static void offer_diversion(struct jz_capacity_notice *best, const struct jz_diversion *d, int64_t now_ms,
                            uint32_t facility, uint32_t index) {
    if (!runs(d)) return;
    if (d->state == JZ_DIVERSION_ON && now_ms < d->until_ms)
        offer(best, d->until_ms - JZ_DIVERT_WARNING_MS, JZ_CAPACITY_DIVERSION_ENDING, facility, index);
    else
        offer(best, d->until_ms, JZ_CAPACITY_DIVERSION_OVER, facility, index);
}

static struct jz_capacity_notice earliest(const struct jz_capacity *capacity, int64_t now_ms) {
    struct jz_capacity_notice best = {.at_ms = JZ_NEVER};
    for (uint32_t f = 0; f < JZ_FACILITIES_MAX; f++) {
        const struct jz_facility_capacity *of = &capacity->of[f];
        for (uint32_t i = 1; i < JZ_SERVICE_COUNT; i++)
            offer(&best, number_moment(&of->number[i]), JZ_CAPACITY_EXPIRED, f, i);
        for (uint32_t i = 1; i < JZ_SERVICE_COUNT; i++)
            offer_diversion(&best, &of->diversion[i], now_ms, f, i);
        for (uint32_t i = 0; i < JZ_CAPABILITIES_MAX; i++)
            offer(&best, confirmation_moment(&of->confirmation[i]), JZ_CAPACITY_CONFIRMATION_EXPIRED, f, i);
    }
    return best;
}

int64_t jz_capacity_next(const struct jz_capacity *capacity) {
    return earliest(capacity, INT64_MIN).at_ms;
}

static void mark(struct jz_facility_capacity *of, const struct jz_capacity_notice *notice) {
    switch (notice->kind) {
    case JZ_CAPACITY_EXPIRED: of->number[notice->index].told = 1; break;
    case JZ_CAPACITY_DIVERSION_ENDING: of->diversion[notice->index].state = JZ_DIVERSION_WARNED; break;
    case JZ_CAPACITY_DIVERSION_OVER: of->diversion[notice->index].state = JZ_DIVERSION_OVER; break;
    case JZ_CAPACITY_CONFIRMATION_EXPIRED: of->confirmation[notice->index].told = 1; break;
    }
}

bool jz_capacity_due(struct jz_capacity *capacity, int64_t now_ms, struct jz_capacity_notice *out) {
    struct jz_capacity_notice first = earliest(capacity, now_ms);
    if (first.at_ms > now_ms) return false;
    mark(&capacity->of[first.facility], &first);
    *out = first;
    return true;
}

/* --- another directory ----------------------------------------------------------------------------------------- */

/* Where each row of the array goes, so that none is lost: rows of no old facility, which are empty, take what is left. */
static void complete(const uint32_t moved[JZ_FACILITIES_MAX], uint32_t count,
                     uint32_t to[JZ_FACILITIES_MAX]) {
    bool used[JZ_FACILITIES_MAX] = {false};
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i++) {
        assert(moved[i] < JZ_FACILITIES_MAX && !used[moved[i]]);
        to[i] = moved[i];
        used[moved[i]] = true;
    }
    for (uint32_t i = count; i < JZ_FACILITIES_MAX; i++) {
        while (used[left]) left++;
        to[i] = left++;
    }
}

/* Each exchange brings one row home, so there are fewer than rows; a copy of all would be a quarter of a megabyte. */
static void carry_facilities(struct jz_capacity *capacity, uint32_t to[JZ_FACILITIES_MAX]) {
    for (uint32_t i = 0; i < JZ_FACILITIES_MAX; i++) {
        while (to[i] != i) {
            uint32_t home = to[i];
            struct jz_facility_capacity other = capacity->of[home];
            capacity->of[home] = capacity->of[i];
            capacity->of[i] = other;
            to[i] = to[home];
            to[home] = home;
        }
    }
}

static void carry_confirmations(struct jz_confirmation row_of[JZ_CAPABILITIES_MAX],
                                const uint32_t moved[JZ_CAPABILITIES_MAX], uint32_t count) {
    struct jz_confirmation old[JZ_CAPABILITIES_MAX];
    memcpy(old, row_of, sizeof old);
    memset(row_of, 0, sizeof old);
    for (uint32_t i = 0; i < count; i++) {
        if (moved[i] == JZ_NONE_U32) continue;
        assert(moved[i] < JZ_CAPABILITIES_MAX && row_of[moved[i]].owner[0] == '\0');
        row_of[moved[i]] = old[i];
    }
}

void jz_capacity_carry(struct jz_capacity *capacity, const uint32_t moved[JZ_FACILITIES_MAX], uint32_t count,
                       const uint32_t capability_moved[JZ_CAPABILITIES_MAX], uint32_t capability_count) {
    uint32_t to[JZ_FACILITIES_MAX];
    assert(count <= JZ_FACILITIES_MAX && capability_count <= JZ_CAPABILITIES_MAX);
    complete(moved, count, to);
    carry_facilities(capacity, to);
    for (uint32_t i = 0; i < JZ_FACILITIES_MAX; i++)
        carry_confirmations(capacity->of[i].confirmation, capability_moved, capability_count);
}
