/* SPDX-License-Identifier: Apache-2.0 */
#include "say.h"

#include <string.h>

#define DIGITS_MAX 20

void jz_say_begin(struct jz_say *say, enum jz_language language, char *out, size_t capacity) {
    *say = (struct jz_say){.out = out, .capacity = capacity, .language = language, .full = capacity == 0};
    if (capacity) out[0] = 0;
}

void jz_say_bytes(struct jz_say *say, const char *text, size_t bytes) {
    if (say->full) return;
    size_t room = say->capacity - 1 - say->used;
    if (bytes > room) {
        for (bytes = room; bytes > 0 && ((unsigned char)text[bytes] & 0xc0u) == 0x80u;) bytes--;
        say->full = true;
    }
    memcpy(say->out + say->used, text, bytes);
    say->used += bytes;
    say->out[say->used] = 0;
}

void jz_say(struct jz_say *say, const char *text) {
    jz_say_bytes(say, text, strlen(text));
}

void jz_say_two(struct jz_say *say, const char *zh, const char *en) {
    jz_say(say, say->language == JZ_ZH ? zh : en);
}

void jz_say_int(struct jz_say *say, int64_t value) {
    char digit[DIGITS_MAX + 1];
    size_t at = sizeof digit;
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digit[--at] = (char)('0' + size % 10);
        size /= 10;
    } while (size);
    if (value < 0) digit[--at] = '-';
    jz_say_bytes(say, digit + at, sizeof digit - at);
}

void jz_say_comma(struct jz_say *say, bool *first, const char *zh, const char *en) {
    if (!*first) jz_say_two(say, zh, en);
    *first = false;
}
