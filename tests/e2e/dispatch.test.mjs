/* SPDX-License-Identifier: Apache-2.0 */
/* One city on one day: the real jingzhud over TLS and on its own journal, real people's log-ins, a real bedside client, devices with
 * certificates, a gateway for notices. Each test goes on where the last one stopped; in the middle the server is killed.
 *
 * JZ_SEED repeats the order in which people press at the same instant. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConsoleClient, DeviceClient } from "./lib/client.mjs";
import { Gateway } from "./lib/gateway.mjs";
import { Stack, facilityIds, root, tool } from "./lib/stack.mjs";
import { ACTION, CONSULT, ERROR, KIN, PATH, PHASE, PLACES, PROPOSAL, REASON, SERVICE, STATE, hex, unhex } from "./lib/wire.mjs";

const seed = Number(process.env.JZ_SEED ?? Date.now() % 2 ** 31);
let randomState = seed;
const random = () => { /* mulberry32 */
    randomState = (randomState + 0x6d2b79f5) | 0;
    let t = Math.imul(randomState ^ (randomState >>> 15), 1 | randomState);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

const STEP_MS = 20000, AT_ONCE_MS = 3000, SHORT_MS = 2000, RECEIPT_MS = 10000, PROBE_EVERY_MS = 300000;
const CODE = { age: 67108880, sex: 67108881, pregnancy: 67108882, weeks: 67108883, stElevation: 67108868, severeSymptom: 67108869,
    sbp: 150021, dbp: 150022, breathing: 67115080 };
const CHEST_PAIN = 1, PREGNANCY = 2, FMC = 1, DOOR = 5, DOOR_FIELD = 67109207, STOOD_DOWN = 2, CREW = 1, LACKS = 1, DIVERTING = 2, DESTINATION = 1;
const CITY = [26.5985, 106.7165], XIUWEN = [26.8426, 106.5886];
const MISMATCH = "家属坚持去该院治疗";
const places = facilityIds();
let stack, gateway, dispatcher, second, administrator, auditor, paramedic, consultant, other, bystander, probed;
const boards = new Map(), devices = [];

const open = (name) => ConsoleClient.open(stack.access(name));
const newDevice = async () => { devices.push(await DeviceClient.open(stack.deviceAccess)); return devices.at(-1); };
const board = async (place, who = "desk") => {
    const name = `${who}-${place}`;
    if (!boards.has(name)) boards.set(name, await open(name));
    return boards.get(name);
};

/** A patient whom a physician found to have ST elevation. @returns {Promise<{device: DeviceClient, id: string, alert: object}>} */
async function infarction(callsign = "贵A-120-07", at = CITY) {
    const device = await newDevice();
    const id = await device.openCase({ complaint: CHEST_PAIN, callsign, at, facts: { [CODE.age]: 58, [CODE.sex]: 1 } });
    await device.milestone(id, FMC);
    await device.finding(id, CODE.stElevation, 1);
    return { device, id, alert: await dispatcher.waitAlert((a) => a.encounter === id) };
}

/** A woman with severe hypertension and a headache. */
async function pregnancy(callsign, at, weeks = 34) {
    const device = await newDevice();
    const id = await device.openCase({ complaint: PREGNANCY, callsign, at, facts: { [CODE.age]: 31, [CODE.sex]: 2, [CODE.pregnancy]: 2, [CODE.weeks]: 7 * weeks } });
    await device.milestone(id, FMC);
    await device.finding(id, CODE.severeSymptom, 1);
    await device.vitals(id, { [CODE.sbp]: 168, [CODE.dbp]: 112 });
    return { device, id, alert: await dispatcher.waitAlert((a) => a.encounter === id) };
}

const alertsOf = (id, who = dispatcher) => [...who.alerts.values()].filter((a) => a.encounter === id);
const alertAt = (id, place, who = dispatcher) => alertsOf(id, who).find((a) => a.facility === place);
const candidates = (id) => dispatcher.patients.get(id).ranking.candidates.map((c) => c[0]);
const lacking = (id) => dispatcher.patients.get(id).ranking.exclusions.find((x) => x[1] === LACKS)[0];
const service = (place, which, who = dispatcher) => who.facilities.get(place).services?.find((s) => s.service === which);
const settle = (promises) => Promise.all(promises.map((p) => p.then(() => 0, (error) => error.status ?? Promise.reject(error))));

/** What a patient's screen says that no passing of time changes. */
const story = (p) => ({ priority: p.priority, phase: p.phase, callsign: p.callsign, tag: p.tag, chosen: p.chosen, consult: p.consult, kin: p.kin, devices: p.devices,
    stamps: p.stamps, handover: p.handover, transferred: p.transferred, alerts: p.alerts });
const ringing = ({ id, encounter, facility, state, raisedMs, occurrence, person, standby }) => ({ id, encounter, facility, state, raisedMs, occurrence, person, standby });

/** Everything a dispatcher who logs in at this moment sees. */
async function everything() {
    const fresh = await open("王敏");
    fresh.close();
    const list = (map, of) => Object.fromEntries([...map].map(([key, frame]) => [key, of(frame)]));
    const standing = ({ ms, ...frame }) => frame;
    return { patients: list(fresh.patients, story), alerts: list(fresh.alerts, ringing), consults: list(fresh.consults, standing), proposals: list(fresh.proposals, standing),
        facilities: list(fresh.facilities, ({ services, confirmations, capabilities }) => ({ services, confirmations, capabilities })) };
}

