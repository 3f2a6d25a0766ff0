/* SPDX-License-Identifier: Apache-2.0 */
/* A console without a screen: logs in over HTTPS, takes a ticket, holds the WebSocket, keeps what it is told; and a device
 * without a patient monitor. Both wait for what the server says of each frame they sent. */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import WebSocket from "ws";
import { STATE, actionPairs, decodeMessage, encodeFrame, hex, unhex } from "./wire.mjs";

export { STATE, decodeMessage };
const ANSWER_MS_MAX = 10000;

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

/** What a console and a device have in common: one WebSocket, stored frames, and waiting. */
class Peer {
    constructor(options) {
        Object.assign(this, { options, frames: [], waiters: new Set(), closed: true, seq: 0, epoch: randomInt(1, 2 ** 32 - 1) });
        this.framesMax = options.framesMax ?? 20000;
        this.everSeen = new Set(); /* kinds */
    }

    /** @param {(socket: WebSocket) => void} hello  called when it is open */
    hold(socket) {
        this.socket = socket;
        socket.on("open", () => { this.closed = false; this.send([[0, 1], [3, Date.now()], [8, 1], [9, this.epoch], [10, "headless"]]); });
        socket.on("message", (data) => this.#take(data));
        socket.on("error", (error) => { this.problem = error; });
        socket.on("close", () => { if (this.socket === socket) { this.closed = true; this.#wake(); } });
    }

    send(pairs) { this.socket.send(encodeFrame(pairs)); }

    #take(data) {
        for (const frame of decodeMessage(data)) {
            this.keep(frame);
            this.frames.push(frame);
            this.everSeen.add(frame.kind);
        }
        if (this.frames.length > this.framesMax) this.frames.splice(0, this.frames.length - this.framesMax);
        this.#wake();
    }

    #wake() { for (const check of [...this.waiters]) check(); }

    /** Resolves with the first truthy value of `predicate(client)`, looked at after each message.
     *  @throws after `timeoutMs`, when the connection failed, or when this side closed it while waiting. */
    waitFor(predicate, timeoutMs = ANSWER_MS_MAX, what = "condition") {
        return new Promise((resolve, reject) => {
            const end = (settle, value) => { clearTimeout(timer); this.waiters.delete(check); settle(value); };
            const check = () => {
                try {
                    const value = predicate(this);
                    if (value) end(resolve, value);
                    else if (this.problem) end(reject, this.problem);
                    else if (this.left) end(reject, new Error(`${this.name}: closed while waiting for ${what}`));
                } catch (error) { end(reject, error); }
            };
            const timer = setTimeout(() => end(reject, new Error(`${this.name}: no ${what} within ${timeoutMs} ms`)), timeoutMs);
            this.waiters.add(check);
            check();
        });
    }

    /** Sends a stored frame on lane 0 and waits until the server has it on disk. @returns {Promise<{seq: number}>}
     *  @throws Error with `.status` when the server refuses. */
    async store(kind, pairs, timeoutMs = ANSWER_MS_MAX) {
        const seq = ++this.seq, mine = (f) => f.kind === "error" && f.lane === 0 && f.seq === seq;
        this.send([[0, kind], [1, 0], [2, seq], [3, Date.now()], ...pairs]);
        const outcome = await this.waitFor(() => this.frames.find((f) => mine(f) || (f.kind === "ack" && (f.upTo[0] ?? 0) >= seq)), timeoutMs, `answer to seq ${seq}`);
        const refusal = this.frames.find(mine);
        if (refusal) throw Object.assign(new Error(`${this.name} refused: ${refusal.status} ${refusal.text}`), { status: refusal.status });
        return { seq, level: outcome.level };
    }

    /** Does something. @param {object} action  as `actionPairs` of wire.mjs takes it */
    act(action, timeoutMs) { return this.store(23, actionPairs(action), timeoutMs); }

    /** Does it, and says how it went: 0, or the status of the refusal. */
    tryAct(action) { return this.act(action).then(() => 0, (error) => error.status ?? Promise.reject(error)); }

    close() {
        this.left = true;
        this.socket?.terminate();
        this.#wake();
    }
}

export class ConsoleClient extends Peer {
    /** @param {{port: number, ca: string, name: string, password: string}} options  `ca`: PEM text */
    constructor(options) {
        super(options);
        this.name = options.name;
        this.forget();
    }

    forget() {
        Object.assign(this, { patients: new Map(), alerts: new Map(), facilities: new Map(), consults: new Map(), proposals: new Map(),
            plans: new Map(), probes: [], waveforms: 0 });
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
        this.hold(new WebSocket(`wss://127.0.0.1:${port}/console?ticket=${ticket}`, "jingzhu.console.v1",
            { ca, headers: { Cookie: this.cookie, Origin: `https://127.0.0.1:${port}` }, perMessageDeflate: false }));
        await this.waitFor(() => this.frames.some((f) => f.kind === "welcome") && this.frames.some((f) => f.kind === "clock"), timeoutMs, "snapshot");
        const durable = this.frames.find((f) => f.kind === "welcome").durable ?? {};
        this.seq = Math.max(this.seq, Number(durable[0] ?? 0));
    }

    keep(frame) {
        if (frame.kind === "patient") this.patients.set(frame.encounter, frame);
        else if (frame.kind === "alert") this.alerts.set(frame.id, frame);
        else if (frame.kind === "facility") this.facilities.set(frame.id, frame);
        else if (frame.kind === "consult") this.consults.set(frame.number, frame);
        else if (frame.kind === "proposal") this.proposals.set(frame.number, frame);
        else if (frame.kind === "plan") this.plans.set(frame.service, frame);
        else if (frame.kind === "probe") this.probes.push(frame);
        else if (frame.kind === "waveform") this.waveforms++;
    }

    /** Waits until an alert fits. @returns {Promise<object>} the alert */
    waitAlert(fits, timeoutMs, what = "alert") {
        return this.waitFor(() => [...this.alerts.values()].find(fits), timeoutMs, what);
    }

    /** Answers an alert, as `store` does. */
    answer(alertId, state, reason, text, timeoutMs) {
        return this.store(22, [[8, alertId], [9, state], [10, reason], [11, text || undefined]], timeoutMs);
    }
}

const KIND = { open: 8, update: 9, close: 10, vitals: 11, finding: 13, milestone: 15, position: 16 };
const PHYSICIAN = 2;

/** A device with a certificate of its own. What it reports goes by lane 0. */
export class DeviceClient extends Peer {
    /** @param {{port: number, ca: string, pki: import("./pki.mjs").Pki, uuid?: string}} options */
    constructor(options) {
        super(options);
        this.uuid = options.uuid ?? randomUUID();
        this.name = `device ${this.uuid.slice(0, 8)}`;
        this.own = options.pki.device(this.uuid);
        this.directives = new Map();
    }

    static async open(options) {
        const device = new DeviceClient(options);
        await device.connect();
        return device;
    }

    async connect(timeoutMs = ANSWER_MS_MAX) {
        const { port, ca } = this.options;
        this.frames = [];
        this.hold(new WebSocket(`wss://127.0.0.1:${port}/device`, "jingzhu.device.v1",
            { ca, cert: readFileSync(this.own.cert), key: readFileSync(this.own.key), perMessageDeflate: false }));
        const welcome = await this.waitFor(() => this.frames.find((f) => f.kind === "welcome"), timeoutMs, "welcome");
        this.seq = Math.max(this.seq, Number(welcome.durable?.[0] ?? 0));
    }

    keep(frame) { if (frame.kind === "directive") this.directives.set(frame.encounter, frame); }

    /** A new patient. @param {{complaint: number, facts?: object, callsign?: string, at?: [number, number]}} patient  `at`: degrees
     *  @returns {Promise<string>} the encounter */
    async openCase({ complaint, facts, callsign, at, encounter = hex(randomBytes(16)) }) {
        const place = at && new Map([[8, Math.round(at[0] * 1e7)], [9, Math.round(at[1] * 1e7)], [10, 10]]);
        await this.store(KIND.open, [[4, unhex(encounter)], [8, complaint], [9, facts && codes(facts)], [10, callsign], [11, place]]);
        return encounter;
    }

    finding(encounter, code, value, observer = PHYSICIAN) { return this.store(KIND.finding, [[4, unhex(encounter)], [8, code], [9, value], [10, observer]]); }
    vitals(encounter, values) { return this.store(KIND.vitals, [[4, unhex(encounter)], [8, codes(values)]]); }
    milestone(encounter, what) { return this.store(KIND.milestone, [[4, unhex(encounter)], [8, what]]); }
    closeCase(encounter, reason) { return this.store(KIND.close, [[4, unhex(encounter)], [8, reason]]); }

    /** Waits until the newest directive of a patient fits. */
    waitDirective(encounter, fits, timeoutMs, what = "directive") {
        return this.waitFor(() => this.directives.has(encounter) && fits(this.directives.get(encounter)) && this.directives.get(encounter), timeoutMs, what);
    }
}

const codes = (values) => new Map(Object.entries(values).map(([code, value]) => [Number(code), value]).sort((a, b) => a[0] - b[0]));
