/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet: head, paper of four rows (five with further leads), averaged beats, statement. */
#include "ecg.h"

#include "jingzhu/statement.h"

#define WHY_MAX 128u

#define STYLE                                                                                                \
    "text{font-family:'Noto Sans CJK SC','Noto Sans SC','Noto Sans',sans-serif;font-size:3.1px;fill:#111}"   \
    ".sheet{fill:#fff}.none{fill:none}"                                                                      \
    ".paper{fill:#fffafa;stroke:#d88;stroke-width:.25}"                                                      \
    ".g1{fill:none;stroke:#f6cfcf;stroke-width:.1}.g5{fill:none;stroke:#eaa0a0;stroke-width:.18}"            \
    ".t{fill:none;stroke:#111;stroke-width:.26;stroke-linejoin:round;stroke-linecap:round}"                  \
    ".weak{stroke:#666}.cal{stroke-width:.3}.tick{stroke:#111;stroke-width:.25}"                             \
    ".name{font-weight:700;font-size:3.4px;paint-order:stroke;stroke:#fffafa;stroke-width:.9px}"             \
    ".big{font-weight:700;font-size:5px}.s{font-size:2.4px}.l{font-size:3px}.m{text-anchor:middle}"          \
    ".e{text-anchor:end}.b{font-weight:700}.grey{fill:#555}.why{font-size:2.6px;fill:#7a1f1f;"               \
    "paint-order:stroke;stroke:#fff;stroke-width:.9px}"                                                      \
    ".hatch{fill:url(#h);stroke:#b66;stroke-width:.15}"                                                      \
    ".on{stroke:#1666b0;stroke-width:.2}.j{stroke:#c01414;stroke-width:.2}"                                  \
    ".j60{stroke:#c01414;stroke-width:.2;stroke-dasharray:.8 .5}"                                            \
    ".tend{stroke:#555;stroke-width:.2;stroke-dasharray:.3 .5}"                                              \
    ".zero{stroke:#1666b0;stroke-width:.12;stroke-dasharray:1.2 .6}.st{stroke:#c01414;stroke-width:.5}"      \
    ".fj{fill:#c01414}.halo{paint-order:stroke;stroke:#fff;stroke-width:.8px}.fill{fill:#111}.open{fill:#"   \
    "fff;stroke:#111;stroke-width:.2}"                                                                       \
    ".box{fill:#f7f7f4;stroke:#999;stroke-width:.2}"
#define HATCH                                                                                                \
    "<defs><pattern id=\"h\" width=\"1.6\" height=\"1.6\" patternUnits=\"userSpaceOnUse\" "                  \
    "patternTransform=\"rotate(45)\"><rect width=\"1.6\" height=\"1.6\" fill=\"#fff\" "                      \
    "fill-opacity=\".25\"/>"                                                                                 \
    "<rect width=\".22\" height=\"1.6\" fill=\"#b66\"/></pattern></defs>\n"

enum { SHEET_WIDTH = 297000, SHEET_HEIGHT = 210000 };

static const uint8_t standard[JZ_ECG_ROWS][JZ_ECG_COLUMNS] = {
    {JZ_LEAD_I, JZ_LEAD_AVR, JZ_LEAD_V1, JZ_LEAD_V4},
    {JZ_LEAD_II, JZ_LEAD_AVL, JZ_LEAD_V2, JZ_LEAD_V5},
    {JZ_LEAD_III, JZ_LEAD_AVF, JZ_LEAD_V3, JZ_LEAD_V6}};

/* --- samples ---------------------------------------------------------------------------------------------- */

static bool is_there(const struct jz_ecg_sheet *sheet, uint32_t lead) {
    if (sheet->uv[lead]) return true;
    return lead >= JZ_LEAD_III && lead <= JZ_LEAD_AVF && sheet->uv[JZ_LEAD_I] && sheet->uv[JZ_LEAD_II];
}

