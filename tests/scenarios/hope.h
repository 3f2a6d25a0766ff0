/* SPDX-License-Identifier: Apache-2.0 */
/** @file hope.h  What the files of expectations share. */
#ifndef HOPE_H
#define HOPE_H
#include "verbs.h"

/** One row's function: whether it is as expected, and in `so` what is so instead. */
#define CHECK(name)                                                                                          \
    static bool name(const struct scene *s, uint32_t slot, const struct word_arg *about,                     \
                     const struct word_arg *says, char *so, size_t so_bytes)
#define BOUND "{exactly|at_most|at_least}"

const struct jz_encounter *hope_case(const struct scene *s, uint32_t slot);
const char *hope_facility(const struct scene *s, uint32_t facility);
/** The hospital's newest alert for this patient; NULL: none. */
const struct jz_alert_record *hope_alert(const struct scene *s, uint32_t slot, int64_t facility);
/** Ids of conditions with blanks between them, or "none". */
void hope_conditions(const struct scene *s, uint64_t bits, char *out, size_t capacity);
/** @param how  which word of BOUND */
bool hope_bound(int64_t how, int64_t is_s, int64_t wanted_ms);
/** Is a server's time that time of the story? Says what it is. */
bool hope_at(const struct scene *s, int64_t ms, int64_t story_ms, char *so, size_t so_bytes);
/** Is it that text? Says what it is. */
bool hope_text(const char *is, const char *wanted, char *so, size_t so_bytes);
/** Is it that number? Says what it is, in words where `rows` has them (NULL: none). */
bool hope_number(int64_t is, int64_t wanted, const struct named *rows, char *so, size_t so_bytes);

#endif /* HOPE_H */
