/* SPDX-License-Identifier: Apache-2.0 */
#include "jingzhu/field.h"

#include <assert.h>
#include <string.h>

#include "field_table.h"

uint32_t jz_field_count(void) {
    return jz_field_table_rows;
}

const struct jz_field *jz_field_at(uint32_t index) {
    assert(index < jz_field_table_rows);
    return &jz_field_table[index];
}

uint32_t jz_field_by_code(uint32_t code) {
    uint32_t low = 0, high = jz_field_table_rows;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (jz_field_table[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < jz_field_table_rows && jz_field_table[low].code == code ? low : JZ_FIELD_UNKNOWN;
}

uint32_t jz_field_by_name(const char *name) {
    for (uint32_t i = 0; i < jz_field_table_rows; i++)
        if (strcmp(jz_field_table[i].name, name) == 0) return i;
    return JZ_FIELD_UNKNOWN;
}

/* One "word=value" of a row's words; `words` moves on. The build has checked the form. */
struct word {
    const char *text;
    uint32_t length;
    int32_t value;
};

static bool next_word(const char **words, struct word *out) {
    if (**words == 0) return false;
    const char *equals = *words;
    while (*equals != '=') equals++;
    const char *at = equals + 1;
    int32_t sign = *at == '-' ? -1 : 1, value = 0;
    if (sign < 0) at++;
    for (; *at >= '0' && *at <= '9'; at++) value = value * 10 + (*at - '0');
    *out = (struct word){*words, (uint32_t)(equals - *words), sign * value};
    *words = *at == ' ' ? at + 1 : at;
    return true;
}

bool jz_field_word(uint32_t index, const char *word, int32_t *value) {
    const char *words = jz_field_at(index)->words;
    size_t length = strlen(word);
    for (struct word w; next_word(&words, &w);) {
        if (w.length != length || memcmp(w.text, word, length) != 0) continue;
        *value = w.value;
        return true;
    }
    return false;
}

uint32_t jz_field_word_of(uint32_t index, int32_t value, const char **word) {
    const char *words = jz_field_at(index)->words;
    for (struct word w; next_word(&words, &w);) {
        if (w.value != value) continue;
        *word = w.text;
        return w.length;
    }
    return 0;
}

const struct jz_field_text *jz_field_text_of(uint32_t index, int32_t value) {
    const struct jz_field_text *text = jz_field_at(index)->text;
    while (text && text->zh && text->value != value) text++;
    return text && text->zh ? text : NULL;
}
