/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measure_wave.h"

/* A recording: as far as it came, and as far as it was measured. */
struct recording {
    uint32_t snapshot; /* 0: none */
    uint32_t segments, measured;
    int64_t first_ms;         /* of the segment that came first, on the recorder's clock */
    int64_t start_ms, end_ms; /* on the recorder's clock: first sample, behind the last */
    int64_t taken_ms;         /* behind the last, on the server's clock */
    int64_t heard_mono_ms;    /* when the last segment became durable */
    uint64_t touched;         /* counter of segments: the least is the oldest */
    bool begun_before;        /* another recording has begun since */
    bool on_record;           /* measured before this start: `past` is not known yet */
    struct jz_ecg_past past;  /* what it measured, when it could be read */
};

/* What is followed of one encounter. */
struct watch {
    struct jz_encounter_id id;
    struct recording recording[JZ_TRACE_RECORDINGS]; /* those that the trace cache keeps */
    struct jz_ecg_past earlier;                      /* of the newest recording that gave way */
    uint64_t clock;
    struct jz_ctg_trace ctg;
    bool ctg_refused; /* said once */
};

struct jz_measure {
    struct jz_measure_config config;
    struct watch **watch; /* by slot; NULL: none */
    struct jz_ecg *ecg;   /* the one work area */
    uint32_t ctg_count;
    struct jz_measure_stats stats;
    struct jz_ecg_measure ecg_now, ecg_before; /* large: kept here and not on a stack */
    struct jz_ctg_measure ctg_now;
    struct jz_wave_scratch scratch;
};

struct jz_measure *jz_measure_open(const struct jz_measure_config *config) {
    struct jz_measure *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->config = *config;
    m->watch = calloc(config->encounters_max, sizeof(struct watch *));
    m->ecg = calloc(1, jz_ecg_bytes());
    if (m->watch && m->ecg) return m;
    jz_measure_close(m);
    return NULL;
}

static void drop_ctg(struct jz_measure *m, struct watch *w) {
    if (!w->ctg.ctg) return;
    free(w->ctg.ctg);
    w->ctg = (struct jz_ctg_trace){.ctg = NULL};
    m->ctg_count--;
}

static void drop_watch(struct jz_measure *m, uint32_t slot) {
    if (!m->watch[slot]) return;
    drop_ctg(m, m->watch[slot]);
    free(m->watch[slot]);
    m->watch[slot] = NULL;
}

void jz_measure_close(struct jz_measure *m) {
    if (!m) return;
    for (uint32_t slot = 0; m->watch && slot < m->config.encounters_max; slot++) drop_watch(m, slot);
    free(m->watch);
    free(m->ecg);
    free(m);
}

void jz_measure_stats(const struct jz_measure *m, struct jz_measure_stats *out) {
    *out = m->stats;
}

static int64_t mono_ms(const struct jz_measure *m) {
    return jz_hooks_mono_ms(m->config.hooks);
}

static void let_go(struct jz_measure *m, uint32_t count) {
    m->stats.let_go += count;
    m->config.let_go(m->config.context, count);
}

/* --- what becomes durable ------------------------------------------------------------------------------------------ */

static struct watch *reach(struct jz_measure *m, uint32_t slot, struct jz_encounter_id id) {
    struct watch *w = m->watch[slot];
    if (w && memcmp(w->id.byte, id.byte, sizeof id.byte) != 0) { /* the slot went to another patient */
        drop_watch(m, slot);
        w = NULL;
    }
    if (!w && (w = calloc(1, sizeof *w))) w->id = id;
    m->watch[slot] = w;
    return w;
}

/* One too many takes the place of the one untouched longest, as in the trace cache. */
static struct recording *begin_recording(struct jz_measure *m, struct watch *w, uint32_t snapshot,
                                         int64_t own_ms) {
    struct recording *r = &w->recording[0];
    for (uint32_t i = 1; i < JZ_TRACE_RECORDINGS; i++)
        if (w->recording[i].touched < r->touched) r = &w->recording[i];
    if (r->past.end_ms > w->earlier.end_ms) w->earlier = r->past;
    if (r->snapshot && r->measured < r->segments) let_go(m, 1);
    for (uint32_t i = 0; i < JZ_TRACE_RECORDINGS; i++) w->recording[i].begun_before = true;
    *r = (struct recording){.snapshot = snapshot, .first_ms = own_ms};
    return r;
}

static struct recording *find_recording(struct watch *w, uint32_t snapshot, int64_t own_ms) {
    for (uint32_t i = 0; i < JZ_TRACE_RECORDINGS; i++) {
        struct recording *r = &w->recording[i];
        if (r->snapshot == snapshot && jz_trace_is_same(r->first_ms, own_ms)) return r;
    }
    return NULL;
}

