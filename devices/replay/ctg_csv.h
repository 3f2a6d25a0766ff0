/* SPDX-License-Identifier: Apache-2.0 */
/** @file ctg_csv.h  Cardiotocograms as tables: time_s, fhr_bpm, and what else there is of fhr2_bpm, mhr_bpm, uc; four rows a
 *  second.
 *
 *  A rate of 0, and an empty cell, is signal loss; an empty cell of `uc` is no toco.
 *  Threads  Any; nothing global. Reads the file; allocates nothing.
 */
#ifndef JZ_CTG_CSV_H
#define JZ_CTG_CSV_H
#include "jingzhu/ctg.h"

/** Where and why a table was refused. */
struct jz_ctg_csv_problem {
    uint32_t line;    /**< from 1; 0: the file as a whole */
    const char *what; /**< what, and the cure; static */
};

/** Reads up to `capacity` samples from row `from` (0: the first after the head).
 *  @param[out] count    samples read; fewer than `capacity` at the file's end; 0 on failure
 *  @param[out] problem  written on failure
 *  @retval JZ_E_FILE    cannot be read
 *  @retval JZ_E_FORMAT  no column time_s or fhr_bpm; a cell that is no number or no rate; rows not 0.25 s apart */
JZ_MUST_CHECK enum jz_status jz_ctg_csv_read(const char *path, uint32_t from, uint32_t capacity,
                                             struct jz_ctg_sample *out, uint32_t *count,
                                             struct jz_ctg_csv_problem *problem);

#endif /* JZ_CTG_CSV_H */
