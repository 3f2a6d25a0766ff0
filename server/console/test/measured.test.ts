/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "cborg";
import { LEADS } from "../src/ecg";
import { CTG_CODES, ctgClasses, ctgValues, ecgNumbers, ecgRhythm, ecgStatements, stLevels, unusableLeads } from "../src/measured";
import { setLanguage } from "../src/strings";
import { NUMBER, TROUBLE, decodeMessage, type Assessment, type Measured, type Patient } from "../src/wire";

const project = join(process.env["JZ_CONSOLE"] ?? ".", "../..");
const read = (path: string) => readFileSync(join(project, path), "utf8");
const NOW = 1790000000000;
(globalThis as { document?: unknown }).document ??= { documentElement: { lang: "" } };
setLanguage("en");

const of = (more: Partial<Measured> = {}): Measured => ({
    ms: NOW, snapshot: 1, lengthMs: 10000, quality: 92, readable: true, numbers: new Map([[NUMBER.rate, 724], [NUMBER.qrs, 92], [NUMBER.axis, -12]]),
    leads: [...LEADS.keys()].map((code) => ({ code, quality: 95, trouble: 0, usable: true })), values: new Map(), ...more,
});
const fired = (rule: string, priority?: number, status = 1): Assessment => ({
    rule, status, lo: 1, hi: 1, complete: true, priority, missing: [], used: [], evaluatedMs: NOW, titleZh: rule, titleEn: rule, actionZh: "", actionEn: "",
    version: "1", source: "", signed: false, points: [], stale: [],
});
const patient = (assessments: Assessment[]): Patient => ({ assessments } as unknown as Patient);

test("numbers and troubles are the grammar's and the server's", () => {
    const enumOf = (file: string, stem: string) => new Map([...read(file).matchAll(new RegExp(`${stem}_(\\w+)(?:\\s*=\\s*(\\d+))?`, "g"))].map((x) => [x[1], x[2]]));
    const names = [...read("server/core/core.h").match(/enum jz_measured_number \{[^}]*\}/)?.[0].matchAll(/JZ_NUMBER_(\w+)/g) ?? []].map((x) => x[1]?.toLowerCase());
    assert.deepEqual(names.slice(0, 8), Object.keys(NUMBER));
    const troubles = enumOf("clinical-rules/include/jingzhu/ecg.h", "JZ_ECG");
    assert.equal(troubles.get("LEAD_OFF"), String(TROUBLE.off));
    for (const name of ["SATURATED", "NOISY", "WANDER", "UNSTEADY"] as const) assert.equal(troubles.get(name), String(TROUBLE[name.toLowerCase() as keyof typeof TROUBLE]));
    assert.equal(troubles.get("TOO_SHORT"), String(TROUBLE.short));
});

test("the CTG's codes are the field table's", () => {
    const rows = new Map(read("protocol/fields/ctg.csv").split("\n").map((line) => [line.split(",")[2], Number(line.split(",")[0])]));
    assert.deepEqual({ ...CTG_CODES }, { baseline: rows.get("ctg_baseline"), variability: rows.get("ctg_variability"),
        accelerations: rows.get("ctg_accelerations"), contractions: rows.get("ctg_contraction_rate"), late: rows.get("ctg_late"),
        variable: rows.get("ctg_variable") });
});

test("what was not measured is shown as not measured", () => {
    assert.deepEqual(ecgNumbers(of()), ["Rate 72 /min", "PR –", "QRS 92 ms", "QTc –", "Axis -12 °"]);
});

test("ST levels are those of this recording, lead by lead, by the field table's codes", () => {
    const rows = new Map(read("protocol/fields/ecg.csv").split("\n").map((line) => [line.split(",")[2], Number(line.split(",")[0])]));
    const level = (value: number, ms = NOW, validity = 1) => ({ value, ms, validity });
    const values = new Map([[rows.get("st_iii") ?? 0, level(290)], [rows.get("st_avl") ?? 0, level(-150)], [rows.get("st_v9") ?? 0, level(0)],
        [rows.get("st_v2") ?? 0, level(220, NOW - 60000)], [rows.get("st_v3") ?? 0, level(0, NOW, 7)]]);
    assert.deepEqual(stLevels(of({ values })), ["III +290", "aVL −150", "V9 0"]);
});

