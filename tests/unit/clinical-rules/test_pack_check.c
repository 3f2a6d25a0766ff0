/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal: small good packs (packs/ beside this file), one edit, and the file, line, column and cure that must
 * come out. */
#include "support.h"

#define A "a/rules.yaml"
#define B "b/more.yaml"
#define C "c/shared.yaml"
#define R "routing/r.yaml"
#define S "site/policy.yaml"

/* The sentence is the test's name; `from` is replaced by `to` in the pack. A place of 0 is not looked at. */
static const struct edit {
    const char *sentence, *pack, *from, *to;
    int line, column;
    const char *cure;
} edits[] = {
    {"a_gap_between_bands_is_refused", A, "51..90: 0", "52..90: 0", 18, 47,
     "gap: 51 has no band; begin this one there"},
    {"an_overlap_of_bands_is_refused", A, "51..90: 0", "50..90: 0", 18, 47,
     "overlap, or bands out of order: begin this one at 51"},
    {"bands_that_end_early_are_refused", A, "91..: 1", "91..99: 1", 18, 38,
     "100 and above has no band; leave the last one open"},
    {"bands_that_begin_late_are_refused", A, "..50: 2", "20..50: 2", 18, 38,
     "a gap: values below 20 have no band; leave the first one open"},
    {"an_enumeration_with_a_word_left_out_is_refused", A, "{field: spo2, mark: S, bands: {..93: 1, 94..: 0}}",
     "{field: spo2, mark: S, bands: {..93: 1, 94..: 0}}\n      - {field: sex, mark: S, bands: {male: 0}}", 20,
     17, "'sex' means something when absent"},
    {"a_band_that_ends_before_it_begins_is_refused", A, "51..90: 0", "51..50: 0", 18, 47, "swap its bounds"},
    {"points_over_the_limit_are_refused", A, "..50: 2", "..50: 101", 18, 44, "points are -100..100"},
    {"points_under_the_limit_are_refused", A, "..50: 2", "..50: -101", 18, 44, "points are -100..100"},
    {"a_gap_between_levels_is_refused", A, "score: 0..1", "score: 0..0", 21, 25,
     "a gap: a total of 1 has no level"},
    {"an_overlap_of_levels_is_refused", A, "score: 0..1", "score: 0..2", 22, 27,
     "an overlap with an earlier level: end this one at 1"},
    {"levels_beyond_the_highest_total_are_refused", A, "score: 2..3", "score: 2..4", 21, 25,
     "end this level at 3, or leave it open"},
    {"levels_that_miss_the_highest_total_are_refused", A, "score: 2..3", "score: 2..2", 21, 25,
     "a total of 3 has no level"},
    {"levels_that_miss_zero_are_refused", A, "score: 0..1", "score: 1..1", 22, 27,
     "a total of 0 has no level"},
    {"a_level_whose_totals_come_never_is_refused", B, "{id: middle, score: 2..,", "{id: middle, score: 9..,",
     80, 29, "no total here can be reached"},
    {"any_item_that_no_item_reaches_is_refused", B, "any_item: 2", "any_item: 3", 81, 27,
     "no item can have 3 points"},
    {"a_level_that_earlier_ones_leave_nothing_is_refused", B, "{id: some, score: ..1",
     "{id: some, score: 2..", 81, 27, "earlier levels take all its totals"},
    {"a_score_range_that_is_none_is_refused", A, "score: 2..3", "score: 3..2", 21, 25,
     "'score' is a range such as"},
    {"a_table_after_one_that_always_holds_is_refused", A, "bands: {..93: 1, 94..: 0}}",
     "cases: [{mark: S, bands: {..93: 1, 94..: 0}}, {mark: S, bands: {..93: 1, 94..: 0}}]}", 19, 41,
     "give it a 'when'"},
    {"an_item_of_nothing_is_refused", A, "{field: spo2, mark", "{what: spo2, mark", 19, 10,
     "an item has a 'field', a 'value' or a 'when'"},
    {"a_criterion_item_without_title_is_refused", B, "points: -1, mark: S, title: {zh: z, en: e}}",
     "points: -1, mark: S}", 76, 10, "'title' is missing"},
    {"an_item_of_no_points_is_refused", B, "points: -1", "points: 0", 76, 37, "0 points change nothing"},
    {"a_bound_outside_the_plausible_range_is_refused", A, "temp_c >= 300", "temp_c >= 38", 35, 28,
     "outside the plausible 250..450; check unit and scale"},
    {"a_number_with_a_decimal_point_is_refused", A, "temp_c >= 300", "temp_c >= 30.5", 35, 28,
     "'30.5' is neither an input nor a definition"},
    {"an_unknown_input_is_refused", A, "  hr: {unit", "  hrr: {unit", 4, 3, "no field of protocol/fields/"},
    {"an_undeclared_input_is_refused", A, "temp_c >= 300", "rr >= 30", 35, 28,
     "neither an input nor a definition of this pack; declare it"},
    {"a_missing_unit_is_refused", A, "{unit: /min, fresh: 15 min", "{fresh: 15 min", 4, 8,
     "'unit' is missing; add it"},
    {"a_wrong_unit_is_refused", A, "unit: /min", "unit: /h", 4, 14, "hr is in '/min', not '/h'; convert"},
    {"a_missing_scale_is_refused", A, "{unit: Cel, scale: 10}", "{unit: Cel}", 5, 12,
     "write 'scale: 10' and scaled numbers"},
    {"a_wrong_scale_is_refused", A, "scale: 10", "scale: 100", 5, 30, "write 'scale: 10' and scaled numbers"},
    {"an_input_declared_twice_is_refused", A, "  temp_c: {unit: Cel, scale: 10}\n",
     "  temp_c: {unit: Cel, scale: 10}\n  'hr': {unit: /min}\n", 6, 4, "duplicate key"},
    {"an_input_that_nothing_reads_is_refused", A, "  sex: {", "  dbp: {unit: \"mm[Hg]\"}\n  sex: {", 6, 3,
     "no rule reads this input; remove it"},
    {"a_definition_that_nothing_uses_is_refused", C, "  severe: {",
     "  other: {when: sbp >= 170, source: s, mark: GK}\n  severe: {", 11, 3,
     "nothing uses this definition; remove it"},
    {"a_freshness_without_mark_is_refused", A, "fresh: 15 min, mark: PROJ", "fresh: 15 min", 4, 8,
     "'mark' is missing"},
    {"a_freshness_of_what_does_not_age_is_refused", A, "{unit: \"{enum}\", absent",
     "{unit: \"{enum}\", fresh: 1 min, mark: S, absent", 6, 32, "sex does not age; remove 'fresh'"},
    {"absence_of_a_measurement_means_nothing", A, "scale: 10}", "scale: 10, absent: 370, why: w}", 5, 42,
     "remove 'absent'"},
    {"absence_of_an_event_means_nothing", B, "fmc: {unit: \"{event}\"}",
     "fmc: {unit: \"{event}\", absent: 1, why: w}", 12, 34, "remove 'absent'"},
    {"absence_with_a_meaning_needs_a_reason", A, "absent: male, why: w", "absent: male", 6, 9,
     "'why' is missing; add it"},
    {"a_value_that_is_no_word_of_the_enumeration_is_refused", A, "absent: male", "absent: 1", 6, 33,
     "'1' is no value of sex; use its words: male=1 female=2"},
    {"a_score_over_an_event_is_refused", A, "{field: spo2, mark", "{field: fmc, mark", 19, 17,
     "'fmc' is no input of this pack"},
    {"bands_over_an_event_are_refused", B, "{value: index, mark: GK, bands: {..8: 0, 9..: 2}}",
     "{field: fmc, mark: GK, bands: {..8: 0, 9..: 2}}", 75, 17, "'fmc' is an event and has no value"},
    {"a_duration_without_unit_is_refused", A, "fresh: 15 min", "fresh: 15", 4, 27,
     "write it as '90 s', '15 min', '2 h' or '3 d'"},
    {"a_duration_over_366_days_is_refused", A, "apart: 10 min", "apart: 367 d", 37, 48,
     "no duration of 1 s to 366 days"},
    {"a_missing_source_is_refused", A,
     "    source: s\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score",
     "    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score", 11, 5, "'source' is missing; add it"},
    {"an_empty_source_is_refused", A,
     "    source: s\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score",
     "    source: ''\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score", 14, 14,
     "'source' is empty; write it"},
    {"a_definition_without_source_is_refused", A, "hr >= 150, source: s", "hr >= 150", 9, 10,
     "'source' is missing"},
    {"a_missing_mark_is_refused", A, "{field: hr, mark: S, ", "{field: hr, ", 18, 10,
     "'mark' is missing; add it"},
    {"an_unknown_mark_is_refused", A, "source: s, mark: GK", "source: s, mark: OK", 9, 44,
     "no verification mark; use S, S2, GK"},
    {"a_missing_title_is_refused", A,
     "    version: 1.0.0\n    title: {zh: z, en: e}\n    source: s\n    mark: S\n    sign_off: {by: \"\", "
     "date: \"\"}\n    score",
     "    version: 1.0.0\n    source: s\n    mark: S\n    sign_off: {by: \"\", date: \"\"}\n    score", 11, 5,
     "'title' is missing; add it"},
    {"a_title_in_one_language_is_refused", A, "title: {zh: z, en: e}\ninputs", "title: {zh: z}\ninputs", 2, 9,
     "'en' is missing"},
    {"a_population_without_its_limits_is_refused", B, "not_for: {zh: 儿童, en: children}}", "}", 3, 14,
     "'not_for' is missing"},
    {"an_unknown_condition_is_refused", A, "conditions: [K1]", "conditions: [K2]", 21, 69,
     "condition 'K2' is in no routing pack"},
    {"a_duplicate_rule_id_is_refused", A, "- id: B-CRIT", "- id: A-SCORE", 29, 9,
     "rule 'A-SCORE' exists already; give each rule its own id"},
    {"a_rule_id_of_another_pack_is_refused", B, "- id: M-RULE", "- id: A-SCORE", 20, 9,
     "rule 'A-SCORE' exists already"},
    {"an_id_with_spaces_is_refused", A, "- id: B-CRIT", "- id: B CRIT", 29, 9, "not an id"},
    {"a_level_named_twice_is_refused", A, "{id: down", "{id: up", 22, 14, "level 'up' exists already"},
    {"a_level_named_none_is_refused", A, "{id: down", "{id: none", 22, 14, "'none' means no level"},
    {"a_pack_that_stands_elsewhere_is_refused", A, "pack: a/rules", "pack: a/other", 1, 7,
     "the pack stands in a/rules.yaml; write 'pack: a/rules'"},
    {"a_pack_without_content_is_refused", R,
     "conditions:\n  - id: K1\n    title: {zh: z, en: e}\n    source: s\n    mark: DEC\n    must: "
     "[pci_24h]\n    prefer: []\n    goal: 120 min\n    goal_milestone: wire\n    door: 0\n    "
     "not_in_directory: [{capability: CCU, reason: no key}]\n",
     "", 1, 1, "the pack is empty"},
    {"a_more_urgent_level_behind_a_less_urgent_one_is_refused", A, "score: 0..1, priority: 4",
     "score: 0..1, priority: 1", 22, 10, "put it first"},
    {"a_priority_over_5_is_refused", A, "priority: 4", "priority: 6", 22, 43, "whole number from 1 to 5"},
    {"a_priority_of_0_is_refused", A, "priority: 4", "priority: 0", 22, 43, "whole number from 1 to 5"},
    {"an_alarm_that_is_neither_yes_nor_no_is_refused", A, "alarm: yes", "alarm: true", 21, 51,
     "neither yes nor no"},
    {"a_key_nobody_knows_is_refused", A, "unknown: ask", "unkown: ask", 35, 57,
     "'unkown' is not known here; remove it or correct its spelling"},
    {"applicability_that_does_not_say_what_unknown_means_is_refused", A, ", unknown: ask", "", 35, 15,
     "'unknown' is missing"},
    {"a_word_for_unknown_that_nobody_knows_is_refused", A, "unknown: ask", "unknown: maybe", 35, 66,
     "neither evaluate nor ask"},
    {"a_score_range_in_a_rule_without_score_is_refused", A, "{id: on, when", "{id: on, score: 1.., when", 37,
     25, "the rule is no score"},
    {"a_half_signature_is_refused", A, "sign_off: {by: \"\", date: \"\"}\n    score",
     "sign_off: {by: x, date: \"\"}\n    score", 16, 16, "needs both 'by' and 'date'"},
    {"a_rule_that_is_off_needs_a_reason", B, "    why: not wanted here\n", "", 106, 5, "'why' is missing"},
    {"a_reason_without_a_rule_that_is_off_is_refused", B, "enabled: no", "enabled: yes", 113, 10,
     "'why' is for a rule that is off"},
    {"a_comparison_without_spaces_is_refused", A, "hr >= 150", "hr>=150", 9, 16, "with spaces"},
    {"an_unknown_comparison_is_refused", A, "hr >= 150", "hr => 150", 9, 16,
     "'=>' is no comparison; use = != < <= > >="},
    {"two_comparisons_in_a_line_are_refused", A, "hr >= 150", "100 <= hr <= 150", 9, 16,
     "more than one comparison"},
    {"words_without_comparison_are_refused", A, "hr >= 150", "hr above 150", 9, 16,
     "cannot read 'hr above ...'"},
    {"an_open_parenthesis_is_refused", B, "( sbp + 2 * dbp ) / 3 < 55", "( sbp + 2 * dbp / 3 < 55", 18, 15,
     "a parenthesis is not closed"},
    {"a_parenthesis_too_many_is_refused", B, "( sbp + 2 * dbp ) / 3 < 55", "sbp + 2 * dbp ) / 3 < 55", 18, 15,
     "')' without '('"},
    {"a_number_that_ends_early_is_refused", B, "( sbp + 2 * dbp ) / 3 < 55", "sbp + < 55", 18, 15,
     "ends too early"},
    {"operators_without_spaces_are_refused", B, "( sbp + 2 * dbp ) / 3 < 55", "sbp + 2 *dbp < 55", 18, 15,
     "'*dbp' stands where an operator should"},
    {"an_event_is_no_number", B, "( sbp + 2 * dbp ) / 3 < 55", "fmc < 55", 18, 15,
     "'fmc' is an event and has no value"},
    {"since_takes_an_event", B, "( sbp + 2 * dbp ) / 3 < 55", "since hr < 55", 18, 15, "'hr' is no event"},
    {"from_takes_to", B, "( sbp + 2 * dbp ) / 3 < 55", "from fmc till ecg < 55", 18, 15,
     "write 'from EVENT to EVENT'"},
    {"an_unknown_policy_is_refused", B, "blood_loss_ml >= policy.loss", "blood_loss_ml >= policy.lost", 31,
     33, "no pack has a policy 'lost'"},
    {"a_field_that_is_no_yes_no_is_refused", B, "policy.loss, haemoptysis]", "policy.loss, hr]", 31, 63,
     "hr is no yes/no field"},
    {"a_number_is_no_criterion", B, "policy.loss, haemoptysis]", "policy.loss, index]", 31, 63,
     "'index' is a number; compare it"},
    {"a_criterion_is_no_number", B, "value: hr * 10 / sbp", "value: hr * 10 / low", 16, 18,
     "'low' is a criterion, not a number"},
    {"within_needs_two_values", B, "value: hr * 10 / sbp", "value: hr * 10", 16, 18,
     "'within' is for numbers of two or more values"},
    {"within_is_for_numbers", B, "low: {when: ( sbp", "low: {within: 1 min, when: ( sbp", 18, 17,
     "'within' is for values that make a number"},
    {"a_plausible_range_that_is_none_is_refused", B, "plausible: 0..400", "plausible: 400..0", 17, 67,
     "'plausible' is the range of a 'value'"},
    {"a_criterion_has_no_plausible_range", B, "low: {when: ( sbp", "low: {plausible: 0..1, when: ( sbp", 18,
     20, "'plausible' is the range of a 'value'"},
    {"a_plausible_range_tested_on_one_side_only_is_found", B, "lmp_date: 2023-10-31}",
     "lmp_date: 2023-10-30}", 84, 10, "M-SCORE: no test with a number just above the plausible ones"},
    {"a_definition_of_two_kinds_is_refused", B, "low: {when: ( sbp", "low: {value: hr, when: ( sbp", 18, 3,
     "give one"},
    {"a_definition_that_names_itself_is_refused", A, "when: hr >= 150", "when: {not: fast}", 9, 22,
     "a definition that names itself"},
    {"numbers_in_a_circle_are_refused", B, "[today - lmp_date, ga_days]", "[today - lmp_date, weeks]", 17, 45,
     "'weeks' is a definition that names itself"},
    {"a_definition_named_like_an_input_is_refused", B, "  low: {when", "  hr: {when", 18, 3,
     "'hr' is an input already"},
    {"a_definition_named_in_capitals_is_refused", B, "  low: {when", "  Low: {when", 18, 3, "is no name"},
    {"a_definition_in_two_packs_at_once_is_refused", B, "  low: {when: ( sbp",
     "  pregnant: {when: hr >= 1, source: s, mark: GK}\n  low: {when: ( sbp", 27, 21,
     "'pregnant' is defined in b/more and in c/shared; rename one"},
    {"a_pack_that_is_not_there_cannot_be_used", B, "use: [c/shared]", "use: [c/shared, c/lost]", 4, 17,
     "'c/lost' is no pack"},
    {"a_pack_does_not_use_itself", B, "use: [c/shared]", "use: [c/shared, b/more]", 4, 17,
     "a pack need not use itself"},
    {"an_unknown_form_is_refused", A, "{repeated: fast, apart: 10 min}", "{hold: fast}", 37, 25,
     "no criterion; use all, any, at_least"},
    {"a_temporal_criterion_of_no_definition_is_refused", A, "{repeated: fast", "{repeated: slow", 37, 35,
     "name the criterion under 'define'"},
    {"a_temporal_criterion_without_interval_is_refused", A, "{repeated: fast, apart: 10 min}",
     "{repeated: fast}", 37, 25, "'apart' is missing"},
    {"a_temporal_criterion_in_another_is_refused", C, "{when: sbp >= 160",
     "{when: {repeated: pregnant, apart: 1 min}", 11, 29, "a temporal criterion inside another"},
    {"a_temporal_criterion_over_time_is_refused", C, "{when: sbp >= 160", "{when: today > 160", 11, 18,
     "it looks at fields only"},
    {"a_temporal_criterion_over_rules_is_refused", C, "{when: sbp >= 160", "{when: rule.A-SCORE", 11, 18,
     "a temporal form looks at fields only"},
    {"at_least_more_than_there_are_is_refused", A, "{when: {all: [temp_c >= 300, sex = male]},",
     "{when: {at_least: 2, of: [temp_c >= 300]},", 35, 32, "whole number from 1 to 1"},
    {"an_empty_all_is_refused", A, "{when: {all: [temp_c >= 300, sex = male]},", "{when: {all: []},", 35, 22,
     "takes 1 to 48 criteria"},
    {"a_change_in_both_directions_is_refused", B, "{changed: sbp, falls: 40,",
     "{changed: sbp, falls: 40, rises: 40,", 118, 24, "takes either 'rises' or 'falls'"},
    {"a_change_of_a_word_is_refused", B, "{changed: sbp,", "{changed: pregnancy,", 118, 33,
     "pregnancy has no amounts"},
    {"a_known_criterion_is_refused", B, "policy.loss, haemoptysis]", "policy.loss, known: low]", 31, 70,
     "'low' is a criterion"},
    {"an_unknown_rule_is_refused", B, "rule.M-SCORE >= 3", "rule.LOST >= 3", 116, 30,
     "no pack has a rule 'LOST'"},
    {"a_level_named_like_a_number_is_refused", A, "{id: down", "{id: 7", 22, 14,
     "'7' reads as a score; begin the level's id with a letter"},
    {"a_total_that_no_score_has_is_refused", B, "rule.M-SCORE >= 3", "rule.M-SCORE > 2147483647", 116, 30,
     "no score comes to 2147483647"},
    {"a_division_by_0_is_refused", B, "( sbp + 2 * dbp ) / 3 < 55", "( sbp + 2 * dbp ) / 0 < 55", 18, 15,
     "a division by 0 is never known"},
    {"a_memory_of_no_reading_is_refused", C, "{when: sbp >= 160", "{when: 160 >= 160", 11, 18,
     "looks at readings, and this definition at none"},
    {"a_policy_and_something_is_no_interval", B, "{repeated: severe, apart: policy.wait}",
     "{repeated: severe, apart: policy.loss + 1}", 29, 53, "no pack has a policy 'loss + 1'"},
    {"an_unknown_level_is_refused", B, "rule.M-RULE = low", "rule.M-RULE = lost", 116, 49,
     "rule 'M-RULE' has no level 'lost'"},
    {"a_total_of_no_score_is_refused", B, "rule.M-SCORE >= 3", "rule.M-RULE >= 3", 116, 30,
     "and no score; name one of its levels"},
    {"a_total_is_compared_with_a_number", B, "rule.M-SCORE >= 3", "rule.M-SCORE >= hr", 116, 30,
     "compared with one number"},
    {"a_rule_is_no_part_of_arithmetic", B, "rule.M-SCORE >= 3", "2 * rule.M-SCORE >= 3", 116, 30,
     "is no part of arithmetic"},
    {"rules_in_a_circle_are_refused", B, "applies: {when: pregnant,",
     "applies: {when: {all: [pregnant, rule.M-SCORE]},", 20, 9,
     "depends on itself through the rules it reads"},
    {"a_criterion_beyond_the_plausible_range_is_refused", A, "hr >= 150", "hr > 350", 9, 16,
     "cannot be true"},
    {"bounds_that_exclude_each_other_are_refused", A, "[temp_c >= 300, sex = male]",
     "[temp_c >= 300, temp_c < 300]", 35, 22, "cannot be true: its bounds leave no value"},
    {"a_value_of_an_absent_field_is_refused", A, "[temp_c >= 300, sex = male]",
     "[temp_c >= 300, unknown: temp_c]", 35, 22, "cannot be true"},
    {"a_level_outside_the_population_is_refused", B, "[blood_loss_ml >= policy.loss, haemoptysis]",
     "[blood_loss_ml >= policy.loss, haemoptysis, pregnancy = postpartum]", 31, 10,
     "cannot be true where the rule applies"},
    {"a_level_that_an_earlier_one_includes_is_refused", B, "      - {id: loss,",
     "      - {id: bled, when: haemoptysis, title: {zh: z, en: e}}\n      - {id: loss,", 32, 10,
     "wherever it holds, an earlier level does"},
    {"a_policy_outside_its_limits_is_refused", C, "{value: 15 min, min: 5 min", "{value: 15 min, min: 16 min",
     7, 17, "outside its own min..max"},
    {"a_policy_of_two_kinds_is_refused", C, "{value: 15 min, min: 5 min", "{value: 15 min, min: 5", 7, 30,
     "no duration"},
    {"a_policy_named_twice_is_refused", C, "  loss: {value",
     "  loss: {value: 1, min: 0, max: 2, title: {zh: z, en: e}, source: s, mark: DEC}\n  'loss': {value", 9,
     4, "duplicate key"},
    {"a_policy_that_is_no_time_is_no_interval", B, "{repeated: severe, apart: policy.wait}",
     "{repeated: severe, apart: policy.loss}", 29, 53, "policy 'loss' is no time"},
    {"a_site_policy_outside_the_limits_is_refused", S, "value: 10 min", "value: 31 min", 4, 17,
     "wait may be 300..1800 s"},
    {"a_site_policy_that_nobody_has_is_refused", S, "  wait:", "  waits:", 4, 3,
     "no pack has a policy 'waits'"},
    {"a_site_rule_that_nobody_has_is_refused", S, "  M-READS:", "  M-READ:", 6, 3,
     "no pack has a rule 'M-READ'"},
    {"a_site_setting_without_reason_is_refused", S, "value: 10 min, by: \"\", date: \"\", why: w",
     "value: 10 min, by: \"\", date: \"\"", 4, 10, "'why' is missing"},
    {"a_pathway_without_capability_is_refused", B, "    conditions: [K1]\n", "", 0, 0,
     "the pathway needs no capability"},
    {"a_pathway_without_target_is_refused", B, "    targets:\n", "    targets: []\n    tests:\n", 0, 0,
     "'tests' is not known here"},
    {"a_target_without_time_is_refused", B, "        within: 10 min\n", "", 0, 0, "'within' is missing"},
    {"a_target_to_no_event_is_refused", B, "        to: ecg", "        to: hr", 0, 0,
     "'hr' is no event; a target runs"},
    {"a_target_that_ends_where_it_begins_is_refused", B, "        to: ecg", "        to: fmc", 0, 0,
     "a target ends where it begins"},
    {"a_warning_after_all_the_time_is_refused", B, "warn: 50 %", "warn: 100 %", 0, 0,
     "'warn' is 1 % to 99 %"},
    {"a_capability_outside_the_directory_is_refused", R, "must: [pci_24h]", "must: [CCU]", 8, 12,
     "list it under not_in_directory"},
    {"alternatives_outside_the_directory_are_refused", R, "must: [pci_24h]", "must: [[pci_24h, CCU]]", 8, 22,
     "'CCU' is no key of the hospital directory"},
    {"a_single_alternative_is_refused", R, "must: [pci_24h]", "must: [[pci_24h]]", 8, 13,
     "alternatives are 2 to 4 keys, of which one is enough"},
    {"five_alternatives_are_refused", R, "must: [pci_24h]",
     "must: [[pci_24h, ecmo, adult_icu, blood_bank, thrombolysis]]", 8, 13, "alternatives are 2 to 4 keys"},
    {"an_alternative_of_itself_is_refused", R, "must: [pci_24h]", "must: [[ecmo, ecmo]]", 8, 19,
     "'ecmo' is its own alternative; name it once"},
    {"preferences_with_alternatives_are_refused", R, "prefer: []", "prefer: [[ecmo, adult_icu]]", 9, 15,
     "this must be one word or number"},
    {"an_unknown_service_is_refused", R, "prefer: []", "prefer: []\n    services: [lab]", 10, 16,
     "'lab' is no service; use ed, cath_lab, theatre, obstetrics, icu, nicu, blood"},
    {"a_service_named_twice_is_refused", R, "prefer: []", "prefer: []\n    services: [ed, ed]", 10, 20,
     "this service is named twice"},
    {"services_that_are_no_list_are_refused", R, "prefer: []", "prefer: []\n    services: ed", 10, 15,
     "'services' is a list: [ed]"},
    {"an_unknown_team_is_refused", R, "prefer: []", "prefer: []\n    teams: [icu]", 10, 13,
     "'icu' is no team; use ed, cath_lab, obstetrics, nicu, blood"},
    {"a_condition_that_replaces_an_unknown_one_is_refused", R, "prefer: []", "prefer: []\n    replaces: [K9]",
     10, 16, "condition 'K9' is in no routing pack"},
    {"a_condition_that_replaces_itself_is_refused", R, "prefer: []", "prefer: []\n    replaces: [K1]", 10, 16,
     "condition 'K1' replaces itself"},
    {"replaced_conditions_that_are_no_list_are_refused", R, "prefer: []", "prefer: []\n    replaces: K1", 10,
     15, "'replaces' is a list: [R01]"},
    {"the_nearest_with_a_need_is_refused", R, "prefer: []", "prefer: []\n    nearest: yes", 10, 14,
     "leave 'must' empty"},
    {"a_way_out_without_kind_is_refused", R, "prefer: []", "prefer: []\n    fallback: {must: []}", 10, 16,
     "'kind' is missing"},
    {"a_way_out_without_must_is_refused", R, "prefer: []", "prefer: []\n    fallback: {kind: lysis}", 10, 16,
     "'must' is missing"},
    {"an_unknown_way_out_is_refused", R, "prefer: []", "prefer: []\n    fallback: {kind: taxi, must: []}", 10,
     22, "'taxi' is no way out; use nearest, stabilise, lysis, team"},
    {"a_bypass_without_a_way_out_is_refused", R, "prefer: []", "prefer: []\n    bypass: 20 min", 10, 13,
     "give 'fallback' too"},
    {"a_bypass_without_unit_is_refused", R, "prefer: []",
     "prefer: []\n    fallback: {kind: nearest, must: []}\n    bypass: 20", 11, 13, ""},
    {"a_record_without_a_planned_door_time_is_refused", R, "door: 0", "door: 0\n    door_to: wire", 13, 14,
     "give 'door' too"},
    {"an_unknown_treatment_is_refused", R, "door: 0", "door: 30 min\n    door_to: bed", 13, 14,
     "'bed' is no treatment; use wire, needle, delivery, ct"},
    {"an_unknown_milestone_is_refused", R, "goal_milestone: wire", "goal_milestone: balloon", 11, 21,
     "'balloon' is no milestone"},
    {"a_goal_without_milestone_is_refused", R, "    goal_milestone: wire\n", "", 4, 5,
     "give both or neither"},
    {"a_need_outside_the_directory_without_reason_is_refused", R, "{capability: CCU, reason: no key}",
     "{capability: CCU}", 13, 25, "'reason' is missing"},
    {"broken_yaml_is_refused_where_it_breaks", A, "inputs:\n", "inputs: [\n", 0, 0, "not valid YAML"},
    {"a_rule_without_tests_is_refused", A, "    tests:\n      - {id: B1", "    notests:\n      - {id: B1", 38,
     5, "not known here"},
    {"a_test_of_an_unknown_field_is_refused", A, "given: {temp_c: 299}", "given: {temp: 299}", 40, 26,
     "'temp' is no input of this pack"},
    {"a_test_with_an_unknown_status_is_refused", A, "status: not_applicable", "status: na", 40, 57,
     "'na' is no status; use fired"},
    {"a_test_without_status_is_refused", A, "status: fired, lo: 3", "lo: 3", 25, 54, "'status' is missing"},
    {"a_test_of_a_field_the_rule_does_not_read_is_refused", B, "missing: [fmc]", "missing: [hr]", 0, 0,
     "the rule does not read hr"},
    {"a_test_that_varies_nothing_is_refused", A, "vary: hr, points: {50: 2, 51: 0, 90: 0, 91: 1}", "vary: hr",
     24, 10, "'vary' takes 'points' or 'levels'"},
    {"a_test_without_readings_is_refused", A, "{id: B2, given: {temp_c: 299}, expect", "{id: B2, expect", 40,
     10, "neither 'given' nor 'readings'"},
    {"an_event_is_given_as_yes", B, "fmc: yes}], now: 4:59", "fmc: 1}], now: 4:59", 0, 0,
     "write 'yes' at the time it happened"},
    {"a_day_that_is_none_is_refused", B, "id: S3, date: 2024-12-05", "id: S3, date: 2024-02-30", 0, 0,
     "'2024-02-30' is no date"},
    {"a_band_bound_tested_on_one_side_only_is_found", A, "points: {50: 2, 51: 0, 90: 0, 91: 1}",
     "points: {50: 2, 51: 0, 91: 1}", 24, 10, "A-SCORE: no test with hr 90 (bound at line 18); add one"},
    {"a_level_bound_tested_on_one_side_only_is_found", A,
     "      - {id: A4, given: {hr: 91, spo2: 94}, expect: {status: fired, lo: 1, level: down, priority: "
     "4}}\n",
     "", 24, 10, "no test with a checked total of 1"},
    {"a_comparison_tested_on_one_side_only_is_found", A, "{id: B2, given: {temp_c: 299}",
     "{id: B2, given: {temp_c: 298}", 39, 10, "no test with temp_c 299"},
    {"a_word_tested_on_one_side_only_is_found", A,
     "{id: B6, given: {temp_c: 300, sex: female}, expect: {status: not_applicable}}",
     "{id: B6, given: {temp_c: 299}, expect: {status: not_applicable}}", 39, 10, "no test with sex female"},
    {"arithmetic_tested_on_one_side_only_is_found", B,
     "{id: M2, given: {pregnancy: pregnant, sbp: 84, dbp: 40",
     "{id: M2, given: {pregnancy: pregnant, sbp: 90, dbp: 40", 33, 10,
     "M-RULE: no test just outside the bound of this comparison (bound at line 18)"},
    {"a_rule_that_never_fires_is_found", B,
     "given: {pregnancy: pregnant, sbp: 83, dbp: 40, hr: 85, haemoptysis: no, ga_days: 100},\n         "
     "expect: {status: fired, lo: 3, level: middle, priority: 3}",
     "given: {sbp: 100, dbp: 40, hr: 85, haemoptysis: no, ga_days: 100},\n         expect: {status: fired, "
     "lo: 3, level: middle, priority: 3}",
     0, 0, "M-SCORE: no test in which M-RULE has fired (bound"},
    {"a_fall_tested_on_one_side_only_is_found", B, "{at: 15:00, sbp: 101}]", "{at: 15:00, sbp: 102}]", 0, 0,
     "no test with sbp changed by -39"},
    {"a_wrong_expectation_is_found", A, "{status: fired, lo: 3, priority: 2}",
     "{status: fired, lo: 2, priority: 2}", 25, 14,
     "test A2: lo is 3, expected 2; correct the rule or the test"},
};

