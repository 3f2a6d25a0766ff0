/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the wire's numbers and rows that several tables use: protocol/include/jingzhu/frame.h and the CDDL. */
#include "tool_word_lists.h"

static const char *const complaint[] = {"unknown", "chest pain", "high-risk pregnancy"};
const struct jz_word_list jz_words_complaint = {complaint, sizeof complaint / sizeof complaint[0]};
static const char *const close_reason[] = {"unknown", "handed over", "stood down", "refused", "died"};
const struct jz_word_list jz_words_close_reason = {close_reason,
                                                   sizeof close_reason / sizeof close_reason[0]};
static const char *const absence[] = {"none",     "probe off",    "out of range",
                                      "artefact", "not attached", "failed"};
const struct jz_word_list jz_words_absence = {absence, sizeof absence / sizeof absence[0]};
static const char *const wave[] = {"unknown", "ECG", "CTG"};
const struct jz_word_list jz_words_wave = {wave, sizeof wave / sizeof wave[0]};
static const char *const observer[] = {"unknown", "crew", "physician", "machine"};
const struct jz_word_list jz_words_observer = {observer, sizeof observer / sizeof observer[0]};
static const char *const drug_route[] = {"unknown", "oral", "sublingual", "iv", "im", "sc", "inhaled"};
const struct jz_word_list jz_words_drug_route = {drug_route, sizeof drug_route / sizeof drug_route[0]};
static const char *const milestone[] = {"unknown", "fmc",         "ecg",  "ecg_read", "left_scene",
                                        "door",    "handed_over", "wire", "needle",   "decision_delivery",
                                        "delivery"};
const struct jz_word_list jz_words_milestone = {milestone, sizeof milestone / sizeof milestone[0]};
static const char *const directive_kind[] = {"unknown", "destination", "no destination accepted yet",
                                             "measure this"};
const struct jz_word_list jz_words_directive_kind = {directive_kind,
                                                     sizeof directive_kind / sizeof directive_kind[0]};
static const char *const alert_state[] = {"none",        "raised",    "delivered", "seen",
                                          "accepted",    "declined",  "preparing", "arrived",
                                          "handed over", "withdrawn", "expired"};
const struct jz_word_list jz_words_alert_state = {alert_state, sizeof alert_state / sizeof alert_state[0]};
static const char *const decline[] = {"none",        "no bed",   "cath lab busy", "team not available",
                                      "no NICU cot", "no blood", "on diversion",  "other"};
const struct jz_word_list jz_words_decline = {decline, sizeof decline / sizeof decline[0]};
static const char *const action[] = {
    "none",         "choose destination", "set priority",  "stand down", "re-open",       "merge",
    "birth",        "transfer",           "join",          "identify",   "divert",        "end diversion",
    "set capacity", "confirm capability", "stamp",         "receipt",    "ask consult",   "take consult",
    "pass consult", "answer consult",     "sign handover", "outcome",    "second person", "probe sounded"};
const struct jz_word_list jz_words_action = {action, sizeof action / sizeof action[0]};
static const char *const action_reason[] = {"none",
                                            "condition changed",
                                            "family",
                                            "road",
                                            "hospital refused by telephone",
                                            "specialty",
                                            "other",
                                            "nearest hospital to resuscitate",
                                            "false call",
                                            "duplicate",
                                            "mistake",
                                            "clock was wrong",
                                            "equipment",
                                            "full",
                                            "staff",
                                            "power",
                                            "infection"};
const struct jz_word_list jz_words_action_reason = {action_reason,
                                                    sizeof action_reason / sizeof action_reason[0]};
static const char *const phase[] = {"none", "open", "arrived", "closed", "handed over", "merged"};
const struct jz_word_list jz_words_phase = {phase, sizeof phase / sizeof phase[0]};
static const char *const goal[] = {"none", "met", "not met"};
const struct jz_word_list jz_words_goal = {goal, sizeof goal / sizeof goal[0]};
static const char *const excluded[] = {"none", "lacks", "diverting", "declined", "unknown in live mode"};
const struct jz_word_list jz_words_excluded = {excluded, sizeof excluded / sizeof excluded[0]};
static const char *const rule_status[] = {"unknown", "fired", "not fired", "not applicable",
                                          "cannot evaluate"};
