/* SPDX-License-Identifier: Apache-2.0 */
/** @file figures.h  How long a hospital itself has taken of late, from door to treatment. Pure.
 *
 *  The newest cases of each hospital and each treatment. A prediction takes their upper quartile: robust against the one
 *  case that went wrong, and not the best day either. Fewer than JZ_FIGURE_CASES_MIN say nothing (chest-pain 8.2:
 *  "at least 5 cases, else insufficient"), nor do cases older than JZ_FIGURE_DAYS_MAX (PROJ): a team changes.
 *  No padding: part of the core's state. */
#ifndef JZ_FIGURES_H
#define JZ_FIGURES_H
#include <stdbool.h>
#include <stdint.h>

#include "jingzhu/limits.h"

#define JZ_FIGURE_CASES_MAX 30u
#define JZ_FIGURE_CASES_MIN 5u
#define JZ_FIGURE_DAYS_MAX 180u
#define JZ_FIGURE_S_MAX 86400u /**< chest-pain 8.2: a negative interval or one over 24 h is invalid */

enum jz_figure_kind {
    JZ_FIGURE_WIRE,     /**< door to wire */
    JZ_FIGURE_NEEDLE,   /**< door to needle */
    JZ_FIGURE_DELIVERY, /**< decision for delivery to delivery */
    JZ_FIGURE_CT,       /**< order to contrast CT */
    JZ_FIGURE_KINDS
};

struct jz_figure {
    uint32_t seconds[JZ_FIGURE_CASES_MAX]; /**< a ring, the oldest is overwritten */
    uint16_t day[JZ_FIGURE_CASES_MAX];     /**< days since 1970 */
    uint16_t count, next;
    uint8_t slowest[JZ_FIGURE_CASES_MAX +
                    2u]; /**< the first `count`: indexes of the ring, the longest time first */
};
struct jz_figures {
    struct jz_figure of[JZ_FACILITIES_MAX][JZ_FIGURE_KINDS];
};
struct jz_figure_quantile {
    uint32_t seconds; /**< upper quartile; 0: `cases` are too few to say */
    uint32_t cases;   /**< recent ones */
};

/** @param seconds  0 .. JZ_FIGURE_S_MAX  @return false: out of range, not kept */
bool jz_figures_add(struct jz_figures *figures, uint32_t facility, enum jz_figure_kind kind, int64_t seconds,
                    uint32_t day);
struct jz_figure_quantile jz_figures_quantile(const struct jz_figures *figures, uint32_t facility,
                                              enum jz_figure_kind kind, uint32_t today);

#endif /* JZ_FIGURES_H */
