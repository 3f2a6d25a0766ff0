/* SPDX-License-Identifier: Apache-2.0 */
/* A console without a screen: logs in over HTTPS, takes a ticket, holds the WebSocket, keeps what it is told.
 *
 * Frames become plain objects: the grammar's keys by name (protocol/jingzhu.cddl), nested values as they come. */
import { randomInt } from "node:crypto";
import { request } from "node:https";
import { decodeFirst, encode } from "cborg";
import WebSocket from "ws";

export const STATE = { raised: 1, delivered: 2, seen: 3, accepted: 4, declined: 5, preparing: 6, arrived: 7, handedOver: 8,
    withdrawn: 9, expired: 10 };
const ANSWER_MS_MAX = 10000;

const NAMES = {
    2: ["welcome", { 3: "ms", 8: "version", 9: "helloMs", 10: "receivedMs", 11: "durable", 12: "ackLevel", 13: "person", 14: "role", 15: "facility", 16: "simulation" }],
    3: ["error", { 3: "ms", 8: "status", 9: "refusedKind", 10: "lane", 11: "seq", 12: "offset", 13: "text" }],
    4: ["ack", { 8: "upTo", 9: "level" }],
    5: ["clock", { 3: "ms", 8: "receivedMs", 9: "sentMs" }],
    12: ["waveform", { 3: "ms", 4: "encounter", 8: "wave", 9: "periodUs", 10: "channels", 11: "samples", 12: "scale", 13: "coded", 14: "snapshot" }],
    21: ["alert", { 3: "ms", 4: "encounter", 8: "id", 9: "facility", 10: "state", 11: "raisedMs", 12: "dueMs", 13: "priority", 14: "escalated", 15: "person", 16: "reason", 17: "text", 18: "conditions", 19: "travelS", 20: "occurrence", 21: "grade", 22: "teams", 23: "rung", 24: "technical", 25: "standby", 26: "told", 27: "acceptedMs" }],
    24: ["patient", { 3: "ms", 4: "encounter", 8: "priority", 9: "complaint", 10: "phase", 11: "openedMs", 12: "callsign", 13: "readings", 14: "assessments", 15: "conditions", 16: "milestones", 17: "ranking", 18: "alerts", 19: "position", 20: "trend", 21: "trendCodes", 22: "lastMs", 23: "call", 24: "assessmentsUnshown", 25: "readingsUnshown", 26: "ecg", 27: "ctg" }],
    25: ["facility", { 8: "id", 9: "zh", 10: "en", 11: "lat", 12: "lon", 13: "partner", 14: "capabilities" }],
};
const ASSESSMENT = ["rule", "status", "lo", "hi", "complete", "level", "priority", "missing", "next", "used", "evaluatedMs",
    "titleZh", "titleEn", "actionZh", "actionEn", "version", "source", "signed", "possible", "points", "stale"];
const MEASURED = ["ms", "snapshot", "lengthMs", "quality", "readable", "numbers", "leads", "values"];
const RANKING = ["ms", "provider", "candidates", "exclusions", "goal"];

const renamed = (map, names) => Object.fromEntries([...map].map(([k, v]) => [names[k] ?? `key${k}`, v]));
const plain = (value) => (value instanceof Map ? Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]))
    : Array.isArray(value) ? value.map(plain) : value);

function named(map) {
    const [kind, names] = NAMES[map.get(0)] ?? [`kind${map.get(0)}`, {}];
    const frame = renamed([...map].filter(([k]) => k !== 0), names);
    if (frame.assessments) frame.assessments = frame.assessments.map((a) => renamed(a, ASSESSMENT));
    if (frame.ranking instanceof Map) frame.ranking = renamed(frame.ranking, RANKING);
    for (const trace of ["ecg", "ctg"])
        if (frame[trace] instanceof Map) frame[trace] = renamed([...frame[trace]].map(([k, v]) => [k, plain(v)]), MEASURED);
    if (frame.encounter) frame.encounter = Buffer.from(frame.encounter).toString("hex");
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

/** One HTTPS call. @returns {Promise<{status: number, headers: object, body: string}>} */
export function call({ port, ca, method = "GET", path, cookie, body, headers = {} }) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
        const sent = request({
            host: "127.0.0.1", port, path, method, ca, agent: false,
            headers: {
                "X-Jingzhu": "1", ...(cookie ? { Cookie: cookie } : {}),
                ...(text === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }), ...headers,
            },
        }, (answer) => {
            const parts = [];
            answer.on("data", (part) => parts.push(part));
            answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }));
        });
        sent.on("error", reject);
        sent.end(text);
    });
}

export class ConsoleClient {
    /** @param {{port: number, ca: string, name: string, password: string}} options  `ca`: PEM text */
    constructor(options) {
        Object.assign(this, { frames: [], patients: new Map(), alerts: new Map(), facilities: new Map(), waveforms: 0, closed: true });
        this.options = options;
        this.epoch = randomInt(1, 2 ** 32 - 1);
        this.seq = 0;
        this.waiters = new Set();
        this.framesMax = options.framesMax ?? 20000;
    }

