/* SPDX-License-Identifier: Apache-2.0 */
/** @file tool_word_lists.h  Words and rows that the tables of frames and of decisions share. */
#ifndef JZ_TOOL_WORD_LISTS_H
#define JZ_TOOL_WORD_LISTS_H
#include "tool_words.h"

/** Ends a table. */
#define JZ_WORDS_END                                                                                         \
    { 0, NULL, NULL, NULL }

extern const struct jz_word_list jz_words_complaint;
extern const struct jz_word_list jz_words_close_reason;
extern const struct jz_word_list jz_words_absence;
extern const struct jz_word_list jz_words_wave;
extern const struct jz_word_list jz_words_observer;
extern const struct jz_word_list jz_words_drug_route;
extern const struct jz_word_list jz_words_milestone;
extern const struct jz_word_list jz_words_directive_kind;
extern const struct jz_word_list jz_words_alert_state;
extern const struct jz_word_list jz_words_decline;
extern const struct jz_word_list jz_words_action;
extern const struct jz_word_list jz_words_action_reason;
extern const struct jz_word_list jz_words_phase;
extern const struct jz_word_list jz_words_goal;
extern const struct jz_word_list jz_words_excluded;
extern const struct jz_word_list jz_words_rule_status;
extern const struct jz_word_list jz_words_measured_number;
extern const struct jz_word_list jz_words_trouble;
extern const struct jz_word_list jz_words_capability;
extern const struct jz_word_list jz_words_grade;
extern const struct jz_word_list jz_words_team;
extern const struct jz_word_list jz_words_receipt;
extern const struct jz_word_list jz_words_rung;
extern const struct jz_word_list jz_words_clock_state;
extern const struct jz_word_list jz_words_stamp_source;
extern const struct jz_word_list jz_words_kin;
extern const struct jz_word_list jz_words_diagnosis;
extern const struct jz_word_list jz_words_triage_was;
extern const struct jz_word_list jz_words_service;
extern const struct jz_word_list jz_words_known;
extern const struct jz_word_list jz_words_offer;
extern const struct jz_word_list jz_words_path;
extern const struct jz_word_list jz_words_consult_state;
extern const struct jz_word_list jz_words_conclusion;
extern const struct jz_word_list jz_words_proposal_state;
extern const struct jz_word_list jz_words_change;
extern const struct jz_word_list jz_words_rank_flag;
extern const struct jz_word_list jz_words_rank_change;
extern const struct jz_word_list jz_words_stage;
extern const struct jz_word_list jz_words_role;

extern const struct jz_word_key jz_row_text;
extern const struct jz_word_key jz_row_field;
extern const struct jz_word_key jz_row_number;
extern const struct jz_word_key jz_row_used;
extern const struct jz_word_key jz_row_candidate;
extern const struct jz_word_key jz_row_exclusion;
extern const struct jz_word_key jz_row_lead;

#endif /* JZ_TOOL_WORD_LISTS_H */
