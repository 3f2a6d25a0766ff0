/* SPDX-License-Identifier: Apache-2.0 */
#include "ws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void request_names_path_and_subprotocol_and_ends_with_an_empty_line(void **state) {
    (void)state;
    char out[512];
    size_t used = ws_request("/device", "jingzhu.device.v1", out, sizeof out);
    assert_true(used > 4 && used < sizeof out);
    assert_memory_equal(out, "GET /device HTTP/1.1\r\n", 22);
    assert_memory_equal(out + used - 4, "\r\n\r\n", 4);
    assert_non_null(strstr(out, "\r\nSec-WebSocket-Protocol: jingzhu.device.v1\r\n"));
    assert_int_equal(ws_request("/device", "jingzhu.device.v1", out, used + 1), used);
    assert_int_equal(ws_request("/device", "jingzhu.device.v1", out, used), 0);
}

static void only_101_with_our_accept_value_is_an_upgrade(void **state) {
    (void)state;
#define ACCEPT_LINE "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    static const struct {
        const char *text;
        enum ws_result result;
    } row[] = {
        {"HTTP/1.1 101 Switching Protocols\r\n" ACCEPT_LINE "\r\n", WS_DONE},
        {"HTTP/1.1 101 Switching Protocols\r\n" ACCEPT_LINE "\r\n\x82", WS_DONE},
        {"HTTP/1.1 101 Switching Protocols\r\n" ACCEPT_LINE, WS_MORE},
        {"HTTP/1.1 1", WS_MORE},
        {"HTTP/1.1 403 Forbidden\r\n\r\n", WS_BAD},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", WS_BAD},
        {"HTTP/1.1 101 x\r\nSec-WebSocket-Accept: AAAALMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", WS_BAD},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        size_t used = 0, bytes = strlen(row[i].text);
        assert_int_equal(ws_answer(row[i].text, bytes, &used), row[i].result);
        if (row[i].result == WS_DONE)
            assert_int_equal(used, row[i].text[bytes - 1] == '\n' ? bytes : bytes - 1);
    }
}

static void written_frames_are_final_masked_and_of_the_right_length(void **state) {
    (void)state;
    static const struct { size_t bytes, head; } row[] = {{0, 6}, {1, 6}, {125, 6}, {126, 8}, {3000, 8}};
    uint8_t payload[3000], out[4096];
    const uint8_t key[4] = {1, 2, 3, 4};
    uint32_t mask;
    memcpy(&mask, key, sizeof mask);
    for (size_t i = 0; i < sizeof payload; i++) payload[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        size_t used = ws_write(WS_BINARY, payload, row[i].bytes, mask, out, sizeof out);
        assert_int_equal(used, row[i].head + row[i].bytes);
        assert_int_equal(out[0], 0x82);
        assert_int_equal(out[1] & 0x80, 0x80);
        assert_memory_equal(out + row[i].head - 4, key, 4);
        for (size_t b = 0; b < row[i].bytes; b++)
            assert_int_equal(out[row[i].head + b] ^ key[b % 4], payload[b]);
    }
}

static void a_frame_that_does_not_fit_is_not_written(void **state) {
    (void)state;
    static uint8_t payload[65536], out[65536 + WS_HEAD_BYTES_MAX];
    assert_int_equal(ws_write(WS_BINARY, payload, 65536, 0, out, sizeof out), 0);
    assert_int_equal(ws_write(WS_BINARY, payload, 65535, 0, out, sizeof out), 65535 + 8);
    assert_int_equal(ws_write(WS_BINARY, payload, 10, 0, out, 17), 0);
    assert_int_equal(ws_write(WS_BINARY, payload, 10, 0, out, 18), 16);
}

static void a_frame_is_read_once_it_is_whole(void **state) {
    (void)state;
    static uint8_t wire[4 + WS_PAYLOAD_BYTES_MAX];
    static const struct {
        uint8_t head[4];
        size_t head_bytes, bytes;
    } row[] = {{{0x82, 0}, 2, 0},
               {{0x82, 125}, 2, 125},
               {{0x82, 126, 0, 126}, 4, 126},
               {{0x89, 126, WS_PAYLOAD_BYTES_MAX >> 8, WS_PAYLOAD_BYTES_MAX & 255}, 4, WS_PAYLOAD_BYTES_MAX}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct ws_frame frame;
        size_t used = 0, whole = row[i].head_bytes + row[i].bytes;
        memcpy(wire, row[i].head, row[i].head_bytes);
        for (size_t bytes = 0; bytes < whole; bytes++)
            assert_int_equal(ws_read(wire, bytes, &frame, &used), WS_MORE);
        assert_int_equal(ws_read(wire, whole, &frame, &used), WS_DONE);
        assert_int_equal(used, whole);
        assert_int_equal(frame.bytes, row[i].bytes);
        assert_int_equal(frame.opcode, row[i].head[0] & 15);
        assert_ptr_equal(frame.payload, wire + row[i].head_bytes);
    }
}

static void fragments_masks_extensions_and_long_frames_are_refused(void **state) {
    (void)state;
    static const uint8_t row[][4] = {
        {0x02, 1, 0, 0},    /* not final */
        {0x82, 0x81, 0, 0}, /* masked by a server */
        {0xc2, 1, 0, 0},    /* reserved bit */
        {0x82, 127, 0, 0},  /* 64-bit length */
        {0x82, 126, (WS_PAYLOAD_BYTES_MAX + 1) >> 8, (WS_PAYLOAD_BYTES_MAX + 1) & 255}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct ws_frame frame;
        size_t used;
        assert_int_equal(ws_read(row[i], 4, &frame, &used), WS_BAD);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_names_path_and_subprotocol_and_ends_with_an_empty_line),
        cmocka_unit_test(only_101_with_our_accept_value_is_an_upgrade),
        cmocka_unit_test(written_frames_are_final_masked_and_of_the_right_length),
        cmocka_unit_test(a_frame_that_does_not_fit_is_not_written),
        cmocka_unit_test(a_frame_is_read_once_it_is_whole),
        cmocka_unit_test(fragments_masks_extensions_and_long_frames_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
