/* SPDX-License-Identifier: Apache-2.0 */
/* What is expected of alerts: their state, how they were told, and the teams that they call. */
#include <string.h>

#include "hope.h"

static bool found(const struct jz_alert_record *a, char *so, size_t so_bytes) {
    if (!a) snprintf(so, so_bytes, "there is no alert there");
    return a != NULL;
}

CHECK(alert_state) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "it is %s", name_of(alert_state_names, a->state));
    return a->state == says[0].number;
}

CHECK(alert_escalated) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    (void)says;
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "it is not escalated");
    return a->escalated != 0;
}

CHECK(alert_priority) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "it is %u", a->priority);
    return a->priority == says[0].number;
}

CHECK(alert_asked) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "asked %u times", a->occurrence);
    return a->occurrence == says[0].number;
}

CHECK(alert_by) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "by \"%s\"", a->person);
    return strcmp(a->person, says[0].text) == 0;
}

CHECK(alert_for) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    char list[300];
    if (!found(a, so, so_bytes)) return false;
    hope_conditions(s, a->conditions, list, sizeof list);
    snprintf(so, so_bytes, "it is for %s", list);
    return a->conditions >> says[0].number & 1u;
}

CHECK(alert_reason) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "the reason is %s", name_of(decline_names, a->reason));
    return a->reason == says[0].number;
}

/* --- how it was told ------------------------------------------------------------------------------------------------------------ */

CHECK(alert_standby) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    (void)says;
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "it is asked itself");
    return a->standby != 0;
}

CHECK(alert_technical) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    (void)says;
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "nobody has to telephone for technical reasons");
    return a->technical != 0;
}

CHECK(alert_told) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    (void)says;
    if (!found(a, so, so_bytes)) return false;
    snprintf(so, so_bytes, "the hospital has not confirmed that it is off");
    return a->told != 0;
}

CHECK(alert_grade) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    return found(a, so, so_bytes) && hope_number(a->grade, says[0].number, grade_names, so, so_bytes);
}

CHECK(alert_rung) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    return found(a, so, so_bytes) && hope_number(a->rung, says[0].number, NULL, so, so_bytes);
}

CHECK(alert_text) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[0].number);
    return found(a, so, so_bytes) && hope_text(a->reason_text, says[0].text, so, so_bytes);
}

/* --- teams ------------------------------------------------------------------------------------------------------------------------ */

static const struct jz_team_record *team_of(const struct scene *s, uint32_t slot,
                                            const struct word_arg *about, char *so, size_t so_bytes) {
    const struct jz_alert_record *a = hope_alert(s, slot, about[1].number);
    return found(a, so, so_bytes) ? &a->team[about[0].number] : NULL;
}

CHECK(team_needed) {
    const struct jz_team_record *team = team_of(s, slot, about, so, so_bytes);
    (void)says;
    if (!team) return false;
    snprintf(so, so_bytes, "no condition calls it");
    return team->needed != 0;
}

CHECK(team_receipt) {
    const struct jz_team_record *team = team_of(s, slot, about, so, so_bytes);
    return team && hope_number(team->receipt, says[0].number, receipt_names, so, so_bytes);
}

CHECK(team_late) {
    const struct jz_team_record *team = team_of(s, slot, about, so, so_bytes);
    (void)says;
    if (!team) return false;
    snprintf(so, so_bytes, "it was not reminded");
    return team->late != 0;
}

CHECK(team_by) {
    const struct jz_team_record *team = team_of(s, slot, about, so, so_bytes);
    return team && hope_text(team->person, says[0].text, so, so_bytes);
}

#define ALERT "alert at <hospital>"
#define TEAM "team <team> at <hospital>"
const struct hope alert_hopes[] = {
    {ALERT, "<state>", alert_state, "the hospital's newest alert for this patient"},
    {ALERT, "escalated", alert_escalated,
     "to the duty officer and the dispatcher: nobody answered in a minute"},
    {ALERT, "priority <number>", alert_priority, ""},
    {ALERT, "asked <number> times", alert_asked, "each rise in severity rings again, and each repetition"},
    {ALERT, "by <name>", alert_by, "the person who answered"},
    {ALERT, "for <condition>", alert_for, ""},
    {ALERT, "reason <reason>", alert_reason, "of a refusal, or a limit of the acceptance"},
    {ALERT, "text <text>", alert_text, "beside the reason"},
    {ALERT, "standby", alert_standby,
     "asked beside another hospital that does not answer; nobody is sent there"},
    {ALERT, "grade <grade>", alert_grade, ""},
    {ALERT, "rung <number>", alert_rung,
     "of the ladder: 1 after 10 s, 2 after 30 s, 3 after 60 s, 4 after 120 s"},
    {ALERT, "technical", alert_technical, "telephone: no screen of the hospital confirmed it"},
    {ALERT, "told", alert_told, "the hospital confirmed that it is off"},
    {TEAM, "needed", team_needed, "a condition of the patient calls it"},
    {TEAM, "<receipt>", team_receipt, "its newest receipt"},
    {TEAM, "late", team_late, "it was reminded"},
    {TEAM, "by <name>", team_by, "who acknowledged, or said that it is ready"},
    {.says = NULL}};