/** The hospital whose turn to be probed comes next, with time enough to log in (server/core/probe.c: one after another, evenly). */
function nextProbed(inMs) {
    const now = Date.now() % PROBE_EVERY_MS, turn = (i) => (Math.floor((i * PROBE_EVERY_MS) / places.length) - now - inMs + 2 * PROBE_EVERY_MS) % PROBE_EVERY_MS;
    return places.reduce((best, _, i) => (turn(i) < turn(best) ? i : best), 0);
}

before(async () => {
    console.log(`seed ${seed}`);
    stack = new Stack();
    gateway = await new Gateway(stack.pki).start();
    Object.assign(stack.settings, gateway.settings());
    stack.addUser("王敏", "dispatcher");
    stack.addUser("赵强", "dispatcher");
    stack.addUser("管理员", "administrator");
    stack.addUser("审计员", "auditor");
    stack.addUser("急救员", "paramedic");
    stack.addUser("陈思", "consultant");
    stack.addUser("刘洋", "consultant");
    stack.addDesks(places);
    stack.addDesks(places, "doctor");
    await stack.startServer();
    dispatcher = await open("王敏");
    probed = places[nextProbed(3000)];
    await board(probed);
    [second, administrator, auditor, paramedic, consultant, other] = await Promise.all(["赵强", "管理员", "审计员", "急救员", "陈思", "刘洋"].map(open));
    bystander = await open("desk-ky-ph"); /* of a hospital that nobody is sent to today */
});

after(async () => {
    for (const client of [dispatcher, second, administrator, auditor, paramedic, consultant, other, bystander, ...boards.values(), ...devices]) client?.close();
    await stack?.stop();
    await gateway?.stop();
});

/* --- a dispatcher decides otherwise ------------------------------------------------------------------------------------ */

let overridden; /* the bedside's patient */

test("a dispatcher overrides the ranking with a reason; without one it is refused and nothing changes", async () => {
    const bedside = stack.startBedside(join(root, "tests/data/stories/chest-pain.story"), { speed: 120, more: ["--backoff-permille", "20"] });
    const first = await dispatcher.waitAlert(() => true, STEP_MS, "alert of the bedside's patient");
    const id = first.encounter, wanted = candidates(id).find((place) => place !== first.facility);
    overridden = { id, bedside, first: first.facility };
    const choose = (more) => dispatcher.tryAct({ what: ACTION.chooseDestination, encounter: id, facility: wanted, ...more });
    assert.equal(await choose({}), ERROR.reason);
    assert.equal(await choose({ reason: REASON.other, text: "家属" }), ERROR.reason, "of another reason at least five characters");
    assert.equal(await choose({ reason: REASON.other, text: "      " }), ERROR.reason, "blanks are no reason");
    assert.equal(await choose({ reason: 17 }), ERROR.value);
    assert.equal(await choose({ reason: REASON.family, facility: "gz-nowhere" }), ERROR.unknownFacility);
    assert.equal(await choose({ reason: REASON.family, encounter: hex(randomBytes(16)) }), ERROR.unknownEncounter);
    assert.equal(dispatcher.patients.get(id).chosen, undefined);
    assert.deepEqual(alertsOf(id).map((a) => [a.facility, a.state]), [[first.facility, STATE.raised]]);
    assert.equal(await choose({ reason: REASON.family, text: "家属要求" }), 0);
    await dispatcher.waitFor(() => dispatcher.patients.get(id).chosen?.facility === wanted && alertAt(id, wanted)?.state === STATE.raised, AT_ONCE_MS, "the chosen hospital");
    assert.deepEqual(dispatcher.patients.get(id).chosen, { facility: wanted, reason: REASON.family, person: "王敏" });
    assert.equal(alertAt(id, first.facility).state, STATE.withdrawn);
    await bedside.waitLine((l) => l.event === "directive" && l.facility === wanted, STEP_MS, "the crew is told");
    const desk = await board(first.facility);
    await desk.answer(first.id, STATE.seen);
    await dispatcher.waitAlert((a) => a.id === first.id && a.told, AT_ONCE_MS, "the first hospital knows that it is off");
    overridden.wanted = wanted;
});

test("a hard stop waits for a second person, who may not be the first one, and who may refuse", async () => {
    const { id, bedside, wanted } = overridden, stop = lacking(id);
    const propose = () => dispatcher.tryAct({ what: ACTION.chooseDestination, encounter: id, facility: stop, reason: REASON.other, text: MISMATCH });
    const confirm = (who, number, value) => who.tryAct({ what: ACTION.second, number, value });
    const waiting = () => second.waitFor(() => [...second.proposals.values()].find((p) => p.state === PROPOSAL.waits && p.encounter === id), AT_ONCE_MS, "proposal");
    assert.equal(await propose(), ERROR.secondPerson);
    const proposal = await waiting();
    assert.deepEqual([proposal.what, proposal.person, proposal.facility, proposal.reason, proposal.text], [ACTION.chooseDestination, "王敏", stop, REASON.other, MISMATCH]);
    await administrator.waitFor(() => administrator.proposals.get(proposal.number)?.state === PROPOSAL.waits, AT_ONCE_MS, "the administrator sees it");
    assert.equal(await confirm(dispatcher, proposal.number, 1), ERROR.samePerson);
    assert.equal(await confirm(second, proposal.number + 1, 1), ERROR.unknownProposal);
    assert.equal(await confirm(await board(wanted), proposal.number, 1), ERROR.denied);
    assert.equal(await confirm(second, proposal.number, 0), 0);
    await dispatcher.waitFor(() => dispatcher.proposals.get(proposal.number).state === PROPOSAL.refused, AT_ONCE_MS, "refused");
    assert.equal(await confirm(administrator, proposal.number, 1), ERROR.unknownProposal, "what was refused waits no more");
    assert.equal(dispatcher.patients.get(id).chosen.facility, wanted);
    assert.equal(alertAt(id, stop), undefined);
    assert.equal(await propose(), ERROR.secondPerson);
    assert.equal(await confirm(second, (await waiting()).number, 1), 0);
    await dispatcher.waitFor(() => dispatcher.patients.get(id).chosen.facility === stop && alertAt(id, stop)?.state === STATE.raised, AT_ONCE_MS, "the hospital of two persons' choice");
    assert.equal(alertAt(id, wanted).state, STATE.withdrawn);
    await (await board(stop)).answer(alertAt(id, stop).id, STATE.accepted);
    const line = await bedside.waitLine((l) => l.event === "directive" && l.facility === stop && l.alert_state === "accepted", STEP_MS, "the crew hears of the acceptance");
    assert.equal(line.person, `desk-${stop}`);
    overridden.stop = stop;
    await bedside.stop(); /* what it goes on with belongs to no later step */
});

