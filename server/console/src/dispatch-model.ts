/* SPDX-License-Identifier: Apache-2.0 */
/* What the dispatcher's screen works out from what the server said. Pure: no signal, no document. */
import { ACTION, KIN, PATH, PHASE, PLACES, REASON, SERVICE, TARGET } from "./codes";
import { needsOf } from "./needs";
import { destinationOf, isEnded, isUnanswered, type State } from "./state";
import type { Action, Alert, Candidate, Exclusion, Facility, Path, Patient, Service, Stamp, Target, TrendRow } from "./wire";

export { QUESTION_BYTES_MAX, bytesOf } from "./writing";

/* --- the list --------------------------------------------------------------------------------------------- */

export const ROWS_MOUNTED_MAX = 40; /* console.md 8: with more the list drops frames */
export const ROW_PX = 38;           /* styles/dispatch.css has the same */

/** Which rows are mounted: those in view and as many before and after as fit.
 *  @return from `first`, included, to `last`, excluded */
export function windowOf(count: number, scrollPx: number, viewPx: number, rowPx = ROW_PX, max = ROWS_MOUNTED_MAX): { first: number; last: number } {
    const seen = Math.min(max, Math.ceil(viewPx / rowPx) + 1), spare = Math.floor((max - seen) / 2);
    const first = Math.max(0, Math.min(Math.floor(scrollPx / rowPx) - spare, count - max));
    return { first, last: Math.min(count, first + max) };
}

/** When it arrives, by the newest travel time: that is of `asOfMs`. undefined: not on the way, or no travel time is known. */
export function etaOf(state: State, patient: Patient): { atMs: number; asOfMs: number } | undefined {
    const to = patient.phase === PHASE.open ? destinationOf(state, patient) : undefined, ranking = patient.ranking;
    if (!to || !ranking) return undefined;
    const travelS = ranking.candidates.find((c) => c.facility === to.facility)?.travelS || to.travelS || 0;
    return travelS > 0 ? { atMs: ranking.ms + travelS * 1000, asOfMs: ranking.ms } : undefined;
}

/** Alerts that a dispatcher has to do something about now: nobody answered in time, or nothing shows that it arrived. */
export const unansweredAlerts = (state: State): Alert[] => [...state.alerts.values()]
    .filter((a) => (isUnanswered(a) && (a.escalated || a.technical)) || (isEnded(a) && isStranded(state, a)))
    .sort((a, b) => a.priority - b.priority || a.raisedMs - b.raisedMs || a.id - b.id);

/* The last word of a patient for whom nobody is asked any more. */
function isStranded(state: State, alert: Alert): boolean {
    const patient = state.patients.get(alert.encounter);
    return patient !== undefined && patient.call && patient.phase === PHASE.open && patient.alerts.at(-1) === alert.id;
}

/** What a digit means: 1 to 3 of the bar while it has the focus or no patient is open, else a recommendation. */
export const digitMeans = (barHasFocus: boolean, barShows: boolean, patientOpen: boolean): "bar" | "recommendation" | "nothing" =>
    barShows && (barHasFocus || !patientOpen) ? "bar" : patientOpen ? "recommendation" : "nothing";

/* --- choosing a hospital ---------------------------------------------------------------------------------- */

/** What choosing this hospital over the first of the ranking costs. */
export interface Loss {
    seconds?: number | undefined;   /* to treatment, more than the first; undefined: not known */
    lacks: string[];                /* capabilities that this patient may need, which the first has or may have */
    unverified: string[];           /* the same, of which nobody knows */
    candidate?: Candidate | undefined; exclusion?: Exclusion | undefined;
    second: boolean;                /* a second person must confirm it, unless the reason is the nearest for resuscitation */
}
const ABSENT = 0, CONFIRMED = 1;
const EXCLUDED_LACKS = 1, EXCLUDED_UNKNOWN = 4;