const struct jz_word_list jz_words_rule_status = {rule_status, sizeof rule_status / sizeof rule_status[0]};
static const char *const measured_number[] = {"rate_x10", "pr_ms",    "qrs_ms",     "qt_ms",
                                              "qtc_ms",   "axis_deg", "conduction", "rhythm"};
const struct jz_word_list jz_words_measured_number = {measured_number,
                                                      sizeof measured_number / sizeof measured_number[0]};
static const char *const trouble[] = {"lead off", "saturated", "noisy", "wander", "too short", "unsteady"};
const struct jz_word_list jz_words_trouble = {trouble, sizeof trouble / sizeof trouble[0]};
static const char *const capability[] = {"absent", "confirmed", "assumed", "unknown"};
const struct jz_word_list jz_words_capability = {capability, sizeof capability / sizeof capability[0]};
static const char *const grade[] = {"none", "inform", "prepare", "activate"};
const struct jz_word_list jz_words_grade = {grade, sizeof grade / sizeof grade[0]};
static const char *const team[] = {"none", "ED", "cath lab", "obstetrics", "NICU", "blood bank"};
const struct jz_word_list jz_words_team = {team, sizeof team / sizeof team[0]};
static const char *const receipt[] = {"none", "delivered", "displayed", "acknowledged", "ready"};
const struct jz_word_list jz_words_receipt = {receipt, sizeof receipt / sizeof receipt[0]};
static const char *const rung[] = {"none", "no receipt", "repeated", "escalated", "next hospital"};
const struct jz_word_list jz_words_rung = {rung, sizeof rung / sizeof rung[0]};
static const char *const clock_state[] = {"none", "running", "due soon", "overdue", "met", "late"};
const struct jz_word_list jz_words_clock_state = {clock_state, sizeof clock_state / sizeof clock_state[0]};
static const char *const stamp_source[] = {"not known", "system",   "recording",
                                           "crew",      "hospital", "dispatch"};
const struct jz_word_list jz_words_stamp_source = {stamp_source,
                                                   sizeof stamp_source / sizeof stamp_source[0]};
static const char *const kin[] = {"none", "newborn", "mother", "goes on in", "merged from"};
const struct jz_word_list jz_words_kin = {kin, sizeof kin / sizeof kin[0]};
static const char *const diagnosis[] = {
    "none",          "STEMI",       "NSTE-ACS", "dissection", "pulmonary embolism", "other cardiac",
    "pre-eclampsia", "haemorrhage", "preterm",  "sepsis",     "other obstetric",    "other"};
const struct jz_word_list jz_words_diagnosis = {diagnosis, sizeof diagnosis / sizeof diagnosis[0]};
static const char *const triage_was[] = {"none", "right", "too high", "too low"};
const struct jz_word_list jz_words_triage_was = {triage_was, sizeof triage_was / sizeof triage_was[0]};
static const char *const service[] = {"none",       "ED",  "cath lab", "theatre",
                                      "obstetrics", "ICU", "NICU",     "blood"};
const struct jz_word_list jz_words_service = {service, sizeof service / sizeof service[0]};
static const char *const known[] = {"unknown", "known", "expired"};
const struct jz_word_list jz_words_known = {known, sizeof known / sizeof known[0]};
static const char *const offer[] = {"none", "absent", "round the clock", "office hours", "closed now"};
const struct jz_word_list jz_words_offer = {offer, sizeof offer / sizeof offer[0]};
static const char *const path[] = {"never tried", "on its way", "alive", "dead"};
const struct jz_word_list jz_words_path = {path, sizeof path / sizeof path[0]};
static const char *const consult_state[] = {"none", "asked", "taken", "answered", "telephone", "ended"};
const struct jz_word_list jz_words_consult_state = {consult_state,
                                                    sizeof consult_state / sizeof consult_state[0]};
