/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DRUGS, NEAR_MS, TAPS, arrivalMs, divertedFor, elsewhereOf, groupsOf, isGoneOn, isNear, isTeamLate, ownAlert, readyOf, spread } from "../src/hospital-model";
import { FORMAT, QR_CHARS_MAX, dataPlaces, formatPlaces, isFunction, masked, qrOf, times } from "../src/qr";
import { AlarmMemory, SIGNAL_MS_MAX } from "../src/sound";
import { EMPTY, isOffUntold, mustSound, reduce, type State } from "../src/state";
import { ALERT, ROLE, type Alert, type Facility, type Frame, type Patient, type Team, type Welcome } from "../src/wire";

const NOW = 1790000000000, MINUTE = 60000;
const welcome: Welcome = { kind: "welcome", ms: NOW, helloMs: NOW, receivedMs: NOW, durable: new Map(), person: "Li", role: ROLE.receiving, facility: "gz-1", simulation: true };
const alert = (id: number, more: Partial<Alert> = {}): Alert => ({ kind: "alert", id, encounter: "e1", ms: NOW, facility: "gz-1", state: ALERT.raised, raisedMs: NOW,
    dueMs: NOW + 60000, priority: 1, escalated: false, person: "", reason: 0, reasonText: "", conditions: [], occurrence: 1, grade: 2, teams: [],
    rung: 0, technical: false, standby: false, told: false, ...more });
const patient = (more: Partial<Patient> = {}): Patient => ({ kind: "patient", id: "e1", ms: NOW, priority: 1, complaint: 1, phase: 1, openedMs: NOW, callsign: "A",
    readings: new Map(), assessments: [], conditions: [], milestones: new Map(), alerts: [], trend: [], trendCodes: [], lastMs: NOW, assessmentsUnshown: 0, readingsUnshown: 0,
    call: false, targets: [], stamps: [], kin: [], tag: "", devices: 1, ...more });
const team = (more: Partial<Team> = {}): Team => ({ team: 2, needed: true, receipt: 1, ms: NOW, person: "", reminded: false, ...more });
const fold = (frames: Frame[], from: State = EMPTY): State => frames.reduce(reduce, from);

test("a hospital hears what waits and what is off until somebody confirms it, and nothing of another hospital", () => {
    const frames = [alert(1), alert(2, { state: ALERT.accepted }), alert(3, { state: ALERT.withdrawn }), alert(4, { state: ALERT.withdrawn, told: true }),
        alert(5, { state: ALERT.expired }), alert(6, { state: ALERT.declined, told: true }), alert(7, { state: ALERT.withdrawn, facility: "gz-2" })];
    assert.deepEqual(mustSound(fold([welcome, ...frames])).map((a) => a.id), [1, 3, 5]);
    assert.deepEqual(mustSound(fold([{ ...welcome, role: ROLE.dispatcher, facility: "" }, ...frames])).map((a) => a.id), [], "a dispatcher hears what is escalated");
});

test("that a patient does not come is a medium alarm at most: the one who does not come is nobody's emergency here", () => {
    const [off] = mustSound(fold([welcome, alert(3, { state: ALERT.withdrawn, priority: 1 })]));
    assert.equal(off?.priority, 3);
    assert.equal(mustSound(fold([welcome, alert(3, { state: ALERT.withdrawn, priority: 5 })]))[0]?.priority, 5);
});

test("an alert that was heard sounds again when it is off, and anew until it must not be heard any more", () => {
    const memory = new AlarmMemory(), came = alert(1), off = { ...came, state: ALERT.withdrawn, priority: 3 };
    assert.equal(memory.next([came], NOW), "high");
    assert.equal(memory.next([came], NOW + SIGNAL_MS_MAX), undefined, "what comes sounds once");
    assert.equal(memory.next([off], NOW + 1000), "medium");
    assert.equal(memory.next([off], NOW + 1000 + SIGNAL_MS_MAX - 1), undefined);
    assert.equal(memory.next([off], NOW + 1000 + SIGNAL_MS_MAX), "medium");
    assert.equal(memory.next([], NOW + 1000 + 2 * SIGNAL_MS_MAX), undefined);
});

