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

#define KAIYANG 270613000, 1069612000  /* 开阳县城 */
#define QINGZHEN 265595000, 1064669000 /* 清镇城区 */

static struct jz_directory directory;
static struct jz_roads *roads;
static struct jz_travel travel;
static int64_t departure_ms; /* 0: not known */

/* One hospital at a place, on the shipped graph. */
static void hospital_at(int32_t lat_e7, int32_t lon_e7, uint32_t accuracy_m) {
    memset(&directory, 0, sizeof directory);
    directory.facility_count = 1;
    directory.facility[0].lat_e7 = lat_e7;
    directory.facility[0].lon_e7 = lon_e7;
    directory.facility[0].accuracy_m = accuracy_m;
    jz_roads_free(roads);
    roads = guiyang_roads(&directory);
}

static void from(int32_t lat_e7, int32_t lon_e7) {
    memset(&travel, 0xa5, sizeof travel);
    jz_roads_travel(roads, lat_e7, lon_e7, departure_ms, &travel);
}

static int teardown(void **state) {
    (void)state;
    jz_roads_free(roads);
    roads = NULL;
    departure_ms = 0;
    return 0;
}

static void the_two_published_journeys_come_out(void **state) {
    const struct jz_directory *d = guiyang_directory(true);
    (void)state;
    roads = guiyang_roads(d);
    from(KAIYANG);
    assert_in_range(travel.seconds[facility_index(d, "gy-mch")], 62 * 60, 65 * 60); /* 63 min */
    hospital_at(266050000, 1066260000, 1);                                          /* 金阳南路南口 */
    from(QINGZHEN);
    assert_in_range(travel.seconds[0], 15 * 60, 17 * 60); /* 16 min */
    assert_string_equal(travel.provider, "road-graph-schematic");
}

static void every_hospital_has_a_time_from_every_district(void **state) {
    static const int32_t seats[][2] = {
        {KAIYANG}, {QINGZHEN}, {268400000, 1065900000}, {270930000, 1067360000}, {264340000, 1066720000}};
    const struct jz_directory *d = guiyang_directory(true);
    (void)state;
    roads = guiyang_roads(d);
    for (size_t i = 0; i < sizeof seats / sizeof *seats; i++) {
        from(seats[i][0], seats[i][1]);
        assert_string_equal(travel.provider, "road-graph+great-circle"); /* 三〇二 lies off the graph */
        for (uint32_t f = 0; f < d->facility_count; f++) {
            assert_in_range(travel.seconds[f], 1, 3 * 3600);
            assert_in_range(travel.uncertainty_s[f], travel.seconds[f] / 5, travel.seconds[f] / 2 + 1200);
        }
        assert_int_equal(travel.seconds[d->facility_count], JZ_TRAVEL_NONE);
    }
}

static void uncertainty_is_a_fifth_plus_the_errors_of_the_positions(void **state) {
    (void)state;
    hospital_at(266050000, 1066260000, 500);
    from(QINGZHEN);
    /* 2 nodes of 1000 m and 500 m, each 1.3 times at 30 km/h: 390 s */
    assert_in_range(travel.uncertainty_s[0], travel.seconds[0] / 5 + 390, travel.seconds[0] / 5 + 391);
}

/* One node, with the hospital on it. */
static void one_node_graph(void) {
    static const char json[] = "{meta: {provider: one}, nodes: [{id: 1, lat: 26, lon: 106}], edges: []}";
    struct jz_pack_error error;
    memset(&directory, 0, sizeof directory);
    directory.facility_count = 1;
    directory.facility[0] =
        (struct jz_facility){.lat_e7 = 260000000, .lon_e7 = 1060000000, .accuracy_m = 300};
    jz_roads_free(roads);
    assert_int_equal(jz_roads_load("one.json", json, sizeof json - 1, &directory, &roads, &error), JZ_OK);
}

