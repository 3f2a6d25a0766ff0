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

#define TEXT_BYTES 65536u

/* A small good directory. Rows replace one piece of it; the mark '@' shows where the complaint must point. */
static const char good[] = "version: 1\n"
                           "title: \"two hospitals\"\n"
                           "capabilities: [pci_24h, adult_icu]\n"
                           "sources: {S1: \"a list\"}\n"
                           "facilities:\n"
                           "  - id: gy-1\n"
                           "    name: {zh: \"市一\", en: \"First\"}\n"
                           "    aliases: [\"one\"]\n"
                           "    kind: general\n"
                           "    level: {v: \"三级甲等\", status: source, ref: S1}\n"
                           "    position: {lat: 26.5705, lon: 106.7003, acc_m: 400, status: unverified}\n"
                           "    partner: {zh: \"北大医疗集团\", en: \"PKU\", status: source, ref: S1}\n"
                           "    capabilities:\n"
                           "      pci_24h: {v: yes, status: confirmed, by: \"W\", on: 2026-11-20, sim: no}\n"
                           "  - id: gy-2\n"
                           "    name: {zh: \"市二\", en: \"Second\"}\n"
                           "    position: {lat: -26.6, lon: 106, acc_m: 20000, status: unverified}\n"
                           "    capabilities:\n"
                           "      pci_24h: {v: no, status: unverified, sim: yes}\n"
                           "      adult_icu: {v: yes, status: unverified, sim: no}\n";

static struct jz_directory out;
static struct jz_pack_error error;

static enum jz_status parse(const char *text, bool simulation) {
    memset(&out, 0xa5, sizeof out);
    memset(&error, 0xa5, sizeof error);
    return jz_directory_parse("test.yaml", text, strlen(text), simulation, &out, &error);
}

/* Copies `good` with one replacement; takes the mark out and returns its line and column. */
static const char *with(const char *old, const char *new, int *line, int *column) {
    static char text[TEXT_BYTES];
    const char *at = strstr(good, old);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, new, at + strlen(old));
    char *mark = strchr(text, '@');
    assert_non_null(mark);
    memmove(mark, mark + 1, strlen(mark));
    *line = *column = 1;
    for (char *c = text; c < mark; c++) {
        *column = *c == '\n' ? 1 : *column + ((*c & 0xc0) != 0x80);
        *line += *c == '\n';
    }
    return text;
}

static void a_good_directory_is_read_to_the_last_digit(void **state) {
    (void)state;
    assert_int_equal(parse(good, true), JZ_OK);
    assert_int_equal(out.facility_count, 2);
    assert_int_equal(out.capability_count, 2);
    assert_true(out.simulation);
    assert_string_equal(out.capability[1], "adult_icu");
    assert_string_equal(out.facility[0].id, "gy-1");
    assert_string_equal(out.facility[0].name_zh, "市一");
    assert_string_equal(out.facility[0].name_en, "First");
    assert_string_equal(out.facility[0].partner_zh, "北大医疗集团");
    assert_string_equal(out.facility[1].partner_zh, "");
    assert_int_equal(out.facility[0].lat_e7, 265705000);
    assert_int_equal(out.facility[0].lon_e7, 1067003000);
    assert_int_equal(out.facility[0].accuracy_m, 400);
    assert_int_equal(out.facility[1].lat_e7, -266000000);
    assert_int_equal(out.facility[1].lon_e7, 1060000000);
}

