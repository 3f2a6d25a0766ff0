/* SPDX-License-Identifier: Apache-2.0 */
/* The frames' words: protocol/jingzhu.cddl, key by key. Keys 0 to 4 are the header, which whoever shows a frame tells
 * himself. */
#include "tool_word_lists.h"

/* --- what devices and people send --------------------------------------------------------------------------------- */

static const struct jz_word_key place[] = {{8, "lat", jz_tell_degrees, NULL},
                                           {9, "lon", jz_tell_degrees, NULL},
                                           {10, "accuracy", jz_tell_unit, "m"},
                                           JZ_WORDS_END};
static const struct jz_word_key open[] = {{8, "complaint", jz_tell_word, &jz_words_complaint},
                                          {9, "facts", jz_tell_facts, NULL},
                                          {10, "callsign", jz_tell_text, NULL},
                                          {11, "place", jz_tell_map, place},
                                          JZ_WORDS_END};
static const struct jz_word_key update[] = {
    {9, "facts", jz_tell_facts, NULL}, {10, "callsign", jz_tell_text, NULL}, JZ_WORDS_END};
static const struct jz_word_key closing[] = {{8, "reason", jz_tell_word, &jz_words_close_reason},
                                             JZ_WORDS_END};
static const struct jz_word_key vitals[] = {
    {8, "readings", jz_tell_facts, NULL}, {9, "absent", jz_tell_fields, &jz_words_absence}, JZ_WORDS_END};
static const struct jz_word_key waveform[] = {
    {8, "wave", jz_tell_word, &jz_words_wave},    {9, "sample_period", jz_tell_unit, "us"},
    {10, "channels", jz_tell_row, &jz_row_field}, {11, "samples_per_channel", jz_tell_number, NULL},
    {12, "scale", jz_tell_number, NULL},          {13, "coded", jz_tell_bytes, NULL},
    {14, "snapshot", jz_tell_number, NULL},       JZ_WORDS_END};
static const struct jz_word_key finding[] = {{8, "field", jz_tell_field, NULL},
                                             {9, "value", jz_tell_value, NULL},
                                             {10, "observer", jz_tell_word, &jz_words_observer},
                                             {11, "note", jz_tell_text, NULL},
                                             JZ_WORDS_END};
static const struct jz_word_key medication[] = {{8, "drug", jz_tell_text, NULL},
                                                {9, "dose", jz_tell_unit, "ug"},
                                                {10, "route", jz_tell_word, &jz_words_drug_route},
                                                {11, "note", jz_tell_text, NULL},
                                                JZ_WORDS_END};
static const struct jz_word_key stamp[] = {
    {8, "milestone", jz_tell_word, &jz_words_milestone}, {9, "happened", jz_tell_time, NULL}, JZ_WORDS_END};
static const struct jz_word_key answer[] = {{8, "alert", jz_tell_number, NULL},
                                            {9, "to", jz_tell_word, &jz_words_alert_state},
                                            {10, "reason", jz_tell_word, &jz_words_decline},
                                            {11, "text", jz_tell_text, NULL},
                                            JZ_WORDS_END};
/* `code` is a service, a team, a field or a conclusion by what the action is: it stays a number. */
static const struct jz_word_key acts[] = {{8, "action", jz_tell_word, &jz_words_action},
                                          {9, "facility", jz_tell_text, NULL},
                                          {10, "code", jz_tell_number, NULL},
                                          {11, "value", jz_tell_number, NULL},
                                          {12, "when", jz_tell_time, NULL},
                                          {13, "reason", jz_tell_word, &jz_words_action_reason},
                                          {14, "text", jz_tell_text, NULL},
                                          {15, "other_encounter", jz_tell_bytes, NULL},
                                          {16, "number", jz_tell_number, NULL},
                                          JZ_WORDS_END};

/* --- what the server shows ---------------------------------------------------------------------------------------- */

static const struct jz_word_key directive[] = {
    {8, "number", jz_tell_number, NULL},  {9, "what", jz_tell_word, &jz_words_directive_kind},
    {10, "facility", jz_tell_text, NULL}, {11, "name_zh", jz_tell_text, NULL},
    {12, "name_en", jz_tell_text, NULL},  {13, "alert_state", jz_tell_word, &jz_words_alert_state},
    {14, "person", jz_tell_text, NULL},   {15, "travel", jz_tell_unit, "s"},
    {16, "measure", jz_tell_field, NULL}, JZ_WORDS_END};
