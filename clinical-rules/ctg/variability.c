/* SPDX-License-Identifier: Apache-2.0 */
/* Variability of each minute (clinical-obstetric 9.5), sinusoidal minutes (9.4) and short-term variation (9.7). */
#include "work.h"

#define LEAST_SECONDS 30u /* of baseline segment in a minute: half of it, as for its share of the baseline */
#define FLAT_X10 50       /* reduced: below 5 bpm */

/* Mean of the rates that are not `without`; 0: half of them or more are missing. */
static int32_t mean_of(const struct jz_ctg *ctg, uint32_t from, uint32_t span, uint8_t without) {
    int32_t sum = 0, count = 0;
    for (uint32_t i = from; i < ctg_min(from + span, ctg->length); i++)
        if (ctg->rate[i] && !(ctg->flags[i] & without)) {
            sum += ctg->rate[i];
            count++;
        }
    return 2 * count > (int32_t)span ? (sum + count / 2) / count : 0;
}

struct band {
    int32_t low, high;
    uint32_t count;
};

static void widen(struct band *b, int32_t value) {
    if (!b->count || value < b->low) b->low = value;
    if (!b->count || value > b->high) b->high = value;
    b->count++;
}

static int32_t variability_of(const struct jz_ctg *ctg, uint32_t m) {
    struct band b = {0};
    for (uint32_t i = m * CTG_MINUTE; i < ctg_minute_end(ctg, m); i += CTG_SECOND) {
        int32_t mean = mean_of(ctg, i, CTG_SECOND, CTG_RISEN | CTG_FALLEN);
        if (mean) widen(&b, mean);
    }
    return b.count >= LEAST_SECONDS ? b.high - b.low : JZ_CTG_UNKNOWN;
}

/* Longest stretch within [start, end) of which every minute varies by less than 5 bpm; samples, 0 or a minute and more. */
int32_t ctg_flat_stretch(const struct jz_ctg *ctg, uint32_t start, uint32_t end) {
    uint32_t longest = 0, flat_from = 0, flat_to = 0;
    for (uint32_t from = start; from + CTG_MINUTE <= end; from += CTG_SECOND) {
        struct band b = {0};
        for (uint32_t i = from; i < from + CTG_MINUTE; i += CTG_SECOND) {
            int32_t mean = mean_of(ctg, i, CTG_SECOND, 0);
            if (!mean) break;
            widen(&b, mean);
            if (b.high - b.low >= FLAT_X10) break;
        }
        if (b.count < CTG_MINUTE / CTG_SECOND || b.high - b.low >= FLAT_X10) continue;
        if (from > flat_to) flat_from = from;
        flat_to = from + CTG_MINUTE;
        if (flat_to - flat_from > longest) longest = flat_to - flat_from;
    }
    return (int32_t)longest;
}

/* --- sinusoidal --------------------------------------------------------------------------------------- */

/* Three minutes about the one in question, as means of two seconds: 9 to 15 waves of 3 to 5 a minute. */
#define SINE_MINUTES 3u
#define SINE_STEP (2u * CTG_SECOND)
#define SINE_POINTS (SINE_MINUTES * CTG_MINUTE / SINE_STEP)
#define SINE_FIT_PERCENT 80 /* of the variance in one wave: "smooth"; ordinary variation reaches half of it */
/* Peak to trough; 5 to 15 bpm is read either way, to each side or from peak to trough. */
#define SINE_LOW_X10 50
#define SINE_HIGH_X10 300

/* 2 cos(2 pi f / 30 points a minute) x 2^20 for f of 3 to 5 a minute in steps of a twelfth: a wave between two steps
 * still has 95 % of its variance in the nearer. */
#define SINE_Q 1048576
static const int32_t twice_cosine[25] = {1696632, 1674860, 1652578, 1629793, 1606512, 1582741, 1558488,
                                         1533760, 1508565, 1482910, 1456804, 1430254, 1403269, 1375856,
                                         1348023, 1319781, 1291136, 1262098, 1232675, 1202877, 1172713,
                                         1142191, 1111321, 1080113, 1048576};

