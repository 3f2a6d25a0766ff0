/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/ecg.h  What a 12-lead ECG shows, measured: beats, intervals, ST levels, and how far to believe each lead.
 *
 *  Source   clinical-chest-pain 2.1 (level at J against QRS onset, 10 mm/mV); the criteria themselves are rule packs
 *           (clinical-rules/packs/chest-pain/ecg-*.yaml) over the fields that jz_ecg_facts gives.
 *  Safety   A lead that fails its quality check is not measured: unknown, never zero and never "negative".
 *           Nothing here is a diagnosis.
 *  Purity   No I/O, clock, allocation or global state. Integer arithmetic only: the same samples give the same numbers
 *           on every machine and compiler. Bounded time. One jz_ecg per thread.
 */
#ifndef JZ_ECG_H
#define JZ_ECG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/frame.h"
#include "jingzhu/status.h"

enum jz_ecg_lead {
    JZ_LEAD_I,
    JZ_LEAD_II,
    JZ_LEAD_III,
    JZ_LEAD_AVR,
    JZ_LEAD_AVL,
    JZ_LEAD_AVF,
    JZ_LEAD_V1,
    JZ_LEAD_V2,
    JZ_LEAD_V3,
    JZ_LEAD_V4,
    JZ_LEAD_V5,
    JZ_LEAD_V6,
    JZ_LEAD_V3R,
    JZ_LEAD_V4R,
    JZ_LEAD_V7,
    JZ_LEAD_V8,
    JZ_LEAD_V9,
    JZ_LEAD_COUNT
};

#define JZ_ECG_HZ 500u         /**< everything is measured at this rate; 2 ms a sample */
#define JZ_ECG_SECONDS_MAX 12u /**< of one recording */
#define JZ_ECG_SAMPLES_MAX (JZ_ECG_HZ * JZ_ECG_SECONDS_MAX)
#define JZ_ECG_BEATS_MAX 64u        /**< of one recording: 320 a minute over 12 s */
#define JZ_ECG_PERIOD_US_MIN 400u   /**< 2,500 Hz */
#define JZ_ECG_PERIOD_US_MAX 10000u /**< 100 Hz: below it no J point can be found */
#define JZ_ECG_MISSING INT32_MIN    /**< a sample that the recorder did not deliver */
#define JZ_ECG_UNKNOWN INT16_MIN    /**< a measure that could not be taken */

/** Averaged beat: this long, with the R fiducial at JZ_ECG_AVERAGE_R. */
#define JZ_ECG_AVERAGE_SAMPLES 450u
#define JZ_ECG_AVERAGE_R 175u

/** Why a lead is not (fully) to be believed. Bits. */
enum jz_ecg_trouble {
    JZ_ECG_LEAD_OFF = 1,
    JZ_ECG_SATURATED = 2,
    JZ_ECG_NOISY = 4,  /**< muscle, mains, motion in the ST-T part */
    JZ_ECG_WANDER = 8, /**< baseline moves too much to give a level */
    JZ_ECG_TOO_SHORT = 16,
    JZ_ECG_UNSTEADY =
        32 /**< beats of one kind differ more than they should; not usable where it is the QRS's time */
};

enum jz_ecg_beat_kind {
    JZ_BEAT_UNKNOWN,
    JZ_BEAT_MAIN,  /**< of the kind that was averaged */
    JZ_BEAT_OTHER, /**< another shape: ectopic or aberrant */
    JZ_BEAT_PACED
};
struct jz_ecg_beat {
    uint16_t at; /**< R fiducial, in samples of 2 ms from the start */
    uint8_t kind;
    uint8_t premature; /**< 1: came at less than 80 % of the running RR */
};

