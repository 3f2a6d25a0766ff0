/* SPDX-License-Identifier: Apache-2.0 */
/* A running trace. The last six seconds are kept at 500 Hz; every 200 ms the beats in them are found as in a recording
 * (qrs.c), and those that are new and 300 ms old are told. What happens when depends on the count of samples alone, so
 * the same trace gives the same beats however it is cut into pushes. */
#include <string.h>

#include "input.h"
#include "qrs.h"
#include "rhythm.h"
#include "small.h"
#include "waves.h"

#define KEPT 3000u       /* samples at 500 Hz */
#define HOP 100u         /* samples between two looks */
#define FIRST_LOOK 1000u /* 2 s are needed to know what stands out */
#define LOOK_AHEAD 150u  /* 300 ms after R a higher crest would have shown itself */
#define APART 100u       /* 200 ms between two beats */
#define SILENT 1000u     /* 2 s without a change: the lead is off, or nothing comes */
#define BEATS 40u        /* remembered: ten seconds at 240/min */
#define RATE_BEATS 8u
#define RATE_BEATS_MIN 3u
#define STALE 1500u      /* 3 s after the last beat there is no rate */
#define PAUSE 1000u      /* 2 s */
#define HISTORY 5000u    /* 10 s of rhythm */
#define WAVES_EVERY 500u /* 1 s */
#define WAVES_AGREE 3u   /* looks in a row that must say the same */
#define FAST_BPM_X10 1000
#define FAR_UV 15000 /* from where the trace is brought back to zero: half of what is kept can hold */

struct jz_ecg_stream {
    uint32_t period_us, leads;
    struct ecg_input input[JZ_STREAM_LEADS_MAX];
    int16_t uv[JZ_STREAM_LEADS_MAX][KEPT];
    uint32_t held;                         /* samples in uv */
    uint64_t made;                         /* samples at 500 Hz so far */
    uint64_t changed[JZ_STREAM_LEADS_MAX]; /* `made` when the lead last moved */
    bool heard[JZ_STREAM_LEADS_MAX];
    uint64_t beat[BEATS]; /* R, in samples at 500 Hz; ring */
    uint16_t spread[BEATS];
    uint64_t beats, told; /* found; told to the caller */
    enum ecg_waves waves;
    uint32_t waves_run; /* looks in a row that said so */
    int32_t sum[KEPT], activity[KEPT];
};

_Static_assert(2 * ECG_WAVES_WINDOW <= 2 * KEPT, "the waves' working room");
_Static_assert(ECG_WAVES_WINDOW <= KEPT, "the waves' window is kept");

size_t jz_ecg_stream_bytes(void) {
    return sizeof(struct jz_ecg_stream);
}

enum jz_status jz_ecg_stream_begin(struct jz_ecg_stream *s, uint32_t period_us, uint32_t leads) {
    if (period_us < JZ_ECG_PERIOD_US_MIN || period_us > JZ_ECG_PERIOD_US_MAX) return JZ_E_VALUE;
    if (leads < 1 || leads > JZ_STREAM_LEADS_MAX) return JZ_E_VALUE;
    memset(s, 0, sizeof *s);
    s->period_us = period_us;
    s->leads = leads;
    return JZ_OK;
}

/* --- samples ------------------------------------------------------------------------------------------------------------ */

static bool is_off(const struct jz_ecg_stream *s, uint32_t lead) {
    return !s->heard[lead] || s->made - s->changed[lead] >= SILENT;
}

static bool all_off(const struct jz_ecg_stream *s) {
    for (uint32_t lead = 0; lead < s->leads; lead++)
        if (!is_off(s, lead)) return false;
    return true;
}

/* An amplifier's direct voltage may wander further than the kept samples reach. */
static void bring_back(struct jz_ecg_stream *s, uint32_t lead) {
    struct ecg_input *in = &s->input[lead];
    int32_t by = s->uv[lead][s->held - 1];
    if (ecg_abs(by) < FAR_UV) return;
    for (uint32_t t = 0; t < s->held; t++) s->uv[lead][t] = ecg_narrow((int32_t)s->uv[lead][t] - by);
    for (uint32_t k = 0; k < ECG_BACK_MAX; k++) in->back[k] -= by;
    int64_t offset = (int64_t)in->offset_uv + by;
    in->offset_uv = (int32_t)(offset > INT32_MAX ? INT32_MAX : offset < INT32_MIN ? INT32_MIN : offset);
}

