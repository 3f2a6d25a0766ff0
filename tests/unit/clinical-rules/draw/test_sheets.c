/* SPDX-License-Identifier: Apache-2.0 */
/* What is on a sheet, and where: made traces whose every sample has a known place on the paper. */
#include "paper.h"

#define SAMPLES 5000u /* 10 s */

static int32_t flat[SAMPLES], step[SAMPLES], gap[SAMPLES];
static struct jz_ecg_measure ecg;

static struct jz_ecg_sheet sheet_of(uint32_t leads) {
    struct jz_ecg_sheet sheet = {.name = "r<1>",
                                 .statement_zh = "符合标准：下壁",
                                 .statement_en = "Criteria met: inferior",
                                 .period_us = 2000,
                                 .samples = SAMPLES,
                                 .age_years = 63,
                                 .sex = 'f',
                                 .measure = &ecg};
    memset(&ecg, 0, sizeof ecg);
    paper.bytes = 0;
    ecg.marks = (struct jz_ecg_marks){100, 130, 150, 195, 300, 350};
    ecg.rate_bpm_x10 = 723;
    ecg.qrs_ms = 90;
    ecg.pr_ms = ecg.qt_ms = ecg.qtc_ms = ecg.axis_deg = JZ_ECG_UNKNOWN;
    for (uint32_t lead = 0; lead < leads; lead++) {
        sheet.uv[lead] = flat;
        ecg.lead[lead].recorded = ecg.lead[lead].usable = true;
        ecg.lead[lead].st_j_uv = 210;
    }
    return sheet;
}

static void a_sheet_is_a4_and_says_its_scales_and_that_it_is_no_diagnosis(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(12);
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    has("width=\"297mm\" height=\"210mm\" viewBox=\"0 0 297 210\"");
    has("25 mm/s   10 mm/mV");
    has("<title>r&lt;1&gt;</title>");
    has("Not a diagnosis; needs a physician's reading.");
    has("非诊断，须医师判读。");
    has("Criteria met: inferior");
    has("符合标准：下壁");
    has(">72.3 /min<");
    has(">–<"); /* an interval that was not measured is not 0 */
    has("63 岁");
    assert_int_equal(count_of(">II<"), 3); /* 3 x 4, strip, averaged beat */
    assert_int_equal(count_of(">V6<"), 2);
}

static void a_millivolt_is_ten_millimetres_and_a_second_twenty_five(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(12);
    /* 1 mV from 1.0 s on for 0.2 s, in the strip. */
    for (uint32_t i = 0; i < SAMPLES; i++) step[i] = i >= 500 && i < 600 ? 1000 : 0;
    sheet.uv[JZ_LEAD_II] = step;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    /* The strip is the fourth row: its zero is 24.5 + 3 x 25 + 12.5 mm down; 1 s is 25 mm right of 33.5. */
    has("L58.45 112L58.5 102L58.55 102");
    has("L63.45 102L63.5 112");
    /* The calibration pulse: 5 mm wide, 10 mm high. */
    has("M18.5 112L21 112L21 102L26 102L26 112L28.5 112");
}

static void a_constant_offset_is_taken_off_and_a_gap_stays_a_gap(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(12);
    for (uint32_t i = 0; i < SAMPLES; i++) gap[i] = i >= 1000 && i < 2000 ? JZ_ECG_MISSING : 5000;
    sheet.uv[JZ_LEAD_II] = gap;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    has("L83.45 112M133.5 112L133.55 112"); /* 2.0 to 4.0 s: nothing in between */
}

static void a_lead_that_is_not_believed_is_hatched_with_why(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(12);
    ecg.lead[JZ_LEAD_V4].usable = false;
    ecg.lead[JZ_LEAD_V4].trouble = JZ_ECG_LEAD_OFF | JZ_ECG_NOISY;
    sheet.uv[JZ_LEAD_V5] = NULL;
    ecg.lead[JZ_LEAD_V5].usable = ecg.lead[JZ_LEAD_V5].recorded = false;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    assert_int_equal(count_of("class=\"hatch\""), 4); /* each on the paper and among the averages */
    assert_int_equal(count_of(">lead off, noisy<"), 2);
    assert_int_equal(count_of(">导联脱落、干扰<"), 2);
    assert_int_equal(count_of(">not recorded<"), 2);
    assert_int_equal(count_of("class=\"st\""), 10);
}