    /** Logs in and connects; resolves when the snapshot is whole. */
    static async open(options) {
        const client = new ConsoleClient(options);
        await client.login();
        await client.connect();
        return client;
    }

    #call(method, path, body) { return call({ ...this.options, method, path, cookie: this.cookie, body }); }

    async login() {
        const { name, password } = this.options;
        const answer = await this.#call("POST", "/api/login", { name, password });
        if (answer.status !== 200) throw new Error(`log-in of ${name}: HTTP ${answer.status} ${answer.body}`);
        this.cookie = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
        this.account = JSON.parse(answer.body);
        return this.account;
    }

    async connect(timeoutMs = ANSWER_MS_MAX) {
        const answer = await this.#call("POST", "/api/ticket");
        if (answer.status !== 200) throw new Error(`ticket: HTTP ${answer.status}`);
        const { port, ca } = this.options, ticket = encodeURIComponent(JSON.parse(answer.body).ticket);
        this.frames = []; /* a new connection tells everything anew */
        this.socket = new WebSocket(`wss://127.0.0.1:${port}/console?ticket=${ticket}`, "jingzhu.console.v1",
            { ca, headers: { Cookie: this.cookie, Origin: `https://127.0.0.1:${port}` }, perMessageDeflate: false });
        const socket = this.socket;
        socket.on("open", () => { this.closed = false; this.#send(new Map([[0, 1], [3, Date.now()], [8, 1], [9, this.epoch], [10, "headless console"]])); });
        socket.on("message", (data) => this.#take(data));
        socket.on("error", (error) => { this.problem = error; });
        socket.on("close", () => { if (this.socket === socket) { this.closed = true; this.#wake(); } });
        await this.waitFor(() => this.frames.some((f) => f.kind === "welcome") && this.frames.some((f) => f.kind === "clock"), timeoutMs, "snapshot");
        const durable = this.frames.find((f) => f.kind === "welcome").durable ?? {};
        this.seq = Math.max(this.seq, Number(durable[0] ?? 0));
    }

    #send(map) { this.socket.send(encode(map)); }

    #take(data) {
        for (const frame of decodeMessage(data)) {
            if (frame.kind === "patient") this.patients.set(frame.encounter, frame);
            else if (frame.kind === "alert") this.alerts.set(frame.id, frame);
            else if (frame.kind === "facility") this.facilities.set(frame.id, frame);
            if (frame.kind === "waveform") this.waveforms++;
            this.frames.push(frame);
        }
        if (this.frames.length > this.framesMax) this.frames.splice(0, this.frames.length - this.framesMax);
        this.#wake();
    }

    #wake() { for (const check of [...this.waiters]) check(); }

    /** Resolves with the first truthy value of `predicate(client)`, looked at after each message.
     *  @throws after `timeoutMs`, or when the connection closes while waiting. */
    waitFor(predicate, timeoutMs = ANSWER_MS_MAX, what = "condition") {
        return new Promise((resolve, reject) => {
            const end = (settle, value) => { clearTimeout(timer); this.waiters.delete(check); settle(value); };
            const check = () => {
                try {
                    const value = predicate(this);
                    if (value) end(resolve, value);
                    else if (this.problem) end(reject, this.problem);
                } catch (error) { end(reject, error); }
            };
            const timer = setTimeout(() => end(reject, new Error(`${this.options.name}: no ${what} within ${timeoutMs} ms`)), timeoutMs);
            this.waiters.add(check);
            check();
        });
    }

    /** Waits until an alert fits. @returns {Promise<object>} the alert */
    waitAlert(fits, timeoutMs, what = "alert") {
        return this.waitFor(() => [...this.alerts.values()].find(fits), timeoutMs, what);
    }

    /** Answers and waits until the server has it on disk. @returns {Promise<{seq: number}>}
     *  @throws Error with `.status` when the server refuses. */
    async answer(alertId, state, reason, text, timeoutMs = ANSWER_MS_MAX) {
        const seq = ++this.seq, map = new Map([[0, 22], [1, 0], [2, seq], [3, Date.now()], [8, alertId], [9, state]]);
        if (reason !== undefined) map.set(10, reason);
        if (text) map.set(11, text);
        this.#send(map);
        const outcome = await this.waitFor(() => this.frames.find((f) => (f.kind === "ack" && (f.upTo[0] ?? 0) >= seq) ||
            (f.kind === "error" && f.lane === 0 && f.seq === seq)), timeoutMs, `answer to seq ${seq}`);
        const refusal = this.frames.find((f) => f.kind === "error" && f.lane === 0 && f.seq === seq);
        if (refusal) throw Object.assign(new Error(`refused: ${refusal.status} ${refusal.text}`), { status: refusal.status });
        return { seq, level: outcome.level };
    }

    close() {
        this.socket?.terminate();
    }
}
