/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http_stage.h"
#include "travel_service.h"

#define HERE 270613000, 1069612000
#define GRAPH "road-graph-schematic"

static struct scene {
    struct http_stage service;
    struct jz_directory directory;
    struct jz_roads *roads;
    struct jz_travel_service *travel;
    struct jz_travel answer;
    struct jz_encounter_id encounter;
    uint32_t answers, downs, ups;
    char url[128];
} scene;

static void on_answer(void *context, struct jz_encounter_id encounter, const struct jz_travel *travel) {
    (void)context;
    scene.encounter = encounter;
    scene.answer = *travel;
    scene.answers++;
}

static void on_change(void *context, bool up, const char *why) {
    (void)context;
    scene.ups += up;
    scene.downs += !up;
    assert_true(up == (why[0] == '\0'));
}

static void open_with(const char *url) {
    struct jz_travel_service_config config = {
        .url = url, .ca_file = "", .answered = on_answer, .changed = on_change};
    scene.travel = jz_travel_service_open(scene.service.loop, &config);
    assert_non_null(scene.travel);
    jz_travel_service_use(scene.travel, &scene.directory, scene.roads);
}

static int setup(void **state) {
    (void)state;
    static const char graph[] =
        "{\"meta\": {\"provider\": \"" GRAPH "\"},"
        " \"nodes\": [{\"id\": 1, \"lat\": 27.06, \"lon\": 106.96}, {\"id\": 2, \"lat\": 26.57, \"lon\": "
        "106.7}],"
        " \"edges\": [{\"id\": 1, \"a\": 1, \"b\": 2, \"len_m\": 70000, \"kmh\": 80}]}";
    struct jz_pack_error error;
    memset(&scene, 0, sizeof scene);
    if (!stage_open(&scene.service)) return -1;
    scene.directory.facility_count = 2;
    scene.directory.facility[0].lat_e7 = 265705000, scene.directory.facility[0].lon_e7 = 1067003000;
    scene.directory.facility[1].lat_e7 = 266000000, scene.directory.facility[1].lon_e7 = 1067100000;
    if (jz_roads_load("graph", graph, strlen(graph), &scene.directory, &scene.roads, &error) != JZ_OK) {
        print_message("%s:%d: %s\n", error.file, error.line, error.text);
        return -1;
    }
    snprintf(scene.url, sizeof scene.url, "%s", scene.service.base);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    jz_travel_service_close(scene.travel);
    jz_roads_free(scene.roads);
    stage_close(&scene.service);
    return 0;
}

static bool ask_at(uint8_t patient, int64_t now_ms, int64_t utc_ms, struct jz_travel *out) {
    struct jz_encounter_id encounter = {{patient}};
    memset(out, 0xa5, sizeof *out);
    return jz_travel_service_ask(scene.travel, encounter, HERE, now_ms, utc_ms, out);
}

static bool ask(uint8_t patient, int64_t now_ms, struct jz_travel *out) {
    return ask_at(patient, now_ms, 0, out);
}

static void replies(const char *json) {
    static char reply[512];
    snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(json), json);
    scene.service.reply = reply;
}

static void wait_for(uint32_t answers) {
    assert_true(stage_wait(&scene.service, &scene.answers, answers));
}

static void without_a_service_the_road_graph_answers_at_once(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with("");
    assert_true(ask(1, 1000, &travel));
    assert_string_equal(travel.provider, GRAPH);
    assert_int_not_equal(travel.seconds[0], JZ_TRAVEL_NONE);
}

#define MONDAY_8H_MS INT64_C(1767571200000) /* 2026-01-05 00:00 UTC: 08:00 there */

static void the_road_graph_s_answer_is_of_the_time_it_was_asked_for(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with("");
    assert_true(ask_at(1, 1000, MONDAY_8H_MS, &travel));
    assert_string_equal(travel.provider, GRAPH "@08");
    jz_travel_service_close(scene.travel);
    open_with(scene.url);
    replies("{\"code\":\"Ok\",\"durations\":[[0,100,null]]}");
    assert_false(ask_at(1, 1000, MONDAY_8H_MS, &travel));
    wait_for(1);
    assert_string_equal(scene.answer.provider, "osrm+" GRAPH "@08");
    scene.service.reply = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";
    assert_false(ask_at(1, 1000 + JZ_TRAVEL_CACHE_MS, MONDAY_8H_MS, &travel));
    wait_for(2);
    assert_string_equal(scene.answer.provider, GRAPH "@08");
}