/* III, aVR, aVL and aVF follow from I and II by definition. */
static int32_t sample_of(const struct jz_ecg_sheet *sheet, uint32_t lead, uint32_t at) {
    if (sheet->uv[lead]) return sheet->uv[lead][at];
    int32_t one = sheet->uv[JZ_LEAD_I][at], two = sheet->uv[JZ_LEAD_II][at];
    if (one == JZ_ECG_MISSING || two == JZ_ECG_MISSING) return JZ_ECG_MISSING;
    switch (lead) {
    case JZ_LEAD_III: return two - one;
    case JZ_LEAD_AVR: return -(one / 2 + two / 2);
    case JZ_LEAD_AVL: return one - two / 2;
    default: return two - one / 2;
    }
}

/* The constant offset: a median by halving, for want of room to sort in. */
static int32_t offset_of(const struct jz_ecg_sheet *sheet, uint32_t lead, uint32_t from, uint32_t to) {
    int64_t low = INT32_MIN, high = INT32_MAX;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        uint32_t below = 0, all = 0;
        for (uint32_t i = from; i < to; i++) {
            int32_t uv = sample_of(sheet, lead, i);
            if (uv == JZ_ECG_MISSING) continue;
            all++;
            below += uv <= middle;
        }
        if (2 * below >= all)
            high = middle;
        else
            low = middle + 1;
    }
    return (int32_t)low;
}

static int64_t time_um(const struct jz_ecg_sheet *sheet, uint32_t samples) {
    return (int64_t)samples * sheet->period_us * JZ_ECG_UM_PER_S / 1000000;
}

static uint32_t samples_in(const struct jz_ecg_sheet *sheet, uint32_t ms) {
    uint64_t count = (uint64_t)ms * 1000 / sheet->period_us;
    return count < sheet->samples ? (uint32_t)count : sheet->samples;
}

/* --- the paper -------------------------------------------------------------------------------------------- */

static void trace(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, const struct jz_ecg_cell *cell) {
    uint32_t from = samples_in(sheet, cell->from_ms), to = samples_in(sheet, cell->from_ms + cell->length_ms);
    int32_t offset = offset_of(sheet, cell->lead, from, to);
    bool pen = false;
    jz_svg_path(svg, sheet->measure->lead[cell->lead].usable ? "t" : "t weak");
    for (uint32_t i = from; i < to; i++) {
        int32_t uv = sample_of(sheet, cell->lead, i);
        int64_t x = cell->x + time_um(sheet, i - from);
        int64_t y = cell->y + JZ_ECG_ROW / 2 - ((int64_t)uv - offset) * JZ_ECG_UM_PER_MV / 1000;
        if (uv == JZ_ECG_MISSING) {
            pen = false;
            continue;
        }
        if (pen)
            jz_svg_to(svg, x, y);
        else
            jz_svg_move(svg, x, y);
        pen = true;
    }
    jz_svg_path_end(svg);
}

/* Why a lead is not to be believed, over hatching. */
void jz_ecg_hatch(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, uint32_t lead, int64_t x, int64_t y,
                  int64_t width, int64_t height) {
    char zh[WHY_MAX], en[WHY_MAX];
    jz_ecg_trouble_text(&sheet->measure->lead[lead], JZ_ZH, zh, sizeof zh);
    jz_ecg_trouble_text(&sheet->measure->lead[lead], JZ_EN, en, sizeof en);
    jz_svg_rect(svg, "hatch", x, y, width, height);
    jz_svg_text(svg, "why m", x + width / 2, y + height / 2 - 400, zh);
    jz_svg_text(svg, "why m", x + width / 2, y + height / 2 + 3000, en);
}