/* --- two press together ------------------------------------------------------------------------------------------------- */

let answered; /* a patient of whom everything was answered at once */

test("two boards of one hospital accept at the same instant: one acceptance, and both see whose", async () => {
    for (let round = 0; round < 3; round++) {
        const { id, alert, device } = await infarction();
        const two = [await board(alert.facility), await board(alert.facility, "doctor")];
        if (random() < 0.5) two.reverse();
        await Promise.all(two.map((b) => b.waitAlert((a) => a.id === alert.id, AT_ONCE_MS)));
        const how = await settle(two.map((b) => b.answer(alert.id, STATE.accepted)));
        assert.deepEqual([...how].sort(), [0, ERROR.transition]);
        const winner = two[how.indexOf(0)].name;
        for (const who of [...two, dispatcher])
            assert.equal((await who.waitAlert((a) => a.id === alert.id && a.state === STATE.accepted, AT_ONCE_MS, "accepted")).person, winner);
        assert.equal((await device.waitDirective(id, (d) => d.state === STATE.accepted)).person, winner);
        for (const { team } of alertAt(id, alert.facility).teams)
            await two[0].act({ what: ACTION.receipt, number: alert.id, code: team, value: 4 });
        answered = { id, device, place: alert.facility, alert: alert.id };
    }
});

test("two hospitals accept at the same instant while the destination changes: one has the patient, the other is told", async () => {
    for (let round = 0; round < 4; round++) {
        const { id, alert, device } = await infarction();
        const wanted = candidates(id).find((place) => place !== alert.facility), [a, b] = [await board(alert.facility), await board(wanted)];
        await a.waitAlert((x) => x.id === alert.id, AT_ONCE_MS);
        const rings = b.waitAlert((x) => x.encounter === id, STEP_MS).then((x) => b.answer(x.id, STATE.accepted));
        const press = [() => a.answer(alert.id, STATE.accepted), () => dispatcher.act({ what: ACTION.chooseDestination, encounter: id, facility: wanted, reason: REASON.road })];
        if (random() < 0.5) press.reverse();
        const how = await settle([...press.map((p) => p()), rings]);
        assert.equal(how[2], 0);
        await dispatcher.waitFor(() => alertAt(id, wanted)?.state === STATE.accepted && alertAt(id, alert.facility).state === STATE.withdrawn, AT_ONCE_MS, "one acceptance");
        await a.waitAlert((x) => x.id === alert.id && x.state === STATE.withdrawn && !x.told, AT_ONCE_MS, "the first hospital is told");
        assert.equal(await a.answer(alert.id, STATE.accepted).catch((error) => error.status), ERROR.transition);
        await device.waitDirective(id, (d) => d.facility === wanted && d.state === STATE.accepted, AT_ONCE_MS);
        assert.equal(alertsOf(id).filter((x) => x.state === STATE.accepted).length, 1);
    }
});

/* --- what a hospital says of itself --------------------------------------------------------------------------------------- */

test("a hospital's places reach the dispatcher at once and expire to unknown; another hospital may not set them", async () => {
    const place = "gy-2", desk = await board(place), set = (more) => ({ what: ACTION.setCapacity, facility: place, code: SERVICE.cathLab, value: 2, ...more });
    assert.equal(await bystander.tryAct(set({ value: 0 })), ERROR.denied);
    assert.equal(await desk.tryAct(set({ ms: Date.now() - 60000 })), ERROR.timeOrder);
    assert.equal(await desk.tryAct(set({ ms: Date.now() + 2 * 86400000 })), ERROR.value);
    assert.equal(service(place, SERVICE.cathLab), undefined);
    assert.equal(await desk.tryAct(set({ facility: undefined, ms: Date.now() + SHORT_MS })), 0);
    const known = await dispatcher.waitFor(() => service(place, SERVICE.cathLab), AT_ONCE_MS, "places");
    assert.deepEqual([known.state, known.free, known.owner], [PLACES.known, 2, `desk-${place}`]);
    const expired = await dispatcher.waitFor(() => service(place, SERVICE.cathLab).state === PLACES.expired && service(place, SERVICE.cathLab), 2 * SHORT_MS, "expiry");
    assert.ok(expired.expiresMs <= Date.now());
    assert.equal(await dispatcher.tryAct(set({ value: 1 })), 0, "the dispatcher may set it as well");
    await dispatcher.waitFor(() => service(place, SERVICE.cathLab).owner === "王敏", AT_ONCE_MS, "the dispatcher's number");
});

