/* SPDX-License-Identifier: Apache-2.0 */
/* What a device says of its own ECG, over a real recording and the real packs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jingzhu/codec.h"
#include "own.h"
#include "player.h"

#define DATA JZ_SOURCE_DIR "/tests/data/"
#define PACKS JZ_SOURCE_DIR "/clinical-rules/packs"
#define PATIENT "0:00 open complaint=chest_pain age_years=50 sex=1\n0:20 finding chest_pain=1 observer=crew\n"

/* Plays a story into `own` as main.c does; what was said comes back, malloc'ed. */
static char *play(struct jz_own *own, const char *story_text) {
    static struct jz_story story;
    static struct jz_plan plan;
    static struct jz_player player;
    static const uint8_t random[16];
    char text[2048], *said = NULL;
    size_t bytes = 0;
    struct jz_frame frame;
    snprintf(text, sizeof text, "%s", story_text);
    if (jz_story_parse("s", text, &story) != JZ_OK || jz_plan_make(&story, &plan) != JZ_OK)
        fail_msg("%s", story.error);
    jz_player_begin(&player, &story, &plan, 1, 1767225600000, random, 0, 0);
    FILE *to = open_memstream(&said, &bytes);
    assert_non_null(to);
    while (!jz_player_finished(&player)) {
        assert_int_equal(jz_player_next(&player, 86400000, 86400000, 0, &frame), JZ_OK);
        jz_own_frame(own, &frame);
        if (frame.kind == JZ_FRAME_WAVEFORM && jz_player_ends_item(&player)) jz_own_report(own, to);
        jz_player_done(&player);
    }
    assert_int_equal(fclose(to), 0);
    return said;
}

static struct jz_own *open_own(const char *packs) {
    struct jz_own *own;
    struct jz_pack_error error;
    if (jz_own_open(packs, &own, &error) != JZ_OK) fail_msg("%s:%d: %s", error.file, error.line, error.text);
    return own;
}

static void an_infarct_is_said_by_the_rules_that_the_device_carries(void **state) {
    struct jz_own *own = open_own(PACKS);
    (void)state;
    char *said = play(own, PATIENT "2:00 ecg record=" DATA "ecg/philips/129DYPRG seconds=10\n");
    assert_non_null(strstr(said, "{\"event\":\"ecg\",\"snapshot\":1,\"readable\":true,\"quality\":"));
    assert_non_null(strstr(said, "\"rate\":41,"));
    assert_non_null(strstr(said, "下壁 ST 段抬高"));
    assert_non_null(strstr(said, "\"en\":\"Criteria met"));
    assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* one line */
    free(said);
    jz_own_close(own);
}

static void without_rules_the_numbers_are_said_and_that_it_is_no_diagnosis(void **state) {
    struct jz_own *own = open_own(NULL);
    (void)state;
    char *said = play(own, PATIENT "2:00 ecg record=" DATA "ecg/philips/129DYPRG seconds=10\n");
    assert_non_null(strstr(said, "\"readable\":true"));
    assert_non_null(strstr(said, "\"rate\":41,"));
    assert_non_null(strstr(said, "not a diagnosis"));
    free(said);
    jz_own_close(own);
}

static void each_recording_is_said_once_and_by_its_own_samples(void **state) {
    struct jz_own *own = open_own(NULL);
    (void)state;
    char *said = play(own, PATIENT "2:00 ecg record=" DATA "ecg/philips/129DYPRG seconds=10\n"
                                   "4:00 ecg record=" DATA "ecg/ptb/s0010_re seconds=10\n");
    assert_non_null(strstr(said, "\"snapshot\":1,\"readable\":true"));
    const char *second = strstr(said, "\"snapshot\":2,\"readable\":true");
    assert_non_null(second);
    assert_non_null(strstr(second, "\"rate\":82,"));
    assert_null(strstr(second + 1, "\"snapshot\""));
    free(said);
    jz_own_close(own);
}

