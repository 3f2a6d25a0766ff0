/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal: one small good program, one edit, and the file, line, column and cure that must come out. */
#include "support.h"

static const char routes[] = "pack: routing/r\n"                                            /* 1 */
                             "title: {zh: z, en: e}\n"                                      /* 2 */
                             "conditions:\n"                                                /* 3 */
                             "  - id: K1\n"                                                 /* 4 */
                             "    title: {zh: z, en: e}\n"                                  /* 5 */
                             "    source: s\n"                                              /* 6 */
                             "    mark: DEC\n"                                              /* 7 */
                             "    must: [pci_24h]\n"                                        /* 8 */
                             "    prefer: []\n"                                             /* 9 */
                             "    goal: 120 min\n"                                          /* 10 */
                             "    goal_milestone: wire\n"                                   /* 11 */
                             "    door: 0\n"                                                /* 12 */
                             "    not_in_directory: [{capability: CCU, reason: no key}]\n"; /* 13 */
static const char rules[] =
    "pack: a/rules\n"                                                      /* 1 */
    "title: {zh: z, en: e}\n"                                              /* 2 */
    "inputs:\n"                                                            /* 3 */
    "  hr: {unit: /min, fresh: 15 min, mark: PROJ}\n"                      /* 4 */
    "  temp_c: {unit: Cel, scale: 10}\n"                                   /* 5 */
    "  sex: {unit: \"{enum}\", absent: male, why: w}\n"                    /* 6 */
    "define:\n"                                                            /* 7 */
    "  fast: {when: hr >= 150, source: s, mark: GK}\n"                     /* 8 */
    "rules:\n"                                                             /* 9 */
    "  - id: A-SCORE\n"                                                    /* 10 */
    "    version: 1.0.0\n"                                                 /* 11 */
    "    title: {zh: z, en: e}\n"                                          /* 12 */
    "    source: s\n"                                                      /* 13 */
    "    mark: S\n"                                                        /* 14 */
    "    sign_off: {by: \"\", date: \"\"}\n"                               /* 15 */
    "    score:\n"                                                         /* 16 */
    "      - {field: hr, mark: S, bands: {..50: 2, 51..90: 0, 91..: 1}}\n" /* 17 */
    "      - {field: sex, mark: S, bands: {male: 0, female: 1}}\n"         /* 18 */
    "    levels:\n"                                                        /* 19 */
    "      - {id: up, score: 2..3, priority: 2, alarm: yes, conditions: [K1], "
    "title: {zh: z, en: e}, action: {zh: z, en: e}, mark: S}\n" /* 20 */
    "      - {id: down, score: 0..1, priority: 4, "
    "title: {zh: z, en: e}, action: {zh: z, en: e}, mark: S}\n"                              /* 21 */
    "    tests:\n"                                                                           /* 22 */
    "      - {id: A1, given: {sex: male}, vary: hr, points: {50: 2, 51: 0, 90: 0, 91: 1}}\n" /* 23 */
    "      - {id: A2, given: {hr: 50, sex: female}, expect: {status: fired, lo: 3}}\n"       /* 24 */
    "      - {id: A3, given: {hr: 50, sex: male}, expect: {status: fired, lo: 2}}\n"         /* 25 */
    "      - {id: A4, given: {hr: 91, sex: male}, expect: {status: fired, lo: 1}}\n"         /* 26 */
    "  - id: B-CRIT\n"                                                                       /* 27 */
    "    version: 1.0.0\n"                                                                   /* 28 */
    "    title: {zh: z, en: e}\n"                                                            /* 29 */
    "    source: s\n"                                                                        /* 30 */
    "    mark: S\n"                                                                          /* 31 */
    "    sign_off: {by: \"\", date: \"\"}\n"                                                 /* 32 */
    "    applies: {when: temp_c >= 300, unknown: ask, mark: GK}\n"                           /* 33 */
    "    levels:\n"                                                                          /* 34 */
    "      - {id: on, when: {repeated: fast, apart: 10 min}, "
    "title: {zh: z, en: e}, action: {zh: z, en: e}, mark: S}\n" /* 35 */
    "    tests:\n"                                              /* 36 */
    "      - {id: B1, readings: [{at: 0:00, hr: 150, temp_c: 300}, {at: 9:59, hr: 149}], "
    "expect: {status: cannot_evaluate}}\n"                                       /* 37 */
    "      - {id: B2, given: {temp_c: 299}, expect: {status: not_applicable}}\n" /* 38 */
    "      - {id: B3, readings: [{at: 0:00, hr: 150, temp_c: 300}, {at: 10:00, hr: 150}], "
    "expect: {status: fired}}\n"; /* 39 */

