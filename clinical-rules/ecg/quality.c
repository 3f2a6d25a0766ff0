/* SPDX-License-Identifier: Apache-2.0 */
/* How far each lead can be believed.
 *
 * Screen   before the beats are known: what a lead is, whatever the heart does (off, against its rails, too short).
 * Judge    with the averaged beat at hand: each single beat's distance from it, in the 80 ms after J that the levels are
 *          read from. From that follows how uncertain the averaged ST level is, and that is what quality means:
 *
 *              uncertainty (one standard error)   quality
 *              up to 5 µV (half of what the eye reads off paper)    100
 *              25 µV (a quarter of the smallest threshold, 1 mm)     50   the limit of use
 *              50 µV (half of it) and more                            0
 *
 *          At the limit a level is off by 50 µV once in twenty. */
#include <string.h>

#include "limb.h"
#include "small.h"
#include "work.h"

/* --- screen ----------------------------------------------------------------------------------------------------------- */

#define SHORT_SAMPLES 1250u /* 2.5 s: holds two beats at 50/min */
#define FLAT_UV                                                                                              \
    10 /* peak to peak of a whole lead: an open input, for even a silent heart leaves more noise */
#define STILL_SAMPLES                                                                                        \
    2000u /* four seconds without any change: the recorder holds a value; at 20/min beats come oftener */
#define STILL_PERCENT 30u       /* of the recording */
#define CLIPPED_US 16000u       /* at the rails: two crests */
#define CLIPPED_OFF_US 1000000u /* a second: the amplifier is overdriven and the rest has not settled */

static uint32_t count_gaps(const struct jz_ecg *ecg, uint32_t lead) {
    uint32_t gaps = ecg->samples - ecg->length[lead];
    for (uint32_t t = 0; t < ecg->length[lead]; t++) gaps += ecg->raw[lead][t] == ECG_GAP;
    return gaps;
}

/* Samples in stretches that do not move. */
static uint32_t count_still(const int16_t *raw, uint32_t length) {
    uint32_t still = 0, run = 0;
    for (uint32_t t = 1; t < length; t++) {
        run = raw[t] == raw[t - 1] && raw[t] != ECG_GAP ? run + 1 : 0;
        if (run == STILL_SAMPLES) still += run;
        if (run > STILL_SAMPLES) still++;
    }
    return still;
}

static int32_t height_of(const int16_t *uv, uint32_t from, uint32_t to) {
    int32_t low = INT32_MAX, high = INT32_MIN;
    for (uint32_t t = from; t < to; t++) {
        low = ecg_min(low, uv[t]);
        high = ecg_max(high, uv[t]);
    }
    return high - low;
}

static void screen_lead(struct jz_ecg *ecg, uint32_t lead) {
    const struct ecg_input *in = &ecg->input[lead];
    uint32_t clipped_us = in->top_us + in->bottom_us, whole = ecg->samples - ecg->gaps[lead];
    if (whole < SHORT_SAMPLES) ecg->trouble[lead] |= JZ_ECG_TOO_SHORT;
    bool flat = height_of(ecg->uv[lead], 0, ecg->samples) < FLAT_UV;
    if (flat || count_still(ecg->raw[lead], ecg->length[lead]) * 100 > ecg->samples * STILL_PERCENT)
        ecg->trouble[lead] |= JZ_ECG_LEAD_OFF;
    else if (clipped_us >= CLIPPED_US)
        ecg->trouble[lead] |= JZ_ECG_SATURATED;
    ecg->sound[lead] =
        !(ecg->trouble[lead] & (JZ_ECG_LEAD_OFF | JZ_ECG_TOO_SHORT)) && clipped_us < CLIPPED_OFF_US;
}

void jz_ecg_screen(struct jz_ecg *ecg) {
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        ecg->trouble[lead] = 0;
        ecg->gaps[lead] = 0;
        ecg->sound[lead] = false;
        if (!ecg->present[lead]) continue;
        ecg->gaps[lead] = (uint16_t)count_gaps(ecg, lead);
        screen_lead(ecg, lead);
    }
}

/* --- judge ------------------------------------------------------------------------------------------------------------ */

#define LEVEL_SAMPLES 40     /* 80 ms after J */
#define REFERENCE_SAMPLES 10 /* 20 ms before QRS onset */
#define QUALITY_FULL_UV 5
#define QUALITY_HALF_UV 25
#define QUALITY_NONE_UV 50
#define USABLE 50
#define NOISY_UV 60         /* of a single beat, root mean square: T waves and J cannot be seen in it */
#define WANDER_UV 120       /* of a single beat's level: more than the smallest threshold */
#define UNSTEADY_PERCENT 30 /* of the QRS, by which beats of one kind differ */
#define UNSTEADY_UV 40
#define OFF_QRS_UV 30        /* peak to peak of the averaged QRS: no heart is seen in it */
#define TRUST_MIN 2u         /* averaged beats: of one nothing shows how good it is */
#define READABLE_PERCENT 66u /* of the leads */

