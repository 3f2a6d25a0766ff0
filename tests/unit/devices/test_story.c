/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "jingzhu/field.h"
#include "story.h"
#include "story_word.h"

static struct jz_story story;
#define OPEN "0:00 open complaint=chest_pain\n"

static enum jz_status parse(const char *text) {
    char copy[4096];
    snprintf(copy, sizeof copy, "%s", text);
    return jz_story_parse("s", copy, &story);
}

static int32_t fact(const struct jz_story_item *item, const char *name) {
    uint32_t code = jz_field_at(jz_field_by_name(name))->code;
    for (uint32_t i = 0; i < item->facts.count; i++)
        if (item->facts.item[i].code == code) return item->facts.item[i].value;
    fail_msg("no %s", name);
    return 0;
}

static void errors_name_file_line_and_cure(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", "s:1: no event"},
        {"0:00 vitals hr=80\n", "s:1: the first line must be 'open'"},
        {OPEN OPEN, "s:2: a story opens once"},
        {OPEN "x vitals hr=80\n", "s:2: 'x' is no time"},
        {OPEN "0:60 vitals hr=80\n", "s:2: '0:60' is no time"},
        {OPEN "\n# remark\n1:00\n", "s:4: a verb is missing"},
        {OPEN "1:00 sing\n", "s:2: 'sing' is no verb"},
        {OPEN "1:00 vitals hr\n", "s:2: 'hr' has no value"},
        {OPEN "1:00 vitals hr=fast\n", "s:2: hr=fast is not a number"},
        {OPEN "1:00 vitals hr=80.5\n", "s:2: hr=80.5 is not a number in steps of 1/1"},
        {OPEN "1:00 vitals temp_c=36.85\n", "s:2: temp_c=36.85 is not a number in steps of 1/10"},
        {OPEN "1:00 vitals age_years=3\n", "s:2: 'age_years' does not belong here"},
        {OPEN "1:00 vitals hr=80 hr=81\n", "s:2: hr stands twice"},
        {OPEN "1:00 vitals\n", "s:2: nothing is said"},
        {OPEN "1:00 vitals file=a.csv every=5\n", "s:2: file= needs every= and seconds="},
        {OPEN "1:00 vitals file=a.csv every=0 seconds=9\n", "s:2: every=0 is not a whole number from 1"},
        {OPEN "1:00 absent field=hr\n", "s:2: why is missing"},
        {OPEN "1:00 absent field=moon why=probe_off\n", "s:2: field=moon is no vital sign"},
        {OPEN "1:00 absent field=hr why=tired\n", "s:2: why=tired is not known; choose one of probe_off"},
        {OPEN "1:00 finding chest_pain=1 acvpu=1\n", "s:2: a finding line has exactly one"},
        {OPEN "1:00 medication drug=X dose_mg=0 route=iv\n", "s:2: dose_mg=0 is no dose"},
        {OPEN "1:00 milestone what=lunch\n", "s:2: what=lunch is not known"},
        {OPEN "1:00 position lat=91 lon=1\n", "s:2: lat=91 is no angle within 90"},
        {"0:00 open complaint=chest_pain lat=1\n", "s:1: lat and lon belong together"},
        {OPEN "1:00 await lunch\n", "s:2: only 'await accepted'"},
        {OPEN "2:00 await accepted\n1:59 close reason=died\n", "s:3: time goes back"},
        {OPEN "1:00 close reason=died\n1:00 vitals hr=1\n", "s:3: the story is closed above"},
        {OPEN "1:00 finding chest_pain=1 note=\"open\n", "s:2: a quote is not closed"},
        {OPEN "1:00 ecg record=x seconds=3601\n", "s:2: seconds=3601 is not a whole number from 1 to 3600"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(parse(rows[i].text), JZ_E_FORMAT);
        if (strncmp(story.error, rows[i].expected, strlen(rows[i].expected)) != 0)
            fail_msg("expected %s, got %s", rows[i].expected, story.error);
    }
    assert_int_equal(jz_story_load("/no/such.story", &story), JZ_E_FILE);
    assert_non_null(strstr(story.error, "/no/such.story"));
}

