/* SPDX-License-Identifier: Apache-2.0 */
/* What kind a deceleration is (clinical-obstetric 9.4, 9.6): abrupt ones are variable; of the gradual ones the
 * contraction tells early from late; where none is seen, or the curve about it is too little to rely on its having been
 * the one, they are uniform, and count as late. */
#include "work.h"

#define ABRUPT (30u * CTG_SECOND) /* onset to nadir below it */
#define CONCERNING_LENGTH (60u * CTG_SECOND)
/* After a contraction's end, as found 10 units above rest, the uterus has not quite relaxed (DEC). */
#define RELAXING (30u * CTG_SECOND)
/* Extremes of two curves smoothed over some seconds are not told apart more closely. */
#define SAME_TIME (5u * CTG_SECOND)

/* The newest contraction that began before the nadir and reaches the onset, else the first that the deceleration meets. */
static uint16_t contraction_for(const struct ctg_events *contractions, const struct jz_ctg_event *fall) {
    uint16_t found = CTG_NO_CONTRACTION;
    for (uint32_t c = 0; c < contractions->count; c++) {
        const struct jz_ctg_event *k = &contractions->item[c];
        if (k->end + RELAXING < fall->start) continue;
        if (k->start >= fall->end) break;
        if (found != CTG_NO_CONTRACTION && k->start > fall->peak) break;
        found = (uint16_t)c;
    }
    return found;
}

/* Two dips with a rise of half the depth between them. */
static bool biphasic(const struct jz_ctg *ctg, const struct jz_ctg_event *fall) {
    int32_t half = fall->height_x10 / 2, low = 0, high = 0; /* high: smallest depth since the first dip */
    bool dipped = false, rose = false;
    for (uint32_t i = fall->start - ctg->first; i < fall->end - ctg->first; i++) {
        int32_t depth = ctg->level[i] - ctg->smooth[i];
        if (!dipped) {
            if (depth > low) low = depth;
            if (low >= half && low - depth >= half) {
                dipped = true;
                high = depth;
            }
        } else {
            if (depth < high) high = depth;
            if (depth - high >= half) rose = true;
        }
    }
    return rose;
}

/* Of what 9.4 lists: length and the W. Reduced variability within needs a minute of deceleration to be seen, a slow return
 * makes it longer than one; neither adds to the length. Missing shoulders are not counted: most have none (DEC). */
static bool is_concerning(const struct jz_ctg *ctg, const struct jz_ctg_event *fall) {
    return fall->end - fall->start > CONCERNING_LENGTH || biphasic(ctg, fall);
}

static void type(const struct jz_ctg *ctg, struct jz_ctg_event *fall, uint16_t contraction) {
    const struct jz_ctg_event *k =
        contraction == CTG_NO_CONTRACTION ? NULL : &ctg->events[CTG_CONTRACTIONS].item[contraction];
    if (k) {
        fall->lag = (int32_t)(fall->start - k->start);
        fall->after_acme = fall->peak > k->peak + SAME_TIME;
    }
    if (fall->peak - fall->start < ABRUPT)
        fall->kind = JZ_CTG_VARIABLE;
    else if (k && fall->after_acme)
        fall->kind = JZ_CTG_LATE;
    else
        fall->kind = k && ctg_toco_at(ctg, fall->peak - ctg->first) ? JZ_CTG_EARLY : JZ_CTG_UNIFORM;
    fall->concerning = fall->kind == JZ_CTG_VARIABLE && is_concerning(ctg, fall);
}

void ctg_types(struct jz_ctg *ctg) {
    struct ctg_events *falls = &ctg->events[CTG_DECELERATIONS];
    for (uint32_t d = 0; d < falls->count; d++) {
        ctg->contraction_of[d] = contraction_for(&ctg->events[CTG_CONTRACTIONS], &falls->item[d]);
        type(ctg, &falls->item[d], ctg->contraction_of[d]);
    }
}
