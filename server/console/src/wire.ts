/* SPDX-License-Identifier: Apache-2.0 */
/* What travels between the server and this page: protocol/jingzhu.cddl in TypeScript.
 *
 * Pure: bytes to typed frames and back. A test reads the grammar and checks every number below against it. */
import { decodeFirst, encode } from "cborg";

export const KIND = {
    hello: 1, welcome: 2, error: 3, ack: 4, clock: 5, waveform: 12,
    alert: 21, alertAnswer: 22, patient: 24, facility: 25,
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
export const ITEMS_MAX = 1024;
export const TEXT_CHARS_MAX = 512;
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
export interface Candidate { facility: string; travelS: number; treatmentS: number; uncertaintyS: number; confirmed: boolean }
export interface Exclusion { facility: string; why: number; capability: string }
export interface Ranking { ms: number; provider: string; candidates: Candidate[]; exclusions: Exclusion[]; goal: number }
/** How far one lead is believed; `trouble` is a sum of TROUBLE. */
export interface MeasuredLead { code: number; quality: number; trouble: number; usable: boolean }
/** What a machine measured of a waveform. `numbers` by NUMBER. */
export interface Measured {
    ms: number; snapshot: number; lengthMs: number; quality: number; readable: boolean;
    numbers: Map<number, number>; leads: MeasuredLead[]; values: Map<number, Reading>;
}
export interface TrendRow { ms: number; values: (number | null)[] }
export interface Patient {
    kind: "patient"; id: string; ms: number; priority: number; complaint: number; phase: number; openedMs: number;
    callsign: string; readings: Map<number, Reading>; assessments: Assessment[]; conditions: string[];
    milestones: Map<number, number>; ranking?: Ranking | undefined; alerts: number[];
    position?: { lat: number; lon: number; ms: number } | undefined;
    trend: TrendRow[]; trendCodes: number[]; lastMs: number; call: boolean;
    assessmentsUnshown: number; readingsUnshown: number;
    ecg?: Measured | undefined; ctg?: Measured | undefined;
}
export interface Alert {
    kind: "alert"; id: number; encounter: string; ms: number; facility: string; state: number; raisedMs: number;
    dueMs: number; priority: number; escalated: boolean; person: string; reason: number; reasonText: string;
    conditions: string[]; travelS?: number | undefined; occurrence: number;
}
export interface Facility {
    kind: "facility"; id: string; zh: string; en: string; lat: number; lon: number; partner: string;
    capabilities: Map<string, number>;
}
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
export type Frame = Patient | Alert | Facility | Waveform | Welcome | Clock | Ack | Refusal;

/** Something the grammar does not allow; `where` names kind and key. */
export class WireError extends Error {
    constructor(readonly where: string, what: string) { super(`${where}: ${what}`); }
}

/* --- reading one map --------------------------------------------------------------------------------- */

type Item = unknown;
const MS_MAX = 4102444800000;
const SEQ_MAX = Number.MAX_SAFE_INTEGER;
const VALUE_MIN = -2147483648, VALUE_MAX = 2147483647, CODE_MAX = 4294967295;

function int(item: Item, where: string, min: number, max: number): number {
    if (typeof item !== "number" || !Number.isInteger(item)) throw new WireError(where, "not an integer");
    if (item < min || item > max) throw new WireError(where, `${item} is outside ${min}..${max}`);
    return item;
}
function text(item: Item, where: string): string {
    if (typeof item !== "string") throw new WireError(where, "not text");
    if (item.length > TEXT_CHARS_MAX) throw new WireError(where, "text too long");
    return item;
}
function bool(item: Item, where: string): boolean {
    if (typeof item !== "boolean") throw new WireError(where, "not true or false");
    return item;
}
function list(item: Item, where: string, size?: number): Item[] {
    if (!Array.isArray(item)) throw new WireError(where, "not an array");
    if (item.length > ITEMS_MAX || (size !== undefined && item.length !== size))
        throw new WireError(where, `${item.length} items`);
    return item as Item[];
}
function map(item: Item, where: string): Map<Item, Item> {
    if (!(item instanceof Map)) throw new WireError(where, "not a map");
    if (item.size > ITEMS_MAX) throw new WireError(where, `${item.size} pairs`);
    return item as Map<Item, Item>;
}
function bytes(item: Item, where: string): Uint8Array {
    if (!(item instanceof Uint8Array)) throw new WireError(where, "not bytes");
    return item;
}

/** One map of the grammar, read by key; every complaint names kind and key. */
class Keys {
    constructor(private readonly of: Map<Item, Item>, private readonly name: string) {}
    has(key: number): boolean { return this.of.has(key); }
    item(key: number): Item { return this.of.get(key); }
    where(key: number): string { return `${this.name} key ${key}`; }
    int(key: number, min: number, max: number): number { return int(this.item(key), this.where(key), min, max); }
    maybeInt(key: number, min: number, max: number): number | undefined {
        return this.has(key) ? this.int(key, min, max) : undefined;
    }
    ms(key: number): number { return this.int(key, 0, MS_MAX); }
    text(key: number): string { return text(this.item(key), this.where(key)); }
    textOr(key: number, otherwise: string): string { return this.has(key) ? this.text(key) : otherwise; }
    bool(key: number): boolean { return bool(this.item(key), this.where(key)); }
    list(key: number, size?: number): Item[] { return list(this.item(key), this.where(key), size); }
    each<T>(key: number, read: (item: Item, where: string) => T): T[] {
        return this.list(key).map((item) => read(item, this.where(key)));
    }
    pairs<K, V>(key: number, name: (k: Item, where: string) => K, value: (v: Item, where: string) => V): Map<K, V> {
        const where = this.where(key);
        return new Map([...map(this.item(key), where)].map(([k, v]) => [name(k, where), value(v, where)]));
    }
    encounter(): string { return encounterId(this.item(4), this.where(4)); }
}

const code = (item: Item, where: string) => int(item, where, 1, CODE_MAX);
const value = (item: Item, where: string) => int(item, where, VALUE_MIN, VALUE_MAX);
const seq = (item: Item, where: string) => int(item, where, 1, SEQ_MAX);

function encounterId(item: Item, where: string): string {
    const raw = bytes(item, where);
    if (raw.length !== 16) throw new WireError(where, `${raw.length} bytes, not 16`);
    return Array.from(raw, (b) => b.toString(16).padStart(2, "0")).join("");
}

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
    const [facility, travel, treatment, uncertainty, confirmed] = list(item, where, 5);
    return {
        facility: text(facility, where), travelS: int(travel, where, 0, 86400),
        treatmentS: int(treatment, where, 0, 86400), uncertaintyS: int(uncertainty, where, 0, 86400),
        confirmed: bool(confirmed, where),
    };
}
function readExclusion(item: Item, where: string): Exclusion {
    const [facility, why, capability] = list(item, where, 3);
    return { facility: text(facility, where), why: int(why, where, 1, 4), capability: text(capability, where) };
}
function readRanking(item: Item, where: string): Ranking {
    const k = new Keys(map(item, where), `${where} ranking`);
    return {
        ms: k.ms(0), provider: k.text(1), candidates: k.each(2, readCandidate), exclusions: k.each(3, readExclusion),
        goal: k.int(4, 0, 2),
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
function readPatient(k: Keys): Patient {
    return {
        kind: "patient", ms: k.ms(3), id: k.encounter(), priority: k.int(8, 1, 5), complaint: k.int(9, 1, 2),
        phase: k.int(10, 1, 3), openedMs: k.ms(11), callsign: k.textOr(12, ""),
        readings: k.pairs(13, code, readReading), assessments: k.each(14, readAssessment), conditions: k.each(15, text),
        milestones: k.pairs(16, (m, w) => int(m, w, 1, 10), (m, w) => int(m, w, 0, MS_MAX)),
        ranking: k.has(17) ? readRanking(k.item(17), k.where(17)) : undefined, alerts: k.each(18, seq),
        position: k.has(19) ? readPosition(k.item(19), k.where(19)) : undefined,
        trend: k.each(20, readTrendRow), trendCodes: k.each(21, code), lastMs: k.ms(22),
        call: k.has(23) && k.bool(23), assessmentsUnshown: k.maybeInt(24, 0, CODE_MAX) ?? 0,
        readingsUnshown: k.maybeInt(25, 0, CODE_MAX) ?? 0,
        ecg: k.has(26) ? readMeasured(k.item(26), k.where(26)) : undefined,
        ctg: k.has(27) ? readMeasured(k.item(27), k.where(27)) : undefined,
    };
}
function readAlert(k: Keys): Alert {
    return {
        kind: "alert", ms: k.ms(3), encounter: k.encounter(), id: k.int(8, 1, SEQ_MAX), facility: k.text(9),
        state: k.int(10, 1, 10), raisedMs: k.ms(11), dueMs: k.ms(12), priority: k.int(13, 1, 5), escalated: k.bool(14),
        person: k.textOr(15, ""), reason: k.maybeInt(16, 0, 20) ?? 0, reasonText: k.textOr(17, ""),
        conditions: k.each(18, text), travelS: k.maybeInt(19, 0, 86400), occurrence: k.int(20, 1, 255),
    };
}
function readFacility(k: Keys): Facility {
    const capabilities = k.list(14).map((item): [string, number] => {
        const [name, state] = list(item, k.where(14), 2);
        return [text(name, k.where(14)), int(state, k.where(14), 0, 3)];
    });
    return {
        kind: "facility", id: k.text(8), zh: k.text(9), en: k.text(10), lat: k.int(11, -900000000, 900000000) / 1e7,
        lon: k.int(12, -1800000000, 1800000000) / 1e7, partner: k.textOr(13, ""), capabilities: new Map(capabilities),
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