static const struct jz_word_key team_place[] = {{0, "team", jz_tell_word, &jz_words_team},
                                                {1, "needed", jz_tell_yes, NULL},
                                                {2, "receipt", jz_tell_word, &jz_words_receipt},
                                                {3, "since", jz_tell_time, NULL},
                                                {4, "person", jz_tell_text, NULL},
                                                {5, "reminded", jz_tell_yes, NULL},
                                                JZ_WORDS_END};
static const struct jz_word_key each_team = {0, "team", jz_tell_tuple, team_place};
static const struct jz_word_key alert[] = {{8, "alert", jz_tell_number, NULL},
                                           {9, "facility", jz_tell_text, NULL},
                                           {10, "state", jz_tell_word, &jz_words_alert_state},
                                           {11, "raised", jz_tell_time, NULL},
                                           {12, "answer_due", jz_tell_time, NULL},
                                           {13, "priority", jz_tell_number, NULL},
                                           {14, "escalated", jz_tell_yes, NULL},
                                           {15, "person", jz_tell_text, NULL},
                                           {16, "reason", jz_tell_word, &jz_words_decline},
                                           {17, "reason_text", jz_tell_text, NULL},
                                           {18, "conditions", jz_tell_row, &jz_row_text},
                                           {19, "travel", jz_tell_unit, "s"},
                                           {20, "occurrence", jz_tell_number, NULL},
                                           {21, "grade", jz_tell_word, &jz_words_grade},
                                           {22, "teams", jz_tell_row, &each_team},
                                           {23, "ladder", jz_tell_word, &jz_words_rung},
                                           {24, "no_device_confirmed", jz_tell_yes, NULL},
                                           {25, "standby", jz_tell_yes, NULL},
                                           {26, "told_that_it_is_off", jz_tell_yes, NULL},
                                           {27, "accepted", jz_tell_time, NULL},
                                           JZ_WORDS_END};

static const struct jz_word_key worst_place[] = {{0, "level", jz_tell_text, NULL},
                                                 {1, "title_zh", jz_tell_text, NULL},
                                                 {2, "title_en", jz_tell_text, NULL},
                                                 {3, "priority", jz_tell_number, NULL},
                                                 JZ_WORDS_END};
static const struct jz_word_key way_out_place[] = {{0, "which", jz_tell_number, NULL},
                                                   {1, "why", jz_tell_number, NULL},
                                                   {2, "facility", jz_tell_text, NULL},
                                                   JZ_WORDS_END};
static const struct jz_word_key reperfusion_place[] = {{0, "proposal", jz_tell_number, NULL},
                                                       {1, "table_row", jz_tell_number, NULL},
                                                       {2, "diagnosis_to_wire", jz_tell_unit, "s"},
                                                       {3, "fmc_to_wire", jz_tell_unit, "s"},
                                                       JZ_WORDS_END};
static const struct jz_word_key change_place[] = {{0, "facility", jz_tell_text, NULL},
                                                  {1, "kind", jz_tell_word, &jz_words_rank_change},
                                                  {2, "why", jz_tell_word, &jz_words_excluded},
                                                  {3, "capability", jz_tell_text, NULL},
                                                  {4, "service", jz_tell_word, &jz_words_service},
                                                  {5, "by", jz_tell_unit, "s"},
                                                  JZ_WORDS_END};
static const struct jz_word_key each_change = {0, "change", jz_tell_tuple, change_place};
static const struct jz_word_key switch_place[] = {
    {0, "facility", jz_tell_text, NULL}, {1, "saves", jz_tell_unit, "s"}, JZ_WORDS_END};
static const struct jz_word_key joint_place[] = {{0, "facility", jz_tell_text, NULL},
                                                 {1, "why_not", jz_tell_number, NULL},
                                                 {2, "costs", jz_tell_unit, "s"},
                                                 JZ_WORDS_END};