export function lossOf(state: State, patient: Patient, facility: string): Loss {
    const ranking = patient.ranking, first = ranking?.candidates[0], candidate = ranking?.candidates.find((c) => c.facility === facility);
    const exclusion = ranking?.exclusions.find((x) => x.facility === facility);
    const known = first && candidate && first.treatmentS > 0 && candidate.treatmentS > 0;
    const of = (id: string | undefined, name: string) => state.facilities.get(id ?? "")?.capabilities.get(name);
    const needs = needsOf(patient.conditions, patient.complaint).filter((name) => of(first?.facility, name) !== ABSENT || name === exclusion?.capability);
    return {
        seconds: known ? candidate.treatmentS - first.treatmentS : undefined, candidate, exclusion,
        lacks: needs.filter((name) => of(facility, name) === ABSENT),
        unverified: needs.filter((name) => of(facility, name) !== ABSENT && of(facility, name) !== CONFIRMED),
        second: exclusion?.why === EXCLUDED_LACKS || exclusion?.why === EXCLUDED_UNKNOWN,
    };
}

/** Reasons for another hospital than the first (docs/protocol.md, "Actions"). */
export const OVERRIDE_REASONS: readonly number[] = [REASON.conditionChanged, REASON.family, REASON.road, REASON.hospitalRefused,
    REASON.specialty, REASON.nearestResuscitation, REASON.other];

/** Where the patient is being taken or asked for: choosing that again changes nothing. */
export const currentFacility = (state: State, patient: Patient): string | undefined => destinationOf(state, patient)?.facility;

/* --- clocks and the course of the case -------------------------------------------------------------------- */

/** A clock at this moment; `leftMs` below 0: overdue. `missMs`: by how much it is predicted to be missed. */
export interface Running { ends: boolean; leftMs: number; share: number; missMs?: number | undefined; warning: 0 | 50 | 80 | 100 }
const WARNINGS = [0, 50, 80, 100] as const;

export function clockOf(target: Target, nowMs: number): Running {
    const ends = target.state === TARGET.met || target.state === TARGET.late, span = Math.max(1, target.dueMs - target.beganMs);
    const share = Math.max(0, Math.min(100, Math.floor(((nowMs - target.beganMs) * 100) / span)));
    const miss = target.predictedMs === undefined ? 0 : target.predictedMs - target.dueMs;
    const told = WARNINGS[target.warnings] ?? 0, past = share >= 100 ? 100 : share >= 80 ? 80 : share >= 50 ? 50 : 0;
    return { ends, leftMs: target.dueMs - nowMs, share, missMs: !ends && miss > 0 ? miss : undefined, warning: ends ? 0 : told > past ? told : past };
}

/** One thing that happened, for the course of the case. */
export interface Happening { ms: number; what: "opened" | "stamp" | "alert" | "accepted" | "ecg" | "asked" | "signed" | "gave" | "received";
    code?: number; facility?: string; person?: string; stamp?: Stamp }

export function courseOf(state: State, patient: Patient): Happening[] {
    const own = patient.alerts.map((id) => state.alerts.get(id)).filter((a): a is Alert => a !== undefined);
    const out: Happening[] = [{ ms: patient.openedMs, what: "opened" }];
    for (const stamp of patient.stamps) out.push({ ms: stamp.ms, what: "stamp", code: stamp.code, stamp });
    for (const a of own) {
        out.push({ ms: a.raisedMs, what: "alert", facility: a.facility });
        if (a.acceptedMs) out.push({ ms: a.acceptedMs, what: "accepted", facility: a.facility, person: a.person });
    }
    if (patient.ecg) out.push({ ms: patient.ecg.ms, what: "ecg" });
    const consult = patient.consult === undefined ? undefined : state.consults.get(patient.consult);
    if (consult) out.push({ ms: consult.askedMs, what: "asked", person: consult.askedBy });
    if (consult?.signedMs) out.push({ ms: consult.signedMs, what: "signed", person: consult.consultant });
    const { given, received } = patient.handover ?? {};
    if (given) out.push({ ms: given.ms, what: "gave", person: given.person });
    if (received) out.push({ ms: received.ms, what: "received", person: received.person });
    return out.sort((a, b) => a.ms - b.ms);
}

