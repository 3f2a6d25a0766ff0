/* SPDX-License-Identifier: Apache-2.0 */
/* The measures as fields (protocol/fields/ctg.csv). What is not known gives no field; where too little of the decision
 * window can be read nothing is given that a class is made of. */
#include "work.h"

/* Codes of protocol/fields/ctg.csv. */
enum field {
    USABLE = 67114000,
    USABLE_S,
    TOCO_USABLE,
    BASELINE,
    BASELINE_START,
    BELOW_110_S,
    ABOVE_160_S,
    VARIABILITY,
    LOW_VARIABILITY_S,
    HIGH_VARIABILITY_S,
    DECEL_LOW_VARIABILITY_S,
    SINUSOIDAL_S,
    ACCELERATIONS = 67114013,
    CONTRACTION_RATE = 67114015,
    HYPERTONUS,
    CONTRACTIONS_20,
    DECELS_20,
    LATE_20,
    VARIABLE_20,
    CONCERNING_20,
    LATE_S,
    VARIABLE_S,
    CONCERNING_S,
    LATE_PROLONGED_S,
    LONGEST_DECEL_S,
    ONGOING_DECEL_S,
    LATE = 67114030,
    VARIABLE,
    DECEL_DEPTH = 67114040,
    DECEL_S,
    DECEL_NADIR_S,
    DECEL_LAG_S,
    DECEL_AFTER_ACME,
    ACCEL_HEIGHT,
    ACCEL_S,
    ACCEL_PEAK_S,
    DR_RECORD_S = 67114060,
    DR_USABLE,
    DR_BASELINE,
    DR_LOST_BEATS,
    DR_SINUSOIDAL = 67114066,
    DR_ACCELERATIONS,
    DR_END_ERROR = 67114069,
    STV
};

#define COUNT_20_MAX 60
#define COUNT_MAX 200
#define DAY_S 86400
#define HOUR_S 3600
#define LAG_MAX_S 300
#define HEIGHT_MAX_X10 2300
#define VARIABILITY_MAX_X10 2000
#define RATE_MAX_X10 300
#define LOST_BEATS_MAX_X10 10000
#define STV_MAX_X100 5000

struct list {
    struct jz_fact *fact;
    uint32_t count;
};

/* A field's range ends where nothing changes any more: what is beyond it stands at the end. */
static void add(struct list *list, enum field code, int32_t value, int32_t most) {
    if (value == JZ_CTG_UNKNOWN) return;
    list->fact[list->count++] = (struct jz_fact){(uint32_t)code, value < most ? value : most};
}

static void add_state(struct list *list, enum field code, const struct jz_ctg *ctg, enum ctg_state state) {
    add(list, code, ctg->derived.state_s[state], DAY_S);
}

static void add_rate(struct list *list, const struct jz_ctg *ctg, const struct jz_ctg_measure *m) {
    add(list, BASELINE, m->baseline_x10, CTG_GATE_HIGH_X10);
    add(list, BASELINE_START, m->baseline_start_x10, CTG_GATE_HIGH_X10);
    add_state(list, BELOW_110_S, ctg, CTG_BELOW_110);
    add_state(list, ABOVE_160_S, ctg, CTG_ABOVE_160);
    add(list, VARIABILITY, m->variability_x10, VARIABILITY_MAX_X10);
    add_state(list, LOW_VARIABILITY_S, ctg, CTG_LOW_VARIABILITY);
    add_state(list, HIGH_VARIABILITY_S, ctg, CTG_HIGH_VARIABILITY);
    if (m->baseline_x10 != JZ_CTG_UNKNOWN) add(list, DECEL_LOW_VARIABILITY_S, ctg->derived.flat_s, HOUR_S);
    add_state(list, SINUSOIDAL_S, ctg, CTG_SINUSOIDAL);
}

static void add_recurrence(struct list *list, const struct jz_ctg *ctg) {
    const struct ctg_recurrence *r = &ctg->derived.recurrence;
    add(list, CONTRACTIONS_20, (int32_t)r->contractions, COUNT_20_MAX);
    add(list, DECELS_20, (int32_t)r->any, COUNT_20_MAX);
    add(list, LATE_20, (int32_t)r->late, COUNT_20_MAX);
    add(list, VARIABLE_20, (int32_t)r->variable, COUNT_20_MAX);
    add(list, CONCERNING_20, (int32_t)r->concerning, COUNT_20_MAX);
    add_state(list, LATE_S, ctg, CTG_LATE_CHAIN);
    add_state(list, VARIABLE_S, ctg, CTG_VARIABLE_CHAIN);
    add_state(list, CONCERNING_S, ctg, CTG_CONCERNING_CHAIN);
    add_state(list, LATE_PROLONGED_S, ctg, CTG_LATE_OR_PROLONGED);
    add(list, LONGEST_DECEL_S, ctg->derived.longest_s, HOUR_S);
}

