/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_words.h"

#include <stdlib.h>
#include <string.h>

#include "jingzhu/field.h"
#include "jingzhu/reading.h"
#include "tool_time.h"
#include "tool_value.h"

const struct jz_word_kind *jz_word_kind(const struct jz_word_kind *table, uint64_t kind) {
    while (table->name && table->kind != kind) table++;
    return table->name ? table : NULL;
}

/* --- a map -------------------------------------------------------------------------------------------------------- */

void jz_tell_raw(struct jz_teller *t, const char *name, const uint8_t *item, size_t bytes) {
    size_t written,
        room = bytes * 8u + 64u; /* the longest notation of a byte: \u00xx, or a comma with a space */
    char *text = malloc(room);
    if (text && jz_diagnostic(item, bytes, text, room, &written) == JZ_OK)
        jz_tool_say_words(&t->say, name, text, written);
    else
        jz_tool_say_text(&t->say, name, "(cannot be shown)");
    free(text);
}

static const struct jz_word_key *row_of(const struct jz_word_key *keys, uint64_t key) {
    while (keys && keys->name && keys->key != key) keys++;
    return keys && keys->name ? keys : NULL;
}

static bool told(struct jz_teller *t, struct jz_reader *r, const struct jz_word_key *row) {
    return row->tell(t, row->name, r, row) && r->status == JZ_OK;
}

/* Looked at first, so that what is of another shape is not half told: then it is shown as it stands. Nested items are
 * looked at once more at each depth, of which a frame has JZ_DEPTH_MAX. */
static void tell_pair(struct jz_teller *t, struct jz_reader *r, uint64_t key, const struct jz_word_key *row) {
    struct jz_reader whole = *r, look = *r;
    struct jz_teller dry = *t;
    char name[32];
    jz_read_skip(&whole);
    dry.say.quiet = true;
    if (row && whole.status == JZ_OK && told(&dry, &look, row) && look.at == whole.at) {
        told(t, r, row);
        return;
    }
    snprintf(name, sizeof name, "key %llu", (unsigned long long)key);
    if (whole.status == JZ_OK && !t->say.quiet)
        jz_tell_raw(t, row ? row->name : name, r->data + r->at, whole.at - r->at);
    *r = whole;
}

void jz_tell_pairs(struct jz_teller *t, struct jz_reader *r, const struct jz_word_key *keys, uint64_t skip) {
    uint32_t pairs = jz_read_map(r);
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) {
        uint64_t key = jz_read_uint(r);
        if (key < 64 && skip >> key & 1u)
            jz_read_skip(r);
        else
            tell_pair(t, r, key, row_of(keys, key));
    }
}

/* --- one value ---------------------------------------------------------------------------------------------------- */

bool jz_tell_number(struct jz_teller *t, const char *name, struct jz_reader *r,
                    const struct jz_word_key *row) {
    (void)row;
    int64_t value = jz_read_int(r);
    if (r->status != JZ_OK) return false;
    jz_tool_say_int(&t->say, name, value);
    return true;
}

bool jz_tell_text(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    (void)row;
    struct jz_text text = jz_read_text(r);
    if (r->status != JZ_OK) return false;
    jz_tool_say_words(&t->say, name, text.data, text.bytes);
    return true;
}

bool jz_tell_yes(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    (void)row;
    bool value = jz_read_bool(r);
    if (r->status != JZ_OK) return false;
    jz_tool_say_bool(&t->say, name, value);
    return true;
}

bool jz_tell_bytes(struct jz_teller *t, const char *name, struct jz_reader *r,
                   const struct jz_word_key *row) {
    char count[32];
    (void)row;
    struct jz_bytes bytes = jz_read_bytes(r);
    if (r->status != JZ_OK) return false;
    snprintf(count, sizeof count, "%u bytes", bytes.bytes);
    if (bytes.bytes > 32)
        jz_tool_say_text(&t->say, name, count);
    else
        jz_tool_say_hex(&t->say, name, bytes.data, bytes.bytes);
    return true;
}

bool jz_tell_time(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    (void)row;
    int64_t ms = jz_read_int(r);
    if (r->status != JZ_OK) return false;
    jz_tool_say_time(&t->say, name, ms);
    return true;
}

bool jz_tell_age(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    char digits[JZ_VALUE_TEXT_MAX];
    (void)row;
    int64_t ms = jz_read_int(r);
    if (r->status != JZ_OK) return false;
    if (ms <= 0 || ms > JZ_TIME_MAX_MS) {
        jz_tool_say_none(&t->say, name);
        return true;
    }
    jz_value_decimal(t->now_ms - ms, 1000, digits);
    jz_tool_say_number(&t->say, name, digits, "s");
    return true;
}

static const char *word_of(const struct jz_word_list *list, uint64_t number) {
    return number < list->count ? list->word[number] : NULL;
}