static void values_become_wire_values(void **state) {
    (void)state;
    assert_int_equal(
        parse("0:00 open complaint=pregnancy callsign=修文02 ga_days=238 lat=26.8426 lon=-106.5\n"
              "1:05 vitals temp_c=36.8 sbp=168 # remark\n"
              "2:00 medication drug=B01AC06 dose_mg=0.5 route=sublingual note=\"two words\"\n"
              "3:00 absent field=spo2 why=artefact\n"
              "4:00 ecg record=x seconds=10\n4:00 ecg record=x seconds=10 lane=bulk\n"
              "4:00 ecg record=x seconds=3600\n"),
        JZ_OK);
    assert_int_equal(story.count, 7);
    assert_int_equal(story.item[0].enums[0], JZ_COMPLAINT_PREGNANCY);
    assert_string_equal(story.item[0].text, "修文02");
    assert_int_equal(fact(&story.item[0], "ga_days"), 238);
    assert_int_equal(story.item[0].lat_e7, 268426000);
    assert_int_equal(story.item[0].lon_e7, -1065000000);
    assert_int_equal(story.item[1].at_ms, 65000);
    assert_int_equal(fact(&story.item[1], "temp_c"), 368);
    assert_int_equal(fact(&story.item[1], "sbp"), 168);
    assert_int_equal(story.item[2].dose_ug, 500);
    assert_int_equal(story.item[2].enums[0], JZ_ROUTE_SUBLINGUAL);
    assert_string_equal(story.item[2].note, "two words");
    assert_int_equal(story.item[3].enums[0], JZ_ABSENCE_ARTEFACT);
    assert_int_equal(story.item[4].lane, JZ_LANE_SNAPSHOT);
    assert_int_equal(story.item[4].snapshot, 1);
    assert_int_equal(story.item[5].lane, JZ_LANE_BULK);
    assert_int_equal(story.item[5].snapshot, 0);
    assert_int_equal(story.item[6].snapshot, 2);
}

static void words_and_events_are_values_too(void **state) {
    (void)state;
    assert_int_equal(parse("0:00 open complaint=chest_pain pregnancy=pregnant pain_onset=5400\n"
                           "1:00 finding acvpu=V\n2:00 finding chest_pain=yes\n3:00 finding arrest=30\n"),
                     JZ_OK);
    assert_int_equal(fact(&story.item[0], "pregnancy"), 2);
    assert_int_equal(fact(&story.item[0], "pain_onset"), 5400);
    assert_int_equal(fact(&story.item[1], "acvpu"), 3);
    assert_int_equal(fact(&story.item[2], "chest_pain"), 1);
    assert_int_equal(fact(&story.item[3], "arrest"), 30);
    assert_int_equal(parse("0:00 open complaint=chest_pain\n1:00 finding acvpu=v\n"), JZ_E_FORMAT);
}

static void degrees_keep_seven_decimals_and_their_bounds(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int32_t e7;
    } rows[] = {{"26.5785", true, 265785000},
                {"-0.0000001", true, -1},
                {"90", true, 900000000},
                {"90.0000001", false, 0},
                {"-90", true, -900000000},
                {"1.00000001", false, 0},
                {"", false, 0},
                {"-", false, 0},
                {"1.2.3", false, 0},
                {"99999999999999999999", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t e7 = 0;
        if (jz_story_degrees(rows[i].text, 90, &e7) != rows[i].good) fail_msg("%s", rows[i].text);
        assert_int_equal(e7, rows[i].e7);
    }
}

static void a_story_holds_its_limit_of_events_and_not_one_more(void **state) {
    (void)state;
    static char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, OPEN);
    for (uint32_t i = 1; i < JZ_STORY_ITEMS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "1:00 vitals hr=80\n");
    static char copy[16384];
    memcpy(copy, text, used + 1);
    assert_int_equal(jz_story_parse("s", copy, &story), JZ_OK);
    assert_int_equal(story.count, JZ_STORY_ITEMS_MAX);
    snprintf(text + used, sizeof text - used, "1:00 vitals hr=80\n");
    assert_int_equal(jz_story_parse("s", text, &story), JZ_E_FORMAT);
    assert_non_null(strstr(story.error, "s:257: more than 256 events"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_name_file_line_and_cure),
        cmocka_unit_test(values_become_wire_values),
        cmocka_unit_test(words_and_events_are_values_too),
        cmocka_unit_test(degrees_keep_seven_decimals_and_their_bounds),
        cmocka_unit_test(a_story_holds_its_limit_of_events_and_not_one_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
