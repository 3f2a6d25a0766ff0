/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_rules.h"
#include "guiyang.h"
#include "roads.h"

#define TEXT_BYTES 1048576u

/* Three towns on one meridian, 0.1 degree (11 119 m) apart, and a hospital at the northern one. */
static const char good[] = "{\"meta\": {\"provider\": \"road-graph-test\", \"title\": \"t\"},\n"
                           " \"nodes\": [\n"
                           "  {\"id\": 1, \"lat\": 26.0, \"lon\": 106.0, \"name_zh\": \"甲\"},\n"
                           "  {\"id\": 2, \"lat\": 26.1, \"lon\": 106.0},\n"
                           "  {\"id\": 7, \"lat\": 26.2, \"lon\": 106.0}],\n"
                           " \"edges\": [\n"
                           "  {\"id\": 1, \"a\": 1, \"b\": 2, \"len_m\": 12000, \"kmh\": 60},\n"
                           "  {\"id\": 2, \"a\": 2, \"b\": 7, \"len_m\": 15000, \"kmh\": 100}]}\n";

static struct jz_directory directory;
static struct jz_roads *roads;
static struct jz_pack_error error;

static int setup(void **state) {
    (void)state;
    memset(&directory, 0, sizeof directory);
    directory.facility_count = 1;
    directory.facility[0].lat_e7 = 262000000;
    directory.facility[0].lon_e7 = 1060000000;
    directory.facility[0].accuracy_m = 100;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    jz_roads_free(roads);
    roads = NULL;
    return 0;
}

static enum jz_status load(const char *text) {
    memset(&error, 0xa5, sizeof error);
    jz_roads_free(roads);
    return jz_roads_load("roads.json", text, strlen(text), &directory, &roads, &error);
}

static const char *with(const char *old, const char *new, int *line, int *column) {
    static char text[4096];
    const char *at = strstr(good, old);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, new, at + strlen(old));
    char *mark = strchr(text, '@');
    assert_non_null(mark);
    memmove(mark, mark + 1, strlen(mark));
    *line = *column = 1;
    for (char *c = text; c < mark; c++) {
        *column = *c == '\n' ? 1 : *column + 1;
        *line += *c == '\n';
    }
    return text;
}

static void times_to_every_facility_are_worked_out_at_load(void **state) {
    (void)state;
    assert_int_equal(load(good), JZ_OK);
    assert_int_equal(roads->node_count, 3);
    assert_string_equal(roads->provider, "road-graph-test");
    assert_int_equal(roads->ms[0], 720000 + 540000); /* 12 km at 60, 15 km at 100 */
    assert_int_equal(roads->ms[1], 540000);
    assert_int_equal(roads->ms[2], 0);
}

static void the_leg_from_the_last_node_to_the_hospital_counts(void **state) {
    (void)state;
    directory.facility[0].lat_e7 = 262090000; /* 1000 m north of node 7: 1300 m of street at 30 km/h */
    assert_int_equal(load(good), JZ_OK);
    assert_in_range(roads->ms[2], 155900, 156300);
}

static void a_hospital_off_the_graph_is_marked(void **state) {
    static const struct {
        int32_t lat_e7;
        bool off;
    } rows[] = {{263348000, false}, {263350000, true}}; /* 14 989 m and 15 011 m north of node 7 */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        directory.facility[0].lat_e7 = rows[i].lat_e7;
        assert_int_equal(load(good), JZ_OK);
        assert_int_equal(roads->off_graph[0], rows[i].off);
    }
}

