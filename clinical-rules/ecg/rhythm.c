/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about the rhythm. None is a diagnosis: the words say what was seen, and the rules and people decide. */
#include <string.h>

#include "qrs.h"
#include "rhythm.h"
#include "small.h"
#include "waves.h"
#include "work.h"

#define MS 2          /* a sample */
#define PAUSE_MS 2000 /* clinical-rules field list: RR of 2 s and more */
#define WIDE_MS 120   /* QRS */
#define FAST_BPM_X10 1000
#define FAST_MS 600               /* 100/min */
#define IRREGULAR_INTERVALS_MIN 5 /* fewer say nothing about regularity */
#define STEP_PERCENT 8 /* of the mean: a step from interval to interval larger than a sinus node's usual */
#define IRREGULAR_SHARE 50 /* percent of the steps that large: no sequence at all */
#define REGULAR_PERCENT 12 /* longest against shortest interval, ectopic beats left out */
#define EXTRA_PERCENT 20   /* with more premature or odd beats than this, nothing is called regular */
#define RUN_BEATS 3        /* three beats of another shape in a row make a run */

/* Interval before beat i, ms; 0: none, or an ectopic beat takes part in it. */
static int32_t sinus_interval(const struct jz_ecg_beat *beat, uint32_t i) {
    const struct jz_ecg_beat *b = &beat[i - 1], *c = &beat[i];
    if (b->kind == JZ_BEAT_OTHER || c->kind == JZ_BEAT_OTHER) return 0;
    return (c->at - b->at) * MS;
}

static void measure_intervals(struct jz_ecg_measure *out) {
    out->rate_bpm_x10 = out->rr_ms_mean = out->rr_ms_min = out->rr_ms_max = JZ_ECG_UNKNOWN;
    if (out->beat_count < 2) return;
    int32_t low = INT32_MAX, high = 0, n = out->beat_count - 1;
    for (uint32_t i = 1; i < out->beat_count; i++) {
        int32_t rr = (out->beat[i].at - out->beat[i - 1].at) * MS;
        low = ecg_min(low, rr);
        high = ecg_max(high, rr);
    }
    int32_t whole = (out->beat[n].at - out->beat[0].at) * MS;
    if (whole <= 0) return;
    out->rr_ms_mean = ecg_narrow(ecg_div(whole, n));
    out->rr_ms_min = ecg_narrow(low);
    out->rr_ms_max = ecg_narrow(high);
    out->rate_bpm_x10 = ecg_narrow(ecg_div((int64_t)600000 * n, whole));
}

/* Mean of the intervals without ectopic beats; 0: too few. `extra`: beats that are early or of another shape. */
static int32_t mean_interval(const struct jz_ecg_beat *beat, uint32_t count, uint32_t *extra) {
    int32_t sum = 0, n = 0;
    *extra = 0;
    for (uint32_t i = 1; i < count; i++) {
        int32_t interval = sinus_interval(beat, i);
        *extra += beat[i].premature || beat[i].kind == JZ_BEAT_OTHER;
        sum += interval;
        n += interval > 0;
    }
    return n < IRREGULAR_INTERVALS_MIN ? 0 : sum / n;
}

uint32_t jz_ecg_regularity(const struct jz_ecg_beat *beat, uint32_t count) {
    int32_t before = 0, low = INT32_MAX, high = 0, steps = 0, large = 0;
    uint32_t extra;
    int32_t mean = mean_interval(beat, count, &extra);
    if (!mean) return 0;
    for (uint32_t i = 1; i < count; i++) {
        int32_t interval = sinus_interval(beat, i);
        if (interval && !beat[i].premature && !beat[i - 1].premature) {
            low = ecg_min(low, interval);
            high = ecg_max(high, interval);
        }
        if (interval && before) {
            steps++;
            large += ecg_abs(interval - before) * 100 > mean * STEP_PERCENT;
        }
        before = interval;
    }
    bool few_extra = extra * 100 <= count * EXTRA_PERCENT;
    if (high && few_extra && (high - low) * 100 <= mean * REGULAR_PERCENT) return JZ_RHYTHM_REGULAR;
    bool irregular = steps >= IRREGULAR_INTERVALS_MIN - 1 && large * 100 > steps * IRREGULAR_SHARE;
    return irregular ? JZ_RHYTHM_IRREGULAR : 0;
}

