/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a coded waveform: two bytes of shape, the rest is the coding. What decodes must encode and decode
 * to the same samples, in no more bytes than it came in. */
#include <stdlib.h>
#include <string.h>

#include "jingzhu/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    static int32_t samples[JZ_SAMPLES_PER_SEGMENT_MAX], again[JZ_SAMPLES_PER_SEGMENT_MAX];
    static uint8_t coded[JZ_BYTES_MAX];
    if (bytes < 2 || bytes - 2 > JZ_BYTES_MAX) return 0;
    uint32_t channels = data[0] & 15u, per_channel = (uint32_t)(data[0] >> 4) << 8 | data[1];
    struct jz_bytes input = {data + 2, (uint32_t)(bytes - 2)};
    size_t written;
    if (jz_wave_decode(input, channels, per_channel, samples) != JZ_OK) return 0;
    require(jz_wave_encode(samples, channels, per_channel, coded, sizeof coded, &written) == JZ_OK);
    require(written <= input.bytes);
    require(jz_wave_decode((struct jz_bytes){coded, (uint32_t)written}, channels, per_channel, again) ==
            JZ_OK);
    require(memcmp(samples, again, (size_t)channels * per_channel * sizeof *samples) == 0);
    return 0;
}