bool jz_tell_word(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    uint64_t number = jz_read_uint(r);
    if (r->status != JZ_OK) return false;
    const char *word = word_of(row->more, number);
    if (word)
        jz_tool_say_text(&t->say, name, word);
    else
        jz_tool_say_int(&t->say, name, (int64_t)number);
    return true;
}

bool jz_tell_bits(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    uint64_t number = jz_read_uint(r);
    if (r->status != JZ_OK) return false;
    jz_tool_say_open_inline(&t->say, name, '[');
    for (uint32_t i = 0; i < 64; i++) {
        const char *word = number >> i & 1u ? word_of(row->more, i) : NULL;
        if (word)
            jz_tool_say_text(&t->say, NULL, word);
        else if (number >> i & 1u)
            jz_tool_say_int(&t->say, NULL, (int64_t)(UINT64_C(1) << i));
    }
    jz_tool_say_close(&t->say, ']');
    return true;
}

bool jz_tell_unit(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    char digits[24];
    int64_t value = jz_read_int(r);
    if (r->status != JZ_OK) return false;
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    jz_tool_say_number(&t->say, name, digits, row->more);
    return true;
}

bool jz_tell_degrees(struct jz_teller *t, const char *name, struct jz_reader *r,
                     const struct jz_word_key *row) {
    char digits[JZ_VALUE_TEXT_MAX];
    (void)row;
    int64_t value = jz_read_int(r);
    if (r->status != JZ_OK) return false;
    jz_value_decimal(value, 10000000, digits);
    jz_tool_say_number(&t->say, name, digits, "°");
    return true;
}

bool jz_tell_nothing(struct jz_teller *t, const char *name, struct jz_reader *r,
                     const struct jz_word_key *row) {
    (void)t, (void)name, (void)row;
    jz_read_skip(r);
    return r->status == JZ_OK;
}

/* --- fields and their values -------------------------------------------------------------------------------------- */

/* A code that this version does not know is shown as its number. */
static const char *field_name(uint64_t code, char buffer[24]) {
    uint32_t field = code <= UINT32_MAX ? jz_field_by_code((uint32_t)code) : JZ_FIELD_UNKNOWN;
    if (field != JZ_FIELD_UNKNOWN) return jz_field_at(field)->name;
    snprintf(buffer, 24, "%llu", (unsigned long long)code);
    return buffer;
}

static void say_value(struct jz_teller *t, const char *name, uint32_t field, int64_t value) {
    char text[JZ_VALUE_TEXT_MAX];
    if (field == JZ_FIELD_UNKNOWN || value < INT32_MIN || value > INT32_MAX) {
        jz_tool_say_int(&t->say, name, value);
        return;
    }
    jz_value_text(field, (int32_t)value, text);
    switch (jz_value_kind(field)) {
    case JZ_VALUE_NUMBER: jz_tool_say_number(&t->say, name, text, jz_value_unit(field)); return;
    case JZ_VALUE_YES_NO: jz_tool_say_bool(&t->say, name, value != 0); return;
    case JZ_VALUE_EVENT: jz_tool_say_bool(&t->say, name, true); return;
    case JZ_VALUE_WORD:
    case JZ_VALUE_DATE: break;
    }
    jz_tool_say_text(&t->say, name, text);
}

bool jz_tell_field(struct jz_teller *t, const char *name, struct jz_reader *r,
                   const struct jz_word_key *row) {
    char buffer[24];
    (void)row;
    uint64_t code = jz_read_uint(r);
    if (r->status != JZ_OK) return false;
    t->field = code <= UINT32_MAX ? jz_field_by_code((uint32_t)code) : JZ_FIELD_UNKNOWN;
    jz_tool_say_text(&t->say, name, field_name(code, buffer));
    return true;
}

bool jz_tell_value(struct jz_teller *t, const char *name, struct jz_reader *r,
                   const struct jz_word_key *row) {
    (void)row;
    int64_t value = jz_read_int(r);
    if (r->status != JZ_OK) return false;
    say_value(t, name, t->field, value);
    return true;
}

bool jz_tell_facts(struct jz_teller *t, const char *name, struct jz_reader *r,
                   const struct jz_word_key *row) {
    (void)row;
    uint32_t pairs = jz_read_map(r);
    jz_tool_say_open(&t->say, name, '{');
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) {
        char buffer[24];
        uint64_t code = jz_read_uint(r);
        int64_t value = jz_read_int(r);
        uint32_t field = code <= UINT32_MAX ? jz_field_by_code((uint32_t)code) : JZ_FIELD_UNKNOWN;
        bool event = field != JZ_FIELD_UNKNOWN && jz_field_at(field)->kind == 'e';
        if (r->status != JZ_OK) break;
        if (event) {
            char digits[24];
            snprintf(digits, sizeof digits, "%lld", (long long)value);
            jz_tool_say_number(&t->say, field_name(code, buffer), digits, "s before");
        } else {
            say_value(t, field_name(code, buffer), field, value);
        }
    }
    jz_tool_say_close(&t->say, '}');
    return r->status == JZ_OK;
}

