/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_ecg.h  A stretch of a WFDB record as leads, measured. */
#ifndef JZ_TOOL_ECG_H
#define JZ_TOOL_ECG_H
#include "jingzhu/ecg.h"
#include "wfdb.h"

struct jz_ecg_stretch {
    char record[JZ_WFDB_PATH_MAX]; /**< without the ending */
    struct jz_wfdb wfdb;
    struct jz_wfdb_person person;
    uint32_t period_us;
    uint32_t from, count;       /**< samples of the record */
    int32_t *uv[JZ_LEAD_COUNT]; /**< as drawn, µV or JZ_ECG_MISSING; NULL: not recorded */
    struct jz_ecg_measure measure;
};

/** Opens the header and says on standard error what is wrong: file, line, cure.
 *  @param name  with or without ".hea" */
bool jz_ecg_open(struct jz_ecg_stretch *out, const char *name);
/** Reads and measures `seconds_x1000` from `from_x1000`, both cut to what the record has. Says what is wrong.
 *  Free with jz_ecg_close in any case. */
bool jz_ecg_read(struct jz_ecg_stretch *out, int64_t from_x1000, int64_t seconds_x1000);
void jz_ecg_close(struct jz_ecg_stretch *stretch);

/** Nanovolts a step; 0: the unit is none of voltage, or the header gives no gain that 32 bits can be read by. */
double jz_ecg_step_nv(const struct jz_wfdb_signal *signal);
/** The last part of a path. */
const char *jz_ecg_short_name(const char *record);

#endif /* JZ_TOOL_ECG_H */
