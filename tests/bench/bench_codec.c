/* SPDX-License-Identifier: Apache-2.0 */
/* The codec beside libcbor's own decoders and encoders on the same frame, in turns; and the waveform codec
 * on a real 12-lead recording.
 *
 *   bench_codec RECORDING [REPEATS]     JSON lines; RECORDING: 12 leads, int16 little endian, interleaved
 *
 * The yardsticks do less: they read or write the same items, but check neither canonical form nor ranges.
 * CPU time of this process, medians. */
#include <cbor.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jingzhu/codec.h"
#include "measure.h"

#define FRAMES 100000u /* a repeat and contender */
#define REPEATS_MAX 25u
#define LEADS 12u
#define SEGMENT (JZ_SAMPLES_PER_SEGMENT_MAX / LEADS) /* samples per lead */
#define RECORDING_BYTES_MAX (1u << 20)
#define WAVE_BYTES_GOAL (32u << 20) /* of int16 a repeat: long enough to time */

/* Results go here, so that the compiler cannot leave the work out. */
static volatile uint64_t kept;

static uint8_t wire[128];
static size_t wire_bytes;
static struct jz_frame vitals;

static void make_frame(void) {
    static const struct jz_fact item[] = {{147842, 112}, {150021, 128}, {150022, 74}, {150456, 97}};
    vitals = (struct jz_frame){.kind = JZ_FRAME_VITALS,
                               .lane = JZ_LANE_VITALS,
                               .seq = 4712,
                               .at_ms = 1764000000000,
                               .has_encounter = true,
                               .encounter = {{1, 0, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}}};
    vitals.vitals.count = 4;
    memcpy(vitals.vitals.item, item, sizeof item);
    if (jz_frame_encode(&vitals, wire, sizeof wire, &wire_bytes) != JZ_OK) abort();
}

/* --- decoding ----------------------------------------------------------------------------------------- */

static void decode_ours(void) {
    struct jz_scan scan;
    struct jz_frame frame;
    if (jz_message_scan(wire, wire_bytes, &scan) != JZ_OK || scan.count != 1) abort();
    if (jz_frame_decode(wire + scan.frame[0].offset, scan.frame[0].bytes, &frame, NULL) != JZ_OK) abort();
    kept += (uint64_t)frame.vitals.item[3].value + frame.seq;
}

/* Every integer into one list: the least a user of libcbor's callbacks must do to have the values. */
struct items {
    uint64_t value[64];
    size_t count;
    const uint8_t *bytes;
};

static void keep_item(struct items *items, uint64_t value) {
    if (items->count < 64) items->value[items->count++] = value;
}
static void on_uint8(void *context, uint8_t value) {
    keep_item(context, value);
}
static void on_uint16(void *context, uint16_t value) {
    keep_item(context, value);
}
static void on_uint32(void *context, uint32_t value) {
    keep_item(context, value);
}
static void on_uint64(void *context, uint64_t value) {
    keep_item(context, value);
}
static void on_bytes(void *context, cbor_data data, size_t bytes) {
    ((struct items *)context)->bytes = data;
    keep_item(context, bytes);
}
static void on_map(void *context, size_t pairs) {
    keep_item(context, pairs);
}

static void decode_streaming(void) {
    static struct cbor_callbacks callbacks;
    struct items items;
    items.count = 0;
    if (!callbacks.uint8) {
        callbacks = cbor_empty_callbacks;
        callbacks.uint8 = on_uint8;
        callbacks.uint16 = on_uint16;
        callbacks.uint32 = on_uint32;
        callbacks.uint64 = on_uint64;
        callbacks.byte_string = on_bytes;
        callbacks.map_start = on_map;
    }
    for (size_t at = 0; at < wire_bytes;) {
        struct cbor_decoder_result r = cbor_stream_decode(wire + at, wire_bytes - at, &callbacks, &items);
        if (r.status != CBOR_DECODER_FINISHED) abort();
        at += r.read;
    }
    kept += items.value[items.count - 1];
}

static void decode_dom(void) {
    struct cbor_load_result result;
    cbor_item_t *item = cbor_load(wire, wire_bytes, &result);
    if (!item) abort();
    struct cbor_pair *pair = cbor_map_handle(item);
    struct cbor_pair *last = &cbor_map_handle(pair[5].value)[3];
    kept += cbor_get_int(pair[2].value) + cbor_get_int(last->value);
    cbor_decref(&item);
}

