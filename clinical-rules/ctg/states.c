/* SPDX-License-Identifier: Apache-2.0 */
/* How long a state has lasted, and how often decelerations recur (clinical-obstetric 9.4, 9.5, 10, 12). */
#include "work.h"

/* A state is unknown once nothing was known of it for the window of a baseline. */
#define UNKNOWN_AFTER (CTG_WINDOW_MINUTES * CTG_MINUTE)
/* Variability is below or above when it is in most of five minutes: one minute with an odd beat is no break. */
#define MOST_OF 5u
#define LOW_VARIABILITY_X10 50
#define HIGH_VARIABILITY_X10 250

enum known { NO, YES, UNKNOWN };

static enum known baseline_is(const struct jz_ctg *ctg, uint32_t m, enum ctg_state state) {
    int32_t value = ctg->minute[m].baseline_x10;
    if (value == JZ_CTG_UNKNOWN || (ctg->knot_carried[m] && ctg->knot_carried[m + 1])) return UNKNOWN;
    return (state == CTG_BELOW_110 ? value < CTG_LOW_X10 : value > CTG_HIGH_X10) ? YES : NO;
}

static enum known variability_is(const struct jz_ctg *ctg, uint32_t m, enum ctg_state state) {
    uint32_t from = ctg_window_from(m, MOST_OF, ctg->minutes), known = 0, off = 0;
    if (ctg->minute[m].variability_x10 == JZ_CTG_UNKNOWN) return UNKNOWN;
    for (uint32_t i = from; i < ctg_min(from + MOST_OF, ctg->minutes); i++) {
        int32_t value = ctg->minute[i].variability_x10;
        if (value == JZ_CTG_UNKNOWN) continue;
        known++;
        off += state == CTG_LOW_VARIABILITY ? value < LOW_VARIABILITY_X10 : value > HIGH_VARIABILITY_X10;
    }
    return 2u * off > known ? YES : NO;
}

static enum known is_now(const struct jz_ctg *ctg, uint32_t m, enum ctg_state state) {
    if (state == CTG_BELOW_110 || state == CTG_ABOVE_160) return baseline_is(ctg, m, state);
    if (state != CTG_SINUSOIDAL) return variability_is(ctg, m, state);
    if (ctg->minute[m].sinusoidal) return YES;
    return 2u * ctg->read[m] >= ctg_minute_end(ctg, m) - m * CTG_MINUTE ? NO : UNKNOWN;
}

static void step_state(struct ctg_span *s, enum known now, uint32_t start, uint32_t end) {
    if (now == UNKNOWN) return;
    if (now == YES && (!s->holds || start > s->seen + UNKNOWN_AFTER)) s->since = start;
    s->holds = now == YES;
    s->seen = end;
}

/* --- chains of decelerations -------------------------------------------------------------------------- */

static bool is_fall(const struct jz_ctg_event *e) {
    return e->kind != 0;
}
static bool is_late(const struct jz_ctg_event *e) {
    return e->kind == JZ_CTG_LATE || e->kind == JZ_CTG_UNIFORM;
}
static bool is_variable(const struct jz_ctg_event *e) {
    return e->kind == JZ_CTG_VARIABLE;
}
static bool is_concerning(const struct jz_ctg_event *e) {
    return e->concerning;
}
static bool is_late_or_prolonged(const struct jz_ctg_event *e) {
    return is_late(e) || e->prolonged;
}

typedef bool of_kind(const struct jz_ctg_event *e);
static of_kind *const chain_kind[CTG_STATES] = {
    [CTG_LATE_CHAIN] = is_late, [CTG_VARIABLE_CHAIN] = is_variable, [CTG_CONCERNING_CHAIN] = is_concerning};

