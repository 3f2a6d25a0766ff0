/* SPDX-License-Identifier: Apache-2.0 */
/* What travels between the server and this page: protocol/jingzhu.cddl in TypeScript.
 *
 * Pure: bytes to typed frames and back. A test reads the grammar and checks every number below against it. */
import { decodeFirst, encode } from "cborg";
import { CODE_MAX, Keys, MS_MAX, SEQ_MAX, VALUE_MAX, VALUE_MIN, WireError, bool, bytes, code, encounterId, int, list, map,
    moment, natural, seconds, seq, text, value, type Item } from "./keys";

export { ITEMS_MAX, TEXT_CHARS_MAX, WireError } from "./keys";

export const KIND = {
    hello: 1, welcome: 2, error: 3, ack: 4, clock: 5, waveform: 12,
    alert: 21, alertAnswer: 22, action: 23, patient: 24, facility: 25, probe: 26, consult: 27, proposal: 28, plan: 29,
} as const;
export const ROLE = { paramedic: 1, dispatcher: 2, receiving: 3, consultant: 4, administrator: 5, auditor: 6 } as const;
export const ALERT = {
    raised: 1, delivered: 2, seen: 3, accepted: 4, declined: 5,
    preparing: 6, arrived: 7, handedOver: 8, withdrawn: 9, expired: 10,
} as const;
export const VALIDITY = {
    valid: 1, stale: 2, probeOff: 3, outOfRange: 4, artefact: 5, inconsistent: 6, notMeasured: 7,
} as const;
export const WAVE = { ecg: 1, ctg: 2 } as const;
export const NUMBER = { rate: 0, pr: 1, qrs: 2, qt: 3, qtc: 4, axis: 5, conduction: 6, rhythm: 7 } as const;
export const TROUBLE = { off: 1, saturated: 2, noisy: 4, wander: 8, short: 16, unsteady: 32 } as const;
export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = "jingzhu.console.v1";

/* Bounds on what a server can make this page hold or loop over. */
export const MESSAGE_BYTES_MAX = 1 << 20;
export const FRAMES_PER_MESSAGE_MAX = 256;
export const CHANNELS_MAX = 12;
export const SAMPLES_PER_CHANNEL_MAX = 1024;
export const SAMPLES_PER_SEGMENT_MAX = 6144;

