/* SPDX-License-Identifier: Apache-2.0 */
/* Words that stand for numbers of the protocol and of the core. */
#include "words.h"

const struct named milestone_names[] = {{"fmc", JZ_MILESTONE_FMC},
                                        {"ecg", JZ_MILESTONE_ECG},
                                        {"ecg_read", JZ_MILESTONE_ECG_READ},
                                        {"left_scene", JZ_MILESTONE_LEFT_SCENE},
                                        {"door", JZ_MILESTONE_DOOR},
                                        {"handover", JZ_MILESTONE_HANDOVER},
                                        {"wire", JZ_MILESTONE_WIRE},
                                        {"needle", JZ_MILESTONE_NEEDLE},
                                        {"decision_delivery", JZ_MILESTONE_DECISION_DELIVERY},
                                        {"delivery", JZ_MILESTONE_DELIVERY},
                                        {NULL, 0}};
const struct named complaint_names[] = {
    {"chest pain", JZ_COMPLAINT_CHEST_PAIN}, {"pregnancy", JZ_COMPLAINT_PREGNANCY}, {NULL, 0}};
const struct named absence_names[] = {
    {"probe-off", JZ_ABSENCE_PROBE_OFF}, {"out-of-range", JZ_ABSENCE_OUT_OF_RANGE},
    {"artefact", JZ_ABSENCE_ARTEFACT},   {"not-attached", JZ_ABSENCE_NOT_ATTACHED},
    {"failed", JZ_ABSENCE_FAILED},       {NULL, 0}};
const struct named close_names[] = {
    {"handed over", JZ_CLOSE_HANDED_OVER}, {"stood down", JZ_CLOSE_STOOD_DOWN},
    {"refused", JZ_CLOSE_REFUSED},         {"died", JZ_CLOSE_DIED},
    {"unknown", JZ_CLOSE_UNKNOWN},         {NULL, 0}};
const struct named route_names[] = {{"oral", JZ_ROUTE_ORAL},
                                    {"sublingual", JZ_ROUTE_SUBLINGUAL},
                                    {"iv", JZ_ROUTE_IV},
                                    {"im", JZ_ROUTE_IM},
                                    {"sc", JZ_ROUTE_SC},
                                    {"inhaled", JZ_ROUTE_INHALED},
                                    {NULL, 0}};
const struct named decline_names[] = {
    {"no bed", JZ_DECLINE_NO_BED},     {"cath lab busy", JZ_DECLINE_CATH_LAB_BUSY},
    {"no team", JZ_DECLINE_NO_TEAM},   {"no nicu cot", JZ_DECLINE_NO_NICU_COT},
    {"no blood", JZ_DECLINE_NO_BLOOD}, {"on diversion", JZ_DECLINE_ON_DIVERSION},
    {"other", JZ_DECLINE_OTHER},       {NULL, 0}};
const struct named alert_state_names[] = {{"raised", JZ_ALERT_RAISED},
                                          {"delivered", JZ_ALERT_DELIVERED},
                                          {"seen", JZ_ALERT_SEEN},
                                          {"accepted", JZ_ALERT_ACCEPTED},
                                          {"declined", JZ_ALERT_DECLINED},
                                          {"preparing", JZ_ALERT_PREPARING},
                                          {"arrived", JZ_ALERT_ARRIVED},
                                          {"handed over", JZ_ALERT_HANDED_OVER},
                                          {"withdrawn", JZ_ALERT_WITHDRAWN},
                                          {"expired", JZ_ALERT_EXPIRED},
                                          {NULL, 0}};
const struct named role_names[] = {{"dispatcher", JZ_ROLE_DISPATCHER},
                                   {"consultant", JZ_ROLE_CONSULTANT},
                                   {"administrator", JZ_ROLE_ADMINISTRATOR},
                                   {"auditor", JZ_ROLE_AUDITOR},
                                   {NULL, 0}};
const struct named validity_names[] = {{"missing", JZ_ABSENT},
                                       {"valid", JZ_VALID},
                                       {"stale", JZ_STALE},
                                       {"probe-off", JZ_PROBE_OFF},
                                       {"out of range", JZ_OUT_OF_RANGE},
                                       {"artefact", JZ_ARTEFACT},
                                       {"inconsistent", JZ_PAIR_INCONSISTENT},
                                       {"not measured", JZ_NOT_MEASURED},
                                       {NULL, 0}};