static void one_that_cannot_be_read_is_said_to_be_taken_again(void **state) {
    struct jz_own *own = open_own(NULL);
    (void)state;
    char *said = play(own, PATIENT "2:00 ecg record=" DATA "ecg/philips/129DYPRG seconds=1\n");
    assert_non_null(strstr(said, "\"readable\":false"));
    assert_non_null(strstr(said, "repeat the ECG now"));
    free(said);
    jz_own_close(own);
}

/* 50 Hz: no J point can be found in it. */
static void what_was_not_measured_is_left_out_and_no_number(void **state) {
    static const int32_t samples[500];
    static uint8_t coded[JZ_BYTES_MAX];
    size_t written, bytes = 0;
    char *said = NULL;
    struct jz_own *own = open_own(PACKS);
    (void)state;
    assert_int_equal(jz_wave_encode(samples, 1, 500, coded, sizeof coded, &written), JZ_OK);
    struct jz_frame frame = {.kind = JZ_FRAME_WAVEFORM, .at_ms = 1767225600000};
    frame.waveform = (struct jz_waveform){.wave = JZ_WAVE_ECG,
                                          .period_us = 20000,
                                          .channel_count = 1,
                                          .channel = {131076},
                                          .samples = 500,
                                          .scale = 1000,
                                          .coded = {coded, (uint32_t)written},
                                          .snapshot = 1};
    jz_own_frame(own, &frame);
    FILE *to = open_memstream(&said, &bytes);
    assert_non_null(to);
    jz_own_report(own, to);
    assert_int_equal(fclose(to), 0);
    assert_non_null(strstr(said, "\"readable\":false,\"quality\":0,\"zh\""));
    free(said);
    jz_own_close(own);
}

/* As at the server: a bundle branch block that a physician saw is not unsaid by a measure. */
static void what_a_person_found_stands_over_the_devices_own_measure(void **state) {
    static const char *const crew[] = {"", "1:00 finding lbbb=1 observer=physician\n"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct jz_own *own = open_own(PACKS);
        char story[512];
        snprintf(story, sizeof story, PATIENT "%s2:00 ecg record=" DATA "ecg/philips/129DYPRG seconds=10\n",
                 crew[i]);
        char *said = play(own, story);
        assert_non_null(strstr(said, "\"readable\":true"));
        assert_int_equal(strstr(said, "ST 阈值不可靠：左束支传导阻滞") != NULL, i == 1);
        free(said);
        jz_own_close(own);
    }
}

static void live_ecg_is_not_said_anything_of(void **state) {
    struct jz_own *own = open_own(NULL);
    (void)state;
    char *said = play(own, PATIENT "2:00 ecg record=" DATA "ecg/philips/129DYPRG seconds=10 lane=bulk\n");
    assert_string_equal(said, "");
    free(said);
    jz_own_close(own);
}

static void packs_that_are_none_are_refused_by_name(void **state) {
    struct jz_own *own;
    struct jz_pack_error error;
    (void)state;
    assert_int_equal(jz_own_open(DATA "vitals", &own, &error), JZ_E_FILE);
    assert_non_null(strstr(error.file, "vitals"));
    jz_own_close(own);
    assert_int_equal(jz_own_open(DATA "no-such-folder", &own, &error), JZ_E_FILE);
    jz_own_close(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_infarct_is_said_by_the_rules_that_the_device_carries),
        cmocka_unit_test(without_rules_the_numbers_are_said_and_that_it_is_no_diagnosis),
        cmocka_unit_test(each_recording_is_said_once_and_by_its_own_samples),
        cmocka_unit_test(one_that_cannot_be_read_is_said_to_be_taken_again),
        cmocka_unit_test(what_was_not_measured_is_left_out_and_no_number),
        cmocka_unit_test(what_a_person_found_stands_over_the_devices_own_measure),
        cmocka_unit_test(live_ecg_is_not_said_anything_of),
        cmocka_unit_test(packs_that_are_none_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