/* An interval of 2 s and more, the ones cut off by the ends of the recording included: they are at least that long. */
static bool has_pause(const struct jz_ecg_measure *out) {
    int32_t last = 0;
    for (uint32_t i = 0; i < out->beat_count; i++) {
        if ((out->beat[i].at - last) * MS >= PAUSE_MS) return true;
        last = out->beat[i].at;
    }
    return out->beat_count && ((int32_t)out->samples - last) * MS >= PAUSE_MS;
}

bool jz_ecg_wide_run(const struct jz_ecg_beat *beat, const uint16_t *spread, uint32_t count) {
    uint32_t run = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool wide =
            beat[i].kind != JZ_BEAT_MAIN && beat[i].kind != JZ_BEAT_PACED && spread[i] >= ECG_WIDE_SPREAD;
        bool fast = i && (beat[i].at - beat[i - 1].at) * MS <= FAST_MS;
        run = !wide ? 0 : run && fast ? run + 1 : 1;
        if (run >= RUN_BEATS) return true;
    }
    return false;
}

static enum ecg_waves waves_at(const struct jz_ecg *ecg, uint32_t at) {
    int32_t work[2 * ECG_WAVES_WINDOW];
    const int16_t *uv[JZ_LEAD_COUNT];
    uint32_t leads = 0;
    if (jz_ecg_waves_beat(ecg->activity + at, work)) return ECG_WAVES_BEATS;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++)
        if (ecg->sound[lead] && !ecg->derived[lead]) uv[leads++] = ecg->uv[lead] + at;
    return leads ? jz_ecg_waves(uv, leads, work) : ECG_WAVES_BEATS;
}

/* Stretches of 4 s, half overlapping: what most of them hold. */
static uint32_t no_rhythm(const struct jz_ecg *ecg, const struct jz_ecg_measure *out) {
    uint32_t all = 0, disordered = 0, flat = 0;
    for (uint32_t at = 0; at + ECG_WAVES_WINDOW <= ecg->samples; at += ECG_WAVES_WINDOW / 2, all++) {
        enum ecg_waves waves = waves_at(ecg, at);
        disordered += waves == ECG_WAVES_DISORDERED;
        flat += waves == ECG_WAVES_NONE;
    }
    if (disordered * 2 > all) return JZ_RHYTHM_VF_SUSPECTED;
    return flat * 2 > all && !out->beat_count ? JZ_RHYTHM_FLAT : 0;
}

/* A QRS too long to be measured is wide all the same: its single beats tell. */
static bool is_wide(const struct jz_ecg *ecg, const struct jz_ecg_measure *out) {
    if (out->qrs_ms != JZ_ECG_UNKNOWN) return out->usable_count && out->qrs_ms >= WIDE_MS;
    int32_t spread[JZ_ECG_BEATS_MAX];
    for (uint32_t i = 0; i < out->beat_count; i++) spread[i] = ecg->beat_spread[i];
    return out->averaged_count >= RUN_BEATS && out->averaged_count * 2 > out->beat_count &&
           jz_ecg_median(spread, out->beat_count) >= ECG_WIDE_SPREAD;
}

void jz_ecg_rhythm(const struct jz_ecg *ecg, struct jz_ecg_measure *out) {
    jz_ecg_mark_premature(out->beat, out->beat_count);
    measure_intervals(out);
    uint32_t rhythm = jz_ecg_regularity(out->beat, out->beat_count) | no_rhythm(ecg, out);
    if (out->marks.p_on != JZ_ECG_UNKNOWN) rhythm &= ~(uint32_t)JZ_RHYTHM_IRREGULAR;
    if (has_pause(out)) rhythm |= JZ_RHYTHM_PAUSE;
    if (is_wide(ecg, out)) {
        rhythm |= JZ_RHYTHM_WIDE;
        if (out->rate_bpm_x10 >= FAST_BPM_X10) rhythm |= JZ_RHYTHM_WIDE_FAST;
    }
    if (jz_ecg_wide_run(out->beat, ecg->beat_spread, out->beat_count)) rhythm |= JZ_RHYTHM_WIDE_FAST;
    for (uint32_t i = 0; i < ecg->beat_count; i++)
        if (ecg->beat[i].kind == JZ_BEAT_PACED) rhythm |= JZ_RHYTHM_PACED;
    out->rhythm = (uint8_t)rhythm;
}
