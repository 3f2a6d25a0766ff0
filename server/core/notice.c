/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a person outside this system has to be told about, read off the state: what is true now and has a number of its own.
 * The shell sends each number once and again after a restart; whoever receives it knows it by its number. */
#include <string.h>

#include "state.h"

/* What the upper bits of a number say it is about; the rest is unique among those. */
#define OF_ALERT UINT64_C(0)
#define OF_CASE (UINT64_C(1) << 62)
#define OF_CONSULT (UINT64_C(2) << 62)
#define OF_FACILITY (UINT64_C(3) << 62)

struct list {
    struct jz_notice *notice;
    uint32_t capacity, count;
};

static void add(struct list *list, enum jz_notice_kind kind, uint64_t id, uint32_t facility, uint64_t alert,
                int64_t raised_ms) {
    if (list->count == list->capacity) return;
    list->notice[list->count++] = (struct jz_notice){
        .id = id, .kind = kind, .alert = alert, .facility = facility, .raised_ms = raised_ms};
}

static bool team_is_late(const struct jz_alert_record *alert) {
    for (uint32_t i = 0; i < JZ_TEAM_COUNT; i++)
        if (alert->team[i].late) return true;
    return false;
}

static bool is_unanswered(uint8_t state) {
    return state == JZ_ALERT_RAISED || state == JZ_ALERT_DELIVERED || state == JZ_ALERT_SEEN;
}

/* An alert that rings again is told again: its occurrence is part of the number. */
static void of_alert(struct list *list, const struct jz_alert_record *alert) {
    uint64_t id = OF_ALERT | alert->id << 16 | (uint64_t)alert->occurrence << 8;
    bool open = is_unanswered(alert->state);
    bool off = (alert->state == JZ_ALERT_WITHDRAWN || alert->state == JZ_ALERT_EXPIRED) && !alert->told;
    bool coming = alert->state == JZ_ALERT_ACCEPTED || alert->state == JZ_ALERT_PREPARING;
    const struct {
        enum jz_notice_kind kind;
        bool is_so;
        int64_t since_ms; /* when it became so, whenever it is told */
    } of[] = {
        {JZ_NOTICE_NOT_DELIVERED, alert->technical && open, alert->raised_ms + JZ_RECEIPT_LIMIT_MS},
        {JZ_NOTICE_NOT_TOLD, alert->technical && off, alert->changed_ms},
        {JZ_NOTICE_ESCALATED, alert->escalated && open, alert->raised_ms + JZ_ANSWER_LIMIT_MS},
        {JZ_NOTICE_STANDBY, alert->standby && open, alert->raised_ms},
        {JZ_NOTICE_TEAM_NOT_READY, team_is_late(alert) && coming, alert->accepted_ms + JZ_TEAM_LIMIT_MS},
    };
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
        if (of[i].is_so) add(list, of[i].kind, id | of[i].kind, alert->facility, alert->id, of[i].since_ms);
}

uint32_t jz_core_notices(const struct jz_core *core, uint32_t slot, struct jz_notice *notice,
                         uint32_t capacity) {
    const struct jz_encounter *e = &core->encounter[slot];
    const struct jz_alert_record *destination = jz_alert_find(core, e->destination_alert, NULL);
    struct list list = {notice, capacity, 0};
    for (uint32_t i = 0; i < e->alert_count; i++) of_alert(&list, &jz_alerts(core, slot)[i]);
    if (!jz_phase_is_live(e->phase)) return list.count;
    if (e->reminded && destination && !(e->gives.ms && e->receives.ms))
        add(&list, JZ_NOTICE_HANDOVER, OF_CASE | e->serial << 8 | e->legs, destination->facility,
            destination->id, e->milestone[JZ_MILESTONE_HANDOVER] + JZ_SIGN_LIMIT_MS);
    if (!e->consult) return list.count;
    const struct jz_consult_record *c = &core->region->consult[e->consult - 1u];
    bool waits = c->state == JZ_CONSULT_ASKED || c->state == JZ_CONSULT_PHONE;
    if (waits || (c->state == JZ_CONSULT_TAKEN && c->late)) /* whoever took it does not answer: telephone */
        add(&list, JZ_NOTICE_CONSULT, OF_CONSULT | c->number << 8 | (uint64_t)c->state << 4 | c->tries,
            JZ_NONE_U32, 0, c->asked_ms);
    return list.count;
}

bool jz_core_facility_notice(const struct jz_core *core, uint32_t facility, struct jz_notice *notice) {
    const struct jz_probe_record *probe = &core->region->probe[facility];
    if (probe->state != JZ_PROBE_DEAD) return false;
    /* One notice a silence: it is the last probe that came back that tells silences apart. */
    *notice = (struct jz_notice){.id = OF_FACILITY | (uint64_t)facility << 48 |
                                       ((uint64_t)probe->sounded_ms & 0xffffffffffffu),
                                 .kind = JZ_NOTICE_PATH_DEAD,
                                 .facility = facility,
                                 .raised_ms = probe->sounded_ms ? probe->sounded_ms : core->head.now_ms};
    return true;
}
