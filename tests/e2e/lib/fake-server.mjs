/* SPDX-License-Identifier: Apache-2.0 */
/* A stand-in for jingzhud's console port, for tests of the page alone: docs/console-http.md with canned patients.
 * What the whole system does is proven against the real server, never against this one. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { extname, join } from "node:path";
import { encode, decodeFirst } from "cborg";
import { WebSocketServer } from "ws";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".gz": "application/gzip" };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const LEADS = [131073, 131074, 131133, 131134, 131135, 131136, 131075, 131076, 131077, 131078, 131079, 131080];
const CODE = { hr: 147842, sbp: 150021, dbp: 150022, temp: 150364, spo2: 150456, rr: 151562, acvpu: 67108866, st: 67108868,
    pain: 67108870, age: 67108880, sex: 67108881, pregnancy: 67108882, ga: 67108883, risk: 67108884, fhr: 67108900, toco: 67108901 };
export const XSS = "<img src=x onerror=hacked=1>"; /* short enough for a callsign */

const m = (...pairs) => new Map(pairs);
export const idOf = (n) => id(n);
const id = (n) => Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? n : 0));

/* --- waveforms --------------------------------------------------------------------------------------------- */

/** Order-1 blocks of docs/protocol.md, "Waveforms". @param {number[][]} channels */
export function encodeWave(channels) {
    const out = [];
    for (const samples of channels) for (let at = 0, last = 0; at < samples.length; at += 16) {
        const codes = samples.slice(at, at + 16).map((v) => { const d = v - last; last = v; return ((d << 1) ^ (d >> 31)) >>> 0; });
        const width = Math.max(...codes.map((c) => 32 - Math.clz32(c)));
        out.push(32 + width);
        let bits = 0n, held = 0n;
        for (const c of codes) { bits |= BigInt(c) << held; held += BigInt(width); }
        for (let n = Math.ceil(Number(held) / 8); n > 0; n--, bits >>= 8n) out.push(Number(bits & 255n));
    }
    return Uint8Array.from(out);
}

const bump = (t, at, width, height) => height * Math.exp(-(((t - at) / width) ** 2));
/* One beat, microvolts: P, QRS, an ST step and T. */
function beat(t, r, st) {
    return bump(t, 0.16, 0.025, 120) + bump(t, 0.3, 0.012, r) - bump(t, 0.275, 0.01, r * 0.15) - bump(t, 0.33, 0.012, r * 0.25) +
        (t > 0.34 && t < 0.55 ? st * Math.sin(((t - 0.34) / 0.21) * Math.PI) ** 0.5 : 0) + bump(t, 0.56, 0.05, 250);
}
const R = [700, 1100, 500, -800, 250, 800, -600, -300, 500, 1200, 1100, 800];
const ST = [-80, 220, 300, -60, -150, 260, 0, -60, -80, -60, 20, 40];

/** A 10 s 12-lead recording as segments of 1 s at 250/s. @param {number} [lost]  segment left out: a gap */
export function ecgFrames(encounter, startMs, snapshot, lost = -1) {
    return Array.from({ length: 10 }, (_, s) => {
        const channels = LEADS.map((_, l) => Array.from({ length: 250 }, (_, i) => Math.round(beat(((s * 250 + i) / 250) % 0.8, R[l], ST[l]) / 2.5)));
        return m([0, 12], [1, 1], [2, s + 1], [3, startMs + s * 1000], [4, encounter], [8, 1], [9, 4000], [10, LEADS], [11, 250], [12, 2500],
            [13, encodeWave(channels)], ...(snapshot ? [[14, snapshot]] : []));
    }).filter((_, s) => s !== lost);
}

/** `minutes` of CTG at 4/s: baseline 145, variability, a late deceleration, a stretch of lost signal. */
export function ctgFrames(encounter, endMs, minutes) {
    return Array.from({ length: minutes }, (_, k) => {
        const at = (i) => k * 60 + i / 4;
        const fhr = Array.from({ length: 240 }, (_, i) => { const t = at(i); return t % 400 > 300 && t % 400 < 325 ? 0
            : Math.round(145 + 6 * Math.sin(t / 3.1) + 4 * Math.sin(t / 1.3) - bump(t % 180, 110, 18, 35)); });
        const toco = Array.from({ length: 240 }, (_, i) => Math.round(12 + bump(at(i) % 180, 80, 22, 60)));
        return m([0, 12], [1, 3], [2, k + 1], [3, endMs - (minutes - k) * 60000], [4, encounter], [8, 2], [9, 250000], [10, [CODE.fhr, CODE.toco]],
            [11, 240], [12, 1000], [13, encodeWave([fhr, toco])]);
    });
}

