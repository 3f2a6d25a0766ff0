/* SPDX-License-Identifier: Apache-2.0 */
/* The frames of the case and the region beside the patient: each key at its bounds, and one over is refused by name. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeFirst, encode } from "cborg";
import { ACTION, REASON, SERVICE } from "../src/codes";
import * as wire from "../src/wire";

const ID = new Uint8Array(16).fill(7), OTHER = new Uint8Array(16).fill(8), NOW = 1790000000000;
const HEX = "07".repeat(16), MS_MAX = 4102444800000, CODE_MAX = 4294967295, LONG = "x".repeat(512);
type Pairs = Map<number, unknown>;
const m = (...pairs: [number, unknown][]): Pairs => new Map(pairs);
const read = (frame: Pairs) => wire.decodeMessage(encode(frame));
const whole = <F>(frame: Pairs): F => {
    const { frames, refused } = read(frame);
    assert.deepEqual(refused, []);
    return frames[0] as F;
};

const CANDIDATE = ["gz-1", 780, 2400, 180, true, 1620, 12, 32], EXCLUSION = ["gz-2", 2, "", 2], CHANGE = ["gz-2", 3, 2, "", 2, 0];
const TARGET = ["PWY", "零", "zero", NOW, NOW + 60000, 1, 0, null], STAMP = [67109207, NOW, NOW - 1, 4, 20, 1];
const TEAM = [2, true, 4, NOW, "Li", false], SERVICE_STATE = [6, 1, 2, 1, "Li", NOW, NOW + 1, 0, 0, ""];
const CONFIRMED = ["cath_lab", 2, "Wang", NOW, NOW + 1];
const RANKING = m([0, NOW], [1, "embedded"], [2, [CANDIDATE]], [3, [EXCLUSION]], [4, 1], [5, 7200], [6, true], [7, [1, 2, "gz-1"]], [8, [1, 3, 6900, 7140]],
    [9, [CHANGE]], [10, ["gz-2", 600]], [11, ["gz-1", 0, 120]]);
const PATIENT = m([0, 24], [3, NOW], [4, ID], [8, 1], [9, 1], [10, 1], [11, NOW], [13, m()], [14, []], [15, []], [16, m()], [17, RANKING], [18, []], [20, []], [21, []],
    [22, NOW], [28, [TARGET]], [29, [STAMP]], [30, [[OTHER, 1]]], [31, m([0, "A"], [1, NOW], [2, "Li"], [3, NOW], [4, true], [5, 1], [6, 1])],
    [32, ["gz-1", 6, "Wang"]], [33, 5], [34, "tag"], [35, [1, "gz-2"]], [36, 2], [37, 2]);
const ALERT = m([0, 21], [3, NOW], [4, ID], [8, 9], [9, "gz-1"], [10, 1], [11, NOW], [12, NOW + 60000], [13, 1], [14, false], [18, []], [20, 1], [21, 3], [22, [TEAM]],
    [23, 4], [24, true], [25, true], [26, true], [27, NOW]);
const FACILITY = m([0, 25], [8, "gz-1"], [9, "一院"], [10, "First"], [11, 0], [12, 0], [14, []], [15, [SERVICE_STATE]], [16, [CONFIRMED]], [17, [2, NOW, NOW, 0]]);
const PROBE = m([0, 26], [3, NOW], [8, "gz-1"], [9, 4711]);
const CONSULT = m([0, 27], [3, NOW], [4, ID], [8, 5], [9, 3], [10, NOW], [11, NOW], [12, NOW], [13, "A"], [14, "Chen"], [15, "?"], [16, "!"], [17, 1], [18, NOW], [19, 3],
    [20, false], [21, 1]);
const PROPOSAL = m([0, 28], [3, NOW], [4, ID], [8, 17], [9, 1], [10, "Wang"], [11, NOW], [12, NOW], [13, "gz-2"], [14, 2], [15, "why"], [16, 1]);
const PLAN_ROW = [ID, "gz-1", 60, "", 0], PLAN = m([0, 29], [3, NOW], [8, 2], [9, [PLAN_ROW]], [10, true]);

test("a patient's case is read", () => {
    const p = whole<wire.Patient>(PATIENT);
    assert.deepEqual(p.targets, [{ rule: "PWY", zh: "零", en: "zero", beganMs: NOW, dueMs: NOW + 60000, state: 1, warnings: 0, predictedMs: undefined }]);
    assert.deepEqual(p.stamps, [{ code: 67109207, ms: NOW, firstMs: NOW - 1, source: 4, uncertaintyMs: 20, corrections: 1 }]);
    assert.deepEqual(p.handover, { given: { person: "A", ms: NOW }, received: { person: "Li", ms: NOW }, reminded: true, diagnosis: 1, triage: 1 });
    assert.deepEqual([p.kin, p.chosen, p.consult, p.tag], [[{ id: "08".repeat(16), what: 1 }], { facility: "gz-1", reason: 6, person: "Wang" }, 5, "tag"]);
    assert.deepEqual([p.transferred, p.rulePriority, p.devices], [{ times: 1, from: "gz-2" }, 2, 2]);
});

test("of a patient without them nothing is made up", () => {
    const p = whole<wire.Patient>(new Map([...PATIENT].filter(([key]) => key < 28 && key !== 17 || key === 28 || key === 29 || key === 37)));
    assert.deepEqual([p.ranking, p.kin, p.handover, p.chosen, p.consult, p.tag, p.transferred, p.rulePriority], [undefined, [], undefined, undefined, undefined, "", undefined, undefined]);
    const unsigned = whole<wire.Patient>(new Map(PATIENT).set(31, m([4, true])));
    assert.deepEqual(unsigned.handover, { given: undefined, received: undefined, reminded: true, diagnosis: undefined, triage: undefined });
});

test("a ranking says why, what would change it, and the way out", () => {
    const r = whole<wire.Patient>(PATIENT).ranking;
    assert.deepEqual(r?.candidates, [{ facility: "gz-1", travelS: 780, treatmentS: 2400, uncertaintyS: 180, confirmed: true, doorS: 1620, cases: 12, flags: 32 }]);
    assert.deepEqual(r?.exclusions, [{ facility: "gz-2", why: 2, capability: "", service: SERVICE.cathLab }]);
    assert.deepEqual(r?.changes, [{ facility: "gz-2", kind: 3, why: 2, capability: "", service: 2, seconds: 0 }]);
    assert.deepEqual([r?.goalS, r?.nearest, r?.wayOut], [7200, true, { what: 1, why: 2, facility: "gz-1" }]);
    assert.deepEqual(r?.reperfusion, { what: 1, row: 3, sinceDiagnosisS: 6900, sinceContactS: 7140 });
    assert.deepEqual([r?.better, r?.together], [{ facility: "gz-2", savesS: 600 }, { facility: "gz-1", why: 0, costsS: 120 }]);
});

test("an alert's teams and ladder are read", () => {
    const a = whole<wire.Alert>(ALERT);
    assert.deepEqual(a.teams, [{ team: 2, needed: true, receipt: 4, ms: NOW, person: "Li", reminded: false }]);
    assert.deepEqual([a.grade, a.rung, a.technical, a.standby, a.told, a.acceptedMs], [3, 4, true, true, true, NOW]);
});

test("a hospital's places, what it confirmed, and its path are read", () => {
    const f = whole<wire.Facility>(FACILITY);
    assert.deepEqual(f.services.get(SERVICE.nicu), { state: 1, free: 2, held: 1, owner: "Li", setMs: NOW, expiresMs: NOW + 1, divertedUntilMs: 0, reason: 0, divertedBy: "" });
    assert.deepEqual(f.confirmations.get("cath_lab"), { value: 2, owner: "Wang", setMs: NOW, expiresMs: NOW + 1 });
    assert.deepEqual(f.path, { state: 2, sentMs: NOW, soundedMs: NOW, missed: 0 });
    const bare = whole<wire.Facility>(new Map([...FACILITY].filter(([key]) => key < 15)));
    assert.deepEqual([bare.services.size, bare.confirmations.size, bare.path], [0, 0, undefined]);
});

test("a probe, a consult, a proposal and a plan are read", () => {
    assert.deepEqual(whole(PROBE), { kind: "probe", ms: NOW, facility: "gz-1", number: 4711 });
    assert.deepEqual(whole(CONSULT), { kind: "consult", ms: NOW, encounter: HEX, number: 5, state: 3, askedMs: NOW, dueMs: NOW, promisedMs: NOW, askedBy: "A",
        consultant: "Chen", question: "?", opinion: "!", conclusion: 1, signedMs: NOW, snapshot: 3, late: false, tries: 1 });
    assert.deepEqual(whole(PROPOSAL), { kind: "proposal", ms: NOW, encounter: HEX, number: 17, what: 1, person: "Wang", sinceMs: NOW, untilMs: NOW, facility: "gz-2",
        reason: 2, text: "why", state: 1 });
    assert.deepEqual(whole(PLAN), { kind: "plan", ms: NOW, service: 2, differs: true,
        rows: [{ encounter: HEX, together: "gz-1", togetherS: 60, inTurn: "", inTurnS: 0 }] });
    assert.equal(whole<wire.Proposal>(new Map([...PROPOSAL].filter(([key]) => key !== 4))).encounter, undefined);
});

/* Of each place: values that are accepted, then values that are not. */
const at = (row: readonly unknown[], i: number, v: unknown) => row.map((old, k) => (k === i ? v : old));
const cells = (row: readonly unknown[], wrap: (row: unknown[]) => unknown, good: [number, ...unknown[]][], bad: [number, ...unknown[]][]) => ({
    good: good.flatMap(([i, ...vs]) => vs.map((v) => wrap(at(row, i, v)))),
    bad: [...bad.flatMap(([i, ...vs]) => vs.map((v) => wrap(at(row, i, v)))), wrap(row.slice(1)), wrap([...row, 0])],
});
const one = (row: unknown[]) => [row], alone = (row: unknown[]) => row;
const inRanking = (key: number) => (row: unknown[]) => new Map(RANKING).set(key, key === 2 || key === 3 || key === 9 ? [row] : row);
const BAD_MS = [-1, MS_MAX + 1], S = [0, 86400], BAD_S = [-1, 86401], COUNT = [0, CODE_MAX], BAD_COUNT = [-1, CODE_MAX + 1];
const places: [string, Pairs, number, { good: unknown[]; bad: unknown[] }][] = [
    ["phase", PATIENT, 10, { good: [1, 5], bad: [0, 6] }],
    ["clocks", PATIENT, 28, cells(TARGET, one, [[3, 0, MS_MAX], [5, 1, 5], [6, 0, 3], [7, null, MS_MAX]], [[0, 1], [3, ...BAD_MS], [5, 0, 6], [6, -1, 4], [7, ...BAD_MS, ""]])],
    ["stamps", PATIENT, 29, cells(STAMP, one, [[0, 1, CODE_MAX], [3, 0, 5], [4, ...COUNT], [5, 0, 255]], [[0, 0], [1, ...BAD_MS], [2, ...BAD_MS], [3, -1, 6], [4, ...BAD_COUNT], [5, -1, 256]])],
    ["kin", PATIENT, 30, cells([OTHER, 1], one, [[1, 1, 4]], [[0, ID.subarray(1), HEX], [1, 0, 5]])],
    ["handover", PATIENT, 31, { good: [m(), m([5, 11], [6, 3])], bad: [m([0, "A"]), m([1, NOW]), m([2, "A"]), m([3, NOW]), m([4, 1]), m([5, 0]), m([5, 12]), m([6, 0]), m([6, 4]), []] }],
    ["choice", PATIENT, 32, cells(["gz-1", 6, "Wang"], alone, [[1, 0, 16]], [[0, 1], [1, -1, 17], [2, 1]])],
    ["consult's number", PATIENT, 33, { good: [1, Number.MAX_SAFE_INTEGER], bad: [0, "1"] }],
    ["tag", PATIENT, 34, { good: ["", LONG], bad: [1, `${LONG}x`] }],
    ["transfers", PATIENT, 35, cells([1, "gz-2"], alone, [[0, ...COUNT]], [[0, ...BAD_COUNT], [1, 2]])],
    ["rules' priority", PATIENT, 36, { good: [1, 5], bad: [0, 6] }],
    ["devices", PATIENT, 37, { good: [0, 4], bad: [-1, 5] }],
    ["candidates", PATIENT, 17, cells(CANDIDATE, inRanking(2), [[1, ...S], [5, ...S], [6, ...COUNT], [7, ...COUNT]], [[1, ...BAD_S], [4, 1], [5, ...BAD_S], [6, ...BAD_COUNT], [7, ...BAD_COUNT]])],
    ["exclusions", PATIENT, 17, cells(EXCLUSION, inRanking(3), [[1, 1, 4], [3, 0, 7]], [[1, 0, 5], [3, -1, 8]])],
    ["time goal", PATIENT, 17, { good: [1, 86400].map((v) => new Map(RANKING).set(5, v)), bad: [0, 86401].map((v) => new Map(RANKING).set(5, v)) }],
    ["nearest only", PATIENT, 17, { good: [new Map(RANKING).set(6, true)], bad: [new Map(RANKING).set(6, 1)] }],
    ["way out", PATIENT, 17, cells([1, 2, "gz-1"], inRanking(7), [[0, 1, 9], [1, 1, 9], [2, ""]], [[0, 0, 10], [1, 0, 10], [2, 0]])],
    ["reperfusion", PATIENT, 17, cells([1, 3, 6900, 7140], inRanking(8), [[0, 1, 9], [1, 0, 9], [2, ...COUNT], [3, ...COUNT]], [[0, 0, 10], [1, -1, 10], [2, ...BAD_COUNT], [3, ...BAD_COUNT]])],
    ["changes", PATIENT, 17, cells(CHANGE, inRanking(9), [[1, 1, 3], [2, 0, 4], [4, 0, 7], [5, ...S]], [[1, 0, 4], [2, -1, 5], [4, -1, 8], [5, ...BAD_S]])],
    ["better", PATIENT, 17, cells(["gz-2", 600], inRanking(10), [[1, ...S]], [[0, 1], [1, ...BAD_S]])],
    ["together", PATIENT, 17, cells(["gz-1", 0, 120], inRanking(11), [[0, ""], [1, 0, 9], [2, ...S]], [[1, -1, 10], [2, ...BAD_S]])],
    ["grade", ALERT, 21, { good: [1, 3], bad: [0, 4] }],
    ["teams", ALERT, 22, cells(TEAM, one, [[0, 1, 5], [2, 0, 4], [3, 0, MS_MAX]], [[0, 0, 6], [1, 1], [2, -1, 5], [3, ...BAD_MS], [4, 1], [5, 0]])],
    ["rung", ALERT, 23, { good: [0, 4], bad: [-1, 5] }],
    ...[24, 25, 26].map((key): (typeof places)[number] => [`flag ${key}`, ALERT, key, { good: [true, false], bad: [1, null] }]),
    ["acceptance", ALERT, 27, { good: [0, MS_MAX], bad: BAD_MS }],
    ["services", FACILITY, 15, cells(SERVICE_STATE, one, [[0, 1, 7], [1, 0, 2], [2, -2147483648, 2147483647], [3, ...COUNT], [8, 0, 16]],
        [[0, 0, 8], [1, -1, 3], [2, -2147483649, 2147483648], [3, ...BAD_COUNT], [4, 1], [5, ...BAD_MS], [6, ...BAD_MS], [7, ...BAD_MS], [8, -1, 17], [9, 0]])],
    ["confirmations", FACILITY, 16, cells(CONFIRMED, one, [[1, 1, 4]], [[0, 1], [1, 0, 5], [2, 1], [3, ...BAD_MS], [4, ...BAD_MS]])],
    ["path", FACILITY, 17, cells([2, NOW, NOW, 0], alone, [[0, 0, 3], [3, ...COUNT]], [[0, -1, 4], [1, ...BAD_MS], [2, ...BAD_MS], [3, ...BAD_COUNT]])],
    ["hospital", PROBE, 8, { good: ["", LONG], bad: [1, undefined, `${LONG}x`] }],
    ["number", PROBE, 9, { good: [1, Number.MAX_SAFE_INTEGER], bad: [0, undefined] }],
    ["number", CONSULT, 8, { good: [1], bad: [0, undefined] }],
    ["state", CONSULT, 9, { good: [1, 5], bad: [0, 6, undefined] }],
    ...[10, 11, 12].map((key): (typeof places)[number] => [`time ${key}`, CONSULT, key, { good: [0, MS_MAX], bad: [...BAD_MS, undefined] }]),
    ["who asked", CONSULT, 13, { good: [LONG], bad: [`${LONG}x`, undefined] }],
    ["consultant", CONSULT, 14, { good: [LONG], bad: [`${LONG}x`] }],
    ["question", CONSULT, 15, { good: [LONG], bad: [`${LONG}x`, undefined] }],
    ["opinion", CONSULT, 16, { good: [LONG], bad: [`${LONG}x`] }],
    ["conclusion", CONSULT, 17, { good: [1, 5], bad: [0, 6] }],
    ["signature", CONSULT, 18, { good: [0, MS_MAX], bad: BAD_MS }],
    ["ECG", CONSULT, 19, { good: [1], bad: [0] }],
    ["lateness", CONSULT, 20, { good: [true], bad: [1, undefined] }],
    ["tries", CONSULT, 21, { good: COUNT, bad: [...BAD_COUNT, undefined] }],
    ["patient", PROPOSAL, 4, { good: [OTHER], bad: [ID.subarray(1), HEX] }],
    ["number", PROPOSAL, 8, { good: [1], bad: [0, undefined] }],
    ["action", PROPOSAL, 9, { good: [1, 23], bad: [0, 24, undefined] }],
    ["person", PROPOSAL, 10, { good: [LONG], bad: [`${LONG}x`, undefined] }],
    ...[11, 12].map((key): (typeof places)[number] => [`time ${key}`, PROPOSAL, key, { good: [0, MS_MAX], bad: [...BAD_MS, undefined] }]),
    ["reason", PROPOSAL, 14, { good: [1, 16], bad: [0, 17] }],
    ["text", PROPOSAL, 15, { good: [LONG], bad: [`${LONG}x`] }],
    ["state", PROPOSAL, 16, { good: [1, 4], bad: [0, 5, undefined] }],
    ["service", PLAN, 8, { good: [2, 7], bad: [1, 8, undefined] }],
    ["rows", PLAN, 9, cells(PLAN_ROW, one, [[1, ""], [2, ...S], [4, ...S]], [[0, HEX], [1, 0], [2, ...BAD_S], [3, 0], [4, ...BAD_S]])],
    ["difference", PLAN, 10, { good: [false], bad: [0, undefined] }],
];
const with_ = (frame: Pairs, key: number, value: unknown): Pairs => {
    const out = new Map(frame);
    if (value === undefined) out.delete(key); else out.set(key, value);
    return out;
};
for (const [what, frame, key, { good, bad }] of places)
    test(`kind ${frame.get(0) as number}, ${what}: accepted at the bounds, and refused by name one over`, () => {
        good.forEach((value, i) => assert.deepEqual(read(with_(frame, key, value)).refused, [], `good ${i}`));
        bad.forEach((value, i) => {
            const { frames, refused } = read(with_(frame, key, value));
            assert.deepEqual([frames.length, refused.length], [0, 1], `bad ${i}`);
            assert.match(refused[0]?.where ?? "", new RegExp(`key ${key}\\b`), `bad ${i}`);
        });
    });

