/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of the ranking, its figures and its advice, and of what screens say of it. */
#include <string.h>

#include "hope.h"

/* --- ranking ------------------------------------------------------------------------------------------------------------------ */

static const struct jz_candidate *candidate_of(const struct jz_ranking *rank, int64_t facility) {
    for (uint32_t i = 0; i < rank->candidate_count; i++)
        if (rank->candidate[i].facility == facility) return &rank->candidate[i];
    return NULL;
}

static const struct jz_exclusion *exclusion_of(const struct jz_ranking *rank, int64_t facility) {
    for (uint32_t i = 0; i < rank->exclusion_count; i++)
        if (rank->exclusion[i].facility == facility) return &rank->exclusion[i];
    return NULL;
}

static void say_ranking(const struct scene *s, const struct jz_ranking *rank, char *so, size_t so_bytes) {
    size_t used = (size_t)snprintf(so, so_bytes, "goal %s, ranking", name_of(goal_names, rank->goal));
    for (uint32_t i = 0; i < rank->candidate_count && used < so_bytes; i++)
        used += (size_t)snprintf(so + used, so_bytes - used, " %s %u s",
                                 hope_facility(s, rank->candidate[i].facility), rank->candidate[i].travel_s);
    if (!rank->candidate_count) snprintf(so, so_bytes, "nobody is ranked");
}

static void rank_case(const struct scene *s, uint32_t slot, struct jz_ranking *rank, char *so,
                      size_t so_bytes) {
    jz_rank_encounter(s->core, hope_case(s, slot), rank);
    say_ranking(s, rank, so, so_bytes);
}

CHECK(ranked) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return says[0].number >= 1 && says[0].number <= rank.candidate_count &&
           rank.candidate[says[0].number - 1].facility == says[1].number;
}

CHECK(goal) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return rank.goal == (enum jz_goal)says[0].number;
}

CHECK(candidate) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return candidate_of(&rank, says[0].number) != NULL;
}

CHECK(excluded) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    const struct jz_exclusion *x = exclusion_of(&rank, says[0].number);
    if (x)
        snprintf(so, so_bytes, "it is excluded because %s %s", name_of(exclusion_names, x->why),
                 x->capability);
    return x && x->why == says[1].number && (!says[2].text || strcmp(x->capability, says[2].text) == 0);
}

CHECK(all_excluded) {
    struct jz_ranking rank;
    (void)about;
    (void)says;
    rank_case(s, slot, &rank, so, so_bytes);
    return rank.candidate_count == 0;
}

CHECK(travel) {
    (void)about;
    const struct jz_encounter *e = hope_case(s, slot);
    uint32_t is = e->travel_s[says[0].number];
    snprintf(so, so_bytes, "it is %u s by %s", is, e->provider[0] ? e->provider : "nobody");
    return is != JZ_TRAVEL_NONE && hope_bound(says[1].number, is, says[2].number);
}

CHECK(treatment) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    const struct jz_candidate *c = candidate_of(&rank, says[0].number);
    if (c) snprintf(so, so_bytes, "it is %u s", c->treatment_s);
    return c && hope_bound(says[1].number, c->treatment_s, says[2].number);
}

CHECK(travel_by) {
    (void)about;
    const struct jz_encounter *e = hope_case(s, slot);
    snprintf(so, so_bytes, "it is by %s", e->provider[0] ? e->provider : "nobody");
    return strcmp(e->provider, says[0].text) == 0;
}

CHECK(candidate_flag) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    const struct jz_candidate *c = candidate_of(&rank, says[0].number);
    if (c) snprintf(so, so_bytes, "its flags are %u", c->flags);
    return c && (c->flags & says[1].number);
}

/* --- figures ------------------------------------------------------------------------------------------------------------------- */

static const struct jz_candidate *figures_of(const struct scene *s, uint32_t slot,
                                             const struct word_arg *says, struct jz_ranking *rank, char *so,
                                             size_t so_bytes) {
    rank_case(s, slot, rank, so, so_bytes);
    const struct jz_candidate *c = candidate_of(rank, says[0].number);
    if (c) snprintf(so, so_bytes, "door to treatment is %u s, from %u cases", c->door_s, c->cases);
    return c;
}

CHECK(door) {
    struct jz_ranking rank;
    (void)about;
    const struct jz_candidate *c = figures_of(s, slot, says, &rank, so, so_bytes);
    return c && hope_bound(says[1].number, c->door_s, says[2].number);
}

CHECK(door_planned) {
    struct jz_ranking rank;
    (void)about;
    const struct jz_candidate *c = figures_of(s, slot, says, &rank, so, so_bytes);
    return c && c->cases == 0;
}

CHECK(door_cases) {
    struct jz_ranking rank;
    (void)about;
    const struct jz_candidate *c = figures_of(s, slot, says, &rank, so, so_bytes);
    return c && c->cases == says[1].number;
}

/* --- advice ----------------------------------------------------------------------------------------------------------------------- */