/* Goertzel's sum: the variance that a wave of this frequency explains, in units of the sum of squares. */
static int64_t explained(const int32_t *v, int32_t coefficient) {
    int64_t last = 0, before = 0;
    for (uint32_t t = 0; t < SINE_POINTS; t++) {
        int64_t now = v[t] + coefficient * last / SINE_Q - before;
        before = last;
        last = now;
    }
    int64_t power = last * last + before * before - coefficient * last / SINE_Q * before;
    return power * 2 / (int64_t)SINE_POINTS;
}

static bool is_wave(const int32_t *v) {
    int64_t total = 0;
    for (uint32_t t = 0; t < SINE_POINTS; t++) total += (int64_t)v[t] * v[t];
    for (uint32_t f = 0; f < sizeof twice_cosine / sizeof twice_cosine[0]; f++)
        if (explained(v, twice_cosine[f]) * 100 >= total * SINE_FIT_PERCENT) return true;
    return false;
}

/* All of the stretch is read or bridged, and no acceleration or deceleration is in it. */
static bool is_sinusoidal(const struct jz_ctg *ctg, uint32_t m) {
    int32_t v[SINE_POINTS], sum = 0;
    struct band b = {0};
    uint32_t whole = ctg->length / CTG_MINUTE; /* the last minute may be short */
    uint32_t from = ctg_window_from(m, SINE_MINUTES, whole) * CTG_MINUTE;
    if (whole < SINE_MINUTES) return false;
    for (uint32_t t = 0; t < SINE_POINTS; t++) {
        v[t] = mean_of(ctg, from + t * SINE_STEP, SINE_STEP, CTG_RISEN | CTG_FALLEN);
        if (!v[t]) return false;
        widen(&b, v[t]);
        sum += v[t];
    }
    if (b.high - b.low < SINE_LOW_X10 || b.high - b.low > SINE_HIGH_X10) return false;
    for (uint32_t t = 0; t < SINE_POINTS; t++) v[t] -= sum / (int32_t)SINE_POINTS;
    return is_wave(v);
}

void ctg_minutes(struct jz_ctg *ctg) {
    for (uint32_t m = 0; m < ctg->minutes; m++) {
        uint32_t span = ctg_minute_end(ctg, m) - m * CTG_MINUTE;
        int32_t from = ctg->knot[m], to = ctg->knot[m + 1];
        if (from == JZ_CTG_UNKNOWN) from = to;
        if (to == JZ_CTG_UNKNOWN) to = from;
        ctg->minute[m] = (struct jz_ctg_minute){.baseline_x10 = from == JZ_CTG_UNKNOWN ? JZ_CTG_UNKNOWN
                                                                                       : (from + to + 1) / 2,
                                                .variability_x10 = variability_of(ctg, m),
                                                .usable_pct = (uint8_t)(100u * ctg->read[m] / span),
                                                .maternal = 2u * ctg->from_mother[m] >= CTG_MINUTE,
                                                .sinusoidal = is_sinusoidal(ctg, m)};
    }
}

/* --- short-term variation ----------------------------------------------------------------------------- */

#define EPOCH 15u            /* 3.75 s */
#define MS_X100_X10 60000000 /* a minute in ms x 100, for rates x 10 */

/* Mean beat interval in ms x 100; 0: half or more of it was not read, or it is in a deceleration. */
static int32_t interval_of(const struct jz_ctg *ctg, uint32_t start) {
    int32_t sum = 0, count = 0;
    for (uint32_t i = start; i < start + EPOCH; i++) {
        if (ctg->flags[i] & CTG_FALLEN) return 0;
        if (!(ctg->flags[i] & CTG_READ)) continue;
        sum += MS_X100_X10 / ctg->rate[i];
        count++;
    }
    return 2 * count >= (int32_t)EPOCH ? sum / count : 0;
}

int32_t ctg_stv(const struct jz_ctg *ctg) {
    uint32_t read = 0, pairs = 0, sum = 0;
    int32_t before = 0;
    for (uint32_t m = 0; m < ctg->minutes; m++) read += ctg->read[m];
    for (uint32_t i = 0; i + EPOCH <= ctg->length; i += EPOCH) {
        int32_t now = interval_of(ctg, i);
        if (now && before) {
            sum += (uint32_t)ctg_abs(now - before);
            pairs++;
        }
        before = now;
    }
    return read < CTG_WINDOW_MINUTES * CTG_MINUTE || !pairs ? JZ_CTG_UNKNOWN : (int32_t)(sum / pairs);
}