/* Numbers of ways out, proposals and joint reasons: docs/routing.md. */
static const struct jz_word_key rank[] = {{0, "at", jz_tell_time, NULL},
                                          {1, "provider", jz_tell_text, NULL},
                                          {2, "candidates", jz_tell_list, &jz_row_candidate},
                                          {3, "excluded", jz_tell_list, &jz_row_exclusion},
                                          {4, "time_goal", jz_tell_word, &jz_words_goal},
                                          {5, "goal", jz_tell_unit, "s"},
                                          {6, "by_travel_time_alone", jz_tell_yes, NULL},
                                          {7, "way_out", jz_tell_tuple, way_out_place},
                                          {8, "reperfusion", jz_tell_tuple, reperfusion_place},
                                          {9, "would_change", jz_tell_list, &each_change},
                                          {10, "worth_changing_to", jz_tell_tuple, switch_place},
                                          {11, "with_mother_or_newborn", jz_tell_tuple, joint_place},
                                          JZ_WORDS_END};
static const struct jz_word_key assessment[] = {{0, "rule", jz_tell_text, NULL},
                                                {1, "status", jz_tell_word, &jz_words_rule_status},
                                                {2, "lo", jz_tell_number, NULL},
                                                {3, "hi", jz_tell_number, NULL},
                                                {4, "complete", jz_tell_yes, NULL},
                                                {5, "level", jz_tell_text, NULL},
                                                {6, "priority", jz_tell_number, NULL},
                                                {7, "missing", jz_tell_row, &jz_row_field},
                                                {8, "measure_next", jz_tell_field, NULL},
                                                {9, "used", jz_tell_row, &jz_row_used},
                                                {10, "evaluated", jz_tell_time, NULL},
                                                {11, "title_zh", jz_tell_text, NULL},
                                                {12, "title_en", jz_tell_text, NULL},
                                                {13, "action_zh", jz_tell_text, NULL},
                                                {14, "action_en", jz_tell_text, NULL},
                                                {15, "version", jz_tell_text, NULL},
                                                {16, "source", jz_tell_text, NULL},
                                                {17, "signed", jz_tell_yes, NULL},
                                                {18, "at_worst", jz_tell_tuple, worst_place},
                                                {20, "stale", jz_tell_row, &jz_row_field},
                                                JZ_WORDS_END};
static const struct jz_word_key each_assessment = {0, "assessment", jz_tell_map, assessment};
static const struct jz_word_key position[] = {{0, "lat", jz_tell_degrees, NULL},
                                              {1, "lon", jz_tell_degrees, NULL},
                                              {2, "age_s", jz_tell_age, NULL},
                                              JZ_WORDS_END};
static const struct jz_word_key measured[] = {{0, "taken", jz_tell_time, NULL},
                                              {1, "snapshot", jz_tell_number, NULL},
                                              {2, "duration", jz_tell_unit, "ms"},
                                              {3, "quality", jz_tell_unit, "%"},
                                              {4, "readable", jz_tell_yes, NULL},
                                              {5, "numbers", jz_tell_numbers, &jz_words_measured_number},
                                              {6, "leads", jz_tell_row, &jz_row_lead},
                                              {7, "values", jz_tell_readings, NULL},
                                              JZ_WORDS_END};
static const struct jz_word_key target_place[] = {{0, "target", jz_tell_text, NULL},
                                                  {1, "title_zh", jz_tell_text, NULL},
                                                  {2, "title_en", jz_tell_text, NULL},
                                                  {3, "began", jz_tell_time, NULL},
                                                  {4, "due", jz_tell_time, NULL},
                                                  {5, "state", jz_tell_word, &jz_words_clock_state},
                                                  {6, "warnings", jz_tell_number, NULL},
                                                  {7, "predicted", jz_tell_time, NULL},
                                                  JZ_WORDS_END};
static const struct jz_word_key each_target = {0, "target", jz_tell_tuple, target_place};
static const struct jz_word_key stamp_place[] = {{0, "field", jz_tell_field, NULL},
                                                 {1, "happened", jz_tell_time, NULL},
                                                 {2, "first_said", jz_tell_time, NULL},
                                                 {3, "source", jz_tell_word, &jz_words_stamp_source},
                                                 {4, "uncertainty", jz_tell_unit, "ms"},
                                                 {5, "corrections", jz_tell_number, NULL},
                                                 JZ_WORDS_END};
static const struct jz_word_key each_stamp = {0, "stamp", jz_tell_tuple, stamp_place};
static const struct jz_word_key kin_place[] = {
    {0, "encounter", jz_tell_bytes, NULL}, {1, "is", jz_tell_word, &jz_words_kin}, JZ_WORDS_END};