let diverted; /* a patient who was routed during a diversion */

test("a diversion takes the hospital off the ranking at once, ends by itself, and needs a reason of its own", async () => {
    const place = "gy-1", desk = await board(place), { id, device } = await infarction();
    diverted = id;
    const divert = (more) => ({ what: ACTION.divert, facility: place, code: SERVICE.cathLab, reason: REASON.equipment, ms: Date.now() + SHORT_MS, ...more });
    const isDiverted = () => service(place, SERVICE.cathLab)?.divertedUntilMs > 0;
    const excluded = () => dispatcher.patients.get(id).ranking.exclusions.some((x) => x[0] === place && x[1] === DIVERTING && x[3] === SERVICE.cathLab);
    assert.ok(candidates(id).includes(place));
    assert.equal(await bystander.tryAct(divert()), ERROR.denied);
    assert.equal(await desk.tryAct(divert({ reason: undefined })), ERROR.reason);
    assert.equal(await desk.tryAct(divert({ reason: REASON.family })), ERROR.reason);
    assert.equal(await desk.tryAct(divert({ ms: Date.now() + 5 * 3600000 })), ERROR.value);
    assert.equal(isDiverted(), false);
    assert.equal(await desk.tryAct(divert()), 0);
    await dispatcher.waitFor(() => isDiverted() && excluded() && !candidates(id).includes(place), AT_ONCE_MS, "diversion on the dispatcher's screen");
    assert.deepEqual([service(place, SERVICE.cathLab).reason, service(place, SERVICE.cathLab).divertedBy], [REASON.equipment, `desk-${place}`]);
    await dispatcher.waitFor(() => !isDiverted() && candidates(id).includes(place), 2 * SHORT_MS, "end of the diversion");
    assert.equal(await desk.tryAct({ what: ACTION.endDivert, code: SERVICE.cathLab }), ERROR.transition, "none runs");
    await device.closeCase(id, STOOD_DOWN);
});

/* --- the partner in Beijing ----------------------------------------------------------------------------------------------- */

let asked;      /* the patient of the question, and the question's number */
let unanswered; /* a patient whose hospital has no board: its ladder runs while the next steps are taken */

test("a consultant sees nobody until asked, then a patient without callsign, tag and position", async () => {
    unanswered = await pregnancy("修文02", XIUWEN);
    const { id, device } = await infarction("贵A-120-31");
    await device.act({ what: ACTION.identify, encounter: id, text: "GZ-0042" });
    await dispatcher.waitFor(() => dispatcher.patients.get(id).tag === "GZ-0042" && dispatcher.patients.get(id).position, AT_ONCE_MS, "tag and position");
    assert.deepEqual([consultant.patients.size, consultant.consults.size, other.patients.size], [0, 0, 0]);
    assert.equal(await consultant.tryAct({ what: ACTION.takeConsult, encounter: id }), ERROR.transition, "of whom nobody asked");
    await device.act({ what: ACTION.askConsult, encounter: id, text: "下壁ST段抬高，是否需要加做右胸导联？" });
    for (const who of [consultant, other]) {
        const question = await who.waitFor(() => [...who.consults.values()].find((c) => c.encounter === id && c.state === CONSULT.asked), AT_ONCE_MS, "question");
        const seen = await who.waitFor(() => who.patients.get(id), AT_ONCE_MS, "patient");
        assert.deepEqual([seen.callsign, seen.tag, seen.position], [undefined, undefined, undefined]);
        assert.ok(seen.conditions.includes("R01"));
        asked = { id, device, number: question.number };
    }
});

test("one consultant takes the question and answers it; it changes nothing by itself", async () => {
    const { id, number } = asked, before = dispatcher.patients.get(id), rings = alertsOf(id).map(ringing);
    const answer = { what: ACTION.answerConsult, encounter: id, code: 2, text: "同意下壁STEMI，请加做V4R。" };
    assert.equal(await consultant.tryAct({ what: ACTION.takeConsult, encounter: id }), 0);
    assert.equal(await other.tryAct({ what: ACTION.takeConsult, encounter: id }), ERROR.transition);
    assert.equal(await other.tryAct(answer), ERROR.denied);
    assert.equal(await consultant.tryAct(answer), 0);
    const told = await dispatcher.waitFor(() => dispatcher.consults.get(number).state === CONSULT.answered && dispatcher.consults.get(number), AT_ONCE_MS, "opinion");
    assert.deepEqual([told.consultant, told.conclusion, told.opinion], ["陈思", 2, answer.text]);
    const { priority, chosen } = dispatcher.patients.get(id);
    assert.deepEqual([priority, chosen, alertsOf(id).map(ringing)], [before.priority, before.chosen, rings]);
});