static void step_chains(const struct jz_ctg *ctg, struct ctg_span span[CTG_STATES], uint32_t start,
                        uint32_t end) {
    const struct ctg_events *falls = &ctg->events[CTG_DECELERATIONS];
    for (uint32_t d = 0; d < falls->count; d++) {
        const struct jz_ctg_event *e = &falls->item[d];
        if (e->start < start) continue;
        if (e->start >= end) break;
        for (int s = CTG_LATE_CHAIN; s <= CTG_CONCERNING_CHAIN; s++) {
            if (!chain_kind[s](e)) continue;
            if (!span[s].holds || e->start > span[s].seen + CTG_RECURRENCE) span[s].since = e->start;
            span[s].holds = true;
            span[s].seen = e->end;
        }
    }
}

/* Contractions of the 20 min up to `now` and those of them with a deceleration of the kind; where no contraction is
 * seen each deceleration counts (9.6). */
static uint32_t with_contractions(const struct jz_ctg *ctg, uint32_t now, uint32_t contractions,
                                  of_kind *kind) {
    const struct ctg_events *falls = &ctg->events[CTG_DECELERATIONS], *k = &ctg->events[CTG_CONTRACTIONS];
    uint32_t from = now > CTG_RECURRENCE ? now - CTG_RECURRENCE : 0, count = 0;
    uint32_t last = CTG_NO_CONTRACTION;
    for (uint32_t d = 0; d < falls->count && falls->item[d].start < now; d++) {
        const struct jz_ctg_event *e = &falls->item[d];
        uint32_t c = ctg->contraction_of[d];
        if (!kind(e)) continue;
        if (!contractions) {
            count += e->end > from;
        } else if (c != CTG_NO_CONTRACTION && c != last && k->item[c].peak >= from && k->item[c].peak < now) {
            count++;
            last = c;
        }
    }
    return count;
}

static uint32_t contractions_up_to(const struct jz_ctg *ctg, uint32_t now) {
    const struct ctg_events *k = &ctg->events[CTG_CONTRACTIONS];
    uint32_t from = now > CTG_RECURRENCE ? now - CTG_RECURRENCE : 0, count = 0;
    for (uint32_t c = 0; c < k->count; c++) count += k->item[c].peak >= from && k->item[c].peak < now;
    return count;
}

/* Late or prolonged ones with over half: from the first of them in the 20 min in which this became so. A curve that is not
 * usable may still show a rise here and there; that is no contraction to count by. */
static void step_over_half(const struct jz_ctg *ctg, struct ctg_span *s, uint32_t now) {
    const struct ctg_events *falls = &ctg->events[CTG_DECELERATIONS];
    uint32_t contractions = ctg->toco_usable ? contractions_up_to(ctg, now) : 0;
    uint32_t count = with_contractions(ctg, now, contractions, is_late_or_prolonged);
    bool over_half = 2u * count > contractions;
    bool cut_short = ctg->first && now - ctg->first < CTG_RECURRENCE;
    if (!over_half) {
        if (!cut_short) s->holds = false;
        return;
    }
    uint32_t from = now > CTG_RECURRENCE ? now - CTG_RECURRENCE : 0;
    for (uint32_t d = 0; d < falls->count && falls->item[d].start < now; d++) {
        const struct jz_ctg_event *e = &falls->item[d];
        if (!is_late_or_prolonged(e) || e->end <= from) continue;
        if (!s->holds) s->since = e->start;
        s->holds = true;
        s->seen = e->end;
    }
}

void ctg_advance(const struct jz_ctg *ctg, struct ctg_span span[CTG_STATES], uint32_t from, uint32_t to) {
    for (uint32_t m = from; m < to; m++) {
        uint32_t start = ctg->first + m * CTG_MINUTE, end = ctg->first + ctg_minute_end(ctg, m);
        for (int s = CTG_BELOW_110; s <= CTG_SINUSOIDAL; s++)
            step_state(&span[s], is_now(ctg, m, (enum ctg_state)s), start, end);
        step_chains(ctg, span, start, end);
        step_over_half(ctg, &span[CTG_LATE_OR_PROLONGED], end);
    }
}

