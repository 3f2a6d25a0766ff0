/* SPDX-License-Identifier: Apache-2.0 */
/** @file work.h  One cardiotocogram while it is being measured: the stages and what each leaves for the next.
 *
 *  condition -> contractions -> baseline -> excursions -> (baseline, excursions again) -> types -> variability,
 *  sinusoidal, short-term variation -> states that last. Every stage reads what is kept and starts afresh, so measuring
 *  changes nothing that the next measuring depends on.
 *
 *  Time is in samples of 250 ms: `index` counts from the first sample kept, `at` from the first of the trace. */
#ifndef JZ_CTG_WORK_H
#define JZ_CTG_WORK_H
#include "jingzhu/ctg.h"

#define CTG_SECOND JZ_CTG_HZ
#define CTG_MINUTE (60u * JZ_CTG_HZ)
/* Of a baseline, of the contraction level, and of the least signal for a class (9.1, 9.3). */
#define CTG_WINDOW_MINUTES 10u
#define CTG_CHANGE_MINUTES 10u            /* an excursion of this length is a change of baseline (9.4) */
#define CTG_DECISION (30u * CTG_MINUTE)   /* the rolling decision window (9.1) */
#define CTG_RECURRENCE (20u * CTG_MINUTE) /* "with half of the contractions in 20 min" (9.4) */
#define CTG_BRIDGE (15u * CTG_SECOND)     /* a longer gap is not interpolated (9.2) */
#define CTG_LOW_X10 1100                  /* bradycardia below, tachycardia above for 10 min (9.4) */
#define CTG_HIGH_X10 1600

/* There is room for ten minutes more than are shown, as what is let go goes in batches of that size. */
#define CTG_BATCH_MINUTES 10u
#define CTG_ROOM_MINUTES (JZ_CTG_MINUTES_MAX + CTG_BATCH_MINUTES)
#define CTG_ROOM (CTG_ROOM_MINUTES * CTG_MINUTE)
#define CTG_KNOTS (CTG_ROOM_MINUTES + 1u) /* minute boundaries */

/* What is known of a sample; bits. */
#define CTG_READ 1u     /* a fetal rate was recorded and believed; without it a rate here is interpolated */
#define CTG_MATERNAL 2u /* lost because it followed the mother's */
#define CTG_RISEN 4u    /* inside an acceleration */
#define CTG_FALLEN 8u   /* inside a deceleration */

enum ctg_list { CTG_ACCELERATIONS, CTG_DECELERATIONS, CTG_CONTRACTIONS, CTG_LISTS };

/** Events of one sort in order of time, the newest JZ_CTG_EVENTS_MAX. */
struct ctg_events {
    uint32_t count;
    struct jz_ctg_event item[JZ_CTG_EVENTS_MAX];
};

/** A state that lasts: since when, and when it was last seen to hold. */
struct ctg_span {
    bool holds;
    uint32_t since;
    uint32_t
        seen; /**< `at` up to which it is known whether it holds; of a chain the end of its last deceleration */
};

/** States that last and chains of decelerations, as they stand at one moment. */
enum ctg_state {
    CTG_BELOW_110,
    CTG_ABOVE_160,
    CTG_LOW_VARIABILITY,
    CTG_HIGH_VARIABILITY,
    CTG_SINUSOIDAL,
    CTG_LATE_CHAIN,
    CTG_VARIABLE_CHAIN,
    CTG_CONCERNING_CHAIN,
    CTG_LATE_OR_PROLONGED,
    CTG_STATES
};

/** Counts by contraction over CTG_RECURRENCE. */
struct ctg_recurrence {
    uint32_t contractions, any, late, variable, concerning, late_or_prolonged;
};

struct ctg_dawes {
    int32_t usable_permille, baseline_x10, lost_beats_x10;
    uint32_t accelerations;
    bool sinusoidal, end_error;
};

/** What is worked out beyond jz_ctg_measure, for the fields. JZ_CTG_UNKNOWN where not known. */
struct ctg_derived {
    int32_t state_s[CTG_STATES];
    int32_t ongoing_s, longest_s, flat_s;
    uint32_t accelerations, late, variable;
    int32_t hypertonus;
    struct ctg_recurrence recurrence;
    struct ctg_dawes dawes;
};

/** Rates of some minutes by 0.1 bpm; rates between the gates only. */
#define CTG_GATE_LOW_X10 500 /* below 50 and above 220 is loss (9.2) */
#define CTG_GATE_HIGH_X10 2200
#define CTG_RATES (CTG_GATE_HIGH_X10 - CTG_GATE_LOW_X10 + 1)
struct ctg_histogram {
    uint32_t from, to; /**< minutes it holds */
    uint32_t total;
    uint16_t count[CTG_RATES];
};
#define CTG_TOCO_TOP 2048 /* toco units x 10 that are told apart: 0 to 204.7 */

