/* SPDX-License-Identifier: Apache-2.0 */
/* What the page knows: a fold of frames. Pure, so a session can be replayed in a test.
 *
 * Nothing here is optimistic: an answer is `pending` until the server says it is durable. */
import { ACTION, CONSULT, PHASE, PROPOSAL, WAITS_FOR_SECOND } from "./codes";
import { ALERT, ROLE, WAVE, type Action, type Alert, type Answer, type Consult, type Facility, type Frame, type Patient,
    type Plan, type Proposal, type Waveform, type Welcome } from "./wire";

export const SEGMENTS_MAX = 4096; /* of one patient's live strip: CTG at one segment a second for an hour */
export const LIVE_ECG_MS = 12000;
export const CTG_MS = 60 * 60000;
export const OLDER_MAX = 1; /* beside the newest: as many recordings as the server keeps */
export const ACTIONS_MAX = 32; /* whose outcome is remembered: the newest */

/** `older`: recordings before `snapshot`, the newest first. */
export interface Waves { ecg: Waveform[]; snapshot: Waveform[]; older: readonly Waveform[][]; ctg: Waveform[]; version: number }
export interface Pending extends Answer { seq: number; phase: "sent" | "durable" | "refused" | "lost"; status?: number }
/** What became of an action. `waits`: for a second person, as a proposal of the server's. */
export interface Acting extends Action { seq: number; phase: Pending["phase"] | "waits"; status?: number }
export interface State {
    readonly me?: Welcome;
    readonly facilities: ReadonlyMap<string, Facility>;
    readonly patients: ReadonlyMap<string, Patient>;
    readonly alerts: ReadonlyMap<number, Alert>;
    readonly waves: ReadonlyMap<string, Waves>;
    readonly pending: ReadonlyMap<number, Pending>; /* by alert id: the newest answer a person gave */
    readonly acting: ReadonlyMap<number, Acting>;   /* by sequence number, oldest first */
    readonly consults: ReadonlyMap<number, Consult>;
    readonly proposals: ReadonlyMap<number, Proposal>; /* that wait */
    readonly plans: ReadonlyMap<number, Plan>;      /* by service */
    readonly probes: ReadonlyMap<string, number>;   /* by hospital: the newest number */
    readonly fresh?: ReadonlySet<string>;           /* what the snapshot under way named so far */
    readonly refused?: { status: number; text: string };
}
export const EMPTY: State = {
    facilities: new Map(), patients: new Map(), alerts: new Map(), waves: new Map(), pending: new Map(),
    acting: new Map(), consults: new Map(), proposals: new Map(), plans: new Map(), probes: new Map(),
};

const put = <K, V>(of: ReadonlyMap<K, V>, key: K, value: V): Map<K, V> => new Map(of).set(key, value);
const without = <K, V>(of: ReadonlyMap<K, V>, key: K): Map<K, V> => new Map([...of].filter(([k]) => k !== key));

/** The next state. @param frame  as decoded; order of arrival is order of truth. */
export function reduce(state: State, frame: Frame): State {
    switch (frame.kind) {
        case "welcome": return greeted(state, frame);
        case "facility": return { ...state, facilities: put(state.facilities, frame.id, frame) };
        case "patient": return named({ ...state, patients: put(state.patients, frame.id, frame) }, `p${frame.id}`);
        case "alert": return named(withAlert(state, frame), `a${frame.id}`);
        case "consult": return named(withConsult(state, frame), `c${frame.number}`);
        case "proposal": return named({ ...state, proposals: withProposal(state, frame) }, `s${frame.number}`);
        case "plan": return { ...state, plans: frame.rows.length > 0 ? put(state.plans, frame.service, frame) : without(state.plans, frame.service) };
        case "probe": return { ...state, probes: put(state.probes, frame.facility, frame.number) };
        case "waveform": return { ...state, waves: put(state.waves, frame.encounter, withWave(state, frame)) };
        case "clock": return state.fresh ? withoutLeftovers(state, state.fresh) : state;
        case "ack": return settled(state, frame.upTo.get(0) ?? 0);
        case "error": return withRefusal(state, frame.status, frame.text, frame.lane, frame.seq);
    }
}