/* --- canned patients ----------------------------------------------------------------------------------------- */

/** @param used  [code, value, ms, points]: the frame has them as reasons, and the points by item. */
const assessment = (rule, status, lo, hi, priority, missing, next, used, titles, now, signed, possible) => m([0, rule], [1, status], [2, lo], [3, hi],
    [4, missing.length === 0], [5, "level"], ...(priority ? [[6, priority]] : []), [7, missing], ...(next ? [[8, next]] : []), [9, used.map(([code, value, ms]) => [code, value, ms, true])],
    [10, now], [11, titles[0]], [12, titles[1]], [13, titles[2] ?? ""], [14, titles[3] ?? ""], [15, "1.0.0"], [16, "RCP 2017, NEWS2 chart 1"], [17, signed],
    ...(possible ? [[18, possible]] : []),
    ...(used.some((u) => u[3]) ? [[19, used.filter((u) => u[3]).map(([code, , , points]) => [code, points, points])]] : []));

const trendOf = (now) => Array.from({ length: 40 }, (_, i) => [now - (40 - i) * 30000, [i === 20 ? null : 96 + Math.round(8 * Math.sin(i / 4)),
    94 + (i % 3), 104 - Math.round(i / 4), 66 - Math.round(i / 6), 20 + (i % 4), i % 6 === 0 ? 368 : null]]);
const TREND_CODES = [CODE.hr, CODE.spo2, CODE.sbp, CODE.dbp, CODE.rr, CODE.temp];

function rankingOf(now) {
    return m([0, now], [1, "road-graph-schematic"], [2, [["gz-1", 720, 3900, 240, false, 3180, 0, 1], ["gz-2", 900, 4300, 300, true, 3400, 7, 32]]],
        [3, [["gz-3", 1, "pci_24h", 0], ["gz-4", 3, "", 0]]], [4, 1]);
}

/** What a machine measured of the canned ECG: V3 too noisy to be used. */
const ecgMeasured = (now) => m([0, now - 590000], [1, 1], [2, 10000], [3, 92], [4, true], [5, m([0, 750], [2, 92], [4, 431], [5, 40], [6, 1], [7, 1])],
    [6, LEADS.map((lead) => [lead, lead === 131077 ? 20 : 95, lead === 131077 ? 4 : 0, lead !== 131077])], [7, m([67111002, [300, now - 590000, 1]])]);
const ctgMeasured = (now) => m([0, now - 15000], [1, 0], [2, 1200000], [3, 94], [4, true], [5, m()], [6, []],
    [7, m([67114003, [1450, now - 15000, 1]], [67114007, [112, now - 15000, 1]])]);