static int64_t end_of(const struct jz_waveform *wave, int64_t ms) {
    return ms + (int64_t)wave->samples * wave->period_us / 1000;
}

static void add_ecg(struct jz_measure *m, struct watch *w, const struct jz_waveform *wave, int64_t own_ms,
                    int64_t at_ms) {
    struct recording *r = find_recording(w, wave->snapshot, own_ms);
    if (!r) r = begin_recording(m, w, wave->snapshot, own_ms);
    if (r->segments == JZ_TRACE_SNAPSHOT_SEGMENTS) return; /* the trace cache keeps no more of it */
    if (!r->segments || own_ms < r->start_ms) r->start_ms = own_ms;
    if (!r->segments || end_of(wave, own_ms) > r->end_ms) r->end_ms = end_of(wave, own_ms);
    if (end_of(wave, at_ms) > r->taken_ms) r->taken_ms = end_of(wave, at_ms);
    r->segments++;
    r->touched = ++w->clock;
    r->heard_mono_ms = mono_ms(m);
}

/* The trace unheard longest gives way, if it ended. */
static bool make_room(struct jz_measure *m) {
    struct watch *oldest = NULL;
    if (m->ctg_count < m->config.ctg_max) return true;
    for (uint32_t slot = 0; slot < m->config.encounters_max; slot++) {
        struct watch *w = m->watch[slot];
        if (!w || !w->ctg.ctg) continue;
        if (!oldest || w->ctg.heard_mono_ms < oldest->ctg.heard_mono_ms) oldest = w;
    }
    if (!oldest || mono_ms(m) - oldest->ctg.heard_mono_ms < JZ_MEASURE_ENDED_MS) return false;
    drop_ctg(m, oldest);
    let_go(m, 1);
    return true;
}

static uint32_t ga_days_of(const struct jz_measure *m, uint32_t slot) {
    struct jz_reading r = jz_chart_reading(jz_core_chart(m->config.core, slot), jz_field_by_name("ga_days"));
    return r.validity == JZ_VALID && r.value > 0 ? (uint32_t)r.value : 0;
}

static bool begin_ctg(struct jz_measure *m, struct watch *w) {
    if (make_room(m)) w->ctg.ctg = calloc(1, jz_ctg_bytes());
    if (!w->ctg.ctg && !w->ctg_refused) let_go(m, 1);
    w->ctg_refused = !w->ctg.ctg;
    m->ctg_count += w->ctg.ctg != NULL;
    return w->ctg.ctg != NULL;
}

static void add_ctg(struct jz_measure *m, uint32_t slot, struct watch *w, const struct jz_waveform *wave,
                    int64_t at_ms) {
    if (!w->ctg.ctg && !begin_ctg(m, w)) return;
    jz_wave_append_ctg(&w->ctg, wave, at_ms, ga_days_of(m, slot), &m->scratch);
    w->ctg.heard_mono_ms = mono_ms(m);
}

void jz_measure_add(struct jz_measure *m, uint32_t slot, struct jz_encounter_id id,
                    const struct jz_waveform *wave, int64_t own_ms, int64_t at_ms) {
    bool recording = wave->wave == JZ_WAVE_ECG && wave->snapshot;
    if (!recording && wave->wave != JZ_WAVE_CTG) return;
    struct watch *w = reach(m, slot, id);
    if (!w)
        let_go(m, 1);
    else if (recording)
        add_ecg(m, w, wave, own_ms, at_ms);
    else
        add_ctg(m, slot, w, wave, at_ms);
}

/* Of the number that a measurement on record names, the one that came last before it. */
static struct recording *newest_of(struct watch *w, uint32_t snapshot) {
    struct recording *newest = NULL;
    for (uint32_t i = 0; i < JZ_TRACE_RECORDINGS; i++) {
        struct recording *r = &w->recording[i];
        if (r->snapshot == snapshot && (!newest || r->touched > newest->touched)) newest = r;
    }
    return newest;
}

void jz_measure_on_record(struct jz_measure *m, uint32_t slot, const struct jz_measurement *measurement) {
    struct watch *w = m->watch[slot];
    if (!w || memcmp(w->id.byte, measurement->encounter.byte, sizeof w->id.byte) != 0) return;
    if (measurement->wave == JZ_WAVE_CTG) {
        if (measurement->taken_ms > w->ctg.measured_ms) w->ctg.measured_ms = measurement->taken_ms;
        return;
    }
    struct recording *r = newest_of(w, measurement->snapshot);
    if (!r) return;
    if (measurement->segments > r->measured) r->measured = measurement->segments;
    r->on_record = measurement->readable;
}