static const struct jz_word_key each_kin = {0, "kin", jz_tell_tuple, kin_place};
static const struct jz_word_key sheet[] = {{0, "given_by", jz_tell_text, NULL},
                                           {1, "given", jz_tell_time, NULL},
                                           {2, "received_by", jz_tell_text, NULL},
                                           {3, "received", jz_tell_time, NULL},
                                           {4, "reminded", jz_tell_yes, NULL},
                                           {5, "diagnosis", jz_tell_word, &jz_words_diagnosis},
                                           {6, "triage_was", jz_tell_word, &jz_words_triage_was},
                                           JZ_WORDS_END};
static const struct jz_word_key chosen_place[] = {{0, "facility", jz_tell_text, NULL},
                                                  {1, "reason", jz_tell_word, &jz_words_action_reason},
                                                  {2, "person", jz_tell_text, NULL},
                                                  JZ_WORDS_END};
static const struct jz_word_key transfer_place[] = {
    {0, "times", jz_tell_number, NULL}, {1, "last_from", jz_tell_text, NULL}, JZ_WORDS_END};
/* The trend (20, 21) is the readings' past, which the replay has shown already. */
static const struct jz_word_key patient[] = {{8, "priority", jz_tell_number, NULL},
                                             {9, "complaint", jz_tell_word, &jz_words_complaint},
                                             {10, "phase", jz_tell_word, &jz_words_phase},
                                             {11, "opened", jz_tell_time, NULL},
                                             {12, "callsign", jz_tell_text, NULL},
                                             {13, "readings", jz_tell_readings, NULL},
                                             {14, "assessments", jz_tell_list, &each_assessment},
                                             {15, "conditions", jz_tell_row, &jz_row_text},
                                             {16, "milestones", jz_tell_times, &jz_words_milestone},
                                             {17, "ranking", jz_tell_map, rank},
                                             {18, "alerts", jz_tell_row, &jz_row_number},
                                             {19, "position", jz_tell_tuple, position},
                                             {20, "trend", jz_tell_nothing, NULL},
                                             {21, "trend_columns", jz_tell_nothing, NULL},
                                             {22, "last_heard", jz_tell_time, NULL},
                                             {23, "a_person_must_call", jz_tell_yes, NULL},
                                             {24, "assessments_not_shown", jz_tell_number, NULL},
                                             {25, "readings_not_shown", jz_tell_number, NULL},
                                             {26, "ecg", jz_tell_map, measured},
                                             {27, "ctg", jz_tell_map, measured},
                                             {28, "targets", jz_tell_list, &each_target},
                                             {29, "stamps", jz_tell_list, &each_stamp},
                                             {30, "linked", jz_tell_row, &each_kin},
                                             {31, "handover", jz_tell_map, sheet},
                                             {32, "chosen", jz_tell_tuple, chosen_place},
                                             {33, "consult", jz_tell_number, NULL},
                                             {34, "tag", jz_tell_text, NULL},
                                             {35, "transferred", jz_tell_tuple, transfer_place},
                                             {36, "rule_priority", jz_tell_number, NULL},
                                             {37, "devices", jz_tell_number, NULL},
                                             JZ_WORDS_END};
static const struct jz_word_key capability_place[] = {
    {0, "capability", jz_tell_text, NULL}, {1, "state", jz_tell_word, &jz_words_capability}, JZ_WORDS_END};
static const struct jz_word_key each_capability = {0, "capability", jz_tell_tuple, capability_place};
static const struct jz_word_key service_place[] = {{0, "service", jz_tell_word, &jz_words_service},
                                                   {1, "is", jz_tell_word, &jz_words_known},
                                                   {2, "free", jz_tell_number, NULL},
                                                   {3, "held", jz_tell_number, NULL},
                                                   {4, "owner", jz_tell_text, NULL},
                                                   {5, "set", jz_tell_time, NULL},
                                                   {6, "expires", jz_tell_time, NULL},
                                                   {7, "diverted_until", jz_tell_time, NULL},
                                                   {8, "reason", jz_tell_word, &jz_words_action_reason},
                                                   {9, "person", jz_tell_text, NULL},
                                                   JZ_WORDS_END};