export interface Reading { value: number; ms: number; validity: number }
export interface Used { code: number; value: number; ms: number; reason: boolean }
/** One item of a score: a field, or something with a title of its own. */
export interface Points { code?: number | undefined; zh: string; en: string; lo: number; hi: number }
export interface Possible { level: string; zh: string; en: string; priority: number }
export interface Assessment {
    rule: string; status: number; lo: number; hi: number; complete: boolean;
    level?: string | undefined; priority?: number | undefined; missing: number[]; next?: number | undefined;
    used: Used[]; evaluatedMs: number; titleZh: string; titleEn: string; actionZh: string; actionEn: string;
    version: string; source: string; signed: boolean;
    possible?: Possible | undefined; points: Points[]; stale: number[];
}
/** `flags`: a sum of FLAG; `cases`: the hospital's own that doorS comes from, 0: planned. */
export interface Candidate {
    facility: string; travelS: number; treatmentS: number; uncertaintyS: number; confirmed: boolean;
    doorS: number; cases: number; flags: number;
}
export interface Exclusion { facility: string; why: number; capability: string; service: number }
export interface Change { facility: string; kind: number; why: number; capability: string; service: number; seconds: number }
export interface Ranking {
    ms: number; provider: string; candidates: Candidate[]; exclusions: Exclusion[]; goal: number;
    goalS?: number | undefined; nearest: boolean;
    wayOut?: { what: number; why: number; facility: string } | undefined;
    reperfusion?: { what: number; row: number; sinceDiagnosisS: number; sinceContactS: number } | undefined;
    changes: Change[]; better?: { facility: string; savesS: number } | undefined;
    together?: { facility: string; why: number; costsS: number } | undefined;
}
/** How far one lead is believed; `trouble` is a sum of TROUBLE. */
export interface MeasuredLead { code: number; quality: number; trouble: number; usable: boolean }
/** What a machine measured of a waveform. `numbers` by NUMBER. */
export interface Measured {
    ms: number; snapshot: number; lengthMs: number; quality: number; readable: boolean;
    numbers: Map<number, number>; leads: MeasuredLead[]; values: Map<number, Reading>;
}
export interface TrendRow { ms: number; values: (number | null)[] }
/** One clock of a pathway; `state` of TARGET, `warnings` of 50, 80 and 100 % given, `predictedMs` absent where nothing says so. */
export interface Target {
    rule: string; zh: string; en: string; beganMs: number; dueMs: number; state: number; warnings: number;
    predictedMs?: number | undefined;
}
/** When a milestone happened, as said now and first; `source` of SOURCE. */
export interface Stamp { code: number; ms: number; firstMs: number; source: number; uncertaintyMs: number; corrections: number }
export interface Kin { id: string; what: number }
export interface Signature { person: string; ms: number }
export interface Handover {
    given?: Signature | undefined; received?: Signature | undefined; reminded: boolean;
    diagnosis?: number | undefined; triage?: number | undefined;
}
export interface Patient {
    kind: "patient"; id: string; ms: number; priority: number; complaint: number; phase: number; openedMs: number;
    callsign: string; readings: Map<number, Reading>; assessments: Assessment[]; conditions: string[];
    milestones: Map<number, number>; ranking?: Ranking | undefined; alerts: number[];
    position?: { lat: number; lon: number; ms: number } | undefined;
    trend: TrendRow[]; trendCodes: number[]; lastMs: number; call: boolean;
    assessmentsUnshown: number; readingsUnshown: number;
    ecg?: Measured | undefined; ctg?: Measured | undefined;
    targets: Target[]; stamps: Stamp[]; kin: Kin[]; handover?: Handover | undefined;
    chosen?: { facility: string; reason: number; person: string } | undefined; consult?: number | undefined; tag: string;
    transferred?: { times: number; from: string } | undefined; rulePriority?: number | undefined; devices: number;
}
/** One team of the alerted hospital: `team` of TEAM, `receipt` of RECEIPT or 0. */
export interface Team { team: number; needed: boolean; receipt: number; ms: number; person: string; reminded: boolean }
export interface Alert {
    kind: "alert"; id: number; encounter: string; ms: number; facility: string; state: number; raisedMs: number;
    dueMs: number; priority: number; escalated: boolean; person: string; reason: number; reasonText: string;
    conditions: string[]; travelS?: number | undefined; occurrence: number;
    grade: number; teams: Team[]; rung: number; technical: boolean; standby: boolean; told: boolean; acceptedMs?: number | undefined;
}
/** Places of a service as said last: `state` of PLACES. `free` less than 0: over-booked; of the ED a colour. */
export interface Service {
    state: number; free: number; held: number; owner: string; setMs: number; expiresMs: number;
    divertedUntilMs: number; reason: number; divertedBy: string;
}
export interface Confirmation { value: number; owner: string; setMs: number; expiresMs: number }
/** Proof that the hospital's boards sound: `state` of PATH. */
export interface Path { state: number; sentMs: number; soundedMs: number; missed: number }
export interface Facility {
    kind: "facility"; id: string; zh: string; en: string; lat: number; lon: number; partner: string;
    capabilities: Map<string, number>; services: Map<number, Service>; confirmations: Map<string, Confirmation>;
    path?: Path | undefined;
}
export interface Probe { kind: "probe"; ms: number; facility: string; number: number }
/** A question to the partner: `state` of CONSULT, `dueMs` its next step. */
export interface Consult {
    kind: "consult"; encounter: string; ms: number; number: number; state: number; askedMs: number; dueMs: number; promisedMs: number;
    askedBy: string; consultant: string; question: string; opinion: string; conclusion?: number | undefined;
    signedMs?: number | undefined; snapshot?: number | undefined; late: boolean; tries: number;
}
/** What waits for a second person: `what` of ACTION, `state` of PROPOSAL. */
export interface Proposal {
    kind: "proposal"; encounter?: string | undefined; ms: number; number: number; what: number; person: string; sinceMs: number;
    untilMs: number; facility: string; reason: number; text: string; state: number;
}
/** Where each of several patients would go; facility "": nowhere. */
export interface PlanRow { encounter: string; together: string; togetherS: number; inTurn: string; inTurnS: number }
export interface Plan { kind: "plan"; ms: number; service: number; rows: PlanRow[]; differs: boolean }
export interface Waveform {
    kind: "waveform"; encounter: string; ms: number; wave: number; periodUs: number; channels: number[];
    samples: number; scale: number; data: Int32Array; snapshot: number;
}
export interface Welcome {
    kind: "welcome"; ms: number; helloMs: number; receivedMs: number; durable: Map<number, number>;
    person: string; role: number; facility: string; simulation: boolean;
}
export interface Clock { kind: "clock"; ms?: number | undefined; receivedMs?: number | undefined; sentMs?: number | undefined }
export interface Ack { kind: "ack"; upTo: Map<number, number> }
export interface Refusal { kind: "error"; ms: number; status: number; lane?: number | undefined; seq?: number | undefined; text: string }
export type Frame = Patient | Alert | Facility | Waveform | Welcome | Clock | Ack | Refusal | Probe | Consult | Proposal | Plan;

