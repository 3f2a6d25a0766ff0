/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet: head, heart rate over uterine activity on the same time, what was found every ten minutes, statement. */
#include <string.h>

#include "svg.h"

#define STYLE                                                                                                \
    "text{font-family:'Noto Sans CJK SC','Noto Sans SC','Noto Sans',sans-serif;font-size:3.1px;fill:#111}"   \
    ".sheet{fill:#fff}.none{fill:none}.paper{fill:#fbfdfb;stroke:#7a9;stroke-width:.25}"                     \
    ".g1{fill:none;stroke:#d9ead9;stroke-width:.1}.g5{fill:none;stroke:#a9cdb0;stroke-width:.18}"            \
    ".ten{fill:none;stroke:#6b9f78;stroke-width:.35}.band{fill:#e2f3e2;fill-opacity:.7}"                     \
    ".t{fill:none;stroke:#111;stroke-width:.28;stroke-linejoin:round;stroke-linecap:round}"                  \
    ".two{stroke:#555;stroke-dasharray:.6 .4}.mother{stroke:#9b2fae;stroke-width:.3}"                        \
    ".base{fill:none;stroke:#1666b0;stroke-width:.35}"                                                       \
    ".acc{fill:#2e8b57;fill-opacity:.16}.dec{fill:#c01414;fill-opacity:.15}.con{fill:#b8860b;"               \
    "fill-opacity:.16}.pick{fill:#9b2fae;fill-opacity:.14}.loss{fill:#999}"                                  \
    ".big{font-weight:700;font-size:5px}.s{font-size:2.4px}.l{font-size:3px}.m{text-anchor:middle}"          \
    ".e{text-anchor:end}.b{font-weight:700}.grey{fill:#555}.tag{font-size:2.3px;paint-order:stroke;"         \
    "stroke:#fff;stroke-width:.8px}.red{fill:#c01414}.green{fill:#1c6b3f}.violet{fill:#7b1f8b}"              \
    ".box{fill:#f7f7f4;stroke:#999;stroke-width:.2}.tick{stroke:#111;stroke-width:.25}"

enum {
    SHEET_WIDTH_MIN = 297000,
    SHEET_HEIGHT = 210000,
    LEFT = 22000,
    RIGHT = 13000,
    FHR_TOP = 27000,
    FHR_HIGH_X10 = 2100,
    FHR_LOW_X10 = 500,
    FHR_HEIGHT = 80000, /* 160 bpm at 20 bpm/cm */
    FHR_UM_PER_X10 = 50,
    LOSS_HEIGHT = 1200,
    TOCO_TOP = 117000,
    TOCO_HEIGHT = 40000, /* 0 to 100 */
    TOCO_HIGH_X10 = 1000,
    TOCO_UM_PER_X10 = 40,
    VERDICT_TOP = 160500,
    FOOT_TOP = 179000,
    FOOT_WIDTH = 262000,
    TAG_ROWS = 3,
    TAG_WIDTH = 15000,
    MINUTE_SAMPLES = 60 * JZ_CTG_HZ,
};

struct view {
    struct jz_svg *svg;
    const struct jz_ctg_sheet *sheet;
    int64_t um_per_min, width; /* of the paper */
};

static const struct {
    const char *zh, *en, *shade, *ink;
} kinds[] = {[JZ_CTG_ACCELERATION] = {"加速", "accel.", "acc", "tag m green"},
             [JZ_CTG_EARLY] = {"早期减速", "early", "dec", "tag m red"},
             [JZ_CTG_LATE] = {"晚期减速", "late", "dec", "tag m red"},
             [JZ_CTG_VARIABLE] = {"变异减速", "variable", "dec", "tag m red"},
             [JZ_CTG_UNIFORM] = {"均一减速", "uniform", "dec", "tag m red"},
             [JZ_CTG_CONTRACTION] = {"宫缩", "contraction", "con", "tag m"}};

static int64_t time_x(const struct view *v, int64_t samples) {
    return LEFT + samples * v->um_per_min / MINUTE_SAMPLES;
}

