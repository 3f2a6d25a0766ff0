/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/codec.h"

#include "hex.h"

enum { SAMPLE_MAX = 1 << 24, CHANNELS = 12, PER_CHANNEL = 512 };

static int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX], decoded[JZ_SAMPLES_PER_SEGMENT_MAX];
static uint8_t coded[32768];

static size_t encode(uint32_t channels, uint32_t per_channel) {
    size_t written;
    assert_int_equal(jz_wave_encode(samples, channels, per_channel, coded, sizeof coded, &written), JZ_OK);
    return written;
}

static enum jz_status decode(size_t bytes, uint32_t channels, uint32_t per_channel) {
    return jz_wave_decode((struct jz_bytes){coded, (uint32_t)bytes}, channels, per_channel, decoded);
}

static void assert_round_trip(uint32_t channels, uint32_t per_channel) {
    size_t bytes = encode(channels, per_channel);
    memset(decoded, 0x55, sizeof decoded);
    assert_int_equal(decode(bytes, channels, per_channel), JZ_OK);
    assert_memory_equal(decoded, samples, (size_t)channels * per_channel * sizeof *samples);
}

/* 1024 samples of 12 leads, 16-bit little-endian, lead after lead within each sample time. */
static void read_excerpt(uint8_t *raw, size_t bytes) {
    FILE *file = fopen(JZ_SOURCE_DIR "/tests/data/wave/s0010_re_1s.dat", "rb");
    assert_non_null(file);
    assert_int_equal(fread(raw, 1, bytes, file), bytes);
    assert_int_equal(fgetc(file), EOF);
    assert_int_equal(fclose(file), 0);
}

static void a_real_12_lead_recording_round_trips_to_the_byte_and_is_2_2_times_smaller(void **state) {
    (void)state;
    static uint8_t raw[2 * CHANNELS * 2 * PER_CHANNEL], again[sizeof raw];
    size_t coded_bytes = 0;
    read_excerpt(raw, sizeof raw);
    for (unsigned segment = 0; segment < 2; segment++) {
        const uint8_t *from = raw + segment * sizeof raw / 2;
        uint8_t *to = again + segment * sizeof raw / 2;
        for (unsigned i = 0; i < CHANNELS * PER_CHANNEL; i++) {
            const uint8_t *at = from + 2 * (i % PER_CHANNEL * CHANNELS + i / PER_CHANNEL);
            samples[i] = (int16_t)(at[0] | at[1] << 8);
        }
        size_t bytes = encode(CHANNELS, PER_CHANNEL);
        coded_bytes += bytes;
        assert_int_equal(decode(bytes, CHANNELS, PER_CHANNEL), JZ_OK);
        for (unsigned i = 0; i < CHANNELS * PER_CHANNEL; i++) {
            uint8_t *at = to + 2 * (i % PER_CHANNEL * CHANNELS + i / PER_CHANNEL);
            at[0] = (uint8_t)decoded[i], at[1] = (uint8_t)(decoded[i] >> 8);
        }
    }
    assert_memory_equal(raw, again, sizeof raw);
    print_message("%.2f times smaller than int16\n", (double)sizeof raw / (double)coded_bytes);
    assert_true(coded_bytes * 22 <= sizeof raw * 10);
}

static void random_samples_of_every_width_round_trip(void **state) {
    (void)state;
    uint64_t random = test_seed();
    for (unsigned round = 0; round < 400; round++) {
        unsigned width = round % 25;
        uint32_t channels = 1 + (uint32_t)(next_random(&random) % JZ_CHANNELS_MAX);
        uint32_t per_channel =
            1 + (uint32_t)(next_random(&random) % (JZ_SAMPLES_PER_SEGMENT_MAX / JZ_CHANNELS_MAX));
        for (uint32_t i = 0; i < channels * per_channel; i++) {
            int32_t value = (int32_t)(next_random(&random) & ((UINT64_C(1) << width) - 1));
            samples[i] = next_random(&random) & 4096 ? value : -value;
        }
        assert_round_trip(channels, per_channel);
    }
}

static void extremes_round_trip_and_one_beyond_is_refused(void **state) {
    (void)state;
    size_t written;
    for (unsigned i = 0; i < 100; i++) samples[i] = i % 2 ? SAMPLE_MAX : -SAMPLE_MAX;
    assert_round_trip(1, 100);
    for (unsigned i = 0; i < 100; i++) samples[i] = i % 3 == 0 ? SAMPLE_MAX : -SAMPLE_MAX;
    assert_round_trip(1, 100);
    static const int32_t beyond[] = {SAMPLE_MAX + 1, -SAMPLE_MAX - 1, INT32_MAX, INT32_MIN};
    for (unsigned i = 0; i < 4; i++) {
        samples[99] = beyond[i];
        assert_int_equal(jz_wave_encode(samples, 1, 100, coded, sizeof coded, &written), JZ_E_VALUE);
        assert_int_equal(written, 0);
    }
}

