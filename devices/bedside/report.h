/* SPDX-License-Identifier: Apache-2.0 */
/** @file report.h  What happened, one JSON object (RFC 8259) a line on a stream, flushed at once. */
#ifndef JZ_REPORT_H
#define JZ_REPORT_H
#include <stdio.h>

#include "jingzhu/device.h"

/** Writes one notice. */
void jz_report_notice(FILE *to, const struct jz_notice *notice);
/** {"event":"done","frames":N,"quarantined":N,"encounter":"hex"} */
void jz_report_done(FILE *to, uint64_t frames, uint64_t quarantined, struct jz_encounter_id encounter);
/** ,"key":"text" within an object under way. */
void jz_report_text(FILE *to, const char *key, const char *text);
/** Words of the directive frame, "unknown" for numbers that are none. Static storage. */
const char *jz_alert_state_word(enum jz_alert_state state);

#endif /* JZ_REPORT_H */