/* --- kinds --------------------------------------------------------------------------------------------- */

function readReading(item: Item, where: string): Reading {
    const [v, ms, validity] = list(item, where, 3);
    return { value: value(v, where), ms: int(ms, where, 0, MS_MAX), validity: int(validity, where, 1, 7) };
}
function readUsed(item: Item, where: string): Used {
    const [c, v, ms, reason] = list(item, where, 4);
    return { code: code(c, where), value: value(v, where), ms: int(ms, where, 0, MS_MAX), reason: bool(reason, where) };
}
const POINTS_MIN = -32768, POINTS_MAX = 32767;
function readPoints(item: Item, where: string): Points {
    const items = list(item, where), titled = items.length === 4;
    if (!titled && items.length !== 3) throw new WireError(where, `${items.length} items`);
    const [lo, hi] = items.slice(-2).map((p) => int(p, where, POINTS_MIN, POINTS_MAX)) as [number, number];
    return titled ? { zh: text(items[0], where), en: text(items[1], where), lo, hi } : { code: code(items[0], where), zh: "", en: "", lo, hi };
}
function readPossible(item: Item, where: string): Possible {
    const [level, zh, en, priority] = list(item, where, 4);
    return { level: text(level, where), zh: text(zh, where), en: text(en, where), priority: int(priority, where, 0, 5) };
}
function readAssessment(item: Item, where: string): Assessment {
    const k = new Keys(map(item, where), `${where} assessment`);
    return {
        rule: k.text(0), status: k.int(1, 1, 4), lo: k.int(2, VALUE_MIN, VALUE_MAX), hi: k.int(3, VALUE_MIN, VALUE_MAX),
        complete: k.bool(4), level: k.has(5) ? k.text(5) : undefined, priority: k.maybeInt(6, 1, 5),
        missing: k.each(7, code), next: k.maybeInt(8, 1, CODE_MAX), used: k.each(9, readUsed), evaluatedMs: k.ms(10),
        titleZh: k.text(11), titleEn: k.text(12), actionZh: k.text(13), actionEn: k.text(14),
        version: k.text(15), source: k.text(16), signed: k.bool(17),
        possible: k.has(18) ? readPossible(k.item(18), k.where(18)) : undefined,
        points: k.has(19) ? k.each(19, readPoints) : [], stale: k.has(20) ? k.each(20, code) : [],
    };
}
function readCandidate(item: Item, where: string): Candidate {
    const [facility, travel, treatment, uncertainty, confirmed, door, cases, flags] = list(item, where, 8);
    return {
        facility: text(facility, where), travelS: seconds(travel, where), treatmentS: seconds(treatment, where),
        uncertaintyS: seconds(uncertainty, where), confirmed: bool(confirmed, where), doorS: seconds(door, where),
        cases: natural(cases, where), flags: natural(flags, where),
    };
}
function readExclusion(item: Item, where: string): Exclusion {
    const [facility, why, capability, service] = list(item, where, 4);
    return { facility: text(facility, where), why: int(why, where, 1, 4), capability: text(capability, where), service: int(service, where, 0, 7) };
}
function readChange(item: Item, where: string): Change {
    const [facility, kind, why, capability, service, s] = list(item, where, 6);
    return {
        facility: text(facility, where), kind: int(kind, where, 1, 3), why: int(why, where, 0, 4),
        capability: text(capability, where), service: int(service, where, 0, 7), seconds: seconds(s, where),
    };
}
function readWayOut(item: Item, where: string): NonNullable<Ranking["wayOut"]> {
    const [what, why, facility] = list(item, where, 3);
    return { what: int(what, where, 1, 9), why: int(why, where, 1, 9), facility: text(facility, where) };
}
function readReperfusion(item: Item, where: string): NonNullable<Ranking["reperfusion"]> {
    const [what, row, diagnosis, contact] = list(item, where, 4);
    return { what: int(what, where, 1, 9), row: int(row, where, 0, 9), sinceDiagnosisS: natural(diagnosis, where), sinceContactS: natural(contact, where) };
}
function readBetter(item: Item, where: string): NonNullable<Ranking["better"]> {
    const [facility, saves] = list(item, where, 2);
    return { facility: text(facility, where), savesS: seconds(saves, where) };
}
function readTogether(item: Item, where: string): NonNullable<Ranking["together"]> {
    const [facility, why, costs] = list(item, where, 3);
    return { facility: text(facility, where), why: int(why, where, 0, 9), costsS: seconds(costs, where) };
}
function readRanking(item: Item, where: string): Ranking {
    const k = new Keys(map(item, where), `${where} ranking`);
    return {
        ms: k.ms(0), provider: k.text(1), candidates: k.each(2, readCandidate), exclusions: k.each(3, readExclusion),
        goal: k.int(4, 0, 2), goalS: k.maybeInt(5, 1, 86400), nearest: k.has(6) && k.bool(6), wayOut: k.maybe(7, readWayOut),
        reperfusion: k.maybe(8, readReperfusion), changes: k.has(9) ? k.each(9, readChange) : [],
        better: k.maybe(10, readBetter), together: k.maybe(11, readTogether),
    };
}
function readTrendRow(item: Item, where: string): TrendRow {
    const [ms, values] = list(item, where, 2);
    return {
        ms: int(ms, where, 0, MS_MAX),
        values: list(values, where).map((v) => (v === null ? null : value(v, where))),
    };
}
function readPosition(item: Item, where: string): { lat: number; lon: number; ms: number } {
    const [lat, lon, ms] = list(item, where, 3);
    return {
        lat: int(lat, where, -900000000, 900000000) / 1e7, lon: int(lon, where, -1800000000, 1800000000) / 1e7,
        ms: int(ms, where, 0, MS_MAX),
    };
}
function readLead(item: Item, where: string): MeasuredLead {
    const [lead, quality, trouble, usable] = list(item, where, 4);
    return { code: code(lead, where), quality: int(quality, where, 0, 100), trouble: int(trouble, where, 0, 255), usable: bool(usable, where) };
}
function readMeasured(item: Item, where: string): Measured {
    const k = new Keys(map(item, where), `${where} measured`);
    return {
        ms: k.ms(0), snapshot: k.int(1, 0, CODE_MAX), lengthMs: k.int(2, 0, CODE_MAX), quality: k.int(3, 0, 100), readable: k.bool(4),
        numbers: k.pairs(5, (n, w) => int(n, w, 0, 7), (n, w) => int(n, w, -32767, 32767)),
        leads: k.each(6, readLead), values: k.pairs(7, code, readReading),
    };
}
/* --- the case beside the patient ------------------------------------------------------------------------- */

