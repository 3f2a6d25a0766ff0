/* SPDX-License-Identifier: Apache-2.0 */
/* What the dispatcher's screen works out, and what its dialog lets through. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { enough } from "../src/act-dialog";
import { FLAG, KIN, PATH, PHASE, PLACES, REASON, SERVICE, TARGET } from "../src/codes";
import { ROW_PX, clockOf, courseOf, digitMeans, etaOf, fixOf, isDiverted, keptOf, lossOf, momentOf, pathOf, placesOf, ringOf, sameTag,
    trendAt, unansweredAlerts, windowOf } from "../src/dispatch-model";
import { conditionName, needsOf } from "../src/needs";
import { exclusionWords, lossWords } from "../src/ranking";
import { EMPTY, type State } from "../src/state";
import { has, setLanguage } from "../src/strings";
import { ALERT, type Alert, type Candidate, type Facility, type Patient, type Ranking, type Service, type Target } from "../src/wire";
import { bytesOf, charactersOf } from "../src/writing";

const project = join(process.env["JZ_CONSOLE"] ?? ".", "../..");
const read = (path: string) => readFileSync(join(project, path), "utf8");
const NOW = 1790000000000, MIN = 60000;
(globalThis as { document?: unknown }).document ??= { documentElement: { lang: "" } };
setLanguage("en");

const candidate = (facility: string, treatmentS: number, more: Partial<Candidate> = {}): Candidate =>
    ({ facility, travelS: 600, treatmentS, uncertaintyS: 60, confirmed: true, doorS: treatmentS - 600, cases: 0, flags: 0, ...more });
const ranking = (more: Partial<Ranking> = {}): Ranking => ({ ms: NOW - MIN, provider: "roads", candidates: [candidate("a", 3600), candidate("b", 4140)], exclusions: [], goal: 0, nearest: false, changes: [], ...more });
const patient = (more: Partial<Patient> = {}): Patient => ({ id: "p", phase: PHASE.open, priority: 1, complaint: 1, openedMs: NOW - 30 * MIN, callsign: "P1", conditions: [], alerts: [], kin: [],
    stamps: [], targets: [], trend: [], tag: "", call: false, ...more } as unknown as Patient);
const alert = (id: number, more: Partial<Alert> = {}): Alert => ({ id, encounter: "p", facility: "a", state: ALERT.raised, raisedMs: NOW - MIN, dueMs: NOW, priority: 1, escalated: false, technical: false,
    standby: false, ...more } as unknown as Alert);
const facility = (id: string, capabilities: [string, number][] = [], services: [number, Partial<Service>][] = []): Facility =>
    ({ kind: "facility", id, zh: id, en: id, lat: 26, lon: 106, partner: "", capabilities: new Map(capabilities), confirmations: new Map(),
        services: new Map(services.map(([n, s]) => [n, { state: PLACES.known, free: 1, held: 0, owner: "", setMs: NOW - MIN, expiresMs: NOW + MIN, divertedUntilMs: 0, reason: 0, divertedBy: "", ...s }])) });
const stateOf = (patients: Patient[], alerts: Alert[] = [], facilities: Facility[] = []): State => ({ ...EMPTY, patients: new Map(patients.map((p) => [p.id, p])),
    alerts: new Map(alerts.map((a) => [a.id, a])), facilities: new Map(facilities.map((f) => [f.id, f])) });

test("the window holds every row in view, never more than it may, and moves to the end", () => {
    for (let x = 0; x < 400; x += 7) {
        const scroll = x * 20, view = 300 + (x % 5) * 150, { first, last } = windowOf(200, scroll, view);
        assert.ok(last - first <= 40, `${first}..${last}, from ${scroll}`);
        const top = Math.min(199, Math.floor(scroll / ROW_PX)), bottom = Math.min(200, Math.ceil((scroll + view) / ROW_PX));
        assert.ok(first <= top && last >= Math.min(bottom, 200), `${first}..${last} holds ${top}..${bottom}`);
    }
    assert.deepEqual(windowOf(3, 0, 900), { first: 0, last: 3 });
    assert.deepEqual(windowOf(200, 1e9, 400), { first: 160, last: 200 });
    assert.match(read("server/console/src/styles/dispatch.css"), new RegExp(`height: ${ROW_PX}px; \\} /\\* ROW_PX`));
});

test("the arrival is the moment of the travel time plus the way, and none after the arrival", () => {
    const p = patient({ ranking: ranking(), alerts: [1] }), state = stateOf([p], [alert(1)]);
    assert.deepEqual(etaOf(state, p), { atMs: NOW - MIN + 600000, asOfMs: NOW - MIN });
    assert.equal(etaOf(state, { ...p, phase: PHASE.arrived }), undefined);
    const outside = patient({ ranking: ranking({ candidates: [] }), alerts: [1] });
    assert.equal(etaOf(stateOf([outside], [alert(1, { travelS: 900 })]), outside)?.atMs, NOW - MIN + 900000);
    assert.equal(etaOf(stateOf([outside], [alert(1)]), outside), undefined);
});

test("the bar has what was escalated, what never arrived, and who is left without any hospital", () => {
    const left = patient({ id: "q", call: true, alerts: [3] });
    const state = stateOf([patient({ alerts: [1, 2, 4] }), left], [alert(1, { escalated: true, priority: 2 }), alert(2, { technical: true }), alert(4),
        alert(3, { encounter: "q", state: ALERT.declined, priority: 1, raisedMs: NOW })]);
    assert.deepEqual(unansweredAlerts(state).map((a) => a.id), [2, 3, 1]);
});

test("a digit is the bar's only while the bar has the focus or nothing is open", () => {
    assert.equal(digitMeans(true, true, true), "bar");
    assert.equal(digitMeans(false, true, true), "recommendation");
    assert.equal(digitMeans(false, true, false), "bar");
    assert.equal(digitMeans(false, false, true), "recommendation");
    assert.equal(digitMeans(true, false, false), "nothing");
});

test("what an override loses is said in time, capabilities, doubts and hard stops", () => {
    const hospitals = [facility("a", [["pci_24h", 1], ["cardiac_surgery", 2], ["chest_pain_centre", 0]]), facility("b", [["pci_24h", 2], ["cardiac_surgery", 0], ["chest_pain_centre", 0]]), facility("c", [["pci_24h", 0]])];
    const p = patient({ conditions: ["R01"], ranking: ranking({ candidates: [candidate("a", 3600), candidate("b", 4140, { flags: FLAG.full | FLAG.meetsGoal })], exclusions: [{ facility: "c", why: 1, capability: "pci_24h", service: 0 }] }) });
    const state = stateOf([p], [], hospitals), b = lossOf(state, p, "b");
    assert.deepEqual([b.seconds, b.lacks, b.unverified, b.second], [540, ["cardiac_surgery"], ["pci_24h"], false]);
    assert.equal(lossWords(b), "+9 min, no Cardiac surgery, No place free");
    const c = lossOf(state, p, "c");
    assert.equal(c.second, true);
    assert.match(lossWords(c), /no 24 h PCI/);
    assert.doesNotMatch(lossWords(c), /no Chest pain centre/, "what the first has not either is not lost");
    assert.equal(lossOf(state, patient({ ranking: ranking({ exclusions: [{ facility: "c", why: 2, capability: "", service: 2 }] }) }), "c").second, false);
    assert.equal(exclusionWords({ why: 2, capability: "", service: SERVICE.cathLab }), "Diverting Cath lab");
});

test("a clock says what is left, what was warned, and by how much it is predicted to be missed", () => {
    const of = (more: Partial<Target>): Target => ({ rule: "r", zh: "", en: "", beganMs: NOW - 60 * MIN, dueMs: NOW + 20 * MIN, state: TARGET.running, warnings: 1, ...more });
    assert.deepEqual(clockOf(of({ predictedMs: NOW + 26 * MIN }), NOW), { ends: false, leftMs: 20 * MIN, share: 75, missMs: 6 * MIN, warning: 50 });
    assert.equal(clockOf(of({}), NOW + 5 * MIN).warning, 80, "the clock goes on while no frame comes");
    assert.equal(clockOf(of({}), NOW + 21 * MIN).warning, 100);
    assert.equal(clockOf(of({ predictedMs: NOW + 10 * MIN }), NOW).missMs, undefined);
    assert.equal(clockOf(of({ state: TARGET.met, predictedMs: NOW + 99 * MIN }), NOW).missMs, undefined);
});

test("an expired number is no number, also where it ended after the server spoke", () => {
    const h = facility("a", [], [[SERVICE.nicu, { free: 2, held: 1 }], [SERVICE.icu, { state: PLACES.expired, free: 3 }], [SERVICE.blood, { state: PLACES.unknown, setMs: 0, held: 1 }]]);
    assert.deepEqual(placesOf(h.services.get(SERVICE.nicu), NOW), { kind: "known", free: 2, held: 1, ageMs: MIN });
    assert.equal(placesOf(h.services.get(SERVICE.nicu), NOW + MIN).kind, "expired");
    assert.equal(placesOf(h.services.get(SERVICE.icu), NOW).kind, "expired");
    assert.deepEqual(placesOf(h.services.get(SERVICE.blood), NOW), { kind: "unknown", held: 1 });
    assert.equal(placesOf(undefined, NOW).kind, "unknown");
});

test("a ring is whole only while places are known to be free", () => {
    const of = (s: Partial<Service>) => ringOf(facility("a", [], [[SERVICE.nicu, s]]), SERVICE.nicu, NOW);
    assert.deepEqual([of({}), of({ free: 0 }), of({ free: -1 }), of({ state: PLACES.expired }), of({ divertedUntilMs: NOW + 1 }), of({ divertedUntilMs: NOW })], ["free", "full", "full", "unknown", "diverted", "free"]);
    assert.equal(ringOf(facility("a", [], [[SERVICE.ed, { free: 3 }]]), SERVICE.ed, NOW), "full", "an emergency department that is black");
    assert.equal(isDiverted(undefined, NOW), false);
});

test("a fix turns hollow after 30 s and grey after 2 min; a path that was never tried is none", () => {
    assert.deepEqual([30000, 30001, 120000, 120001].map(fixOf), ["fresh", "hollow", "hollow", "grey"]);
    assert.deepEqual([pathOf(undefined), pathOf({ state: PATH.dead, sentMs: 0, soundedMs: 0, missed: 3 })], ["none", "dead"]);
});

test("a merged record leads to the one that goes on, over several merges, and stops where that is not known", () => {
    const merged = (id: string, into: string) => patient({ id, phase: PHASE.merged, kin: [{ id: into, what: KIN.mergedInto }] });
    const state = stateOf([merged("a", "b"), merged("b", "c"), patient({ id: "c" }), merged("x", "gone"), merged("y", "z"), merged("z", "y")]);
    const kept = (id: string) => keptOf(state, state.patients.get(id) as Patient).id;
    assert.deepEqual([kept("a"), kept("c"), kept("x")], ["c", "c", "x"]);
    assert.ok(["y", "z"].includes(kept("y")), "a ring of merges ends");
});

test("only live records of the same tag are shown as perhaps the same person", () => {
    const state = stateOf([patient({ id: "a", tag: "T1" }), patient({ id: "b", tag: "T1" }), patient({ id: "c", tag: "T1", phase: PHASE.closed }), patient({ id: "d" }), patient({ id: "e" })]);
    const twins = (id: string) => sameTag(state, state.patients.get(id) as Patient).map((p) => p.id);
    assert.deepEqual([twins("a"), twins("d")], [["b"], []]);
});

test("the course is in the order of time, and a trend value is never of later than the moment asked", () => {
    const p = patient({ alerts: [1], stamps: [{ code: 67109203, ms: NOW - 20 * MIN, firstMs: NOW - 25 * MIN, source: 3, uncertaintyMs: 0, corrections: 1 }], trend: [{ ms: NOW - 10 * MIN, values: [1] }, { ms: NOW - 5 * MIN, values: [2] }] });
    const course = courseOf(stateOf([p], [alert(1, { raisedMs: NOW - 8 * MIN, acceptedMs: NOW - 7 * MIN, person: "Li" })]), p);
    assert.deepEqual(course.map((h) => h.what), ["opened", "stamp", "alert", "accepted"]);
    assert.equal(trendAt(p.trend, NOW - 6 * MIN)?.ms, NOW - 10 * MIN);
    assert.equal(trendAt(p.trend, NOW - 11 * MIN), undefined);
});

test("a time of day means the nearest one, also across midnight", () => {
    const at = new Date(NOW).setHours(0, 10, 0, 0);
    assert.equal(momentOf("23:50", at), at - 20 * MIN);
    assert.equal(momentOf("00:05:30", at), at - 5 * MIN + 30000);
    for (const bad of ["", "24:00", "12:60", "12", "a:b", "12:00:61"]) assert.equal(momentOf(bad, at), undefined, bad);
});

test("other needs five characters that are not blanks; no reason is no answer unless it may be left out", () => {
    const of = { reasons: [REASON.family, REASON.other] };
    assert.deepEqual([enough(of, 0, "words enough"), enough(of, REASON.family, ""), enough(of, REASON.other, "a b c d"), enough(of, REASON.other, "abcde")], [false, true, false, true]);
    assert.equal(enough({ ...of, optional: true }, 0, ""), true);
    assert.equal(enough({ reasons: [7], other: 7 }, 7, ""), false);
    assert.equal(enough(of, REASON.family, "x".repeat(121)), false, "longer than the server keeps");
    assert.match(read("protocol/include/jingzhu/limits.h"), /JZ_REASON_TEXT_MIN 5u/);
    assert.deepEqual([charactersOf(" \t救 命\n"), bytesOf("救")], [2, 3]);
});

test("what matters for a condition, and its name, are those of the rules", () => {
    const rules = read("clinical-rules/packs/routing/conditions.yaml"), ids = [...rules.matchAll(/^ {2}- id: (\S+)/gm)].map((x) => x[1] ?? "");
    assert.ok(ids.length > 40);
    for (const id of ids) assert.notEqual(conditionName(id), id);
    assert.equal(conditionName("R04"), "NSTE-ACS, very high risk");
    assert.deepEqual(needsOf(["R01"], 1), ["pci_24h", "cardiac_surgery", "chest_pain_centre"]);
    assert.deepEqual(needsOf(["OB-PE"], 2).slice(0, 4), ["ecmo", "thrombolysis", "adult_icu", "obstetrics_emergency"], "alternatives count as well, each once");
    assert.deepEqual(needsOf(["R11"], 1), [], "a condition that needs nothing special");
    assert.deepEqual(needsOf(["NEW-ONE"], 2), needsOf([], 2), "of one that this page does not know: what the complaint usually asks for");
    assert.equal(conditionName("NEW-ONE"), "NEW-ONE");
});

test("every number of an action, reason, service, team and the routing has its words", () => {
    const count: [string, number][] = [["did", 23], ["cause", 16], ["service", 7], ["team", 5], ["receipt", 4], ["grade", 3], ["ladder", 4], ["kin", 4], ["diagnosis", 11], ["triage", 3],
        ["consultstate", 5], ["conclusion", 5], ["source", 5], ["target", 5], ["reperfusion", 6], ["wayout", 4], ["wayoutwhy", 4], ["phase", 5]];
    for (const [stem, n] of count) for (let i = 1; i <= n; i++) assert.ok(has(`${stem}.${i}`), `${stem}.${i}`);
    const rank = read("server/routing/rank.h"), items = (name: string) => (new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(rank)?.[1] ?? "").replace(/\/\*[\s\S]*?\*\//g, "").split(",").filter((x) => x.trim()).length;
    assert.deepEqual([items("jz_reperfusion") - 1, items("jz_fallback_why") - 1, items("jz_pair_why")], [6, 4, 5]);
});