static void status_and_mode_decide_what_a_capability_counts_as(void **state) {
    static const struct {
        const char *fact;
        enum jz_capability_state simulation, live;
    } rows[] = {
        {"{v: yes, status: confirmed, by: W, on: 2026-11-20}", JZ_CAPABILITY_CONFIRMED,
         JZ_CAPABILITY_CONFIRMED},
        {"{v: no, status: confirmed, by: W, on: 2026-11-20, sim: yes}", JZ_CAPABILITY_ABSENT,
         JZ_CAPABILITY_ABSENT},
        {"{v: yes, status: unverified, sim: yes}", JZ_CAPABILITY_ASSUMED, JZ_CAPABILITY_UNKNOWN},
        {"{v: no, status: unverified, sim: yes}", JZ_CAPABILITY_ASSUMED, JZ_CAPABILITY_UNKNOWN},
        {"{v: yes, status: unverified, sim: no}", JZ_CAPABILITY_ABSENT, JZ_CAPABILITY_UNKNOWN},
        {"{v: no, status: unverified}", JZ_CAPABILITY_UNKNOWN, JZ_CAPABILITY_UNKNOWN},
        {"{v: yes, status: source, ref: S1, sim: yes}", JZ_CAPABILITY_ASSUMED, JZ_CAPABILITY_UNKNOWN},
        {"{v: unknown, status: unverified, sim: yes}", JZ_CAPABILITY_ASSUMED, JZ_CAPABILITY_UNKNOWN},
    };
    int line, column;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char new[128];
        snprintf(new, sizeof new, "@%s", rows[i].fact);
        const char *text = with("{v: no, status: unverified, sim: yes}", new, &line, &column);
        assert_int_equal(parse(text, true), JZ_OK);
        assert_int_equal(jz_directory_capability(&out, 1, "pci_24h"), rows[i].simulation);
        assert_int_equal(parse(text, false), JZ_OK);
        assert_int_equal(jz_directory_capability(&out, 1, "pci_24h"), rows[i].live);
    }
}

static void a_capability_that_is_not_mentioned_is_unknown(void **state) {
    (void)state;
    assert_int_equal(parse(good, true), JZ_OK);
    assert_int_equal(jz_directory_capability(&out, 0, "adult_icu"), JZ_CAPABILITY_UNKNOWN);
}