/* --- encoding ----------------------------------------------------------------------------------------- */

static void encode_ours(void) {
    uint8_t out[128];
    size_t bytes;
    if (jz_frame_encode(&vitals, out, sizeof out, &bytes) != JZ_OK) abort();
    kept += out[bytes - 1];
}

static void encode_libcbor(void) {
    uint8_t out[128];
    const struct jz_vitals *v = &vitals.vitals;
    size_t n = cbor_encode_map_start(6, out, sizeof out);
    n += cbor_encode_uint(0, out + n, sizeof out - n);
    n += cbor_encode_uint(vitals.kind, out + n, sizeof out - n);
    n += cbor_encode_uint(1, out + n, sizeof out - n);
    n += cbor_encode_uint(vitals.lane, out + n, sizeof out - n);
    n += cbor_encode_uint(2, out + n, sizeof out - n);
    n += cbor_encode_uint(vitals.seq, out + n, sizeof out - n);
    n += cbor_encode_uint(3, out + n, sizeof out - n);
    n += cbor_encode_uint((uint64_t)vitals.at_ms, out + n, sizeof out - n);
    n += cbor_encode_uint(4, out + n, sizeof out - n);
    n += cbor_encode_bytestring_start(16, out + n, sizeof out - n);
    memcpy(out + n, vitals.encounter.byte, 16);
    n += 16;
    n += cbor_encode_uint(8, out + n, sizeof out - n);
    n += cbor_encode_map_start(v->count, out + n, sizeof out - n);
    for (uint32_t i = 0; i < v->count; i++) {
        n += cbor_encode_uint(v->item[i].code, out + n, sizeof out - n);
        n += cbor_encode_uint((uint64_t)v->item[i].value, out + n, sizeof out - n);
    }
    if (n != wire_bytes) abort();
    kept += out[n - 1];
}

/* --- timing ------------------------------------------------------------------------------------------- */

struct contender {
    const char *name;
    void (*work)(void);
    double ns[REPEATS_MAX];
};

static void run_contenders(struct contender *c, size_t count, uint32_t repeats) {
    for (uint32_t r = 0; r < repeats; r++)
        for (size_t i = 0; i < count; i++) {
            int64_t cpu = measure_cpu_ns(0);
            for (uint32_t n = 0; n < FRAMES; n++) c[i].work();
            c[i].ns[r] = (double)(measure_cpu_ns(0) - cpu) / FRAMES;
        }
}

static void bench_frames(const char *bench, struct contender *c, size_t count, uint32_t repeats) {
    double median[4];
    run_contenders(c, count, repeats);
    printf("{\"bench\":\"%s\",\"bytes\":%zu,\"repeats\":%u", bench, wire_bytes, repeats);
    for (size_t i = 0; i < count; i++) {
        median[i] = measure_median(c[i].ns, repeats);
        printf(",\"%s_ns\":%.1f", c[i].name, median[i]);
    }
    for (size_t i = 1; i < count; i++) printf(",\"to_%s\":%.3f", c[i].name, median[0] / median[i]);
    printf("}\n");
}

/* --- waveforms ---------------------------------------------------------------------------------------- */

struct wave {
    uint32_t segments;
    int32_t *sample; /* segment after segment, lead after lead */
    uint8_t (*coded)[JZ_BYTES_MAX];
    size_t *coded_bytes;
};

static int load_wave(const char *path, struct wave *wave) {
    static uint8_t raw[RECORDING_BYTES_MAX];
    FILE *in = fopen(path, "rbe");
    size_t bytes = in ? fread(raw, 1, sizeof raw, in) : 0;
    if (in) fclose(in);
    wave->segments = (uint32_t)(bytes / 2 / LEADS / SEGMENT);
    wave->sample = calloc(wave->segments ? wave->segments : 1, SEGMENT * LEADS * sizeof *wave->sample);
    wave->coded = calloc(wave->segments ? wave->segments : 1, sizeof *wave->coded);
    wave->coded_bytes = calloc(wave->segments ? wave->segments : 1, sizeof *wave->coded_bytes);
    if (!wave->segments || !wave->sample || !wave->coded || !wave->coded_bytes) return 0;
    for (uint32_t t = 0; t < wave->segments * SEGMENT; t++)
        for (uint32_t lead = 0; lead < LEADS; lead++) {
            const uint8_t *at = raw + 2u * (t * LEADS + lead);
            wave->sample[(t / SEGMENT * LEADS + lead) * SEGMENT + t % SEGMENT] =
                (int16_t)(at[0] | at[1] << 8);
        }
    return 1;
}

