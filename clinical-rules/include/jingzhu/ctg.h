/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/ctg.h  What a cardiotocogram shows, measured: baseline, variability, accelerations, decelerations and their
 *  type, contractions; minute by minute while it runs, and over the whole trace.
 *
 *  Source   clinical-obstetric 9 (signal and features). The FIGO, NICHD and NICE classes are rule packs
 *           (clinical-rules/packs/obstetric/ctg-*.yaml) over the fields that jz_ctg_facts gives.
 *  Method   Baseline: method D, "simple clinical", of 9.3, once over everything and once without what stands out from it; a
 *           step of 15 bpm is a change of baseline only after ten minutes, until then a deceleration or acceleration.
 *           Accelerations and decelerations run from crossing to crossing of it, without stretches of 15 s and more that
 *           stay less than half of the height away. A loss of up to 30 s with the rate down on both sides parts it into
 *           two events; ctg_ongoing_decel_s and ctg_longest_decel_s count them as one. Each file of clinical-rules/ctg
 *           says what it does and why.
 *  Settling A minute's figures may change for 20 min, as its baseline takes in what comes after it; then they are those
 *           of the whole trace. A step of baseline is decided after ten minutes, back to where it began.
 *  Not here What needs more than a trace: movements, response to stimulation, centiles for gestation (dr_high_episodes,
 *           dr_ltv_centile), and the pseudo-sinusoidal pattern, for which the source gives no measure. No field is given.
 *  Safety   0 is signal loss, not a heart rate. Where too little can be read nothing is classed; a rate that follows the
 *           mother's is not the child's. Nothing here is a diagnosis.
 *  Purity   No I/O, clock, allocation or global state. Integer arithmetic only: the same samples give the same numbers
 *           on every machine and compiler. Bounded time. One jz_ctg per thread.
 */
#ifndef JZ_CTG_H
#define JZ_CTG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/frame.h"
#include "jingzhu/status.h"

#define JZ_CTG_HZ 4u
#define JZ_CTG_MINUTES_MAX 120u /**< shown: of a longer trace the last two hours */
#define JZ_CTG_SAMPLES_MAX (JZ_CTG_MINUTES_MAX * 60u * JZ_CTG_HZ)
#define JZ_CTG_EVENTS_MAX 256u /**< of each kind kept; the oldest go first */
#define JZ_CTG_LOSS 0          /**< no fetal heart rate in this sample */
#define JZ_CTG_NO_TOCO INT16_MIN
#define JZ_CTG_UNKNOWN INT32_MIN

/** One sample of 250 ms. */
struct jz_ctg_sample {
    int16_t fhr_bpm_x10; /**< JZ_CTG_LOSS: none */
    /** A second channel of the same child, or JZ_CTG_LOSS. A twin has a jz_ctg of its own. */
    int16_t fhr2_bpm_x10;
    int16_t mhr_bpm_x10; /**< mother's rate, or JZ_CTG_LOSS */
    int16_t toco_x10;    /**< uterine activity, relative or mmHg; JZ_CTG_NO_TOCO: not recorded */
};

enum jz_ctg_event_kind {
    JZ_CTG_ACCELERATION = 1,
    JZ_CTG_EARLY,
    JZ_CTG_LATE,
    JZ_CTG_VARIABLE,
    /** Gradual, timing unknown: no contraction is seen with it, or half of the curve in the half hour about it is
     *  missing. Counted as late (9.6). */
    JZ_CTG_UNIFORM,
    JZ_CTG_CONTRACTION
};
/** Times in samples from the first sample of the trace. */
struct jz_ctg_event {
    uint32_t start, peak, end; /**< peak: nadir of a deceleration */
    int32_t height_x10;        /**< bpm from baseline, positive; of a contraction in toco units */
    uint8_t kind;              /**< enum jz_ctg_event_kind */
    bool ongoing;              /**< had not ended when this was measured */
    bool prolonged;            /**< 2 min and longer */
    int32_t lag;               /**< samples after its contraction's onset; JZ_CTG_UNKNOWN: none seen */
    bool concerning;           /**< a variable deceleration longer than 60 s, or with two dips (9.4) */
    bool after_acme;           /**< nadir more than 5 s after that contraction's peak */
};

/** One minute of the trace. bpm x 10; JZ_CTG_UNKNOWN where not known. */
struct jz_ctg_minute {
    int32_t baseline_x10, variability_x10;
    uint8_t usable_pct;
    bool maternal; /**< the rate was the mother's for half a minute or more: counted as loss */
    bool sinusoidal;
};

struct jz_ctg_measure {
    uint32_t samples; /**< of the whole trace so far, kept or not */
    uint32_t first;   /**< number of the first sample shown; 0 up to two hours */
    uint32_t minute_count, event_count;
    struct jz_ctg_minute minute[JZ_CTG_MINUTES_MAX];
    struct jz_ctg_event event[JZ_CTG_EVENTS_MAX]; /**< all kinds together, by start */
    bool adequate;    /**< half or more of the last 30 min can be read, and 10 min at least */
    bool toco_usable; /**< contractions can be told in the last 30 min */
    bool maternal_pickup;
    int32_t usable_permille; /**< of the last 30 min, or of what there is */
    int32_t usable_s;
    int32_t baseline_x10, baseline_start_x10, variability_x10;
    int32_t stv_ms_x100;          /**< antepartum measure; JZ_CTG_UNKNOWN below 10 min of usable signal */
    int32_t contraction_rate_x10; /**< a 10 min, mean of the last 30 min */
};

/** Working memory of one trace; all fields are the module's own. At most 512 KiB. */
struct jz_ctg;
size_t jz_ctg_bytes(void);
/** @param ga_days  gestational age for the acceleration bound of 32 weeks; 0: not known, then as from 32 weeks */
void jz_ctg_begin(struct jz_ctg *ctg, uint32_t ga_days);
/** Appends samples; the size of the portions makes no difference. Of more than JZ_CTG_MINUTES_MAX the oldest are let go;
 *  baseline_start and states that last are kept. Now and then (every ten minutes of a long trace) takes as long as
 *  measuring. @param samples  borrowed for the call */
void jz_ctg_append(struct jz_ctg *ctg, const struct jz_ctg_sample *samples, uint32_t count);
/** Measures the trace as it stands; meant for once a minute and at the end. Nothing depends on how often it is called.
 *  @param[out] out  fully written */
void jz_ctg_measure(struct jz_ctg *ctg, struct jz_ctg_measure *out);

/** The measures as fields of protocol/fields/ctg.csv, by rising code, within their ranges. What is not known gives no
 *  field; where `adequate` is false no field of a class is given, but ctg_ongoing_decel_s is, as far as it is seen.
 *  @param measure  of the last jz_ctg_measure of `ctg`, nothing appended since
 *  @return how many were written */
#define JZ_CTG_FACTS_MAX 64u
uint32_t jz_ctg_facts(const struct jz_ctg *ctg, const struct jz_ctg_measure *measure,
                      struct jz_fact facts[JZ_CTG_FACTS_MAX]);

/** The interpolated, gated heart rate and baseline of the samples shown (from `first`), for drawing, as measured last.
 *  bpm x 10, 0: loss, no baseline. @param[out] fhr_x10, baseline_x10  JZ_CTG_SAMPLES_MAX each @return samples written */
uint32_t jz_ctg_curves(const struct jz_ctg *ctg, int16_t *fhr_x10, int16_t *baseline_x10);

#endif /* JZ_CTG_H */
