/* SPDX-License-Identifier: Apache-2.0 */
/** @file work.h  One recording while it is being measured: the stages and what each leaves for the next.
 *
 *  append -> prepare (condition, screen, find beats, level) -> average -> delineate -> judge -> lead measures,
 *  conduction -> rhythm. Samples are µV at 500 Hz. */
#ifndef JZ_ECG_WORK_H
#define JZ_ECG_WORK_H
#include "jingzhu/ecg.h"

#include "average.h"
#include "input.h"

#define ECG_SPIKES_MAX (2u * JZ_ECG_BEATS_MAX) /**< an atrial and a ventricular one a beat */
#define ECG_NONE UINT32_MAX

struct jz_ecg {
    /* --- input.c ------------------------------------------------------------------------------------------ */
    uint32_t period_us;
    struct ecg_input input[JZ_LEAD_COUNT];
    uint32_t length[JZ_LEAD_COUNT];                 /**< samples at 500 Hz; 0: not recorded */
    int16_t raw[JZ_LEAD_COUNT][JZ_ECG_SAMPLES_MAX]; /**< as recorded, or ECG_GAP */

    /* --- filter.c: condition and level --------------------------------------------------------------------- */
    uint32_t samples; /**< of the longest lead; shorter ones end in a gap */
    /** To be measured: gaps bridged (see `raw` for where), pacing spikes cut out, mains taken off, and the baseline
     *  drawn through the moments before QRS onset taken off. Nothing above 0.05 Hz of the ST part is lost, and there is
     *  no low-pass: the average beat is the smoother. III, aVR, aVL, aVF hold the derived lead where not recorded. */
    int16_t uv[JZ_LEAD_COUNT][JZ_ECG_SAMPLES_MAX];
    bool present[JZ_LEAD_COUNT]; /**< recorded or derived */
    bool derived[JZ_LEAD_COUNT];
    uint8_t mains_hz;                /**< 50, 60, or 0: none worth taking off */
    int16_t mains_uv[JZ_LEAD_COUNT]; /**< its amplitude, median over the recording */
    uint32_t spike_count;
    uint16_t spike[ECG_SPIKES_MAX]; /**< pacing spikes, sample numbers, rising */

    /** Level 200 ms after R, how far it strayed from beat to beat (median) before the last sway was taken off. */
    int16_t sway_uv[JZ_LEAD_COUNT];

    /* --- quality.c: screen (before the beats are known) ---------------------------------------------------- */
    uint8_t trouble[JZ_LEAD_COUNT]; /**< lead off, saturated, too short: enum jz_ecg_trouble */
    uint16_t gaps[JZ_LEAD_COUNT];   /**< missing samples, the end after a short lead included */
    bool sound[JZ_LEAD_COUNT];      /**< may take part in finding and aligning beats */

    /* --- qrs.c ----------------------------------------------------------------------------------------------- */
    uint16_t activity[JZ_ECG_SAMPLES_MAX]; /**< slope of all sound leads together, smoothed over 80 ms */
    uint32_t beat_count;
    struct jz_ecg_beat beat[JZ_ECG_BEATS_MAX]; /**< at: centre of the QRS energy; kind: unknown or paced */
    uint16_t beat_height[JZ_ECG_BEATS_MAX];    /**< `activity` at the peak */
    uint16_t beat_spread[JZ_ECG_BEATS_MAX];    /**< of its energy about R, root mean square, 1/16 samples */
    int16_t onset_before_r;                    /**< samples, rough: where the baseline's knots lie */

    /** For use within one function; nothing is kept in it from one call to the next. */
    int32_t scratch[2][JZ_ECG_SAMPLES_MAX];

    /* --- average.c ------------------------------------------------------------------------------------------- */
    struct jz_ensemble ensemble;
};

/* --- filter.c --------------------------------------------------------------------------------------------------- */

/** All that comes before averaging, in order: condition, screen, find_beats, level. Starts over from `raw` each time. */
void jz_ecg_prepare(struct jz_ecg *ecg);

void jz_ecg_condition(struct jz_ecg *ecg); /**< raw -> uv, without the baseline */
void jz_ecg_level(struct jz_ecg *ecg);     /**< takes the baseline off uv; derives leads */

/* --- qrs.c ------------------------------------------------------------------------------------------------------- */

void jz_ecg_find_beats(struct jz_ecg *ecg);

/* --- quality.c --------------------------------------------------------------------------------------------------- */

void jz_ecg_screen(struct jz_ecg *ecg);

/** How far each lead can be believed, once averaged.
 *  @param out  in: samples, beat_count, beat[] (`at` aligned, kind set), averaged_count, marks, average_uv of each
 *              present lead (0 at QRS onset). Writes recorded, derived, usable, quality, trouble of each lead,
 *              lead_count, usable_count, quality, readable, limb_reversal_suspected. */
void jz_ecg_judge(const struct jz_ecg *ecg, struct jz_ecg_measure *out);

/* --- rhythm.c ---------------------------------------------------------------------------------------------------- */

/** Rhythm from the beats.
 *  @param out  in: beat_count, beat[], qrs_ms, marks (p_on UNKNOWN: no P wave), usable_count. Writes rhythm, rate_bpm_x10,
 *              rr_ms_*, and `premature` of each beat. */
void jz_ecg_rhythm(const struct jz_ecg *ecg, struct jz_ecg_measure *out);

#endif /* JZ_ECG_WORK_H */
