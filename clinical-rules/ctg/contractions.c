/* SPDX-License-Identifier: Apache-2.0 */
/* Contractions (clinical-obstetric 9.6): rises of 10 units or more above the 20th percentile of ten minutes that last
 * 30 to 180 s, peaks 60 s apart or more.
 *
 * A rise that lasts longer is split at its valleys of 10 units or more, as contractions close together do not come back
 * to rest. What is left longer than 180 s is no contraction: a raised tone, or a belt that slipped. */
#include <string.h>

#include "work.h"

#define RISE_X10 100
#define SHORTEST (30u * CTG_SECOND)
#define LONGEST (180u * CTG_SECOND)
#define APART (60u * CTG_SECOND)
#define REST_PERCENT 20u
#define SMOOTH (4u * CTG_SECOND) /* breathing and movement; short beside a contraction */
/* A curve that stays within a unit for so long is not connected, at its stop, or cut off: breathing alone moves it. */
#define STILL (2u * CTG_MINUTE)
#define STILL_X10 10
#define LEAST_MINUTES 10u /* of curve, to tell contractions: the window of 9.6 */

static bool recorded(const struct jz_ctg *ctg, uint32_t i) {
    return ctg->toco[i] != JZ_CTG_NO_TOCO;
}

/* smooth[] becomes the curve, from 0; -1 where it was not recorded. */
static void smooth_toco(struct jz_ctg *ctg) {
    int32_t sum = 0, count = 0, half = SMOOTH / 2;
    int32_t n = (int32_t)ctg->length;
    for (int32_t i = -half; i < n; i++) {
        int32_t in = i + half, out = i - half - 1;
        if (in < n && recorded(ctg, (uint32_t)in)) {
            sum += ctg->toco[in];
            count++;
        }
        if (out >= 0 && recorded(ctg, (uint32_t)out)) {
            sum -= ctg->toco[out];
            count--;
        }
        if (i < 0) continue;
        int32_t mean = count ? (sum + count / 2) / count : 0;
        if (mean >= CTG_TOCO_TOP) mean = CTG_TOCO_TOP - 1;
        if (mean < 0) mean = 0;
        ctg->smooth[i] = (int16_t)(recorded(ctg, (uint32_t)i) ? mean : -1);
    }
}

/* A stretch that stays within a unit: short enough, it is a curve at rest. */
struct stretch {
    bool open;
    uint32_t start;
    int32_t low, high;
};

static void end_stretch(struct jz_ctg *ctg, struct stretch *s, uint32_t end, uint32_t window) {
    bool lives = s->open && end - s->start < STILL;
    s->open = false;
    if (!lives) return;
    if (end > window) ctg->toco_alive += end - ctg_max(s->start, window);
    for (uint32_t i = s->start, next; i < end; i = next) {
        next = ctg_min(ctg_minute_end(ctg, i / CTG_MINUTE), end);
        ctg->alive[i / CTG_MINUTE] += (uint16_t)(next - i);
    }
}

static bool is_usable(uint32_t alive, uint32_t span) {
    return 2u * alive >= span && alive >= LEAST_MINUTES * CTG_MINUTE;
}

bool ctg_toco_at(const struct jz_ctg *ctg, uint32_t index) {
    uint32_t span = CTG_DECISION / CTG_MINUTE, alive = 0;
    uint32_t from = ctg_window_from(index / CTG_MINUTE, span, ctg->minutes);
    uint32_t to = ctg_min(from + span, ctg->minutes);
    for (uint32_t m = from; m < to; m++) alive += ctg->alive[m];
    return is_usable(alive, ctg_min(to * CTG_MINUTE, ctg->length) - from * CTG_MINUTE);
}

/* Samples of the decision window in which the curve is recorded and moves. */
static void count_alive(struct jz_ctg *ctg) {
    uint32_t window = ctg->length > CTG_DECISION ? ctg->length - CTG_DECISION : 0;
    struct stretch s = {0};
    ctg->toco_alive = 0;
    memset(ctg->alive, 0, sizeof ctg->alive);
    for (uint32_t i = 0; i < ctg->length; i++) {
        int32_t v = ctg->toco[i];
        if (s.open && recorded(ctg, i) && v >= s.high - STILL_X10 && v <= s.low + STILL_X10) {
            if (v < s.low) s.low = v;
            if (v > s.high) s.high = v;
            continue;
        }
        end_stretch(ctg, &s, i, window);
        if (recorded(ctg, i)) s = (struct stretch){.open = true, .start = i, .low = v, .high = v};
    }
    end_stretch(ctg, &s, ctg->length, window);
    ctg->toco_usable = is_usable(ctg->toco_alive, ctg->length - window);
}

struct rest {
    uint32_t from, to, total;
};