const struct named exclusion_names[] = {{"diverting", JZ_EXCLUDED_DIVERTING},
                                        {"declined", JZ_EXCLUDED_DECLINED},
                                        {"lacks", JZ_EXCLUDED_LACKS},
                                        {"unconfirmed", JZ_EXCLUDED_UNCONFIRMED},
                                        {NULL, 0}};
const struct named phase_names[] = {
    {"open", JZ_PHASE_OPEN},     {"arrived", JZ_PHASE_ARRIVED}, {"handed over", JZ_PHASE_HANDED_OVER},
    {"closed", JZ_PHASE_CLOSED}, {"merged", JZ_PHASE_MERGED},   {NULL, 0}};
const struct named rule_status_names[] = {{"fired", JZ_RULE_FIRED},
                                          {"not fired", JZ_RULE_NOT_FIRED},
                                          {"not applicable", JZ_RULE_NOT_APPLICABLE},
                                          {"cannot be evaluated", JZ_RULE_CANNOT_EVALUATE},
                                          {"never evaluated", JZ_RULE_UNKNOWN},
                                          {NULL, 0}};
const struct named goal_names[] = {
    {"none", JZ_GOAL_NONE}, {"met", JZ_GOAL_MET}, {"unmet", JZ_GOAL_UNMET}, {NULL, 0}};

const struct named directive_names[] = {{"none", JZ_DIRECTIVE_UNKNOWN},
                                        {"destination", JZ_DIRECTIVE_DESTINATION},
                                        {"no destination", JZ_DIRECTIVE_NO_DESTINATION},
                                        {"measure", JZ_DIRECTIVE_MEASURE},
                                        {NULL, 0}};

/* --- what people do, and what comes of it ---------------------------------------------------------------------- */

/* Numbers without an enumeration in a header stand in protocol/jingzhu.cddl. */
const struct named why_names[] = {{"condition changed", JZ_REASON_CONDITION_CHANGED},
                                  {"family", JZ_REASON_FAMILY},
                                  {"road", JZ_REASON_ROAD},
                                  {"hospital refused", JZ_REASON_HOSPITAL_REFUSED},
                                  {"specialty", JZ_REASON_SPECIALTY},
                                  {"other", JZ_REASON_OTHER},
                                  {"nearest resuscitation", JZ_REASON_NEAREST_RESUSCITATION},
                                  {"false call", JZ_REASON_FALSE_CALL},
                                  {"duplicate", JZ_REASON_DUPLICATE},
                                  {"mistake", JZ_REASON_MISTAKE},
                                  {"clock wrong", JZ_REASON_CLOCK_WRONG},
                                  {"equipment", JZ_REASON_EQUIPMENT},
                                  {"full", JZ_REASON_FULL},
                                  {"staff", JZ_REASON_STAFF},
                                  {"power", JZ_REASON_POWER},
                                  {"infection", JZ_REASON_INFECTION},
                                  {NULL, 0}};

const struct named service_names[] = {{"ED", JZ_SERVICE_ED},           {"cath lab", JZ_SERVICE_CATH_LAB},
                                      {"theatre", JZ_SERVICE_THEATRE}, {"obstetrics", JZ_SERVICE_OBSTETRICS},
                                      {"ICU", JZ_SERVICE_ICU},         {"NICU", JZ_SERVICE_NICU},
                                      {"blood", JZ_SERVICE_BLOOD},     {NULL, 0}};

const struct named team_names[] = {
    {"ED", JZ_TEAM_ED},     {"cath lab", JZ_TEAM_CATH_LAB}, {"obstetrics", JZ_TEAM_OBSTETRICS},
    {"NICU", JZ_TEAM_NICU}, {"blood", JZ_TEAM_BLOOD},       {NULL, 0}};

const struct named receipt_names[] = {
    {"none", JZ_RECEIPT_NONE},           {"delivered", JZ_RECEIPT_DELIVERED},
    {"displayed", JZ_RECEIPT_DISPLAYED}, {"acknowledged", JZ_RECEIPT_ACKNOWLEDGED},
    {"ready", JZ_RECEIPT_READY},         {NULL, 0}};

const struct named grade_names[] = {
    {"inform", JZ_GRADE_INFORM}, {"prepare", JZ_GRADE_PREPARE}, {"activate", JZ_GRADE_ACTIVATE}, {NULL, 0}};

