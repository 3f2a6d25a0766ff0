/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a message: scan, decode, encode, decode again; what was decoded must not change. */
#include <stdlib.h>
#include <string.h>

#include "jingzhu/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool holds) {
    if (!holds) abort();
}

/* Encoding is deterministic, so equal bytes stand for equal frames. */
static void check_stable(const struct jz_frame *frame) {
    static uint8_t first[JZ_MESSAGE_BYTES_MAX], second[JZ_MESSAGE_BYTES_MAX];
    static struct jz_scan scan;
    struct jz_frame again;
    size_t first_bytes, second_bytes;
    require(jz_frame_encode(frame, first, sizeof first, &first_bytes) == JZ_OK);
    require(jz_message_scan(first, first_bytes, &scan) == JZ_OK && scan.count == 1);
    require(jz_frame_decode(first, first_bytes, &again, NULL) == JZ_OK);
    require(again.kind == frame->kind && again.seq == frame->seq && again.at_ms == frame->at_ms);
    require(jz_frame_encode(&again, second, sizeof second, &second_bytes) == JZ_OK);
    require(first_bytes == second_bytes && memcmp(first, second, first_bytes) == 0);
}

static void check_diagnostic(const uint8_t *frame, size_t bytes) {
    static char text[6 * JZ_MESSAGE_BYTES_MAX];
    size_t written;
    require(jz_diagnostic(frame, bytes, text, sizeof text, &written) == JZ_OK);
    require(strlen(text) == written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    static struct jz_scan scan;
    enum jz_status status = jz_message_scan(data, bytes, &scan);
    if (status == JZ_OK) require(scan.count > 0 && scan.error_offset == 0);
    require(scan.error_offset <= bytes);
    for (uint32_t i = 0; i < scan.count; i++) {
        struct jz_frame frame;
        uint32_t offset;
        const uint8_t *at = data + scan.frame[i].offset;
        check_diagnostic(at, scan.frame[i].bytes);
        if (jz_frame_decode(at, scan.frame[i].bytes, &frame, &offset) == JZ_OK) check_stable(&frame);
        require(offset <= scan.frame[i].bytes);
    }
    return 0;
}
