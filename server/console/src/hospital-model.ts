/* SPDX-License-Identifier: Apache-2.0 */
/* What the receiving board works out from what the server said. Pure: no signal, no document. */
import { PHASE, RECEIPT, SERVICE, TEAM } from "./codes";
import { isEnded, isOffUntold, isUnanswered, type State } from "./state";
import { ALERT, type Alert, type Facility, type Patient, type Team, type TrendRow } from "./wire";

/* --- the list --------------------------------------------------------------------------------------------- */

export interface Groups { off: Alert[]; asked: Alert[]; coming: Alert[]; here: Alert[]; gone: Alert[]; ended: Alert[] }

/** One hospital's alerts by what the team has to do about them. `off`: must be confirmed; `gone`: handed over.
 *  @param alerts  in the order in which they are to be shown */
export function groupsOf(alerts: readonly Alert[]): Groups {
    const of: Groups = { off: [], asked: [], coming: [], here: [], gone: [], ended: [] };
    for (const a of alerts) {
        if (isOffUntold(a)) of.off.push(a);
        else if (isUnanswered(a)) of.asked.push(a);
        else if (a.state === ALERT.arrived) of.here.push(a);
        else if (a.state === ALERT.handedOver) of.gone.push(a);
        else if (isEnded(a)) of.ended.push(a);
        else of.coming.push(a);
    }
    return of;
}

export const NEAR_MS = 5 * 60000; /* console.md 6 */

/** When the patient arrives here by the newest travel time; undefined: arrived, off, or no travel time is known. */
export function arrivalMs(alert: Alert, patient: Patient | undefined): number | undefined {
    if (isEnded(alert) || alert.state === ALERT.arrived) return undefined;
    const newest = patient?.ranking?.candidates.find((c) => c.facility === alert.facility);
    if (patient?.ranking && newest && newest.travelS > 0) return patient.ranking.ms + newest.travelS * 1000;
    return alert.travelS ? alert.raisedMs + alert.travelS * 1000 : undefined;
}
/** On its way to this hospital and at most five minutes from it. */
export function isNear(alert: Alert, patient: Patient | undefined, nowMs: number): boolean {
    const at = arrivalMs(alert, patient), comes = alert.state === ALERT.accepted || alert.state === ALERT.preparing;
    return comes && at !== undefined && at - nowMs <= NEAR_MS;
}

/** Where the patient goes instead, as far as this hospital is told. */
export const elsewhereOf = (alert: Alert, patient: Patient | undefined): string | undefined =>
    (patient?.chosen && patient.chosen.facility !== alert.facility ? patient.chosen.facility : undefined);

/** Handed over here, and on the way to another hospital since: its next times are not this hospital's. */
export const isGoneOn = (alert: Alert, patient: Patient): boolean => alert.state === ALERT.handedOver && patient.phase === PHASE.open;

/* --- teams ------------------------------------------------------------------------------------------------ */

const READY_MS = 5 * 60000; /* READY_LIMIT_MS of server/core/team.c */

/** A needed team that is not ready five minutes after the acceptance, whether or not the server has said so yet. */
export const isTeamLate = (alert: Alert, team: Team, nowMs: number): boolean => team.needed && team.receipt < RECEIPT.ready &&
    !isUnanswered(alert) && !isEnded(alert) && (team.reminded || (alert.state !== ALERT.arrived && alert.acceptedMs !== undefined && nowMs - alert.acceptedMs >= READY_MS));

export const readyOf = (alert: Alert): { ready: number; needed: number } => {
    const needed = alert.teams.filter((x) => x.needed);
    return { ready: needed.filter((x) => x.receipt === RECEIPT.ready).length, needed: needed.length };
};

const SERVICE_OF: Readonly<Record<number, number>> = {
    [TEAM.ed]: SERVICE.ed, [TEAM.cathLab]: SERVICE.cathLab, [TEAM.obstetrics]: SERVICE.obstetrics, [TEAM.nicu]: SERVICE.nicu, [TEAM.blood]: SERVICE.blood,
};
/** Services that this patient needs and the hospital diverts now: the patient still comes, and somebody must know. */
export function divertedFor(alert: Alert, facility: Facility | undefined, nowMs: number): number[] {
    if (isEnded(alert)) return [];
    const needed = alert.teams.filter((x) => x.needed).map((x) => SERVICE_OF[x.team] ?? 0);
    return needed.filter((s) => (facility?.services.get(s)?.divertedUntilMs ?? 0) > nowMs);
}

/* --- times that a hospital stamps with one tap ------------------------------------------------------------ */

const DOOR = 67109207;
/** By complaint, in the order in which they usually happen: field codes of protocol/fields/. A test reads those files. */
export const TAPS: Readonly<Record<number, readonly (readonly [code: number, field: string])[]>> = {
    1: [[DOOR, "door"], [67111405, "first_doctor"], [67111412, "lab_activated"], [67111413, "lab_ready"], [67111409, "reperfusion_decision"],
        [67111406, "antiplatelet"], [67109210, "needle"], [67111414, "puncture"], [67109209, "wire"], [67111420, "ct_ordered"], [67111421, "ct_start"]],
    2: [[DOOR, "door"], [67112615, "antihypertensive"], [67112618, "mgso4_start"], [67109211, "decision_delivery"], [67112626, "theatre_ready"],
        [67109212, "delivery"], [67112605, "placenta_out"], [67112609, "transfusion_called"], [67112610, "blood_at_bedside"], [67112611, "blood_crossmatched"]],
};
/** Events that are drugs: what the sheet lists under them. */
export const DRUGS: readonly (readonly [code: number, field: string])[] = [[67109210, "needle"], [67111406, "antiplatelet"], [67112615, "antihypertensive"],
    [67112618, "mgso4_start"], [67112608, "txa"], [67112622, "steroid"], [67112624, "antibiotic"], [67112625, "gbs_antibiotic"]];

/* --- the sheet -------------------------------------------------------------------------------------------- */

/** At most `max` rows of the trend, spread evenly over it; the first and the last always. */
export function spread(rows: readonly TrendRow[], max: number): TrendRow[] {
    if (rows.length <= max) return [...rows];
    return Array.from({ length: max }, (_, i) => rows[Math.round((i * (rows.length - 1)) / (max - 1))] as TrendRow);
}

/** The alert that this hospital has of a patient: the one it accepted, else the newest that still matters, else the newest. */
export function ownAlert(state: State, patient: Patient): Alert | undefined {
    const own = patient.alerts.map((id) => state.alerts.get(id)).filter((a): a is Alert => a !== undefined && a.facility === state.me?.facility);
    return own.filter((a) => a.acceptedMs !== undefined).at(-1) ?? own.filter((a) => !isEnded(a)).at(-1) ?? own.at(-1);
}