/** Notes that a person answered. The alert itself does not change: the server has not spoken yet. */
export function answered(state: State, answer: Answer, seq: number): State {
    return { ...state, pending: put(state.pending, answer.alert, { ...answer, seq, phase: "sent" }) };
}

/** Notes that a person acted. What it is about does not change: the server has not spoken yet. */
export function acted(state: State, action: Action, seq: number): State {
    const acting = [...state.acting, [seq, { ...action, seq, phase: "sent" }] as const];
    return { ...state, acting: new Map(acting.slice(-ACTIONS_MAX)) };
}

/** The person has read what became of it. */
export const forgotten = (state: State, seq: number): State => ({ ...state, acting: without(state.acting, seq) });

function named(state: State, name: string): State {
    return state.fresh ? { ...state, fresh: new Set(state.fresh).add(name) } : state;
}

/* The snapshot is whole: what it did not name is no longer this person's to see. */
function withoutLeftovers(state: State, fresh: ReadonlySet<string>): State {
    const patients = new Map([...state.patients].filter(([id]) => fresh.has(`p${id}`)));
    const alerts = new Map([...state.alerts].filter(([id]) => fresh.has(`a${id}`)));
    const waves = new Map([...state.waves].filter(([id]) => patients.has(id)));
    const consults = new Map([...state.consults].filter(([n]) => fresh.has(`c${n}`)));
    const proposals = new Map([...state.proposals].filter(([n]) => fresh.has(`s${n}`)));
    const { fresh: _, ...rest } = state;
    return { ...rest, patients, alerts, waves, consults, proposals };
}

type Sent = Pending | Acting;
function each<S extends Sent>(of: ReadonlyMap<number, S>, change: (sent: S) => S["phase"]): Map<number, S> {
    return new Map([...of].map(([key, s]) => [key, s.phase === "sent" ? { ...s, phase: change(s) } : s]));
}

/* What was sent into a connection that broke: the welcome says whether the server has it. Plans and probes are told anew. */
function greeted(state: State, welcome: Welcome): State {
    const durable = welcome.durable.get(0) ?? 0, known = (s: Sent) => (s.seq <= durable ? "durable" : "lost");
    return { ...state, me: welcome, fresh: new Set(), pending: each(state.pending, known), acting: each(state.acting, known),
        plans: new Map(), probes: new Map() };
}

function settled(state: State, upTo: number): State {
    const phase = (s: Sent) => (s.seq <= upTo ? "durable" : "sent");
    return { ...state, pending: each(state.pending, phase), acting: each(state.acting, phase) };
}

/* With the case it ends, and nothing of it may be seen any more: a consultant's page forgets the patient as well. */
function withConsult(state: State, consult: Consult): State {
    if (consult.state !== CONSULT.ended) return { ...state, consults: put(state.consults, consult.number, consult) };
    const next = { ...state, consults: without(state.consults, consult.number) };
    return state.me?.role === ROLE.consultant ? withoutPatient(next, consult.encounter) : next;
}

/** Forgets a patient whom this person may not see any more, before the next snapshot does. */
export const withoutPatient = (state: State, id: string): State =>
    ({ ...state, patients: without(state.patients, id), waves: without(state.waves, id) });

const withProposal = (state: State, proposal: Proposal) =>
    (proposal.state === PROPOSAL.waits ? put(state.proposals, proposal.number, proposal) : without(state.proposals, proposal.number));

function withAlert(state: State, alert: Alert): State {
    const before = state.alerts.get(alert.id);
    const pending = new Map(state.pending);
    if (before && (before.state !== alert.state || before.occurrence !== alert.occurrence)) pending.delete(alert.id);
    return { ...state, alerts: put(state.alerts, alert.id, alert), pending };
}

