/* SPDX-License-Identifier: Apache-2.0 */
/* Averaged beats at twice the speed: where QRS begins, J, J + 60 ms, where T ends, and the level that was measured. */
#include "ecg.h"

enum {
    AVERAGE_WIDTH = 45000, /* 900 ms at 50 mm/s */
    AVERAGE_HEIGHT = 20000,
    AVERAGE_TEXT = 3800,
    AVERAGE_A_ROW = 6,
    UM_PER_SAMPLE = 100, /* 2 ms at 50 mm/s */
    J60_SAMPLES = 30,
    LEVEL_SAMPLES = 40, /* from J to J + 80 ms */
    MM = 1000,
};

struct place {
    const struct jz_ecg_lead_measure *lead;
    int64_t x, top, zero; /* zero: where the level at QRS onset is drawn, on a line of the grid */
    int64_t um_per_mv;    /* less than the usual for a beat that is taller than the paper */
};

/* The last holds whatever 16 bits of microvolts can be. */
static const struct {
    int64_t um_per_mv;
    const char *label; /* NULL: the usual, which the sheet says */
} gains[] = {{JZ_ECG_UM_PER_MV, NULL}, {5000, "5 mm/mV"},  {2500, "2.5 mm/mV"},
             {1000, "1 mm/mV"},        {500, "0.5 mm/mV"}, {250, "0.25 mm/mV"}};
#define GAIN_COUNT (sizeof gains / sizeof gains[0])

static int64_t height_of(const struct place *p, int64_t uv) {
    return uv * p->um_per_mv / 1000;
}

/* The largest gain at which the whole beat is on the paper, with a millimetre to move it by so that zero is on a line of
 * the grid; and zero so that the beat is in the middle. @return what to say of the gain, or NULL */
static const char *place_beat(struct place *p) {
    int64_t low = 0, high = 0;
    for (uint32_t i = 0; i < JZ_ECG_AVERAGE_SAMPLES; i++) {
        if (p->lead->average_uv[i] < low) low = p->lead->average_uv[i];
        if (p->lead->average_uv[i] > high) high = p->lead->average_uv[i];
    }
    size_t gain = 0;
    while (gain + 1 < GAIN_COUNT && (high - low) * gains[gain].um_per_mv / 1000 + MM > AVERAGE_HEIGHT) gain++;
    p->um_per_mv = gains[gain].um_per_mv;
    int64_t zero = (height_of(p, high) + height_of(p, low) + AVERAGE_HEIGHT) / 2;
    p->zero = p->top + (zero + MM / 2) / MM * MM;
    return gains[gain].label;
}

static void mark(struct jz_svg *svg, const struct place *p, const char *style, int16_t at) {
    int64_t x = p->x + (int64_t)at * UM_PER_SAMPLE;
    if (at == JZ_ECG_UNKNOWN || at < 0 || at >= (int16_t)JZ_ECG_AVERAGE_SAMPLES) return;
    jz_svg_line(svg, style, x, p->top, x, p->top + AVERAGE_HEIGHT);
}

static void curve(struct jz_svg *svg, const struct place *p) {
    jz_svg_path(svg, "t");
    for (uint32_t i = 0; i < JZ_ECG_AVERAGE_SAMPLES; i++) {
        int64_t x = p->x + (int64_t)i * UM_PER_SAMPLE, y = p->zero - height_of(p, p->lead->average_uv[i]);
        if (i)
            jz_svg_to(svg, x, y);
        else
            jz_svg_move(svg, x, y);
    }
    jz_svg_path_end(svg);
}

