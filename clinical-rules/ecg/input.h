/* SPDX-License-Identifier: Apache-2.0 */
/** @file input.h  One lead's samples at the recorder's own rate, and out of them µV at 500 Hz. */
#ifndef JZ_ECG_INPUT_H
#define JZ_ECG_INPUT_H
#include "jingzhu/ecg.h"

#define ECG_GAP INT16_MIN /**< at 500 Hz: the recorder did not deliver this sample */
#define ECG_BACK_MAX 96u  /**< input samples that one resampled sample can reach back over: 2,500 Hz */

/** input.c: where one lead's samples arrive, at the recorder's own rate. */
struct ecg_input {
    int32_t back[ECG_BACK_MAX]; /**< ring of the newest samples, µV from `offset_uv` */
    uint8_t back_gap[ECG_BACK_MAX];
    uint64_t taken;    /**< input samples so far */
    int32_t offset_uv; /**< the first sample there was; a recorder's direct voltage may be 300 mV */
    bool started;
    int32_t run_step, run_count, run_entry_uv; /**< equal samples in a row, for clipping */
    int32_t top, bottom;                       /**< extremes, in input steps */
    uint32_t top_us, bottom_us;                /**< time spent at them in suspicious runs */
};

/** Takes one sample. */
void jz_ecg_input_put(struct ecg_input *in, int32_t uv, bool gap);
/** Sample `n` at 500 Hz, µV from the offset, or ECG_GAP. They are asked for in order, as soon as there are.
 *  @return false: it waits for more input */
bool jz_ecg_input_get(const struct ecg_input *in, uint32_t period_us, uint64_t n, int16_t *uv);

#endif /* JZ_ECG_INPUT_H */