static void leads_that_follow_from_one_and_two_are_worked_out_and_marked(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(2);
    for (uint32_t lead = JZ_LEAD_III; lead <= JZ_LEAD_AVF; lead++)
        ecg.lead[lead].recorded = ecg.lead[lead].usable = ecg.lead[lead].derived = true;
    for (uint32_t i = 0; i < SAMPLES; i++) step[i] = i >= 500 && i < 600 ? 1000 : 0;
    sheet.uv[JZ_LEAD_I] = step; /* II is flat: III is -1 mV there */
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    has(">III*<");
    has("L58.45 87L58.5 97L58.55 97"); /* third row: zero at 24.5 + 2 x 25 + 12.5 */
    assert_int_equal(count_of(">not recorded<"), 12);
}

static void further_leads_get_rows_of_their_own(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(12);
    sheet.uv[JZ_LEAD_V4R] = sheet.uv[JZ_LEAD_V8] = flat;
    ecg.lead[JZ_LEAD_V4R].recorded = ecg.lead[JZ_LEAD_V4R].usable = true;
    ecg.lead[JZ_LEAD_V8].recorded = true;
    ecg.lead[JZ_LEAD_V8].trouble = JZ_ECG_SATURATED;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    assert_int_equal(count_of(">V4R<"), 2);
    assert_int_equal(count_of(">V8<"), 2);
    assert_int_equal(count_of(">saturated<"), 2);
    assert_int_equal(count_of("height=\"210mm\""), 0);
}

static void beats_are_marked_where_they_are(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(12);
    ecg.beat_count = 3;
    ecg.beat[0] = (struct jz_ecg_beat){500, JZ_BEAT_MAIN, 0};
    ecg.beat[1] = (struct jz_ecg_beat){900, JZ_BEAT_PACED, 1};
    ecg.beat[2] = (struct jz_ecg_beat){5200, JZ_BEAT_MAIN, 0}; /* after the strip's end */
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    assert_int_equal(count_of("class=\"fill\""), 1);
    assert_int_equal(count_of("class=\"open\""), 1);
    has("M57.6 123.3L59.4 123.3L58.5 121.6Z"); /* the point below 1.0 s */
    has(">P<");
    has(">!<");
    has(">800<"); /* ms between them */
}

static void an_averaged_beat_shows_its_level_and_the_tall_one_its_gain(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(12);
    ecg.lead[JZ_LEAD_I].average_uv[JZ_ECG_AVERAGE_R] = 1000;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    /* Zero is 15 mm below the top of the paper at 130.8; J is 210 uV above it, at 19.5 mm, drawn for 80 ms. */
    has("<line class=\"st\" x1=\"33\" y1=\"143.7\" x2=\"37\" y2=\"143.7\"/>");
    assert_int_equal(count_of("5 mm/mV<"), 0);
    paper.bytes = 0;
    ecg.lead[JZ_LEAD_I].average_uv[JZ_ECG_AVERAGE_R] = 2400;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    assert_int_equal(count_of(">5 mm/mV<"), 1);
}

