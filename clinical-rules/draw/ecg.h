/* SPDX-License-Identifier: Apache-2.0 */
/** @file ecg.h  Geometry of the ECG sheet, and its parts (private to draw/). Micrometres of paper. */
#ifndef JZ_DRAW_ECG_H
#define JZ_DRAW_ECG_H
#include "svg.h"

enum {
    JZ_ECG_ROWS = 3,
    JZ_ECG_COLUMNS = 4,
    JZ_ECG_STRIP_MS = 10000,
    JZ_ECG_UM_PER_S = 25000,
    JZ_ECG_UM_PER_MV = 10000,
    JZ_ECG_PAPER_X = 13500,
    JZ_ECG_PAPER_Y = 24500,
    JZ_ECG_PAPER_WIDTH = 270000, /* 20 mm for the calibration, 250 mm are 10 s */
    JZ_ECG_TRACE_X = JZ_ECG_PAPER_X + 20000,
    JZ_ECG_ROW = 25000,
    JZ_ECG_AVERAGE_PITCH = 25500, /* a line of text and 20 mm of paper */
};

/** A stretch of one lead on the paper. */
struct jz_ecg_cell {
    uint32_t lead, from_ms, length_ms;
    int64_t x, y; /**< left, top of its row */
};

/** How many of the right-sided and posterior leads were recorded. */
uint32_t jz_ecg_further(const struct jz_ecg_sheet *sheet);
/** Hatches a rectangle and writes why the lead is not to be believed. */
void jz_ecg_hatch(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, uint32_t lead, int64_t x, int64_t y,
                  int64_t width, int64_t height);
/** The averaged beat of every lead with its marks, six a row. */
void jz_ecg_averages(struct jz_svg *svg, const struct jz_ecg_sheet *sheet, int64_t y);

/** Rhythm and conduction in both languages. */
void jz_ecg_rhythm_label(const struct jz_ecg_measure *measure, struct jz_label *label);

#endif /* JZ_DRAW_ECG_H */
