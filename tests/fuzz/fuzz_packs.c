/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as rule packs: compiled, checked by their own tests, and what compiles judges a patient (chart_story.h). Packs
 * stand one after the other, each from its line "pack: NAME". Bytes rarely make YAML, so that words and lines are
 * mutated too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_story.h"
#include "jingzhu/pack_tests.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define PACKS_MAX 8u
#define MUTATED_BYTES_MAX                                                                                    \
    2048u /* each mutant runs every test of its rule: within a second for a small pack */
#define HEAD "pack: "

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
size_t LLVMFuzzerMutate(uint8_t *data, size_t bytes, size_t bytes_max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t bytes_max, unsigned int seed);

static void require(bool holds) {
    if (!holds) abort();
}

/* --- the packs ------------------------------------------------------------------------------------------------- */

struct packs {
    size_t count;
    struct jz_pack_source source[PACKS_MAX];
    char name[PACKS_MAX][64];
};

/* Where the next pack begins, or the end. */
static const char *next_head(const char *at, const char *end) {
    for (; at < end; at++)
        if ((size_t)(end - at) >= strlen(HEAD) && at[-1] == '\n' && memcmp(at, HEAD, strlen(HEAD)) == 0)
            return at;
    return end;
}

static void split(const char *text, size_t bytes, struct packs *out) {
    const char *at = text, *end = text + bytes;
    for (out->count = 0; out->count < PACKS_MAX && at < end; out->count++) {
        const char *stop = next_head(at + 1, end), *name = at + strlen(HEAD);
        size_t length = 0;
        while (name + length < stop && name[length] > ' ' && length < 50) length++;
        char *to = out->name[out->count];
        snprintf(to, sizeof out->name[0], "%.*s.yaml", (int)length, length ? name : "");
        out->source[out->count] = (struct jz_pack_source){to, at, (size_t)(stop - at)};
        at = stop;
    }
}

static void check_refusal(const struct jz_pack_error *error) {
    require(memchr(error->text, 0, sizeof error->text) && memchr(error->file, 0, sizeof error->file));
    require(error->text[0] && error->line >= 1 && error->column >= 1);
}

static void check_program(const struct packs *packs, const struct jz_program *program, const uint8_t *data,
                          size_t bytes) {
    struct jz_program *again;
    struct jz_pack_error error;
    require(jz_program_compile(packs->source, packs->count, &again, &error) == JZ_OK);
    require(memcmp(jz_program_hash(program), jz_program_hash(again), 32) == 0);
    jz_program_free(again);
    chart_story(program, data, bytes);
}

static void check_tests(const struct packs *packs, size_t bytes) {
    static struct jz_pack_tests tests;
    static struct jz_mutation mutation;
    struct jz_pack_error error = {.text = ""};
    enum jz_status status = jz_pack_tests_run(packs->source, packs->count, &tests, &error);
    require((status == JZ_OK) == (tests.failed == 0 && !error.text[0]));
    require(tests.listed <= tests.failed && tests.uncovered <= tests.failed);
    if (status != JZ_OK || bytes > MUTATED_BYTES_MAX) return;
    require(jz_pack_mutate(packs->source, packs->count, &mutation, &error) == JZ_OK);
    require(mutation.killed <= mutation.mutants);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    static struct packs packs;
    struct jz_program *program;
    struct jz_pack_error error = {.text = ""};
    char *text = malloc(bytes + 1); /* of its own size: a byte over is noticed */
    require(text != NULL);
    memcpy(text, data, bytes);
    split(text, bytes, &packs);
    enum jz_status status = jz_program_compile(packs.source, packs.count, &program, &error);
    require(status == JZ_OK || status == JZ_E_PACK);
    require((status == JZ_OK) == (program != NULL));
    if (status == JZ_OK)
        check_program(&packs, program, data, bytes);
    else
        check_refusal(&error);
    if (status == JZ_OK) check_tests(&packs, bytes);
    jz_program_free(program);
    free(text);
    return 0;
}

/* --- mutation by words and lines ---------------------------------------------------------------------------------- */

