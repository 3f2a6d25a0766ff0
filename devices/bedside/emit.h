/* SPDX-License-Identifier: Apache-2.0 */
/** @file emit.h  From a story to frames: which frame falls due when, and its content. */
#ifndef JZ_EMIT_H
#define JZ_EMIT_H
#include "story.h"

#define JZ_EMISSIONS_MAX 16384u
#define JZ_ECG_SEGMENT_SAMPLES 400u /**< 12 leads of 18-bit differences stay below JZ_BYTES_MAX */
#define JZ_CTG_SEGMENT_SAMPLES 120u /**< 30 s at 4 Hz */

/** Part `part` of item `item`, due at `due_ms` of story time. */
struct jz_emission {
    int32_t due_ms;
    uint16_t item, part;
};

struct jz_plan {
    uint32_t count;
    struct jz_emission emission[JZ_EMISSIONS_MAX]; /**< by time, then line, then part */
};

/** Storage a waveform frame borrows until it is encoded. */
struct jz_emit_buffer {
    int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX];
    uint8_t coded[JZ_BYTES_MAX];
};

/** Lays out all emissions; checks that every recording is there and long enough.
 *  @retval JZ_E_FILE, JZ_E_FORMAT  `story->error` says what, where and the cure */
JZ_MUST_CHECK enum jz_status jz_plan_make(struct jz_story *story, struct jz_plan *out);
/** The frame of one emission; `at_ms` is story time when it was taken. An `await` gives kind NONE. Texts borrow
 *  from the story, samples from the buffer.
 *  @retval JZ_E_FILE, JZ_E_FORMAT, JZ_E_VALUE  `story->error` says what and where
 *  @param[out] duration_ms  how long after at_ms the content reaches (waveforms), else 0 */
JZ_MUST_CHECK enum jz_status jz_story_emit(struct jz_story *story, const struct jz_emission *which,
                                           struct jz_emit_buffer *buffer, struct jz_frame *out,
                                           int32_t *duration_ms);

/* Waveforms (emit_wave.c), for emit.c only. */
JZ_MUST_CHECK enum jz_status jz_wave_parts(struct jz_story *story, const struct jz_story_item *item,
                                           uint32_t *parts, int32_t *part_ms);
JZ_MUST_CHECK enum jz_status jz_wave_emit(struct jz_story *story, const struct jz_story_item *item,
                                          uint32_t part, struct jz_emit_buffer *buffer,
                                          struct jz_waveform *out, int32_t *part_ms);
/** Path of a recording, relative to the story. False when too long. */
bool jz_story_path(const struct jz_story *story, const char *file, char *out, size_t capacity);

#endif /* JZ_EMIT_H */
