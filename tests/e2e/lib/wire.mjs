/* SPDX-License-Identifier: Apache-2.0 */
/* Frames as plain objects: the grammar's keys by name, rows of lists too (protocol/jingzhu.cddl). Encounters are hexadecimal. */
import { decodeFirst, encode } from "cborg";

export const STATE = { raised: 1, delivered: 2, seen: 3, accepted: 4, declined: 5, preparing: 6, arrived: 7, handedOver: 8,
    withdrawn: 9, expired: 10 };
export const ACTION = { chooseDestination: 1, setPriority: 2, standDown: 3, reopen: 4, merge: 5, birth: 6, transfer: 7, join: 8, identify: 9,
    divert: 10, endDivert: 11, setCapacity: 12, confirmCapability: 13, stamp: 14, receipt: 15, askConsult: 16, takeConsult: 17,
    passConsult: 18, answerConsult: 19, signHandover: 20, outcome: 21, second: 22, probeSounded: 23 };
export const REASON = { conditionChanged: 1, family: 2, road: 3, hospitalRefused: 4, specialty: 5, other: 6, nearestResuscitation: 7,
    falseCall: 8, duplicate: 9, mistake: 10, clockWrong: 11, equipment: 12, full: 13, staff: 14, power: 15, infection: 16 };
export const SERVICE = { ed: 1, cathLab: 2, theatre: 3, obstetrics: 4, icu: 5, nicu: 6, blood: 7 };
export const PHASE = { open: 1, arrived: 2, closed: 3, handedOver: 4, merged: 5 };
export const KIN = { newborn: 1, mother: 2, mergedInto: 3, mergedFrom: 4 };
export const CONSULT = { asked: 1, taken: 2, answered: 3, phone: 4, ended: 5 };
export const PROPOSAL = { waits: 1, confirmed: 2, refused: 3, expired: 4 };
export const PATH = { none: 0, sent: 1, alive: 2, dead: 3 };
export const PLACES = { unknown: 0, known: 1, expired: 2 };
export const ERROR = { missingKey: 109, value: 110, direction: 306, transition: 405, reason: 406, unknownEncounter: 408, unknownFacility: 411, secondPerson: 412,
    samePerson: 413, phase: 414, timeOrder: 415, unknownProposal: 416, denied: 801 };

const NAMES = {
    2: ["welcome", { 3: "ms", 8: "version", 9: "helloMs", 10: "receivedMs", 11: "durable", 12: "ackLevel", 13: "person", 14: "role", 15: "facility", 16: "simulation" }],
    3: ["error", { 3: "ms", 8: "status", 9: "refusedKind", 10: "lane", 11: "seq", 12: "offset", 13: "text" }],
    4: ["ack", { 8: "upTo", 9: "level" }],
    5: ["clock", { 3: "ms", 8: "receivedMs", 9: "sentMs" }],
    12: ["waveform", { 3: "ms", 4: "encounter", 8: "wave", 9: "periodUs", 10: "channels", 11: "samples", 12: "scale", 13: "coded", 14: "snapshot" }],
    20: ["directive", { 3: "ms", 4: "encounter", 8: "number", 9: "what", 10: "facility", 11: "zh", 12: "en", 13: "state", 14: "person", 15: "travelS", 16: "measure" }],
    21: ["alert", { 3: "ms", 4: "encounter", 8: "id", 9: "facility", 10: "state", 11: "raisedMs", 12: "dueMs", 13: "priority", 14: "escalated", 15: "person", 16: "reason", 17: "text", 18: "conditions", 19: "travelS", 20: "occurrence", 21: "grade", 22: "teams", 23: "rung", 24: "technical", 25: "standby", 26: "told", 27: "acceptedMs" }],
    24: ["patient", { 3: "ms", 4: "encounter", 8: "priority", 9: "complaint", 10: "phase", 11: "openedMs", 12: "callsign", 13: "readings", 14: "assessments", 15: "conditions", 16: "milestones", 17: "ranking", 18: "alerts", 19: "position", 20: "trend", 21: "trendCodes", 22: "lastMs", 23: "call", 24: "assessmentsUnshown", 25: "readingsUnshown", 26: "ecg", 27: "ctg",
        28: "targets", 29: "stamps", 30: "kin", 31: "handover", 32: "chosen", 33: "consult", 34: "tag", 35: "transferred", 36: "rulePriority", 37: "devices" }],
    25: ["facility", { 8: "id", 9: "zh", 10: "en", 11: "lat", 12: "lon", 13: "partner", 14: "capabilities", 15: "services", 16: "confirmations", 17: "path" }],
    26: ["probe", { 3: "ms", 8: "facility", 9: "number" }],
    27: ["consult", { 3: "ms", 4: "encounter", 8: "number", 9: "state", 10: "askedMs", 11: "dueMs", 12: "promisedMs", 13: "askedBy", 14: "consultant", 15: "question", 16: "opinion", 17: "conclusion", 18: "signedMs", 19: "snapshot", 20: "late", 21: "tries" }],
    28: ["proposal", { 3: "ms", 4: "encounter", 8: "number", 9: "what", 10: "person", 11: "sinceMs", 12: "untilMs", 13: "facility", 14: "reason", 15: "text", 16: "state" }],
    29: ["plan", { 3: "ms", 8: "service", 9: "rows", 10: "differs" }],
};
const ASSESSMENT = ["rule", "status", "lo", "hi", "complete", "level", "priority", "missing", "next", "used", "evaluatedMs",
    "titleZh", "titleEn", "actionZh", "actionEn", "version", "source", "signed", "possible", "points", "stale"];
