/* SPDX-License-Identifier: Apache-2.0 */
/** @file sample_frames.h  The frames behind tests/golden/frames: each name there has a builder here. */
#ifndef JZ_TEST_SAMPLE_FRAMES_H
#define JZ_TEST_SAMPLE_FRAMES_H
#include "jingzhu/codec.h"

struct sample {
    enum jz_frame_kind kind;
    const char *name;
    void (*build)(struct jz_frame *frame); /**< into a zeroed frame that has kind and header */
};
extern const struct sample samples[];
extern const unsigned sample_count;

/** The whole frame of a sample. Texts are static. */
void sample_build(const struct sample *sample, struct jz_frame *out);

/** A random frame of a kind within the grammar; texts and bytes point into static storage. */
void sample_random(enum jz_frame_kind kind, uint64_t *random, struct jz_frame *out);

#endif /* JZ_TEST_SAMPLE_FRAMES_H */