static const char *const conclusion[] = {"none",        "agree",  "more urgent",
                                         "less urgent", "repeat", "see the text"};
const struct jz_word_list jz_words_conclusion = {conclusion, sizeof conclusion / sizeof conclusion[0]};
static const char *const proposal_state[] = {"none", "waits", "confirmed", "refused", "nobody came"};
const struct jz_word_list jz_words_proposal_state = {proposal_state,
                                                     sizeof proposal_state / sizeof proposal_state[0]};
static const char *const change[] = {"none",
                                     "number set",
                                     "diverted",
                                     "diversion ended",
                                     "held",
                                     "released",
                                     "used",
                                     "number expired",
                                     "diversion ends in 10 min",
                                     "diversion over",
                                     "capability confirmed",
                                     "confirmation expired",
                                     "region short"};
const struct jz_word_list jz_words_change = {change, sizeof change / sizeof change[0]};
static const char *const rank_flag[] = {"unsure", "expired",         "no number",
                                        "full",   "onward transfer", "meets the goal"};
const struct jz_word_list jz_words_rank_flag = {rank_flag, sizeof rank_flag / sizeof rank_flag[0]};
static const char *const rank_change[] = {"none", "margin", "places", "excluded"};
const struct jz_word_list jz_words_rank_change = {rank_change, sizeof rank_change / sizeof rank_change[0]};
static const char *const stage[] = {"began", "50 %", "80 %", "100 %"};
const struct jz_word_list jz_words_stage = {stage, sizeof stage / sizeof stage[0]};
static const char *const role[] = {"none",       "paramedic",     "dispatcher", "receiving",
                                   "consultant", "administrator", "auditor"};
const struct jz_word_list jz_words_role = {role, sizeof role / sizeof role[0]};

const struct jz_word_key jz_row_text = {0, "text", jz_tell_text, NULL};
const struct jz_word_key jz_row_field = {0, "field", jz_tell_field, NULL};
const struct jz_word_key jz_row_number = {0, "number", jz_tell_number, NULL};
static const struct jz_word_key used_place[] = {{0, "field", jz_tell_field, NULL},
                                                {1, "value", jz_tell_value, NULL},
                                                {2, "age_s", jz_tell_age, NULL},
                                                {3, "reason", jz_tell_yes, NULL},
                                                JZ_WORDS_END};
const struct jz_word_key jz_row_used = {0, "used", jz_tell_tuple, used_place};
static const struct jz_word_key candidate_place[] = {{0, "facility", jz_tell_text, NULL},
                                                     {1, "travel", jz_tell_unit, "s"},
                                                     {2, "treatment", jz_tell_unit, "s"},
                                                     {3, "uncertainty", jz_tell_unit, "s"},
                                                     {4, "confirmed", jz_tell_yes, NULL},
                                                     {5, "door_to_treatment", jz_tell_unit, "s"},
                                                     {6, "own_cases", jz_tell_number, NULL},
                                                     {7, "flags", jz_tell_bits, &jz_words_rank_flag},
                                                     JZ_WORDS_END};
const struct jz_word_key jz_row_candidate = {0, "candidate", jz_tell_tuple, candidate_place};
static const struct jz_word_key exclusion_place[] = {{0, "facility", jz_tell_text, NULL},
                                                     {1, "why", jz_tell_word, &jz_words_excluded},
                                                     {2, "capability", jz_tell_text, NULL},
                                                     {3, "service", jz_tell_word, &jz_words_service},
                                                     JZ_WORDS_END};
const struct jz_word_key jz_row_exclusion = {0, "exclusion", jz_tell_tuple, exclusion_place};
static const struct jz_word_key lead_place[] = {{0, "lead", jz_tell_field, NULL},
                                                {1, "quality", jz_tell_unit, "%"},
                                                {2, "trouble", jz_tell_bits, &jz_words_trouble},
                                                {3, "measured", jz_tell_yes, NULL},
                                                JZ_WORDS_END};
const struct jz_word_key jz_row_lead = {0, "lead", jz_tell_tuple, lead_place};