function withRefusal(state: State, status: number, text: string, lane?: number, seq?: number): State {
    const hit = lane === 0 ? [...state.pending].find(([, p]) => p.seq === seq) : undefined;
    const act = lane === 0 ? state.acting.get(seq ?? 0) : undefined;
    if (act) return { ...state, acting: put(state.acting, act.seq, { ...act, phase: status === WAITS_FOR_SECOND ? "waits" : "refused", status }) };
    if (!hit) return { ...state, refused: { status, text } };
    return { ...state, pending: put(state.pending, hit[0], { ...hit[1], phase: "refused", status }) };
}

/* --- waveforms ------------------------------------------------------------------------------------------ */

const endMs = (w: Waveform) => w.ms + (w.samples * w.periodUs) / 1000;

function trimmed(segments: Waveform[], spanMs: number): Waveform[] {
    const newest = Math.max(...segments.slice(-16).map(endMs));
    return segments.filter((w) => endMs(w) > newest - spanMs).slice(-SEGMENTS_MAX);
}

function inOrder(segments: Waveform[], next: Waveform): Waveform[] {
    const before = segments.filter((w) => w.ms !== next.ms || w.channels[0] !== next.channels[0]);
    return [...before, next].sort((a, b) => a.ms - b.ms);
}

/* A device that was restarted counts its recordings from 1 again. RECORDING_MS: JZ_TRACE_RECORDING_MS of server/trace.h. */
const RECORDING_MS = 60000;
const isOfRecording = (first: Waveform, next: Waveform) => next.snapshot === first.snapshot && Math.abs(next.ms - first.ms) <= RECORDING_MS;

/* Into the recording it is of; one that is not known yet finds its place by when it began. */
function withOlder(older: readonly Waveform[][], next: Waveform): Waveform[][] {
    const isOf = (recording: readonly Waveform[]) => recording[0] !== undefined && isOfRecording(recording[0], next);
    const all = older.some(isOf) ? older.map((r) => (isOf(r) ? inOrder(r, next).slice(-64) : r)) : [...older, [next]];
    return [...all].sort((a, b) => (b[0]?.ms ?? 0) - (a[0]?.ms ?? 0)).slice(0, OLDER_MAX);
}

function withWave(state: State, next: Waveform): Waves {
    const old = state.waves.get(next.encounter) ?? { ecg: [], snapshot: [], older: [], ctg: [], version: 0 };
    const version = old.version + 1;
    if (next.wave === WAVE.ctg) return { ...old, version, ctg: trimmed(inOrder(old.ctg, next), CTG_MS) };
    if (next.snapshot === 0) return { ...old, version, ecg: trimmed(inOrder(old.ecg, next), LIVE_ECG_MS) };
    const [shown] = old.snapshot, same = shown && isOfRecording(shown, next);
    if (shown && !same && next.snapshot <= shown.snapshot && next.ms < shown.ms) return { ...old, version, older: withOlder(old.older, next) }; /* late: does not replace the newest */
    const older = shown && !same ? [old.snapshot, ...old.older].slice(0, OLDER_MAX) : old.older;
    return { ...old, version, older, snapshot: inOrder(same ? old.snapshot : [], next).slice(-64) };
}

/* --- what the screens ask -------------------------------------------------------------------------------- */

const UNANSWERED: ReadonlySet<number> = new Set([ALERT.raised, ALERT.delivered, ALERT.seen]);
const ENDED: ReadonlySet<number> = new Set([ALERT.declined, ALERT.handedOver, ALERT.withdrawn, ALERT.expired]);
export const isUnanswered = (alert: Alert): boolean => UNANSWERED.has(alert.state);
export const isEnded = (alert: Alert): boolean => ENDED.has(alert.state);

/** Closed, or its record goes on in another. */
export const isOver = (patient: Patient): boolean => patient.phase === PHASE.closed || patient.phase === PHASE.merged;

/** Most urgent first; then who waits longest. Handed over after those, and what is over last. */
export function patientsByPriority(state: State): Patient[] {
    const rank = (p: Patient) => (isOver(p) ? 2 : p.phase === PHASE.handedOver ? 1 : 0);
    return [...state.patients.values()].sort((a, b) => rank(a) - rank(b) || a.priority - b.priority || a.openedMs - b.openedMs);
}

