/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "jingzhu/codec.h"

#define TEXT_BYTES (8u * JZ_MESSAGE_BYTES_MAX)

static int hex_digit(int c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = tolower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* @return bytes, or -1 when it is not hexadecimal (spaces allowed). */
static long from_hex(const char *text, uint8_t *out, size_t capacity) {
    size_t n = 0;
    int high = -1;
    for (; *text; text++) {
        if (isspace((unsigned char)*text)) continue;
        int digit = hex_digit((unsigned char)*text);
        if (digit < 0 || n == capacity) return -1;
        if (high < 0) {
            high = digit;
        } else {
            out[n++] = (uint8_t)(high << 4 | digit);
            high = -1;
        }
    }
    return high < 0 ? (long)n : -1;
}

static long read_input(const char *name, uint8_t *out, size_t capacity) {
    FILE *file = name ? fopen(name, "rb") : stdin;
    if (!file) return -1;
    size_t n = fread(out, 1, capacity, file);
    if (name) fclose(file);
    return (long)n;
}

static void print_frame(const uint8_t *bytes, size_t count) {
    static char text[TEXT_BYTES];
    struct jz_frame frame;
    size_t written;
    uint32_t offset = 0;
    enum jz_status status = jz_frame_decode(bytes, count, &frame, &offset);
    if (jz_diagnostic(bytes, count, text, sizeof text, &written) != JZ_OK)
        snprintf(text, sizeof text, "(too long to print)");
    printf("%s\n", text);
    bool view = frame.kind >= JZ_FRAME_PATIENT; /* encoded by the server's views only */
    if (status == JZ_OK || view)
        printf("  / %s /\n", jz_frame_name(frame.kind));
    else
        printf("  / refused at byte %u: %s: %s /\n", offset, jz_status_name(status), jz_status_text(status));
}

int jz_cmd_decode(int argc, char **argv) {
    static uint8_t message[JZ_MESSAGE_BYTES_MAX + 1u];
    struct jz_scan scan;
    long n = argc > 0 ? from_hex(argv[0], message, sizeof message) : -1;
    if (n < 0) n = read_input(argc > 0 ? argv[0] : NULL, message, sizeof message);
    if (n < 0) {
        fprintf(stderr, "jingzhu decode: '%s' is neither hexadecimal nor a file that can be read\n", argv[0]);
        return 70;
    }
    enum jz_status status = jz_message_scan(message, (size_t)n, &scan);
    for (uint32_t i = 0; i < scan.count; i++)
        print_frame(message + scan.frame[i].offset, scan.frame[i].bytes);
    if (status == JZ_OK) return 0;
    printf("  / refused at byte %u: %s: %s /\n", scan.error_offset, jz_status_name(status),
           jz_status_text(status));
    return 1;
}