test("with the case the consultant's access ends", async () => {
    const { id, device, number } = asked;
    await device.closeCase(id, STOOD_DOWN);
    await consultant.waitFor(() => consultant.consults.get(number).state === CONSULT.ended, AT_ONCE_MS, "end of the consult");
    await dispatcher.waitFor(() => dispatcher.patients.get(id).phase === PHASE.closed, AT_ONCE_MS, "end of the case");
    assert.equal(await dispatcher.tryAct({ what: ACTION.reopen, encounter: id, reason: REASON.mistake }), 0);
    const frames = consultant.frames.length;
    await device.vitals(id, { [CODE.sbp]: 122, [CODE.dbp]: 80 });
    await dispatcher.waitFor(() => dispatcher.patients.get(id).readings[CODE.sbp]?.[0] === 122, AT_ONCE_MS, "a reading after the re-opening");
    assert.deepEqual(consultant.frames.slice(frames).filter((f) => f.kind !== "facility" && f.kind !== "clock"), []);
    assert.equal(await consultant.tryAct({ what: ACTION.answerConsult, encounter: id, code: 1, text: "补充意见" }), ERROR.transition);
    const fresh = await open("陈思");
    fresh.close();
    assert.deepEqual([fresh.patients.size, fresh.waveforms], [0, 0]);
    await device.closeCase(id, STOOD_DOWN);
});

/* --- the proof that an alert would sound ------------------------------------------------------------------------------------ */

test("a board answers a probe, and the dispatcher sees its path alive", async () => {
    const desk = await board(probed), probe = await desk.waitFor(() => desk.probes[0], STEP_MS, "probe");
    assert.equal(probe.facility, probed);
    const path = () => dispatcher.facilities.get(probed).path;
    const sounded = (who, more) => who.tryAct({ what: ACTION.probeSounded, facility: probed, number: probe.number, ...more });
    await dispatcher.waitFor(() => path().state === PATH.sent, AT_ONCE_MS, "probe on its way");
    assert.equal(await sounded(bystander), ERROR.denied);
    assert.equal(await sounded(desk, { number: probe.number + 1000 }), ERROR.value);
    assert.notEqual(path().state, PATH.alive);
    assert.equal(await sounded(desk), 0);
    await dispatcher.waitFor(() => path().state === PATH.alive && path().soundedMs >= path().sentMs && path().missed === 0, AT_ONCE_MS, "path alive");
    for (const who of [bystander, auditor, dispatcher, administrator]) assert.deepEqual(who.probes, [], "a probe is for the hospital's own boards");
});

/* --- mother and child, two crews, two records ---------------------------------------------------------------------------------- */

test("a birth told by the crew's device forks into two patients who know each other", async () => {
    const { id, device, alert } = await pregnancy("贵A-120-11", CITY, 29), child = hex(randomBytes(16));
    await (await board(alert.facility)).answer(alert.id, STATE.accepted);
    assert.equal(await device.tryAct({ what: ACTION.birth, encounter: id, other: id }), ERROR.value);
    assert.equal(await device.tryAct({ what: ACTION.birth, encounter: id, other: child }), 0);
    const born = await dispatcher.waitFor(() => dispatcher.patients.get(child)?.kin && dispatcher.patients.get(child), AT_ONCE_MS, "newborn");
    assert.deepEqual(born.kin, [{ id, what: KIN.mother }]);
    assert.deepEqual(dispatcher.patients.get(id).kin, [{ id: child, what: KIN.newborn }]);
    assert.equal(born.callsign, "贵A-120-11");
    assert.equal(born.phase, PHASE.open);
    const own = await dispatcher.waitAlert((a) => a.encounter === child && a.conditions.includes("NB-NICU"), AT_ONCE_MS, "the newborn's own alert");
    await device.waitDirective(child, (d) => d.facility === own.facility, AT_ONCE_MS, "the newborn's own destination");
    assert.equal(dispatcher.patients.get(child).ranking.together?.length, 3, "mother and newborn are looked at together");
    await device.finding(child, CODE.breathing, 0, CREW);
    const clocks = await dispatcher.waitFor(() => dispatcher.patients.get(child).targets.length > 0 && dispatcher.patients.get(child).targets, AT_ONCE_MS, "its own clock");
    assert.deepEqual(clocks.map((t) => t.rule), ["NB-PPV-60"]);
    assert.ok(dispatcher.patients.get(id).targets.every((t) => t.rule !== "NB-PPV-60"));
});

test("when the crew changes, the second device has the directive and the first hears no more", async () => {
    const { id, device, alert } = await infarction("贵A-120-08"), next = await newDevice();
    await device.waitDirective(id, (d) => d.facility === alert.facility);
    assert.equal(await next.tryAct({ what: ACTION.join, encounter: id, value: 1 }), 0);
    const told = await next.waitDirective(id, (d) => d.what === DESTINATION, AT_ONCE_MS, "directive of the second device");
    assert.equal(told.facility, alert.facility);
    await dispatcher.waitFor(() => dispatcher.patients.get(id).devices === 2, AT_ONCE_MS, "two devices");
    assert.equal(await device.tryAct({ what: ACTION.join, encounter: id, value: 0 }), 0);
    await dispatcher.waitFor(() => dispatcher.patients.get(id).devices === 1, AT_ONCE_MS, "one device");
    const wanted = candidates(id)[1], before = device.frames.length;
    await dispatcher.act({ what: ACTION.chooseDestination, encounter: id, facility: wanted, reason: REASON.road });
    await next.waitDirective(id, (d) => d.facility === wanted, AT_ONCE_MS, "the new hospital on the second device");
    assert.deepEqual(device.frames.slice(before).filter((f) => f.kind === "directive"), []);
    await next.closeCase(id, STOOD_DOWN);
});