static void beyond_fifteen_kilometres_of_the_graph_the_distance_model_answers_and_says_so(void **state) {
    (void)state;
    one_node_graph();
    from(261348900, 1060000000); /* 14 998 m to the north: 39 min of streets */
    assert_string_equal(travel.provider, "one");
    assert_in_range(travel.seconds[0], 2339, 2341);
    from(261349100, 1060000000); /* 15 001 m: 1.3 times at 60 km/h */
    assert_string_equal(travel.provider, "great-circle");
    assert_in_range(travel.seconds[0], 1170, 1171);
    assert_in_range(travel.uncertainty_s[0], 390 + 46, 390 + 48);
}

static void without_a_graph_the_distance_model_answers(void **state) {
    const struct jz_directory *d = guiyang_directory(true);
    struct jz_pack_error error;
    (void)state;
    assert_int_equal(jz_roads_load("", NULL, 0, d, &roads, &error), JZ_OK);
    from(KAIYANG);
    assert_string_equal(travel.provider, "great-circle");
    assert_in_range(travel.seconds[facility_index(d, "gy-mch")], 70 * 60, 85 * 60);
}

static void at_the_hospital_the_journey_takes_one_second_and_not_none(void **state) {
    (void)state;
    hospital_at(266000000, 1066000000, 1);
    from(266000000, 1066000000);
    assert_int_equal(travel.seconds[0], 1);
}

static void a_neighbour_is_not_sent_round_by_the_node(void **state) {
    (void)state;
    hospital_at(266000000, 1066000000, 1);
    from(266010000, 1066000000); /* 111 m: 18 s, although the node is about a kilometre away */
    assert_in_range(travel.seconds[0], 17, 19);
}

static void a_journey_of_more_than_a_day_is_no_answer(void **state) {
    (void)state;
    hospital_at(266000000, 1066000000, 1);
    from(366000000, 1066000000); /* 1112 km: 24 h 5 min */
    assert_int_equal(travel.seconds[0], JZ_TRAVEL_NONE);
    assert_int_equal(travel.uncertainty_s[0], 0);
    from(364000000, 1066000000); /* 1090 km: 23 h 37 min */
    assert_in_range(travel.seconds[0], 84900, 85200);
}

static void a_position_that_is_not_on_earth_has_no_answer(void **state) {
    static const int32_t rows[][2] = {{900000001, 0},   {-900000001, 0},        {0, 1800000001},
                                      {0, -1800000001}, {INT32_MIN, INT32_MIN}, {INT32_MAX, INT32_MAX}};
    (void)state;
    hospital_at(266000000, 1066000000, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        from(rows[i][0], rows[i][1]);
        assert_string_equal(travel.provider, "none");
        assert_int_equal(travel.seconds[0], JZ_TRAVEL_NONE);
    }
}

static void the_nearest_node_is_the_nearest(void **state) {
    uint64_t seed = test_seed();
    (void)state;
    hospital_at(266000000, 1066000000, 1);
    for (int i = 0; i < 1000; i++) {
        struct jz_place p = {262000000 + (int32_t)(next_random(&seed) % 10000000u),
                             1062000000 + (int32_t)(next_random(&seed) % 10000000u)};
        uint32_t distance_m, node = jz_roads_nearest(roads, p, &distance_m);
        for (uint32_t n = 0; n < roads->node_count; n++)
            assert_true(jz_geo_distance_m(p, roads->node[n]) >= distance_m);
        assert_int_equal(jz_geo_distance_m(p, roads->node[node]), distance_m);
    }
}

#define MONDAY_MS INT64_C(1767542400000) /* 2026-01-05 00:00 UTC+8 is 16:00 UTC of the 4th */
#define LOCAL(day, hour) (MONDAY_MS + ((day)*24 + (hour)) * INT64_C(3600000))

static void the_hour_of_the_day_is_local_and_the_week_has_two_free_days(void **state) {
    static const struct {
        int day, hour;
        uint32_t pct;
    } rows[] = {{0, 0, 100},  {0, 3, 100}, {0, 7, 130}, {0, 8, 140},  {0, 12, 115}, {0, 17, 140},
                {0, 23, 100}, {4, 8, 140}, {5, 8, 105}, {5, 17, 120}, {6, 8, 105},  {7, 8, 140}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(jz_travel_percent(LOCAL(rows[i].day, rows[i].hour)), rows[i].pct);
        assert_int_equal(jz_travel_percent(LOCAL(rows[i].day, rows[i].hour) + 3599999), rows[i].pct);
    }
    assert_int_equal(jz_travel_percent(0), 100);
    assert_int_equal(jz_travel_percent(-1), 100);
}

