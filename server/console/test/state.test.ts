/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newestOf, runsOf } from "../src/ecg";
import { AlarmMemory, BURSTS, MUTE_MS, levelOf } from "../src/sound";
import { EMPTY, alertsByUrgency, answered, backoffMs, destinationOf, healthOf, mustSound, patientsByPriority, reduce, type State } from "../src/state";
import { ALERT, ROLE, type Alert, type Frame, type Patient, type Waveform, type Welcome } from "../src/wire";

const NOW = 1790000000000;
const welcome = (more: Partial<Welcome> = {}): Welcome => ({ kind: "welcome", ms: NOW, helloMs: NOW, receivedMs: NOW, durable: new Map(), person: "Li",
    role: ROLE.receiving, facility: "gz-1", simulation: true, ...more });
const alert = (id: number, more: Partial<Alert> = {}): Alert => ({ kind: "alert", id, encounter: "e1", ms: NOW, facility: "gz-1", state: ALERT.raised, raisedMs: NOW,
    dueMs: NOW + 60000, priority: 1, escalated: false, person: "", reason: 0, reasonText: "", conditions: [], occurrence: 1, ...more });
const patient = (id: string, more: Partial<Patient> = {}): Patient => ({ kind: "patient", id, ms: NOW, priority: 5, complaint: 1, phase: 1, openedMs: NOW, callsign: id,
    readings: new Map(), assessments: [], conditions: [], milestones: new Map(), alerts: [], trend: [], trendCodes: [], lastMs: NOW, assessmentsUnshown: 0, readingsUnshown: 0, ...more });
const wave = (ms: number, more: Partial<Waveform> = {}): Waveform => ({ kind: "waveform", encounter: "e1", ms, wave: 1, periodUs: 4000, channels: [131074], samples: 250,
    scale: 1000, data: new Int32Array(250), snapshot: 0, ...more });
const fold = (frames: Frame[], from: State = EMPTY): State => frames.reduce(reduce, from);
const clock: Frame = { kind: "clock", ms: NOW };

test("a snapshot after a reconnect removes what it does not name", () => {
    const first = fold([welcome(), patient("e1"), patient("e2"), alert(1), alert(2, { encounter: "e2" }), clock]);
    assert.deepEqual([...first.patients.keys()], ["e1", "e2"]);
    const second = fold([welcome(), patient("e2"), alert(2, { encounter: "e2" }), clock], first);
    assert.deepEqual([[...second.patients.keys()], [...second.alerts.keys()]], [["e2"], [2]]);
});

test("a clock outside a snapshot removes nothing", () => {
    const state = fold([welcome(), patient("e1"), clock, patient("e2"), alert(1), clock]);
    assert.deepEqual([[...state.patients.keys()], [...state.alerts.keys()]], [["e1", "e2"], [1]]);
});

test("an answer never changes the alert: only the server's frame does", () => {
    const state = answered(fold([welcome(), alert(1), clock]), { alert: 1, state: ALERT.accepted }, 4);
    assert.equal(state.alerts.get(1)?.state, ALERT.raised);
    assert.equal(state.pending.get(1)?.phase, "sent");
    const durable = reduce(state, { kind: "ack", upTo: new Map([[0, 4]]) });
    assert.deepEqual([durable.pending.get(1)?.phase, durable.alerts.get(1)?.state], ["durable", ALERT.raised]);
    const told = reduce(durable, alert(1, { state: ALERT.accepted }));
    assert.deepEqual([told.pending.has(1), told.alerts.get(1)?.state], [false, ALERT.accepted]);
});

test("an ack below the answer's number, or for another lane, settles nothing", () => {
    const state = answered(fold([welcome(), alert(1), clock]), { alert: 1, state: ALERT.accepted }, 4);
    for (const upTo of [new Map([[0, 3]]), new Map([[1, 9]])]) assert.equal(reduce(state, { kind: "ack", upTo }).pending.get(1)?.phase, "sent");
});

test("a refusal is shown at the answer it refuses, and any other as a problem of the page", () => {
    const state = answered(fold([welcome(), alert(1), clock]), { alert: 1, state: ALERT.accepted }, 4);
    const refusal = { kind: "error", ms: NOW, status: 405, lane: 0, text: "no" } as const;
    const hit = reduce(state, { ...refusal, seq: 4 }), other = reduce(state, { ...refusal, seq: 5 });
    assert.deepEqual([hit.pending.get(1)?.phase, hit.pending.get(1)?.status, hit.refused], ["refused", 405, undefined]);
    assert.deepEqual([other.pending.get(1)?.phase, other.refused?.status], ["sent", 405]);
});