static void slide(struct jz_ctg *ctg, struct rest *r, uint32_t from, uint32_t to) {
    uint16_t *count = ctg->scratch.toco;
    for (; r->to < to; r->to++)
        for (uint32_t i = r->to * CTG_MINUTE; i < ctg_minute_end(ctg, r->to); i++)
            if (ctg->smooth[i] >= 0) {
                count[ctg->smooth[i]]++;
                r->total++;
            }
    for (; r->from < from; r->from++)
        for (uint32_t i = r->from * CTG_MINUTE; i < ctg_minute_end(ctg, r->from); i++)
            if (ctg->smooth[i] >= 0) {
                count[ctg->smooth[i]]--;
                r->total--;
            }
}

static int32_t resting_level(const struct jz_ctg *ctg, uint32_t total) {
    uint32_t below = 0;
    int32_t level = 0;
    for (; level < CTG_TOCO_TOP - 1; level++) {
        below += ctg->scratch.toco[level];
        if (100u * below >= REST_PERCENT * total) break;
    }
    return level;
}

static void keep_contraction(struct jz_ctg *ctg, uint32_t start, uint32_t end, int32_t rest, bool ongoing) {
    struct ctg_events *list = &ctg->events[CTG_CONTRACTIONS];
    uint32_t peak = start;
    for (uint32_t i = start; i < end; i++)
        if (ctg->smooth[i] > ctg->smooth[peak]) peak = i;
    int32_t height = ctg->smooth[peak] - rest;
    struct jz_ctg_event *last = list->count ? &list->item[list->count - 1] : NULL;
    if (last && ctg->first + peak - last->peak < APART) {
        last->end = ctg->first + end;
        last->ongoing = ongoing;
        if (height > last->height_x10) {
            last->peak = ctg->first + peak;
            last->height_x10 = height;
        }
        return;
    }
    ctg_keep_event(list, (struct jz_ctg_event){.start = ctg->first + start,
                                               .peak = ctg->first + peak,
                                               .end = ctg->first + end,
                                               .height_x10 = height,
                                               .kind = JZ_CTG_CONTRACTION,
                                               .ongoing = ongoing,
                                               .prolonged = end - start >= 2 * CTG_MINUTE,
                                               .lag = JZ_CTG_UNKNOWN});
}

static void keep_part(struct jz_ctg *ctg, uint32_t start, uint32_t end, int32_t rest, bool ongoing) {
    uint32_t window = ctg->length > CTG_DECISION ? ctg->length - CTG_DECISION : 0;
    if (end - start > LONGEST && end > window && end - start > ctg->longest_rise)
        ctg->longest_rise = end - start;
    if (end - start >= SHORTEST && end - start <= LONGEST) keep_contraction(ctg, start, end, rest, ongoing);
}

/* Parts between valleys that are RISE below the peaks on both sides. */
static void split(struct jz_ctg *ctg, uint32_t start, uint32_t end, int32_t rest, bool ongoing) {
    const int16_t *v = ctg->smooth;
    uint32_t part = start, high = start, low = start;
    bool falling = false;
    for (uint32_t i = start; i < end; i++) {
        if (!falling) {
            if (v[i] > v[high]) high = i;
            if (v[high] - v[i] >= RISE_X10) {
                falling = true;
                low = i;
            }
        } else {
            if (v[i] < v[low]) low = i;
            if (v[i] - v[low] >= RISE_X10) {
                keep_part(ctg, part, low, rest, false);
                part = low;
                high = i;
                falling = false;
            }
        }
    }
    keep_part(ctg, part, end, rest, ongoing);
}

static void keep_rise(struct jz_ctg *ctg, uint32_t start, uint32_t end, int32_t rest, bool ongoing) {
    if (end - start <= LONGEST)
        keep_part(ctg, start, end, rest, ongoing);
    else
        split(ctg, start, end, rest, ongoing);
}

static void find_rises(struct jz_ctg *ctg) {
    struct rest r = {0};
    uint32_t start = 0;
    int32_t rest = 0;
    bool up = false;
    memset(ctg->scratch.toco, 0, sizeof ctg->scratch.toco);
    for (uint32_t m = 0; m < ctg->minutes; m++) {
        uint32_t from = ctg_window_from(m, CTG_WINDOW_MINUTES, ctg->minutes);
        slide(ctg, &r, from, ctg_min(from + CTG_WINDOW_MINUTES, ctg->minutes));
        int32_t now = resting_level(ctg, r.total);
        for (uint32_t i = m * CTG_MINUTE; i < ctg_minute_end(ctg, m); i++) {
            bool above = ctg->smooth[i] >= now + RISE_X10;
            if (above && !up) {
                start = i;
                rest = now;
            }
            if (up && !above) keep_rise(ctg, start, i, rest, false);
            up = above;
        }
    }
    if (up) keep_rise(ctg, start, ctg->length, rest, true);
}

void ctg_contractions(struct jz_ctg *ctg) {
    ctg->events[CTG_CONTRACTIONS].count = 0;
    ctg->longest_rise = 0;
    smooth_toco(ctg);
    count_alive(ctg);
    find_rises(ctg);
}
