/* SPDX-License-Identifier: Apache-2.0 */
/** @file svg.h  SVG text piece by piece (private to draw/). Lengths are micrometres of paper, written as
 *  millimetres with up to three decimals; styles are classes of the sheet's own style element. */
#ifndef JZ_SVG_H
#define JZ_SVG_H
#include "jingzhu/draw.h"

struct jz_svg {
    jz_svg_write *write;
    void *out;
    uint64_t written;
    bool full; /**< beyond JZ_SVG_BYTES_MAX: nothing more is written */
};

/** @param style  the sheet's classes, plain CSS of our own */
void jz_svg_begin(struct jz_svg *svg, int64_t width, int64_t height, const char *title, const char *style);
void jz_svg_end(struct jz_svg *svg);

void jz_svg_raw(struct jz_svg *svg, const char *text); /**< as it is: only for our own words */
void jz_svg_escaped(struct jz_svg *svg, const char *text, size_t bytes);
void jz_svg_int(struct jz_svg *svg, int64_t value);
void jz_svg_mm(struct jz_svg *svg, int64_t um);

void jz_svg_line(struct jz_svg *svg, const char *style, int64_t x1, int64_t y1, int64_t x2, int64_t y2);
void jz_svg_rect(struct jz_svg *svg, const char *style, int64_t x, int64_t y, int64_t width, int64_t height);
/** One line of text; `style` may hold several classes, an anchor among them (m: middle, e: end). */
void jz_svg_text(struct jz_svg *svg, const char *style, int64_t x, int64_t y, const char *text);

/** Traces and grids: a path of moves and lines. */
void jz_svg_path(struct jz_svg *svg, const char *style);
void jz_svg_move(struct jz_svg *svg, int64_t x, int64_t y);
void jz_svg_to(struct jz_svg *svg, int64_t x, int64_t y);
void jz_svg_path_end(struct jz_svg *svg);
/** Lines every `step` from 0 to width and height, both ends included where they fall on it. */
void jz_svg_grid(struct jz_svg *svg, const char *style, int64_t x, int64_t y, int64_t width, int64_t height,
                 int64_t step_x, int64_t step_y);
/** What follows is cut to the rectangle, until jz_svg_raw(svg, "</g>"). @param id  of our own, once a sheet */
void jz_svg_clip(struct jz_svg *svg, const char *id, int64_t x, int64_t y, int64_t width, int64_t height);

/** Breaks text into lines no wider than `width` at a font of `size`, `pitch` apart; at spaces, or anywhere between
 *  Chinese characters. At most `lines_max`; "…" ends what did not fit.
 *  @return lines used */
uint32_t jz_svg_wrapped(struct jz_svg *svg, const char *style, int64_t x, int64_t y, int64_t width,
                        int64_t size, int64_t pitch, uint32_t lines_max, const char *text);

/** Both languages of a statement in a box of JZ_SVG_STATEMENT_HEIGHT whose top is `y`: five lines in the class "l", or
 *  where that is too little seven smaller ones in "s", three of them Chinese; "…" ends what does not fit even so. */
#define JZ_SVG_STATEMENT_HEIGHT 21500
void jz_svg_statement(struct jz_svg *svg, int64_t x, int64_t y, int64_t width, const char *zh,
                      const char *en);

/** A short text put together from parts, for labels. */
struct jz_label {
    char text[160];
    uint32_t bytes;
};
void jz_label_add(struct jz_label *label, const char *text);
void jz_label_int(struct jz_label *label, int64_t value, bool plus); /**< plus: "+" before what is above 0 */
void jz_label_x10(struct jz_label *label, int64_t value);            /**< 723 is "72.3" */

#endif /* JZ_SVG_H */