export function chestPain(now, callsign = "贵A·120-07") {
    const readings = [[CODE.hr, [104, now - 4000, 1]], [CODE.sbp, [96, now - 200000, 1]], [CODE.dbp, [61, now - 200000, 1]], [CODE.temp, [368, now - 1500000, 2]],
        [CODE.spo2, [91, now - 9000, 3]], [CODE.rr, [24, now - 60000, 1]], [CODE.acvpu, [1, now - 90000, 1]], [CODE.st, [1, now - 120000, 1]], [CODE.pain, [1, now - 900000, 1]],
        [CODE.age, [58, now - 900000, 1]], [CODE.sex, [1, now - 900000, 1]]];
    return m([0, 24], [3, now], [4, id(1)], [8, 1], [9, 1], [10, 1], [11, now - 960000], [12, callsign], [13, new Map(readings)], [14, [
        assessment("CP-STEMI", 1, 0, 0, 1, [], 0, [[CODE.st, 1, now - 120000, 0]], ["ST 段抬高型心肌梗死:符合标准", "STEMI: criteria met", "直送导管室,通知团队", "Straight to the cath lab; alert the team"], now, false),
        assessment("news2", 1, 5, 8, 2, [CODE.spo2], CODE.spo2, [[CODE.rr, 24, now - 60000, 2], [CODE.sbp, 96, now - 200000, 2], [CODE.hr, 104, now - 4000, 1]], ["NEWS2 中危", "NEWS2 medium risk", "紧急评估", "Urgent review"], now, false),
        assessment("shock-index", 4, 0, 2, 0, [CODE.temp], CODE.temp, [], ["休克指数", "Shock index"], now, true),
        assessment("chest-pain.dissection", 4, 0, 1, 0, [CODE.pain], CODE.pain, [], ["主动脉夹层", "Aortic dissection"], now, true,
            ["high", "高度可疑", "High suspicion", 1])]],
    [15, ["R01"]], [16, m([1, now - 960000], [2, now - 620000], [3, now - 400000])], [17, rankingOf(now)], [18, [1]], [19, [265000000, 1067000000, now]],
    [20, trendOf(now)], [21, TREND_CODES], [22, now - 4000], [26, ecgMeasured(now)], [28, []], [29, []], [37, 1]);
}

export function pregnancy(now, callsign = "贵A·120-11") {
    const readings = [[CODE.hr, [98, now - 5000, 1]], [CODE.sbp, [168, now - 30000, 1]], [CODE.dbp, [112, now - 30000, 1]], [CODE.spo2, [97, now - 5000, 1]],
        [CODE.age, [31, now - 600000, 1]], [CODE.sex, [2, now - 600000, 1]], [CODE.pregnancy, [2, now - 600000, 1]], [CODE.ga, [240, now - 600000, 1]], [CODE.risk, [3, now - 600000, 1]],
        [CODE.fhr, [146, now - 5000, 1]]];
    return m([0, 24], [3, now], [4, id(2)], [8, 2], [9, 2], [10, 1], [11, now - 700000], [12, callsign], [13, new Map(readings)], [14, [
        assessment("obstetric.severe-hypertension", 1, 0, 0, 2, [], 0, [[CODE.sbp, 168, now - 30000, 0]], ["重度高血压,15 分钟内复测", "Severe hypertension: repeat in 15 min", "通知产科", "Tell the obstetrician"], now, false),
        assessment("CTG-ROUTING", 1, 0, 0, 2, [], 0, [[67114003, 1450, now - 15000, 0]], ["任一分类为可疑/Ⅱ 类", "Suspicious or category II by any", "产科医师评估", "Obstetrician's review"], now, false)]],
    [15, ["OB-HTN", "OB-NICU"]], [16, m([1, now - 650000])], [18, [2]], [20, []], [21, []], [22, now - 42000], [27, ctgMeasured(now)], [28, []], [29, []], [37, 1]);
}

const alert = (n, encounter, facility, state, now, more = {}) => ({ id: n, encounter, facility, state, raisedMs: now, dueMs: now + 60000, priority: 1,
    escalated: false, person: "", reason: 0, text: "", conditions: ["R01"], travelS: 720, occurrence: 1, ...more });
const alertFrame = (a) => m([0, 21], [3, Date.now()], [4, a.encounter], [8, a.id], [9, a.facility], [10, a.state], [11, a.raisedMs], [12, a.dueMs], [13, a.priority],
    [14, a.escalated], ...(a.person ? [[15, a.person]] : []), ...(a.reason ? [[16, a.reason]] : []), ...(a.text ? [[17, a.text]] : []),
    [18, a.conditions], [19, a.travelS], [20, a.occurrence], ...(a.pairs?.(a) ?? [])); /* what a test adds */
const facility = (n, zh, en) => m([0, 25], [8, `gz-${n}`], [9, zh], [10, en], [11, 265000000], [12, 1067000000], [14, [["pci_24h", 2]]]);
const FACILITIES = [facility(1, "贵州省人民医院", "Guizhou Provincial People's Hospital"), facility(2, "贵阳市第二人民医院", "Guiyang Second People's Hospital"),
    facility(3, "贵阳市第三人民医院", "Guiyang Third People's Hospital"), facility(4, "贵阳市妇幼保健院", "Guiyang Maternal and Child Hospital")];

