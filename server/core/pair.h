/* SPDX-License-Identifier: Apache-2.0 */
/** @file pair.h  A key and its value, the way records and views write them. Private to server/core. */
#ifndef JZ_PAIR_H
#define JZ_PAIR_H
#include "state.h"

void jz_pair_uint(struct jz_writer *w, uint64_t key, uint64_t value);
void jz_pair_int(struct jz_writer *w, uint64_t key, int64_t value);
void jz_pair_bool(struct jz_writer *w, uint64_t key, bool value);
void jz_pair_text(struct jz_writer *w, uint64_t key, const char *value);
void jz_pair_bytes(struct jz_writer *w, uint64_t key, const uint8_t *data, size_t bytes);
/** Ids of the conditions whose bits are set. */
void jz_pair_conditions(struct jz_writer *w, uint64_t key, const struct jz_program *program,
                        uint64_t conditions);
/** Codes of a rule's inputs whose bits are set. */
void jz_pair_inputs(struct jz_writer *w, uint64_t key, const struct jz_rule_info *rule, uint64_t inputs);
/** [code, value, taken ms, whether it is a reason] of each input an assessment used. */
void jz_pair_used(struct jz_writer *w, uint64_t key, const struct jz_assessment *a);
/** Candidates and exclusions as in the CDDL. */
void jz_pair_candidates(struct jz_writer *w, uint64_t key, const struct jz_directory *directory,
                        const struct jz_ranking *ranking);
void jz_pair_exclusions(struct jz_writer *w, uint64_t key, const struct jz_directory *directory,
                        const struct jz_ranking *ranking);
/** What would change the order, as in the CDDL. */
void jz_pair_changes(struct jz_writer *w, uint64_t key, const struct jz_directory *directory,
                     const struct jz_ranking *ranking);
/** Which number, and its value; what is not known is left out. */
void jz_pair_numbers(struct jz_writer *w, uint64_t key, const int16_t number[JZ_NUMBER_COUNT]);

#endif /* JZ_PAIR_H */