static int64_t limited(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

static int64_t fhr_y(int64_t x10) {
    return FHR_TOP + (FHR_HIGH_X10 - limited(x10, FHR_LOW_X10, FHR_HIGH_X10)) * FHR_UM_PER_X10;
}

static int64_t toco_y(int64_t x10) {
    return TOCO_TOP + (TOCO_HIGH_X10 - limited(x10, 0, TOCO_HIGH_X10)) * TOCO_UM_PER_X10;
}

/* --- paper ------------------------------------------------------------------------------------------------ */

static void scale(struct view *v, int64_t from, int64_t to, int64_t step, int64_t (*y)(int64_t x10)) {
    for (int64_t value = from; value <= to; value += step) {
        struct jz_label label = {.bytes = 0};
        jz_label_int(&label, value, false);
        jz_svg_text(v->svg, "s e", LEFT - 1200, y(value * 10) + 900, label.text);
    }
}

/* Minutes from the first sample of the trace: every fifth has its number. */
static void minutes(struct view *v) {
    int64_t first = v->sheet->measure->first / MINUTE_SAMPLES;
    for (int64_t at = 0; at * v->um_per_min <= v->width; at++) {
        struct jz_label label = {.bytes = 0};
        int64_t x = LEFT + at * v->um_per_min, minute = first + at;
        if (minute % 10 == 0) {
            jz_svg_line(v->svg, "ten", x, FHR_TOP, x, FHR_TOP + FHR_HEIGHT);
            jz_svg_line(v->svg, "ten", x, TOCO_TOP, x, TOCO_TOP + TOCO_HEIGHT);
        }
        if (minute % 5 != 0) continue;
        jz_label_int(&label, minute, false);
        jz_svg_text(v->svg, minute % 10 == 0 ? "l b m" : "s m", x, FHR_TOP + FHR_HEIGHT + 5600, label.text);
    }
    jz_svg_text(v->svg, "s e grey", LEFT - 4000, FHR_TOP + FHR_HEIGHT + 5600, "分 min");
}

static void panel(struct view *v, int64_t top, int64_t height, int64_t heavy_y) {
    jz_svg_grid(v->svg, "g1", LEFT, top, v->width, height, v->um_per_min / 2, 5000);
    jz_svg_grid(v->svg, "g5", LEFT, top, v->width, height, v->um_per_min, heavy_y);
}

static void paper(struct view *v) {
    jz_svg_rect(v->svg, "paper", LEFT, FHR_TOP, v->width, FHR_HEIGHT);
    jz_svg_rect(v->svg, "band", LEFT, fhr_y(1600), v->width, fhr_y(1100) - fhr_y(1600));
    panel(v, FHR_TOP, FHR_HEIGHT, 10000);
    jz_svg_rect(v->svg, "paper", LEFT, TOCO_TOP, v->width, TOCO_HEIGHT);
    panel(v, TOCO_TOP, TOCO_HEIGHT, 10000);
    scale(v, 50, 210, 20, fhr_y);
    scale(v, 0, 100, 25, toco_y);
    jz_svg_text(v->svg, "s b", 3000, FHR_TOP + 2500, "胎心率");
    jz_svg_text(v->svg, "s b", 3000, FHR_TOP + 5800, "FHR /min");
    jz_svg_text(v->svg, "s b", 3000, TOCO_TOP + 3500, "宫缩");
    jz_svg_text(v->svg, "s b", 3000, TOCO_TOP + 6800, "toco");
    minutes(v);
}

/* --- traces ----------------------------------------------------------------------------------------------- */

enum channel { FETUS, FETUS_2, MOTHER, BASELINE, TOCO };
static const struct {
    const char *style;
} channels[] = {
    [FETUS] = {"t"}, [FETUS_2] = {"t two"}, [MOTHER] = {"t mother"}, [BASELINE] = {"base"}, [TOCO] = {"t"}};

/* Where the sample is drawn; -1: a gap. */
static int64_t channel_y(const struct view *v, enum channel channel, uint32_t at) {
    const struct jz_ctg_sample *s = &v->sheet->sample[at];
    int16_t rate = 0;
    switch (channel) {
    case TOCO: return s->toco_x10 == JZ_CTG_NO_TOCO ? -1 : toco_y(s->toco_x10);
    case FETUS: rate = s->fhr_bpm_x10; break;
    case FETUS_2: rate = s->fhr2_bpm_x10; break;
    case MOTHER: rate = s->mhr_bpm_x10; break;
    case BASELINE: rate = v->sheet->baseline_x10 ? v->sheet->baseline_x10[at] : 0; break;
    }
    return rate <= JZ_CTG_LOSS ? -1 : fhr_y(rate);
}

/* A line ends where a sample is missing, and another begins where it comes back. */
static void curve(struct view *v, enum channel channel) {
    bool pen = false;
    jz_svg_path(v->svg, channels[channel].style);
    for (uint32_t i = 0; i < v->sheet->samples; i++) {
        int64_t y = channel_y(v, channel, i), x = time_x(v, i);
        if (y >= 0 && pen)
            jz_svg_to(v->svg, x, y);
        else if (y >= 0)
            jz_svg_move(v->svg, x, y);
        pen = y >= 0;
    }
    jz_svg_path_end(v->svg);
}

/* A bar at the foot of the panel where no rate came. */
static void losses(struct view *v) {
    uint32_t from = 0;
    for (uint32_t i = 0; i <= v->sheet->samples; i++) {
        bool lost = i < v->sheet->samples && v->sheet->sample[i].fhr_bpm_x10 == JZ_CTG_LOSS &&
                    v->sheet->sample[i].fhr2_bpm_x10 == JZ_CTG_LOSS;
        if (lost) continue;
        if (i > from)
            jz_svg_rect(v->svg, "loss", time_x(v, from), FHR_TOP + FHR_HEIGHT - LOSS_HEIGHT,
                        time_x(v, i) - time_x(v, from), LOSS_HEIGHT);
        from = i + 1;
    }
}

/* --- what was found --------------------------------------------------------------------------------------- */

static void tag(struct view *v, const struct jz_ctg_event *event, int64_t x, uint32_t row) {
    struct jz_label zh = {.bytes = 0}, en = {.bytes = 0};
    const char *ink = kinds[event->kind].ink;
    int64_t y = FHR_TOP + 3000 + (int64_t)row * 8200;
    jz_label_add(&zh, kinds[event->kind].zh);
    if (event->prolonged) jz_label_add(&zh, " 延长");
    jz_label_add(&en, event->prolonged ? "long " : "");
    jz_label_add(&en, kinds[event->kind].en);
    jz_label_add(&en, event->kind == JZ_CTG_ACCELERATION ? " +" : " −");
    jz_label_int(&en, (event->height_x10 + 5) / 10, false);
    jz_svg_text(v->svg, ink, x, y, zh.text);
    jz_svg_text(v->svg, ink, x, y + 2600, en.text);
    if (event->concerning) jz_svg_text(v->svg, ink, x, y + 5200, "令人担忧 concerning");
}

/* The first row of names that is free from `x` on, or the one that is soonest. */
static uint32_t free_row(const int64_t free_from[TAG_ROWS], int64_t x) {
    uint32_t best = 0;
    for (uint32_t row = 0; row < TAG_ROWS; row++) {
        if (free_from[row] <= x) return row;
        if (free_from[row] < free_from[best]) best = row;
    }
    return best;
}

/* Shaded over its time; its name goes to the first row of names that is free there. */
static void events(struct view *v) {
    int64_t free_from[TAG_ROWS] = {0};
    const struct jz_ctg_measure *m = v->sheet->measure;
    for (uint32_t i = 0; i < m->event_count; i++) {
        const struct jz_ctg_event *event = &m->event[i];
        bool toco = event->kind == JZ_CTG_CONTRACTION;
        int64_t from = limited((int64_t)event->start - m->first, 0, v->sheet->samples);
        int64_t to = limited((int64_t)event->end - m->first, 0, v->sheet->samples);
        int64_t x = time_x(v, from), width = time_x(v, to) - x, middle = x + width / 2;
        if (to <= from) continue;
        jz_svg_rect(v->svg, kinds[event->kind].shade, x, toco ? TOCO_TOP : FHR_TOP, width,
                    toco ? TOCO_HEIGHT : FHR_HEIGHT);
        if (toco) continue;
        uint32_t row = free_row(free_from, middle - TAG_WIDTH / 2);
        free_from[row] = middle + TAG_WIDTH / 2;
        tag(v, event, middle, row);
    }
}

/* Minutes in which the rate was the mother's. */
static void pickups(struct view *v) {
    const struct jz_ctg_measure *m = v->sheet->measure;
    for (uint32_t i = 0; i < m->minute_count; i++) {
        int64_t x = LEFT + (int64_t)i * v->um_per_min;
        if (!m->minute[i].maternal || x >= LEFT + v->width) continue;
        jz_svg_rect(v->svg, "pick", x, FHR_TOP, v->um_per_min, FHR_HEIGHT);
        jz_svg_text(v->svg, "tag m violet", x + v->um_per_min / 2, FHR_TOP + FHR_HEIGHT - 5600, "母体?");
        jz_svg_text(v->svg, "tag m violet", x + v->um_per_min / 2, FHR_TOP + FHR_HEIGHT - 3000, "mother?");
    }
}

static void rate_part(struct jz_label *label, const char *name, int32_t x10) {
    jz_label_add(label, name);
    if (x10 == JZ_CTG_UNKNOWN)
        jz_label_add(label, "–");
    else
        jz_label_int(label, (x10 + 5) / 10, false);
}

static void verdicts(struct view *v) {
    const struct jz_ctg_sheet *sheet = v->sheet;
    for (uint32_t i = 0; i < sheet->verdicts; i++) {
        const struct jz_ctg_verdict *verdict = &sheet->verdict[i];
        int64_t at = (int64_t)verdict->minute * MINUTE_SAMPLES - sheet->measure->first, x = time_x(v, at);
        struct jz_label label = {.bytes = 0};
        if (at < 0 || at > (int64_t)sheet->samples) continue;
        rate_part(&label, "基线 baseline ", verdict->baseline_x10);
        rate_part(&label, "  变异 variability ", verdict->variability_x10);
        jz_label_add(&label, "  可用 usable ");
        jz_label_int(&label, verdict->usable_permille / 10, false);
        jz_label_add(&label, "%");
        jz_svg_line(v->svg, "tick", x, VERDICT_TOP - 2000, x, VERDICT_TOP + 9500);
        jz_svg_text(v->svg, "s e", x - 1000, VERDICT_TOP + 1500, label.text);
        jz_svg_text(v->svg, "s b e", x - 1000, VERDICT_TOP + 5200, verdict->classes);
    }
    jz_svg_text(v->svg, "s grey", 3000, VERDICT_TOP + 1500, "每 10 分");
    jz_svg_text(v->svg, "s grey", 3000, VERDICT_TOP + 4800, "every 10 min");
}

/* --- head and foot ---------------------------------------------------------------------------------------- */

static void named(struct view *v, uint32_t at, const char *name, struct jz_label *value, const char *unit) {
    int64_t x = LEFT + (int64_t)at * 38000;
    if (strcmp(value->text, "–") != 0) jz_label_add(value, unit);
    jz_svg_text(v->svg, "s grey", x, 15500, name);
    jz_svg_text(v->svg, "b", x, 19500, value->text);
}

static void head(struct view *v) {
    const struct jz_ctg_measure *m = v->sheet->measure;
    struct jz_label label[5] = {{.bytes = 0}}, speed = {.bytes = 0};
    jz_svg_text(v->svg, "big", LEFT, 10500, v->sheet->name);
    rate_part(&label[0], "", m->baseline_x10);
    named(v, 0, "基线 baseline", &label[0], " /min");
    rate_part(&label[1], "", m->variability_x10);
    named(v, 1, "变异 variability", &label[1], " /min");
    rate_part(&label[2], "", m->usable_permille);
    named(v, 2, "可用信号 usable", &label[2], " %");
    if (m->contraction_rate_x10 == JZ_CTG_UNKNOWN)
        jz_label_add(&label[3], "–");
    else
        jz_label_x10(&label[3], m->contraction_rate_x10);
    named(v, 3, "宫缩/10 分 contractions/10 min", &label[3], "");
    jz_label_add(&label[4], m->stv_ms_x100 == JZ_CTG_UNKNOWN ? "–" : "");
    if (m->stv_ms_x100 != JZ_CTG_UNKNOWN) jz_label_x10(&label[4], (m->stv_ms_x100 + 5) / 10);
    named(v, 5, "短变异 STV", &label[4], " ms");
    jz_label_int(&speed, v->um_per_min / 10000, false);
    jz_label_add(&speed, " cm/min   20 bpm/cm   toco 25/cm");
    jz_svg_text(v->svg, "l b e", SHEET_WIDTH_MIN - RIGHT, 10500, speed.text);
    jz_svg_text(
        v->svg, "s grey", LEFT, 24500,
        "— 基线 baseline (蓝 blue)   ▬ 信号丢失 signal loss   红 red: 减速 deceleration   绿 green: 加速 "
        "acceleration, 110–160   黄 yellow: 宫缩 contraction   紫 violet: 母体 mother");
}

static void foot(struct view *v) {
    jz_svg_rect(v->svg, "box", LEFT, FOOT_TOP, FOOT_WIDTH, JZ_SVG_STATEMENT_HEIGHT);
    jz_svg_statement(v->svg, LEFT + 2500, FOOT_TOP, FOOT_WIDTH - 5000, v->sheet->statement_zh,
                     v->sheet->statement_en);
    jz_svg_text(v->svg, "s b", LEFT, FOOT_TOP + 24700,
                "非诊断，须医师判读。Not a diagnosis; needs a physician's reading.");
    jz_svg_text(v->svg, "s e grey", LEFT + FOOT_WIDTH, FOOT_TOP + 24700,
                "按 100% 打印 print at 100 %: 1 cm = 20 bpm");
}

enum jz_status jz_draw_ctg(const struct jz_ctg_sheet *sheet, jz_svg_write *write, void *out) {
    if (sheet->mm_per_min != 10 && sheet->mm_per_min != 20 && sheet->mm_per_min != 30) return JZ_E_VALUE;
    if (sheet->samples > JZ_CTG_SAMPLES_MAX) return JZ_E_VALUE;
    struct jz_svg svg = {.write = write, .out = out};
    struct view v = {&svg, sheet, (int64_t)sheet->mm_per_min * 1000, 0};
    int64_t minutes_drawn = (sheet->samples + MINUTE_SAMPLES - 1) / MINUTE_SAMPLES;
    v.width = minutes_drawn * v.um_per_min;
    int64_t least = (SHEET_WIDTH_MIN - LEFT - RIGHT) / v.um_per_min * v.um_per_min;
    if (v.width < least) v.width = least;
    jz_svg_begin(&svg, LEFT + v.width + RIGHT < SHEET_WIDTH_MIN ? SHEET_WIDTH_MIN : LEFT + v.width + RIGHT,
                 SHEET_HEIGHT, sheet->name, STYLE);
    head(&v);
    paper(&v);
    events(&v);
    pickups(&v);
    losses(&v);
    curve(&v, BASELINE);
    curve(&v, MOTHER);
    curve(&v, FETUS_2);
    curve(&v, FETUS);
    curve(&v, TOCO);
    verdicts(&v);
    foot(&v);
    jz_svg_end(&svg);
    return svg.full ? JZ_E_FULL : JZ_OK;
}