function readTarget(item: Item, where: string): Target {
    const [rule, zh, en, began, due, state, warnings, predicted] = list(item, where, 8);
    return {
        rule: text(rule, where), zh: text(zh, where), en: text(en, where), beganMs: moment(began, where), dueMs: moment(due, where),
        state: int(state, where, 1, 5), warnings: int(warnings, where, 0, 3),
        predictedMs: predicted === null ? undefined : moment(predicted, where),
    };
}
function readStamp(item: Item, where: string): Stamp {
    const [c, ms, first, source, uncertainty, corrections] = list(item, where, 6);
    return {
        code: code(c, where), ms: moment(ms, where), firstMs: moment(first, where), source: int(source, where, 0, 5),
        uncertaintyMs: natural(uncertainty, where), corrections: int(corrections, where, 0, 255),
    };
}
function readKin(item: Item, where: string): Kin {
    const [id, what] = list(item, where, 2);
    return { id: encounterId(id, where), what: int(what, where, 1, 4) };
}
function readHandover(item: Item, where: string): Handover {
    const k = new Keys(map(item, where), `${where} handover`);
    const signature = (key: number) => (k.has(key) || k.has(key + 1) ? { person: k.text(key), ms: k.ms(key + 1) } : undefined);
    return {
        given: signature(0), received: signature(2), reminded: k.has(4) && k.bool(4),
        diagnosis: k.maybeInt(5, 1, 11), triage: k.maybeInt(6, 1, 3),
    };
}
function readChosen(item: Item, where: string): NonNullable<Patient["chosen"]> {
    const [facility, reason, person] = list(item, where, 3);
    return { facility: text(facility, where), reason: int(reason, where, 0, 16), person: text(person, where) };
}
function readTransferred(item: Item, where: string): NonNullable<Patient["transferred"]> {
    const [times, from] = list(item, where, 2);
    return { times: natural(times, where), from: text(from, where) };
}
function readPatient(k: Keys): Patient {
    return {
        kind: "patient", ms: k.ms(3), id: k.encounter(), priority: k.int(8, 1, 5), complaint: k.int(9, 1, 2),
        phase: k.int(10, 1, 5), openedMs: k.ms(11), callsign: k.textOr(12, ""),
        readings: k.pairs(13, code, readReading), assessments: k.each(14, readAssessment), conditions: k.each(15, text),
        milestones: k.pairs(16, (m, w) => int(m, w, 1, 10), (m, w) => int(m, w, 0, MS_MAX)),
        ranking: k.has(17) ? readRanking(k.item(17), k.where(17)) : undefined, alerts: k.each(18, seq),
        position: k.has(19) ? readPosition(k.item(19), k.where(19)) : undefined,
        trend: k.each(20, readTrendRow), trendCodes: k.each(21, code), lastMs: k.ms(22),
        call: k.has(23) && k.bool(23), assessmentsUnshown: k.maybeInt(24, 0, CODE_MAX) ?? 0,
        readingsUnshown: k.maybeInt(25, 0, CODE_MAX) ?? 0,
        ecg: k.has(26) ? readMeasured(k.item(26), k.where(26)) : undefined,
        ctg: k.has(27) ? readMeasured(k.item(27), k.where(27)) : undefined,
        targets: k.each(28, readTarget), stamps: k.each(29, readStamp), kin: k.has(30) ? k.each(30, readKin) : [],
        handover: k.maybe(31, readHandover), chosen: k.maybe(32, readChosen), consult: k.maybe(33, seq), tag: k.textOr(34, ""),
        transferred: k.maybe(35, readTransferred), rulePriority: k.maybeInt(36, 1, 5), devices: k.int(37, 0, 4),
    };
}
function readTeam(item: Item, where: string): Team {
    const [team, needed, receipt, ms, person, reminded] = list(item, where, 6);
    return {
        team: int(team, where, 1, 5), needed: bool(needed, where), receipt: int(receipt, where, 0, 4), ms: moment(ms, where),
        person: text(person, where), reminded: bool(reminded, where),
    };
}
function readAlert(k: Keys): Alert {
    return {
        kind: "alert", ms: k.ms(3), encounter: k.encounter(), id: k.int(8, 1, SEQ_MAX), facility: k.text(9),
        state: k.int(10, 1, 10), raisedMs: k.ms(11), dueMs: k.ms(12), priority: k.int(13, 1, 5), escalated: k.bool(14),
        person: k.textOr(15, ""), reason: k.maybeInt(16, 0, 20) ?? 0, reasonText: k.textOr(17, ""),
        conditions: k.each(18, text), travelS: k.maybeInt(19, 0, 86400), occurrence: k.int(20, 1, 255),
        grade: k.maybeInt(21, 1, 3) ?? 0, teams: k.has(22) ? k.each(22, readTeam) : [], rung: k.maybeInt(23, 0, 4) ?? 0,
        technical: k.has(24) && k.bool(24), standby: k.has(25) && k.bool(25), told: k.has(26) && k.bool(26),
        acceptedMs: k.maybe(27, moment),
    };
}
function readService(item: Item, where: string): [number, Service] {
    const [service, state, free, held, owner, set, expires, until, reason, by] = list(item, where, 10);
    return [int(service, where, 1, 7), {
        state: int(state, where, 0, 2), free: value(free, where), held: natural(held, where), owner: text(owner, where),
        setMs: moment(set, where), expiresMs: moment(expires, where), divertedUntilMs: moment(until, where),
        reason: int(reason, where, 0, 16), divertedBy: text(by, where),
    }];
}
function readConfirmation(item: Item, where: string): [string, Confirmation] {
    const [capability, v, owner, set, expires] = list(item, where, 5);
    return [text(capability, where), {
        value: int(v, where, 1, 4), owner: text(owner, where), setMs: moment(set, where), expiresMs: moment(expires, where),
    }];
}
function readPath(item: Item, where: string): Path {
    const [state, sent, sounded, missed] = list(item, where, 4);
    return { state: int(state, where, 0, 3), sentMs: moment(sent, where), soundedMs: moment(sounded, where), missed: natural(missed, where) };
}
function readFacility(k: Keys): Facility {
    const capabilities = k.list(14).map((item): [string, number] => {
        const [name, state] = list(item, k.where(14), 2);
        return [text(name, k.where(14)), int(state, k.where(14), 0, 3)];
    });
    return {
        kind: "facility", id: k.text(8), zh: k.text(9), en: k.text(10), lat: k.int(11, -900000000, 900000000) / 1e7,
        lon: k.int(12, -1800000000, 1800000000) / 1e7, partner: k.textOr(13, ""), capabilities: new Map(capabilities),
        services: new Map(k.has(15) ? k.each(15, readService) : []), confirmations: new Map(k.has(16) ? k.each(16, readConfirmation) : []),
        path: k.maybe(17, readPath),
    };
}
function readConsult(k: Keys): Consult {
    return {
        kind: "consult", ms: k.ms(3), encounter: k.encounter(), number: k.int(8, 1, SEQ_MAX), state: k.int(9, 1, 5),
        askedMs: k.ms(10), dueMs: k.ms(11), promisedMs: k.ms(12), askedBy: k.text(13), consultant: k.textOr(14, ""),
        question: k.text(15), opinion: k.textOr(16, ""), conclusion: k.maybeInt(17, 1, 5), signedMs: k.maybe(18, moment),
        snapshot: k.maybe(19, seq), late: k.bool(20), tries: k.int(21, 0, CODE_MAX),
    };
}
function readProposal(k: Keys): Proposal {
    return {
        kind: "proposal", ms: k.ms(3), encounter: k.maybe(4, encounterId), number: k.int(8, 1, SEQ_MAX), what: k.int(9, 1, 23),
        person: k.text(10), sinceMs: k.ms(11), untilMs: k.ms(12), facility: k.textOr(13, ""), reason: k.maybeInt(14, 1, 16) ?? 0,
        text: k.textOr(15, ""), state: k.int(16, 1, 4),
    };
}
function readPlanRow(item: Item, where: string): PlanRow {
    const [encounter, together, togetherS, inTurn, inTurnS] = list(item, where, 5);
    return {
        encounter: encounterId(encounter, where), together: text(together, where), togetherS: seconds(togetherS, where),
        inTurn: text(inTurn, where), inTurnS: seconds(inTurnS, where),
    };
}
function readWaveform(k: Keys): Waveform {
    const channels = k.each(10, code);
    const samples = k.int(11, 1, SAMPLES_PER_CHANNEL_MAX);
    if (channels.length < 1 || channels.length > CHANNELS_MAX || channels.length * samples > SAMPLES_PER_SEGMENT_MAX)
        throw new WireError(k.where(10), "too many channels or samples");
    return {
        kind: "waveform", ms: k.ms(3), encounter: k.encounter(), wave: k.int(8, 1, 2), periodUs: k.int(9, 1, 32000000),
        channels, samples, scale: k.int(12, 1, 1000000),
        data: decodeWave(bytes(k.item(13), k.where(13)), channels.length, samples), snapshot: k.maybeInt(14, 0, CODE_MAX) ?? 0,
    };
}
const lanes = (k: Keys, key: number, min: number) =>
    k.pairs(key, (l, w) => int(l, w, 0, 3), (s, w) => int(s, w, min, SEQ_MAX));

