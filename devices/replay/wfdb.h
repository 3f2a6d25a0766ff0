/* SPDX-License-Identifier: Apache-2.0 */
/** @file wfdb.h  Recordings in WFDB form: header, and samples of format 16, also after a byte offset (16+24, the
 *  `.mat` of PhysioNet challenges), and of format 212; several files a record.
 *
 *  Source   WFDB header(5) and signal(5). physical value = (sample - baseline) / gain. The lowest number that a format
 *           can hold is "no sample"; it is read as JZ_WFDB_MISSING in all of them.
 *  Limits   Named below; a file beyond one is refused, never cut.
 *  Threads  Any; nothing global. Reads files; allocates nothing.
 */
#ifndef JZ_WFDB_H
#define JZ_WFDB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jingzhu/status.h"

#define JZ_WFDB_SIGNALS_MAX 16u
#define JZ_WFDB_NAME_MAX 64u
#define JZ_WFDB_PATH_MAX 512u
#define JZ_WFDB_LINE_MAX 512u
#define JZ_WFDB_SAMPLES_MAX 100000000u /**< samples a signal: more than a day at 1 kHz */
#define JZ_WFDB_MISSING (-32768)

struct jz_wfdb_signal {
    char file[JZ_WFDB_NAME_MAX];
    char name[JZ_WFDB_NAME_MAX]; /**< description: "ii", "V1", "MLII" */
    uint32_t offset;             /**< bytes before the first sample of its file */
    uint32_t format;             /**< 16 or 212 */
    uint32_t position, per_file; /**< which of how many interleaved signals of that file */
    double gain;                 /**< steps per physical unit; 200 where the header gives none */
    bool calibrated;             /**< false: the header gives no gain, so amplitudes mean nothing */
    int32_t baseline;            /**< sample of physical 0 */
    int32_t first;               /**< the header's initial value */
    int16_t checksum;            /**< the header's sum of all samples, 16 bit */
    char unit[16];               /**< "mV" where the header gives none */
};

struct jz_wfdb {
    char folder[JZ_WFDB_PATH_MAX];
    double rate_hz;
    uint32_t samples; /**< per signal */
    uint32_t signal_count;
    struct jz_wfdb_signal signal[JZ_WFDB_SIGNALS_MAX];
};

/** Where a header was refused. */
struct jz_wfdb_problem {
    uint32_t line;    /**< from 1; 0: the file as a whole */
    const char *what; /**< what, and the cure; static */
};

/** Reads `<record>.hea`. @param record  path without the ending
 *  @retval JZ_E_FILE, JZ_E_FORMAT  @param[out] out  zero unless JZ_OK */
JZ_MUST_CHECK enum jz_status jz_wfdb_open(const char *record, struct jz_wfdb *out);
/** The same; says what is wrong. @param[out] problem  written unless JZ_OK */
JZ_MUST_CHECK enum jz_status jz_wfdb_open_or_say(const char *record, struct jz_wfdb *out,
                                                 struct jz_wfdb_problem *problem);

/** Whom the header's comments describe ("#Age: 81", "# sex: female", "<age>: 25  <sex>: M"). */
struct jz_wfdb_person {
    int age_years; /**< -1: not said, or no number from 0 to 120 */
    char sex;      /**< 'm', 'f', or 0: not said */
};
/** @param[out] out  nothing known where the header cannot be read or does not say */
void jz_wfdb_person(const char *record, struct jz_wfdb_person *out);
/** Index of a signal, letters of either case ("aVR" is "avr"); -1: none. */
int jz_wfdb_find(const struct jz_wfdb *record, const char *name);
/** Reads `count` raw samples of one signal from sample `from`.
 *  @retval JZ_E_VALUE  beyond the record's end  @retval JZ_E_FILE  missing or shorter than its header says
 *  @param[out] out  `count` values; unspecified unless JZ_OK */
JZ_MUST_CHECK enum jz_status jz_wfdb_read(const struct jz_wfdb *record, uint32_t signal, uint32_t from,
                                          uint32_t count, int32_t *out);

#endif /* JZ_WFDB_H */