test("two records of one patient are merged by a dispatcher, and both crews' devices go on in the one that is kept", async () => {
    const [kept, duplicate] = [await infarction("贵A-120-21"), await infarction("贵A-120-22")];
    const merge = (more) => dispatcher.tryAct({ what: ACTION.merge, encounter: kept.id, other: duplicate.id, ...more });
    assert.equal(await merge({}), ERROR.reason);
    assert.equal(dispatcher.patients.get(duplicate.id).phase, PHASE.open);
    assert.equal(await merge({ reason: REASON.duplicate }), 0);
    await dispatcher.waitFor(() => dispatcher.patients.get(duplicate.id).phase === PHASE.merged && dispatcher.patients.get(kept.id).devices === 2, AT_ONCE_MS, "merger");
    assert.deepEqual(dispatcher.patients.get(duplicate.id).kin, [{ id: kept.id, what: KIN.mergedInto }]);
    assert.deepEqual(dispatcher.patients.get(kept.id).kin, [{ id: duplicate.id, what: KIN.mergedFrom }]);
    await duplicate.device.vitals(duplicate.id, { [CODE.sbp]: 131 });
    await dispatcher.waitFor(() => dispatcher.patients.get(kept.id).readings[CODE.sbp]?.[0] === 131, AT_ONCE_MS, "what the duplicate's device says of the kept record");
    const accepting = alertAt(kept.id, kept.alert.facility);
    await (await board(accepting.facility)).answer(accepting.id, STATE.accepted);
    await kept.device.waitDirective(kept.id, (d) => d.state === STATE.accepted, AT_ONCE_MS);
    await duplicate.device.waitDirective(kept.id, (d) => d.state === STATE.accepted, AT_ONCE_MS, "the duplicate's device hears of the acceptance");
    await kept.device.closeCase(kept.id, STOOD_DOWN);
});

/* --- nobody answers, and the server dies ------------------------------------------------------------------------------------------ */

const noticesOf = (id) => gateway.taken.filter((n) => n.encounter === id);
let notice;

test("an alert that no board confirms is told to the city's gateway after 10 s, signed", async () => {
    const { id, alert } = unanswered;
    await dispatcher.waitAlert((a) => a.id === alert.id && a.technical, STEP_MS, "telephone");
    notice = await dispatcher.waitFor(() => noticesOf(id).find((n) => n.kind === "not_delivered"), STEP_MS, "notice");
    assert.deepEqual([notice.version, notice.alert, notice.facility], [1, String(alert.id), alert.facility]);
    assert.ok(notice.tookMs >= alert.raisedMs + RECEIPT_MS, "not before");
    assert.match(notice.text_zh, /^【演练】/u);
    assert.match(notice.text_en, /^\[EXERCISE\] /u);
    assert.deepEqual(gateway.refused, []);
});

test("after SIGKILL everything goes on where it was", async () => {
    const rings = await infarction("贵A-120-42"), late = await infarction("贵A-120-41"), desk = await board("gy-2"), stop = lacking(late.id);
    await desk.act({ what: ACTION.setCapacity, code: SERVICE.nicu, value: 3 });
    await desk.act({ what: ACTION.divert, code: SERVICE.cathLab, reason: REASON.staff });
    await late.device.act({ what: ACTION.askConsult, encounter: late.id, text: "是否溶栓？" });
    await consultant.act({ what: ACTION.takeConsult, encounter: late.id });
    assert.equal(await dispatcher.tryAct({ what: ACTION.chooseDestination, encounter: late.id, facility: stop, reason: REASON.other, text: MISMATCH }), ERROR.secondPerson);
    const was = await everything(), before = new Set(noticesOf(unanswered.id).map((n) => n.id)), sent = gateway.taken.length;
    await stack.server.stop("SIGKILL");
    const verified = JSON.parse(tool("journal", "verify", stack.dataDir));
    const ready = await stack.startServer();
    assert.equal(ready.state, verified.state, "the state is that of a whole replay");
    [dispatcher, second, administrator, auditor, paramedic, consultant, other, bystander] =
        await Promise.all([dispatcher, second, administrator, auditor, paramedic, consultant, other, bystander].map((client) => { client.close(); return open(client.name); }));
    for (const [name, client] of boards) client.close(), boards.delete(name);
    const is = await everything();
    assert.deepEqual(is.facilities, was.facilities);
    assert.deepEqual(is.proposals, was.proposals);
    assert.deepEqual(is.consults, was.consults);
    for (const [id, alert] of Object.entries(was.alerts)) {
        assert.equal(is.alerts[id].raisedMs, alert.raisedMs);
        assert.ok(is.alerts[id].state >= alert.state && is.alerts[id].occurrence >= alert.occurrence, "no alert goes back");
    }
    assert.deepEqual(is.patients, was.patients);
    await dispatcher.waitFor(() => gateway.taken.slice(sent).some((n) => before.has(n.id)), STEP_MS, "the same notice once more");
    const proposal = [...second.proposals.values()].find((p) => p.state === PROPOSAL.waits && p.encounter === late.id);
    assert.equal(await second.tryAct({ what: ACTION.second, number: proposal.number, value: 1 }), 0);
    assert.equal(await consultant.tryAct({ what: ACTION.answerConsult, encounter: late.id, code: 1, text: "同意" }), 0);
    assert.equal(await (await board("gy-2")).tryAct({ what: ACTION.endDivert, code: SERVICE.cathLab }), 0);
    await dispatcher.waitFor(() => dispatcher.patients.get(late.id).chosen?.facility === stop, AT_ONCE_MS, "what two persons wanted");
    await dispatcher.waitAlert((a) => a.id === rings.alert.id && a.rung === 1 && a.technical && a.raisedMs === rings.alert.raisedMs, STEP_MS, "the ladder goes on");
    assert.ok(Date.now() >= rings.alert.raisedMs + RECEIPT_MS);
});

