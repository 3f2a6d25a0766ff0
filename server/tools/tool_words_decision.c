/* SPDX-License-Identifier: Apache-2.0 */
/* Words of what the core decided, and of inputs that are no frame: keys as server/core writes them (decision.c and the
 * files of each matter, record.c, measured.c). Keys 0 to 4 of a decision are its head, 0 to 2 of an input. */
#include "tool_word_lists.h"
#include "travel.h"

/* Kinds of decision: enum jz_decision_kind of the core's own state.h. */
enum {
    ASSESSMENT = 1,
    PRIORITY,
    RANKING,
    ALERT,
    DIRECTIVE,
    PHASE,
    ACTIVATION,
    ACTION,
    CLOCK,
    TEAM,
    SERVICE,
    CONSULT,
    HANDOVER,
    PROBE,
    PROPOSAL,
    KIN
};
/* Kinds of input: enum jz_event_kind. */
enum { DEADLINE = 2, TRAVEL = 3, PACKS = 4, DIRECTORY = 5, MEASUREMENT = 6 };

/* --- decisions ---------------------------------------------------------------------------------------------------- */

static const struct jz_word_key points_place[] = {
    {0, "lo", jz_tell_number, NULL}, {1, "hi", jz_tell_number, NULL}, JZ_WORDS_END};
static const struct jz_word_key points = {0, "points", jz_tell_tuple, points_place};
static const struct jz_word_key assessment[] = {{5, "rule", jz_tell_text, NULL},
                                                {6, "version", jz_tell_text, NULL},
                                                {7, "status", jz_tell_word, &jz_words_rule_status},
                                                {8, "lo", jz_tell_number, NULL},
                                                {9, "hi", jz_tell_number, NULL},
                                                {10, "level", jz_tell_text, NULL},
                                                {11, "priority", jz_tell_number, NULL},
                                                {12, "conditions", jz_tell_row, &jz_row_text},
                                                {13, "missing", jz_tell_row, &jz_row_field},
                                                {14, "stale", jz_tell_row, &jz_row_field},
                                                {15, "used", jz_tell_row, &jz_row_used},
                                                {16, "level_at_worst", jz_tell_text, NULL},
                                                {17, "points", jz_tell_row, &points},
                                                {18, "packs", jz_tell_bytes, NULL},
                                                JZ_WORDS_END};
static const struct jz_word_key priority[] = {
    {5, "priority", jz_tell_number, NULL}, {6, "conditions", jz_tell_row, &jz_row_text}, JZ_WORDS_END};
static const struct jz_word_key ranking[] = {{5, "provider", jz_tell_text, NULL},
                                             {6, "conditions", jz_tell_row, &jz_row_text},
                                             {7, "time_goal", jz_tell_word, &jz_words_goal},
                                             {8, "candidates", jz_tell_list, &jz_row_candidate},
                                             {9, "excluded", jz_tell_list, &jz_row_exclusion},
                                             JZ_WORDS_END};
static const struct jz_word_key alert[] = {{5, "alert", jz_tell_number, NULL},
                                           {6, "facility", jz_tell_text, NULL},
                                           {7, "state", jz_tell_word, &jz_words_alert_state},
                                           {8, "occurrence", jz_tell_number, NULL},
                                           {9, "priority", jz_tell_number, NULL},
                                           {10, "conditions", jz_tell_row, &jz_row_text},
                                           {11, "escalated", jz_tell_number, NULL},
                                           {12, "person", jz_tell_text, NULL},
                                           {13, "reason", jz_tell_word, &jz_words_decline},
                                           JZ_WORDS_END};
static const struct jz_word_key directive[] = {
    {5, "number", jz_tell_number, NULL}, {6, "what", jz_tell_word, &jz_words_directive_kind},
    {7, "alert", jz_tell_number, NULL},  {8, "alert_state", jz_tell_word, &jz_words_alert_state},
    {9, "measure", jz_tell_field, NULL}, JZ_WORDS_END};
static const struct jz_word_key phases[] = {{5, "phase", jz_tell_word, &jz_words_phase},
                                            {6, "reason", jz_tell_word, &jz_words_close_reason},
                                            JZ_WORDS_END};
static const struct jz_word_key rule_place[] = {{0, "rule", jz_tell_text, NULL},
                                                {1, "version", jz_tell_text, NULL},
                                                {2, "in_force", jz_tell_yes, NULL},
                                                {3, "signed", jz_tell_yes, NULL},
                                                JZ_WORDS_END};