static void rush_hour_lengthens_the_journey_and_widens_it_and_is_named(void **state) {
    (void)state;
    hospital_at(266050000, 1066260000, 500);
    from(QINGZHEN);
    uint32_t free_s = travel.seconds[0], free_uncertainty_s = travel.uncertainty_s[0];
    departure_ms = LOCAL(0, 8);
    from(QINGZHEN);
    assert_in_range(travel.seconds[0], free_s * 14 / 10 - 1, free_s * 14 / 10 + 1);
    uint32_t added_s = travel.seconds[0] - free_s;
    assert_in_range(travel.uncertainty_s[0], free_uncertainty_s + added_s / 2 - 1,
                    free_uncertainty_s + added_s / 2 + 2);
    assert_string_equal(travel.provider, "road-graph-schematic@08");
    departure_ms = LOCAL(0, 2);
    from(QINGZHEN);
    assert_int_equal(travel.seconds[0], free_s);
    assert_string_equal(travel.provider, "road-graph-schematic");
}

static void the_distance_model_knows_the_time_of_day_too(void **state) {
    (void)state;
    one_node_graph();
    from(261349100, 1060000000);
    uint32_t free_s = travel.seconds[0];
    departure_ms = LOCAL(2, 18);
    from(261349100, 1060000000);
    assert_in_range(travel.seconds[0], free_s * 14 / 10 - 1, free_s * 14 / 10 + 1);
    assert_string_equal(travel.provider, "great-circle@18");
    from(900000001, 0);
    assert_string_equal(travel.provider, "none");
}

static void the_longest_name_of_a_provider_keeps_its_hour(void **state) {
    static const char json[] =
        "{meta: {provider: a-name-of-thirty-one-bytes-all}, nodes: [{id: 1, lat: 26, lon: 106}], edges: []}";
    struct jz_pack_error error;
    (void)state;
    hospital_at(260000000, 1060000000, 1);
    jz_roads_free(roads);
    assert_int_equal(jz_roads_load("n.json", json, sizeof json - 1, &directory, &roads, &error), JZ_OK);
    departure_ms = LOCAL(0, 12);
    from(260000000, 1060000000);
    assert_string_equal(travel.provider, "a-name-of-thirty-one-bytes-a@12");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_two_published_journeys_come_out, teardown),
        cmocka_unit_test_teardown(every_hospital_has_a_time_from_every_district, teardown),
        cmocka_unit_test_teardown(uncertainty_is_a_fifth_plus_the_errors_of_the_positions, teardown),
        cmocka_unit_test_teardown(
            beyond_fifteen_kilometres_of_the_graph_the_distance_model_answers_and_says_so, teardown),
        cmocka_unit_test_teardown(without_a_graph_the_distance_model_answers, teardown),
        cmocka_unit_test_teardown(at_the_hospital_the_journey_takes_one_second_and_not_none, teardown),
        cmocka_unit_test_teardown(a_neighbour_is_not_sent_round_by_the_node, teardown),
        cmocka_unit_test_teardown(a_journey_of_more_than_a_day_is_no_answer, teardown),
        cmocka_unit_test_teardown(a_position_that_is_not_on_earth_has_no_answer, teardown),
        cmocka_unit_test_teardown(the_nearest_node_is_the_nearest, teardown),
        cmocka_unit_test_teardown(the_hour_of_the_day_is_local_and_the_week_has_two_free_days, teardown),
        cmocka_unit_test_teardown(rush_hour_lengthens_the_journey_and_widens_it_and_is_named, teardown),
        cmocka_unit_test_teardown(the_distance_model_knows_the_time_of_day_too, teardown),
        cmocka_unit_test_teardown(the_longest_name_of_a_provider_keeps_its_hour, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