static void the_service_answers_later_for_the_patient_asked_for(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with(scene.url);
    replies("{\"code\":\"Ok\",\"durations\":[[0,100,200]]}");
    assert_false(ask(7, 1000, &travel));
    wait_for(1);
    assert_int_equal(scene.encounter.byte[0], 7);
    assert_string_equal(scene.answer.provider, "osrm");
    assert_int_equal(scene.answer.seconds[0], 101);
    assert_int_equal(scene.downs + scene.ups, 0);
}

static void asking_again_while_it_is_under_way_asks_nobody(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with(scene.url);
    replies("{\"code\":\"Ok\",\"durations\":[[0,100,200]]}");
    assert_false(ask(7, 1000, &travel));
    assert_false(ask(7, 1001, &travel));
    wait_for(1);
    assert_int_equal(scene.service.connections, 1);
}

static void the_same_place_is_remembered_for_a_minute(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with(scene.url);
    replies("{\"code\":\"Ok\",\"durations\":[[0,100,200]]}");
    assert_false(ask(1, 1000, &travel));
    wait_for(1);
    assert_true(ask(2, 1000 + JZ_TRAVEL_CACHE_MS - 1, &travel));
    assert_int_equal(travel.seconds[1], 201);
    assert_false(ask(2, 1000 + JZ_TRAVEL_CACHE_MS, &travel));
    wait_for(2);
}

static void a_hospital_without_a_way_is_answered_by_the_road_graph_by_name(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with(scene.url);
    replies("{\"code\":\"Ok\",\"durations\":[[0,100,null]]}");
    assert_false(ask(1, 1000, &travel));
    wait_for(1);
    assert_string_equal(scene.answer.provider, "osrm+" GRAPH);
    assert_int_equal(scene.answer.seconds[0], 101);
    assert_int_not_equal(scene.answer.seconds[1], JZ_TRAVEL_NONE);
}

static void a_service_that_fails_is_replaced_by_the_road_graph_and_rested(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with(scene.url);
    scene.service.reply = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";
    assert_false(ask(1, 1000, &travel));
    wait_for(1);
    assert_string_equal(scene.answer.provider, GRAPH);
    assert_int_equal(scene.downs, 1);
    assert_true(ask(2, 1000 + JZ_TRAVEL_REST_MS - 1, &travel)); /* nobody is asked */
    assert_string_equal(travel.provider, GRAPH);
    assert_false(ask(2, 1000 + JZ_TRAVEL_REST_MS, &travel));
    wait_for(2);
    assert_int_equal(scene.downs, 1); /* told once */
    replies("{\"code\":\"Ok\",\"durations\":[[0,100,200]]}");
    assert_false(ask(2, 1000 + 3 * JZ_TRAVEL_REST_MS, &travel));
    wait_for(3);
    assert_int_equal(scene.ups, 1);
    assert_string_equal(scene.answer.provider, "osrm");
}

static void silence_costs_less_than_a_second(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with(scene.url);
    ev_tstamp before = ev_time();
    assert_false(ask(1, 1000, &travel));
    wait_for(1);
    assert_string_equal(scene.answer.provider, GRAPH);
    assert_true(ev_time() - before < STAGE_WAIT_S / 2);
    assert_int_equal(scene.downs, 1);
}

static void answers_for_a_directory_that_was_replaced_are_dropped(void **state) {
    (void)state;
    struct jz_travel travel;
    open_with(scene.url);
    replies("{\"code\":\"Ok\",\"durations\":[[0,100,200]]}");
    assert_false(ask(1, 1000, &travel));
    jz_travel_service_use(scene.travel, &scene.directory, scene.roads);
    assert_false(ask(2, 1000, &travel)); /* asked anew: nothing is remembered */
    wait_for(1);
    assert_int_equal(scene.encounter.byte[0], 2);
    while (scene.service.connections < 2) ev_run(scene.service.loop, EVRUN_ONCE);
    assert_int_equal(scene.answers, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(without_a_service_the_road_graph_answers_at_once),
        TEST(the_road_graph_s_answer_is_of_the_time_it_was_asked_for),
        TEST(the_service_answers_later_for_the_patient_asked_for),
        TEST(asking_again_while_it_is_under_way_asks_nobody),
        TEST(the_same_place_is_remembered_for_a_minute),
        TEST(a_hospital_without_a_way_is_answered_by_the_road_graph_by_name),
        TEST(a_service_that_fails_is_replaced_by_the_road_graph_and_rested),
        TEST(silence_costs_less_than_a_second),
        TEST(answers_for_a_directory_that_was_replaced_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