static void make_room(struct jz_ecg_stream *s) {
    if (s->held < KEPT) return;
    for (uint32_t lead = 0; lead < s->leads; lead++)
        memmove(s->uv[lead], s->uv[lead] + HOP, (KEPT - HOP) * sizeof s->uv[lead][0]);
    s->held -= HOP;
}

static void keep(struct jz_ecg_stream *s, const int16_t *uv) {
    make_room(s);
    for (uint32_t lead = 0; lead < s->leads; lead++) {
        int16_t before = s->held ? s->uv[lead][s->held - 1] : 0,
                now = uv[lead] == ECG_GAP ? before : uv[lead];
        if (uv[lead] != ECG_GAP && (now != before || !s->heard[lead])) {
            s->changed[lead] = s->made;
            s->heard[lead] = true;
        }
        s->uv[lead][s->held] = now;
    }
    s->held++;
    s->made++;
}

/* --- beats and waves ------------------------------------------------------------------------------------------------------- */

static uint32_t live_leads(const struct jz_ecg_stream *s, uint32_t last, const int16_t **uv) {
    uint32_t n = 0;
    for (uint32_t lead = 0; lead < s->leads; lead++)
        if (!is_off(s, lead)) uv[n++] = s->uv[lead] + s->held - last;
    return n;
}

static void find_beats(struct jz_ecg_stream *s) {
    const int16_t *uv[JZ_STREAM_LEADS_MAX];
    struct ecg_crests crests;
    uint32_t leads = live_leads(s, s->held, uv);
    if (!leads || !jz_ecg_activity(uv, leads, s->held, s->sum, s->activity)) return;
    if (!jz_ecg_crests(s->sum, s->activity, s->held, &crests)) return;
    for (uint32_t i = 0; i < crests.count; i++) {
        uint32_t r = jz_ecg_centre(s->sum, s->held, crests.at[i]);
        uint64_t at = s->made - s->held + r;
        if (r + LOOK_AHEAD > s->held) break;
        if (s->beats && at < s->beat[(s->beats - 1) % BEATS] + APART) continue;
        s->beat[s->beats % BEATS] = at;
        s->spread[s->beats++ % BEATS] = jz_ecg_spread(s->sum, s->held, r);
    }
    if (s->beats - s->told > BEATS) s->told = s->beats - BEATS;
}

static void look_at_waves(struct jz_ecg_stream *s) {
    const int16_t *uv[JZ_STREAM_LEADS_MAX];
    uint32_t leads = live_leads(s, ECG_WAVES_WINDOW, uv);
    if (!leads) {
        s->waves_run = 0;
        return;
    }
    enum ecg_waves waves = jz_ecg_waves(uv, leads, s->sum);
    s->waves_run = waves == s->waves ? s->waves_run + (s->waves_run < WAVES_AGREE) : 1;
    s->waves = waves;
}

static void look(struct jz_ecg_stream *s) {
    for (uint32_t lead = 0; lead < s->leads; lead++) bring_back(s, lead);
    if (s->held >= FIRST_LOOK) find_beats(s);
    if (s->held >= ECG_WAVES_WINDOW && s->made % WAVES_EVERY == 0) look_at_waves(s);
}

/* One sample at 500 Hz of all leads, once each has it. */
static bool next(const struct jz_ecg_stream *s, int16_t *uv) {
    for (uint32_t lead = 0; lead < s->leads; lead++)
        if (!jz_ecg_input_get(&s->input[lead], s->period_us, s->made, &uv[lead])) return false;
    return true;
}

