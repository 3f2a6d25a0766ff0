/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <time.h>

struct trace *trace_new(void) {
    static struct trace trace;
    trace.count = 0;
    trace.ga_days = 0;
    return &trace;
}

static void add_sample(struct trace *t, int rate_x10) {
    assert_true(t->count < TRACE_MAX);
    t->sample[t->count++] =
        (struct jz_ctg_sample){(int16_t)rate_x10, JZ_CTG_LOSS, JZ_CTG_LOSS, JZ_CTG_NO_TOCO};
}

void add_rate(struct trace *t, int rate_x10, uint32_t samples) {
    for (uint32_t i = 0; i < samples; i++) add_sample(t, rate_x10);
}

void add_ramp(struct trace *t, int from_x10, int to_x10, uint32_t samples) {
    for (uint32_t i = 0; i < samples; i++)
        add_sample(t, from_x10 + (to_x10 - from_x10) * (int)i / (int)samples);
}

void add_loss(struct trace *t, uint32_t samples) {
    add_rate(t, JZ_CTG_LOSS, samples);
}

void add_band(struct trace *t, int low_x10, int band_x10, uint32_t samples) {
    for (uint32_t i = 0; i < samples; i++) {
        int step = (int)(i / SECOND % 20);
        add_sample(t, low_x10 + band_x10 * (step < 10 ? step : 20 - step) / 10);
    }
}

void flat_toco(struct trace *t, int units_x10) {
    for (uint32_t i = 0; i < t->count; i++) t->sample[i].toco_x10 = (int16_t)units_x10;
}

void rest_toco(struct trace *t) {
    for (uint32_t i = 0; i < t->count; i++) t->sample[i].toco_x10 = (int16_t)(100 + (i / 40 % 2) * 15);
}

void raise_toco(struct trace *t, uint32_t start, uint32_t samples, int height_x10) {
    for (uint32_t i = start; i < start + samples && i < t->count; i++)
        t->sample[i].toco_x10 = (int16_t)(t->sample[i].toco_x10 + height_x10);
}

void peak_toco(struct trace *t, uint32_t peak, uint32_t half, int height_x10) {
    for (uint32_t k = 0; k < half; k++) {
        int rise = height_x10 * (int)(half - k) / (int)half;
        raise_toco(t, peak + k, 1, rise);
        if (k) raise_toco(t, peak - k, 1, rise);
    }
}

struct jz_ctg *measured(void) {
    static struct jz_ctg *ctg;
    if (!ctg) ctg = malloc(jz_ctg_bytes());
    assert_non_null(ctg);
    return ctg;
}

const struct jz_ctg_measure *measure(const struct trace *t) {
    static struct jz_ctg_measure m;
    jz_ctg_begin(measured(), t->ga_days);
    jz_ctg_append(measured(), t->sample, t->count);
    jz_ctg_measure(measured(), &m);
    return &m;
}

uint32_t event_count(const struct jz_ctg_measure *m, enum jz_ctg_event_kind kind) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->event_count; i++) count += m->event[i].kind == kind;
    return count;
}

const struct jz_ctg_event *event_at(const struct jz_ctg_measure *m, enum jz_ctg_event_kind kind, uint32_t n) {
    for (uint32_t i = 0; i < m->event_count; i++)
        if (m->event[i].kind == kind && n-- == 0) return &m->event[i];
    fail_msg("no event of kind %d", (int)kind);
    return NULL;
}

int32_t field_of(const struct jz_ctg_measure *m, const char *name) {
    struct jz_fact fact[JZ_CTG_FACTS_MAX];
    uint32_t count = jz_ctg_facts(measured(), m, fact), index = jz_field_by_name(name);
    assert_int_not_equal(index, JZ_FIELD_UNKNOWN);
    for (uint32_t i = 0; i < count; i++)
        if (fact[i].code == jz_field_at(index)->code) return fact[i].value;
    return NO_FIELD;
}

uint64_t seed_of(const char *test) {
    const char *given = getenv("JZ_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("%s: JZ_SEED=%llu\n", test, (unsigned long long)seed);
    return seed;
}

uint32_t draw(uint64_t *state, uint32_t below) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % below;
}