static const char *const validity_word[] = {[JZ_ABSENT] = "absent",
                                            [JZ_VALID] = "valid",
                                            [JZ_STALE] = "stale",
                                            [JZ_PROBE_OFF] = "probe off",
                                            [JZ_OUT_OF_RANGE] = "out of range",
                                            [JZ_ARTEFACT] = "artefact",
                                            [JZ_PAIR_INCONSISTENT] = "pair inconsistent",
                                            [JZ_NOT_MEASURED] = "not measured"};
static const struct jz_word_list validity_words = {validity_word,
                                                   sizeof validity_word / sizeof validity_word[0]};

bool jz_tell_readings(struct jz_teller *t, const char *name, struct jz_reader *r,
                      const struct jz_word_key *row) {
    static const struct jz_word_key place[] = {{0, "value", jz_tell_value, NULL},
                                               {1, "age_s", jz_tell_age, NULL},
                                               {2, "validity", jz_tell_word, &validity_words},
                                               {0, NULL, NULL, NULL}};
    static const struct jz_word_key tuple = {0, "reading", jz_tell_tuple, place};
    (void)row;
    uint32_t pairs = jz_read_map(r);
    jz_tool_say_open(&t->say, name, '{');
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) {
        char buffer[24];
        uint64_t code = jz_read_uint(r);
        t->field = code <= UINT32_MAX ? jz_field_by_code((uint32_t)code) : JZ_FIELD_UNKNOWN;
        if (!tuple.tell(t, field_name(code, buffer), r, &tuple)) return false;
    }
    jz_tool_say_close(&t->say, '}');
    return r->status == JZ_OK;
}

bool jz_tell_fields(struct jz_teller *t, const char *name, struct jz_reader *r,
                    const struct jz_word_key *row) {
    uint32_t pairs = jz_read_map(r);
    jz_tool_say_open(&t->say, name, '{');
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) {
        char buffer[24];
        uint64_t code = jz_read_uint(r);
        if (!jz_tell_word(t, field_name(code, buffer), r, row)) return false;
    }
    jz_tool_say_close(&t->say, '}');
    return r->status == JZ_OK;
}

/* --- maps and lists ----------------------------------------------------------------------------------------------- */

static bool keyed(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row,
                  jz_tell tell) {
    uint32_t pairs = jz_read_map(r);
    jz_tool_say_open(&t->say, name, '{');
    for (uint32_t i = 0; i < pairs && r->status == JZ_OK; i++) {
        char buffer[24];
        uint64_t key = jz_read_uint(r);
        const char *word = word_of(row->more, key);
        snprintf(buffer, sizeof buffer, "%llu", (unsigned long long)key);
        if (!tell(t, word ? word : buffer, r, row)) return false;
    }
    jz_tool_say_close(&t->say, '}');
    return r->status == JZ_OK;
}

bool jz_tell_times(struct jz_teller *t, const char *name, struct jz_reader *r,
                   const struct jz_word_key *row) {
    return keyed(t, name, r, row, jz_tell_time);
}

bool jz_tell_numbers(struct jz_teller *t, const char *name, struct jz_reader *r,
                     const struct jz_word_key *row) {
    return keyed(t, name, r, row, jz_tell_number);
}

bool jz_tell_map(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    jz_tool_say_open(&t->say, name, '{');
    jz_tell_pairs(t, r, row->more, 0);
    jz_tool_say_close(&t->say, '}');
    return r->status == JZ_OK;
}

/* More places than the table has are of a newer version: they are shown by their number. */
bool jz_tell_tuple(struct jz_teller *t, const char *name, struct jz_reader *r,
                   const struct jz_word_key *row) {
    uint32_t count = jz_read_array(r);
    jz_tool_say_open(&t->say, name, '{');
    for (uint32_t i = 0; i < count && r->status == JZ_OK; i++) tell_pair(t, r, i, row_of(row->more, i));
    jz_tool_say_close(&t->say, '}');
    return r->status == JZ_OK;
}

static bool list(struct jz_teller *t, struct jz_reader *r, const struct jz_word_key *each) {
    uint32_t count = jz_read_array(r);
    for (uint32_t i = 0; i < count && r->status == JZ_OK; i++) {
        t->index = i;
        if (!each->tell(t, NULL, r, each)) return false;
    }
    jz_tool_say_close(&t->say, ']');
    return r->status == JZ_OK;
}

bool jz_tell_list(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    jz_tool_say_open(&t->say, name, '[');
    return list(t, r, row->more);
}

bool jz_tell_row(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row) {
    jz_tool_say_open_inline(&t->say, name, '[');
    return list(t, r, row->more);
}