static void replace(struct jz_pack_source *pack, const struct edit *edit) {
    char *text = calloc(1, pack->bytes + 1);
    assert_non_null(text);
    memcpy(text, pack->yaml, pack->bytes);
    char *at = strstr(text, edit->from);
    if (!at) fail_msg("'%s' is not in %s", edit->from, edit->pack);
    char *out = calloc(1, strlen(text) + strlen(edit->to) + 1);
    assert_non_null(out);
    memcpy(out, text, (size_t)(at - text));
    strcat(out, edit->to);
    strcat(out, at + strlen(edit->from));
    free(text);
    free((void *)(uintptr_t)pack->yaml);
    pack->yaml = out;
    pack->bytes = strlen(out);
}

/* `edit` may be NULL. */
static enum jz_status check(const struct edit *edit, struct jz_pack_tests *report,
                            struct jz_pack_error *error) {
    struct packs packs;
    packs_read_small(&packs);
    for (size_t i = 0; i < packs.count; i++)
        if (edit && strcmp(edit->pack, packs.source[i].name) == 0) replace(&packs.source[i], edit);
    enum jz_status status = jz_pack_tests_run(packs.source, packs.count, report, error);
    struct jz_program *program = NULL;
    struct jz_pack_error again = {0};
    enum jz_status compiled = jz_program_compile(packs.source, packs.count, &program, &again);
    assert_int_equal(compiled, report->failed ? JZ_OK : status);
    assert_int_equal(program != NULL, compiled == JZ_OK);
    if (compiled != JZ_OK) assert_memory_equal(&again, error, sizeof again);
    jz_program_free(program);
    packs_free(&packs);
    return status;
}

