/* SPDX-License-Identifier: Apache-2.0 */
#include "figures.h"

#include <assert.h>

static const struct jz_figure *figure_of(const struct jz_figures *figures, uint32_t facility,
                                         enum jz_figure_kind kind) {
    assert(facility < JZ_FACILITIES_MAX && kind < JZ_FIGURE_KINDS);
    return &figures->of[facility][kind];
}

bool jz_figures_add(struct jz_figures *figures, uint32_t facility, enum jz_figure_kind kind, int64_t seconds,
                    uint32_t day) {
    struct jz_figure *f = (struct jz_figure *)figure_of(figures, facility, kind);
    if (seconds < 0 || seconds > JZ_FIGURE_S_MAX || day > UINT16_MAX) return false;
    f->seconds[f->next] = (uint32_t)seconds;
    f->day[f->next] = (uint16_t)day;
    f->next = (uint16_t)((f->next + 1u) % JZ_FIGURE_CASES_MAX);
    if (f->count < JZ_FIGURE_CASES_MAX) f->count++;
    return true;
}

/* A case of tomorrow is a clock that was set back since: it counts as today's. */
static bool recent(uint16_t day, uint32_t today) {
    return day + JZ_FIGURE_DAYS_MAX >= today;
}

static void insert(uint32_t *sorted, uint32_t count, uint32_t seconds) {
    uint32_t at = count;
    for (; at > 0 && sorted[at - 1u] > seconds; at--) sorted[at] = sorted[at - 1u];
    sorted[at] = seconds;
}

struct jz_figure_quantile jz_figures_quantile(const struct jz_figures *figures, uint32_t facility,
                                              enum jz_figure_kind kind, uint32_t today) {
    const struct jz_figure *f = figure_of(figures, facility, kind);
    uint32_t sorted[JZ_FIGURE_CASES_MAX];
    struct jz_figure_quantile out = {0};
    for (uint32_t i = 0; i < f->count; i++)
        if (recent(f->day[i], today)) insert(sorted, out.cases++, f->seconds[i]);
    if (out.cases >= JZ_FIGURE_CASES_MIN)
        out.seconds = sorted[(3u * out.cases + 3u) / 4u - 1u]; /* nearest rank */
    return out;
}
