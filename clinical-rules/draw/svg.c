/* SPDX-License-Identifier: Apache-2.0 */
#include "svg.h"

#include <string.h>

#define DIGITS_MAX 20

static void put(struct jz_svg *svg, const char *text, size_t bytes) {
    if (svg->full || svg->written + bytes > JZ_SVG_BYTES_MAX) {
        svg->full = true;
        return;
    }
    svg->written += bytes;
    svg->write(svg->out, text, bytes);
}

void jz_svg_raw(struct jz_svg *svg, const char *text) {
    put(svg, text, strlen(text));
}

/* Bytes of the UTF-8 character at `at`; 0: none, or one that XML does not allow. */
static size_t character(const char *at, size_t left) {
    unsigned char c = (unsigned char)at[0];
    size_t bytes = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
    if (bytes == 0 || bytes > left || (c < 0x20 && c != '\t')) return 0;
    for (size_t i = 1; i < bytes; i++)
        if (((unsigned char)at[i] & 0xc0u) != 0x80u) return 0;
    return bytes;
}

void jz_svg_escaped(struct jz_svg *svg, const char *text, size_t bytes) {
    static const char *const entity[] = {['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;"};
    for (size_t i = 0, n; i < bytes; i += n ? n : 1) {
        unsigned char c = (unsigned char)text[i];
        n = character(text + i, bytes - i);
        if (n == 0)
            put(svg, "?", 1);
        else if (c < sizeof entity / sizeof entity[0] && entity[c])
            jz_svg_raw(svg, entity[c]);
        else
            put(svg, text + i, n);
    }
}

/* @return where the digits begin in `digit`, which they fill to its end. */
static size_t digits_of(uint64_t value, char digit[DIGITS_MAX]) {
    size_t at = DIGITS_MAX;
    do {
        digit[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return at;
}

static uint64_t size_of(int64_t value) {
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void jz_svg_int(struct jz_svg *svg, int64_t value) {
    char digit[DIGITS_MAX];
    size_t at = digits_of(size_of(value), digit);
    if (value < 0) put(svg, "-", 1);
    put(svg, digit + at, DIGITS_MAX - at);
}

void jz_svg_mm(struct jz_svg *svg, int64_t um) {
    uint64_t part = size_of(um) % 1000;
    char decimals[4] = {'.', (char)('0' + part / 100), (char)('0' + part / 10 % 10), (char)('0' + part % 10)};
    if (um < 0) put(svg, "-", 1);
    jz_svg_int(svg, (int64_t)(size_of(um) / 1000));
    if (part) put(svg, decimals, part % 10 ? 4 : part % 100 ? 3 : 2);
}

static void attribute(struct jz_svg *svg, const char *name, int64_t um) {
    jz_svg_raw(svg, name);
    jz_svg_raw(svg, "=\"");
    jz_svg_mm(svg, um);
    jz_svg_raw(svg, "\"");
}

static void open_element(struct jz_svg *svg, const char *element, const char *style) {
    jz_svg_raw(svg, element);
    jz_svg_raw(svg, " class=\"");
    jz_svg_raw(svg, style);
    jz_svg_raw(svg, "\"");
}

void jz_svg_begin(struct jz_svg *svg, int64_t width, int64_t height, const char *title, const char *style) {
    jz_svg_raw(
        svg,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    jz_svg_mm(svg, width);
    jz_svg_raw(svg, "mm\" height=\"");
    jz_svg_mm(svg, height);
    jz_svg_raw(svg, "mm\" viewBox=\"0 0 ");
    jz_svg_mm(svg, width);
    jz_svg_raw(svg, " ");
    jz_svg_mm(svg, height);
    jz_svg_raw(svg, "\" xml:space=\"preserve\">\n<title>");
    jz_svg_escaped(svg, title, strlen(title));
    jz_svg_raw(svg, "</title>\n<style>");
    jz_svg_raw(svg, style);
    jz_svg_raw(svg, "</style>\n");
    jz_svg_rect(svg, "sheet", 0, 0, width, height);
}

void jz_svg_end(struct jz_svg *svg) {
    jz_svg_raw(svg, "</svg>\n");
}

void jz_svg_line(struct jz_svg *svg, const char *style, int64_t x1, int64_t y1, int64_t x2, int64_t y2) {
    open_element(svg, "<line", style);
    attribute(svg, " x1", x1);
    attribute(svg, " y1", y1);
    attribute(svg, " x2", x2);
    attribute(svg, " y2", y2);
    jz_svg_raw(svg, "/>\n");
}

void jz_svg_rect(struct jz_svg *svg, const char *style, int64_t x, int64_t y, int64_t width, int64_t height) {
    open_element(svg, "<rect", style);
    attribute(svg, " x", x);
    attribute(svg, " y", y);
    attribute(svg, " width", width);
    attribute(svg, " height", height);
    jz_svg_raw(svg, "/>\n");
}

static void text_part(struct jz_svg *svg, const char *style, int64_t x, int64_t y, const char *text,
                      size_t bytes, const char *after) {
    open_element(svg, "<text", style);
    attribute(svg, " x", x);
    attribute(svg, " y", y);
    jz_svg_raw(svg, ">");
    jz_svg_escaped(svg, text, bytes);
    jz_svg_raw(svg, after);
    jz_svg_raw(svg, "</text>\n");
}

void jz_svg_text(struct jz_svg *svg, const char *style, int64_t x, int64_t y, const char *text) {
    text_part(svg, style, x, y, text, strlen(text), "");
}

void jz_svg_path(struct jz_svg *svg, const char *style) {
    open_element(svg, "<path", style);
    jz_svg_raw(svg, " d=\"");
}

static void point(struct jz_svg *svg, const char *command, int64_t x, int64_t y) {
    jz_svg_raw(svg, command);
    jz_svg_mm(svg, x);
    jz_svg_raw(svg, " ");
    jz_svg_mm(svg, y);
}

void jz_svg_move(struct jz_svg *svg, int64_t x, int64_t y) {
    point(svg, "M", x, y);
}

void jz_svg_to(struct jz_svg *svg, int64_t x, int64_t y) {
    point(svg, "L", x, y);
}

void jz_svg_path_end(struct jz_svg *svg) {
    jz_svg_raw(svg, "\"/>\n");
}

void jz_svg_grid(struct jz_svg *svg, const char *style, int64_t x, int64_t y, int64_t width, int64_t height,
                 int64_t step_x, int64_t step_y) {
    jz_svg_path(svg, style);
    for (int64_t at = 0; at <= width; at += step_x) {
        jz_svg_move(svg, x + at, y);
        jz_svg_raw(svg, "V");
        jz_svg_mm(svg, y + height);
    }
    for (int64_t at = 0; at <= height; at += step_y) {
        jz_svg_move(svg, x, y + at);
        jz_svg_raw(svg, "H");
        jz_svg_mm(svg, x + width);
    }
    jz_svg_path_end(svg);
}

void jz_svg_clip(struct jz_svg *svg, const char *id, int64_t x, int64_t y, int64_t width, int64_t height) {
    jz_svg_raw(svg, "<clipPath id=\"");
    jz_svg_raw(svg, id);
    jz_svg_raw(svg, "\">");
    jz_svg_rect(svg, "none", x, y, width, height);
    jz_svg_raw(svg, "</clipPath>\n<g clip-path=\"url(#");
    jz_svg_raw(svg, id);
    jz_svg_raw(svg, ")\">\n");
}

/* --- lines of text ---------------------------------------------------------------------------------------- */

/* Thousandths of the font's size that a character takes: a Chinese one the whole, others half, which is more than the
 * mean of the Latin letters of the fonts used. */
static int64_t advance(const char *at, size_t bytes) {
    return bytes >= 3 && (unsigned char)at[0] >= 0xe3 ? 1000 : 500;
}

/* Chinese punctuation that never begins a line. */
static bool closes(const char *at) {
    static const char *const marks[] = {"，", "。", "；", "、", "：", "）"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(at, marks[i], strlen(marks[i])) == 0) return true;
    return false;
}

/* Bytes of the first line of `text`; `next`: where the following begins. */
static size_t line_of(const char *text, int64_t width, int64_t size, size_t *next) {
    size_t all = strlen(text), at = 0, good = 0;
    int64_t used = 0;
    *next = 0;
    while (at < all) {
        size_t n = character(text + at, all - at);
        if (n == 0) n = 1;
        if (text[at] == ' ') {
            good = at;
            *next = at + 1;
        }
        used += advance(text + at, n) * size / 1000;
        if (used > width && good > 0) return good;
        at += n;
        if (n >= 3 && used <= width && !closes(text + at)) good = *next = at;
    }
    *next = all;
    return all;
}

uint32_t jz_svg_wrapped(struct jz_svg *svg, const char *style, int64_t x, int64_t y, int64_t width,
                        int64_t size, int64_t pitch, uint32_t lines_max, const char *text) {
    uint32_t line = 0;
    while (*text && line < lines_max) {
        size_t next, bytes = line_of(text, width, size, &next);
        bool cut = line + 1 == lines_max && text[next] != 0;
        text_part(svg, style, x, y + pitch * line, text, bytes, cut ? "…" : "");
        text += next;
        line++;
    }
    return line;
}

static uint32_t lines_of(const char *text, int64_t width, int64_t size) {
    uint32_t lines = 0;
    for (size_t next; *text; text += next, lines++) line_of(text, width, size, &next);
    return lines;
}

void jz_svg_statement(struct jz_svg *svg, int64_t x, int64_t y, int64_t width, const char *zh,
                      const char *en) {
    static const struct {
        const char *style;
        int64_t size, first, pitch;
        uint32_t lines;
    } sizes[] = {{"l", 3000, 4200, 4000, 5}, {"s", 2400, 3400, 2800, 7}};
    uint32_t zh_lines = lines_of(zh, width, sizes[0].size), en_lines = lines_of(en, width, sizes[0].size);
    size_t at = zh_lines + en_lines > sizes[0].lines;
    uint32_t half = at ? sizes[1].lines / 2 : zh_lines;
    y += sizes[at].first;
    uint32_t used =
        jz_svg_wrapped(svg, sizes[at].style, x, y, width, sizes[at].size, sizes[at].pitch, half, zh);
    jz_svg_wrapped(svg, sizes[at].style, x, y + sizes[at].pitch * (int64_t)used, width, sizes[at].size,
                   sizes[at].pitch, sizes[at].lines - used, en);
}

/* --- labels ----------------------------------------------------------------------------------------------- */

void jz_label_add(struct jz_label *label, const char *text) {
    size_t bytes = strlen(text), room = sizeof label->text - 1 - label->bytes;
    if (bytes > room) return; /* our own words and numbers: none is that long */
    memcpy(label->text + label->bytes, text, bytes + 1);
    label->bytes += (uint32_t)bytes;
}

void jz_label_int(struct jz_label *label, int64_t value, bool plus) {
    char digit[DIGITS_MAX], text[DIGITS_MAX + 1];
    size_t at = digits_of(size_of(value), digit);
    memcpy(text, digit + at, DIGITS_MAX - at);
    text[DIGITS_MAX - at] = 0;
    if (value < 0) jz_label_add(label, "−");
    if (value > 0 && plus) jz_label_add(label, "+");
    jz_label_add(label, text);
}

void jz_label_x10(struct jz_label *label, int64_t value) {
    if (value < 0) jz_label_add(label, "−");
    jz_label_int(label, (int64_t)(size_of(value) / 10), false);
    jz_label_add(label, ".");
    jz_label_int(label, (int64_t)(size_of(value) % 10), false);
}
