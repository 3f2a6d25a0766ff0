/* SPDX-License-Identifier: Apache-2.0 */
/* Rule packs or directory replaced under patients who are under way. What the state keeps as an index of the old one is
 * carried over by id; what no longer exists is dropped, and everything is evaluated anew at the next deadline. */
#include <assert.h>
#include <string.h>

#include "state.h"

/* --- rule packs ---------------------------------------------------------------------------------------------- */

static uint32_t new_condition(const struct jz_program *to, const char *id) {
    uint32_t count = jz_program_condition_count(to), i = 0;
    while (i < count && strcmp(jz_program_condition(to, i)->id, id) != 0) i++;
    return i < count ? i : JZ_NONE_U32;
}

static uint64_t carry_conditions(const struct jz_program *from, const struct jz_program *to,
                                 uint64_t conditions) {
    uint64_t carried = 0;
    for (uint32_t i = 0; i < jz_program_condition_count(from); i++) {
        if (!(conditions >> i & 1u)) continue;
        uint32_t at = new_condition(to, jz_program_condition(from, i)->id);
        if (at != JZ_NONE_U32) carried |= UINT64_C(1) << at;
    }
    return carried;
}

/* Temporal memory has no name that outlives its pack: it begins again with the newest readings. */
static void begin_chart(const struct jz_program *to, struct jz_chart *chart) {
    struct jz_chart old = *chart;
    struct jz_rule_set due = {{0}}; /* all are evaluated anyway */
    memset(chart, 0, sizeof *chart);
    for (uint64_t i = 0; i < old.count; i++) {
        enum jz_status status = jz_chart_observe(to, chart, old.reading[i].field, old.reading[i], &due);
        assert(status == JZ_OK); /* as many as before */
        (void)status;
    }
}

static void carry_rules(const struct jz_program *from, const struct jz_program *to, struct jz_core *core,
                        uint32_t slot) {
    struct jz_encounter *e = &core->encounter[slot];
    e->conditions = carry_conditions(from, to, e->conditions);
    for (uint32_t i = 0; i < e->alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        alert->conditions = carry_conditions(from, to, alert->conditions);
    }
    begin_chart(to, &e->chart);
    memset(e->warned, 0, sizeof e->warned); /* by number of the target: others now */
    memset(e->predicted_late, 0, sizeof e->predicted_late);
    e->measure = e->directive_measure = JZ_FIELD_NONE;
}

/* --- directory --------------------------------------------------------------------------------------------------- */

static void carry_travel(const uint32_t moved[JZ_FACILITIES_MAX], uint32_t count,
                         uint32_t row[JZ_FACILITIES_MAX]) {
    uint32_t old[JZ_FACILITIES_MAX];
    memcpy(old, row, sizeof old);
    memset(row, 0, sizeof old);
    for (uint32_t i = 0; i < count; i++) row[moved[i]] = old[i];
}

static void carry_facilities(const uint32_t moved[JZ_FACILITIES_MAX], uint32_t count, struct jz_core *core,
                             uint32_t slot) {
    struct jz_encounter *e = &core->encounter[slot];
    uint64_t declined = 0;
    for (uint32_t i = 0; i < count; i++)
        if (e->declined >> i & 1u) declined |= UINT64_C(1) << moved[i];
    e->declined = declined;
    carry_travel(moved, count, e->travel_s);
    carry_travel(moved, count, e->travel_uncertainty_s);
    for (uint32_t i = 0; i < e->alert_count; i++) {
        struct jz_alert_record *alert = &jz_alerts(core, slot)[i];
        alert->facility = (uint8_t)moved[alert->facility];
    }
    uint8_t *one[] = {&e->chosen, &e->held_facility, &e->from_facility}; /* index + 1 */
    for (uint32_t i = 0; i < sizeof one / sizeof one[0]; i++)
        if (*one[i]) *one[i] = (uint8_t)(moved[*one[i] - 1u] + 1u);
}

static void carry_figures(const uint32_t moved[JZ_FACILITIES_MAX], uint32_t count, struct jz_region *region) {
    struct jz_figures old = region->figures;
    struct jz_probe_record probe[JZ_FACILITIES_MAX];
    memcpy(probe, region->probe, sizeof probe);
    memset(&region->figures, 0, sizeof region->figures);
    memset(region->probe, 0, sizeof region->probe);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(region->figures.of[moved[i]], old.of[i], sizeof old.of[i]);
        region->probe[moved[i]] = probe[i];
    }
}

static void carry_region(const struct jz_directory *from, const struct jz_directory *to,
                         const uint32_t moved[JZ_FACILITIES_MAX], struct jz_region *region) {
    uint32_t capability[JZ_CAPABILITIES_MAX] = {0};
    for (uint32_t i = 0; i < from->capability_count; i++)
        capability[i] = jz_directory_capability_index(to, from->capability[i]);
    jz_capacity_carry(&region->capacity, moved, from->facility_count, capability, from->capability_count);
    carry_figures(moved, from->facility_count, region);
    for (uint32_t i = 0; i < JZ_PROPOSALS_MAX; i++)
        if (region->proposal[i].facility)
            region->proposal[i].facility = (uint8_t)(moved[region->proposal[i].facility - 1u] + 1u);
}

static void replace_directory(struct jz_core *core, const struct jz_directory *to) {
    const struct jz_directory *from = core->directory;
    uint32_t moved[JZ_FACILITIES_MAX] = {0}, count = from ? from->facility_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *id = from->facility[i].id;
        moved[i] = jz_directory_facility(to, id, strlen(id));
        assert(moved[i] != JZ_NONE_U32); /* jz_core_misses_facility was asked */
    }
    for (uint32_t slot = 0; from && slot < core->head.encounter_count; slot++)
        carry_facilities(moved, count, core, slot);
    if (from) carry_region(from, to, moved, core->region);
    core->directory = to;
    core->head.has_directory = 1;
}

const char *jz_core_misses_facility(const struct jz_core *core, const struct jz_directory *directory) {
    for (uint32_t i = 0; core->directory && i < core->directory->facility_count; i++) {
        const char *id = core->directory->facility[i].id;
        if (jz_directory_facility(directory, id, strlen(id)) == JZ_NONE_U32) return id;
    }
    return NULL;
}

/* All rules run again, and who waits for a hospital may find one among those that can now. Of hospitals that are new no
 * travel time is known yet. */
static void look_anew(struct jz_core *core, uint32_t slot, bool hospitals, struct jz_outcome *out) {
    struct jz_encounter *e = &core->encounter[slot];
    if (!jz_phase_is_live(e->phase)) return;
    e->rules_wake_ms = core->head.now_ms;
    e->reconsider = 1;
    if (hospitals) jz_want_travel(core, e);
    jz_set_wake(core, slot, out);
}

void jz_apply_configuration(struct jz_core *core, const struct jz_event *event, struct jz_outcome *out) {
    bool hospitals = event->kind == JZ_EVENT_DIRECTORY;
    if (hospitals) {
        assert(event->directory);
        replace_directory(core, event->directory);
        jz_probes_due(core, out); /* a new hospital gets its turn */
        out->directory_changed = true;
    } else {
        assert(event->program);
        for (uint32_t slot = 0; core->program && slot < core->head.encounter_count; slot++)
            carry_rules(core->program, event->program, core, slot);
        core->program = event->program;
        core->head.has_program = 1;
        jz_decide_activation(core, event->peer.name, out);
    }
    for (uint32_t slot = 0; slot < core->head.encounter_count; slot++) look_anew(core, slot, hospitals, out);
    jz_set_region_wake(core, out);
}