/* --- the server ---------------------------------------------------------------------------------------------- */

export const PEOPLE = { 调度员: { role: 2, facility: "", password: "dispatch-1" }, 李医生: { role: 3, facility: "gz-1", password: "receive-1" },
    陈医生: { role: 4, facility: "", password: "consult-1" } };

export class FakeServer {
    /** @param {{cert: string, key: string, dist: string}} options  paths */
    constructor(options) {
        this.options = options;
        this.sessions = new Map();
        this.tickets = new Map();
        this.links = new Set();
        this.answers = [];
        this.actions = [];
        this.simulation = true;
        this.quiet = false;       /* true: say nothing, not even the clock */
        this.slowAcks = false;    /* true: keep answers, acknowledge nothing */
        this.reset();
    }

    reset() {
        const now = Date.now();
        this.patients = [chestPain(now), pregnancy(now)];
        this.alerts = new Map();
        this.waves = [...ecgFrames(id(1), now - 600000, 1, 6), ...ctgFrames(id(2), now, 20)];
    }

    async start() {
        this.http = createServer({ cert: readFileSync(this.options.cert), key: readFileSync(this.options.key), minVersion: "TLSv1.3" }, (req, res) => this.#serve(req, res));
        this.ws = new WebSocketServer({ noServer: true, perMessageDeflate: false, handleProtocols: () => "jingzhu.console.v1" });
        this.http.on("upgrade", (req, socket, head) => this.#upgrade(req, socket, head));
        await new Promise((done) => this.http.listen(0, "127.0.0.1", done));
        this.port = this.http.address().port;
        this.timer = setInterval(() => this.tell([m([0, 5], [3, Date.now()])]), 2000);
    }

    #person(req) { return this.sessions.get(/__Host-jz=(\w+)/.exec(req.headers.cookie ?? "")?.[1]); }

    #serve(req, res) {
        const { pathname } = new URL(req.url, "https://x");
        if (req.method === "POST") return void this.#post(req, res, pathname);
        if (pathname === "/api/session") return this.#json(res, this.#person(req) ? 200 : 401, this.#person(req) ?? { error: 803 });
        const file = pathname === "/" ? "index.html" : pathname.slice(1);
        if (!/^(index\.html|assets\/[\w.-]+)$/.test(file)) return res.writeHead(404).end();
        try {
            const body = readFileSync(join(this.options.dist, file));
            res.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff" }).end(body);
        } catch { res.writeHead(404).end(); }
    }

    #json(res, status, body, headers = {}) { res.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers }).end(JSON.stringify(body)); }

    async #post(req, res, pathname) {
        let text = "";
        for await (const part of req) text += part;
        if (req.headers["x-jingzhu"] !== "1") return this.#json(res, 403, {});
        if (pathname === "/api/login") return this.#login(res, JSON.parse(text));
        if (pathname === "/api/logout") return res.writeHead(204).end();
        if (!this.#person(req) || this.refuseTickets) return this.#json(res, this.refuseTickets ? 503 : 401, { error: 803 });
        const ticket = randomBytes(8).toString("hex");
        this.tickets.set(ticket, this.#person(req));
        return this.#json(res, 200, { ticket });
    }

    #login(res, { name, password }) {
        const person = PEOPLE[name];
        if (!person || person.password !== password) return this.#json(res, 401, { error: 803 });
        const key = randomBytes(16).toString("hex"), account = { name, role: person.role, facility: person.facility, simulation: this.simulation };
        this.sessions.set(key, account);
        return this.#json(res, 200, account, { "Set-Cookie": `__Host-jz=${key}; Path=/; Secure; HttpOnly; SameSite=Strict` });
    }

    #upgrade(req, socket, head) {
        const ticket = new URL(req.url, "https://x").searchParams.get("ticket"), account = this.tickets.get(ticket);
        this.tickets.delete(ticket);
        if (!account) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
        this.ws.handleUpgrade(req, socket, head, (link) => {
            link.account = account;
            this.links.add(link);
            link.on("message", (data) => this.#take(link, data));
            link.on("close", () => this.links.delete(link));
        });
    }

    #take(link, data) {
        const [frame] = decodeFirst(new Uint8Array(data), { useMaps: true });
        if (frame.get(0) === 1) return this.#welcome(link, frame);
        if (frame.get(0) === 23) return this.#act(link, frame);
        if (frame.get(0) !== 22) return;
        link.seq = frame.get(2);
        this.answers.push({ alert: frame.get(8), state: frame.get(9), reason: frame.get(10), text: frame.get(11), seq: frame.get(2), by: link.account.name });
        if (!this.slowAcks) this.#answer(link, frame);
    }

