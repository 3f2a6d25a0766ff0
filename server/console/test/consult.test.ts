/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CONCLUSION, CONSULT } from "../src/codes";
import { OPINION_BYTES_MAX, ROUND_GRACE_MS, bytesOf, lacks, lastFour, pseudonymOf, ringingConsults, visibleConsults } from "../src/consults";
import { EMPTY, reduce, type State } from "../src/state";
import { codeOf } from "../src/strings";
import { ROLE, type Consult, type Frame, type Patient, type Welcome } from "../src/wire";

const NOW = 1790000000000, NONE: ReadonlySet<number> = new Set();
const welcome = (role: number): Welcome => ({ kind: "welcome", ms: NOW, helloMs: NOW, receivedMs: NOW, durable: new Map(), person: "Chen", role, facility: "", simulation: true });
const consult = (number: number, more: Partial<Consult> = {}): Consult => ({ kind: "consult", encounter: `e${number}`, ms: NOW, number, state: CONSULT.asked, askedMs: NOW,
    dueMs: NOW + 120000, promisedMs: NOW + 600000, askedBy: "Li", consultant: "", question: "?", opinion: "", late: false, tries: 1, ...more });
const patient = (id: string, more: Partial<Patient> = {}): Patient => ({ kind: "patient", id, ms: NOW, priority: 2, complaint: 2, phase: 1, openedMs: NOW, callsign: "",
    readings: new Map(), assessments: [], conditions: [], milestones: new Map(), alerts: [], trend: [], trendCodes: [], lastMs: NOW, assessmentsUnshown: 0, readingsUnshown: 0,
    call: false, targets: [], stamps: [], kin: [], tag: "", devices: 1, ...more });
const fold = (frames: Frame[], role: number = ROLE.consultant): State => [welcome(role), ...frames].reduce<State>(reduce, EMPTY);
const shown = (state: State, passed = NONE, at = NOW) => visibleConsults(state, passed, at).map((c) => c.number);

test("a consultant sees their own questions first, then what waits, the one that ends first before the others", () => {
    const state = fold([consult(1), consult(2, { dueMs: NOW + 60000 }), consult(3, { state: CONSULT.taken, consultant: "Chen" }),
        consult(4, { state: CONSULT.phone }), consult(5, { state: CONSULT.answered, consultant: "Chen" })]);
    assert.deepEqual(shown(state), [3, 2, 1, 4, 5]);
    assert.deepEqual(shown(fold([consult(1)], ROLE.dispatcher)), [], "the screen is a consultant's");
});

test("what another has, what one passed on, and a round that nothing followed are not shown", () => {
    const state = fold([consult(1, { state: CONSULT.taken, consultant: "Wu" }), consult(2), consult(3, { state: CONSULT.taken, consultant: "Chen" })]);
    assert.deepEqual(shown(state), [3, 2]);
    assert.deepEqual(shown(state, new Set([3])), [2]);
    assert.deepEqual(shown(state, NONE, NOW + 120000 + ROUND_GRACE_MS), [3, 2]);
    assert.deepEqual(shown(state, NONE, NOW + 120001 + ROUND_GRACE_MS), [3]);
});

test("a consultant hears each round of a question that is asked and not open, and nothing else", () => {
    const ring = (frames: Frame[], opened?: number) => ringingConsults(fold(frames), NONE, opened, NOW).map((r) => [r.id, r.occurrence, r.priority]);
    assert.deepEqual(ring([consult(1), consult(2, { tries: 2 }), consult(3, { state: CONSULT.taken, consultant: "Chen" }), consult(4, { state: CONSULT.phone })]), [[-1, 1, 3], [-2, 2, 3]]);
    assert.deepEqual(ring([consult(1)], 1), []);
});

test("with the case a consultant's page forgets the consult and the patient; a dispatcher's keeps the patient", () => {
    const end = [consult(1), patient("e1"), patient("e2"), consult(1, { state: CONSULT.ended })];
    const theirs = fold(end), ours = fold(end, ROLE.dispatcher);
    assert.deepEqual([[...theirs.consults.keys()], [...theirs.patients.keys()]], [[], ["e2"]]);
    assert.deepEqual([[...ours.consults.keys()], [...ours.patients.keys()]], [[], ["e1", "e2"]]);
});

test("a pseudonym has sex, age, weeks and four digits, each only while it is valid", () => {
    const id = "0011223344556677889900aabbccddee", reading = (value: number, validity = 1) => ({ value, ms: NOW, validity });
    const of = patient(id, { callsign: "X-9", tag: "T", readings: new Map([[codeOf("sex"), reading(2)], [codeOf("age_years"), reading(31)], [codeOf("ga_days"), reading(240, 4)]]) });
    assert.equal(lastFour(id), "DDEE");
    const words = pseudonymOf(of);
    assert.match(words, /^\S+ {2}31 \S+ {2}\S+ {2}\S*DDEE$|^\S+ {2}31 .+paper\.lastFour$/);
    assert.doesNotMatch(words, /X-9|T$/);
});

test("an opinion needs a conclusion and words, more of them for the last conclusion, and fits one text of the protocol", () => {
    const cddl = readFileSync(join(process.env["JZ_CONSOLE"] ?? ".", "../../docs/protocol.md"), "utf8");
    assert.ok(cddl.includes(`one text, one byte string | ${OPINION_BYTES_MAX} bytes`));
    assert.equal(lacks({ conclusion: 0, text: "agreed" }), "conclusion");
    assert.equal(lacks({ conclusion: CONCLUSION.agree, text: "  " }), "text");
    assert.equal(lacks({ conclusion: CONCLUSION.other, text: "see" }), "short");
    assert.equal(lacks({ conclusion: CONCLUSION.agree, text: "é".repeat(257) }), "long");
    assert.equal(lacks({ conclusion: CONCLUSION.agree, text: "é".repeat(256) }), undefined);
    assert.equal(bytesOf("é"), 2);
});