static void every_error_names_line_column_and_cure(void **state) {
    static const struct {
        const char *old, *new, *text;
    } rows[] = {
        {"id: gy-2\n    name", "@name", "'id' is missing"},
        {"gy-2", "@gy-1", "used twice"},
        {"gy-2", "@GY-2", "may hold only"},
        {"gy-2", "\"@0123456789abcdef\"", "longer than 15 bytes"},
        {"gy-2", "\"@\"", "is empty"},
        {"{zh: \"市二\", en: \"Second\"}", "{@zh: \"市二\"}", "'en' is missing"},
        {"-26.6", "@90.0000001", "decimal degrees"},
        {"-26.6", "@26.12345678", "decimal degrees"},
        {"-26.6", "@26.", "decimal degrees"},
        {"-26.6", "@2.6e1", "decimal degrees"},
        {"-26.6", "@north", "decimal degrees"},
        {"lon: 106,", "lon: @180.1,", "decimal degrees"},
        {"lat: -26.6, lon: 106,", "@lat: 0, lon: 0,", "ambulance entrance"},
        {"20000", "@20001", "acc_m is '20001'; it must be a whole number from 1 to 20000"},
        {"20000", "@0", "acc_m is '0'; it must be a whole number from 1 to 20000"},
        {"v: no, status", "v: @maybe, status", "must be one of: yes, no, unknown"},
        {"v: no, status: unverified", "v: no, status: @confirmd",
         "must be one of: confirmed, source, unverified"},
        {"v: no, status: unverified, sim: yes", "v: no, status: unverified, sim: @perhaps",
         "neither yes nor no"},
        {"v: yes, status: confirmed", "@v: unknown, status: confirmed", "both confirmed and unknown"},
        {"v: yes, status: confirmed, by: \"W\",", "@v: yes, status: confirmed,", "'by' is missing"},
        {"2026-11-20", "@2026-11-2", "must be a date"},
        {"2026-11-20", "@20-11-2026", "must be a date"},
        {"status: source, ref: S1}\n    position", "status: source, ref: @S9}\n    position",
         "not listed under sources"},
        {"v: \"三级甲等\", status: source, ref: S1", "@v: \"三级甲等\", status: source", "'ref' is missing"},
        {"kind: general", "@kinds: general", "'kinds' is not known here"},
        {"adult_icu: {v: yes, status: unverified, sim: no}", "@ecmo: {v: yes, status: unverified}",
         "not in the list"},
        {"{v: yes, status: unverified, sim: no}", "@yes", "must be a map"},
        {"{v: yes, status: unverified, sim: no}", "{@v: yes, sim: no}", "'status' is missing"},
        {"[pci_24h, adult_icu]", "[pci_24h, @pci_24h]", "listed twice"},
        {"[pci_24h, adult_icu]", "[pci_24h, @PCI]", "may hold only"},
        {"version: 1", "version: @2", "version is '2'; it must be"},
        {"id: gy-2", "id: gy-2\n    kind: x\n    notes: y\n    aliases: z\n    @zone: 1",
         "'zone' is not known"},
        {"gy-2", "&a @gy-2", "anchors ('&') are not allowed"},
        {"-26.6", "*@a", "lat: aliases ('*') are not allowed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int line, column;
        const char *text = with(rows[i].old, rows[i].new, &line, &column);
        assert_int_equal(parse(text, true), JZ_E_CONFIG);
        if (!strstr(error.text, rows[i].text) || error.line != line || error.column != column)
            fail_msg("row %zu: got %d:%d \"%s\", expected %d:%d \"%s\"", i, error.line, error.column,
                     error.text, line, column, rows[i].text);
        assert_string_equal(error.file, "test.yaml");
        assert_int_equal(out.facility_count, 0);
    }
}

static void what_is_not_yaml_is_refused_with_its_place(void **state) {
    static const struct {
        const char *text;
        int line; /* -1: any */
    } rows[] = {{"version: 1\nfacilities: [\n", -1},
                {"version: 1\nversion: 1\n", 2},
                {"a: 'open\n", -1},
                {"version: 1\n\tx: 1\n", 1},
                {"- 1\n", 1},
                {"just words", 1},
                {"# a comment\n", 1},
                {"", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(parse(rows[i].text, true), JZ_E_CONFIG);
        if (rows[i].line >= 0 && error.line != rows[i].line)
            fail_msg("row %zu: line %d \"%s\", expected line %d", i, error.line, error.text, rows[i].line);
        assert_true(error.text[0] != '\0');
    }
}

/* A directory with so many facilities and capability keys. */
static enum jz_status parse_sized(unsigned facilities, unsigned keys) {
    static char text[TEXT_BYTES];
    size_t at = (size_t)snprintf(text, sizeof text, "version: 1\ncapabilities: [k0");
    for (unsigned k = 1; k < keys; k++) at += (size_t)snprintf(text + at, sizeof text - at, ", k%u", k);
    at += (size_t)snprintf(text + at, sizeof text - at, "]\nfacilities:\n");
    for (unsigned f = 0; f < facilities; f++)
        at += (size_t)snprintf(
            text + at, sizeof text - at,
            "  - {id: f%u, name: {zh: z, en: e}, capabilities: {k0: {v: no, status: unverified}},"
            " position: {lat: 1, lon: 1, acc_m: 1, status: unverified}}\n",
            f);
    return parse(text, false);
}

static void sixty_four_facilities_fit_and_one_more_is_refused(void **state) {
    (void)state;
    assert_int_equal(parse_sized(JZ_FACILITIES_MAX, 1), JZ_OK);
    assert_int_equal(out.facility_count, 64);
    assert_string_equal(out.facility[63].id, "f63");
    assert_int_equal(parse_sized(JZ_FACILITIES_MAX + 1, 1), JZ_E_CONFIG);
    assert_non_null(strstr(error.text, "65 entries; 1 to 64"));
    assert_int_equal(error.line, 4);
    assert_int_equal(error.column, 6);
    assert_int_equal(parse_sized(0, 1), JZ_E_CONFIG);
}

static void thirty_two_capabilities_fit_and_one_more_is_refused(void **state) {
    (void)state;
    assert_int_equal(parse_sized(1, JZ_CAPABILITIES_MAX), JZ_OK);
    assert_int_equal(out.capability_count, 32);
    assert_int_equal(parse_sized(1, JZ_CAPABILITIES_MAX + 1), JZ_E_CONFIG);
    assert_non_null(strstr(error.text, "33 entries; 1 to 32"));
}

static void a_text_of_the_limit_is_read_and_a_longer_one_refused(void **state) {
    char *text = malloc(JZ_DIRECTORY_BYTES_MAX + 2u);
    (void)state;
    assert_non_null(text);
    memset(text, '#', JZ_DIRECTORY_BYTES_MAX + 2u); /* one long comment after the last line */
    memcpy(text, good, sizeof good - 1);
    enum jz_status at_limit = jz_directory_parse("t", text, JZ_DIRECTORY_BYTES_MAX, true, &out, &error);
    enum jz_status over = jz_directory_parse("t", text, JZ_DIRECTORY_BYTES_MAX + 1u, true, &out, &error);
    free(text);
    assert_int_equal(at_limit, JZ_OK);
    assert_int_equal(over, JZ_E_CONFIG);
}

/* Left to libfyaml 0.7.12, the first of these loops for ever. */
static void a_directive_is_refused_before_the_yaml_library_sees_it(void **state) {
    static const struct {
        const char *text;
        int line;
    } rows[] = {{"%x \xff", 1},
                {"%YAML 1.2\n---\nversion: 1\n", 1},
                {"version: 1\n%x\n", 2},
                {"version: 1\r%x\n", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(parse(rows[i].text, true), JZ_E_CONFIG);
        assert_non_null(strstr(error.text, "directives are not allowed"));
        assert_int_equal(error.line, rows[i].line);
        assert_int_equal(error.column, 1);
    }
}

static void a_percent_sign_elsewhere_is_text(void **state) {
    int line, column;
    (void)state;
    const char *text = with("\"First\"", "@\"100 % %\"", &line, &column);
    assert_int_equal(parse(text, true), JZ_OK);
    assert_string_equal(out.facility[0].name_en, "100 % %");
}

static void deep_nesting_is_refused_and_not_followed(void **state) {
    char text[4096] = "version: ";
    (void)state;
    memset(text + strlen(text), '[', 3000);
    assert_int_equal(parse(text, true), JZ_E_CONFIG);
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
        enum jz_status status = jz_directory_parse("t", text, bytes, true, &out, &error);
        assert_true(status == JZ_OK || (status == JZ_E_CONFIG && error.text[0] && out.facility_count == 0));
    }
}

static void the_shipped_directory_is_as_sourced(void **state) {
    static const struct {
        const char *id, *partner;
    } rows[] = {{"gy-mch", "北京儿童医院集团"},
                {"gy-2", "北大医疗集团"},
                {"gy-3", "北大医疗集团"},
                {"gy-6", "北大医疗集团"},
                {"gy-1", ""}};
    const struct jz_directory *d = guiyang_directory(true);
    (void)state;
    assert_int_equal(d->facility_count, 26);
    assert_int_equal(d->capability_count, 13);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(d->facility[facility_index(d, rows[i].id)].partner_zh, rows[i].partner);
    assert_int_equal(jz_directory_capability(d, facility_index(d, "gz-pph"), "pci_24h"),
                     JZ_CAPABILITY_ASSUMED);
    assert_int_equal(jz_directory_capability(d, facility_index(d, "gy-mch"), "pci_24h"),
                     JZ_CAPABILITY_ABSENT);
}

static void nothing_in_the_shipped_directory_is_confirmed_yet(void **state) {
    const struct jz_directory *d = guiyang_directory(false);
    (void)state;
    for (uint32_t f = 0; f < d->facility_count; f++)
        for (uint32_t c = 0; c < d->capability_count; c++)
            assert_int_equal(d->facility[f].capability[c], JZ_CAPABILITY_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_directory_is_read_to_the_last_digit),
        cmocka_unit_test(status_and_mode_decide_what_a_capability_counts_as),
        cmocka_unit_test(a_capability_that_is_not_mentioned_is_unknown),
        cmocka_unit_test(every_error_names_line_column_and_cure),
        cmocka_unit_test(what_is_not_yaml_is_refused_with_its_place),
        cmocka_unit_test(sixty_four_facilities_fit_and_one_more_is_refused),
        cmocka_unit_test(thirty_two_capabilities_fit_and_one_more_is_refused),
        cmocka_unit_test(a_text_of_the_limit_is_read_and_a_longer_one_refused),
        cmocka_unit_test(a_directive_is_refused_before_the_yaml_library_sees_it),
        cmocka_unit_test(a_percent_sign_elsewhere_is_text),
        cmocka_unit_test(deep_nesting_is_refused_and_not_followed),
        cmocka_unit_test(damaged_text_never_harms),
        cmocka_unit_test(the_shipped_directory_is_as_sourced),
        cmocka_unit_test(nothing_in_the_shipped_directory_is_confirmed_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
