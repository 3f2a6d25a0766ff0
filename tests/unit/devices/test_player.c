/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "csv.h"
#include "jingzhu/codec.h"
#include "player.h"
#include "wfdb.h"

#define DATA JZ_SOURCE_DIR "/tests/data/"
static const int64_t UTC = 1700000000000;
static const uint8_t id[16] = {9, 9, 3, 4};
static struct jz_story story;
static struct jz_plan plan;
static struct jz_player player, second;

static void load(const char *name) {
    char path[256];
    snprintf(path, sizeof path, DATA "stories/%s.story", name);
    if (jz_story_load(path, &story) != JZ_OK || jz_plan_make(&story, &plan) != JZ_OK)
        fail_msg("%s", story.error);
}

static void load_text(const char *text) {
    char copy[2048];
    snprintf(copy, sizeof copy, "%s", text);
    if (jz_story_parse("s", copy, &story) != JZ_OK || jz_plan_make(&story, &plan) != JZ_OK)
        fail_msg("%s", story.error);
}

/* Plays to the end as fast as asked, with everything acknowledged at once and the hospital accepting. Checks that
 * each frame can be encoded, belongs to the encounter and lies neither in the future nor before its start. */
static uint32_t play_all(const char *name, uint32_t speed, uint32_t count_of[32]) {
    static uint8_t bytes[JZ_MESSAGE_BYTES_MAX];
    struct jz_frame frame;
    size_t written;
    uint32_t frames = 0;
    load(name);
    jz_player_begin(&player, &story, &plan, speed, -1, id, 0, UTC);
    player.accepted = true;
    for (int64_t now = 0; !jz_player_finished(&player); now += jz_player_wait_ms(&player, now, 100000)) {
        enum jz_status status = jz_player_next(&player, now, UTC + now, 0, &frame);
        if (status == JZ_E_EMPTY) continue;
        if (status != JZ_OK) fail_msg("%s", story.error);
        frame.seq = ++frames;
        assert_int_equal(jz_frame_encode(&frame, bytes, sizeof bytes, &written), JZ_OK);
        assert_true(frame.at_ms <= UTC + now);
        assert_true(frame.at_ms >= player.start_ms);
        assert_memory_equal(frame.encounter.byte + 2, id + 2, 14);
        count_of[frame.kind]++;
        jz_player_done(&player);
        assert_true(now < 24 * 3600 * 1000);
    }
    assert_int_equal(jz_player_frames(&player), frames);
    return frames;
}

static void both_stories_play_to_their_close_at_any_speed(void **state) {
    (void)state;
    static const uint32_t speeds[] = {1, 60, JZ_PLAYER_SPEED_MAX};
    for (size_t i = 0; i < 3; i++) {
        uint32_t chest[32] = {0}, birth[32] = {0};
        (void)play_all("chest-pain", speeds[i], chest);
        assert_true(jz_player_closed(&player));
        assert_int_equal(chest[JZ_FRAME_WAVEFORM], 26);
        assert_int_equal(chest[JZ_FRAME_MEDICATION], 1);
        (void)play_all("pregnancy", speeds[i], birth);
        assert_int_equal(birth[JZ_FRAME_WAVEFORM], 60);
        assert_int_equal(birth[JZ_FRAME_ENCOUNTER_CLOSE], 1);
    }
}

/* One 12-lead snapshot through the wire's codec, against the recording. */
static void an_ecg_segment_decodes_to_the_recording(void **state) {
    (void)state;
    static struct jz_emit_buffer buffer;
    static int32_t decoded[JZ_SAMPLES_PER_SEGMENT_MAX], raw[400];
    struct jz_wfdb record;
    struct jz_frame frame;
    int32_t duration;
    load_text("0:00 open complaint=chest_pain\n1:00 ecg record=" DATA "ecg/ptb/s0010_re seconds=10\n");
    assert_int_equal(plan.count, 26);
    assert_int_equal(plan.emission[1].due_ms, 60400);
    assert_int_equal(jz_story_emit(&story, &plan.emission[3], &buffer, &frame, &duration), JZ_OK);
    assert_int_equal(duration, 400);
    assert_int_equal(frame.at_ms, 60800);
    assert_int_equal(frame.lane, JZ_LANE_SNAPSHOT);
    assert_int_equal(frame.waveform.channel_count, 12);
    assert_int_equal(frame.waveform.scale, 500); /* 2000 steps a mV */
    assert_int_equal(frame.waveform.period_us, 1000);
    assert_int_equal(frame.waveform.snapshot, 1);
    assert_int_equal(jz_wave_decode(frame.waveform.coded, 12, 400, decoded), JZ_OK);
    assert_int_equal(jz_wfdb_open(DATA "ecg/ptb/s0010_re", &record), JZ_OK);
    assert_int_equal(frame.waveform.channel[11], 131080); /* V6 */
    assert_int_equal(jz_wfdb_read(&record, (uint32_t)jz_wfdb_find(&record, "v6"), 800, 400, raw), JZ_OK);
    assert_memory_equal(decoded + 11 * 400, raw, sizeof raw);
}

