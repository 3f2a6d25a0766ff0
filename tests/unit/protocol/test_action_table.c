/* SPDX-License-Identifier: Apache-2.0 */
/* docs/protocol.md, "Actions", says who may do what, and server/core/action.c decides it: this test reads the rows of both
 * and fails where they differ. A cell of the document that says when begins with "where". */
#include "jingzhu/frame.h"

#include <ctype.h>

#include "hex.h"

enum { CELLS = 8, CELL_BYTES = 512, SOURCE_BYTES = 1 << 17 };

static const char *const names[JZ_ACTION_COUNT] = {
    [JZ_ACTION_CHOOSE_DESTINATION] = "CHOOSE_DESTINATION",
    [JZ_ACTION_SET_PRIORITY] = "SET_PRIORITY",
    [JZ_ACTION_STAND_DOWN] = "STAND_DOWN",
    [JZ_ACTION_REOPEN] = "REOPEN",
    [JZ_ACTION_MERGE] = "MERGE",
    [JZ_ACTION_BIRTH] = "BIRTH",
    [JZ_ACTION_TRANSFER] = "TRANSFER",
    [JZ_ACTION_JOIN] = "JOIN",
    [JZ_ACTION_IDENTIFY] = "IDENTIFY",
    [JZ_ACTION_DIVERT] = "DIVERT",
    [JZ_ACTION_END_DIVERT] = "END_DIVERT",
    [JZ_ACTION_SET_CAPACITY] = "SET_CAPACITY",
    [JZ_ACTION_CONFIRM_CAPABILITY] = "CONFIRM_CAPABILITY",
    [JZ_ACTION_STAMP] = "STAMP",
    [JZ_ACTION_RECEIPT] = "RECEIPT",
    [JZ_ACTION_ASK_CONSULT] = "ASK_CONSULT",
    [JZ_ACTION_TAKE_CONSULT] = "TAKE_CONSULT",
    [JZ_ACTION_PASS_CONSULT] = "PASS_CONSULT",
    [JZ_ACTION_ANSWER_CONSULT] = "ANSWER_CONSULT",
    [JZ_ACTION_SIGN_HANDOVER] = "SIGN_HANDOVER",
    [JZ_ACTION_OUTCOME] = "OUTCOME",
    [JZ_ACTION_SECOND] = "SECOND",
    [JZ_ACTION_PROBE_SOUNDED] = "PROBE_SOUNDED",
};

/* A word of the source and what the document writes for it, in the order of the document. */
struct word {
    const char *source, *document;
};
static const struct word people[] = {{"ADMINISTRATOR", "administrator"},
                                     {"CREW", "crew"},
                                     {"CONSULTANT", "consultant"},
                                     {"DISPATCHER", "dispatcher"},
                                     {"RECEIVING", "hospital"}};
static const struct word keys[] = {{"FACILITY", "9"}, {"CODE", "10"}, {"VALUE", "11"}, {"MS", "12"},
                                   {"PAST", "(12)"},  {"TEXT", "14"}, {"OTHER", "15"}, {"NUMBER", "16"}};
static const struct word patients[] = {{"NOBODY", "–"},
                                       {"LIVE", "live"},
                                       {"KEPT", "kept"},
                                       {"ANY", "any"},
                                       {"OF_ALERT", "of the alert"},
                                       {"OF_CONSULT", "of the consult"}};
static const struct word reasons[] = {{"NEVER", "–"}, {"SOMETIMES", "where"}, {"ALWAYS", "always"}};
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* --- the source: the initialiser of one row, without blanks ------------------------------------------------- */

static char *source(void) {
    static char packed[SOURCE_BYTES];
    char *text = read_text("server/core/action.c");
    size_t at = 0;
    assert_true(strlen(text) < sizeof packed);
    for (const char *c = text; *c; c++)
        if (!isspace((unsigned char)*c)) packed[at++] = *c;
    packed[at] = '\0';
    free(text);
    return packed;
}

/* Of the row "[JZ_ACTION_NAME]={...}": what stands after ".member=", up to the next comma or the row's end; "": nothing. */
static void member(const char *text, const char *name, const char *which, char value[CELL_BYTES]) {
    char head[96];
    (void)snprintf(head, sizeof head, "[JZ_ACTION_%s]={", name);
    const char *row = strstr(text, head), *end = row ? strchr(row, '}') : NULL;
    if (!end) fail_msg("server/core/action.c has no row of %s", name);
    (void)snprintf(head, sizeof head, ".%s=", which);
    const char *at = strstr(row, head);
    value[0] = '\0';
    if (!at || at > end) return;
    at += strlen(head);
    size_t bytes = strcspn(at, ",}");
    assert_true(bytes < CELL_BYTES);
    (void)snprintf(value, CELL_BYTES, "%.*s", (int)bytes, at);
}

