/* SPDX-License-Identifier: Apache-2.0 */
/** @file trace.h  Cardiotocograms built sample by sample, so that the truth about them is known. Rates in bpm x 10, toco
 *  in units x 10, lengths in samples of 250 ms. */
#ifndef JZ_CTG_TEST_TRACE_H
#define JZ_CTG_TEST_TRACE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jingzhu/ctg.h"
#include "jingzhu/field.h"

#define SECOND 4u
#define MINUTE 240u
#define TRACE_MAX (200u * MINUTE)

struct trace {
    uint32_t count, ga_days;
    struct jz_ctg_sample sample[TRACE_MAX];
};
/** One at a time. @return an empty trace without toco and without the mother's rate */
struct trace *trace_new(void);
void add_rate(struct trace *t, int rate_x10, uint32_t samples);
/** Towards `to`, which the sample after the last of the ramp would have. */
void add_ramp(struct trace *t, int from_x10, int to_x10, uint32_t samples);
void add_loss(struct trace *t, uint32_t samples);
/** Rates that go up and down by second between `low` and `low + band`, three times a minute. */
void add_band(struct trace *t, int low_x10, int band_x10, uint32_t samples);
/** A resting curve all along that moves enough to be seen as connected. */
void rest_toco(struct trace *t);
/** A curve that does not move all along. */
void flat_toco(struct trace *t, int units_x10);
/** A rise by `height` over [start, start + samples), as steep as can be. */
void raise_toco(struct trace *t, uint32_t start, uint32_t samples, int height_x10);
/** A rise with its one peak at `peak`, from `half` samples before to `half` after. */
void peak_toco(struct trace *t, uint32_t peak, uint32_t half, int height_x10);

/** The trace measured as a whole. @return valid until the next call */
const struct jz_ctg_measure *measure(const struct trace *t);
/** The samples of `t` so far given, as measured last. */
struct jz_ctg *measured(void);
/** Number of events of a kind, and the `n`th of them. */
uint32_t event_count(const struct jz_ctg_measure *m, enum jz_ctg_event_kind kind);
const struct jz_ctg_event *event_at(const struct jz_ctg_measure *m, enum jz_ctg_event_kind kind, uint32_t n);
/** A field of what was measured last; NO_FIELD where there is none. */
#define NO_FIELD INT32_MIN
int32_t field_of(const struct jz_ctg_measure *m, const char *name);

/** A seed from JZ_SEED or the clock, printed either way. */
uint64_t seed_of(const char *test);
uint32_t draw(uint64_t *state, uint32_t below);

#endif /* JZ_CTG_TEST_TRACE_H */