CHECK(strategy) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return hope_number(rank.reperfusion.what, says[0].number, reperfusion_names, so, so_bytes);
}

CHECK(strategy_row) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return hope_number(rank.reperfusion.row, says[0].number, NULL, so, so_bytes);
}

CHECK(wire_time) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    snprintf(so, so_bytes, "it is %u s", rank.reperfusion.wire_s);
    return rank.reperfusion.wire_s && hope_bound(says[0].number, rank.reperfusion.wire_s, says[1].number);
}

CHECK(contact_to_wire) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    snprintf(so, so_bytes, "it is %u s", rank.reperfusion.fmc_to_wire_s);
    return rank.reperfusion.fmc_to_wire_s &&
           hope_bound(says[0].number, rank.reperfusion.fmc_to_wire_s, says[1].number);
}

static void say_way_out(const struct scene *s, const struct jz_ranking *rank, char *so, size_t so_bytes) {
    bool whereto = rank->fallback_facility != JZ_FACILITY_NONE;
    if (!rank->fallback)
        snprintf(so, so_bytes, "there is no way out");
    else
        snprintf(so, so_bytes, "it is %s at %s because %s", name_of(wayout_names, rank->fallback),
                 whereto ? hope_facility(s, rank->fallback_facility) : "no hospital",
                 name_of(wayout_why_names, rank->fallback_why));
}

CHECK(way_out) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    say_way_out(s, &rank, so, so_bytes);
    return rank.fallback == says[0].number && rank.fallback_facility == says[1].number &&
           rank.fallback_why == says[2].number;
}

CHECK(no_way_out) {
    struct jz_ranking rank;
    (void)about;
    (void)says;
    rank_case(s, slot, &rank, so, so_bytes);
    say_way_out(s, &rank, so, so_bytes);
    return rank.fallback == JZ_FALLBACK_NONE;
}

static const struct jz_change *change_of(const struct scene *s, const struct jz_ranking *rank,
                                         const struct word_arg *says, char *so, size_t so_bytes) {
    size_t used = (size_t)snprintf(so, so_bytes, "it turns on");
    for (uint32_t i = 0; i < rank->change_count; i++) {
        const struct jz_change *c = &rank->change[i];
        if (c->kind == says[0].number && c->facility == says[1].number) return c;
        if (used < so_bytes)
            used +=
                (size_t)snprintf(so + used, so_bytes - used, " %s at %s by %u s,",
                                 name_of(change_names, c->kind), hope_facility(s, c->facility), c->seconds);
    }
    return NULL;
}

CHECK(turns_on) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    return change_of(s, &rank, says, so, so_bytes) != NULL;
}

CHECK(turns_by) {
    struct jz_ranking rank;
    (void)about;
    rank_case(s, slot, &rank, so, so_bytes);
    const struct jz_change *c = change_of(s, &rank, says, so, so_bytes);
    if (c) snprintf(so, so_bytes, "it is %u s", c->seconds);
    return c && hope_bound(says[2].number, c->seconds, says[3].number);
}

CHECK(nearest) {
    struct jz_ranking rank;
    (void)about;
    (void)says;
    rank_case(s, slot, &rank, so, so_bytes);
    snprintf(so, so_bytes, "the order is by time to treatment");
    return rank.nearest != 0;
}

/* --- what a screen shows ------------------------------------------------------------------------------------------------------- */

/* The reader on the value of a key of the patient's view, or of key 17 (the ranking) where `inner` is not 0. */
static bool view_key(const struct scene *s, uint32_t slot, uint64_t outer, uint64_t inner,
                     struct jz_reader *r) {
    static uint8_t buffer[2u * JZ_MESSAGE_BYTES_MAX];
    struct jz_writer w;
    jz_writer_init(&w, buffer, sizeof buffer);
    if (jz_view_patient(s->core, slot, s->core->head.now_ms, false, &w) != JZ_OK) return false;
    jz_reader_init(r, buffer, w.used);
    for (uint64_t wanted = outer;; wanted = inner) {
        uint32_t pairs = jz_read_map(r);
        while (pairs && r->status == JZ_OK && jz_read_uint(r) != wanted) {
            jz_read_skip(r);
            pairs--;
        }
        if (!pairs || r->status != JZ_OK) return false;
        if (!inner || wanted == inner) return true;
    }
}

/* Key 23: true where a person must find a hospital. */
CHECK(needs_person) {
    struct jz_reader r;
    (void)about;
    bool needs = view_key(s, slot, 23, 0, &r) && jz_read_bool(&r);
    snprintf(so, so_bytes, "the screen says that %s has to find a hospital", needs ? "a person" : "nobody");
    return needs == (says[0].number == 0);
}

struct seen {
    char id[32];
    uint64_t why, seconds;
};