test("an alert stands in one group, by what the team has to do about it", () => {
    const states = [ALERT.raised, ALERT.delivered, ALERT.seen, ALERT.accepted, ALERT.declined, ALERT.preparing, ALERT.arrived, ALERT.handedOver, ALERT.withdrawn, ALERT.expired];
    const groups = groupsOf([...states.map((state) => alert(state, { state })), alert(11, { state: ALERT.withdrawn, told: true })]);
    const ids = Object.fromEntries(Object.entries(groups).map(([name, of]) => [name, (of as Alert[]).map((a) => a.id)]));
    assert.deepEqual(ids, { off: [9, 10], asked: [1, 2, 3], coming: [4, 6], here: [7], gone: [8], ended: [5, 11] });
    assert.deepEqual(groups.off.map(isOffUntold), [true, true]);
});

test("a patient is near by the newest travel time, and only on the way to a hospital that accepted", () => {
    const asked = alert(1, { travelS: 600 }), accepted = alert(1, { travelS: 600, state: ALERT.accepted });
    assert.equal(arrivalMs(asked, undefined), NOW + 600000);
    const ranking = { ms: NOW + MINUTE, provider: "x", candidates: [{ facility: "gz-1", travelS: 240, treatmentS: 0, uncertaintyS: 0, confirmed: true, doorS: 0, cases: 0, flags: 0 }],
        exclusions: [], goal: 0, nearest: false, changes: [] };
    const known = patient({ ranking });
    assert.equal(arrivalMs(accepted, known), NOW + 5 * MINUTE);
    assert.deepEqual([isNear(accepted, known, NOW), isNear(accepted, known, NOW - 1), isNear(asked, known, NOW)], [true, false, false]);
    assert.equal(NEAR_MS, 5 * MINUTE);
    for (const state of [ALERT.arrived, ALERT.withdrawn, ALERT.handedOver]) assert.equal(arrivalMs({ ...accepted, state }, known), undefined);
    assert.equal(arrivalMs(alert(1), undefined), undefined, "no travel time is no time of arrival");
});

test("a patient who was handed over and is on the way again has gone on", () => {
    const over = alert(1, { state: ALERT.handedOver });
    assert.deepEqual([isGoneOn(over, patient({ phase: 1 })), isGoneOn(over, patient({ phase: 4 })), isGoneOn(alert(1, { state: ALERT.accepted }), patient())], [true, false, false]);
});

test("where a patient goes instead is said only where a person chose another hospital", () => {
    const chosen = (facility: string) => patient({ chosen: { facility, reason: 1, person: "Wang" } });
    assert.deepEqual([elsewhereOf(alert(1), chosen("gz-2")), elsewhereOf(alert(1), chosen("gz-1")), elsewhereOf(alert(1), undefined)], ["gz-2", undefined, undefined]);
});

test("a needed team is late five minutes after the acceptance, or as soon as the server says so", () => {
    const at = alert(1, { state: ALERT.accepted, acceptedMs: NOW }), late = (of: Team, ms: number, a = at) => isTeamLate(a, of, ms);
    assert.deepEqual([late(team(), NOW + 5 * MINUTE - 1), late(team(), NOW + 5 * MINUTE)], [false, true]);
    assert.equal(late(team({ reminded: true }), NOW), true);
    for (const never of [team({ needed: false }), team({ receipt: 4, reminded: true })]) assert.equal(late(never, NOW + 10 * MINUTE), false);
    assert.equal(late(team(), NOW + 10 * MINUTE, alert(1)), false, "before the acceptance nobody is awaited");
    assert.deepEqual(readyOf(alert(1, { teams: [team({ receipt: 4 }), team({ team: 3 }), team({ team: 4, needed: false })] })), { ready: 1, needed: 2 });
});

