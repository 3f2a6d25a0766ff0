/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "osrm.h"

static struct jz_directory directory;

static int setup(void **state) {
    (void)state;
    memset(&directory, 0, sizeof directory);
    directory.facility_count = 2;
    directory.facility[0].lat_e7 = 265705000, directory.facility[0].lon_e7 = 1067003000;
    directory.facility[1].lat_e7 = -50, directory.facility[1].lon_e7 = -10000001;
    directory.facility[1].accuracy_m = 300;
    return 0;
}

static void the_question_names_longitude_before_latitude_and_every_hospital(void **state) {
    (void)state;
    char url[256];
    assert_true(jz_osrm_question("http://router:5000/", 270613000, 1069612000, &directory, url, sizeof url));
    assert_string_equal(url,
                        "http://router:5000/table/v1/driving/106.9612000,27.0613000;106.7003000,26.5705000;"
                        "-1.0000001,-0.0000050?sources=0&annotations=duration");
}

static void a_question_that_does_not_fit_is_not_asked(void **state) {
    (void)state;
    char url[100];
    assert_false(jz_osrm_question("http://router:5000", 270613000, 1069612000, &directory, url, sizeof url));
}

static struct jz_travel travel;
static const char *why;

static enum jz_status answer(const char *json) {
    memset(&travel, 0xa5, sizeof travel);
    return jz_osrm_answer(json, strlen(json), &directory, &travel, &why);
}

static void durations_are_rounded_up_and_carry_their_uncertainty(void **state) {
    (void)state;
    assert_int_equal(answer("{\"code\":\"Ok\",\"durations\":[[0,600.2,1000]]}"), JZ_OK);
    assert_string_equal(travel.provider, "osrm");
    assert_int_equal(travel.seconds[0], 601);
    assert_int_equal(travel.uncertainty_s[0], 120);
    assert_int_equal(travel.seconds[1], 1001);
    assert_int_equal(travel.uncertainty_s[1], 200 + 46); /* 300 m of doubt x 1.3 at 30 km/h */
    assert_string_equal(why, "");
}

static void the_way_to_the_road_is_added(void **state) {
    (void)state;
    assert_int_equal(answer("{\"code\":\"Ok\",\"durations\":[[0,600,600]],\"sources\":[{\"distance\":1000}],"
                            "\"destinations\":[{},{\"distance\":500},{\"distance\":0}]}"),
                     JZ_OK);
    assert_int_equal(travel.seconds[0], 601 + 156 + 78);
    assert_int_equal(travel.seconds[1], 601 + 156);
}

static void a_place_far_from_every_road_has_no_answer(void **state) {
    (void)state;
    assert_int_equal(answer("{\"code\":\"Ok\",\"durations\":[[0,600,600]],"
                            "\"destinations\":[{},{\"distance\":5000},{\"distance\":5001}]}"),
                     JZ_OK);
    assert_int_not_equal(travel.seconds[0], JZ_TRAVEL_NONE);
    assert_int_equal(travel.seconds[1], JZ_TRAVEL_NONE);
    assert_int_equal(
        answer("{\"code\":\"Ok\",\"durations\":[[0,600,600]],\"sources\":[{\"distance\":5001}]}"), JZ_OK);
    assert_int_equal(travel.seconds[0], JZ_TRAVEL_NONE);
}

static void no_way_and_no_sense_are_no_answer_for_that_hospital(void **state) {
    (void)state;
    assert_int_equal(answer("{\"code\":\"Ok\",\"durations\":[[0,null,-1]]}"), JZ_OK);
    assert_int_equal(travel.seconds[0], JZ_TRAVEL_NONE);
    assert_int_equal(travel.seconds[1], JZ_TRAVEL_NONE);
    assert_int_equal(answer("{\"code\":\"Ok\",\"durations\":[[0,86400.5,\"60\"]]}"), JZ_OK);
    assert_int_equal(travel.seconds[0], JZ_TRAVEL_NONE);
    assert_int_equal(travel.seconds[1], JZ_TRAVEL_NONE);
}

static void what_is_no_answer_to_this_question_is_refused_and_says_why(void **state) {
    (void)state;
    static const struct jz_travel nothing;
    static const char *const wrong[] = {
        "",
        "[",
        "[]",
        "{}",
        "{\"code\":\"InvalidQuery\",\"message\":\"x\"}",
        "{\"code\":\"Ok\"}",
        "{\"code\":\"Ok\",\"durations\":[]}",
        "{\"code\":\"Ok\",\"durations\":[[0,1]]}",
        "{\"code\":\"Ok\",\"durations\":[[0,1,2,3]]}",
        "{\"code\":\"Ok\",\"durations\":[[0,1,2],[0,1,2]]}",
        "{\"code\":\"Ok\",\"code\":\"Ok\",\"durations\":[[0,1,2]]}",
        "{\"code\":1,\"durations\":[[0,1,2]]}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(answer(wrong[i]), JZ_E_FORMAT);
        assert_string_not_equal(why, "");
        assert_memory_equal(&travel, &nothing, sizeof travel);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_names_longitude_before_latitude_and_every_hospital),
        cmocka_unit_test(a_question_that_does_not_fit_is_not_asked),
        cmocka_unit_test(durations_are_rounded_up_and_carry_their_uncertainty),
        cmocka_unit_test(the_way_to_the_road_is_added),
        cmocka_unit_test(a_place_far_from_every_road_has_no_answer),
        cmocka_unit_test(no_way_and_no_sense_are_no_answer_for_that_hospital),
        cmocka_unit_test(what_is_no_answer_to_this_question_is_refused_and_says_why),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
