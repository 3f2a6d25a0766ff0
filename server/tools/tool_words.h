/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_words.h  Frames and decisions in words, by tables: a row for each key says its name and how its value is
 *  said. What no row knows, or what is of another shape than its row says, is shown in diagnostic notation: nothing on
 *  record is left out because this version has no word for it. */
#ifndef JZ_TOOL_WORDS_H
#define JZ_TOOL_WORDS_H
#include "directory.h"
#include "jingzhu/codec.h"
#include "tool_say.h"

/** Who says it, and what is known around it. */
struct jz_teller {
    struct jz_tool_say say;
    int64_t now_ms;                       /**< ages count to this */
    uint32_t field;                       /**< the field whose value comes next; JZ_FIELD_UNKNOWN: none */
    uint32_t index;                       /**< place in the list being told */
    const struct jz_directory *directory; /**< names facilities by their index; may be NULL */
};

struct jz_word_key;
/** Reads one item and says it. @return false, or the reader's status: it was of another shape */
typedef bool (*jz_tell)(struct jz_teller *t, const char *name, struct jz_reader *r,
                        const struct jz_word_key *row);
/** One key of a map, or one place of a list. A table of them ends with a row without name. */
struct jz_word_key {
    uint64_t key;
    const char *name;
    jz_tell tell;
    const void *more; /**< what `tell` needs besides */
};
/** Words of a number: 0, 1, 2 ... NULL where a number has none. */
struct jz_word_list {
    const char *const *word;
    uint32_t count;
};
/** One kind of record. A table of them ends with a row without name. */
struct jz_word_kind {
    uint64_t kind;
    const char *name;
    const struct jz_word_key *key;
};
/** Static storage; NULL: none of that kind. */
const struct jz_word_kind *jz_word_kind(const struct jz_word_kind *table, uint64_t kind);

extern const struct jz_word_kind jz_frame_words[];    /**< by key 0 */
extern const struct jz_word_kind jz_decision_words[]; /**< by key 3 */
extern const struct jz_word_kind jz_event_words[];    /**< inputs that are no frame, by key 1 */

/** Says the pairs of a map.
 *  @param keys  May be NULL: all are shown as they stand.
 *  @param skip  Bit per key that the caller has told already (keys 0 to 63). */
void jz_tell_pairs(struct jz_teller *t, struct jz_reader *r, const struct jz_word_key *keys, uint64_t skip);
/** A whole item in diagnostic notation. */
void jz_tell_raw(struct jz_teller *t, const char *name, const uint8_t *item, size_t bytes);

/* How a value is said. */
bool jz_tell_number(struct jz_teller *t, const char *name, struct jz_reader *r,
                    const struct jz_word_key *row);
bool jz_tell_text(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
bool jz_tell_yes(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
bool jz_tell_bytes(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** Milliseconds since 1970. */
bool jz_tell_time(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** The same, as seconds before now. */
bool jz_tell_age(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** `more`: a jz_word_list. */
bool jz_tell_word(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** A sum of 1, 2, 4 ...: `more` is a jz_word_list. */
bool jz_tell_bits(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** A number with its unit: `more` is the unit. */
bool jz_tell_unit(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** Latitude or longitude in 1e-7 degrees. */
bool jz_tell_degrees(struct jz_teller *t, const char *name, struct jz_reader *r,
                     const struct jz_word_key *row);
/** A field's code, by its name. */
bool jz_tell_field(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** The value of the field that was told last. */
bool jz_tell_value(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** {code: value}, of events how long ago. */
bool jz_tell_facts(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** {code: [value, when, validity]}. */
bool jz_tell_readings(struct jz_teller *t, const char *name, struct jz_reader *r,
                      const struct jz_word_key *row);
/** {code: number}: `more` is a jz_word_list of the numbers. */
bool jz_tell_fields(struct jz_teller *t, const char *name, struct jz_reader *r,
                    const struct jz_word_key *row);
/** {number: ms}: `more` is a jz_word_list of the keys. */
bool jz_tell_times(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** {number: number}: likewise. */
bool jz_tell_numbers(struct jz_teller *t, const char *name, struct jz_reader *r,
                     const struct jz_word_key *row);
/** A map of its own: `more` is its table. */
bool jz_tell_map(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** A list of places: `more` is a table by place. */
bool jz_tell_tuple(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** A list of values that are all said alike: `more` is one row. */
bool jz_tell_list(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** The same, in one line. */
bool jz_tell_row(struct jz_teller *t, const char *name, struct jz_reader *r, const struct jz_word_key *row);
/** Passed over. */
bool jz_tell_nothing(struct jz_teller *t, const char *name, struct jz_reader *r,
                     const struct jz_word_key *row);

#endif /* JZ_TOOL_WORDS_H */