function readWelcome(k: Keys): Welcome {
    return {
        kind: "welcome", ms: k.ms(3), helloMs: k.ms(9), receivedMs: k.ms(10), durable: lanes(k, 11, 0),
        person: k.textOr(13, ""), role: k.maybeInt(14, 1, 6) ?? 0, facility: k.textOr(15, ""),
        simulation: k.has(16) && k.bool(16),
    };
}
function readClock(k: Keys): Clock {
    return {
        kind: "clock", ms: k.maybeInt(3, 0, MS_MAX), receivedMs: k.maybeInt(8, 0, MS_MAX), sentMs: k.maybeInt(9, 0, MS_MAX),
    };
}
function readError(k: Keys): Refusal {
    return {
        kind: "error", ms: k.ms(3), status: k.int(8, 1, 999), lane: k.maybeInt(10, 0, 3), seq: k.maybeInt(11, 1, SEQ_MAX),
        text: k.text(13),
    };
}

const READERS = new Map<number, [string, (k: Keys) => Frame]>([
    [KIND.welcome, ["welcome", readWelcome]], [KIND.error, ["error", readError]],
    [KIND.ack, ["ack", (k) => ({ kind: "ack", upTo: lanes(k, 8, 1) })]], [KIND.clock, ["clock", readClock]],
    [KIND.waveform, ["waveform", readWaveform]], [KIND.alert, ["alert", readAlert]],
    [KIND.patient, ["patient", readPatient]], [KIND.facility, ["facility", readFacility]],
    [KIND.probe, ["probe", (k) => ({ kind: "probe", ms: k.ms(3), facility: k.text(8), number: k.int(9, 1, SEQ_MAX) })]],
    [KIND.consult, ["consult", readConsult]], [KIND.proposal, ["proposal", readProposal]],
    [KIND.plan, ["plan", (k) => ({ kind: "plan", ms: k.ms(3), service: k.int(8, 2, 7), rows: k.each(9, readPlanRow), differs: k.bool(10) })]],
]);