/* The averaged beat of lead I: 3.8 mm below the top of the averages at 127 mm, 20 mm high. */
static void no_averaged_beat_leaves_its_paper(void **state) {
    (void)state;
    static const struct {
        int16_t low, high;
        const char *gain;
    } rows[] = {{-1800, 0, NULL},           {0, 1900, NULL},
                {-100, 1900, "5 mm/mV"},    {-1950, 1950, "2.5 mm/mV"},
                {-5000, 2000, "2.5 mm/mV"}, {-32000, 32000, "0.25 mm/mV"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct jz_ecg_sheet sheet = sheet_of(12);
        ecg.lead[JZ_LEAD_I].average_uv[100] = rows[i].low;
        ecg.lead[JZ_LEAD_I].average_uv[200] = rows[i].high;
        assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
        const char *at = strstr(paper.text, "<clipPath id=\"a00\">");
        assert_non_null(at);
        at = strstr(at, "<path class=\"t\"");
        assert_non_null(at);
        for (uint32_t point = 0; point < JZ_ECG_AVERAGE_SAMPLES; point++) {
            double x, y;
            at = strpbrk(at + 1, "ML");
            assert_int_equal(sscanf(at + 1, "%lf %lf", &x, &y), 2);
            if (y < 130.8 - 1e-6 || y > 150.8 + 1e-6) fail_msg("row %zu: a point at %f mm", i, y);
        }
        assert_int_equal(count_of(" mm/mV</text>"), (rows[i].gain != NULL));
        if (rows[i].gain) has(rows[i].gain);
    }
}

static void a_long_statement_is_written_smaller_and_not_cut(void **state) {
    (void)state;
    static char en[700], zh[400];
    struct jz_ecg_sheet sheet = sheet_of(12);
    for (size_t i = 0; i < 640; i++) en[i] = i % 8 == 7 ? ' ' : 'e';
    for (size_t i = 0; i < 130; i++) memcpy(zh + 3 * i, "心", 3);
    memcpy(en + 640, "LAST", 5);
    sheet.statement_en = en;
    sheet.statement_zh = zh;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    has("LAST</text>");
    assert_int_equal(count_of("…"), 0);
}

static void no_sample_no_lead_and_short_records_are_drawn_without_a_trace(void **state) {
    (void)state;
    struct jz_ecg_sheet sheet = sheet_of(0);
    sheet.samples = 0;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
    assert_int_equal(count_of(">not recorded<"), 25);
    sheet.period_us = JZ_ECG_PERIOD_US_MAX + 1;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_E_VALUE);
    sheet = sheet_of(12);
    sheet.samples = 1;
    assert_int_equal(jz_draw_ecg(&sheet, keep, NULL), JZ_OK);
}

/* --- cardiotocograms -------------------------------------------------------------------------------------- */

#define TEN_MINUTES (10u * 60u * JZ_CTG_HZ)
static struct jz_ctg_sample trace[3 * TEN_MINUTES];
static int16_t baseline[3 * TEN_MINUTES];
static struct jz_ctg_measure ctg;
static struct jz_ctg_verdict verdict;

static struct jz_ctg_sheet strip_of(uint32_t samples, uint32_t mm_per_min) {
    memset(&ctg, 0, sizeof ctg);
    paper.bytes = 0;
    for (uint32_t i = 0; i < samples; i++) {
        trace[i] = (struct jz_ctg_sample){1400, 0, 0, 250};
        baseline[i] = 1400;
    }
    ctg.samples = samples;
    ctg.stv_ms_x100 = JZ_CTG_UNKNOWN;
    ctg.contraction_rate_x10 = 30;
    ctg.baseline_x10 = 1400;
    return (struct jz_ctg_sheet){.name = "c",
                                 .statement_zh = "可疑",
                                 .statement_en = "suspicious",
                                 .mm_per_min = mm_per_min,
                                 .sample = trace,
                                 .samples = samples,
                                 .baseline_x10 = baseline,
                                 .measure = &ctg,
                                 .verdict = &verdict,
                                 .verdicts = 0};
}

static void a_minute_is_a_centimetre_and_twenty_beats_are_another(void **state) {
    (void)state;
    struct jz_ctg_sheet sheet = strip_of(TEN_MINUTES, 10);
    trace[240].fhr_bpm_x10 = 1600; /* minute 1 */
    trace[480].fhr_bpm_x10 = 2300; /* beyond the paper: at its edge */
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_OK);
    has("width=\"297mm\" height=\"210mm\"");
    has("1 cm/min   20 bpm/cm   toco 25/cm");
    has("L32 52L"); /* 22 + 10 mm; 160 is 25 mm below 210, which is at 27 */
    has("L42 27L");
    has("M22 147L"); /* toco 25 of 100 on 40 mm from 117 */
    has("Not a diagnosis; needs a physician's reading.");
}

static void the_faster_paper_is_said_and_longer(void **state) {
    (void)state;
    struct jz_ctg_sheet sheet = strip_of(3 * TEN_MINUTES, 30);
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_OK);
    has("width=\"935mm\"");
    has("3 cm/min");
    sheet.mm_per_min = 15;
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_E_VALUE);
    sheet = strip_of(1, 10);
    sheet.samples = JZ_CTG_SAMPLES_MAX + 1;
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_E_VALUE);
}

static void loss_is_a_gap_and_a_bar_and_never_a_line(void **state) {
    (void)state;
    struct jz_ctg_sheet sheet = strip_of(TEN_MINUTES, 10);
    for (uint32_t i = 240; i < 480; i++) trace[i].fhr_bpm_x10 = JZ_CTG_LOSS;
    for (uint32_t i = 0; i < TEN_MINUTES; i++) trace[i].toco_x10 = JZ_CTG_NO_TOCO;
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_OK);
    has("L31.958 62M42 62L");
    has("<rect class=\"loss\" x=\"32\" y=\"105.8\" width=\"10\" height=\"1.2\"/>");
    assert_int_equal(count_of("class=\"loss\""), 1);
    has("<path class=\"t\" d=\"\"/>"); /* toco */
}

