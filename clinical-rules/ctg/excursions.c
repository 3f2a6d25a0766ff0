/* SPDX-License-Identifier: Apache-2.0 */
/* Accelerations and decelerations (clinical-obstetric 9.4): excursions of 15 bpm or more for 15 s or more, from the
 * crossing of the baseline to the crossing back. */
#include <string.h>

#include "work.h"

#define HEIGHT_X10 150
#define LENGTH (15u * CTG_SECOND)
#define EARLY_DAYS (32u * 7u) /* before 32 weeks an acceleration is 10 bpm for 10 s */
#define EARLY_HEIGHT_X10 100
#define EARLY_LENGTH (10u * CTG_SECOND)
/* Back at the baseline for this long, so that the beat-to-beat variation of a rate on its way does not end an excursion:
 * a second, as variability is that of means of one second. */
#define BACK_FOR CTG_SECOND
/* A rate that stays less than half of an event's height away for as long as an event lasts is not part of one: the
 * baseline is not known well enough to call it fallen or risen. There the edge is where it comes within half. */
#define PROLONGED (120u * CTG_SECOND)

struct excursion {
    bool open;
    bool far; /* has been half of the height away */
    uint32_t start, peak;
    uint32_t back; /* first sample of the stretch at the baseline under way; 0: none */
    uint32_t near; /* of the stretch within half of the height */
    int32_t height;
};

static void order(int16_t *low, int16_t *high) {
    int16_t a = *low, b = *high;
    *low = a < b ? a : b;
    *high = a < b ? b : a;
}

static int16_t median5(const int16_t *v) {
    int16_t a = v[0], b = v[1], c = v[2], d = v[3], e = v[4];
    order(&a, &b);
    order(&d, &e);
    order(&a, &d); /* a: no more than three others */
    order(&b, &e); /* e: no less than three others */
    order(&b, &c);
    order(&c, &d);
    order(&b, &c);
    return c;
}

/* A median of 1.25 s takes single odd beats and keeps edges where they are. */
void ctg_smooth(struct jz_ctg *ctg) {
    const int16_t *r = ctg->rate;
    for (uint32_t i = 0; i < ctg->length; i++) {
        bool inside = i >= 2 && i + 2 < ctg->length && r[i - 2] && r[i - 1] && r[i + 1] && r[i + 2];
        ctg->smooth[i] = r[i] && inside ? median5(r + i - 2) : r[i];
    }
}

void ctg_keep_event(struct ctg_events *events, struct jz_ctg_event event) {
    if (events->count == JZ_CTG_EVENTS_MAX) {
        memmove(events->item, events->item + 1, (JZ_CTG_EVENTS_MAX - 1) * sizeof events->item[0]);
        events->count--;
    }
    events->item[events->count++] = event;
}

struct bounds {
    int32_t sign, height;
    uint32_t length;
    uint8_t flag;
};

static void close_excursion(struct jz_ctg *ctg, const struct bounds *b, struct excursion *x, uint32_t end,
                            bool ongoing) {
    x->open = false;
    if (x->height < b->height || end - x->start < b->length) return;
    for (uint32_t i = x->start; i < end; i++) ctg->flags[i] |= b->flag;
    struct jz_ctg_event event = {.start = ctg->first + x->start,
                                 .peak = ctg->first + x->peak,
                                 .end = ctg->first + end,
                                 .height_x10 = x->height,
                                 .kind = b->sign > 0 ? JZ_CTG_ACCELERATION : JZ_CTG_UNIFORM,
                                 .ongoing = ongoing,
                                 .prolonged = end - x->start >= PROLONGED,
                                 .lag = JZ_CTG_UNKNOWN};
    ctg_keep_event(&ctg->events[b->sign > 0 ? CTG_ACCELERATIONS : CTG_DECELERATIONS], event);
}

static void go_away(const struct bounds *b, struct excursion *x, uint32_t i, int32_t away) {
    if (!x->open) *x = (struct excursion){.open = true, .start = i, .peak = i, .near = i, .height = away};
    if (2 * away >= b->height) {
        if (!x->far && i - x->start >= b->length) x->start = x->peak = i;
        if (!x->far) x->height = away;
        x->far = true;
        x->near = i + 1;
    }
    if (away > x->height) {
        x->height = away;
        x->peak = i;
    }
    x->back = 0;
}

static void step(struct jz_ctg *ctg, const struct bounds *b, struct excursion *x, uint32_t i) {
    int32_t away = b->sign * (ctg->smooth[i] - ctg->level[i]);
    if (away > 0) {
        go_away(b, x, i, away);
        if (!x->far || i + 1 - x->near < b->length) return;
        close_excursion(ctg, b, x, x->near, false);
        *x = (struct excursion){
            .open = true, .start = x->near, .peak = x->near, .near = x->near, .height = away};
    } else if (x->open) {
        if (!x->back) x->back = i;
        if (i + 1 - x->back >= BACK_FOR) close_excursion(ctg, b, x, x->back, false);
    }
}

static void find(struct jz_ctg *ctg, const struct bounds *b) {
    struct excursion x = {0};
    uint32_t i = 0, last = 0; /* last: one past the newest sample with a rate */
    for (; i < ctg->length; i++) {
        if (ctg->smooth[i] && ctg->level[i]) {
            step(ctg, b, &x, i);
            last = i + 1;
        } else if (x.open && i - last >= CTG_BRIDGE) {
            close_excursion(ctg, b, &x, x.back ? x.back : last, false);
        }
    }
    if (x.open) close_excursion(ctg, b, &x, x.back ? x.back : last, !x.back);
}

void ctg_excursions(struct jz_ctg *ctg, uint32_t part) {
    bool early = ctg->ga_days && ctg->ga_days < EARLY_DAYS;
    struct bounds up = {1, (early ? EARLY_HEIGHT_X10 : HEIGHT_X10) / (int32_t)part,
                        (early ? EARLY_LENGTH : LENGTH) / part, CTG_RISEN};
    struct bounds down = {-1, HEIGHT_X10 / (int32_t)part, LENGTH / part, CTG_FALLEN};
    for (uint32_t i = 0; i < ctg->length; i++) ctg->flags[i] &= (uint8_t) ~(CTG_RISEN | CTG_FALLEN);
    for (int list = CTG_ACCELERATIONS; list <= CTG_DECELERATIONS; list++) ctg->events[list].count = 0;
    find(ctg, &up);
    find(ctg, &down);
}