test("lists are bounded", () => {
    const many = (n: number) => Array.from({ length: n }, () => STAMP);
    assert.equal(read(with_(PATIENT, 29, many(wire.ITEMS_MAX))).refused.length, 0);
    assert.equal(read(with_(PATIENT, 29, many(wire.ITEMS_MAX + 1))).refused.length, 1);
});

const sent = (action: wire.Action) =>
    [...(decodeFirst(wire.encodeAction(action, 3, NOW), { useMaps: true, strict: true })[0] as Pairs)];
const HEAD = [[0, 23], [1, 0], [2, 3], [3, NOW]];

test("an action is encoded as the grammar says, keys ascending, and what it does not say is left out", () => {
    assert.deepEqual(sent({ what: ACTION.chooseDestination, encounter: HEX, facility: "gz-1", reason: REASON.family, text: "家属" }),
        [...HEAD, [4, ID], [8, 1], [9, "gz-1"], [13, 2], [14, "家属"]]);
    assert.deepEqual(sent({ what: ACTION.birth, encounter: HEX, other: "08".repeat(16), ms: NOW - 1 }), [...HEAD, [4, ID], [8, 6], [12, NOW - 1], [15, OTHER]]);
    assert.deepEqual(sent({ what: ACTION.receipt, number: 42, code: 2, value: 4 }), [...HEAD, [8, 15], [10, 2], [11, 4], [16, 42]]);
    assert.deepEqual(sent({ what: ACTION.takeConsult, encounter: "", facility: "", text: "" }), [...HEAD, [8, 17]]);
});