/** Unanswered first, escalated before others, most urgent first, oldest first. */
export function alertsByUrgency(state: State): Alert[] {
    const rank = (a: Alert) => (isUnanswered(a) ? (a.escalated ? 0 : 1) : isEnded(a) ? 3 : 2);
    return [...state.alerts.values()].sort(
        (a, b) => rank(a) - rank(b) || a.priority - b.priority || a.raisedMs - b.raisedMs || a.id - b.id);
}

export function newestAlert(state: State, patient: Patient): Alert | undefined {
    for (let i = patient.alerts.length - 1; i >= 0; i--) {
        const alert = state.alerts.get(patient.alerts[i] ?? 0);
        if (alert) return alert;
    }
    return undefined;
}

/** The hospital that accepted, else the one being asked; one on standby only where no other is. */
export function destinationOf(state: State, patient: Patient): Alert | undefined {
    const own = patient.alerts.map((id) => state.alerts.get(id)).filter((a): a is Alert => a !== undefined);
    return own.find((a) => a.state === ALERT.accepted || (a.state >= ALERT.preparing && a.state <= ALERT.handedOver))
        ?? own.filter((a) => isUnanswered(a) && !a.standby).at(-1) ?? own.filter(isUnanswered).at(-1);
}

/** The patient does not come after all, and nobody of the hospital has confirmed that they know. */
export const isOffUntold = (alert: Alert): boolean =>
    (alert.state === ALERT.withdrawn || alert.state === ALERT.expired) && !alert.told;
const OFF_PRIORITY = 3; /* somebody must stop preparing: a medium alarm at most */

/** Alerts that must be heard by this person: a receiving team its own, also those that are off until it confirms; a dispatcher
 *  what nobody answered. */
export function mustSound(state: State): Alert[] {
    const role = state.me?.role, facility = state.me?.facility, all = [...state.alerts.values()];
    if (role !== ROLE.receiving) return all.filter((a) => role === ROLE.dispatcher && isUnanswered(a) && a.escalated);
    return all.filter((a) => a.facility === facility && (isUnanswered(a) || isOffUntold(a)))
        .map((a) => (isUnanswered(a) ? a : { ...a, priority: Math.max(a.priority, OFF_PRIORITY) }));
}

/** Proposals that can still be confirmed, the one that ends first comes first: the server does not say when one has ended. */
export const waiting = (state: State, nowMs: number): Proposal[] =>
    [...state.proposals.values()].filter((p) => p.untilMs > nowMs).sort((a, b) => a.untilMs - b.untilMs);

/** What this page has to say once it has sounded the newest probe: only its own hospital's, and only while it can make sound.
 *  @param sounded  number it answered last; 0: none  @return undefined: nothing */
export function probeAnswer(state: State, canSound: boolean, sounded: number): (Action & { number: number }) | undefined {
    const me = state.me, number = me?.role === ROLE.receiving ? state.probes.get(me.facility) : undefined;
    if (!me || !canSound || number === undefined || number === sounded) return undefined;
    return { what: ACTION.probeSounded, facility: me.facility, number };
}

/* --- the link -------------------------------------------------------------------------------------------- */

export type Health = "live" | "late" | "lost";
export const LATE_MS = 10000, LOST_MS = 15000;
/** @param silenceMs  since the last message; the server sends its clock every 5 s. */
export const healthOf = (open: boolean, silenceMs: number): Health =>
    !open || silenceMs > LOST_MS ? "lost" : silenceMs > LATE_MS ? "late" : "live";

const BACKOFF_FIRST_MS = 500, BACKOFF_LAST_MS = 8000;
/** Wait before try number `attempt` (0 first): doubles from 0.5 s to 8 s, spread by 20 % so that a server that
 *  comes back is not met by all pages at once. @param random  0 to 1. */
export const backoffMs = (attempt: number, random: number): number =>
    Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * random);
