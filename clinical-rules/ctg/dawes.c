/* SPDX-License-Identifier: Apache-2.0 */
/* What the antepartum criteria of Dawes and Redman ask of a record (clinical-obstetric 9.7), but for what needs the
 * tables of centiles for gestation, which the source does not give. */
#include "work.h"

#define LEAST_MINUTES 10u /* a record is analysed from here on */
#define BASAL_LOW_X10 1100
#define BASAL_HIGH_X10 1600
#define DAYS_30 210u
#define BASAL_EARLY_X10 1160

/* Area below the baseline in bpm x minutes, x 10. */
static int32_t lost_beats(const struct jz_ctg *ctg, const struct jz_ctg_event *fall) {
    int32_t area = 0;
    for (uint32_t i = fall->start - ctg->first; i < fall->end - ctg->first; i++)
        if (ctg->rate[i] && ctg->level[i] > ctg->rate[i]) area += ctg->level[i] - ctg->rate[i];
    return area / (int32_t)CTG_MINUTE;
}

static bool sinusoidal_for_a_record(const struct jz_ctg *ctg) {
    uint32_t run = 0;
    for (uint32_t m = 0; m < ctg->minutes; m++) {
        run = ctg->minute[m].sinusoidal ? run + 1 : 0;
        if (run >= LEAST_MINUTES) return true;
    }
    return false;
}

static bool ends_badly(const struct jz_ctg *ctg) {
    int32_t level = ctg->knot[ctg->minutes];
    bool early = ctg->ga_days && ctg->ga_days < DAYS_30;
    return level == JZ_CTG_UNKNOWN || level < (early ? BASAL_EARLY_X10 : BASAL_LOW_X10) ||
           level > BASAL_HIGH_X10 || ctg->minute[ctg->minutes - 1].usable_pct < 50;
}

void ctg_dawes(struct jz_ctg *ctg) {
    struct ctg_dawes *d = &ctg->derived.dawes;
    uint32_t read = 0, known = 0, sum = 0;
    for (uint32_t m = 0; m < ctg->minutes; m++) {
        read += ctg->read[m];
        if (ctg->knot_carried[m]) continue;
        known++;
        sum += (uint32_t)ctg->knot[m];
    }
    *d = (struct ctg_dawes){.baseline_x10 = known ? (int32_t)((sum + known / 2) / known) : JZ_CTG_UNKNOWN,
                            .sinusoidal = sinusoidal_for_a_record(ctg),
                            .accelerations = ctg->events[CTG_ACCELERATIONS].count};
    if (!ctg->length) return;
    d->usable_permille = (int32_t)(1000u * read / ctg->length);
    d->end_error = ends_badly(ctg);
    const struct ctg_events *falls = &ctg->events[CTG_DECELERATIONS];
    for (uint32_t i = 0; i < falls->count; i++) {
        int32_t lost = lost_beats(ctg, &falls->item[i]);
        if (lost > d->lost_beats_x10) d->lost_beats_x10 = lost;
    }
}