/** The newest row of the trend that is not after the moment. */
export const trendAt = (rows: readonly TrendRow[], ms: number): TrendRow | undefined => rows.filter((r) => r.ms <= ms).at(-1);

/* --- the region ------------------------------------------------------------------------------------------- */

export const SERVICES: readonly number[] = Object.values(SERVICE);

export type Places = { kind: "unknown"; held: number } | { kind: "known" | "expired"; free: number; held: number; ageMs: number };
/** An expired number is unknown: it is neither the old number nor 0. Also where it ended after the server spoke. */
export function placesOf(service: Service | undefined, nowMs: number): Places {
    const held = service?.held ?? 0;
    if (!service || service.setMs === 0) return { kind: "unknown", held };
    const over = service.state !== PLACES.known || (service.expiresMs > 0 && nowMs >= service.expiresMs);
    return { kind: over ? "expired" : "known", free: service.free, held, ageMs: nowMs - service.setMs };
}
export const isDiverted = (service: Service | undefined, nowMs: number): boolean => (service?.divertedUntilMs ?? 0) > nowMs;

/** Whether its boards can be heard; "none": nobody ever tried. */
export const pathOf = (path: Path | undefined): "none" | "sent" | "alive" | "dead" =>
    (["none", "sent", "alive", "dead"] as const)[path?.state ?? PATH.none] ?? "none";

/** How many places a hospital's ring on the map stands for; undefined: not known. Of the ED a colour is no number of places. */
export function ringOf(facility: Facility, service: number, nowMs: number): "diverted" | "free" | "full" | "unknown" {
    const row = facility.services.get(service), places = placesOf(row, nowMs);
    if (isDiverted(row, nowMs)) return "diverted";
    if (places.kind !== "known") return "unknown";
    return service === SERVICE.ed ? (places.free >= 3 ? "full" : "free") : places.free > 0 ? "free" : "full";
}

export const FIX_HOLLOW_MS = 30000, FIX_GREY_MS = 120000; /* console.md 1 */
export const fixOf = (ageMs: number): "fresh" | "hollow" | "grey" => (ageMs > FIX_GREY_MS ? "grey" : ageMs > FIX_HOLLOW_MS ? "hollow" : "fresh");

/** A merged record leads to the one that goes on; ends where that is not known. */
export function keptOf(state: State, patient: Patient): Patient {
    let at = patient;
    for (let hops = 0; hops < 8 && at.phase === PHASE.merged; hops++) { /* merges of merges */
        const next = state.patients.get(at.kin.find((k) => k.what === KIN.mergedInto)?.id ?? "");
        if (!next) return at;
        at = next;
    }
    return at;
}

/** Other live patients that bear the same tag. */
export const sameTag = (state: State, patient: Patient): Patient[] => (patient.tag === "" ? [] : [...state.patients.values()]
    .filter((p) => p.id !== patient.id && p.tag === patient.tag && p.phase !== PHASE.closed && p.phase !== PHASE.merged));

/** Alerts whose hospitals still have to do with the patient come first; each hospital once, its newest. */
export function alertsOf(state: State, patient: Patient): Alert[] {
    const own = patient.alerts.map((id) => state.alerts.get(id)).filter((a): a is Alert => a !== undefined);
    return own.sort((a, b) => Number(isEnded(a)) - Number(isEnded(b)) || b.raisedMs - a.raisedMs || b.id - a.id);
}

/** A time of day as the moment nearest to the server's clock; undefined: no time of day. Written in local time. */
export function momentOf(clock: string, nowMs: number): number | undefined {
    const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(clock.trim());
    if (!found) return undefined;
    const [h, m, s] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
    if (h > 23 || m > 59 || s > 59) return undefined;
    const at = new Date(nowMs).setHours(h, m, s, 0), DAY = 86400000, HALF = DAY / 2;
    return at - nowMs > HALF ? at - DAY : nowMs - at > HALF ? at + DAY : at;
}

/** About a hospital, or for or against a proposal: no patient is named. */
export const isOfRegion = (action: Action): boolean =>
    action.encounter === undefined && [ACTION.divert, ACTION.endDivert, ACTION.setCapacity, ACTION.second].some((what) => what === action.what);