static void cell(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, const struct jz_ecg_cell *c) {
    struct jz_label name = {.bytes = 0};
    int64_t width = (int64_t)c->length_ms * JZ_ECG_UM_PER_S / 1000;
    const struct jz_ecg_lead_measure *m = &sheet->measure->lead[c->lead];
    if (is_there(sheet, c->lead)) trace(svg, sheet, c);
    if (!m->usable)
        jz_ecg_hatch(svg, sheet, c->lead, c->x + 300, c->y + 5500, width - 600, JZ_ECG_ROW - 8000);
    if (c->x > JZ_ECG_TRACE_X) jz_svg_line(svg, "tick", c->x, c->y + 9500, c->x, c->y + 15500);
    jz_label_add(&name, jz_ecg_lead_name((enum jz_ecg_lead)c->lead));
    if (m->derived) jz_label_add(&name, "*");
    jz_svg_text(svg, "name", c->x + 1000, c->y + 4200, name.text);
}

static void calibration(struct jz_svg *svg, int64_t y) {
    int64_t x = JZ_ECG_PAPER_X + 5000, zero = y + JZ_ECG_ROW / 2;
    jz_svg_path(svg, "t cal");
    jz_svg_move(svg, x, zero);
    jz_svg_to(svg, x + 2500, zero);
    jz_svg_to(svg, x + 2500, zero - JZ_ECG_UM_PER_MV);
    jz_svg_to(svg, x + 7500, zero - JZ_ECG_UM_PER_MV);
    jz_svg_to(svg, x + 7500, zero);
    jz_svg_to(svg, x + 10000, zero);
    jz_svg_path_end(svg);
}

/* Below the strip: a filled mark for a beat of the kind averaged, an open one for another, P for paced. */
static void beat_mark(struct jz_svg *svg, int64_t x, int64_t y, const struct jz_ecg_beat *beat) {
    jz_svg_path(svg, beat->kind == JZ_BEAT_MAIN ? "fill" : "open");
    jz_svg_move(svg, x - 900, y);
    jz_svg_to(svg, x + 900, y);
    jz_svg_to(svg, x, y - 1700);
    jz_svg_raw(svg, "Z");
    jz_svg_path_end(svg);
    if (beat->kind == JZ_BEAT_PACED) jz_svg_text(svg, "s m", x, y - 2000, "P");
    if (beat->premature) jz_svg_text(svg, "s m", x + 1700, y, "!");
}

/* With the ms between them, where they are 9 mm apart and there is room for a number. */
static void beat_marks(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, int64_t y) {
    const struct jz_ecg_measure *m = sheet->measure;
    int64_t before = 0;
    for (uint32_t i = 0; i < m->beat_count; i++) {
        struct jz_label rr = {.bytes = 0};
        int64_t ms = (int64_t)m->beat[i].at * 1000 / JZ_ECG_HZ;
        int64_t x = JZ_ECG_TRACE_X + ms * JZ_ECG_UM_PER_S / 1000;
        if (ms >= JZ_ECG_STRIP_MS) break;
        beat_mark(svg, x, y, &m->beat[i]);
        jz_label_int(&rr, ms - before, false);
        if (i > 0 && ms - before >= 360)
            jz_svg_text(svg, "s m grey", x - (ms - before) * JZ_ECG_UM_PER_S / 2000, y, rr.text);
        before = ms;
    }
}

/* II; where it is not believed, the first lead that is; where none is, what there is. */
static uint32_t strip_lead(const struct jz_ecg_sheet *sheet) {
    const struct jz_ecg_lead_measure *lead = sheet->measure->lead;
    if (is_there(sheet, JZ_LEAD_II) && lead[JZ_LEAD_II].usable) return JZ_LEAD_II;
    for (uint32_t i = 0; i < JZ_LEAD_COUNT; i++)
        if (is_there(sheet, i) && lead[i].usable) return i;
    for (uint32_t i = 0; i < JZ_LEAD_COUNT && !is_there(sheet, JZ_LEAD_II); i++)
        if (is_there(sheet, i)) return i;
    return JZ_LEAD_II;
}