static const struct jz_ctg_event *newest(const struct jz_ctg *ctg, enum ctg_list of) {
    const struct ctg_events *list = &ctg->events[of];
    uint32_t now = ctg->first + ctg->length;
    const struct jz_ctg_event *e = list->count ? &list->item[list->count - 1] : NULL;
    return e && e->end + CTG_DECISION > now ? e : NULL;
}

static int32_t seconds(uint32_t from, uint32_t to) {
    return (int32_t)((to - from) / CTG_SECOND);
}

static void add_newest(struct list *list, const struct jz_ctg *ctg) {
    const struct jz_ctg_event *fall = newest(ctg, CTG_DECELERATIONS), *rise = newest(ctg, CTG_ACCELERATIONS);
    if (fall) {
        add(list, DECEL_DEPTH, fall->height_x10, HEIGHT_MAX_X10);
        add(list, DECEL_S, seconds(fall->start, fall->end), HOUR_S);
        add(list, DECEL_NADIR_S, seconds(fall->start, fall->peak), HOUR_S);
    }
    if (fall && fall->lag != JZ_CTG_UNKNOWN) {
        int32_t lag = fall->lag / (int32_t)CTG_SECOND;
        add(list, DECEL_LAG_S, lag > -LAG_MAX_S ? lag : -LAG_MAX_S, LAG_MAX_S);
        add(list, DECEL_AFTER_ACME, fall->after_acme, 1);
    }
    if (!rise) return;
    add(list, ACCEL_HEIGHT, rise->height_x10, HEIGHT_MAX_X10);
    add(list, ACCEL_S, seconds(rise->start, rise->end), HOUR_S);
    add(list, ACCEL_PEAK_S, seconds(rise->start, rise->peak), HOUR_S);
}

/* Of the whole record, from its first minute: only while all of it is kept. */
static void add_antepartum(struct list *list, const struct jz_ctg *ctg, const struct jz_ctg_measure *m) {
    const struct ctg_dawes *d = &ctg->derived.dawes;
    if (m->first) return;
    add(list, DR_RECORD_S, (int32_t)(m->samples / CTG_SECOND), DAY_S);
    add(list, DR_USABLE, d->usable_permille, 1000);
    if (m->stv_ms_x100 == JZ_CTG_UNKNOWN || d->baseline_x10 == JZ_CTG_UNKNOWN) return;
    add(list, DR_BASELINE, d->baseline_x10, CTG_GATE_HIGH_X10);
    add(list, DR_LOST_BEATS, d->lost_beats_x10, LOST_BEATS_MAX_X10);
    add(list, DR_SINUSOIDAL, d->sinusoidal, 1);
    add(list, DR_ACCELERATIONS, (int32_t)d->accelerations, COUNT_MAX);
    add(list, DR_END_ERROR, d->end_error, 1);
    add(list, STV, m->stv_ms_x100, STV_MAX_X100);
}

uint32_t jz_ctg_facts(const struct jz_ctg *ctg, const struct jz_ctg_measure *m,
                      struct jz_fact facts[JZ_CTG_FACTS_MAX]) {
    struct list list = {facts, 0};
    if (!m->samples) return 0;
    add(&list, USABLE, m->usable_permille, 1000);
    add(&list, USABLE_S, m->usable_s, HOUR_S);
    add(&list, TOCO_USABLE, m->toco_usable, 1);
    bool classed = m->adequate && m->baseline_x10 != JZ_CTG_UNKNOWN;
    if (classed) {
        add_rate(&list, ctg, m);
        add(&list, ACCELERATIONS, (int32_t)ctg->derived.accelerations, COUNT_MAX);
        add(&list, CONTRACTION_RATE, m->contraction_rate_x10, RATE_MAX_X10);
        if (m->toco_usable) add(&list, HYPERTONUS, ctg->derived.hypertonus, 1);
        add_recurrence(&list, ctg);
    }
    add(&list, ONGOING_DECEL_S, ctg->derived.ongoing_s, HOUR_S);
    if (classed) {
        add(&list, LATE, (int32_t)ctg->derived.late, COUNT_MAX);
        add(&list, VARIABLE, (int32_t)ctg->derived.variable, COUNT_MAX);
        add_newest(&list, ctg);
    }
    add_antepartum(&list, ctg, m);
    return list.count;
}
