/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/draw.h  An ECG and a cardiotocogram on true paper, as SVG.
 *
 *  Paper    Sizes are millimetres of paper: printed at 100 % a millimetre of the grid is a millimetre. ECG 25 mm/s and
 *           10 mm/mV (averaged beats 50 mm/s), 3 x 4 leads of 2.5 s and a strip of 10 s; CTG 10, 20 or 30 mm/min,
 *           20 bpm/cm from 50 to 210, toco 0 to 100 over 4 cm. Scales are written on the sheet.
 *  Honesty  The trace is what was recorded, less its constant offset; a gap is a gap. A lead that is not believed is
 *           hatched and says why. Every sheet says that it is no diagnosis.
 *  Purity   No I/O, clock, allocation, locale or floating point: the same input gives the same bytes. Text is escaped.
 *           Bounded: JZ_SVG_BYTES_MAX.
 */
#ifndef JZ_DRAW_H
#define JZ_DRAW_H
#include "jingzhu/ctg.h"
#include "jingzhu/ecg.h"

#define JZ_SVG_BYTES_MAX (16u << 20)

/** Takes the next bytes of the drawing; they are valid during the call. */
typedef void jz_svg_write(void *out, const char *text, size_t bytes);

/** Everything on one sheet. Pointers are the caller's; texts UTF-8. */
struct jz_ecg_sheet {
    const char *name;                        /**< of the record */
    const char *statement_zh, *statement_en; /**< jz_ecg_statement */
    uint32_t period_us;                      /**< of the samples below, JZ_ECG_PERIOD_US_MIN .. _MAX */
    uint32_t samples;                        /**< of each lead */
    const int32_t *uv[JZ_LEAD_COUNT]; /**< µV or JZ_ECG_MISSING; NULL: not recorded. Of derived leads too */
    int age_years;                    /**< -1: not known */
    char sex;                         /**< 'm', 'f', 0: not known */
    const struct jz_ecg_measure *measure; /**< of the same samples */
};
/** A4 landscape; with right-sided or posterior leads taller by two rows.
 *  @retval JZ_E_VALUE   a period outside its range  @retval JZ_E_FULL  beyond JZ_SVG_BYTES_MAX: the text is cut */
JZ_MUST_CHECK enum jz_status jz_draw_ecg(const struct jz_ecg_sheet *sheet, jz_svg_write *write, void *out);

#define JZ_CTG_VERDICTS_MAX (JZ_CTG_MINUTES_MAX / 10u)
/** What was known at a time of the trace. */
struct jz_ctg_verdict {
    uint32_t minute; /**< from the first sample of the trace */
    int32_t baseline_x10, variability_x10, usable_permille;
    char classes[160]; /**< "FIGO 可疑 suspicious   NICHD II" */
};
struct jz_ctg_sheet {
    const char *name;
    const char *statement_zh, *statement_en; /**< jz_ctg_statement */
    uint32_t mm_per_min;                     /**< 10, 20 or 30 */
    const struct jz_ctg_sample *sample;      /**< of measure->first and after, as recorded */
    uint32_t samples;                        /**< at most JZ_CTG_SAMPLES_MAX */
    const int16_t *baseline_x10;             /**< jz_ctg_curves, as many; NULL: none. 0: none there */
    const struct jz_ctg_measure *measure;    /**< of the same samples */
    const struct jz_ctg_verdict *verdict;    /**< ascending */
    uint32_t verdicts;
};
/** 210 mm high and as long as the trace, A4 landscape at least.
 *  @retval JZ_E_VALUE  a speed or number of samples outside its range  @retval JZ_E_FULL  as above */
JZ_MUST_CHECK enum jz_status jz_draw_ctg(const struct jz_ctg_sheet *sheet, jz_svg_write *write, void *out);

#endif /* JZ_DRAW_H */