const struct named conclusion_names[] = {{"agree", JZ_CONCLUSION_AGREE},
                                         {"more urgent", JZ_CONCLUSION_MORE_URGENT},
                                         {"less urgent", JZ_CONCLUSION_LESS_URGENT},
                                         {"repeat", JZ_CONCLUSION_REPEAT},
                                         {"see the text", JZ_CONCLUSION_OTHER},
                                         {NULL, 0}};

const struct named diagnosis_names[] = {{"STEMI", JZ_DIAGNOSIS_STEMI},
                                        {"NSTE-ACS", JZ_DIAGNOSIS_NSTE_ACS},
                                        {"dissection", JZ_DIAGNOSIS_DISSECTION},
                                        {"pulmonary embolism", JZ_DIAGNOSIS_PULMONARY_EMBOLISM},
                                        {"other cardiac", JZ_DIAGNOSIS_OTHER_CARDIAC},
                                        {"preeclampsia", JZ_DIAGNOSIS_PREECLAMPSIA},
                                        {"haemorrhage", JZ_DIAGNOSIS_HAEMORRHAGE},
                                        {"preterm birth", JZ_DIAGNOSIS_PRETERM},
                                        {"sepsis", JZ_DIAGNOSIS_SEPSIS},
                                        {"other obstetric", JZ_DIAGNOSIS_OTHER_OBSTETRIC},
                                        {"other", JZ_DIAGNOSIS_OTHER},
                                        {NULL, 0}};

const struct named source_names[] = {{"event", JZ_STAMP_EVENT},       {"recording", JZ_STAMP_RECORDING},
                                     {"crew", JZ_STAMP_CREW},         {"hospital", JZ_STAMP_HOSPITAL},
                                     {"dispatch", JZ_STAMP_DISPATCH}, {NULL, 0}};

const struct named kin_names[] = {{"newborn", JZ_KIN_NEWBORN},
                                  {"mother", JZ_KIN_MOTHER},
                                  {"merged into", JZ_KIN_MERGED_INTO},
                                  {"merged from", JZ_KIN_MERGED_FROM},
                                  {NULL, 0}};

const struct named consult_names[] = {{"asked", JZ_CONSULT_ASKED},       {"taken", JZ_CONSULT_TAKEN},
                                      {"answered", JZ_CONSULT_ANSWERED}, {"telephone", JZ_CONSULT_PHONE},
                                      {"ended", JZ_CONSULT_ENDED},       {NULL, 0}};

const struct named proposal_names[] = {
    {"waits", 1u}, {"confirmed", 2u}, {"refused", 3u}, {"expired", 4u}, {NULL, 0}};

const struct named reperfusion_names[] = {
    {"none", JZ_REPERFUSION_NONE},   {"cannot say", JZ_REPERFUSION_CANNOT_SAY},
    {"PCI", JZ_REPERFUSION_PCI},     {"PCI anyway", JZ_REPERFUSION_PCI_ANYWAY},
    {"lysis", JZ_REPERFUSION_LYSIS}, {"discuss", JZ_REPERFUSION_DISCUSS},
    {"ask", JZ_REPERFUSION_ASK},     {NULL, 0}};

const struct named wayout_names[] = {{"nearest", JZ_FALLBACK_NEAREST},
                                     {"stabilise", JZ_FALLBACK_STABILISE},
                                     {"lysis", JZ_FALLBACK_LYSIS},
                                     {"team", JZ_FALLBACK_TEAM},
                                     {NULL, 0}};

const struct named wayout_why_names[] = {{"nobody", JZ_FALLBACK_BECAUSE_NOBODY},
                                         {"goal", JZ_FALLBACK_BECAUSE_GOAL},
                                         {"reach", JZ_FALLBACK_BECAUSE_REACH},
                                         {"bypass", JZ_FALLBACK_BECAUSE_BYPASS},
                                         {NULL, 0}};

const struct named pair_names[] = {{"nobody takes both", JZ_PAIR_NOBODY},
                                   {"mother first", JZ_PAIR_MOTHER_FIRST},
                                   {"goal", JZ_PAIR_GOAL},
                                   {"too far", JZ_PAIR_TOO_FAR},
                                   {NULL, 0}};

const struct named change_names[] = {
    {"margin", JZ_CHANGE_MARGIN}, {"places", JZ_CHANGE_PLACES}, {"excluded", JZ_CHANGE_EXCLUDED}, {NULL, 0}};