test("while everything is answered nobody is told", () => {
    assert.deepEqual(noticesOf(answered.id), []);
    assert.deepEqual(gateway.refused, []);
});

/* --- who may do what, who sees whom -------------------------------------------------------------------------------------------- */

/** Roles by action, of docs/protocol.md. */
function permitted() {
    const text = readFileSync(join(root, "docs/protocol.md"), "utf8");
    const rows = [...text.matchAll(/^\| (\d+) \| ([a-z ]+) \| ([a-z, ]+) \|/gmu)].map(([, number, name, who]) => [Number(number), who.split(", "), name]);
    assert.deepEqual(rows.map((r) => r[0]), Object.values(ACTION), "every action has its row");
    return rows;
}

/** An action that would be done if the right person sent it. */
function complete(what) {
    const { id, place, alert } = answered;
    const of = { encounter: id, what }, here = { what, facility: place }, soon = Date.now() + 60000;
    return { 1: { ...of, facility: place, reason: REASON.family }, 2: { ...of, value: 1 }, 3: { ...of, reason: REASON.falseCall }, 4: { ...of, reason: REASON.mistake },
        5: { ...of, other: unanswered.id, reason: REASON.duplicate }, 6: { ...of, other: hex(randomBytes(16)) }, 7: { ...of, reason: REASON.specialty }, 8: { ...of, value: 1 },
        9: { ...of, text: "GZ-0099" }, 10: { ...here, code: SERVICE.icu, reason: REASON.full, ms: soon }, 11: { ...here, code: SERVICE.icu },
        12: { ...here, code: SERVICE.icu, value: 1, ms: soon }, 13: { ...here, text: "pci_24h", value: 4, ms: soon }, 14: { ...of, code: DOOR_FIELD },
        15: { what, number: alert, code: 1, value: 1 }, 16: { ...of, text: "问题" }, 17: of, 18: of, 19: { ...of, code: 1, text: "意见" }, 20: { ...of, value: 2 },
        21: { ...of, code: 1, value: 1 }, 22: { what, number: 1, value: 0 }, 23: { ...here, number: 1 } }[what];
}

test("each role may do what the table of docs/protocol.md says and nothing else, and a refusal changes nothing", async () => {
    const people = { dispatcher: second, hospital: await board(answered.place), consultant, administrator, auditor, paramedic, crew: await newDevice() };
    const was = await everything();
    for (const [what, who, name] of permitted()) {
        for (const [role, client] of Object.entries(people)) {
            const may = who.includes(role); /* who may is asked in an empty way, so that nothing is done */
            assert.equal(await client.tryAct(may ? { what } : complete(what)), may ? ERROR.missingKey : ERROR.denied, `${name} by ${role}`);
        }
        assert.equal(await bystander.tryAct(complete(what)), ERROR.denied, `${name} by a hospital about another's patient`);
    }
    for (const client of [second, consultant, administrator, auditor, paramedic, bystander])
        assert.equal(await client.answer(answered.alert, STATE.declined, 1).catch((error) => error.status), ERROR.denied, `an answer by ${client.name}`);
    const is = await everything();
    assert.deepEqual(is.patients[answered.id], was.patients[answered.id]);
    assert.deepEqual(is.alerts[answered.alert], was.alerts[answered.alert]);
    assert.deepEqual(is.facilities, was.facilities);
});

test("no patient reaches who may not see one", () => {
    assert.ok(dispatcher.everSeen.has("patient"));
    assert.ok([...dispatcher.alerts.values()].every((a) => a.facility !== bystander.account.facility));
    for (const who of [auditor, administrator, paramedic, bystander])
        for (const kind of ["patient", "alert", "waveform", "consult", "plan", "directive"]) assert.equal(who.everSeen.has(kind), false, `${kind} to ${who.name}`);
    for (const who of [auditor, paramedic, bystander, consultant]) assert.equal(who.everSeen.has("proposal"), false, `proposal to ${who.name}`);
});

/* --- what a screen, a sheet and a gateway must not get wrong ------------------------------------------------------------------------ */

test("a consultant hears when a question is no longer put to them, and of one that ended nothing is told again", async () => {
    const { id, device } = await infarction("贵A-120-51");
    const questions = (who) => [...who.consults.values()].filter((c) => c.encounter === id);
    await device.act({ what: ACTION.askConsult, encounter: id, text: "右室梗死？" });
    for (const who of [consultant, other]) await who.waitFor(() => questions(who).length === 1, AT_ONCE_MS, "question");
    await consultant.act({ what: ACTION.takeConsult, encounter: id });
    await other.waitFor(() => questions(other)[0].state !== CONSULT.asked, AT_ONCE_MS, "word that another took it");
    await device.closeCase(id, STOOD_DOWN);
    await consultant.waitFor(() => questions(consultant)[0].state === CONSULT.ended, AT_ONCE_MS, "end");
    const fresh = await open("陈思");
    fresh.close();
    assert.deepEqual(questions(fresh).filter((c) => c.question || c.opinion), [], "nothing of what ended");
});