static bool has_word(const char *value, const char *word) {
    size_t length = strlen(word);
    for (const char *at = value; (at = strstr(at, word)); at += length)
        if ((at == value || at[-1] == '|') && (at[length] == '\0' || at[length] == '|')) return true;
    return false;
}

/* "A|B" in the words of the document; "–": none. Every word of the source is in the table, or this fails. */
static void say(const char *value, const struct word *table, size_t rows, char out[CELL_BYTES]) {
    size_t found = 0, words = value[0] != '\0';
    for (const char *c = value; *c; c++) words += *c == '|';
    out[0] = '\0';
    for (size_t i = 0; i < rows; i++) {
        if (!has_word(value, table[i].source)) continue;
        size_t used = strlen(out);
        (void)snprintf(out + used, CELL_BYTES - used, "%s%s", found++ ? ", " : "", table[i].document);
    }
    if (found != words) fail_msg("action.c has a word this test does not know: %s", value);
    if (!found) (void)snprintf(out, CELL_BYTES, "–");
}

/* --- the document ------------------------------------------------------------------------------------------- */

static void cells_of(const char *document, unsigned number, char cell[CELLS][CELL_BYTES]) {
    char head[16];
    const char *table = strstr(document, "| number | action | who |");
    (void)snprintf(head, sizeof head, "\n| %u | ", number);
    const char *at = table ? strstr(table, head) : NULL;
    if (!at) fail_msg("docs/protocol.md has no action %u", number);
    at += 3;
    for (unsigned i = 0; i < CELLS; i++) {
        size_t bytes = strcspn(at, "|\n");
        assert_true(bytes > 1 && bytes < CELL_BYTES && at[bytes] == '|');
        (void)snprintf(cell[i], CELL_BYTES, "%.*s", (int)bytes - 1, at);
        at += bytes + 2;
    }
}

static void same(unsigned number, const char *what, const char *document, const char *code) {
    bool when = strcmp(code, "where") == 0;
    if (when ? strncmp(document, "where ", 6) != 0 : strcmp(document, code) != 0)
        fail_msg("action %u, %s: docs/protocol.md says \"%s\", action.c \"%s\"", number, what, document,
                 code);
}

static void check_action(const char *text, const char *document, unsigned number) {
    char cell[CELLS][CELL_BYTES], value[CELL_BYTES], code[CELL_BYTES];
    const char *name = names[number];
    assert_non_null(name);
    cells_of(document, number, cell);
    for (size_t i = 0; i <= strlen(name); i++)
        code[i] = name[i] == '_' ? ' ' : (char)tolower((unsigned char)name[i]);
    same(number, "name", cell[1], code);
    member(text, name, "roles", value);
    say(value, people, COUNT(people), code);
    same(number, "who", cell[2], code);
    member(text, name, "patient", value);
    say(value, patients, COUNT(patients), code);
    same(number, "of whom", cell[3], code);
    member(text, name, "keys", value);
    say(value, keys, COUNT(keys), code);
    same(number, "keys", cell[4], code);
    member(text, name, "reason", value);
    say(value, reasons, COUNT(reasons), code);
    same(number, "reason", cell[5], code);
    member(text, name, "needs_second", value);
    same(number, "second person", cell[6], value[0] ? "where" : "–");
}

static void the_document_says_of_every_action_what_its_row_decides(void **state) {
    (void)state;
    char *document = read_text("docs/protocol.md");
    const char *text = source();
    for (unsigned number = 1; number < JZ_ACTION_COUNT; number++) check_action(text, document, number);
    free(document);
}

static void the_document_lists_no_action_that_there_is_not(void **state) {
    (void)state;
    char *document = read_text("docs/protocol.md"), head[16];
    const char *table = strstr(document, "| number | action | who |");
    assert_non_null(table);
    const char *end = strstr(table, "\n\n");
    assert_non_null(end);
    unsigned rows = 0;
    for (const char *at = table; (at = strstr(at, "\n| ")) && at < end; at++)
        rows += isdigit((unsigned char)at[3]) != 0;
    assert_int_equal(rows, JZ_ACTION_COUNT - 1);
    (void)snprintf(head, sizeof head, "\n| %d | ", JZ_ACTION_COUNT);
    const char *more = strstr(table, head);
    assert_true(!more || more > end);
    free(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_says_of_every_action_what_its_row_decides),
        cmocka_unit_test(the_document_lists_no_action_that_there_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