static const struct jz_word_key each_service = {0, "service", jz_tell_tuple, service_place};
static const struct jz_word_key confirmed_place[] = {
    {0, "capability", jz_tell_text, NULL}, {1, "is", jz_tell_word, &jz_words_offer},
    {2, "owner", jz_tell_text, NULL},      {3, "set", jz_tell_time, NULL},
    {4, "expires", jz_tell_time, NULL},    JZ_WORDS_END};
static const struct jz_word_key each_confirmed = {0, "confirmed", jz_tell_tuple, confirmed_place};
static const struct jz_word_key path_place[] = {{0, "is", jz_tell_word, &jz_words_path},
                                                {1, "sent", jz_tell_time, NULL},
                                                {2, "sounded", jz_tell_time, NULL},
                                                {3, "missed", jz_tell_number, NULL},
                                                JZ_WORDS_END};
static const struct jz_word_key facility[] = {{8, "facility", jz_tell_text, NULL},
                                              {9, "name_zh", jz_tell_text, NULL},
                                              {10, "name_en", jz_tell_text, NULL},
                                              {11, "lat", jz_tell_degrees, NULL},
                                              {12, "lon", jz_tell_degrees, NULL},
                                              {13, "partner", jz_tell_text, NULL},
                                              {14, "capabilities", jz_tell_list, &each_capability},
                                              {15, "services", jz_tell_list, &each_service},
                                              {16, "confirmed", jz_tell_list, &each_confirmed},
                                              {17, "path", jz_tell_tuple, path_place},
                                              JZ_WORDS_END};
static const struct jz_word_key consult[] = {{8, "number", jz_tell_number, NULL},
                                             {9, "state", jz_tell_word, &jz_words_consult_state},
                                             {10, "asked", jz_tell_time, NULL},
                                             {11, "next_step", jz_tell_time, NULL},
                                             {12, "promised_by", jz_tell_time, NULL},
                                             {13, "asked_by", jz_tell_text, NULL},
                                             {14, "consultant", jz_tell_text, NULL},
                                             {15, "question", jz_tell_text, NULL},
                                             {16, "opinion", jz_tell_text, NULL},
                                             {17, "conclusion", jz_tell_word, &jz_words_conclusion},
                                             {18, "signed", jz_tell_time, NULL},
                                             {19, "ecg_snapshot", jz_tell_number, NULL},
                                             {20, "late", jz_tell_yes, NULL},
                                             {21, "people_asked", jz_tell_number, NULL},
                                             JZ_WORDS_END};
static const struct jz_word_key proposal[] = {{8, "number", jz_tell_number, NULL},
                                              {9, "action", jz_tell_word, &jz_words_action},
                                              {10, "person", jz_tell_text, NULL},
                                              {11, "since", jz_tell_time, NULL},
                                              {12, "until", jz_tell_time, NULL},
                                              {13, "facility", jz_tell_text, NULL},
                                              {14, "reason", jz_tell_word, &jz_words_action_reason},
                                              {15, "text", jz_tell_text, NULL},
                                              {16, "state", jz_tell_word, &jz_words_proposal_state},
                                              JZ_WORDS_END};

const struct jz_word_kind jz_frame_words[] = {{JZ_FRAME_ENCOUNTER_OPEN, "encounter opened", open},
                                              {JZ_FRAME_ENCOUNTER_UPDATE, "encounter updated", update},
                                              {JZ_FRAME_ENCOUNTER_CLOSE, "encounter closed", closing},
                                              {JZ_FRAME_VITALS, "vitals", vitals},
                                              {JZ_FRAME_WAVEFORM, "waveform", waveform},
                                              {JZ_FRAME_FINDING, "finding", finding},
                                              {JZ_FRAME_MEDICATION, "medication", medication},
                                              {JZ_FRAME_MILESTONE, "milestone", stamp},
                                              {JZ_FRAME_POSITION, "position", place},
                                              {JZ_FRAME_DIRECTIVE, "directive", directive},
                                              {JZ_FRAME_ALERT, "alert", alert},
                                              {JZ_FRAME_ALERT_ANSWER, "alert answered", answer},
                                              {JZ_FRAME_ACTION, "action", acts},
                                              {JZ_FRAME_PATIENT, "patient", patient},
                                              {JZ_FRAME_FACILITY, "facility", facility},
                                              {JZ_FRAME_CONSULT, "consult", consult},
                                              {JZ_FRAME_PROPOSAL, "proposal", proposal},
                                              {0, NULL, NULL}};