static void beat(struct jz_svg *svg, const struct place *p, const struct jz_ecg_marks *marks,
                 uint32_t number) {
    char id[4] = {'a', (char)('0' + number / 10), (char)('0' + number % 10), 0};
    int64_t level = p->zero - height_of(p, p->lead->st_j_uv), x = p->x + (int64_t)marks->j * UM_PER_SAMPLE;
    jz_svg_clip(svg, id, p->x, p->top, AVERAGE_WIDTH, AVERAGE_HEIGHT);
    jz_svg_line(svg, "zero", p->x, p->zero, p->x + AVERAGE_WIDTH, p->zero);
    mark(svg, p, "on", marks->qrs_on);
    mark(svg, p, "j", marks->j);
    if (marks->j != JZ_ECG_UNKNOWN) mark(svg, p, "j60", (int16_t)(marks->j + J60_SAMPLES));
    mark(svg, p, "tend", marks->t_off);
    curve(svg, p);
    if (marks->j != JZ_ECG_UNKNOWN && p->lead->st_j_uv != JZ_ECG_UNKNOWN)
        jz_svg_line(svg, "st", x, level, x + LEVEL_SAMPLES * UM_PER_SAMPLE, level);
    jz_svg_raw(svg, "</g>\n");
}

static void number(struct jz_label *label, const char *name, int16_t uv) {
    if (uv == JZ_ECG_UNKNOWN) return;
    jz_label_add(label, "  ");
    jz_label_add(label, name);
    jz_label_add(label, " ");
    jz_label_int(label, uv, true);
}

static void cell(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, uint32_t lead, int64_t x, int64_t y) {
    struct jz_label name = {.bytes = 0}, values = {.bytes = 0};
    const struct jz_ecg_lead_measure *m = &sheet->measure->lead[lead];
    struct place p = {m, x, y + AVERAGE_TEXT, 0, 0};
    jz_svg_rect(svg, "paper", x, p.top, AVERAGE_WIDTH, AVERAGE_HEIGHT);
    jz_svg_grid(svg, "g1", x, p.top, AVERAGE_WIDTH, AVERAGE_HEIGHT, 1000, 1000);
    jz_svg_grid(svg, "g5", x, p.top, AVERAGE_WIDTH, AVERAGE_HEIGHT, 5000, 5000);
    jz_label_add(&name, jz_ecg_lead_name((enum jz_ecg_lead)lead));
    if (m->derived) jz_label_add(&name, "*");
    jz_svg_text(svg, "b", x + 500, y + 3000, name.text);
    if (!m->usable) {
        jz_ecg_hatch(svg, sheet, lead, x, p.top, AVERAGE_WIDTH, AVERAGE_HEIGHT);
        return;
    }
    number(&values, "J", m->st_j_uv);
    number(&values, "J60", m->st_j60_uv);
    number(&values, "T", m->t_uv);
    jz_svg_text(svg, "s e", x + AVERAGE_WIDTH - 500, y + 3000, values.text);
    const char *gain = place_beat(&p);
    beat(svg, &p, &sheet->measure->marks, lead);
    if (gain) jz_svg_text(svg, "s b e fj halo", x + AVERAGE_WIDTH - 700, p.top + AVERAGE_HEIGHT - 900, gain);
}

void jz_ecg_averages(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, int64_t y) {
    uint32_t at = 0;
    for (uint32_t lead = 0; lead < JZ_LEAD_COUNT; lead++) {
        if (lead >= JZ_LEAD_V3R && !sheet->uv[lead]) continue;
        cell(svg, sheet, lead, JZ_ECG_PAPER_X + (int64_t)(at % AVERAGE_A_ROW) * AVERAGE_WIDTH,
             y + (int64_t)(at / AVERAGE_A_ROW) * JZ_ECG_AVERAGE_PITCH);
        at++;
    }
    at = (at + AVERAGE_A_ROW - 1) / AVERAGE_A_ROW;
    jz_svg_text(svg, "s grey", JZ_ECG_PAPER_X, y + (int64_t)at * JZ_ECG_AVERAGE_PITCH + 1700,
                "平均心搏 averaged beat: 50 mm/s  10 mm/mV (另注者除外 unless said), µV   ¦ QRS 起点 onset "
                "(蓝 blue)   | J 点 (红 red)   "
                "¦ J+60 ms   ⋮ T 终点 end   — ST 水平 level at J (红 red)");
}