    #act(link, frame) {
        if (this.onAction?.(frame, link)) return; /* a test answers by itself */
        this.actions.push({ what: frame.get(8), facility: frame.get(9), number: frame.get(16), seq: frame.get(2), by: link.account.name });
        this.tell([m([0, 4], [8, m([0, frame.get(2)])], [9, 1])], link);
    }

    probe(facilityId, number) { this.tell([m([0, 26], [3, Date.now()], [8, facilityId], [9, number])]); }

    #answer(link, frame) {
        const known = this.alerts.get(frame.get(8)), next = frame.get(9);
        if (known && this.onAnswer?.(known, frame, link)) { /* a test moves it by itself */
            this.tell([m([0, 4], [8, m([0, frame.get(2)])], [9, 1])], link);
            return this.tell([alertFrame(known)]);
        }
        if (!known || (next < known.state && next !== 2) || [5, 8, 9, 10].includes(known.state))
            return this.tell([m([0, 3], [3, Date.now()], [8, known ? 405 : 404], [9, 22], [10, 0], [11, frame.get(2)], [13, "refused"])], link);
        this.tell([m([0, 4], [8, m([0, frame.get(2)])], [9, 1])], link);
        Object.assign(known, { state: Math.max(known.state, next), person: next > 2 ? link.account.name : known.person, reason: frame.get(10) ?? 0, text: frame.get(11) ?? "" });
        this.tell([alertFrame(known)]);
    }

    #welcome(link, hello) {
        const { name, role, facility: place } = link.account, now = Date.now();
        this.tell([m([0, 2], [3, now], [8, 1], [9, hello.get(3)], [10, now], [11, m()], [12, 1], [13, name], [14, role], ...(place ? [[15, place]] : []), [16, this.simulation]), ...FACILITIES], link);
        const alerts = [...this.alerts.values()].filter((a) => role === 2 || a.facility === place), seen = new Set(alerts.map((a) => String(a.encounter)));
        const visible = (frame) => role === 2 || seen.has(String(frame.get(4)));
        this.tell([...this.patients.filter(visible), ...alerts.map(alertFrame)], link);
        for (const wave of this.waves.filter(visible)) this.tell([wave], link);
        this.onGreet?.(link); /* what a test adds to the snapshot */
        this.tell([m([0, 5], [3, Date.now()])], link);
    }

    /** Sends frames to one link or to all. */
    tell(frames, only) {
        if (this.quiet || frames.length === 0) return;
        const bytes = Buffer.concat(frames.map((f) => encode(f)));
        for (const link of only ? [only] : this.links) if (link.readyState === 1) link.send(bytes);
    }

    /** Raises (or changes) an alert and tells who may see it, with patient and waveforms. */
    raise(n, which, facilityId, state = 1, more = {}) {
        const raised = alert(n, id(which), facilityId, state, Date.now(), more), patient = this.patients[which - 1];
        patient.set(18, [...new Set([...patient.get(18), n])]);
        this.alerts.set(n, raised);
        for (const link of this.links) {
            if (link.account.role !== 2 && link.account.facility !== facilityId) continue;
            this.tell([patient, alertFrame(raised)], link);
            for (const wave of this.waves) if (String(wave.get(4)) === String(id(which))) this.tell([wave], link);
        }
    }

    change(n, more) { Object.assign(this.alerts.get(n), more); this.tell([alertFrame(this.alerts.get(n))]); }
    sendRaw(bytes) { for (const link of this.links) link.send(bytes); }
    dropAll() { for (const link of this.links) link.terminate(); }

    async stop() {
        clearInterval(this.timer);
        this.dropAll();
        this.http.closeAllConnections?.();
        await new Promise((done) => this.http.close(done));
    }
}