/* What the C library writes of the same actions, byte for byte (tests/golden/frames). */
test("actions are the golden ones to the byte", () => {
    const file = readFileSync(join(process.env["JZ_CONSOLE"] ?? ".", "../../tests/golden/frames/action.hex"), "utf8");
    const lines = [...file.matchAll(/^\w[\w -]*: ([0-9a-f]+)$/gm)], hex = (id: unknown) => id && Buffer.from(id as Uint8Array).toString("hex");
    assert.ok(lines.length >= 9);
    for (const [, golden] of lines) {
        const f = decodeFirst(Uint8Array.from(Buffer.from(golden ?? "", "hex")), { useMaps: true })[0] as Map<number, never>;
        const action = { encounter: hex(f.get(4)), what: f.get(8), facility: f.get(9), code: f.get(10), value: f.get(11), ms: f.get(12), reason: f.get(13),
            text: f.get(14), other: hex(f.get(15)), number: f.get(16) } as unknown as wire.Action;
        assert.equal(hex(wire.encodeAction(action, f.get(2) ?? 0, f.get(3) ?? 0)), golden);
    }
});

test("no place left is a number and is said", () => {
    assert.deepEqual(sent({ what: ACTION.setCapacity, code: SERVICE.nicu, value: 0 }), [...HEAD, [8, 12], [10, 6], [11, 0]]);
});
