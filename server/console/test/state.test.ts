/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newestOf, runsOf } from "../src/ecg";
import { AlarmMemory, BURSTS, MUTE_MS, levelOf } from "../src/sound";
import { ACTION, CONSULT, PHASE, PROPOSAL, SERVICE, WAITS_FOR_SECOND } from "../src/codes";
import { ACTIONS_MAX, EMPTY, acted, alertsByUrgency, answered, backoffMs, destinationOf, forgotten, healthOf, isOver, mustSound, patientsByPriority,
    probeAnswer, reduce, waiting, type State } from "../src/state";
import { ALERT, ROLE, encodeAction, type Alert, type Consult, type Facility, type Frame, type Patient, type Plan, type Proposal,
    type Waveform, type Welcome } from "../src/wire";

const NOW = 1790000000000;
const welcome = (more: Partial<Welcome> = {}): Welcome => ({ kind: "welcome", ms: NOW, helloMs: NOW, receivedMs: NOW, durable: new Map(), person: "Li",
    role: ROLE.receiving, facility: "gz-1", simulation: true, ...more });
const alert = (id: number, more: Partial<Alert> = {}): Alert => ({ kind: "alert", id, encounter: "e1", ms: NOW, facility: "gz-1", state: ALERT.raised, raisedMs: NOW,
    dueMs: NOW + 60000, priority: 1, escalated: false, person: "", reason: 0, reasonText: "", conditions: [], occurrence: 1, grade: 2, teams: [],
    rung: 0, technical: false, standby: false, told: false, ...more });
const patient = (id: string, more: Partial<Patient> = {}): Patient => ({ kind: "patient", id, ms: NOW, priority: 5, complaint: 1, phase: 1, openedMs: NOW, callsign: id,
    readings: new Map(), assessments: [], conditions: [], milestones: new Map(), alerts: [], trend: [], trendCodes: [], lastMs: NOW, assessmentsUnshown: 0, readingsUnshown: 0,
    call: false, targets: [], stamps: [], kin: [], tag: "", devices: 1, ...more });
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

const consult = (number: number, more: Partial<Consult> = {}): Consult => ({ kind: "consult", encounter: "e1", ms: NOW, number, state: CONSULT.asked, askedMs: NOW,
    dueMs: NOW + 120000, promisedMs: NOW + 600000, askedBy: "Li", consultant: "", question: "?", opinion: "", late: false, tries: 1, ...more });
const proposal = (number: number, more: Partial<Proposal> = {}): Proposal => ({ kind: "proposal", ms: NOW, number, what: ACTION.chooseDestination, person: "Wang",
    sinceMs: NOW, untilMs: NOW + 300000, facility: "gz-2", reason: 2, text: "", state: PROPOSAL.waits, ...more });
const plan = (service: number, rows = 2): Plan => ({ kind: "plan", ms: NOW, service, differs: true,
    rows: Array.from({ length: rows }, (_, i) => ({ encounter: `e${i}`, together: "gz-1", togetherS: 60, inTurn: "gz-2", inTurnS: 90 })) });
const probe = (facility: string, number: number): Frame => ({ kind: "probe", ms: NOW, facility, number });

test("an action is remembered by its number until it is durable, refused, or waits for a second person", () => {
    const after = (...frames: Frame[]) => fold(frames, acted(acted(fold([welcome(), clock]), { what: ACTION.setPriority, value: 1 }, 7), { what: ACTION.standDown }, 8)).acting;
    const refusal = { kind: "error", ms: NOW, lane: 0, text: "no" } as const;
    assert.deepEqual([...after()].map(([n, a]) => [n, a.what, a.phase]), [[7, ACTION.setPriority, "sent"], [8, ACTION.standDown, "sent"]]);
    assert.deepEqual([...after({ kind: "ack", upTo: new Map([[0, 7]]) }).values()].map((a) => a.phase), ["durable", "sent"]);
    const refused = after({ ...refusal, status: 406, seq: 8 }, { kind: "ack", upTo: new Map([[0, 8]]) });
    assert.deepEqual([...refused.values()].map((a) => [a.phase, a.status]), [["durable", undefined], ["refused", 406]]);
    assert.equal(after({ ...refusal, status: WAITS_FOR_SECOND, seq: 7 }).get(7)?.phase, "waits", "that is no refusal");
    assert.deepEqual([...after(welcome({ durable: new Map([[0, 7]]) })).values()].map((a) => a.phase), ["durable", "lost"]);
});

test("a refused action is no problem of the page, is forgotten when it was read, and only the newest are remembered", () => {
    const sent = Array.from({ length: ACTIONS_MAX + 3 }, (_, i) => i + 1).reduce((s, n) => acted(s, { what: ACTION.identify, text: "tag" }, n), EMPTY);
    assert.deepEqual([[...sent.acting.keys()][0], sent.acting.size], [4, ACTIONS_MAX]);
    const refused = reduce(sent, { kind: "error", ms: NOW, status: 408, lane: 0, seq: 4, text: "no" });
    assert.deepEqual([refused.refused, refused.acting.get(4)?.status], [undefined, 408]);
    assert.equal(reduce(sent, { kind: "error", ms: NOW, status: 408, lane: 1, seq: 4, text: "no" }).refused?.status, 408, "another lane is another frame");
    assert.equal(forgotten(refused, 4).acting.has(4), false);
});