enum jz_ecg_conduction {
    JZ_CONDUCTION_UNKNOWN,
    JZ_CONDUCTION_NORMAL,
    JZ_CONDUCTION_LBBB,
    JZ_CONDUCTION_RBBB,
    JZ_CONDUCTION_IVCD /**< wide without the shape of either */
};
/** Rhythm facts; not exclusive. Bits. */
enum jz_ecg_rhythm {
    JZ_RHYTHM_REGULAR = 1,
    JZ_RHYTHM_IRREGULAR = 2,     /**< irregularly irregular without P waves: AF-like */
    JZ_RHYTHM_PAUSE = 4,         /**< RR of 2 s and more */
    JZ_RHYTHM_WIDE = 8,          /**< QRS of 120 ms and more */
    JZ_RHYTHM_WIDE_FAST = 16,    /**< and 100/min and more: VT until shown otherwise */
    JZ_RHYTHM_VF_SUSPECTED = 32, /**< no QRS, coarse waves: look at the patient */
    JZ_RHYTHM_FLAT = 64,         /**< no QRS, no waves, leads attached: look at the patient */
    JZ_RHYTHM_PACED = 128
};
enum jz_ecg_slope { JZ_SLOPE_UNKNOWN, JZ_SLOPE_UP, JZ_SLOPE_HORIZONTAL, JZ_SLOPE_DOWN };
enum jz_ecg_polarity { JZ_QRS_UNKNOWN, JZ_QRS_NEGATIVE, JZ_QRS_ISOELECTRIC, JZ_QRS_POSITIVE };
enum jz_ecg_t_shape {
    JZ_T_UNKNOWN,
    JZ_T_UPRIGHT,
    JZ_T_BROAD_SYMMETRICAL,
    JZ_T_BIPHASIC_UP_DOWN,
    JZ_T_INVERTED,
    JZ_T_INVERTED_SYMMETRICAL,
    JZ_T_FLAT
};

/** One lead. µV and ms; JZ_ECG_UNKNOWN where not measured, which is every measure of a lead that is not usable. */
struct jz_ecg_lead_measure {
    bool recorded; /**< samples came, or it was derived from I and II */
    bool derived;
    bool usable;
    uint8_t quality; /**< 0 (nothing) .. 100 */
    uint8_t trouble; /**< enum jz_ecg_trouble */
    uint8_t slope, polarity, t_shape;
    int16_t st_j_uv, st_j40_uv, st_j60_uv, st_j80_uv; /**< against the level at QRS onset */
    int16_t q_uv, q_ms, r_uv, r_ms, s_uv, t_uv,
        p_uv;      /**< r and t and p signed as drawn; q and s are depths, positive */
    int16_t r2_uv; /**< R', 0: none */
    int16_t average_uv[JZ_ECG_AVERAGE_SAMPLES]; /**< the averaged beat, 0 at QRS onset */
};

/** Positions in the averaged beat, in its samples; JZ_ECG_UNKNOWN where not found (a P wave may be absent). */
struct jz_ecg_marks {
    int16_t p_on, p_off, qrs_on, j, t_peak, t_off;
};

struct jz_ecg_measure {
    uint32_t samples;                  /**< at 500 Hz, of the longest lead */
    uint16_t lead_count, usable_count; /**< of those recorded */
    uint8_t quality; /**< of the whole: what share of the twelve can be believed, 0 .. 100 */
    bool readable;   /**< false: repeat the ECG; nothing of it may be called negative */
    bool limb_reversal_suspected;
    uint8_t conduction; /**< enum jz_ecg_conduction */
    uint8_t rhythm;     /**< enum jz_ecg_rhythm */
    uint16_t beat_count, averaged_count;
    struct jz_ecg_beat beat[JZ_ECG_BEATS_MAX];
    int16_t rate_bpm_x10, rr_ms_mean, rr_ms_min, rr_ms_max;
    int16_t pr_ms, qrs_ms, qt_ms, qtc_ms; /**< qtc by Fridericia; a QRS above 250 ms is no measurement */
    int16_t axis_deg;                     /**< frontal QRS axis, -179 .. 180 */
    int16_t sokolow_uv, cornell_uv;       /**< SV1 + max(RV5, RV6); RaVL + SV3 */
    bool lvh_voltage, lvh_strain;
    bool preexcitation_suspected;
    struct jz_ecg_marks marks;
    struct jz_ecg_lead_measure lead[JZ_LEAD_COUNT];
};