test("of a CTG only what its newest measurement gave is shown under its time", () => {
    const { baseline, variability, accelerations, contractions, late, variable } = CTG_CODES;
    const values = new Map([[baseline, { value: 1400, ms: NOW, validity: 1 }], [variability, { value: 60, ms: NOW - 60000, validity: 1 }]]);
    assert.deepEqual(ctgValues(of({ values })), [[baseline, 1400], [variability, undefined], [accelerations, undefined], [contractions, undefined],
        [late, undefined], [variable, undefined]]);
});

test("rhythm and conduction are said, the most urgent first", () => {
    assert.deepEqual(ecgRhythm(of({ numbers: new Map([[NUMBER.rhythm, 2 | 16], [NUMBER.conduction, 2]]) })), ["wide-complex tachycardia", "irregularly irregular", "LBBB pattern"]);
    assert.deepEqual(ecgRhythm(of({ numbers: new Map([[NUMBER.conduction, 1]]) })), []);
});

test("a lead that is not used is named with why, and so is one that was not recorded", () => {
    const leads = of().leads.filter((l) => l.code !== 131080).map((l) => (l.code === 131077 ? { ...l, usable: false, trouble: TROUBLE.noisy | TROUBLE.off } : l));
    assert.deepEqual(unusableLeads(of({ leads })), ["V3 off noisy", "V6 not recorded"]);
    assert.deepEqual(unusableLeads(of()), []);
});

test("the statement is what fired, the most urgent first, without the parts it was made of", () => {
    const all = [fired("ECG-STD", 3), fired("ECG-STEMI-INF"), fired("ECG-STEMI", 2), fired("NEWS2", 1), fired("CP-STEMI", 1), fired("ECG-TINV", 2, 4), fired("CTG-FIGO", 1), fired("ECG-OVERREAD", 2)];
    assert.deepEqual(ecgStatements(patient(all)).map((a) => a.rule), ["CP-STEMI", "ECG-STEMI", "ECG-STD"]);
    assert.deepEqual(ctgClasses(patient([...all, fired("CTG-DECEL"), fired("CTG-ROUTING", 2)])).map((a) => a.rule), ["CTG-FIGO", "CTG-ROUTING"]);
});

const m = (...pairs: [number, unknown][]) => new Map<number, unknown>(pairs);
const MEASURED = m([0, NOW], [1, 1], [2, 10000], [3, 92], [4, true], [5, m([0, 724])], [6, [[131073, 95, 0, true]]], [7, m([67111001, [250, NOW, 1]])]);
const frame = (key: number, measured: unknown) => encode(m([0, 24], [3, NOW], [4, new Uint8Array(16)], [8, 1], [9, 1], [10, 1], [11, NOW], [13, m()], [14, []], [15, []],
    [16, m()], [18, []], [20, []], [21, []], [22, NOW], [key, measured], [28, []], [29, []], [37, 1]));

test("a patient's measurements are read strictly", () => {
    const { frames, refused } = decodeMessage(frame(26, MEASURED));
    assert.deepEqual(refused, []);
    const [read_] = frames as Patient[];
    assert.deepEqual(read_?.ecg, { ms: NOW, snapshot: 1, lengthMs: 10000, quality: 92, readable: true, numbers: new Map([[0, 724]]),
        leads: [{ code: 131073, quality: 95, trouble: 0, usable: true }], values: new Map([[67111001, { value: 250, ms: NOW, validity: 1 }]]) });
    assert.equal(read_?.ctg, undefined);
    for (const [key, value] of [[3, 101], [4, 1], [5, m([8, 1])], [6, [[131073, 95, 0]]], [6, [[131073, 95, 256, true]]]] as const) {
        const bad = new Map<number, unknown>(MEASURED).set(key, value);
        assert.equal(decodeMessage(frame(27, bad)).refused.length, 1, `key ${key}`);
    }
});