test("a consult is kept until the case ends", () => {
    const state = fold([welcome(), consult(1), consult(2), clock, consult(1, { state: CONSULT.answered, opinion: "agree" })]);
    assert.deepEqual([...state.consults.values()].map((c) => [c.number, c.state]), [[1, CONSULT.answered], [2, CONSULT.asked]]);
    assert.deepEqual([...reduce(state, consult(1, { state: CONSULT.ended })).consults.keys()], [2]);
});

test("only proposals that wait are kept, and one whose time has passed waits no more", () => {
    const state = fold([welcome(), proposal(1), proposal(2, { untilMs: NOW + 1000 }), proposal(3), clock, proposal(3, { state: PROPOSAL.confirmed })]);
    assert.deepEqual([...state.proposals.keys()], [1, 2]);
    assert.deepEqual(waiting(state, NOW).map((p) => p.number), [2, 1]);
    assert.deepEqual(waiting(state, NOW + 1000).map((p) => p.number), [1]);
});

test("a snapshot after a reconnect removes consults and proposals that it does not name, and plans and probes until they are told again", () => {
    const first = fold([welcome(), consult(1), consult(2), proposal(1), proposal(2), clock, plan(SERVICE.cathLab), probe("gz-1", 4)]);
    const second = fold([welcome(), consult(2), proposal(1), clock], first);
    assert.deepEqual([[...second.consults.keys()], [...second.proposals.keys()]], [[2], [1]]);
    assert.deepEqual([second.plans.size, second.probes.size], [0, 0]);
});

test("an empty plan takes back the one before", () => {
    const state = fold([welcome(), plan(SERVICE.cathLab), plan(SERVICE.nicu), plan(SERVICE.cathLab, 0)]);
    assert.deepEqual([...state.plans.keys()], [SERVICE.nicu]);
});

test("a hospital's services, confirmations and path are the newest frame's", () => {
    const facility = (more: Partial<Facility>): Facility => ({ kind: "facility", id: "gz-1", zh: "", en: "", lat: 0, lon: 0, partner: "", capabilities: new Map(),
        services: new Map(), confirmations: new Map(), ...more });
    const service = { state: 1, free: 2, held: 1, owner: "Li", setMs: NOW, expiresMs: NOW + 1, divertedUntilMs: 0, reason: 0, divertedBy: "" };
    const state = fold([facility({ services: new Map([[SERVICE.nicu, service]]) }), facility({ path: { state: 3, sentMs: NOW, soundedMs: 0, missed: 3 } })]);
    assert.deepEqual([state.facilities.get("gz-1")?.services.size, state.facilities.get("gz-1")?.path?.state], [0, 3]);
});

test("a probe for one's own hospital is answered with its number while the page can sound, and once", () => {
    const state = fold([welcome(), clock, probe("gz-2", 8), probe("gz-1", 9)]), answer = probeAnswer(state, true, 0);
    assert.deepEqual(answer, { what: ACTION.probeSounded, facility: "gz-1", number: 9 });
    assert.equal(probeAnswer(state, false, 0), undefined, "no sound: no proof");
    assert.equal(probeAnswer(state, true, 9), undefined, "answered already");
    assert.equal(probeAnswer(reduce(state, probe("gz-1", 10)), true, 9)?.number, 10);
    assert.ok(answer && encodeAction(answer, 3, NOW).length > 0);
});

test("nobody but a receiving team answers a probe, and none is answered before it is sent", () => {
    assert.equal(probeAnswer(fold([welcome({ role: ROLE.dispatcher }), clock, probe("gz-1", 9)]), true, 0), undefined);
    assert.equal(probeAnswer(fold([welcome(), clock, probe("gz-2", 9)]), true, 0), undefined);
    assert.equal(probeAnswer(fold([clock, probe("gz-1", 9)]), true, 0), undefined);
    assert.equal(probeAnswer(fold([welcome(), clock]), true, 0), undefined);
});

test("patients come by priority, then by how long they wait, closed ones last", () => {
    const state = fold([patient("late2", { priority: 2 }), patient("early2", { priority: 2, openedMs: NOW - 1 }), patient("p1", { priority: 1 }), patient("done", { priority: 1, phase: 3 })]);
    assert.deepEqual(patientsByPriority(state).map((p) => p.id), ["p1", "early2", "late2", "done"]);
});

test("who was handed over comes after those under way, and a record that goes on in another is over", () => {
    const state = fold([patient("merged", { phase: PHASE.merged, priority: 1 }), patient("handed", { phase: PHASE.handedOver, priority: 1 }), patient("here", { phase: PHASE.arrived })]);
    assert.deepEqual(patientsByPriority(state).map((p) => [p.id, isOver(p)]), [["here", false], ["handed", false], ["merged", true]]);
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
    assert.equal(pick(alert(1), alert(2, { standby: true })), 1, "standby is no destination while another is asked");
    assert.equal(pick(alert(1, { state: ALERT.declined }), alert(2, { standby: true })), 2);
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