/* --- what is due ------------------------------------------------------------------------------------------------------- */

enum urgency { NOT_DUE, MINUTE, ECG_AGAIN, ECG_FIRST }; /* ascending */

struct job {
    enum urgency urgency;
    int64_t since_mono_ms; /* heard last: of equals the one that waits longest goes first */
    uint64_t touched;      /* of those heard at once the one that came first */
    struct recording *recording;
    struct watch *watch;
    uint32_t slot;
};

static enum urgency due_ecg(const struct recording *r, int64_t now_ms) {
    int64_t quiet_ms = now_ms - r->heard_mono_ms, length_ms = r->end_ms - r->start_ms;
    if (!r->snapshot || r->measured >= r->segments) return NOT_DUE;
    if (r->measured) return quiet_ms >= JZ_MEASURE_QUIET_MS ? ECG_AGAIN : NOT_DUE;
    bool due = length_ms >= JZ_MEASURE_WHOLE_MS || r->begun_before || quiet_ms >= JZ_MEASURE_GIVE_UP_MS ||
               (quiet_ms >= JZ_MEASURE_QUIET_MS && length_ms >= JZ_MEASURE_ENOUGH_MS);
    return due ? ECG_FIRST : NOT_DUE;
}

static enum urgency due_ctg(const struct jz_ctg_trace *t, int64_t now_ms) {
    if (!t->ctg || !t->start_ms) return NOT_DUE;
    int64_t fresh_ms = t->end_ms - (t->measured_ms > t->start_ms ? t->measured_ms : t->start_ms);
    bool ended = fresh_ms > 0 && now_ms - t->heard_mono_ms >= JZ_MEASURE_MINUTE_MS;
    return fresh_ms >= JZ_MEASURE_MINUTE_MS || ended ? MINUTE : NOT_DUE;
}

static void consider(struct jz_measure *m, struct job *best, const struct job *job) {
    if (job->urgency == NOT_DUE) return;
    m->stats.waiting++;
    bool earlier = job->since_mono_ms != best->since_mono_ms ? job->since_mono_ms < best->since_mono_ms
                                                             : job->touched < best->touched;
    if (job->urgency > best->urgency || (job->urgency == best->urgency && earlier)) *best = *job;
}

/* Of a patient who is gone nothing is measured any more. */
static bool is_over(struct jz_measure *m, uint32_t slot) {
    struct jz_encounter_id id = jz_core_encounter_id(m->config.core, slot);
    bool over = memcmp(id.byte, m->watch[slot]->id.byte, sizeof id.byte) != 0 ||
                !jz_core_encounter_is_open(m->config.core, slot);
    if (over) drop_watch(m, slot);
    return over;
}

static struct job next_job(struct jz_measure *m) {
    struct job best = {.urgency = NOT_DUE};
    int64_t now_ms = mono_ms(m);
    m->stats.waiting = 0;
    for (uint32_t slot = 0; slot < jz_core_encounter_count(m->config.core); slot++) {
        if (!m->watch[slot] || is_over(m, slot)) continue;
        struct watch *w = m->watch[slot];
        for (uint32_t i = 0; i < JZ_TRACE_RECORDINGS; i++) {
            struct recording *r = &w->recording[i];
            consider(m, &best, &(struct job){due_ecg(r, now_ms), r->heard_mono_ms, r->touched, r, w, slot});
        }
        consider(m, &best, &(struct job){due_ctg(&w->ctg, now_ms), w->ctg.heard_mono_ms, 0, NULL, w, slot});
    }
    return best;
}

/* --- one measurement ---------------------------------------------------------------------------------------------------- */

static struct jz_measurement begin(const struct job *job, enum jz_wave_kind wave, int64_t taken_ms,
                                   int64_t duration_ms, uint32_t segments) {
    struct jz_measurement out = {.encounter = job->watch->id,
                                 .wave = wave,
                                 .snapshot = job->recording ? job->recording->snapshot : 0,
                                 .taken_ms = taken_ms,
                                 .duration_ms = (uint32_t)duration_ms,
                                 .segments = segments,
                                 .version = JZ_MEASURE_VERSION};
    for (uint32_t i = 0; i < JZ_NUMBER_COUNT; i++) out.number[i] = JZ_NUMBER_UNKNOWN;
    return out;
}

#define LIBRARY_MS ((int64_t)JZ_ECG_SECONDS_MAX * 1000) /* of a longer recording the beginning is measured */