/* One beat against the averaged one. */
struct beat_distance {
    int32_t level, noise, shape; /* µV */
};

struct span {
    int32_t on, j, end; /* in the averaged beat */
};

/* Mean of beat minus average over [from, to). */
static int32_t mean_distance(const int16_t *beat, const int16_t *average, int32_t from, int32_t to) {
    int32_t sum = 0;
    for (int32_t i = from; i < to; i++) sum += beat[i] - average[i];
    return to > from ? (int32_t)ecg_div(sum, to - from) : 0;
}

/* Root mean square of the same about `level`. */
static int32_t spread_about(const int16_t *beat, const int16_t *average, int32_t from, int32_t to,
                            int32_t level) {
    uint64_t sum = 0;
    for (int32_t i = from; i < to; i++) {
        int64_t d = (int64_t)beat[i] - average[i] - level;
        sum += (uint64_t)(d * d);
    }
    return to > from ? (int32_t)jz_ecg_root(sum / (uint32_t)(to - from)) : 0;
}

static struct beat_distance distance_of(const int16_t *beat, const int16_t *average, const struct span *s) {
    int32_t reference = mean_distance(beat, average, s->on - REFERENCE_SAMPLES, s->on);
    int32_t level = mean_distance(beat, average, s->j, s->end);
    return (struct beat_distance){
        .level = ecg_abs(level - reference),
        .noise = spread_about(beat, average, s->j, s->end, level),
        .shape = spread_about(beat, average, s->on, s->j, (reference + level) / 2),
    };
}

/* Whether the recorder delivered this beat in this lead, QRS and ST. */
static bool delivered(const struct jz_ecg *ecg, uint32_t lead, const struct span *s) {
    uint32_t missing = 0, still = 0;
    for (uint32_t t = (uint32_t)s->on; t < (uint32_t)s->end; t++) {
        bool gap = t >= ecg->length[lead] || ecg->raw[lead][t] == ECG_GAP;
        missing += gap;
        still += !gap && ecg->raw[lead][t] == ecg->raw[lead][t - 1];
    }
    uint32_t all = (uint32_t)(s->end - s->on);
    return missing * 10 <= all && still < all - 2;
}

struct findings {
    uint32_t beats, lost;        /* compared; not delivered */
    int32_t level, noise, shape; /* medians */
    int32_t qrs_height, qrs_size;
};

static struct findings look_at(const struct jz_ecg *ecg, uint32_t lead, const int16_t *average,
                               const struct span *s) {
    struct findings f = {0};
    int32_t level[JZ_AVERAGE_BEATS_MAX], noise[JZ_AVERAGE_BEATS_MAX], shape[JZ_AVERAGE_BEATS_MAX];
    for (uint32_t i = 0; i < ecg->ensemble.count; i++) {
        int32_t start = (int32_t)ecg->ensemble.at[i] - (int32_t)JZ_ECG_AVERAGE_R;
        if (start + s->on - REFERENCE_SAMPLES < 1 || start + s->end > (int32_t)ecg->samples) continue;
        /* `start` may lie before the recording; what is read of the beat does not. */
        struct span at = {s->on + start, s->j + start, s->end + start};
        if (ecg->derived[lead] ? !delivered(ecg, JZ_LEAD_I, &at) || !delivered(ecg, JZ_LEAD_II, &at)
                               : !delivered(ecg, lead, &at)) {
            f.lost++;
            continue;
        }
        struct span here = {REFERENCE_SAMPLES, REFERENCE_SAMPLES + s->j - s->on,
                            REFERENCE_SAMPLES + s->end - s->on};
        struct beat_distance d = distance_of(ecg->uv[lead] + at.on - REFERENCE_SAMPLES,
                                             average + s->on - REFERENCE_SAMPLES, &here);
        level[f.beats] = d.level;
        noise[f.beats] = d.noise;
        shape[f.beats++] = d.shape;
    }
    f.level = jz_ecg_median(level, f.beats);
    f.noise = jz_ecg_median(noise, f.beats);
    f.shape = jz_ecg_median(shape, f.beats);
    f.qrs_height = height_of(average, (uint32_t)s->on, (uint32_t)s->j);
    int16_t zero[JZ_ECG_AVERAGE_SAMPLES] = {0};
    f.qrs_size = spread_about(average, zero, s->on, s->j, mean_distance(average, zero, s->on, s->j));
    return f;
}

/* Standard error of the averaged level. A median distance is 0.67 of a standard deviation; noise about the level counts
 * twice a beat, for J and the onset are one sample each; of a sway 200 ms after R, a fifth to a quarter
 * is found to remain at J; the mean of the middle half is
 * worth some 85 % of the beats. */