/* The sentence is the test's name; `from` is replaced by `to` in the pack that holds it. */
static const struct edit {
    const char *sentence, *from, *to;
    int line, column;
    const char *cure;
} edits[] = {
    {"a_gap_between_bands_is_refused", "51..90: 0", "52..90: 0", 17, 47,
     "gap: 51 has no band; begin this one there"},
    {"an_overlap_of_bands_is_refused", "51..90: 0", "50..90: 0", 17, 47,
     "overlap, or bands out of order: begin this one at 51"},
    {"bands_that_end_early_are_refused", "91..: 1", "91..99: 1", 17, 38,
     "100 and above has no band; leave the last one open"},
    {"bands_that_begin_late_are_refused", "..50: 2", "20..50: 2", 17, 38,
     "a gap: values below 20 have no band; leave the first one open"},
    {"an_enumeration_with_a_word_left_out_is_refused", "{male: 0, female: 1}", "{male: 0}", 18, 39,
     "a gap: 2 and above"},
    {"a_band_that_ends_before_it_begins_is_refused", "51..90: 0", "51..50: 0", 17, 47, "swap its bounds"},
    {"points_over_the_limit_are_refused", "..50: 2", "..50: 101", 17, 44, "points are 0..100"},
    {"a_bound_outside_the_plausible_range_is_refused", "temp_c >= 300", "temp_c >= 38", 33, 21,
     "outside the plausible 250..450; check unit and scale"},
    {"a_number_with_a_decimal_point_is_refused", "temp_c >= 300", "temp_c >= 30.5", 33, 21,
     "no whole number for temp_c; write the scaled value"},
    {"an_unknown_input_is_refused", "  hr: {unit", "  hrr: {unit", 4, 3, "no field of protocol/fields.csv"},
    {"an_undeclared_input_is_refused", "temp_c >= 300", "rr >= 30", 33, 21,
     "neither an input nor a definition of this pack; declare it"},
    {"a_missing_unit_is_refused", "{unit: /min, fresh: 15 min", "{fresh: 15 min", 4, 8,
     "'unit' is missing; add it"},
    {"a_wrong_unit_is_refused", "unit: /min", "unit: /h", 4, 14, "hr is in '/min', not '/h'; convert"},
    {"a_missing_scale_is_refused", "{unit: Cel, scale: 10}", "{unit: Cel}", 5, 12,
     "write 'scale: 10' and scaled numbers"},
    {"a_wrong_scale_is_refused", "scale: 10", "scale: 100", 5, 30, "write 'scale: 10' and scaled numbers"},
    {"an_input_declared_twice_is_refused", "  temp_c: {unit: Cel, scale: 10}\n",
     "  temp_c: {unit: Cel, scale: 10}\n  'hr': {unit: /min}\n", 6, 4, "duplicate key"},
    {"an_input_that_nothing_reads_is_refused", "  sex: {", "  dbp: {unit: \"mm[Hg]\"}\n  sex: {", 6, 3,
     "no rule reads this input; remove it"},
    {"a_freshness_without_mark_is_refused", "fresh: 15 min, mark: PROJ", "fresh: 15 min", 4, 8,
     "'mark' is missing"},
    {"a_freshness_of_what_does_not_age_is_refused", "{unit: \"{enum}\", absent",
     "{unit: \"{enum}\", fresh: 1 min, mark: S, absent", 6, 32, "sex does not age; remove 'fresh'"},
    {"absence_of_a_measurement_means_nothing", "scale: 10}", "scale: 10, absent: 370, why: w}", 5, 42,
     "remove 'absent'"},
    {"absence_with_a_meaning_needs_a_reason", "absent: male, why: w", "absent: male", 6, 9,
     "'why' is missing; add it"},
    {"a_duration_without_unit_is_refused", "fresh: 15 min", "fresh: 15", 4, 27,
     "write it as '15 min', '90 s' or '2 h'"},
    {"a_duration_over_7_days_is_refused", "apart: 10 min", "apart: 169 h", 35, 48,
     "no duration of 1 s to 7 days"},
    {"a_missing_source_is_refused",
     "    source: s\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score",
     "    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score", 10, 5, "'source' is missing; add it"},
    {"an_empty_source_is_refused",
     "    source: s\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score",
     "    source: ''\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score", 13, 14,
     "'source' is empty; write it"},
    {"a_definition_without_source_is_refused", "hr >= 150, source: s", "hr >= 150", 8, 10,
     "'source' is missing"},
    {"a_missing_mark_is_refused", "{field: hr, mark: S, ", "{field: hr, ", 17, 10,
     "'mark' is missing; add it"},
    {"an_unknown_mark_is_refused", "source: s, mark: GK", "source: s, mark: OK", 8, 44,
     "no verification mark; use S, S2, GK"},
    {"a_missing_title_is_refused",
     "    version: 1.0.0\n    title: {zh: z, en: e}\n    source: s\n    mark: S\n    sign_off: {by: \"\", "
     "date: \"\"}\n    score",
     "    version: 1.0.0\n    source: s\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score", 10, 5,
     "'title' is missing; add it"},
    {"a_title_in_one_language_is_refused", "title: {zh: z, en: e}\ninputs", "title: {zh: z}\ninputs", 2, 9,
     "'en' is missing"},
    {"a_rule_without_tests_is_refused", "    tests:\n      - {id: B1", "    notests:\n      - {id: B1", 36, 5,
     "not known here"},
    {"an_empty_list_of_tests_is_refused",
     "    tests:\n      - {id: A1, given: {sex: male}, vary: hr, points: {50: 2, 51: 0, 90: 0, 91: 1}}\n     "
     " - {id: A2, given: {hr: 50, sex: female}, expect: {status: fired, lo: 3}}\n      - {id: A3, given: "
     "{hr: 50, sex: male}, expect: {status: fired, lo: 2}}\n      - {id: A4, given: {hr: 91, sex: male}, "
     "expect: {status: fired, lo: 1}}\n",
     "    tests: []\n", 10, 5, "the rule has no test; add one on both sides of every bound"},
    {"a_band_bound_tested_on_one_side_only_is_refused", "points: {50: 2, 51: 0, 90: 0, 91: 1}",
     "points: {50: 2, 51: 0, 91: 1}", 23, 10, "no test with hr 90, a bound of this rule; add one"},
    {"a_level_bound_tested_on_one_side_only_is_refused",
     "      - {id: A4, given: {hr: 91, sex: male}, expect: {status: fired, lo: 1}}\n", "", 23, 10,
     "no test with expected lo 1"},
    {"a_comparison_tested_on_one_side_only_is_refused", "{id: B2, given: {temp_c: 299}",
     "{id: B2, given: {temp_c: 298}", 37, 10, "no test with temp_c 299"},
    {"an_interval_tested_on_one_side_only_is_refused", "at: 9:59", "at: 9:58", 37, 10,
     "no test with time (s) 599"},
    {"a_test_of_an_unknown_field_is_refused", "given: {temp_c: 299}", "given: {temp: 299}", 38, 26,
     "'temp' is no input of this pack"},
    {"a_test_with_an_unknown_status_is_refused", "status: not_applicable", "status: na", 38, 57,
     "'na' is no status; use fired"},
    {"a_test_without_status_is_refused", "status: fired, lo: 3", "lo: 3", 24, 57, "'status' is missing"},
    {"an_unknown_condition_is_refused", "conditions: [K1]", "conditions: [K2]", 20, 69,
     "condition 'K2' is in no routing pack"},
    {"a_duplicate_rule_id_is_refused", "- id: B-CRIT", "- id: A-SCORE", 27, 9,
     "rule 'A-SCORE' exists already; give each rule its own id"},
    {"an_id_with_spaces_is_refused", "- id: B-CRIT", "- id: B CRIT", 27, 9, "not an id"},
    {"a_value_that_is_no_word_of_the_enumeration_is_refused", "absent: male", "absent: 1", 6, 33,
     "'1' is no value of sex; use its words"},
    {"an_unknown_word_in_bands_is_refused", "{male: 0, female: 1}", "{male: 0, women: 1}", 18, 48,
     "'women' is no value of sex"},
    {"a_gap_between_levels_is_refused", "score: 0..1", "score: 0..0", 21, 27,
     "a gap: a total of 1 has no level"},
    {"an_overlap_of_levels_is_refused", "score: 0..1", "score: 0..2", 21, 27,
     "an overlap, or more than can be reached: end this level at 1"},
    {"levels_that_miss_the_highest_total_are_refused", "score: 2..3", "score: 2..2", 20, 25,
     "a total of 3 has no level"},
    {"levels_that_miss_zero_are_refused", "score: 0..1", "score: 1..1", 20, 10,
     "let the last one begin at 0"},
    {"a_more_urgent_level_behind_a_less_urgent_one_is_refused", "score: 0..1, priority: 4",
     "score: 0..1, priority: 1", 21, 10, "put it first"},
    {"a_priority_over_5_is_refused", "priority: 4", "priority: 6", 21, 43, "whole number from 1 to 5"},
    {"a_priority_of_0_is_refused", "priority: 4", "priority: 0", 21, 43, "whole number from 1 to 5"},
    {"an_alarm_that_is_neither_yes_nor_no_is_refused", "alarm: yes", "alarm: true", 20, 51,
     "neither yes nor no"},
    {"a_key_nobody_knows_is_refused", "unknown: ask", "unkown: ask", 33, 36,
     "'unkown' is not known here; remove it or correct its spelling"},
    {"applicability_that_does_not_say_what_unknown_means_is_refused", ", unknown: ask", "", 33, 15,
     "'unknown' is missing"},
    {"a_word_for_unknown_that_nobody_knows_is_refused", "unknown: ask", "unknown: maybe", 33, 45,
     "neither evaluate nor ask"},
    {"a_comparison_without_spaces_is_refused", "hr >= 150", "hr>=150", 8, 16, "with spaces"},
    {"an_unknown_comparison_is_refused", "hr >= 150", "hr => 150", 8, 16,
     "'=>' is no comparison; use = != < <= > >="},
    {"an_unknown_form_is_refused", "{repeated: fast, apart: 10 min}", "{held: fast}", 35, 25,
     "no criterion; use all, any, at_least"},
    {"a_temporal_criterion_of_no_definition_is_refused", "{repeated: fast", "{repeated: slow", 35, 35,
     "name the criterion under 'define'"},
    {"a_temporal_criterion_without_interval_is_refused", "{repeated: fast, apart: 10 min}",
     "{repeated: fast}", 35, 25, "'apart' is missing"},
    {"a_definition_that_names_itself_is_refused", "when: hr >= 150", "when: {not: fast}", 8, 0,
     "a definition that names itself"},
    {"at_least_more_than_there_are_is_refused", "{when: temp_c >= 300,",
     "{when: {at_least: 2, of: [temp_c >= 300]},", 33, 32, "whole number from 1 to 1"},
    {"an_empty_all_is_refused", "{when: temp_c >= 300,", "{when: {all: []},", 33, 0,
     "takes 1 to 32 criteria"},
    {"a_capability_outside_the_directory_is_refused", "must: [pci_24h]", "must: [CCU]", 8, 12,
     "list it under not_in_directory"},
    {"an_unknown_milestone_is_refused", "goal_milestone: wire", "goal_milestone: balloon", 11, 21,
     "'balloon' is no milestone"},
    {"a_goal_without_milestone_is_refused", "    goal_milestone: wire\n", "", 4, 5, "give both or neither"},
    {"a_need_outside_the_directory_without_reason_is_refused", "{capability: CCU, reason: no key}",
     "{capability: CCU}", 13, 25, "'reason' is missing"},
    {"a_half_signature_is_refused", "sign_off: {by: \"\", date: \"\"}\n    score",
     "sign_off: {by: x, date: \"\"}\n    score", 15, 16, "needs both 'by' and 'date'"},
    {"a_table_after_one_that_always_holds_is_refused", "bands: {male: 0, female: 1}}",
     "cases: [{mark: S, bands: {male: 0, female: 1}}, {mark: S, bands: {male: 0, female: 1}}]}", 18, 40,
     "give it a 'when'"},
    {"broken_yaml_is_refused_where_it_breaks", "inputs:\n", "inputs: [\n", 0, 0, "not valid YAML"},
};

