/* SPDX-License-Identifier: Apache-2.0 */
/** @file pack_suite.h  The tests of all rules as data, and what runs them (private to engine/). */
#ifndef JZ_PACK_SUITE_H
#define JZ_PACK_SUITE_H
#include "loader.h"

/** A list that grows; elements are zero at first. */
struct jz_list {
    void *data;
    uint32_t count, capacity;
};
void *jz_list_add(struct jz_list *list, size_t size); /**< NULL: no memory */
void jz_list_free(struct jz_list *list);

struct jz_test_reading {
    int64_t at_s;
    int32_t value;
    uint16_t field;
};
/** One expectation. Masks are of the rule's inputs, or of conditions. */
enum jz_wish_kind {
    JZ_WISH_STATUS,
    JZ_WISH_LO,
    JZ_WISH_HI,
    JZ_WISH_LEVEL,
    JZ_WISH_LEVEL_HI,
    JZ_WISH_PRIORITY,
    JZ_WISH_ALARM,
    JZ_WISH_CONDITIONS,
    JZ_WISH_COMPLETE,
    JZ_WISH_MISSING,
    JZ_WISH_STALE,
    JZ_WISH_NEXT,
    JZ_WISH_POINTS
};
struct jz_wish {
    int64_t want;
    uint8_t kind, item;
};
/** One case: a test, or one value of a test that varies. */
struct jz_test {
    char id[2 * JZ_NAME_MAX + 24]; /**< "N2-RR, rr 9" */
    struct jz_place at;
    int64_t base_ms, now_s;
    uint32_t first_reading, readings, first_wish, wishes;
};
struct jz_suite {
    struct jz_loader *l;
    struct jz_pack_tests *report;
    struct jz_list tests, readings, wishes;
    uint32_t first_test[JZ_RULES_MAX + 1u]; /**< tests of rule r: first_test[r] .. first_test[r + 1] */
    struct jz_rule_set needs[JZ_RULES_MAX]; /**< rules whose results the rule reads, and what those read */
    struct jz_chart chart;                  /**< of the test at hand */
    struct jz_assessment result;
    bool no_memory;
};
static inline struct jz_test *jz_test_at(const struct jz_suite *s, uint32_t i) {
    return (struct jz_test *)s->tests.data + i;
}
static inline struct jz_test_reading *jz_reading_at(const struct jz_suite *s, const struct jz_test *test,
                                                    uint32_t i) {
    return (struct jz_test_reading *)s->readings.data + test->first_reading + i;
}
static inline struct jz_wish *jz_wish_at(const struct jz_suite *s, const struct jz_test *test, uint32_t i) {
    return (struct jz_wish *)s->wishes.data + test->first_wish + i;
}

/* pack_test.c */
/** Reads the tests of all rules. Malformed ones are failures of the report. */
void jz_suite_read(struct jz_suite *s);
void jz_suite_free(struct jz_suite *s);

/* pack_run.c */
void jz_suite_fail(struct jz_suite *s, struct jz_place at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** A watcher of the chart while a test runs: after each time at which something was read, and at the end. */
typedef void (*jz_watch)(void *context, const struct jz_test *test, int64_t now_ms, bool end);
void jz_run_test(struct jz_suite *s, uint32_t rule, const struct jz_test *test, jz_watch watch,
                 void *context);
/** After jz_run_test: whether the result is as wished. */
bool jz_test_passes(const struct jz_suite *s, const struct jz_test *test);
int64_t jz_wish_found(const struct jz_suite *s, const struct jz_wish *wish);
const char *jz_wish_key(enum jz_wish_kind kind);

/* pack_cover.c */
/** Runs the tests of a rule, reports those that fail and the bounds that none of them reaches. */
void jz_cover_rule(struct jz_suite *s, uint32_t rule);

#endif /* JZ_PACK_SUITE_H */