static void encode_wave(struct wave *wave) {
    for (uint32_t s = 0; s < wave->segments; s++)
        if (jz_wave_encode(wave->sample + (size_t)s * SEGMENT * LEADS, LEADS, SEGMENT, wave->coded[s],
                           sizeof wave->coded[s], &wave->coded_bytes[s]) != JZ_OK)
            abort();
}

static void decode_wave(const struct wave *wave, bool compare) {
    static int32_t out[SEGMENT * LEADS];
    for (uint32_t s = 0; s < wave->segments; s++) {
        struct jz_bytes coded = {wave->coded[s], (uint32_t)wave->coded_bytes[s]};
        if (jz_wave_decode(coded, LEADS, SEGMENT, out) != JZ_OK) abort();
        kept += (uint64_t)out[SEGMENT];
        if (compare && memcmp(out, wave->sample + (size_t)s * SEGMENT * LEADS, sizeof out) != 0) abort();
    }
}

static void time_wave(struct wave *wave, double raw_bytes, double *encode_mb_s, double *decode_mb_s) {
    uint32_t rounds = (uint32_t)(WAVE_BYTES_GOAL / raw_bytes) + 1;
    int64_t start = measure_cpu_ns(0);
    for (uint32_t i = 0; i < rounds; i++) encode_wave(wave);
    int64_t middle = measure_cpu_ns(0);
    for (uint32_t i = 0; i < rounds; i++) decode_wave(wave, false);
    *encode_mb_s = raw_bytes * rounds * 1e3 / (double)(middle - start);
    *decode_mb_s = raw_bytes * rounds * 1e3 / (double)(measure_cpu_ns(0) - middle);
}

static int bench_wave(const char *path, uint32_t repeats) {
    struct wave wave = {0};
    double encode[REPEATS_MAX], decode[REPEATS_MAX], coded = 0;
    int good = load_wave(path, &wave);
    double raw = (double)wave.segments * SEGMENT * LEADS * 2;
    if (good) encode_wave(&wave);
    decode_wave(&wave, true);
    for (uint32_t s = 0; s < wave.segments; s++) coded += (double)wave.coded_bytes[s];
    for (uint32_t r = 0; good && r < repeats; r++) time_wave(&wave, raw, &encode[r], &decode[r]);
    if (good)
        printf("{\"bench\":\"wave\",\"int16_bytes\":%.0f,\"coded_bytes\":%.0f,\"smaller\":%.3f,\"encode_mb_"
               "s\":%.0f,"
               "\"decode_mb_s\":%.0f,\"lossless\":true}\n",
               raw, coded, raw / coded, measure_median(encode, repeats), measure_median(decode, repeats));
    free(wave.sample);
    free(wave.coded);
    free(wave.coded_bytes);
    return good;
}

int main(int argc, char **argv) {
    static struct contender decode[] = {{.name = "jingzhu", .work = decode_ours},
                                        {.name = "streaming", .work = decode_streaming},
                                        {.name = "dom", .work = decode_dom}};
    static struct contender encode[] = {{.name = "jingzhu", .work = encode_ours},
                                        {.name = "libcbor", .work = encode_libcbor}};
    unsigned long repeats = argc > 2 ? strtoul(argv[2], NULL, 10) : 7;
    if (argc < 2 || repeats < 1 || repeats > REPEATS_MAX) {
        fprintf(stderr, "usage: bench_codec RECORDING [REPEATS]   (1 to %u)\n", REPEATS_MAX);
        return 64;
    }
    make_frame();
    bench_frames("decode", decode, 3, (uint32_t)repeats);
    bench_frames("encode", encode, 2, (uint32_t)repeats);
    if (bench_wave(argv[1], (uint32_t)repeats)) return 0;
    fprintf(stderr, "bench_codec: %s: no recording of at least %u samples a lead\n", argv[1], SEGMENT);
    return 70;
}