static const struct jz_word_key each_rule = {0, "rule", jz_tell_tuple, rule_place};
static const struct jz_word_key activation[] = {{5, "person", jz_tell_text, NULL},
                                                {6, "packs", jz_tell_bytes, NULL},
                                                {7, "rules", jz_tell_list, &each_rule},
                                                JZ_WORDS_END};

/* `code`, `before` and `after` are of what the action is about: they stay numbers. */
static const struct jz_word_key acted[] = {{5, "action", jz_tell_word, &jz_words_action},
                                           {6, "person", jz_tell_text, NULL},
                                           {7, "second_person", jz_tell_text, NULL},
                                           {8, "role", jz_tell_word, &jz_words_role},
                                           {9, "reason", jz_tell_word, &jz_words_action_reason},
                                           {10, "text", jz_tell_text, NULL},
                                           {11, "facility", jz_tell_text, NULL},
                                           {12, "code", jz_tell_number, NULL},
                                           {13, "before", jz_tell_number, NULL},
                                           {14, "after", jz_tell_number, NULL},
                                           JZ_WORDS_END};
/* A warning of a target, or a milestone that was stamped. */
static const struct jz_word_key clocks[] = {{5, "target", jz_tell_text, NULL},
                                            {6, "stage", jz_tell_word, &jz_words_stage},
                                            {7, "due", jz_tell_time, NULL},
                                            {8, "predicted", jz_tell_time, NULL},
                                            {9, "stamped", jz_tell_field, NULL},
                                            {10, "happened", jz_tell_time, NULL},
                                            {11, "first_said", jz_tell_time, NULL},
                                            {12, "source", jz_tell_word, &jz_words_stamp_source},
                                            {13, "uncertainty", jz_tell_unit, "ms"},
                                            {14, "corrections", jz_tell_number, NULL},
                                            JZ_WORDS_END};
static const struct jz_word_key teams[] = {{5, "alert", jz_tell_number, NULL},
                                           {6, "team", jz_tell_word, &jz_words_team},
                                           {7, "receipt", jz_tell_word, &jz_words_receipt},
                                           {8, "person", jz_tell_text, NULL},
                                           {9, "late", jz_tell_yes, NULL},
                                           JZ_WORDS_END};
static const struct jz_word_key services[] = {{5, "facility", jz_tell_text, NULL},
                                              {6, "service", jz_tell_word, &jz_words_service},
                                              {7, "change", jz_tell_word, &jz_words_change},
                                              {8, "free", jz_tell_number, NULL},
                                              {9, "held", jz_tell_number, NULL},
                                              {10, "until", jz_tell_time, NULL},
                                              {11, "person", jz_tell_text, NULL},
                                              {12, "reason", jz_tell_word, &jz_words_action_reason},
                                              JZ_WORDS_END};
static const struct jz_word_key consults[] = {
    {5, "number", jz_tell_number, NULL}, {6, "state", jz_tell_word, &jz_words_consult_state},
    {7, "person", jz_tell_text, NULL},   {8, "conclusion", jz_tell_word, &jz_words_conclusion},
    {9, "late", jz_tell_yes, NULL},      JZ_WORDS_END};
static const struct jz_word_key handovers[] = {{5, "given_by", jz_tell_text, NULL},
                                               {6, "received_by", jz_tell_text, NULL},
                                               {7, "reminded", jz_tell_yes, NULL},
                                               {8, "diagnosis", jz_tell_word, &jz_words_diagnosis},
                                               {9, "triage_was", jz_tell_word, &jz_words_triage_was},
                                               JZ_WORDS_END};
static const struct jz_word_key probes[] = {{5, "facility", jz_tell_text, NULL},
                                            {6, "number", jz_tell_number, NULL},
                                            {7, "state", jz_tell_word, &jz_words_path},
                                            {8, "missed", jz_tell_number, NULL},
                                            JZ_WORDS_END};
static const struct jz_word_key proposals[] = {{5, "number", jz_tell_number, NULL},
                                               {6, "action", jz_tell_word, &jz_words_action},
                                               {7, "person", jz_tell_text, NULL},
                                               {8, "state", jz_tell_word, &jz_words_proposal_state},
                                               JZ_WORDS_END};
