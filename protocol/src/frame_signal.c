/* SPDX-License-Identifier: Apache-2.0 */
/* vitals and waveform: what sensors say. */
#include "frame_row.h"

enum { PERIOD_US_MAX = 32000000, SCALE_MAX = 1000000 };

static const struct jz_row vitals_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_LIST(8, PAIRS, vitals.item, vitals.count, REQUIRED, INT32_MIN, INT32_MAX),
    JZ_LIST(9, ABSENT, vitals.absent, vitals.absent_count, OPTIONAL, 1, JZ_ABSENCE_FAILED),
};
static const struct jz_row waveform_rows[] = {
    JZ_HEADER_STORED,
    JZ_HEADER_ENCOUNTER(REQUIRED),
    JZ_INT(8, waveform.wave, REQUIRED, 1, JZ_WAVE_CTG),
    JZ_INT(9, waveform.period_us, REQUIRED, 1, PERIOD_US_MAX),
    JZ_LIST(10, CODES, waveform.channel, waveform.channel_count, REQUIRED, 1, JZ_CHANNELS_MAX),
    JZ_INT(11, waveform.samples, REQUIRED, 1, JZ_SAMPLES_PER_CHANNEL_MAX),
    JZ_INT(12, waveform.scale, REQUIRED, 1, SCALE_MAX),
    {13, JZ_ROW_BYTES, JZ_ROW_REQUIRED, 0, JZ_AT(waveform.coded), 0, 1, JZ_BYTES_MAX},
    JZ_INT(14, waveform.snapshot, OPTIONAL, 0, UINT32_MAX),
};

/* CDDL cannot multiply: channels times samples is bounded here, so that a segment fits its buffer. */
static enum jz_status check_waveform(const struct jz_frame *frame) {
    const struct jz_waveform *wave = &frame->waveform;
    return wave->channel_count * wave->samples > JZ_SAMPLES_PER_SEGMENT_MAX ? JZ_E_VALUE : JZ_OK;
}

const struct jz_kind jz_signal_kinds[2] = {
    JZ_KIND(JZ_FRAME_VITALS, "vitals", true, vitals_rows, NULL),
    JZ_KIND(JZ_FRAME_WAVEFORM, "waveform", true, waveform_rows, check_waveform),
};
