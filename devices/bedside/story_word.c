/* SPDX-License-Identifier: Apache-2.0 */
#include "story_word.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"

/* Ends the word at the next blank outside quotes and takes the quotes out. @return the rest; NULL: open quote. */
static char *end_word(char *at) {
    char *to = at;
    bool quoted = false;
    for (; *at && (quoted || !isspace((unsigned char)*at)); at++) {
        if (*at == '"')
            quoted = !quoted;
        else
            *to++ = *at;
    }
    char *rest = *at ? at + 1 : at;
    *to = 0;
    return quoted ? NULL : rest;
}

int jz_story_split(char *line, struct jz_story_word words[JZ_STORY_WORDS_MAX]) {
    int count = 0;
    for (char *at = line;;) {
        while (isspace((unsigned char)*at)) at++;
        if (*at == 0 || *at == '#') return count;
        if (count == (int)JZ_STORY_WORDS_MAX) return -1;
        char *word = at;
        at = end_word(word);
        if (!at) return -2;
        char *equals = strchr(word, '=');
        if (equals) *equals = 0;
        words[count++] = (struct jz_story_word){.key = word, .value = equals ? equals + 1 : NULL};
    }
}

bool jz_story_count(const char *text, uint32_t low, uint32_t high, uint32_t *out) {
    uint64_t value = 0;
    if (*text == 0) return false;
    for (; *text; text++) {
        if (!isdigit((unsigned char)*text)) return false;
        value = value * 10 + (uint64_t)(*text - '0');
        if (value > high) return false;
    }
    *out = (uint32_t)value;
    return value >= low;
}

bool jz_story_time(const char *text, int32_t *ms) {
    const char *colon = strchr(text, ':');
    char minutes_text[8];
    uint32_t minutes, seconds;
    if (!colon || (size_t)(colon - text) >= sizeof minutes_text || strlen(colon + 1) != 2) return false;
    memcpy(minutes_text, text, (size_t)(colon - text));
    minutes_text[colon - text] = 0;
    if (!jz_story_count(minutes_text, 0, JZ_STORY_MS_MAX / 60000 - 1, &minutes)) return false;
    if (!jz_story_count(colon + 1, 0, 59, &seconds)) return false;
    *ms = (int32_t)(minutes * 60000u + seconds * 1000u);
    return true;
}

bool jz_story_scaled(const char *text, int64_t scale, int32_t *out) {
    int32_t thousandths;
    if (jz_csv_number(text, &thousandths) != JZ_OK) return false;
    int64_t scaled = thousandths * scale;
    if (scaled % 1000 != 0 || scaled / 1000 > INT32_MAX || scaled / 1000 < INT32_MIN) return false;
    *out = (int32_t)(scaled / 1000);
    return true;
}

bool jz_story_degrees(const char *text, int32_t limit, int32_t *e7) {
    bool negative = *text == '-';
    int64_t value = 0;
    int decimals = -1;
    for (const char *at = text + negative; *at; at++) {
        if (*at == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (!isdigit((unsigned char)*at) || decimals == 7) return false;
        value = value * 10 + (*at - '0');
        if (decimals >= 0) decimals++;
        if (value > 10000000000) return false;
    }
    if (text[negative] == 0) return false;
    for (int i = decimals < 0 ? 0 : decimals; i < 7; i++) value *= 10;
    if (value > (int64_t)limit * 10000000) return false;
    *e7 = (int32_t)(negative ? -value : value);
    return true;
}

uint32_t jz_story_choice(const char *text, const char *choices) {
    size_t bytes = strlen(text);
    uint32_t index = 1;
    for (const char *at = choices; bytes > 0; index++) {
        size_t own = strcspn(at, "|");
        if (own == bytes && memcmp(at, text, bytes) == 0) return index;
        if (at[own] == 0) return 0;
        at += own + 1;
    }
    return 0;
}