function readFrame(item: Item): Frame {
    const frame = map(item, "frame");
    const kind = int(frame.get(0), "frame key 0", 0, CODE_MAX);
    const reader = READERS.get(kind);
    if (!reader) throw new WireError(`kind ${kind}`, "unknown kind of frame");
    return reader[1](new Keys(frame, reader[0]));
}

/* --- messages ------------------------------------------------------------------------------------------ */

const STRICT = {
    strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false, allowUndefined: false,
    allowInfinity: false, allowNaN: false, allowBigInt: false,
};

/** What one message held. A frame the grammar refuses is reported beside the good ones, not instead of them. */
export interface Message { frames: Frame[]; refused: WireError[] }

/** @throws WireError when the bytes are no CBOR sequence: then nothing in the message can be believed. */
export function decodeMessage(message: Uint8Array): Message {
    if (message.length === 0 || message.length > MESSAGE_BYTES_MAX) throw new WireError("message", `${message.length} bytes`);
    const out: Message = { frames: [], refused: [] };
    let rest = message;
    for (let count = 0; rest.length > 0; count++) {
        if (count === FRAMES_PER_MESSAGE_MAX) throw new WireError("message", "too many frames");
        const [item, after] = decodeItem(rest);
        rest = after;
        try {
            out.frames.push(readFrame(item));
        } catch (error) {
            if (!(error instanceof WireError)) throw error;
            out.refused.push(error);
        }
    }
    return out;
}