static void events_are_shaded_over_their_time_and_named(void **state) {
    (void)state;
    struct jz_ctg_sheet sheet = strip_of(TEN_MINUTES, 10);
    ctg.event_count = 3;
    ctg.event[0] =
        (struct jz_ctg_event){.start = 240, .peak = 300, .end = 360, .height_x10 = 352, .kind = JZ_CTG_LATE};
    ctg.event[1] = (struct jz_ctg_event){.start = 480,
                                         .peak = 600,
                                         .end = 1200,
                                         .height_x10 = 400,
                                         .kind = JZ_CTG_VARIABLE,
                                         .prolonged = true,
                                         .concerning = true};
    ctg.event[2] = (struct jz_ctg_event){
        .start = 200, .peak = 260, .end = 320, .height_x10 = 500, .kind = JZ_CTG_CONTRACTION};
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_OK);
    has("<rect class=\"dec\" x=\"32\" y=\"27\" width=\"5\" height=\"80\"/>");
    has("<rect class=\"con\" x=\"30.333\" y=\"117\" width=\"5\" height=\"40\"/>");
    has(">晚期减速<");
    has(">late −35<");
    has(">变异减速 延长<");
    has("concerning");
}

static void the_mothers_minutes_and_verdicts_are_marked(void **state) {
    (void)state;
    struct jz_ctg_sheet sheet = strip_of(3 * TEN_MINUTES, 10);
    ctg.minute_count = 30;
    ctg.minute[4].maternal = true;
    verdict = (struct jz_ctg_verdict){20, 1450, JZ_CTG_UNKNOWN, 930, "FIGO 可疑 suspicious"};
    sheet.verdicts = 1;
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_OK);
    has("<rect class=\"pick\" x=\"62\" y=\"27\" width=\"10\" height=\"80\"/>");
    has(">mother?<");
    has("FIGO 可疑 suspicious");
    has("基线 baseline 145  变异 variability –  可用 usable 93%");
}

static void the_same_measure_gives_the_same_bytes(void **state) {
    (void)state;
    struct jz_ctg_sheet sheet = strip_of(TEN_MINUTES, 10);
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_OK);
    size_t bytes = paper.bytes;
    char *first = malloc(bytes);
    assert_non_null(first);
    memcpy(first, paper.text, bytes);
    paper.bytes = 0;
    assert_int_equal(jz_draw_ctg(&sheet, keep, NULL), JZ_OK);
    assert_int_equal(paper.bytes, bytes);
    assert_memory_equal(paper.text, first, bytes);
    free(first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_is_a4_and_says_its_scales_and_that_it_is_no_diagnosis),
        cmocka_unit_test(a_millivolt_is_ten_millimetres_and_a_second_twenty_five),
        cmocka_unit_test(a_constant_offset_is_taken_off_and_a_gap_stays_a_gap),
        cmocka_unit_test(a_lead_that_is_not_believed_is_hatched_with_why),
        cmocka_unit_test(leads_that_follow_from_one_and_two_are_worked_out_and_marked),
        cmocka_unit_test(further_leads_get_rows_of_their_own),
        cmocka_unit_test(beats_are_marked_where_they_are),
        cmocka_unit_test(an_averaged_beat_shows_its_level_and_the_tall_one_its_gain),
        cmocka_unit_test(no_averaged_beat_leaves_its_paper),
        cmocka_unit_test(a_long_statement_is_written_smaller_and_not_cut),
        cmocka_unit_test(no_sample_no_lead_and_short_records_are_drawn_without_a_trace),
        cmocka_unit_test(a_minute_is_a_centimetre_and_twenty_beats_are_another),
        cmocka_unit_test(the_faster_paper_is_said_and_longer),
        cmocka_unit_test(loss_is_a_gap_and_a_bar_and_never_a_line),
        cmocka_unit_test(events_are_shaded_over_their_time_and_named),
        cmocka_unit_test(the_mothers_minutes_and_verdicts_are_marked),
        cmocka_unit_test(the_same_measure_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