const struct named flag_names[] = {{"unsure", JZ_CANDIDATE_UNSURE},
                                   {"expired", JZ_CANDIDATE_EXPIRED},
                                   {"unknown", JZ_CANDIDATE_UNKNOWN},
                                   {"full", JZ_CANDIDATE_FULL},
                                   {"onward", JZ_CANDIDATE_ONWARD},
                                   {"meets the goal", JZ_CANDIDATE_MEETS},
                                   {NULL, 0}};

const struct named notice_names[] = {{"not delivered", JZ_NOTICE_NOT_DELIVERED},
                                     {"escalated", JZ_NOTICE_ESCALATED},
                                     {"standby", JZ_NOTICE_STANDBY},
                                     {"team not ready", JZ_NOTICE_TEAM_NOT_READY},
                                     {"path dead", JZ_NOTICE_PATH_DEAD},
                                     {"consult", JZ_NOTICE_CONSULT},
                                     {"handover", JZ_NOTICE_HANDOVER},
                                     {"not told", JZ_NOTICE_NOT_TOLD},
                                     {NULL, 0}};

const struct named probe_names[] = {{"never tried", JZ_PROBE_NONE},
                                    {"on its way", JZ_PROBE_SENT},
                                    {"alive", JZ_PROBE_ALIVE},
                                    {"dead", JZ_PROBE_DEAD},
                                    {NULL, 0}};

const struct named confirmation_names[] = {{"withdrawn", JZ_CONFIRMATION_NONE},
                                           {"absent", JZ_CONFIRMATION_ABSENT},
                                           {"round the clock", JZ_CONFIRMATION_ROUND_THE_CLOCK},
                                           {"office hours", JZ_CONFIRMATION_OFFICE_HOURS},
                                           {"closed now", JZ_CONFIRMATION_CLOSED_NOW},
                                           {NULL, 0}};

const struct named colour_names[] = {{"green", 0u}, {"yellow", 1u}, {"red", 2u}, {"black", 3u}, {NULL, 0}};

const struct named triage_names[] = {{"right", 1u}, {"too high", 2u}, {"too low", 3u}, {NULL, 0}};

const struct named service_event_names[] = {{"set", 1u},
                                            {"diverted", 2u},
                                            {"diversion ended", 3u},
                                            {"held", 4u},
                                            {"released", 5u},
                                            {"used", 6u},
                                            {"number expired", 7u},
                                            {"diversion ending", 8u},
                                            {"diversion over", 9u},
                                            {"confirmed", 10u},
                                            {"confirmation expired", 11u},
                                            {"region short", 12u},
                                            {"over-booked", 13u},
                                            {"held without a number", 14u},
                                            {"office hours turned", 15u},
                                            {NULL, 0}};

const struct named action_names[] = {{"choose destination", JZ_ACTION_CHOOSE_DESTINATION},
                                     {"set priority", JZ_ACTION_SET_PRIORITY},
                                     {"stand down", JZ_ACTION_STAND_DOWN},
                                     {"reopen", JZ_ACTION_REOPEN},
                                     {"merge", JZ_ACTION_MERGE},
                                     {"birth", JZ_ACTION_BIRTH},
                                     {"transfer", JZ_ACTION_TRANSFER},
                                     {"join", JZ_ACTION_JOIN},
                                     {"identify", JZ_ACTION_IDENTIFY},
                                     {"divert", JZ_ACTION_DIVERT},
                                     {"end divert", JZ_ACTION_END_DIVERT},
                                     {"set capacity", JZ_ACTION_SET_CAPACITY},
                                     {"confirm capability", JZ_ACTION_CONFIRM_CAPABILITY},
                                     {"stamp", JZ_ACTION_STAMP},
                                     {"ask consult", JZ_ACTION_ASK_CONSULT},
                                     {"take consult", JZ_ACTION_TAKE_CONSULT},
                                     {"pass consult", JZ_ACTION_PASS_CONSULT},
                                     {"answer consult", JZ_ACTION_ANSWER_CONSULT},
                                     {"sign handover", JZ_ACTION_SIGN_HANDOVER},
                                     {"outcome", JZ_ACTION_OUTCOME},
                                     {NULL, 0}};

const struct named target_names[] = {{"running", 1u}, {"due soon", 2u}, {"overdue", 3u},
                                     {"met", 4u},     {"late", 5u},     {NULL, 0}};