static const struct jz_word_key kinship[] = {{5, "encounter", jz_tell_bytes, NULL},
                                             {6, "is", jz_tell_word, &jz_words_kin},
                                             {7, "since", jz_tell_time, NULL},
                                             JZ_WORDS_END};

const struct jz_word_kind jz_decision_words[] = {{ASSESSMENT, "assessment", assessment},
                                                 {PRIORITY, "priority", priority},
                                                 {RANKING, "ranking", ranking},
                                                 {ALERT, "alert", alert},
                                                 {DIRECTIVE, "directive", directive},
                                                 {PHASE, "phase", phases},
                                                 {ACTIVATION, "activation", activation},
                                                 {ACTION, "action", acted},
                                                 {CLOCK, "clock", clocks},
                                                 {TEAM, "team", teams},
                                                 {SERVICE, "service", services},
                                                 {CONSULT, "consult", consults},
                                                 {HANDOVER, "handover", handovers},
                                                 {PROBE, "probe", probes},
                                                 {PROPOSAL, "proposal", proposals},
                                                 {KIN, "kin", kinship},
                                                 {0, NULL, NULL}};

/* --- inputs that are no frame ------------------------------------------------------------------------------------- */

static const struct jz_word_key answer_place[] = {
    {0, "travel", jz_tell_unit, "s"}, {1, "uncertainty", jz_tell_unit, "s"}, JZ_WORDS_END};

/* By place in the directory; a hospital without an answer is left out. */
static bool tell_travel(struct jz_teller *t, const char *name, struct jz_reader *r,
                        const struct jz_word_key *row) {
    static const struct jz_word_key answer = {0, "answer", jz_tell_tuple, answer_place};
    (void)row;
    uint32_t count = jz_read_array(r);
    jz_tool_say_open(&t->say, name, '{');
    for (uint32_t i = 0; i < count && r->status == JZ_OK; i++) {
        char number[24];
        struct jz_reader look = *r;
        snprintf(number, sizeof number, "facility %u", i);
        bool known = t->directory && i < t->directory->facility_count;
        jz_read_array(&look);
        if (jz_read_uint(&look) == JZ_TRAVEL_NONE && look.status == JZ_OK)
            jz_read_skip(r);
        else if (!answer.tell(t, known ? t->directory->facility[i].id : number, r, &answer))
            return false;
    }
    jz_tool_say_close(&t->say, '}');
    return r->status == JZ_OK;
}

/* Facts stand in several maps: one holds 64. */
static const struct jz_word_key each_facts = {0, "facts", jz_tell_facts, NULL};
static const struct jz_word_key measured[] = {{0, "encounter", jz_tell_nothing, NULL},
                                              {1, "wave", jz_tell_word, &jz_words_wave},
                                              {2, "snapshot", jz_tell_number, NULL},
                                              {3, "taken", jz_tell_time, NULL},
                                              {4, "duration", jz_tell_unit, "ms"},
                                              {5, "segments", jz_tell_number, NULL},
                                              {6, "version", jz_tell_number, NULL},
                                              {7, "quality", jz_tell_unit, "%"},
                                              {8, "readable", jz_tell_yes, NULL},
                                              {9, "facts", jz_tell_list, &each_facts},
                                              {10, "leads", jz_tell_list, &jz_row_lead},
                                              {11, "numbers", jz_tell_numbers, &jz_words_measured_number},
                                              JZ_WORDS_END};
static const struct jz_word_key travel[] = {{3, "encounter", jz_tell_nothing, NULL},
                                            {4, "provider", jz_tell_text, NULL},
                                            {5, "answers", tell_travel, NULL},
                                            JZ_WORDS_END};
static const struct jz_word_key packs[] = {
    {3, "packs", jz_tell_bytes, NULL}, {4, "person", jz_tell_text, NULL}, JZ_WORDS_END};
static const struct jz_word_key directory[] = {{3, "directory", jz_tell_bytes, NULL}, JZ_WORDS_END};
static const struct jz_word_key measurement[] = {{3, "measured", jz_tell_map, measured}, JZ_WORDS_END};
static const struct jz_word_key deadline[] = {JZ_WORDS_END};

const struct jz_word_kind jz_event_words[] = {
    {DEADLINE, "time passed", deadline},       {TRAVEL, "travel times", travel},
    {PACKS, "rule packs activated", packs},    {DIRECTORY, "directory activated", directory},
    {MEASUREMENT, "measurement", measurement}, {0, NULL, NULL}};