uint32_t jz_ecg_further(const struct jz_ecg_sheet *sheet) {
    uint32_t count = 0;
    for (uint32_t lead = JZ_LEAD_V3R; lead < JZ_LEAD_COUNT; lead++) count += sheet->uv[lead] != NULL;
    return count;
}

static void further_row(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, int64_t y) {
    uint32_t at = 0;
    for (uint32_t lead = JZ_LEAD_V3R; lead < JZ_LEAD_COUNT; lead++) {
        if (!sheet->uv[lead]) continue;
        struct jz_ecg_cell c = {lead, at * 2000, 2000, JZ_ECG_TRACE_X + (int64_t)at * 50000, y};
        cell(svg, sheet, &c);
        at++;
    }
}

static void paper(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, uint32_t rows) {
    int64_t height = (int64_t)rows * JZ_ECG_ROW, y = JZ_ECG_PAPER_Y;
    jz_svg_rect(svg, "paper", JZ_ECG_PAPER_X, y, JZ_ECG_PAPER_WIDTH, height);
    jz_svg_grid(svg, "g1", JZ_ECG_PAPER_X, y, JZ_ECG_PAPER_WIDTH, height, 1000, 1000);
    jz_svg_grid(svg, "g5", JZ_ECG_PAPER_X, y, JZ_ECG_PAPER_WIDTH, height, 5000, 5000);
    jz_svg_clip(svg, "p", JZ_ECG_PAPER_X, y, JZ_ECG_PAPER_WIDTH, height);
    for (uint32_t row = 0; row < rows; row++) calibration(svg, y + row * JZ_ECG_ROW);
    for (uint32_t row = 0; row < JZ_ECG_ROWS; row++)
        for (uint32_t column = 0; column < JZ_ECG_COLUMNS; column++) {
            struct jz_ecg_cell c = {standard[row][column], column * 2500, 2500,
                                    JZ_ECG_TRACE_X + (int64_t)column * 62500, y + row * JZ_ECG_ROW};
            cell(svg, sheet, &c);
        }
    if (rows > JZ_ECG_ROWS + 1) further_row(svg, sheet, y + JZ_ECG_ROWS * JZ_ECG_ROW);
    struct jz_ecg_cell strip = {strip_lead(sheet), 0, JZ_ECG_STRIP_MS, JZ_ECG_TRACE_X,
                                y + (int64_t)(rows - 1) * JZ_ECG_ROW};
    cell(svg, sheet, &strip);
    beat_marks(svg, sheet, strip.y + JZ_ECG_ROW - 1200);
    jz_svg_raw(svg, "</g>\n");
}

/* --- head and foot ---------------------------------------------------------------------------------------- */

static void measure(struct jz_svg *svg, uint32_t at, const char *name, int16_t value, bool x10,
                    const char *unit) {
    struct jz_label label = {.bytes = 0};
    int64_t x = JZ_ECG_PAPER_X + (int64_t)at * 27500;
    if (value == JZ_ECG_UNKNOWN)
        jz_label_add(&label, "–");
    else if (x10)
        jz_label_x10(&label, value);
    else
        jz_label_int(&label, value, false);
    if (value != JZ_ECG_UNKNOWN) jz_label_add(&label, unit);
    jz_svg_text(svg, "s grey", x, 14500, name);
    jz_svg_text(svg, "b", x, 18300, label.text);
}

static void person(struct jz_svg *svg, const struct jz_ecg_sheet *sheet) {
    struct jz_label label = {.bytes = 0};
    if (sheet->age_years >= 0) {
        jz_label_int(&label, sheet->age_years, false);
        jz_label_add(&label, " 岁 y   ");
    }
    if (sheet->sex) jz_label_add(&label, sheet->sex == 'm' ? "男 male   " : "女 female   ");
    jz_label_add(&label, "信号质量 quality ");
    jz_label_int(&label, sheet->measure->quality, false);
    jz_label_add(&label, " %");
    jz_svg_text(svg, "l e", JZ_ECG_PAPER_X + JZ_ECG_PAPER_WIDTH, 10000, label.text);
}