test("after a broken connection the welcome says whether the answer arrived", () => {
    const state = answered(fold([welcome(), alert(1), clock]), { alert: 1, state: ALERT.accepted }, 4);
    assert.equal(reduce(state, welcome({ durable: new Map([[0, 3]]) })).pending.get(1)?.phase, "lost");
    assert.equal(reduce(state, welcome({ durable: new Map([[0, 4]]) })).pending.get(1)?.phase, "durable");
});

test("patients come by priority, then by how long they wait, closed ones last", () => {
    const state = fold([patient("late2", { priority: 2 }), patient("early2", { priority: 2, openedMs: NOW - 1 }), patient("p1", { priority: 1 }), patient("done", { priority: 1, phase: 3 })]);
    assert.deepEqual(patientsByPriority(state).map((p) => p.id), ["p1", "early2", "late2", "done"]);
});

test("unanswered alerts come first and escalated before all", () => {
    const state = fold([alert(1, { state: ALERT.declined }), alert(2, { state: ALERT.accepted }), alert(3, { priority: 2 }), alert(4), alert(5, { escalated: true, priority: 3 })]);
    assert.deepEqual(alertsByUrgency(state).map((a) => a.id), [5, 4, 3, 2, 1]);
});

test("the destination is who accepted, else who is being asked, else nobody", () => {
    const of = patient("e1", { alerts: [1, 2, 3] });
    const pick = (...alerts: Alert[]) => destinationOf(fold(alerts), of)?.id;
    assert.equal(pick(alert(1, { state: ALERT.declined }), alert(2)), 2);
    assert.equal(pick(alert(1, { state: ALERT.accepted }), alert(2)), 1);
    assert.equal(pick(alert(1, { state: ALERT.declined }), alert(2, { state: ALERT.expired }), alert(3, { state: ALERT.withdrawn })), undefined);
});

test("a receiving team hears its own unanswered alerts; a dispatcher what nobody answered; others nothing", () => {
    const alerts = [alert(1), alert(2, { facility: "gz-2" }), alert(3, { state: ALERT.accepted }), alert(4, { escalated: true, facility: "gz-2" })];
    const heard = (role: number) => mustSound(fold([welcome({ role }), ...alerts, clock])).map((a) => a.id);
    assert.deepEqual(heard(ROLE.receiving), [1]);
    assert.deepEqual(heard(ROLE.dispatcher), [4]);
    assert.deepEqual(heard(ROLE.auditor), []);
});

test("an alert sounds for each new (id, occurrence) and never twice for one", () => {
    const memory = new AlarmMemory();
    assert.equal(memory.next([alert(1)], NOW), "high");
    assert.equal(memory.next([alert(1)], NOW + 1000), undefined);
    assert.equal(memory.next([], NOW + 2000), undefined);
    assert.equal(memory.next([alert(1)], NOW + 3000), undefined, "gone and back, as after a reconnect");
    assert.equal(memory.next([alert(1, { occurrence: 2 })], NOW + 4000), "high");
    assert.equal(memory.next([alert(1, { occurrence: 2 }), alert(2, { priority: 3 })], NOW + 5000), "medium");
});

test("many new alerts at once are one sound, the most urgent", () => {
    const memory = new AlarmMemory(), storm = Array.from({ length: 200 }, (_, i) => alert(i + 1, { priority: 5 - (i % 5) }));
    assert.equal(memory.next(storm, NOW), "high");
    assert.equal(memory.next(storm, NOW), undefined);
});

test("mute lasts 60 s, silences lesser alarms, and a new high alarm breaks it", () => {
    const memory = new AlarmMemory();
    memory.mute(NOW);
    assert.equal(memory.next([alert(1, { priority: 3 })], NOW + MUTE_MS - 1), undefined);
    assert.equal(memory.next([alert(2, { priority: 3 })], NOW + MUTE_MS), "medium");
    memory.mute(NOW + MUTE_MS);
    assert.equal(memory.next([alert(3, { priority: 2 })], NOW + MUTE_MS + 1), "high");
    assert.equal(memory.mutedUntilMs, 0);
});

test("what a mute silences sounds when the mute ends, and a mute is not broken by what stood there when it was pressed", () => {
    const memory = new AlarmMemory(), low = alert(1, { priority: 3 }), silent = () => false;
    memory.mute(NOW);
    assert.equal(memory.next([low], NOW + 1), undefined);
    assert.equal(memory.next([low], NOW + MUTE_MS), "medium");
    assert.equal(memory.next([low], NOW + MUTE_MS + 1), undefined);
    assert.equal(memory.next([alert(2)], NOW + MUTE_MS + 2, silent), undefined, "no sound yet");
    memory.mute(NOW + MUTE_MS + 3, [alert(2)]);
    assert.equal(memory.next([alert(2)], NOW + MUTE_MS + 4), undefined);
    assert.equal(memory.next([alert(2), alert(3)], NOW + MUTE_MS + 5), "high");
});