static int32_t uncertainty_uv(const struct findings *f, int32_t sway_uv) {
    uint64_t level = (uint64_t)f->level * 3 / 2, noise = (uint64_t)f->noise, sway = (uint64_t)sway_uv / 4;
    uint32_t single = jz_ecg_root((level * level + 2 * noise * noise + sway * sway) * 256);
    return (int32_t)(single / jz_ecg_root((uint64_t)f->beats * 256 * 85 / 100));
}

static uint8_t quality_of(int32_t uv) {
    if (uv <= QUALITY_FULL_UV) return 100;
    if (uv >= QUALITY_NONE_UV) return 0;
    if (uv <= QUALITY_HALF_UV)
        return (uint8_t)(100 - (uv - QUALITY_FULL_UV) * 50 / (QUALITY_HALF_UV - QUALITY_FULL_UV));
    return (uint8_t)(50 - (uv - QUALITY_HALF_UV) * 50 / (QUALITY_NONE_UV - QUALITY_HALF_UV));
}

static void judge_lead(const struct jz_ecg *ecg, uint32_t lead, const struct span *s,
                       struct jz_ecg_lead_measure *m) {
    m->trouble = ecg->trouble[lead];
    if (!s || m->trouble & (JZ_ECG_LEAD_OFF | JZ_ECG_TOO_SHORT)) return;
    struct findings f = look_at(ecg, lead, m->average_uv, s);
    if (f.beats < TRUST_MIN || f.lost * 4 > f.beats + f.lost) {
        m->trouble |= JZ_ECG_TOO_SHORT;
        return;
    }
    if (f.qrs_height < OFF_QRS_UV && !ecg->derived[lead]) m->trouble |= JZ_ECG_LEAD_OFF;
    if (f.noise > NOISY_UV) m->trouble |= JZ_ECG_NOISY;
    if (f.level > WANDER_UV || ecg->sway_uv[lead] > 2 * WANDER_UV) m->trouble |= JZ_ECG_WANDER;
    if (f.shape > UNSTEADY_UV && f.shape * 100 > f.qrs_size * UNSTEADY_PERCENT) m->trouble |= JZ_ECG_UNSTEADY;
    m->quality = quality_of(uncertainty_uv(&f, ecg->sway_uv[lead]));
    if (m->quality < USABLE && !(m->trouble & (JZ_ECG_NOISY | JZ_ECG_WANDER)))
        m->trouble |= f.noise > f.level ? JZ_ECG_NOISY : JZ_ECG_WANDER;
    bool out_of_step = m->trouble & JZ_ECG_UNSTEADY && jz_ecg_out_of_step(ecg, lead);
    if (m->trouble & (JZ_ECG_LEAD_OFF | JZ_ECG_SATURATED) || out_of_step)
        m->quality = (uint8_t)ecg_min(m->quality, USABLE - 1);
    m->usable = m->quality >= USABLE;
}

/* What comes from a lead that is off is no other lead's: III would be II over again. I and II are judged first. */
static void lose_with_source(const struct jz_ecg_measure *out, struct jz_ecg_lead_measure *m) {
    if (!((out->lead[JZ_LEAD_I].trouble | out->lead[JZ_LEAD_II].trouble) & JZ_ECG_LEAD_OFF)) return;
    m->trouble |= JZ_ECG_LEAD_OFF;
    m->quality = (uint8_t)ecg_min(m->quality, USABLE - 1);
    m->usable = false;
}

static void judge_whole(struct jz_ecg_measure *out, bool beats) {
    uint32_t standard = 0;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        out->lead_count += out->lead[lead].recorded;
        out->usable_count += out->lead[lead].usable;
        if (lead <= JZ_LEAD_V6) standard += out->lead[lead].usable;
    }
    out->quality = (uint8_t)(standard * 100 / 12);
    out->readable =
        beats && out->usable_count && out->usable_count * 100u >= out->lead_count * READABLE_PERCENT;
}

void jz_ecg_judge(const struct jz_ecg *ecg, struct jz_ecg_measure *out) {
    const struct jz_ecg_marks *marks = &out->marks;
    struct span s = {marks->qrs_on, marks->j, marks->j + LEVEL_SAMPLES};
    bool beats = out->averaged_count > 0 && s.on >= REFERENCE_SAMPLES && s.j > s.on &&
                 s.end <= (int32_t)JZ_ECG_AVERAGE_SAMPLES;
    out->lead_count = out->usable_count = 0;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        struct jz_ecg_lead_measure *m = &out->lead[lead];
        m->recorded = ecg->present[lead];
        m->derived = ecg->derived[lead];
        m->usable = false;
        m->quality = m->trouble = 0;
        if (m->recorded) judge_lead(ecg, lead, beats ? &s : NULL, m);
        if (m->derived) lose_with_source(out, m);
    }
    judge_whole(out, beats);
    out->limb_reversal_suspected = beats && jz_ecg_limbs_reversed(out);
}