static void head(struct jz_svg *svg, const struct jz_ecg_sheet *sheet) {
    const struct jz_ecg_measure *m = sheet->measure;
    struct jz_label rhythm = {.bytes = 0};
    int64_t right = JZ_ECG_PAPER_X + JZ_ECG_PAPER_WIDTH;
    jz_svg_text(svg, "big", JZ_ECG_PAPER_X, 10500, sheet->name);
    person(svg, sheet);
    measure(svg, 0, "心率 rate", m->rate_bpm_x10, true, " /min");
    measure(svg, 1, "PR", m->pr_ms, false, " ms");
    measure(svg, 2, "QRS", m->qrs_ms, false, " ms");
    measure(svg, 3, "QT", m->qt_ms, false, " ms");
    measure(svg, 4, "QTc (Fridericia)", m->qtc_ms, false, " ms");
    measure(svg, 5, "电轴 axis", m->axis_deg, false, "°");
    jz_ecg_rhythm_label(m, &rhythm);
    jz_svg_text(svg, "s grey", JZ_ECG_PAPER_X + 165000, 14500, "节律、传导 rhythm, conduction");
    jz_svg_text(svg, "l", JZ_ECG_PAPER_X + 165000, 18300, rhythm.text);
    jz_svg_text(svg, "s grey", JZ_ECG_PAPER_X, 22500,
                "▲ 参与平均的心搏 beat averaged   △ 其他形态 other   P 起搏 paced   ! 提前 premature   "
                "* 由 I、II 推算 worked out of I and II");
    jz_svg_text(svg, "l b e", right, 22500,
                "25 mm/s   10 mm/mV   未加滤波，仅去除直流 no filter, constant offset removed");
}

static void foot(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, int64_t y) {
    int64_t width = JZ_ECG_PAPER_WIDTH - 6000, x = JZ_ECG_PAPER_X + 3000;
    jz_svg_rect(svg, "box", JZ_ECG_PAPER_X, y, JZ_ECG_PAPER_WIDTH, JZ_SVG_STATEMENT_HEIGHT);
    jz_svg_statement(svg, x, y, width, sheet->statement_zh, sheet->statement_en);
    jz_svg_text(svg, "s b", JZ_ECG_PAPER_X, y + 24700,
                "非诊断，须医师判读。Not a diagnosis; needs a physician's reading.");
    jz_svg_text(svg, "s e grey", JZ_ECG_PAPER_X + JZ_ECG_PAPER_WIDTH, y + 24700,
                "按 100% 打印 print at 100 %: □ 5 mm = 0.2 s = 0.5 mV");
}

enum jz_status jz_draw_ecg(const struct jz_ecg_sheet *sheet, jz_svg_write *write, void *out) {
    if (sheet->period_us < JZ_ECG_PERIOD_US_MIN || sheet->period_us > JZ_ECG_PERIOD_US_MAX) return JZ_E_VALUE;
    struct jz_svg svg = {.write = write, .out = out};
    bool further = jz_ecg_further(sheet) > 0;
    uint32_t rows = JZ_ECG_ROWS + 1u + further;
    int64_t averages = JZ_ECG_PAPER_Y + rows * JZ_ECG_ROW + 2500;
    int64_t statement = averages + (2 + further) * JZ_ECG_AVERAGE_PITCH + 3500;
    jz_svg_begin(&svg, SHEET_WIDTH, further ? statement + 28500 : SHEET_HEIGHT, sheet->name, STYLE);
    jz_svg_raw(&svg, HATCH);
    head(&svg, sheet);
    paper(&svg, sheet, rows);
    jz_ecg_averages(&svg, sheet, averages);
    foot(&svg, sheet, statement);
    jz_svg_end(&svg);
    return svg.full ? JZ_E_FULL : JZ_OK;
}
