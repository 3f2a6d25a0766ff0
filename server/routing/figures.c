/* SPDX-License-Identifier: Apache-2.0 */
#include "figures.h"

#include <assert.h>

static const struct jz_figure *figure_of(const struct jz_figures *figures, uint32_t facility,
                                         enum jz_figure_kind kind) {
    assert(facility < JZ_FACILITIES_MAX && kind < JZ_FIGURE_KINDS);
    return &figures->of[facility][kind];
}

/* The case that the ring overwrites leaves the order. */
static void leave(struct jz_figure *f, uint32_t index) {
    uint32_t at = 0;
    while (at < f->count && f->slowest[at] != index) at++;
    for (; at + 1u < f->count; at++) f->slowest[at] = f->slowest[at + 1u];
    f->count--;
}

static void enter(struct jz_figure *f, uint32_t index) {
    uint32_t at = f->count++;
    for (; at > 0 && f->seconds[f->slowest[at - 1u]] < f->seconds[index]; at--)
        f->slowest[at] = f->slowest[at - 1u];
    f->slowest[at] = (uint8_t)index;
}

bool jz_figures_add(struct jz_figures *figures, uint32_t facility, enum jz_figure_kind kind, int64_t seconds,
                    uint32_t day) {
    struct jz_figure *f = (struct jz_figure *)figure_of(figures, facility, kind);
    if (seconds < 0 || seconds > JZ_FIGURE_S_MAX || day > UINT16_MAX) return false;
    if (f->count == JZ_FIGURE_CASES_MAX) leave(f, f->next);
    f->seconds[f->next] = (uint32_t)seconds;
    f->day[f->next] = (uint16_t)day;
    enter(f, f->next);
    f->next = (uint16_t)((f->next + 1u) % JZ_FIGURE_CASES_MAX);
    return true;
}

/* A case of tomorrow is a clock that was set back since: it counts as today's. */
static bool recent(uint16_t day, uint32_t today) {
    return day + JZ_FIGURE_DAYS_MAX >= today;
}

/* Rankings ask for a thousand of these at once, cases come one by one: the order is kept, not made. */
struct jz_figure_quantile jz_figures_quantile(const struct jz_figures *figures, uint32_t facility,
                                              enum jz_figure_kind kind, uint32_t today) {
    const struct jz_figure *f = figure_of(figures, facility, kind);
    struct jz_figure_quantile out = {0};
    for (uint32_t i = 0; i < f->count; i++) out.cases += recent(f->day[i], today);
    if (out.cases < JZ_FIGURE_CASES_MIN) return out;
    uint32_t at = 0, left = out.cases - (3u * out.cases + 3u) / 4u; /* nearest rank, counted from the top */
    for (; left > 0 || !recent(f->day[f->slowest[at]], today); at++)
        left -= recent(f->day[f->slowest[at]], today);
    out.seconds = f->seconds[f->slowest[at]];
    return out;
}