static void every_error_names_line_column_and_cure(void **state) {
    static const struct {
        const char *old, *new, *text;
    } rows[] = {
        {"\"b\": 7", "\"b\": @8", "node 8, which is not in the list"},
        {"\"a\": 1,", "\"a\": @0,", "node 0, which is not in the list"},
        {"\"a\": 2, \"b\": 7", "\"a\": 2, \"b\": @\"7x\"", "whole number"},
        {"\"a\": 2, \"b\": 7", "\"a\": 2, \"b\": 7@\x7f", "invisible character"},
        {"\"id\": 7", "\"id\": @2", "twice"},
        {"{\"id\": 7", "{\"@key\": 7", "'id' is missing"},
        {"26.2", "@126.2", "decimal degrees"},
        {"\"lon\": 106.0}]", "\"lon\": @null}]", "decimal degrees"},
        {"\"kmh\": 100", "\"kmh\": @131", "from 5 to 130"},
        {"\"kmh\": 100", "\"kmh\": @4", "from 5 to 130"},
        {"15000", "@0", "from 1 to 200000"},
        {"15000", "@200001", "from 1 to 200000"},
        {"15000", "@-5", "from 1 to 200000"},
        {"15000", "@1.5", "from 1 to 200000"},
        {", \"kmh\": 100", "@", "'kmh' is missing"},
        {"\"provider\": \"road-graph-test\"", "\"@x\": 1", "'provider' is missing"},
        {"\"road-graph-test\"", "\"@0123456789abcdef0123456789abcdef\"", "longer than 31 bytes"},
        {",\n  {\"id\": 2, \"a\": 2, \"b\": 7, \"len_m\": 15000, \"kmh\": 100}", "@",
         "no road leads from node 1 to node 7"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int line, column;
        const char *text = with(rows[i].old, rows[i].new, &line, &column);
        assert_int_equal(load(text), JZ_E_CONFIG);
        if (!strstr(error.text, rows[i].text)) fail_msg("row %zu: \"%s\"", i, error.text);
        assert_null(roads);
        assert_string_equal(error.file, "roads.json");
        assert_true(error.line > 0 && error.column > 0);
        bool elsewhere = strcmp(rows[i].new, "@") == 0 || rows[i].new[1] == '"';
        if (!elsewhere && rows[i].text[0] != 'w' && (error.line != line || labs(error.column - column) > 1))
            fail_msg("row %zu: at %d:%d, expected %d:%d", i, error.line, error.column, line, column);
    }
}

static void a_graph_in_two_parts_is_refused_at_the_lost_node(void **state) {
    int line, column;
    (void)state;
    const char *text =
        with(",\n  {\"id\": 2, \"a\": 2, \"b\": 7, \"len_m\": 15000, \"kmh\": 100}", "@", &line, &column);
    assert_int_equal(load(text), JZ_E_CONFIG);
    assert_int_equal(error.line, 5);
}

static void what_is_not_a_graph_is_refused(void **state) {
    static const char *const rows[] = {
        "",
        "{",
        "[]",
        "{\"meta\": 1}",
        "{\"meta\": {\"provider\": \"p\"}, \"nodes\": []}",
        "{\"meta\": {\"provider\": \"p\"}, \"nodes\": [1], \"edges\": []}",
        "{\"meta\": {\"provider\": \"p\"}, \"nodes\": {}, \"edges\": []}",
        "{\"meta\": {\"provider\": \"p\"}, \"nodes\": [{\"id\": 1, \"lat\": 1, \"lon\": 1}]}"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(load(rows[i]), JZ_E_CONFIG);
        assert_true(error.text[0] != '\0');
        assert_null(roads);
    }
}

static void no_graph_is_no_error(void **state) {
    (void)state;
    assert_int_equal(jz_roads_load("", NULL, 0, &directory, &roads, &error), JZ_OK);
    assert_int_equal(roads->node_count, 0);
    assert_int_equal(roads->facility_count, 1);
}

static void freeing_nothing_is_allowed(void **state) {
    (void)state;
    jz_roads_free(NULL);
    assert_null(roads);
}

/* A chain of `nodes` towns with `edges` roads, the surplus between the first two. */
static enum jz_status load_sized(unsigned nodes, unsigned edges) {
    char *text = malloc(TEXT_BYTES);
    assert_non_null(text);
    size_t at = (size_t)snprintf(text, TEXT_BYTES, "{\"meta\": {\"provider\": \"p\"}, \"nodes\": [");
    for (unsigned n = 0; n < nodes; n++)
        at += (size_t)snprintf(text + at, TEXT_BYTES - at, "%s{\"id\":%u,\"lat\":26,\"lon\":106}",
                               n ? "," : "", n);
    at += (size_t)snprintf(text + at, TEXT_BYTES - at, "], \"edges\": [");
    for (unsigned e = 0; e < edges; e++)
        at += (size_t)snprintf(text + at, TEXT_BYTES - at, "%s{\"a\":%u,\"b\":%u,\"len_m\":9,\"kmh\":9}",
                               e ? "," : "", e + 1 < nodes ? e : 0, e + 1 < nodes ? e + 1 : 1);
    snprintf(text + at, TEXT_BYTES - at, "]}");
    enum jz_status status = load(text);
    free(text);
    return status;
}

static void the_limits_on_nodes_and_edges_hold(void **state) {
    (void)state;
    assert_int_equal(load_sized(JZ_ROADS_NODES_MAX, JZ_ROADS_NODES_MAX - 1), JZ_OK);
    assert_int_equal(load_sized(JZ_ROADS_NODES_MAX + 1, JZ_ROADS_NODES_MAX), JZ_E_CONFIG);
    assert_non_null(strstr(error.text, "4097 entries"));
    assert_int_equal(load_sized(2, JZ_ROADS_EDGES_MAX), JZ_OK);
    assert_int_equal(load_sized(2, JZ_ROADS_EDGES_MAX + 1), JZ_E_CONFIG);
    assert_non_null(strstr(error.text, "16385 entries"));
}

static void a_text_longer_than_the_limit_is_refused(void **state) {
    char *text = malloc(JZ_ROADS_BYTES_MAX + 1u);
    (void)state;
    assert_non_null(text);
    memset(text, ' ', JZ_ROADS_BYTES_MAX + 1u);
    memcpy(text, good, sizeof good - 1);
    enum jz_status at_limit = jz_roads_load("r", text, JZ_ROADS_BYTES_MAX, &directory, &roads, &error);
    jz_roads_free(roads);
    enum jz_status over = jz_roads_load("r", text, JZ_ROADS_BYTES_MAX + 1u, &directory, &roads, &error);
    free(text);
    assert_int_equal(at_limit, JZ_OK);
    assert_int_equal(over, JZ_E_CONFIG);
}

static void damaged_text_never_harms(void **state) {
    uint64_t seed = test_seed();
    char text[sizeof good];
    (void)state;
    for (int round = 0; round < 3000; round++) {
        memcpy(text, good, sizeof good);
        for (uint32_t n = 1 + next_random(&seed) % 4; n > 0; n--)
            text[next_random(&seed) % (sizeof good - 1)] = (char)next_random(&seed);
        size_t bytes = next_random(&seed) % 4 ? sizeof good - 1 : next_random(&seed) % sizeof good;
        enum jz_status status = jz_roads_load("r", text, bytes, &directory, &roads, &error);
        assert_true(status == JZ_OK ? roads != NULL : status == JZ_E_CONFIG && !roads && error.text[0]);
        jz_roads_free(roads);
        roads = NULL;
    }
}

static void the_shipped_graph_loads_whole(void **state) {
    (void)state;
    roads = guiyang_roads(guiyang_directory(true));
    assert_int_equal(roads->node_count, 124);
    assert_int_equal(roads->facility_count, 26);
    for (uint32_t f = 0; f < roads->facility_count; f++)
        assert_int_equal(roads->off_graph[f], f == facility_index(guiyang_directory(true), "guihang-302"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(times_to_every_facility_are_worked_out_at_load, setup, teardown),
        cmocka_unit_test_setup_teardown(the_leg_from_the_last_node_to_the_hospital_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_hospital_off_the_graph_is_marked, setup, teardown),
        cmocka_unit_test_setup_teardown(every_error_names_line_column_and_cure, setup, teardown),
        cmocka_unit_test_setup_teardown(a_graph_in_two_parts_is_refused_at_the_lost_node, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_a_graph_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(no_graph_is_no_error, setup, teardown),
        cmocka_unit_test_setup_teardown(freeing_nothing_is_allowed, setup, teardown),
        cmocka_unit_test_setup_teardown(the_limits_on_nodes_and_edges_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_longer_than_the_limit_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_text_never_harms, setup, teardown),
        cmocka_unit_test_setup_teardown(the_shipped_graph_loads_whole, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
