/* SPDX-License-Identifier: Apache-2.0 */
#include "ws.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The key only proves that the peer speaks WebSocket, so one for all will do: RFC 6455 section 1.3's own. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define FINAL 0x80u
#define MASKED 0x80u
#define OPCODE_BITS 0x0fu
#define LENGTH_16 126u

size_t ws_request(const char *path, const char *subprotocol, char *out, size_t capacity) {
    int used = snprintf(out, capacity,
                        "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n"
                        "Sec-WebSocket-Protocol: %s\r\n\r\n",
                        path, subprotocol);
    return used > 0 && (size_t)used < capacity ? (size_t)used : 0;
}

static int has_accept(const char *head, size_t bytes) {
    static const char name[] = "\r\nSec-WebSocket-Accept: " ACCEPT "\r\n";
    for (size_t i = 0; i + sizeof name - 1 <= bytes; i++)
        if (strncasecmp(head + i, name, sizeof name - 1) == 0) return 1;
    return 0;
}

enum ws_result ws_answer(const char *data, size_t bytes, size_t *used) {
    static const char good[] = "HTTP/1.1 101 ";
    size_t compared = bytes < sizeof good - 1 ? bytes : sizeof good - 1;
    if (memcmp(data, good, compared) != 0) return WS_BAD;
    const char *end = memmem(data, bytes, "\r\n\r\n", 4);
    if (!end) return bytes < WS_PAYLOAD_BYTES_MAX ? WS_MORE : WS_BAD;
    *used = (size_t)(end - data) + 4;
    return has_accept(data, *used) ? WS_DONE : WS_BAD;
}

static size_t write_head(enum ws_opcode opcode, size_t bytes, uint8_t *out) {
    out[0] = (uint8_t)(FINAL | (unsigned)opcode);
    if (bytes < LENGTH_16) {
        out[1] = (uint8_t)(MASKED | bytes);
        return 2;
    }
    out[1] = MASKED | LENGTH_16;
    out[2] = (uint8_t)(bytes >> 8);
    out[3] = (uint8_t)bytes;
    return 4;
}

size_t ws_write(enum ws_opcode opcode, const uint8_t *payload, size_t bytes, uint32_t mask, uint8_t *out,
                size_t capacity) {
    uint8_t key[4];
    if (bytes > UINT16_MAX || capacity < bytes + WS_HEAD_BYTES_MAX) return 0;
    size_t used = write_head(opcode, bytes, out);
    memcpy(key, &mask, sizeof key);
    memcpy(out + used, key, sizeof key);
    used += sizeof key;
    for (size_t i = 0; i < bytes; i++) out[used + i] = payload[i] ^ key[i & 3u];
    return used + bytes;
}

enum ws_result ws_read(const uint8_t *data, size_t bytes, struct ws_frame *frame, size_t *used) {
    if (bytes < 2) return WS_MORE;
    size_t head = 2, length = data[1];
    if ((data[0] & ~OPCODE_BITS) != FINAL || length > LENGTH_16) return WS_BAD;
    if (length == LENGTH_16) {
        if (bytes < 4) return WS_MORE;
        head = 4;
        length = (size_t)data[2] << 8 | data[3];
    }
    if (length > WS_PAYLOAD_BYTES_MAX) return WS_BAD;
    if (bytes < head + length) return WS_MORE;
    *frame = (struct ws_frame){(enum ws_opcode)(data[0] & OPCODE_BITS), data + head, length};
    *used = head + length;
    return WS_DONE;
}
