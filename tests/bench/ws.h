/* SPDX-License-Identifier: Apache-2.0 */
/** @file ws.h  The client's half of WebSocket framing (RFC 6455): just what a device needs, on bytes in
 * memory.
 *
 *  No I/O, clock, allocation or global state; any thread. */
#ifndef JZ_BENCH_WS_H
#define JZ_BENCH_WS_H
#include <stddef.h>
#include <stdint.h>

#define WS_HEAD_BYTES_MAX 8u       /**< of a masked frame as written here: lengths up to 65535 */
#define WS_PAYLOAD_BYTES_MAX 4000u /**< of a frame we accept: acks, welcome, directives */

enum ws_opcode { WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };
enum ws_result {
    WS_MORE, /**< not whole yet */
    WS_DONE,
    WS_BAD /**< not what a server may send here; close */
};
struct ws_frame {
    enum ws_opcode opcode;
    const uint8_t *payload; /**< borrowed from the input */
    size_t bytes;
};

/** The upgrade request. @return bytes written to `out`, 0: does not fit. */
size_t ws_request(const char *path, const char *subprotocol, char *out, size_t capacity);
/** The answer to ws_request: 101 with the accept value that belongs to our key.
 *  @param[out] used  Bytes of the answer's head on WS_DONE. */
enum ws_result ws_answer(const char *data, size_t bytes, size_t *used);

/** Writes one masked, final frame. @return bytes written, 0: `capacity` is too small or the payload too
 * long. */
size_t ws_write(enum ws_opcode opcode, const uint8_t *payload, size_t bytes, uint32_t mask, uint8_t *out,
                size_t capacity);
/** Reads one unmasked, final frame. @param[out] frame, used  Written on WS_DONE. */
enum ws_result ws_read(const uint8_t *data, size_t bytes, struct ws_frame *frame, size_t *used);

#endif /* JZ_BENCH_WS_H */