static char *replace(const char *text, const struct edit *edit) {
    const char *at = strstr(text, edit->from);
    if (!at) return strdup(text);
    char *out = malloc(strlen(text) + strlen(edit->to) + 1);
    if (!out) return NULL;
    memcpy(out, text, (size_t)(at - text));
    out[at - text] = 0;
    strcat(out, edit->to);
    return strcat(out, at + strlen(edit->from));
}

static enum jz_status compile(const char *a, const char *r, struct jz_pack_error *error) {
    struct jz_pack_source packs[] = {{"routing/r.yaml", r, strlen(r)}, {"a/rules.yaml", a, strlen(a)}};
    struct jz_program *program;
    enum jz_status status = jz_program_compile(packs, 2, &program, error);
    if (status != JZ_OK) assert_null(program);
    jz_program_free(program);
    return status;
}

static void the_unedited_packs_compile(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    if (compile(rules, routes, &error) != JZ_OK)
        fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
}

static void an_edit_is_refused(void **state) {
    const struct edit *edit = *state;
    bool in_rules = strstr(rules, edit->from) != NULL;
    assert_true(in_rules || strstr(routes, edit->from));
    char *a = replace(rules, edit), *r = replace(routes, edit);
    assert_true(a && r);
    struct jz_pack_error error = {0};
    enum jz_status status = compile(a, in_rules ? routes : r, &error);
    free(a);
    free(r);
    assert_int_equal(status, JZ_E_PACK);
    bool placed =
        (!edit->line || error.line == edit->line) && (!edit->column || error.column == edit->column);
    if (!placed || !strstr(error.text, edit->cure))
        fail_msg("%s:%d:%d: %s (expected %d:%d: %s)", error.file, error.line, error.column, error.text,
                 edit->line, edit->column, edit->cure);
    assert_string_equal(error.file, in_rules ? "a/rules.yaml" : "routing/r.yaml");
    assert_true(error.line >= 1 && error.column >= 1);
}

#define EDITS (sizeof edits / sizeof edits[0])

int main(void) {
    struct CMUnitTest tests[EDITS + 1] = {cmocka_unit_test(the_unedited_packs_compile)};
    for (size_t i = 0; i < EDITS; i++)
        tests[i + 1] = (struct CMUnitTest){edits[i].sentence, an_edit_is_refused, NULL, NULL,
                                           (void *)(uintptr_t)&edits[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