bool jz_ecg_stream_push(struct jz_ecg_stream *s, const int32_t *uv, uint32_t *beat_ago) {
    int16_t out[JZ_STREAM_LEADS_MAX];
    for (uint32_t lead = 0; lead < s->leads; lead++)
        jz_ecg_input_put(&s->input[lead], uv[lead], uv[lead] == JZ_ECG_MISSING);
    while (next(s, out)) {
        keep(s, out);
        if (s->made % HOP == 0) look(s);
    }
    if (s->told == s->beats) return false;
    uint64_t r_us = s->beat[s->told++ % BEATS] * (1000000u / JZ_ECG_HZ);
    *beat_ago = (uint32_t)(s->input[0].taken - 1 - r_us / s->period_us);
    return true;
}

/* --- state --------------------------------------------------------------------------------------------------------------- */

/* The beats of the last ten seconds, oldest first, as if they were a recording. */
static uint32_t recent_beats(const struct jz_ecg_stream *s, struct jz_ecg_beat *beat, uint16_t *spread) {
    uint64_t from = s->made > HISTORY ? s->made - HISTORY : 0, i = s->beats > BEATS ? s->beats - BEATS : 0;
    uint32_t n = 0;
    for (; i < s->beats; i++) {
        if (s->beat[i % BEATS] < from) continue;
        beat[n] = (struct jz_ecg_beat){.at = (uint16_t)(s->beat[i % BEATS] - from)};
        spread[n++] = s->spread[i % BEATS];
    }
    jz_ecg_mark_premature(beat, n);
    return n;
}

static int16_t rate_of(const struct jz_ecg_stream *s) {
    uint64_t n = s->beats < RATE_BEATS ? s->beats : RATE_BEATS;
    if (n < RATE_BEATS_MIN || s->made - s->beat[(s->beats - 1) % BEATS] > STALE) return JZ_ECG_UNKNOWN;
    uint64_t whole = s->beat[(s->beats - 1) % BEATS] - s->beat[(s->beats - n) % BEATS];
    return ecg_narrow(ecg_div((int64_t)(n - 1) * 600 * JZ_ECG_HZ, (int64_t)whole));
}

static bool has_pause(const struct jz_ecg_beat *beat, uint32_t n, uint32_t now) {
    for (uint32_t i = 1; i < n; i++)
        if ((uint32_t)(beat[i].at - beat[i - 1].at) >= PAUSE) return true;
    return n ? now - beat[n - 1].at >= PAUSE : now >= HISTORY;
}

static bool is_wide(const uint16_t *spread, uint32_t n) {
    int32_t last[RATE_BEATS];
    uint32_t k = n < RATE_BEATS ? n : RATE_BEATS;
    for (uint32_t i = 0; i < k; i++) last[i] = spread[n - k + i];
    return k >= RATE_BEATS_MIN && jz_ecg_median(last, k) >= ECG_WIDE_SPREAD;
}

void jz_ecg_stream_state(const struct jz_ecg_stream *s, struct jz_stream_state *out) {
    struct jz_ecg_beat beat[BEATS];
    uint16_t spread[BEATS];
    *out = (struct jz_stream_state){.rate_bpm_x10 = JZ_ECG_UNKNOWN, .lead_off = all_off(s)};
    if (out->lead_off) return;
    bool agreed = s->waves_run >= WAVES_AGREE;
    if (agreed && s->waves == ECG_WAVES_DISORDERED) {
        out->rhythm = JZ_RHYTHM_VF_SUSPECTED;
        return;
    }
    uint32_t n = recent_beats(s, beat, spread);
    uint32_t now = (uint32_t)(s->made > HISTORY ? HISTORY : s->made);
    uint32_t rhythm = jz_ecg_regularity(beat, n) & JZ_RHYTHM_REGULAR;
    out->rate_bpm_x10 = rate_of(s);
    if (agreed && s->waves == ECG_WAVES_NONE) rhythm = JZ_RHYTHM_FLAT;
    if (has_pause(beat, n, now)) rhythm |= JZ_RHYTHM_PAUSE;
    if (is_wide(spread, n)) rhythm |= JZ_RHYTHM_WIDE;
    if ((rhythm & JZ_RHYTHM_WIDE && out->rate_bpm_x10 >= FAST_BPM_X10) || jz_ecg_wide_run(beat, spread, n))
        rhythm |= JZ_RHYTHM_WIDE_FAST;
    out->rhythm = (uint8_t)rhythm;
}