/** Working memory of one recording. All fields are the module's own; sizeof is at most 512 KiB (goal P11). */
struct jz_ecg;
size_t jz_ecg_bytes(void);

/** Makes `ecg` (jz_ecg_bytes() bytes, aligned as malloc does) ready for one recording.
 *  @param period_us  sample period of all leads, JZ_ECG_PERIOD_US_MIN .. _MAX  @retval JZ_E_VALUE  outside */
JZ_MUST_CHECK enum jz_status jz_ecg_begin(struct jz_ecg *ecg, uint32_t period_us);
/** Appends samples to a lead; leads may come in any order and in parts of any length.
 *  @param scale_nv  nanovolts a step, 1 .. 1,000,000
 *  @retval JZ_E_VALUE  a bad scale or lead  @retval JZ_E_FULL  longer than JZ_ECG_SECONDS_MAX; what fitted is kept */
JZ_MUST_CHECK enum jz_status jz_ecg_append(struct jz_ecg *ecg, enum jz_ecg_lead lead, const int32_t *samples,
                                           uint32_t count, uint32_t scale_nv);
/** Measures what was appended; may be called again after more came. Derives III, aVR, aVL, aVF from I and II where they
 *  were not recorded. Never fails: what cannot be measured is unknown, and `readable` says so.
 *  @param[out] out  fully written */
void jz_ecg_measure(struct jz_ecg *ecg, struct jz_ecg_measure *out);

/** The measures as fields of protocol/fields/ecg.csv, for the rules. A lead that is not usable gives no field,
 *  and while limb leads may be reversed neither they nor what needs them (axis, LBBB, strain) are said.
 *  @param before  the patient's earlier ECG, or NULL: gives st_prev_* and st_dynamic
 *  @return how many were written, at most JZ_ECG_FACTS_MAX */
#define JZ_ECG_FACTS_MAX 128u
uint32_t jz_ecg_facts(const struct jz_ecg_measure *now, const struct jz_ecg_measure *before,
                      struct jz_fact facts[JZ_ECG_FACTS_MAX]);

/** "II", "aVR", "V3R". Static storage. */
const char *jz_ecg_lead_name(enum jz_ecg_lead lead);
/** Lead of an MDC_ECG_LEAD_* code (IEEE 11073-10101, as `waveform` frames carry it); JZ_LEAD_COUNT: none of ours. */
enum jz_ecg_lead jz_ecg_lead_of_code(uint32_t code);
/** The reverse; 0 where there is none. */
uint32_t jz_ecg_lead_code(enum jz_ecg_lead lead);

/* --- a running trace: beats as they come, for a monitor or a device --------------------------------------- */

#define JZ_STREAM_LEADS_MAX 3u
/** What a running trace shows now. */
struct jz_stream_state {
    int16_t
        rate_bpm_x10; /**< over the last 8 beats; JZ_ECG_UNKNOWN: not known, also when the last beat is 3 s ago */
    /** enum jz_ecg_rhythm, of the last 10 s. Irregular and paced are never said here: P waves and pulses are not looked
     *  for. VF suspected: nothing else is said, and there is no rate. */
    uint8_t rhythm;
    bool lead_off; /**< all leads; then nothing else is known */
};
struct jz_ecg_stream;
size_t jz_ecg_stream_bytes(void);
JZ_MUST_CHECK enum jz_status jz_ecg_stream_begin(struct jz_ecg_stream *stream, uint32_t period_us,
                                                 uint32_t leads);
/** One sample of each lead, in µV or JZ_ECG_MISSING. A beat is told 0.3 to 0.5 s after its R; the first ones after 2 s.
 *  @param[out] beat_ago  samples of the input since the R fiducial of a beat found now
 *  @return true: a beat was found */
bool jz_ecg_stream_push(struct jz_ecg_stream *stream, const int32_t *uv, uint32_t *beat_ago);
void jz_ecg_stream_state(const struct jz_ecg_stream *stream, struct jz_stream_state *out);

#endif /* JZ_ECG_H */