/* The bytes of docs/protocol.md, worked by hand there. */
static void the_documented_example_has_the_documented_bytes(void **state) {
    (void)state;
    static const struct {
        int32_t sample[4];
        uint8_t bytes[8];
        size_t length;
    } cases[] = {
        {{0, 0, 0, 0}, {0x00}, 1},
        {{1, -1, 1, -1}, {0x02, 0x66}, 2}, /* order 0: 2 1 2 1 in 2 bits */
        {{100, 101, 100, 102}, {0x08, 0xc8, 0xca, 0xc8, 0xcc}, 5},
    };
    for (unsigned i = 0; i < 3; i++) {
        memcpy(samples, cases[i].sample, sizeof cases[i].sample);
        assert_int_equal(encode(1, 4), cases[i].length);
        assert_memory_equal(coded, cases[i].bytes, cases[i].length);
    }
    for (int i = 0; i < 32; i++) samples[i] = 100 + 3 * i;
    assert_int_equal(encode(1, 32), 17 + 1);
    assert_int_equal(coded[17], 0x40); /* a line needs no bits at all */
}

static void a_buffer_too_small_is_refused(void **state) {
    (void)state;
    size_t written;
    for (int i = 0; i < 40; i++) samples[i] = i * i;
    size_t bytes = encode(2, 20);
    for (size_t capacity = 0; capacity < bytes; capacity++) {
        assert_int_equal(jz_wave_encode(samples, 2, 20, coded, capacity, &written), JZ_E_BUFFER);
        assert_int_equal(written, 0);
    }
    assert_int_equal(jz_wave_encode(samples, 2, 20, coded, bytes, &written), JZ_OK);
}

static void shapes_are_bounded(void **state) {
    (void)state;
    static const struct {
        uint32_t channels, per_channel;
        enum jz_status status;
    } cases[] = {
        {0, 1, JZ_E_VALUE},  {1, 0, JZ_E_VALUE}, {12, 512, JZ_OK},      {12, 513, JZ_E_VALUE},
        {13, 1, JZ_E_VALUE}, {6, 1024, JZ_OK},   {1, 1025, JZ_E_VALUE}, {UINT32_MAX, UINT32_MAX, JZ_E_VALUE}};
    size_t written;
    memset(samples, 0, sizeof samples);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t channels = cases[i].channels, per_channel = cases[i].per_channel;
        assert_int_equal(jz_wave_encode(samples, channels, per_channel, coded, sizeof coded, &written),
                         cases[i].status);
        assert_int_equal(decode(written, channels, per_channel), cases[i].status);
    }
}

static void damaged_coding_is_refused(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) samples[i] = 1000 - 7 * i * i;
    size_t bytes = encode(1, 20);
    for (size_t cut = 0; cut < bytes; cut++) assert_int_equal(decode(cut, 1, 20), JZ_E_VALUE);
    assert_int_equal(decode(bytes + 1, 1, 20), JZ_E_VALUE); /* left over */
    static const uint8_t bad[][6] = {
        {0x60},                         /* order 3 */
        {0x80},                         /* the highest bit */
        {0x1c, 0, 0, 0, 0},             /* width 28 */
        {0x02, 0xfc},                   /* padding is not zero */
        {0x1a, 0x02, 0x00, 0x00, 0x02}, /* 2^24 + 1 */
    };
    static const size_t lengths[] = {1, 1, 5, 2, 5};
    for (unsigned i = 0; i < 5; i++) {
        memcpy(coded, bad[i], lengths[i]);
        assert_int_equal(decode(lengths[i], 1, 1), JZ_E_VALUE);
    }
    static const uint8_t last_good[] = {0x1a, 0x00, 0x00, 0x00, 0x02}; /* 2^24 itself */
    memcpy(coded, last_good, sizeof last_good);
    assert_int_equal(decode(sizeof last_good, 1, 1), JZ_OK);
    assert_int_equal(decoded[0], SAMPLE_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_real_12_lead_recording_round_trips_to_the_byte_and_is_2_2_times_smaller),
        cmocka_unit_test(random_samples_of_every_width_round_trip),
        cmocka_unit_test(extremes_round_trip_and_one_beyond_is_refused),
        cmocka_unit_test(the_documented_example_has_the_documented_bytes),
        cmocka_unit_test(a_buffer_too_small_is_refused),
        cmocka_unit_test(shapes_are_bounded),
        cmocka_unit_test(damaged_coding_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