test("a diversion that touches a patient who comes is named, one that has ended or touches nobody is not", () => {
    const row = (divertedUntilMs: number) => ({ state: 0, free: 0, held: 0, owner: "", setMs: 0, expiresMs: 0, divertedUntilMs, reason: 12, divertedBy: "Li" });
    const facility = { services: new Map([[2, row(NOW + 1)], [6, row(NOW + 1)], [1, row(NOW)]]) } as unknown as Facility;
    const at = alert(1, { state: ALERT.accepted, teams: [team({ team: 1 }), team({ team: 2 }), team({ team: 4, needed: false })] });
    assert.deepEqual(divertedFor(at, facility, NOW), [2]);
    assert.deepEqual(divertedFor({ ...at, state: ALERT.withdrawn }, facility, NOW), []);
});

test("the sheet takes the first and the last row of the trend, and those between evenly", () => {
    const rows = Array.from({ length: 41 }, (_, ms) => ({ ms, values: [] }));
    assert.deepEqual(spread(rows, 5).map((r) => r.ms), [0, 10, 20, 30, 40]);
    assert.deepEqual(spread(rows.slice(0, 3), 5).map((r) => r.ms), [0, 1, 2]);
});

test("the sheet names the acceptance, not the alert that rang last", () => {
    const state = fold([welcome, alert(1, { state: ALERT.arrived, acceptedMs: NOW }), alert(2), alert(3, { facility: "gz-2" })]);
    assert.equal(ownAlert(state, patient({ alerts: [1, 2, 3] }))?.id, 1);
    assert.equal(ownAlert(state, patient({ alerts: [2, 3] }))?.id, 2);
});

test("every time that the board stamps is an event of protocol/fields, by the name that stands beside it", () => {
    const dir = join(process.env["JZ_CONSOLE"] ?? "", "../../protocol/fields");
    const rows = readdirSync(dir).filter((f) => f.endsWith(".csv")).flatMap((f) => readFileSync(join(dir, f), "utf8").split("\n").map((line) => line.split(",")));
    for (const [code, field] of [...Object.values(TAPS).flat(), ...DRUGS])
        assert.equal(rows.find((r) => r[0] === String(code) && r[2] === field)?.[3], "e", `${code} ${field}`);
});

/* Reads the code as a reader does: format, then the bytes under mask 0, whose Reed-Solomon syndromes must all be zero. */
function read(rows: boolean[][]): string {
    const bit = (r: number, c: number) => (rows[r]?.[c] ? 1 : 0);
    for (const places of formatPlaces()) assert.equal(places.reduce((sum, [r, c], i) => sum + (bit(r, c) << i), 0), FORMAT);
    const bits = dataPlaces().map(([r, c]) => bit(r, c) ^ (masked(r, c) ? 1 : 0)), bytes = Array.from({ length: 44 }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8).join(""), 2));
    for (let i = 0, root = 1; i < 16; i++, root = times(root, 2)) assert.equal(bytes.reduce((sum, b) => times(sum, root) ^ b, 0), 0, `syndrome ${i}`);
    const data = bytes.slice(0, 28).map((b) => b.toString(2).padStart(8, "0")).join(""), letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    assert.equal(data.slice(0, 4), "0010");
    const length = parseInt(data.slice(4, 13), 2);
    let out = "";
    for (let at = 13; out.length < length; ) {
        const wide = length - out.length > 1 ? 11 : 6, n = parseInt(data.slice(at, at + wide), 2);
        out += wide === 11 ? `${letters[Math.floor(n / 45)]}${letters[n % 45]}` : letters[n];
        at += wide;
    }
    return out;
}

test("the code on the sheet reads back as the case's number, whatever that is", () => {
    for (const text of ["0123456789ABCDEF0123456789ABCDEF", "F".repeat(32), "0".repeat(31), "A", "Z".repeat(QR_CHARS_MAX)]) assert.equal(read(qrOf(text) ?? []), text);
    assert.equal(qrOf("Z".repeat(QR_CHARS_MAX + 1)), undefined);
    assert.equal(qrOf("lower"), undefined);
    assert.equal(dataPlaces().length, 359, "version 2 has 44 bytes and 7 bits over");
    assert.equal(isFunction(18, 18) && isFunction(0, 0) && !isFunction(12, 12), true);
});
