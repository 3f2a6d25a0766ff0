/* SPDX-License-Identifier: Apache-2.0 */
/* Consults for the stand-in: who is told of which, as server/core/consult.c has it. */
import { idOf } from "./fake-server.mjs";

const ASKED = 1, TAKEN = 2, ANSWERED = 3, PHONE = 4, ENDED = 5, TAKE = 17, PASS = 18, ANSWER = 19;
const m = (...pairs) => new Map(pairs);
const same = (a, b) => String(a) === String(b);

/* A consultant's view has no callsign, tag or position. */
const nameless = (patient) => new Map([...patient].filter(([key]) => ![12, 19, 34].includes(key)));

export class Consults {
    /** @param {import("./fake-server.mjs").FakeServer} server  whose hooks this takes */
    constructor(server) {
        this.server = server;
        this.reset();
        server.onGreet = (link) => { if (link.account.role === 4) this.#greet(link); };
        server.onAction = (frame, link) => this.#act(frame, link);
    }

    reset() {
        this.all = new Map();
        this.actions = [];
        this.silent = false; /* true: take actions, answer nothing */
    }

    #frame(c) {
        return m([0, 27], [3, Date.now()], [4, c.encounter], [8, c.number], [9, c.state], [10, c.askedMs], [11, c.dueMs], [12, c.promisedMs], [13, c.askedBy],
            ...(c.consultant ? [[14, c.consultant]] : []), [15, c.question], ...(c.opinion ? [[16, c.opinion], [17, c.conclusion], [18, c.signedMs]] : []),
            ...(c.snapshot ? [[19, c.snapshot]] : []), [20, c.late], [21, c.tries]);
    }

    #sees(c, name) {
        if (c.state === ASKED || c.state === PHONE) return !c.passed.has(name);
        return c.consultant === name;
    }

    #greet(link) {
        for (const c of this.all.values()) if (this.#sees(c, link.account.name) && c.state !== ENDED) this.#show(c, link);
    }

    #show(c, link) {
        const { server } = this, patient = server.patients.find((p) => same(p.get(4), c.encounter));
        server.tell([this.#frame(c), nameless(patient)], link);
        for (const wave of server.waves) if (same(wave.get(4), c.encounter)) server.tell([wave], link);
    }

    /** Asks about patient `which`. @param more  what differs from a question asked just now */
    ask(number, which, more = {}) {
        const now = Date.now();
        this.all.set(number, { number, encounter: idOf(which), state: ASKED, askedMs: now, dueMs: now + 120000, promisedMs: now + 600000, askedBy: "市二医 李医生",
            question: "胎心变异是否减少?", late: false, tries: 1, passed: new Set(), ...more });
        this.tell(number);
    }

    /** Tells whoever may know how it stands. */
    tell(number) {
        const c = this.all.get(number);
        for (const link of this.server.links) {
            if (link.account.role !== 4) continue;
            if (c.state === ENDED) this.server.tell([this.#frame(c)], link);
            else if (this.#sees(c, link.account.name)) this.#show(c, link);
        }
    }

    change(number, more) { Object.assign(this.all.get(number), more); this.tell(number); }

    #act(frame, link) {
        const what = frame.get(8), number = frame.get(16), name = link.account.name, c = this.all.get(number);
        if (![TAKE, PASS, ANSWER].includes(what)) return false;
        this.actions.push({ what, number, code: frame.get(10), text: frame.get(14), by: name });
        if (this.silent) return true;
        const fits = { [TAKE]: c?.state === ASKED || c?.state === PHONE, [PASS]: c?.state === ASKED || c?.state === TAKEN, [ANSWER]: c?.state === TAKEN && c.consultant === name };
        if (!fits[what]) {
            this.server.tell([m([0, 3], [3, Date.now()], [8, 405], [9, 23], [10, 0], [11, frame.get(2)], [13, "refused"])], link);
            return true;
        }
        if (what === TAKE) Object.assign(c, { state: TAKEN, consultant: name });
        if (what === PASS) { c.passed.add(name); Object.assign(c, { state: ASKED, consultant: "", tries: c.tries + 1, dueMs: Date.now() + 120000 }); }
        if (what === ANSWER) Object.assign(c, { state: ANSWERED, opinion: frame.get(14), conclusion: frame.get(10), signedMs: Date.now() });
        this.server.tell([m([0, 4], [8, m([0, frame.get(2)])], [9, 1])], link);
        this.tell(number);
        return true;
    }
}