struct jz_ctg {
    uint32_t ga_days;
    uint32_t first, length; /**< `at` of index 0, and samples kept */
    int16_t raw[2][CTG_ROOM], mother[CTG_ROOM], toco[CTG_ROOM];

    /* Kept of what was let go. */
    int32_t start_x10;   /**< first baseline of the trace, once it has been let go */
    int32_t carried_x10; /**< baseline of the last minute let go */
    struct ctg_span past[CTG_STATES];

    /* Left by measuring. */
    uint32_t measured;        /**< samples that the following are of: `length` at that time */
    int16_t rate[CTG_ROOM];   /**< gated and interpolated; 0: loss */
    int16_t level[CTG_ROOM];  /**< baseline; 0: none */
    int16_t smooth[CTG_ROOM]; /**< the toco curve while contractions are looked for, then the rate */
    uint8_t flags[CTG_ROOM];
    uint32_t minutes;
    uint16_t read[CTG_ROOM_MINUTES]; /**< samples read, a minute */
    uint16_t from_mother[CTG_ROOM_MINUTES];
    int32_t knot[CTG_KNOTS]; /**< baseline at the minute boundaries */
    bool knot_carried[CTG_KNOTS];
    int32_t estimate[CTG_KNOTS]; /**< as a window has it */
    int32_t step[CTG_CHANGE_MINUTES +
                 1]; /**< estimates a step away from the baseline, while it is not known to last */
    struct jz_ctg_minute minute[CTG_ROOM_MINUTES];
    uint16_t contraction_of[JZ_CTG_EVENTS_MAX]; /**< of each deceleration: index among the contractions */
    struct ctg_events events[CTG_LISTS];
    struct ctg_derived derived;
    union {
        struct ctg_histogram rates;
        uint16_t toco[CTG_TOCO_TOP];
    } scratch;
    bool toco_usable;
    uint32_t toco_alive;              /**< samples of the decision window in which the curve lives */
    uint16_t alive[CTG_ROOM_MINUTES]; /**< the same of each minute */
    uint32_t longest_rise;            /**< of the decision window that is no contraction, samples */
};
#define CTG_NO_CONTRACTION UINT16_MAX

static inline uint32_t ctg_min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}
static inline uint32_t ctg_max(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}
static inline int32_t ctg_abs(int32_t v) {
    return v < 0 ? -v : v;
}
/** Samples of minute `m`: the last one may be short. */
static inline uint32_t ctg_minute_end(const struct jz_ctg *ctg, uint32_t m) {
    return ctg_min((m + 1) * CTG_MINUTE, ctg->length);
}
/** First minute of a window of `span` minutes about boundary `k` (or, of an odd span, minute `k`), shifted to lie inside
 *  the trace. */
static inline uint32_t ctg_window_from(uint32_t k, uint32_t span, uint32_t minutes) {
    uint32_t from = k > span / 2 ? k - span / 2 : 0;
    uint32_t last = minutes > span ? minutes - span : 0;
    return from < last ? from : last;
}

void ctg_condition(struct jz_ctg *ctg);    /**< raw -> rate, flags, read, from_mother (9.2) */
void ctg_contractions(struct jz_ctg *ctg); /**< toco -> contractions, toco_usable (9.6) */
/** Whether the half hour about a sample has as much of a living curve as contractions are told by. */
bool ctg_toco_at(const struct jz_ctg *ctg, uint32_t index);
void ctg_smooth(struct jz_ctg *ctg);   /**< rate -> smooth */
void ctg_baseline(struct jz_ctg *ctg); /**< rate outside of excursions -> knot, level (9.3) */
/** rate, level -> accelerations, decelerations, flags (9.4). @param part  1: as defined; 2: from half the height and
 *  length, for what is to be kept out of a baseline */
void ctg_excursions(struct jz_ctg *ctg, uint32_t part);
/** Appends; of more than there is room for the oldest goes. */
void ctg_keep_event(struct ctg_events *events, struct jz_ctg_event event);
void ctg_types(struct jz_ctg *ctg);        /**< kind of each deceleration and its contraction (9.4, 9.6) */
void ctg_minutes(struct jz_ctg *ctg);      /**< -> minute: variability (9.5), sinusoidal (9.4) */
int32_t ctg_stv(const struct jz_ctg *ctg); /**< ms x 100 (9.7) */
int32_t ctg_flat_stretch(const struct jz_ctg *ctg, uint32_t start,
                         uint32_t end); /**< samples, see variability.c */
void ctg_states(struct jz_ctg *ctg);    /**< -> derived but for dawes */
/** Takes the states on through minutes [from, to). */
void ctg_advance(const struct jz_ctg *ctg, struct ctg_span span[CTG_STATES], uint32_t from, uint32_t to);
int32_t ctg_first_baseline(const struct jz_ctg *ctg);
void ctg_dawes(struct jz_ctg *ctg); /**< -> derived.dawes (9.7) */

#endif /* JZ_CTG_WORK_H */