static void a_ctg_segment_keeps_quarter_beats(void **state) {
    (void)state;
    static struct jz_emit_buffer buffer;
    static const char *const names[] = {"fhr_bpm", "uc"};
    int32_t decoded[240], rows[240], duration;
    uint32_t count;
    struct jz_frame frame;
    load_text("0:00 open complaint=pregnancy\n1:00 ctg file=" DATA "ctg/ctu_1308_30min.csv minutes=2\n");
    assert_int_equal(plan.count, 5);
    assert_int_equal(jz_story_emit(&story, &plan.emission[2], &buffer, &frame, &duration), JZ_OK);
    assert_int_equal(frame.waveform.period_us, 250000);
    assert_int_equal(frame.lane, JZ_LANE_BULK);
    assert_int_equal(jz_wave_decode(frame.waveform.coded, 2, 120, decoded), JZ_OK);
    assert_int_equal(jz_csv_read(DATA "ctg/ctu_1308_30min.csv", names, 2, 120, 120, rows, &count, NULL),
                     JZ_OK);
    for (int i = 0; i < 120; i++) {
        assert_int_equal(decoded[i] * (int32_t)frame.waveform.scale, rows[2 * i]);
        assert_int_equal(decoded[120 + i] * (int32_t)frame.waveform.scale, rows[2 * i + 1]);
    }
}

static void a_missing_numeric_is_reported_absent(void **state) {
    (void)state;
    static struct jz_emit_buffer buffer;
    struct jz_frame frame;
    int32_t duration;
    load_text("0:00 open complaint=chest_pain\n0:10 vitals file=" DATA
              "vitals/bidmc_44_Numerics.csv from=316 every=1 seconds=1\n");
    assert_int_equal(jz_story_emit(&story, &plan.emission[1], &buffer, &frame, &duration), JZ_OK);
    assert_int_equal(frame.vitals.count, 2);
    assert_int_equal(frame.vitals.item[0].value, 89);
    assert_int_equal(frame.vitals.absent_count, 2);
    assert_int_equal(frame.vitals.absent[0].why, JZ_ABSENCE_FAILED);
}

static void the_clock_stands_until_accepted_and_later_times_move_by_the_wait(void **state) {
    (void)state;
    struct jz_frame frame;
    load_text("0:00 open complaint=chest_pain\n0:01 await accepted\n0:02 vitals hr=80\n");
    jz_player_begin(&player, &story, &plan, 1, -1, id, 0, UTC);
    assert_int_equal(jz_player_next(&player, 0, UTC, 0, &frame), JZ_OK);
    assert_int_equal(frame.at_ms, UTC);
    jz_player_done(&player);
    assert_int_equal(jz_player_next(&player, 5000, UTC + 5000, 0, &frame), JZ_E_EMPTY);
    assert_true(player.waiting);
    player.accepted = true;
    assert_int_equal(jz_player_next(&player, 60000, UTC + 60000, 0, &frame), JZ_E_EMPTY);
    assert_int_equal(jz_player_wait_ms(&player, 60000, 5000), 1000);
    assert_int_equal(jz_player_next(&player, 60999, UTC + 60999, 0, &frame), JZ_E_EMPTY);
    assert_int_equal(jz_player_next(&player, 61000, UTC + 61000, 0, &frame), JZ_OK);
    assert_in_range(frame.at_ms, UTC + 57000, UTC + 61000);
}

static void the_close_waits_until_all_before_it_is_acknowledged(void **state) {
    (void)state;
    struct jz_frame frame;
    load_text("0:00 open complaint=chest_pain\n0:01 close reason=handed_over\n");
    jz_player_begin(&player, &story, &plan, 1, -1, id, 0, UTC);
    assert_int_equal(jz_player_next(&player, 0, UTC, 0, &frame), JZ_OK);
    jz_player_done(&player);
    assert_int_equal(jz_player_next(&player, 1000, UTC + 1000, 1, &frame), JZ_E_EMPTY);
    assert_int_equal(jz_player_next(&player, 2000, UTC + 2000, 0, &frame), JZ_OK);
    assert_int_equal(frame.kind, JZ_FRAME_ENCOUNTER_CLOSE);
}