function decodeItem(rest: Uint8Array): [unknown, Uint8Array] {
    try {
        return decodeFirst(rest, STRICT) as [unknown, Uint8Array];
    } catch (error) { // nesting too deep ends here as well, as a RangeError
        throw new WireError("message", error instanceof Error ? error.message : "not CBOR");
    }
}

export const encodeHello = (nowMs: number, epoch: number): Uint8Array =>
    encode(new Map<number, unknown>([[0, KIND.hello], [3, nowMs], [8, PROTOCOL_VERSION], [9, epoch], [10, "console 0.1.0"]]));

export interface Answer { alert: number; state: number; reason?: number | undefined; text?: string | undefined }
export function encodeAnswer(answer: Answer, number: number, nowMs: number): Uint8Array {
    const frame = new Map<number, unknown>([
        [0, KIND.alertAnswer], [1, 0], [2, number], [3, nowMs], [8, answer.alert], [9, answer.state],
    ]);
    if (answer.reason !== undefined) frame.set(10, answer.reason);
    if (answer.text) frame.set(11, answer.text);
    return encode(frame);
}

/** What a person does (docs/protocol.md, "Actions"): `what` of ACTION, `reason` of REASON, encounters as hexadecimal digits. */
export interface Action {
    what: number; encounter?: string | undefined; facility?: string | undefined; code?: number | undefined; value?: number | undefined;
    ms?: number | undefined; reason?: number | undefined; text?: string | undefined; other?: string | undefined; number?: number | undefined;
}
const idBytes = (id: string): Uint8Array => Uint8Array.from(id.match(/../g) ?? [], (digits) => parseInt(digits, 16));

