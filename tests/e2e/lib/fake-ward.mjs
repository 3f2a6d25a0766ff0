/* SPDX-License-Identifier: Apache-2.0 */
/* What the stand-in server does about a hospital's answers and actions, as docs/protocol.md has it, and a full case. */
const TRANSITION = 405, DAY = 86400000;
const m = (...pairs) => new Map(pairs);
const KEYS = { what: 8, facility: 9, code: 10, value: 11, ms: 12, reason: 13, text: 14, number: 16 };

export class Ward {
    /** @param {import("./fake-server.mjs").FakeServer} server */
    constructor(server) {
        this.server = server;
        this.refuse = 0;      /* a status: the next action is refused with it */
        this.acceptances = 0;
        this.rows = new Map(); /* service states by number */
        this.pathRow = undefined;
        server.onAction = (frame, link) => this.#act(frame, link);
        server.onAnswer = (known, frame, link) => this.#answer(known, frame, link);
        server.onGreet = (link) => server.tell([this.#facility()], link);
    }

    /* --- alerts ---------------------------------------------------------------------------------------------- */

    /** @param more  of the alert; also grade, teams, technical, standby, told, acceptedMs */
    raise(n, which, state, more = {}) {
        const teams = [[1, true, 0, 0, "", false]];
        this.server.raise(n, which, "gz-1", state, {
            grade: 3, teams, technical: false, standby: false, told: false, ...more,
            pairs: (a) => [[21, a.grade], [22, a.teams], [23, 0], [24, a.technical], [25, a.standby], [26, a.told], ...(a.acceptedMs ? [[27, a.acceptedMs]] : [])],
        });
    }
    change(n, more) { this.server.change(n, more); }

    #answer(known, frame, link) {
        const next = frame.get(9), now = Date.now(), name = link.account.name;
        if (next === 4) {
            if (known.state > 3) return false; /* the stand-in refuses it */
            this.acceptances++;
            Object.assign(known, { state: 4, person: name, acceptedMs: now, reason: frame.get(10) ?? 0, text: frame.get(11) ?? "" });
            return true;
        }
        if (next === 1 && known.state === 4 && known.person === name && now - known.acceptedMs <= 5000) {
            Object.assign(known, { state: 1, person: "", acceptedMs: undefined, raisedMs: now, occurrence: known.occurrence + 1, reason: 0 });
            return true;
        }
        if (next === 3 && known.state >= 9) { known.told = true; known.technical = false; return true; }
        return false;
    }

    /* --- actions --------------------------------------------------------------------------------------------- */

    #act(frame, link) {
        const action = Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, frame.get(key)]));
        const encounter = frame.get(4) && Buffer.from(frame.get(4)).toString("hex"), seq = frame.get(2);
        this.server.actions.push({ ...action, encounter, seq, by: link.account.name });
        if (this.refuse > 0) {
            this.server.tell([m([0, 3], [3, Date.now()], [8, this.refuse], [9, 23], [10, 0], [11, seq], [13, "refused"])], link);
            this.refuse = 0;
            return true;
        }
        this.server.tell([m([0, 4], [8, m([0, seq])], [9, 1])], link);
        const patient = this.server.patients.find((p) => Buffer.from(p.get(4)).toString("hex") === encounter);
        ({ 10: () => this.#divert(action, link), 11: () => this.#divert({ ...action, ms: 0, reason: 0 }, link), 12: () => this.#count(action, link),
            14: () => this.#stamp(patient, action), 15: () => this.#receipt(action, link), 20: () => this.#sign(patient, link), 21: () => this.#outcome(patient, action) })[action.what]?.();
        return true;
    }

    #stamp(patient, { code, ms = Date.now() }) {
        const stamps = patient.get(29), old = stamps.find((s) => s[0] === code);
        patient.set(29, [...stamps.filter((s) => s[0] !== code), [code, ms, old?.[2] ?? ms, 4, 0, old ? old[5] + 1 : 0]]);
        this.server.tell([patient]);
    }
    #receipt({ number, code, value }, link) {
        const known = this.server.alerts.get(number), person = value >= 3 ? link.account.name : "";
        this.server.change(number, { teams: known.teams.map((x) => (x[0] === code && value > x[2] ? [code, x[1], value, Date.now(), person, x[5]] : x)) });
    }
    #sign(patient, link) {
        const sheet = new Map(patient.get(31) ?? []).set(2, link.account.name).set(3, Date.now());
        if (sheet.has(0)) sheet.delete(4);
        this.server.tell([patient.set(31, sheet)]);
    }
    #outcome(patient, { code, value }) { this.server.tell([patient.set(31, new Map(patient.get(31) ?? []).set(5, code).set(6, value))]); }

    /* --- the hospital ---------------------------------------------------------------------------------------- */

    #facility() {
        const of = ([service, r]) => [service, r.state ?? 0, r.free ?? 0, r.held ?? 0, r.owner ?? "", r.setMs ?? 0, r.expiresMs ?? 0, r.divertedUntilMs ?? 0, r.reason ?? 0, r.divertedBy ?? ""];
        return m([0, 25], [8, "gz-1"], [9, "贵州省人民医院"], [10, "Guizhou Provincial People's Hospital"], [11, 265000000], [12, 1067000000], [14, [["pci_24h", 2]]],
            [15, [...this.rows].map(of)], ...(this.pathRow ? [[17, this.pathRow]] : []));
    }
    #row(service, more) {
        this.rows.set(Number(service), { ...this.rows.get(Number(service)), ...more });
        this.server.tell([this.#facility()]);
    }
    /** @param rows  by number of the service */
    services(rows) { for (const [service, row] of Object.entries(rows)) this.#row(service, row); }
    /** @param row  state, sent, sounded, missed */
    path(row) { this.pathRow = row; this.server.tell([this.#facility()]); }
    #count({ code, value, ms }, link) { this.#row(code, { state: 1, free: value, owner: link.account.name, setMs: Date.now(), expiresMs: ms ?? Date.now() + 3600000 }); }
    #divert({ code, ms, reason }, link) { this.#row(code, { divertedUntilMs: ms, reason, divertedBy: link.account.name }); }

    /* --- canned ---------------------------------------------------------------------------------------------- */

    /** As full as a sheet gets: stamps of the whole way, clocks, a consult, both sides of the handover but one. */
    fullCase(which) {
        const now = Date.now(), patient = this.server.patients[which - 1], codes = which === 1
            ? [67109200, 67109201, 67109202, 67109203, 67109204, 67109205, 67109206, 67109207, 67111406, 67111412, 67111413, 67111414, 67109209, 67111420]
            : [67109200, 67109202, 67109203, 67109206, 67109207, 67112615, 67112618, 67109211];
        const minute = (n) => now - n * 60000;
        patient.set(10, 2).set(34, `W-004${which + 1}`).set(33, 90 + which)
            .set(16, new Map([...patient.get(16), [5, minute(12)]]))
            .set(28, [["door-to-wire", "入门至导丝", "Door to wire", minute(12), now + 78 * 60000, 1, 0, now + 60 * 60000],
                ["fmc-to-wire", "首次医疗接触至导丝", "First contact to wire", minute(50), now + 4 * 60000, 2, 2, now + 60 * 60000], ["fmc-to-ecg", "首次医疗接触至心电图", "First contact to ECG", minute(50), minute(40), 4, 0, null]])
            .set(29, codes.map((code, i) => [code, minute(70 - i * 4), minute(code === 67109203 ? 71 : 70 - i * 4), 1 + (i % 5), 2000, code === 67109203 ? 1 : 0]))
            .set(31, new Map([[0, "刘急救"], [1, minute(2)], [4, true]]));
        this.server.tell([patient, m([0, 27], [3, now], [4, patient.get(4)], [8, 90 + which], [9, 3], [10, minute(30)], [11, minute(20)], [12, minute(20)], [13, "刘急救"], [14, "陈医生"],
            [15, "下壁 ST 段抬高,是否加做右胸导联?"], [16, "同意下壁 STEMI,建议加做右胸导联 V4R。"], [17, 1], [18, minute(22)], [20, false], [21, 1])]);
    }

    /** More than a sheet can show: it says what it leaves out. */
    longCase(which) {
        const now = Date.now(), patient = this.server.patients[which - 1], minute = (n) => now - n * 60000;
        patient.set(29, [...Array.from({ length: 14 }, (_, i) => [67111400 + i, minute(90 - i), minute(91 - i), 4, 60000, 3]), ...Array.from({ length: 16 }, (_, i) => [67109200 + i, minute(60 - i), minute(60 - i), 3, 0, 0])])
            .set(28, Array.from({ length: 10 }, (_, i) => [`clock-${i}`, `首次医疗接触至第 ${i} 个治疗节点`, `First contact to step ${i} of the treatment`, minute(50), minute(i), 3, 3, null]))
            .set(13, new Map([...patient.get(13), ...Array.from({ length: 30 }, (_, i) => [67112300 + i, [1, minute(3), 2]])]))
            .set(14, Array.from({ length: 12 }, (_, i) => new Map([...patient.get(14)[0]]).set(0, `rule-${i}`).set(11, `第 ${i} 条判定,名称相当长,须一行半才写得完整`).set(13, "处理建议同样相当长,写到一行半为止,不再多写一个字,请按规程执行")));
        this.server.tell([patient, m([0, 27], [3, now], [4, patient.get(4)], [8, 90 + which], [9, 3], [10, minute(30)], [11, minute(20)], [12, minute(20)], [13, "刘急救"], [14, "陈医生"],
            [15, "问".repeat(85)], [16, "答".repeat(85)], [17, 1], [18, minute(22)], [20, false], [21, 1])]);
    }

    /** Everything that a board can show at once: one arrived, one to answer, one off, services of every kind, a path. */
    busy() {
        const now = Date.now();
        this.raise(1, 1, 7, { person: "李医生", acceptedMs: now - 900000, reason: 2, teams: [[1, true, 4, now - 600000, "李医生", false], [2, true, 2, now - 700000, "", true], [5, true, 3, now - 500000, "周检验", false]] });
        this.raise(2, 2, 2, { priority: 2, grade: 2, standby: true, conditions: ["OB-HTN", "OB-NICU"], teams: [[1, true, 1, now, "", false], [3, true, 0, 0, "", false], [4, true, 0, 0, "", false]] });
        this.raise(3, 2, 9, { person: "王护士" });
        this.services({ 1: { state: 1, free: 1, owner: "李医生", setMs: now - 600000, expiresMs: now + 3000000 }, 2: { state: 1, free: -1, held: 1, owner: "李医生", setMs: now - 600000, expiresMs: now + 3000000, divertedUntilMs: now + 2000000, reason: 12, divertedBy: "李医生" },
            4: { state: 1, free: 3, owner: "李医生", setMs: now - 60000, expiresMs: now + DAY / 2 }, 6: { state: 2, free: 5, owner: "李医生", setMs: now - 7200000, expiresMs: now - 1000 } });
        this.path([2, now - 120000, now - 120000, 0]);
    }
}