static int64_t duration_of(const struct recording *r) {
    int64_t ms = r->end_ms - r->start_ms;
    return ms < LIBRARY_MS ? ms : LIBRARY_MS;
}

/* What is measured of a recording ended then: that it went on makes it no newer. */
static int64_t taken_of(const struct recording *r) {
    int64_t ms = r->taken_ms - (r->end_ms - r->start_ms - duration_of(r));
    return ms > 0 ? ms : 1;
}

/* Into ecg_now. @return false: its segments are not here any more */
static bool measure_recording(struct jz_measure *m, const struct job *job, const struct recording *r) {
    struct jz_trace_segment segments[JZ_TRACE_SNAPSHOT_SEGMENTS];
    uint32_t count =
        jz_trace_recording(m->config.trace, job->slot, job->watch->id, r->snapshot, r->first_ms, segments);
    if (!count) return false;
    jz_wave_fill_ecg(m->ecg, segments, count, &m->scratch);
    jz_ecg_measure(m->ecg, &m->ecg_now);
    return true;
}

static void remember(struct jz_measure *m, struct recording *r) {
    r->on_record = false;
    if (m->ecg_now.readable) jz_ecg_past_keep(&r->past, &m->ecg_now, taken_of(r));
}

/* The newest recording before `r` that could be read; NULL: none is here. */
static struct recording *newest_before(struct watch *w, const struct recording *r) {
    struct recording *newest = NULL;
    for (uint32_t i = 0; i < JZ_TRACE_RECORDINGS; i++) {
        struct recording *other = &w->recording[i];
        if (other == r || !(other->on_record || other->past.end_ms)) continue;
        if (taken_of(other) >= taken_of(r)) continue;
        if (!newest || taken_of(other) > taken_of(newest)) newest = other;
    }
    return newest;
}

static const struct jz_ecg_past *past_of(struct watch *w, const struct recording *r) {
    const struct recording *here = newest_before(w, r);
    bool gone = w->earlier.end_ms && w->earlier.end_ms < taken_of(r);
    if (gone && (!here || w->earlier.end_ms > here->past.end_ms)) return &w->earlier;
    return here ? &here->past : NULL;
}

/* An earlier recording of before this start is measured again first, for the comparison; it is on record already. */
static bool recall_past(struct jz_measure *m, const struct job *job) {
    struct recording *other = newest_before(job->watch, job->recording);
    if (!other || !other->on_record) return false;
    if (!measure_recording(m, job, other)) m->ecg_now.readable = false;
    remember(m, other);
    return true;
}

static bool step_ecg(struct jz_measure *m, const struct job *job) {
    struct recording *r = job->recording;
    if (recall_past(m, job)) return true;
    uint32_t segments = r->segments;
    if (!measure_recording(m, job, r)) {
        r->measured = segments; /* the cache was over its limit */
        let_go(m, 1);
        return true;
    }
    struct jz_measurement out = begin(job, JZ_WAVE_ECG, taken_of(r), duration_of(r), segments);
    const struct jz_ecg_past *past = past_of(job->watch, r);
    if (past) jz_ecg_past_recall(past, &m->ecg_before);
    jz_wave_say_ecg(&m->ecg_now, past ? &m->ecg_before : NULL, &out);
    if (!m->config.submit(m->config.context, &out)) return false;
    r->measured = segments;
    remember(m, r);
    m->stats.ecg++;
    return true;
}

static bool step_ctg(struct jz_measure *m, const struct job *job) {
    struct jz_ctg_trace *t = &job->watch->ctg;
    struct jz_measurement out = begin(job, JZ_WAVE_CTG, t->end_ms, t->end_ms - t->start_ms, t->segments);
    jz_ctg_measure(t->ctg, &m->ctg_now);
    jz_wave_say_ctg(t->ctg, &m->ctg_now, &out);
    if (!m->config.submit(m->config.context, &out)) return false;
    t->measured_ms = t->end_ms;
    m->stats.ctg++;
    return true;
}

static uint32_t us_since(const struct timespec *begun) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((now.tv_sec - begun->tv_sec) * 1000000 + (now.tv_nsec - begun->tv_nsec) / 1000);
}

bool jz_measure_step(struct jz_measure *m) {
    struct timespec begun;
    struct job job = next_job(m);
    if (job.urgency == NOT_DUE) return false;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    bool done = job.recording ? step_ecg(m, &job) : step_ctg(m, &job);
    uint32_t us = us_since(&begun);
    if (us > m->stats.max_us) m->stats.max_us = us;
    return done;
}