const MEASURED = ["ms", "snapshot", "lengthMs", "quality", "readable", "numbers", "leads", "values"];
const RANKING = ["ms", "provider", "candidates", "exclusions", "goal", "goalS", "nearest", "wayOut", "reperfusion", "changes", "better", "together"];
const HANDOVER = ["giver", "givenMs", "receiver", "receivedMs", "reminded", "diagnosis", "triage"];
const TEAM = ["team", "needed", "receipt", "ms", "person", "reminded"];
const ROWS = { /* by kind: lists whose rows are themselves lists with a place for each word */
    patient: {
        targets: ["rule", "zh", "en", "beganMs", "dueMs", "state", "warnings", "predictedMs"],
        stamps: ["code", "ms", "firstMs", "source", "uncertaintyMs", "corrections"],
        kin: ["id", "what"],
    },
    alert: { teams: TEAM },
    facility: {
        services: ["service", "state", "free", "held", "owner", "setMs", "expiresMs", "divertedUntilMs", "reason", "divertedBy"],
        confirmations: ["capability", "value", "owner", "setMs", "expiresMs"],
    },
    plan: { rows: ["encounter", "together", "togetherS", "inTurn", "inTurnS"] },
};
const ONE = { chosen: ["facility", "reason", "person"], transferred: ["times", "from"], path: ["state", "sentMs", "soundedMs", "missed"] };

export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const unhex = (text) => Uint8Array.from(Buffer.from(text, "hex"));

const renamed = (map, names) => Object.fromEntries([...map].map(([k, v]) => [names[k] ?? `key${k}`, v]));
const plain = (value) => (value instanceof Map ? Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]))
    : Array.isArray(value) ? value.map(plain) : value);
const row = (list, names) => Object.fromEntries(names.map((name, i) => [name, list[i] instanceof Uint8Array ? hex(list[i]) : list[i]]));

function named(map) {
    const [kind, names] = NAMES[map.get(0)] ?? [`kind${map.get(0)}`, {}];
    const frame = renamed([...map].filter(([k]) => k !== 0), names);
    if (frame.assessments) frame.assessments = frame.assessments.map((a) => renamed(a, ASSESSMENT));
    if (frame.ranking instanceof Map) frame.ranking = renamed(frame.ranking, RANKING);
    if (frame.handover instanceof Map) frame.handover = renamed(frame.handover, HANDOVER);
    for (const trace of ["ecg", "ctg"])
        if (frame[trace] instanceof Map) frame[trace] = renamed([...frame[trace]].map(([k, v]) => [k, plain(v)]), MEASURED);
    for (const [list, columns] of Object.entries(ROWS[kind] ?? {})) if (frame[list]) frame[list] = frame[list].map((r) => row(r, columns));
    for (const [one, columns] of Object.entries(ONE)) if (frame[one]) frame[one] = row(frame[one], columns);
    if (frame.encounter) frame.encounter = hex(frame.encounter);
    for (const key of Object.keys(frame)) if (key !== "coded") frame[key] = frame[key] instanceof Uint8Array ? frame[key] : plain(frame[key]);
    return { kind, ...frame };
}

/** Frames of one message, in order. Throws on anything that is not strict CBOR. */
export function decodeMessage(bytes) {
    const frames = [];
    const options = { strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false, allowUndefined: false };
    for (let rest = new Uint8Array(bytes); rest.length > 0; ) {
        const [item, after] = decodeFirst(rest, options);
        frames.push(named(item));
        rest = after;
    }
    return frames;
}

/** A frame by its keys; what is undefined is left out. */
export const encodeFrame = (pairs) => encode(new Map(pairs.filter(([, v]) => v !== undefined)));

/** Keys from 8 up of an `action` frame, and the patient.
 *  @param {{what: number, encounter?: string, facility?: string, code?: number, value?: number, ms?: number, reason?: number,
 *  text?: string, other?: string, number?: number}} action */
export function actionPairs(action) {
    const { encounter, other } = action;
    return [[4, encounter && unhex(encounter)], [8, action.what], [9, action.facility], [10, action.code], [11, action.value],
        [12, action.ms], [13, action.reason], [14, action.text], [15, other && unhex(other)], [16, action.number]];
}