static struct jz_pack_tests report;

static void the_unedited_packs_pass(void **state) {
    (void)state;
    struct jz_pack_error error = {0};
    enum jz_status status = check(NULL, &report, &error);
    if (report.listed) error = report.failure[0];
    if (status != JZ_OK) fail_msg("%s:%d:%d: %s", error.file, error.line, error.column, error.text);
    assert_int_equal(report.rules, 6);
}

static bool is_expected(const struct edit *edit, const struct jz_pack_error *error) {
    bool placed =
        (!edit->line || error->line == edit->line) && (!edit->column || error->column == edit->column);
    return placed && error->line >= 1 && error->column >= 1 && strstr(error->text, edit->cure) &&
           strcmp(error->file, edit->pack) == 0;
}

static void an_edit_is_refused(void **state) {
    const struct edit *edit = *state;
    struct jz_pack_error error = {0};
    assert_int_equal(check(edit, &report, &error), JZ_E_PACK);
    bool found = !report.failed && is_expected(edit, &error);
    for (uint32_t i = 0; i < report.listed; i++) found |= is_expected(edit, &report.failure[i]);
    if (report.listed) error = report.failure[0];
    if (!found)
        fail_msg("%s:%d:%d: %s (expected %s:%d:%d: %s)", error.file, error.line, error.column, error.text,
                 edit->pack, edit->line, edit->column, edit->cure);
}

#define EDITS (sizeof edits / sizeof edits[0])

int main(void) {
    struct CMUnitTest tests[EDITS + 1] = {cmocka_unit_test(the_unedited_packs_pass)};
    for (size_t i = 0; i < EDITS; i++)
        tests[i + 1] = (struct CMUnitTest){edits[i].sentence, an_edit_is_refused, NULL, NULL,
                                           (void *)(uintptr_t)&edits[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