test("only what sounded counts as heard", () => {
    const memory = new AlarmMemory();
    assert.equal(memory.next([alert(1)], NOW, () => false), undefined);
    assert.equal(memory.next([alert(1)], NOW + 1), "high");
    assert.equal(memory.next([alert(1)], NOW + 2), undefined);
    memory.remember(alert(2));
    assert.equal(memory.next([alert(2)], NOW + 3), undefined, "opened before it could sound");
    assert.equal(memory.next([alert(2, { occurrence: 2 })], NOW + 4), "high");
});

test("alarm levels cover every priority, and bursts have the pulses of their level", () => {
    assert.deepEqual([1, 2, 3, 4, 5].map(levelOf), ["high", "high", "medium", "low", "low"]);
    assert.deepEqual([BURSTS.high.onsets.length, BURSTS.medium.onsets.length, BURSTS.low.onsets.length], [10, 3, 2]);
    assert.deepEqual(BURSTS.high.onsets.slice(0, 5), [0, 0.25, 0.5, 1, 1.25]);
    for (const burst of Object.values(BURSTS)) assert.ok(burst.hertz >= 150 && burst.hertz <= 1000 && burst.pulseS >= 0.075 && burst.pulseS <= 0.25);
});

test("the link is late after 10 s of silence and lost after 15 s, or when it is not open", () => {
    assert.deepEqual([10000, 10001, 15000, 15001].map((ms) => healthOf(true, ms)), ["live", "late", "late", "lost"]);
    assert.equal(healthOf(false, 0), "lost");
});

test("back-off doubles from 0.5 s to 8 s and is spread by 20 %", () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5, 1000].map((n) => Math.round(backoffMs(n, 0.5))), [500, 1000, 2000, 4000, 8000, 8000, 8000]);
    assert.deepEqual([Math.round(backoffMs(0, 0)), Math.round(backoffMs(9, 1))], [400, 9600]);
});

test("live ECG keeps the last seconds, in order, and a repeated segment once", () => {
    const segments = Array.from({ length: 30 }, (_, i) => wave(NOW + i * 1000));
    const state = fold([...segments.slice(0, 20), wave(NOW + 25000), ...segments.slice(20)]);
    const kept = state.waves.get("e1")?.ecg.map((w) => (w.ms - NOW) / 1000);
    assert.deepEqual(kept, Array.from({ length: 12 }, (_, i) => i + 18));
});

test("a newer 12-lead recording replaces the older, which does not come back when it arrives late", () => {
    const state = fold([wave(NOW, { snapshot: 1 }), wave(NOW + 1000, { snapshot: 2 }), wave(NOW + 500, { snapshot: 1 })]);
    assert.deepEqual(state.waves.get("e1")?.snapshot.map((w) => w.snapshot), [2]);
});

test("after a device was restarted its recordings are the newest, whatever their number", () => {
    const half = NOW + 1800000;
    const again = fold([wave(NOW, { snapshot: 2 }), wave(half, { snapshot: 1 }), wave(half + 1000, { snapshot: 1 }), wave(half + 900000, { snapshot: 1 })]);
    assert.deepEqual(again.waves.get("e1")?.snapshot.map((w) => [w.snapshot, w.ms - half]), [[1, 900000]]);
});

test("the newest sample is the end of the segment that ends last, and none where that one lacks the channel", () => {
    const ctg = (ms: number, value: number, channels = [7]) => wave(ms, { wave: 2, channels, samples: 2, scale: 1000, data: Int32Array.from([0, value]) });
    assert.equal(newestOf([ctg(NOW + 1000, 150), ctg(NOW, 140)], 7, 0.001), 150);
    assert.equal(newestOf([ctg(NOW, 140), ctg(NOW + 1000, 3, [8])], 7, 0.001), undefined);
    assert.equal(newestOf([], 7, 0.001), undefined);
});

test("neighbouring segments join and a missing one leaves a gap", () => {
    const runs = runsOf([wave(NOW), wave(NOW + 1001), wave(NOW + 3000)], 131074, 1e-6);
    assert.deepEqual(runs.map((r) => [r.startMs - NOW, r.values.length]), [[0, 500], [3000, 250]]);
    assert.deepEqual(runsOf([wave(NOW)], 131073, 1e-6), [], "a lead that is not there is not drawn");
});