static void played_fast_the_await_lies_at_now_and_distances_before_it_are_true(void **state) {
    (void)state;
    struct jz_frame frame;
    load_text("0:00 open complaint=pregnancy\n1:00 vitals sbp=168 dbp=112\n16:00 vitals sbp=168 dbp=112\n"
              "20:00 await accepted\n60:00 vitals hr=80\n");
    jz_player_begin(&player, &story, &plan, 60, -1, id, 0, UTC);
    int64_t at[4];
    player.accepted = true;
    for (int i = 0, now = 0; i < 4; now += 10) {
        if (jz_player_next(&player, now, UTC + now, 0, &frame) == JZ_E_EMPTY) continue;
        at[i++] = frame.at_ms;
        jz_player_done(&player);
    }
    assert_int_equal(at[2] - at[1], 15 * 60000);
    assert_int_equal(at[2],
                     UTC + 20000 - 4 * 60000); /* 4 min before the await, which is reached after 20 s */
    assert_in_range(at[3], UTC + 60000, UTC + 60020); /* 40 min of story later, but not in the future */
}

static void an_explicit_start_is_taken_as_it_is(void **state) {
    (void)state;
    struct jz_frame frame;
    load_text("0:00 open complaint=chest_pain\n1:00 vitals hr=80\n");
    jz_player_begin(&player, &story, &plan, 60, UTC, id, 0, UTC);
    assert_int_equal(jz_player_next(&player, 0, UTC, 0, &frame), JZ_OK);
    jz_player_done(&player);
    assert_int_equal(jz_player_next(&player, 1000, UTC + 1000, 0, &frame), JZ_OK);
    assert_int_equal(frame.at_ms, UTC + 60000);
}

static void a_restart_goes_on_with_the_next_frame_of_the_same_encounter(void **state) {
    (void)state;
    uint8_t note[JZ_PLAYER_NOTE_BYTES];
    static const uint8_t other[16] = {1, 2, 5, 6};
    struct jz_frame frame;
    load_text("0:00 open complaint=chest_pain\n1:00 vitals hr=80\n2:00 vitals hr=81\n");
    jz_player_begin(&player, &story, &plan, 1, -1, id, 0, UTC);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(jz_player_next(&player, i * 60000, UTC + i * 60000, 0, &frame), JZ_OK);
        jz_player_done(&player);
    }
    jz_player_note(&player, note);
    jz_player_begin(&second, &story, &plan, 1, -1, other, 0, UTC + 900000);
    assert_int_equal(jz_player_resume(&second, note, sizeof note, 0), JZ_OK);
    assert_memory_equal(&second.encounter, &player.encounter, 16);
    assert_int_equal(jz_player_next(&second, 59999, UTC + 959999, 0, &frame), JZ_E_EMPTY);
    assert_int_equal(jz_player_next(&second, 60000, UTC + 960000, 0, &frame), JZ_OK);
    assert_int_equal(frame.vitals.item[0].value, 81);
    assert_int_equal(frame.at_ms, UTC + 120000);
    assert_int_equal(jz_player_resume(&second, note, sizeof note - 1, 0), JZ_E_FORMAT);
    note[4] ^= 1; /* another story */
    assert_int_equal(jz_player_resume(&second, note, sizeof note, 0), JZ_E_FORMAT);
}

static void a_recording_that_is_missing_too_short_or_too_long_is_refused_at_the_start(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"1:00 ecg record=" DATA "ecg/none seconds=10\n", "no such record"},
        {"1:00 ecg record=" DATA "ecg/ptb/s0010_re from=11 seconds=10\n", "shorter than from and seconds"},
        {"1:00 ctg file=" DATA "ctg/ctu_1308_30min.csv minutes=31\n", "shorter than from and minutes"},
        {"1:00 vitals file=" DATA "vitals/bidmc_04_Numerics.csv every=10 seconds=500\n", "too short"},
        {"1:00 ctg file=" DATA "ctg/ctu_1308_30min.csv minutes=2\n2:59 close reason=died\n",
         "runs past the close"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, "0:00 open complaint=chest_pain\n%s", rows[i][0]);
        assert_int_equal(jz_story_parse("s", text, &story), JZ_OK);
        assert_int_not_equal(jz_plan_make(&story, &plan), JZ_OK);
        if (!strstr(story.error, rows[i][1])) fail_msg("%s", story.error);
        assert_non_null(strstr(story.error, "line 2"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_stories_play_to_their_close_at_any_speed),
        cmocka_unit_test(an_ecg_segment_decodes_to_the_recording),
        cmocka_unit_test(a_ctg_segment_keeps_quarter_beats),
        cmocka_unit_test(a_missing_numeric_is_reported_absent),
        cmocka_unit_test(the_clock_stands_until_accepted_and_later_times_move_by_the_wait),
        cmocka_unit_test(the_close_waits_until_all_before_it_is_acknowledged),
        cmocka_unit_test(played_fast_the_await_lies_at_now_and_distances_before_it_are_true),
        cmocka_unit_test(an_explicit_start_is_taken_as_it_is),
        cmocka_unit_test(a_restart_goes_on_with_the_next_frame_of_the_same_encounter),
        cmocka_unit_test(a_recording_that_is_missing_too_short_or_too_long_is_refused_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