static bool read_change(const struct scene *s, uint32_t slot, struct seen *seen, char *so, size_t so_bytes) {
    struct jz_reader r;
    memset(seen, 0, sizeof *seen);
    snprintf(so, so_bytes, "no change is shown as worth while");
    if (!view_key(s, slot, 17, 10, &r) || jz_read_array(&r) != 2) return false;
    struct jz_text id = jz_read_text(&r);
    seen->seconds = jz_read_uint(&r);
    snprintf(seen->id, sizeof seen->id, "%.*s", (int)id.bytes, id.data);
    snprintf(so, so_bytes, "%s is shown, saving %llu s", seen->id, (unsigned long long)seen->seconds);
    return r.status == JZ_OK;
}

CHECK(worth_changing) {
    struct seen seen;
    (void)about;
    return read_change(s, slot, &seen, so, so_bytes) && strcmp(seen.id, says[0].text) == 0;
}

CHECK(worth_saving) {
    struct seen seen;
    (void)about;
    return read_change(s, slot, &seen, so, so_bytes) && strcmp(seen.id, says[0].text) == 0 &&
           hope_bound(says[1].number, (int64_t)seen.seconds, says[2].number);
}

CHECK(nothing_worth) {
    struct seen seen;
    (void)about;
    (void)says;
    return !read_change(s, slot, &seen, so, so_bytes);
}

static bool read_pair(const struct scene *s, uint32_t slot, struct seen *seen, char *so, size_t so_bytes) {
    struct jz_reader r;
    memset(seen, 0, sizeof *seen);
    snprintf(so, so_bytes, "mother and newborn are not looked at together");
    if (!view_key(s, slot, 17, 11, &r) || jz_read_array(&r) != 3) return false;
    struct jz_text id = jz_read_text(&r);
    seen->why = jz_read_uint(&r);
    seen->seconds = jz_read_uint(&r);
    snprintf(seen->id, sizeof seen->id, "%.*s", (int)id.bytes, id.data);
    snprintf(so, so_bytes, "%s %s, %llu s more", seen->id[0] ? "together at" : "apart because",
             seen->id[0] ? seen->id : name_of(pair_names, (uint32_t)seen->why),
             (unsigned long long)seen->seconds);
    return r.status == JZ_OK;
}

CHECK(together) {
    struct seen seen;
    (void)about;
    return read_pair(s, slot, &seen, so, so_bytes) && strcmp(seen.id, says[0].text) == 0;
}

CHECK(apart) {
    struct seen seen;
    (void)about;
    return read_pair(s, slot, &seen, so, so_bytes) && !seen.id[0] && seen.why == (uint64_t)says[0].number;
}

const struct hope route_hopes[] = {
    {"", "ranking <number> <hospital>", ranked, ""},
    {"", "candidate <hospital>", candidate, "it is in the ranking"},
    {"", "goal <goal>", goal, "whether the first of the ranking treats in time"},
    {"", "excluded <hospital> because <exclusion> <capability>", excluded, ""},
    {"", "excluded <hospital> because <exclusion>", excluded, ""},
    {"", "all hospitals excluded", all_excluded, ""},
    {"", "travel to <hospital> " BOUND " <duration>", travel, ""},
    {"", "travel by <name>", travel_by, "who answered"},
    {"", "treatment at <hospital> " BOUND " <duration>", treatment, "predicted, from now"},
    {"", "{a|no} person is needed", needs_person,
     "the screens say that no hospital was found and nobody is being asked"},
    {"", "candidate <hospital> <flag>", candidate_flag, "what a screen says beside its figures"},
    {"", "door at <hospital> " BOUND " <duration>", door, "door to treatment that was reckoned with"},
    {"", "door at <hospital> planned", door_planned, "no record of the hospital's own stands behind it"},
    {"", "door at <hospital> from <number> cases", door_cases, "of its own"},
    {"", "order by nearness", nearest, "something that kills at once and can be undone: 11.3.5"},
    {"", "order turns on <change> at <hospital>", turns_on, "what would change the ranking"},
    {"", "order turns on <change> at <hospital> by " BOUND " <duration>", turns_by, ""},
    {"", "way out <way_out> at <hospital> because <need>", way_out, "where the goal cannot be met"},
    {"", "no way out", no_way_out, ""},
    {"", "reperfusion <strategy>", strategy, "of a STEMI"},
    {"", "reperfusion row <number>", strategy_row, "of chest-pain 7.2"},
    {"", "wire time " BOUND " <duration>", wire_time, "T_wire: from the ECG that was read"},
    {"", "FMC to wire " BOUND " <duration>", contact_to_wire, "predicted, from first medical contact"},
    {"", "worth changing to <hospital>", worth_changing,
     "a dispatcher is shown that another hospital is better"},
    {"", "worth changing to <hospital> saving " BOUND " <duration>", worth_saving, ""},
    {"", "nothing is worth changing", nothing_worth, ""},
    {"", "together at <hospital>", together, "mother and newborn"},
    {"", "apart because <apart>", apart, "mother and newborn"},
    {.says = NULL}};