/* --- as they stand now -------------------------------------------------------------------------------- */

static void measure_spans(struct jz_ctg *ctg, const struct ctg_span span[CTG_STATES], uint32_t now) {
    for (int s = 0; s < CTG_STATES; s++) {
        int32_t *out = &ctg->derived.state_s[s];
        bool chain = s >= CTG_LATE_CHAIN;
        *out = 0;
        if (chain && span[s].holds && now <= span[s].seen + CTG_RECURRENCE)
            *out = (int32_t)((span[s].seen - span[s].since) / CTG_SECOND);
        if (!chain && now > span[s].seen + UNKNOWN_AFTER)
            *out = JZ_CTG_UNKNOWN;
        else if (!chain && span[s].holds)
            *out = (int32_t)((now - span[s].since) / CTG_SECOND);
    }
}

static void count_recurrence(struct jz_ctg *ctg, uint32_t now) {
    uint32_t contractions = ctg->toco_usable ? contractions_up_to(ctg, now) : 0;
    ctg->derived.recurrence =
        (struct ctg_recurrence){.contractions = contractions,
                                .any = with_contractions(ctg, now, contractions, is_fall),
                                .late = with_contractions(ctg, now, contractions, is_late),
                                .variable = with_contractions(ctg, now, contractions, is_variable),
                                .concerning = with_contractions(ctg, now, contractions, is_concerning)};
}

/* A loss of half a minute with the rate down before and after it does not end it (DEC). */
#define UNSEEN (30u * CTG_SECOND)

/* Between the end of a deceleration and `next` there is nothing but a short loss. */
static bool goes_on_over_loss(const struct jz_ctg *ctg, const struct jz_ctg_event *fall, uint32_t next) {
    return next - fall->end <= UNSEEN && !ctg->rate[fall->end - ctg->first] &&
           !ctg->rate[next - 1 - ctg->first];
}

static void count_events(struct jz_ctg *ctg, uint32_t now) {
    struct ctg_derived *d = &ctg->derived;
    uint32_t from = now > CTG_DECISION ? now - CTG_DECISION : 0, longest = 0;
    uint32_t start = 0; /* of the deceleration that an event is the end of */
    int32_t flat = 0;
    const struct ctg_events *rises = &ctg->events[CTG_ACCELERATIONS],
                            *falls = &ctg->events[CTG_DECELERATIONS];
    for (uint32_t i = 0; i < rises->count; i++) d->accelerations += rises->item[i].end > from;
    for (uint32_t i = 0; i < falls->count; i++) {
        const struct jz_ctg_event *e = &falls->item[i];
        if (!i || !goes_on_over_loss(ctg, e - 1, e->start)) start = e->start;
        if (e->end <= from) continue;
        d->late += is_late(e);
        d->variable += is_variable(e);
        longest = ctg_max(longest, e->end - start);
        int32_t stretch = ctg_flat_stretch(ctg, e->start - ctg->first, e->end - ctg->first);
        if (stretch > flat) flat = stretch;
    }
    d->longest_s = (int32_t)(longest / CTG_SECOND);
    d->flat_s = flat / (int32_t)CTG_SECOND;
}

/* --- still going on ----------------------------------------------------------------------------------- */

#define NOW (15u * CTG_SECOND) /* the present: as long as a gap that is bridged */
#define BRADYCARDIA_X10 1000   /* from the start: what every system calls pathological (10, 12) */

#define DOWN_X10 75 /* half of an excursion's height, as of the edges of events */

/* After a short loss the rate is down again, and has been for less than an event of its own takes. */
static bool still_down(const struct jz_ctg *ctg, const struct jz_ctg_event *fall) {
    uint32_t lost = fall->end - ctg->first, i = lost;
    while (i < ctg->length && !ctg->rate[i]) i++;
    if (i == lost || i == ctg->length || i - lost > UNSEEN) return false;
    for (; i < ctg->length; i++)
        if (ctg->rate[i] && ctg->smooth[i] + DOWN_X10 > ctg->level[i]) return false;
    return true;
}

