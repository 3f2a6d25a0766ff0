/* SPDX-License-Identifier: Apache-2.0 */
/** @file jingzhu/reading.h  One value of one field of one patient, and how far to believe it.
 *
 *  The zero value is "absent". The numbers of `enum jz_validity` travel in `patient` frames. */
#ifndef JZ_READING_H
#define JZ_READING_H
#include <stdint.h>

enum jz_validity {
    JZ_ABSENT = 0,
    JZ_VALID = 1,
    JZ_STALE = 2, /**< still scored for alarms, never for rule-outs (chest-pain 0.3.5) */
    JZ_PROBE_OFF = 3,
    JZ_OUT_OF_RANGE = 4,      /**< outside min..max of protocol/fields/ */
    JZ_ARTEFACT = 5,          /**< noted by the device, or a spike that the next value has to confirm */
    JZ_PAIR_INCONSISTENT = 6, /**< dbp >= sbp */
    JZ_NOT_MEASURED = 7
};

/** No padding: part of the core's state, which is hashed byte for byte. */
struct jz_reading {
    int64_t taken_ms; /**< corrected to the server's clock */
    int32_t value;    /**< scaled as in protocol/fields/ */
    uint8_t validity; /**< enum jz_validity as stored: freshness is judged at evaluation */
    uint8_t reserved;
    uint16_t field; /**< index, set by the chart that keeps it */
};

#endif /* JZ_READING_H */