static const char *const vocabulary[] = {
    "pack:",
    "title:",
    "{zh: z, en: e}",
    "population:",
    "inputs:",
    "fresh: 15 min",
    "unit:",
    "use:",
    "policy.wait",
    "define:",
    "rules:",
    "- id: X",
    "version: 1.0.0",
    "source: s",
    "mark: S",
    "mark: PROJ",
    "sign_off: {by: \"\", date: \"\"}",
    "enabled: no",
    "why: w",
    "applies:",
    "unknown: ask",
    "unknown: evaluate",
    "levels:",
    "when:",
    "priority: 1",
    "alarm: yes",
    "rule_out: yes",
    "conditions: [K1]",
    "score:",
    "bands:",
    "cases:",
    "points:",
    "any_item: 2",
    "value:",
    "plausible: 0..9",
    "within: 5 min",
    "first:",
    "all:",
    "any:",
    "not:",
    "at_least: 2",
    "of:",
    "known:",
    "repeated:",
    "pending:",
    "held:",
    "changed:",
    "trend:",
    "falls: 40",
    "rises: 20",
    "over: 10 min",
    "apart: 15 min",
    "for: 2 min",
    "since",
    "from",
    "to",
    "today",
    "rule.X",
    "pathways:",
    "targets:",
    "warn: 50 %",
    "tests:",
    "given:",
    "vary:",
    "readings:",
    "at: 0:00",
    "now: 1:59",
    "date: 2024-02-29",
    "expect:",
    "status: fired",
    "lo: 0",
    "hi: 1",
    "level: none",
    "missing:",
    "sbp",
    "dbp",
    "hr",
    "spo2",
    "temp_c",
    "pregnancy",
    "pregnant",
    "yes",
    "no",
    "lmp_date",
    "fmc",
    "ecg",
    "fhr",
    "ga_days",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "(",
    ")",
    "..",
    "0",
    "1",
    "-1",
    "2147483647",
    "-2147483648",
    "9223372036854775807",
    "{",
    "}",
    "[",
    "]",
};

static uint32_t draw(uint32_t *state, uint32_t below) {
    *state = *state * 1664525u + 1013904223u;
    return below ? (uint32_t)((uint64_t)*state * below >> 32) : 0;
}

struct piece {
    size_t first, bytes;
};

/* The line or the word around a place. */
static struct piece piece_at(const uint8_t *data, size_t bytes, size_t place, bool line) {
    size_t first = place, end = place;
    while (first > 0 && (line ? data[first - 1] != '\n' : data[first - 1] > ' ' && data[first - 1] != ','))
        first--;
    while (end < bytes && (line ? data[end] != '\n' : data[end] > ' ' && data[end] != ',')) end++;
    if (line && end < bytes) end++;
    return (struct piece){first, end - first};
}

/* Puts `with` in the place of a piece. @return the new length; as before where there is no room. */
static size_t put(uint8_t *data, size_t bytes, size_t bytes_max, struct piece out, const uint8_t *with,
                  size_t length) {
    if (bytes - out.bytes + length > bytes_max) return bytes;
    memmove(data + out.first + length, data + out.first + out.bytes, bytes - out.first - out.bytes);
    memcpy(data + out.first, with, length);
    return bytes - out.bytes + length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t bytes_max, unsigned int seed) {
    static uint8_t copy[4096];
    uint32_t state = seed, kind = draw(&state, 8);
    if (!bytes || kind < 2) return LLVMFuzzerMutate(data, bytes, bytes_max);
    bool line = kind < 5;
    struct piece to = piece_at(data, bytes, draw(&state, (uint32_t)bytes), line),
                 from = piece_at(data, bytes, draw(&state, (uint32_t)bytes), line);
    if (from.bytes > sizeof copy) from.bytes = sizeof copy;
    memcpy(copy, data + from.first, from.bytes);
    if (kind == 2) return put(data, bytes, bytes_max, to, copy, 0); /* a line less */
    if (kind == 3) to.bytes = 0;                                    /* a line more */
    if (kind < 6)
        return put(data, bytes, bytes_max, to, copy, from.bytes); /* another line, another word of the text */
    const char *word = vocabulary[draw(&state, COUNT(vocabulary))];
    if (kind == 7) to.bytes = 0;
    return put(data, bytes, bytes_max, to, (const uint8_t *)word, strlen(word));
}