/* Start of the deceleration under way, back over short losses; false: none. */
static bool under_way(const struct jz_ctg *ctg, uint32_t *start) {
    const struct ctg_events *falls = &ctg->events[CTG_DECELERATIONS];
    const struct jz_ctg_event *last = falls->count ? &falls->item[falls->count - 1] : NULL;
    if (!last || (!last->ongoing && !still_down(ctg, last))) return false;
    *start = last->start;
    for (uint32_t d = falls->count - 1; d-- > 0;) {
        const struct jz_ctg_event *e = &falls->item[d];
        if (!goes_on_over_loss(ctg, e, *start)) break;
        *start = e->start;
    }
    return true;
}

/* Mean rate of the present; 0: not read. */
static int32_t present_rate(const struct jz_ctg *ctg) {
    int32_t sum = 0, count = 0;
    for (uint32_t i = ctg->length > NOW ? ctg->length - NOW : 0; i < ctg->length; i++)
        if (ctg->rate[i]) {
            sum += ctg->rate[i];
            count++;
        }
    return count ? sum / count : 0;
}

/* Bradycardia is below 110 for ten minutes, not from the start; below 100 it does not wait, as a record that begins there
 * has no baseline to fall from. */
static bool is_bradycardia(const struct jz_ctg *ctg) {
    int32_t level = ctg->knot[ctg->minutes], below = ctg->derived.state_s[CTG_BELOW_110],
            rate = present_rate(ctg);
    if (!rate || rate >= CTG_LOW_X10 || below == JZ_CTG_UNKNOWN || level == JZ_CTG_UNKNOWN) return false;
    bool lasts = below >= (int32_t)(CTG_CHANGE_MINUTES * 60u);
    return level < BRADYCARDIA_X10 || (lasts && ctg_first_baseline(ctg) >= CTG_LOW_X10);
}

/* A deceleration that goes on is as long as it has been so far: with what came before a short loss. */
static void measure_ongoing(struct jz_ctg *ctg, uint32_t now) {
    struct ctg_derived *d = &ctg->derived;
    uint32_t start = now;
    bool fallen = under_way(ctg, &start), slow = is_bradycardia(ctg);
    int32_t seconds = (int32_t)((now - start) / CTG_SECOND), below = d->state_s[CTG_BELOW_110];
    bool known = present_rate(ctg) && ctg->knot[ctg->minutes] != JZ_CTG_UNKNOWN;
    if (fallen && seconds > d->longest_s) d->longest_s = seconds;
    d->ongoing_s = fallen || known ? seconds : JZ_CTG_UNKNOWN;
    if (slow && below > d->ongoing_s) d->ongoing_s = below;
}

int32_t ctg_first_baseline(const struct jz_ctg *ctg) {
    if (ctg->start_x10 != JZ_CTG_UNKNOWN) return ctg->start_x10;
    for (uint32_t k = 0; k <= ctg->minutes; k++)
        if (!ctg->knot_carried[k] && ctg->knot[k] != JZ_CTG_UNKNOWN) return ctg->knot[k];
    return JZ_CTG_UNKNOWN;
}

void ctg_states(struct jz_ctg *ctg) {
    struct ctg_span span[CTG_STATES];
    uint32_t now = ctg->first + ctg->length;
    for (int s = 0; s < CTG_STATES; s++) span[s] = ctg->past[s];
    ctg->derived = (struct ctg_derived){0};
    ctg_advance(ctg, span, 0, ctg->minutes);
    measure_spans(ctg, span, now);
    count_recurrence(ctg, now);
    count_events(ctg, now);
    ctg->derived.ongoing_s = JZ_CTG_UNKNOWN;
    if (ctg->minutes) measure_ongoing(ctg, now);
    ctg->derived.hypertonus = ctg->longest_rise ? 1 : 0;
}
