/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "work.h"

size_t jz_ctg_bytes(void) {
    return sizeof(struct jz_ctg);
}

void jz_ctg_begin(struct jz_ctg *ctg, uint32_t ga_days) {
    memset(ctg, 0, sizeof *ctg);
    ctg->ga_days = ga_days;
    ctg->start_x10 = ctg->carried_x10 = JZ_CTG_UNKNOWN;
}

static void analyse(struct jz_ctg *ctg) {
    ctg_condition(ctg);
    ctg_contractions(ctg);
    ctg_smooth(ctg);
    ctg_baseline(ctg);
    ctg_excursions(ctg, 1);
    ctg_types(ctg);
    ctg_minutes(ctg);
    ctg->measured = ctg->length;
}

static void shift(int16_t *of, uint32_t by, uint32_t length) {
    memmove(of, of + by, (length - by) * sizeof *of);
}

/* Ten minutes at a time, whatever the size of the portions appended: what lasts is kept. */
static void let_go(struct jz_ctg *ctg) {
    uint32_t batch = CTG_BATCH_MINUTES * CTG_MINUTE;
    analyse(ctg);
    ctg_advance(ctg, ctg->past, 0, CTG_BATCH_MINUTES);
    ctg->start_x10 = ctg_first_baseline(ctg);
    ctg->carried_x10 = ctg->knot[CTG_BATCH_MINUTES];
    for (int c = 0; c < 2; c++) shift(ctg->raw[c], batch, ctg->length);
    shift(ctg->mother, batch, ctg->length);
    shift(ctg->toco, batch, ctg->length);
    ctg->first += batch;
    ctg->length -= batch;
}

void jz_ctg_append(struct jz_ctg *ctg, const struct jz_ctg_sample *samples, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (ctg->length == CTG_ROOM) let_go(ctg);
        uint32_t at = ctg->length++;
        ctg->raw[0][at] = samples[i].fhr_bpm_x10;
        ctg->raw[1][at] = samples[i].fhr2_bpm_x10;
        ctg->mother[at] = samples[i].mhr_bpm_x10;
        ctg->toco[at] = samples[i].toco_x10;
    }
}

/* Minutes kept beyond those that are shown. */
static uint32_t unseen_minutes(const struct jz_ctg *ctg) {
    return ctg->minutes > JZ_CTG_MINUTES_MAX ? ctg->minutes - JZ_CTG_MINUTES_MAX : 0;
}

/* The newest events of all lists, by start. */
static void merge_events(const struct jz_ctg *ctg, struct jz_ctg_measure *out) {
    uint32_t left[CTG_LISTS], total = 0;
    for (int l = 0; l < CTG_LISTS; l++) {
        left[l] = ctg->events[l].count;
        for (uint32_t i = 0; i < left[l]; i++) total += ctg->events[l].item[i].end > out->first;
    }
    out->event_count = ctg_min(total, JZ_CTG_EVENTS_MAX);
    for (uint32_t at = out->event_count; at-- > 0;) {
        int newest = -1;
        for (int l = 0; l < CTG_LISTS; l++)
            if (left[l] && (newest < 0 || ctg->events[l].item[left[l] - 1].start >
                                              ctg->events[newest].item[left[newest] - 1].start))
                newest = l;
        out->event[at] = ctg->events[newest].item[--left[newest]];
    }
}

static int32_t median_variability(const struct jz_ctg *ctg) {
    int32_t value[CTG_DECISION / CTG_MINUTE];
    uint32_t count = 0,
             from = ctg->minutes > CTG_DECISION / CTG_MINUTE ? ctg->minutes - CTG_DECISION / CTG_MINUTE : 0;
    for (uint32_t m = from; m < ctg->minutes; m++) {
        int32_t v = ctg->minute[m].variability_x10;
        if (v == JZ_CTG_UNKNOWN) continue;
        uint32_t at = count++;
        for (; at > 0 && value[at - 1] > v; at--) value[at] = value[at - 1];
        value[at] = v;
    }
    if (!count) return JZ_CTG_UNKNOWN;
    return (value[(count - 1) / 2] + value[count / 2]) / 2;
}

static void measure_use(const struct jz_ctg *ctg, struct jz_ctg_measure *out) {
    uint32_t span = ctg_min(ctg->length, CTG_DECISION), read = 0;
    for (uint32_t i = ctg->length - span; i < ctg->length; i++) {
        read += (ctg->flags[i] & CTG_READ) != 0;
        if (ctg->flags[i] & CTG_MATERNAL) out->maternal_pickup = true;
    }
    out->usable_s = (int32_t)(read / CTG_SECOND);
    out->usable_permille = span ? (int32_t)(1000u * read / span) : JZ_CTG_UNKNOWN;
    out->adequate = 2u * read >= span && read >= CTG_WINDOW_MINUTES * CTG_MINUTE;
    out->toco_usable = ctg->toco_usable;
}

/* A ten minutes x 10, over the curve that lives. */
static int32_t contraction_rate(const struct jz_ctg *ctg) {
    const struct ctg_events *k = &ctg->events[CTG_CONTRACTIONS];
    uint32_t now = ctg->first + ctg->length, count = 0;
    if (!ctg->toco_usable) return JZ_CTG_UNKNOWN;
    for (uint32_t i = 0; i < k->count; i++) count += k->item[i].peak + CTG_DECISION >= now;
    return (int32_t)((count * 10u * 10u * CTG_MINUTE + ctg->toco_alive / 2) / ctg->toco_alive);
}

void jz_ctg_measure(struct jz_ctg *ctg, struct jz_ctg_measure *out) {
    analyse(ctg);
    ctg_states(ctg);
    ctg_dawes(ctg);
    uint32_t skip = unseen_minutes(ctg);
    memset(out, 0, sizeof *out);
    out->samples = ctg->first + ctg->length;
    out->first = ctg->first + skip * CTG_MINUTE;
    out->minute_count = ctg->minutes - skip;
    memcpy(out->minute, ctg->minute + skip, out->minute_count * sizeof out->minute[0]);
    merge_events(ctg, out);
    measure_use(ctg, out);
    out->baseline_x10 = ctg->minutes ? ctg->knot[ctg->minutes] : JZ_CTG_UNKNOWN;
    out->baseline_start_x10 = ctg->minutes ? ctg_first_baseline(ctg) : JZ_CTG_UNKNOWN;
    out->variability_x10 = median_variability(ctg);
    out->stv_ms_x100 = ctg_stv(ctg);
    out->contraction_rate_x10 = contraction_rate(ctg);
}

uint32_t jz_ctg_curves(const struct jz_ctg *ctg, int16_t *fhr_x10, int16_t *baseline_x10) {
    uint32_t from = unseen_minutes(ctg) * CTG_MINUTE, count = ctg->measured - from;
    memcpy(fhr_x10, ctg->rate + from, count * sizeof *fhr_x10);
    memcpy(baseline_x10, ctg->level + from, count * sizeof *baseline_x10);
    return count;
}