/** Values are the caller's to choose within the grammar; what is undefined, or an empty text, is left out. 0 is a value. */
export function encodeAction(action: Action, number: number, nowMs: number): Uint8Array {
    const { encounter, other } = action;
    const pairs: [number, unknown][] = [
        [0, KIND.action], [1, 0], [2, number], [3, nowMs], [4, encounter ? idBytes(encounter) : undefined], [8, action.what],
        [9, action.facility || undefined], [10, action.code], [11, action.value], [12, action.ms], [13, action.reason],
        [14, action.text || undefined], [15, other ? idBytes(other) : undefined], [16, action.number],
    ];
    return encode(new Map(pairs.filter(([, v]) => v !== undefined)));
}

/* --- waveform samples: docs/protocol.md, "Waveforms" --------------------------------------------------- */

const BLOCK_SAMPLES = 16, ORDER_MAX = 2, WIDTH_MAX = 27, SAMPLE_MAX = 1 << 24;

/** Channel-major samples. @throws WireError unless every byte is used, and used once. */
export function decodeWave(coded: Uint8Array, channels: number, perChannel: number): Int32Array {
    const out = new Int32Array(channels * perChannel);
    let at = 0;
    for (let channel = 0; channel < channels; channel++)
        for (let first = 0; first < perChannel; first += BLOCK_SAMPLES) {
            const count = Math.min(BLOCK_SAMPLES, perChannel - first);
            at = decodeBlock(coded, at, out.subarray(channel * perChannel, (channel + 1) * perChannel), first, count);
        }
    if (at !== coded.length) throw new WireError("waveform key 13", `${coded.length - at} bytes left over`);
    return out;
}

function decodeBlock(coded: Uint8Array, at: number, channel: Int32Array, first: number, count: number): number {
    const head = coded[at] ?? 255, order = head >> 5, width = head & 31;
    const end = at + 1 + Math.ceil((count * width) / 8);
    const bad = () => new WireError("waveform key 13", `bad block at ${at}`);
    if (order > ORDER_MAX || width > WIDTH_MAX || end > coded.length) throw bad();
    for (let i = 0; i < count; i++) {
        const error = bitsAt(coded, (at + 1) * 8 + i * width, width);
        const sample = predict(channel, first + i, order) + ((error >>> 1) ^ -(error & 1));
        if (Math.abs(sample) > SAMPLE_MAX) throw bad();
        channel[first + i] = sample;
    }
    const used = (at + 1) * 8 + count * width;
    if (bitsAt(coded, used, end * 8 - used) !== 0) throw bad(); /* padding is zero: equal samples, equal bytes */
    return end;
}

/** `width` bits (at most 27) from bit `from`, lowest first. */
function bitsAt(coded: Uint8Array, from: number, width: number): number {
    let result = 0;
    for (let got = 0; got < width; ) {
        const bit = from + got, inByte = bit & 7, take = Math.min(8 - inByte, width - got);
        result |= (((coded[bit >> 3] ?? 0) >> inByte) & ((1 << take) - 1)) << got;
        got += take;
    }
    return result;
}

function predict(s: Int32Array, i: number, order: number): number {
    const a = s[i - 1] ?? 0, b = s[i - 2] ?? 0;
    return [0, a, 2 * a - b][order] ?? 0;
}