test("what a crew's device asks and signs bears the unit's callsign, which a consultant is not told", async () => {
    const { id, device, alert } = await infarction("贵A-120-61"), next = await newDevice();
    await next.act({ what: ACTION.join, encounter: id, value: 1 });
    await dispatcher.waitFor(() => dispatcher.patients.get(id).devices === 2, AT_ONCE_MS, "two devices");
    assert.equal(dispatcher.patients.get(id).callsign, "贵A-120-61", "a device without a name of its own takes none away");
    await device.act({ what: ACTION.askConsult, encounter: id, text: "右室梗死？" });
    const question = (who) => who.waitFor(() => [...who.consults.values()].find((c) => c.encounter === id), AT_ONCE_MS, "question");
    const told = (await question(consultant)).askedBy;
    await (await board(alert.facility)).answer(alert.id, STATE.accepted);
    await device.milestone(id, DOOR);
    await device.act({ what: ACTION.signHandover, encounter: id, value: 1 });
    const sheet = await dispatcher.waitFor(() => dispatcher.patients.get(id).handover, AT_ONCE_MS, "signature");
    await device.closeCase(id, STOOD_DOWN);
    assert.deepEqual([(await question(dispatcher)).askedBy, sheet.giver, told.includes("贵A-120-61")], ["贵A-120-61", "贵A-120-61", false]);
});

test("a notice says when its reason arose, and says the same each time it is sent", () => {
    const first = (n) => gateway.taken.find((m) => m.id === n.id), wrong = [];
    for (const n of gateway.taken) if (n.raised_ms !== first(n).raised_ms) wrong.push(`${n.kind} ${n.facility}: first of ${first(n).raised_ms}, then of ${n.raised_ms}`);
    if (notice.raised_ms < unanswered.alert.raisedMs + RECEIPT_MS) wrong.push(`not_delivered: ${notice.raised_ms - unanswered.alert.raisedMs} ms after it rang`);
    assert.deepEqual(wrong, []);
});

test("a frame that is another side's to send is refused, whoever it is about", async () => {
    const device = await newDevice(), header = [[1, 0], [2, 1000000], [3, Date.now()]], of = [4, unhex(answered.id)];
    const reports = { 8: [...header, of, [8, CHEST_PAIN]], 10: [...header, of, [8, STOOD_DOWN]], 11: [...header, of, [8, new Map([[CODE.sbp, 90]])]], 15: [...header, of, [8, FMC]] };
    const servers = Object.fromEntries([20, 24, 25, 26, 27, 28, 29].map((kind) => [kind, [[3, Date.now()], of, [8, 1], [9, 1]]]));
    servers[21] = [[3, Date.now()], of, [8, 1], [9, answered.place], [10, STATE.declined], [11, 1], [12, 1], [13, 1], [14, false], [18, []], [20, 1]];
    for (const [who, frames] of [[bystander, { ...reports, ...servers }], [second, reports], [device, { 22: [...header, [8, answered.alert], [9, STATE.accepted]], ...servers }]])
        for (const [kind, pairs] of Object.entries(frames)) {
            who.send([[0, Number(kind)], ...pairs]);
            const error = await who.waitFor(() => who.frames.find((f) => f.kind === "error" && f.refusedKind === Number(kind)), AT_ONCE_MS, `refusal of kind ${kind}`);
            assert.equal(error.status, ERROR.direction, `kind ${kind} from ${who.name}`);
        }
});

/* --- and afterwards --------------------------------------------------------------------------------------------------------------- */

test("the journal tells it all: verify, export, replay and report", async () => {
    await stack.server.stop();
    const { id, wanted, stop } = overridden, verified = JSON.parse(tool("journal", "verify", stack.dataDir));
    const exported = tool("journal", "export", stack.dataDir, id), by = "because of \\d+: action: action: choose destination, person: 王敏, second_person:";
    assert.match(exported, new RegExp(`${by} "", role: dispatcher, reason: family, text: 家属要求, facility: ${wanted}`, "u"));
    assert.match(exported, new RegExp(`${by} 赵强, role: dispatcher, reason: other, text: ${MISMATCH}, facility: ${stop}`, "u"));
    for (const state of ["waits", "refused", "confirmed"]) assert.match(exported, new RegExp(`proposal: number: \\d+, action: choose destination, person: \\S+, state: ${state}`, "u"));
    const question = tool("journal", "export", stack.dataDir, asked.id);
    for (const state of ["asked", "taken", "answered", "ended"]) assert.match(question, new RegExp(`consult: number: ${asked.number}, state: ${state}`, "u"));
    assert.match(question, /answer consult, person: 陈思, .*text: 同意下壁STEMI，请加做V4R。/u);
    assert.match(tool("journal", "replay", stack.dataDir, diverted), /excluded: .*\(facility: gy-1, why: diverting, capability: "", service: cath lab\)/u);
    const shown = tool("journal", "replay", stack.dataDir, asked.id);
    assert.match(shown, /consultants, consult:\n(?:.*\n)*? {2}question: 下壁ST段抬高，是否需要加做右胸导联？/u);
    assert.match(shown, /\n {2}opinion: 同意下壁STEMI，请加做V4R。/u);
    const cases = new Set([...dispatcher.patients.values()].filter((p) => p.phase !== PHASE.merged).map((p) => p.encounter)).size;
    const figures = tool("report", stack.dataDir, "--lang", "en"), csv = tool("report", stack.dataDir, "--csv");
    assert.match(figures, new RegExp(`^${cases} patients, ${verified.records} records, `, "u"));
    assert.match(csv, /^\ufeffmonth,set,indicator,/u);
    assert.ok(csv.split("\r\n").length > 50 && csv.includes("KPI-01"));
    assert.ok(figures.includes("KPI-01"));
});
