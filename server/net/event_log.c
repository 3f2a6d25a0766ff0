/* SPDX-License-Identifier: Apache-2.0 */
#include "event_log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DETAIL_BYTES_MAX 200

static const struct jz_log_row rows[] = {
#define LOG_ROW(constant, number, severity, name, cause, action) {constant, #severity, name, cause, action},
    JZ_LOG_LIST(LOG_ROW)
#undef LOG_ROW
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static struct {
    int64_t window_ms[ROW_COUNT];
    uint32_t lines[ROW_COUNT], suppressed[ROW_COUNT];
    jz_log_write write;
    void *context;
} state;

/** A line under construction; what does not fit is left out, the line stays valid JSON. */
struct line {
    char text[JZ_LOG_LINE_BYTES_MAX];
    size_t used;
};

bool jz_log_row(size_t index, struct jz_log_row *out) {
    if (index >= ROW_COUNT) return false;
    *out = rows[index];
    return true;
}

static char *end_of(struct line *line) {
    return line->text + line->used;
}

/* One byte stays for the closing brace. */
static size_t room_of(const struct line *line) {
    return sizeof line->text - line->used - 1;
}

/* What was written whole counts; a part is taken back. */
static void advance(struct line *line, int written) {
    if (written > 0 && (size_t)written < room_of(line)) line->used += (size_t)written;
    line->text[line->used] = 0;
}

#define ADD(line, ...) advance((line), snprintf(end_of(line), room_of(line), __VA_ARGS__))

/* A configured name or library text as a JSON string: what would need an escape becomes '?'. */
static void add_text(struct line *line, const char *key, const char *text) {
    char clean[DETAIL_BYTES_MAX + 1];
    size_t n = 0;
    if (!text) return;
    for (; n < DETAIL_BYTES_MAX && text[n]; n++) {
        unsigned char c = (unsigned char)text[n];
        clean[n] = c < 0x20 || c >= 0x7f || c == '"' || c == '\\' ? '?' : text[n];
    }
    clean[n] = 0;
    ADD(line, ",\"%s\":\"%s\"", key, clean);
}

static void add_peer(struct line *line, const uint8_t *peer) {
    char hex[33];
    if (!peer) return;
    for (size_t i = 0; i < 16; i++) snprintf(hex + 2 * i, 3, "%02x", peer[i]);
    ADD(line, ",\"peer\":\"%s\"", hex);
}

static void add_fields(struct line *line, const struct jz_log_fields *f) {
    if (f->status) ADD(line, ",\"status\":%d", (int)f->status);
    add_text(line, "side", f->side);
    if (f->session) ADD(line, ",\"session\":\"%016llx\"", (unsigned long long)f->session);
    add_peer(line, f->peer);
    if (f->kind) ADD(line, ",\"kind\":%u", f->kind);
    if (f->count) ADD(line, ",\"count\":%llu", (unsigned long long)f->count);
    add_text(line, "file", f->file);
    if (f->line) ADD(line, ",\"line\":%u", f->line);
    add_text(line, "detail", f->detail);
}

static int64_t clock_ms(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One noisy peer must not fill the disk: a window takes so many lines of an event, the next window says how many
 * were left out. */
static bool admit(size_t row, uint32_t *suppressed) {
    int64_t now = clock_ms(CLOCK_MONOTONIC);
    if (state.lines[row] == 0 || now - state.window_ms[row] >= (int64_t)JZ_LOG_WINDOW_MS) {
        state.window_ms[row] = now;
        state.lines[row] = 0;
    }
    if (state.lines[row] >= JZ_LOG_BURST) {
        state.suppressed[row]++;
        return false;
    }
    state.lines[row]++;
    *suppressed = state.suppressed[row];
    state.suppressed[row] = 0;
    return true;
}

static size_t row_of(enum jz_log_event event) {
    size_t row = 0;
    while (row < ROW_COUNT - 1 && rows[row].event != event) row++;
    return row;
}

void jz_log(enum jz_log_event event, const struct jz_log_fields *fields) {
    struct line line = {.used = 0};
    size_t row = row_of(event);
    uint32_t suppressed = 0;
    if (!admit(row, &suppressed)) return;
    ADD(&line, "{\"time_ms\":%lld,\"event\":%d,\"severity\":\"%s\",\"name\":\"%s\"",
        (long long)clock_ms(CLOCK_REALTIME), (int)event, rows[row].severity, rows[row].name);
    if (fields) add_fields(&line, fields);
    if (suppressed) ADD(&line, ",\"suppressed\":%u", suppressed);
    line.text[line.used] = '}';
    line.text[line.used + 1] = 0;
    if (state.write)
        state.write(state.context, line.text);
    else
        fprintf(stderr, "%s\n", line.text);
}

void jz_log_sink(jz_log_write write, void *context) {
    memset(&state, 0, sizeof state);
    state.write = write;
    state.context = context;
}
