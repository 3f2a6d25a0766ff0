/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { grabbed, movedTo, placed, readCtg, readEcg, type Calipers } from "../src/calipers";
import { CTG_MM, FHR_MM, STANDARD, STRIP_MM, ctgStripMm, ecgHeightMm, ecgStripMm, panesOf, sheetsOf, topMm } from "../src/paper-draw";
import { ctgSources, ecgSources, frozenOf, layoutOf } from "../src/paper-sources";
import { LEADS, minutesOf, runsOf } from "../src/samples";
import { storedScale } from "../src/screen";
import { EMPTY, OLDER_MAX, reduce, type Waves } from "../src/state";
import type { Waveform } from "../src/wire";

const NOW = 1790000000000 - (1790000000000 % 60000);
const wave = (ms: number, more: Partial<Waveform> = {}): Waveform => ({ kind: "waveform", encounter: "e1", ms, wave: 1, periodUs: 4000, channels: [131074], samples: 250,
    scale: 1000, data: new Int32Array(250), snapshot: 0, ...more });
const ctg = (ms: number, values: number[]): Waveform => wave(ms, { wave: 2, periodUs: 250000, channels: [7, 8], samples: values.length, data: Int32Array.from([...values, ...values.map(() => 20)]) });
const wavesOf = (frames: Waveform[]): Waves | undefined => frames.reduce(reduce, EMPTY).waves.get("e1");
const ALL = new Set(LEADS.keys());

test("a 12-lead sheet has four columns of 62.5 mm, a rhythm strip of 250 mm, and twice that at 50 mm/s", () => {
    const panes = panesOf(ALL, STANDARD);
    assert.equal(panes.length, 13);
    assert.deepEqual([...new Set(panes.map((p) => p.xMm))], [0, 62.5, 125, 187.5]);
    assert.deepEqual([panes[0]?.widthMm, panes[12]?.widthMm, ecgStripMm(STANDARD)], [62.5, 250, STRIP_MM]);
    const fast = { ...STANDARD, mmPerS: 50 };
    assert.deepEqual([panesOf(ALL, fast)[3]?.xMm, panesOf(ALL, fast)[12]?.widthMm], [125, 500]);
    assert.deepEqual([sheetsOf(ecgStripMm(STANDARD)), sheetsOf(ecgStripMm(fast))], [1, 2]);
});

test("above the first row there is room for an R wave of 2 mV, and twelve rows fit a sheet of A4 at 20 mm/mV", () => {
    for (const mmPerMv of [5, 10, 20]) assert.equal(topMm({ ...STANDARD, mmPerMv }), 2 * mmPerMv);
    const rows = { ...STANDARD, mmPerMv: 20, rows: true };
    assert.ok(ecgHeightMm(ALL, rows) <= 172, `${ecgHeightMm(ALL, rows)} mm, of 194 mm without the lines above and below`);
    assert.equal(panesOf(new Set([131073, 131074]), rows).length, 2);
});

test("a CTG strip is as long as its minutes: 10 mm each at 1 cm/min, 30 mm at 3", () => {
    const span = { startMs: NOW + 30000, endMs: NOW + 20 * 60000 };
    assert.deepEqual([ctgStripMm(span, { cmPerMin: 1 }), ctgStripMm(span, { cmPerMin: 3 })], [200, 600]);
    assert.deepEqual([sheetsOf(200), sheetsOf(250), sheetsOf(600)], [1, 1, 3]);
});

test("calipers read milliseconds, beats and millivolts of the paper, whatever the speed and the gain", () => {
    const at = (dx: number, dy: number): Calipers => ({ a: { xMm: 100, yMm: 30 }, b: { xMm: 100 + dx, yMm: 30 - dy }, active: "b" });
    assert.deepEqual(readEcg(at(20, 10), STANDARD), { ms: 800, mv: 1, perMin: 75 });
    assert.deepEqual(readEcg(at(-40, -10), { ...STANDARD, mmPerS: 50, mmPerMv: 20 }), { ms: 800, mv: -0.5, perMin: 75 });
    assert.equal(readEcg(at(0, 10), STANDARD).perMin, undefined);
    assert.deepEqual(readCtg({ a: { xMm: 0, yMm: 20 }, b: { xMm: 30, yMm: 30 }, active: "b" }, { cmPerMin: 1 }), { s: 180, of: "fhr", from: 150, to: 120 });
    assert.deepEqual(readCtg({ a: { xMm: 0, yMm: FHR_MM + 8 + 40 }, b: { xMm: 30, yMm: FHR_MM + 8 }, active: "b" }, { cmPerMin: 3 }), { s: 60, of: "toco", from: 0, to: 100 });
});

test("a press takes the nearer point within reach, and no point leaves the sheet", () => {
    const c = placed(10, 20, 30, 10);
    assert.deepEqual([grabbed(c, { xMm: 11, yMm: 30 }, 3), grabbed(c, { xMm: 29, yMm: 21 }, 3), grabbed(c, { xMm: 20, yMm: 60 }, 3)], ["a", "b", undefined]);
    assert.deepEqual(movedTo(c, { xMm: 999, yMm: -5 }, 250, CTG_MM).b, { xMm: 250, yMm: 0 });
    assert.deepEqual(movedTo({ ...c, active: "a" }, { xMm: 5, yMm: 5 }, 250, CTG_MM), { a: { xMm: 5, yMm: 5 }, b: c.b, active: "a" });
});

test("a strip that grows is shown at its end until somebody moves along it; what is seen begins at a whole square", () => {
    const at = (from: number | undefined, grows: boolean) => layoutOf(1150, 10, 15, 600, from, grows, 5);
    assert.deepEqual([at(undefined, true).fromMm, at(undefined, false).fromMm, at(123, true).fromMm, at(9999, true).fromMm, at(-1, false).fromMm], [500, 0, 125, 500, 0]);
    assert.equal(layoutOf(5000, 10, 15, 250, undefined, true, 5).mostMm, 0);
});

test("segments that adjoin are one run, small clock errors do not add up, and a lost segment is a gap", () => {
    const drift = Array.from({ length: 10 }, (_, i) => wave(NOW + i * 1002));
    assert.deepEqual(runsOf(drift, 131074, 1).map((r) => r.values.length), [500, 500, 500, 500, 500]);
    assert.deepEqual(runsOf([wave(NOW), wave(NOW + 1000), wave(NOW + 3000)], 131074, 1).map((r) => [r.startMs - NOW, r.values.length]), [[0, 500], [3000, 250]]);
});

test("a minute of a CTG counts what could be read of it, and one without samples is there with none", () => {
    const minute = (v: number) => Array.from({ length: 240 }, (_, i) => (i < 60 ? 0 : v));
    const rows = minutesOf([ctg(NOW, minute(140)), ctg(NOW + 120000, minute(150))], 7, 8);
    assert.deepEqual(rows.map((m) => [(m.ms - NOW) / 60000, m.share, m.mean, m.toco]), [[0, 0.75, 140, 20], [1, 0, undefined, undefined], [2, 0.75, 150, 20]]);
    assert.deepEqual(minutesOf([], 7, 8), []);
});

test("the recording before the newest stays to be looked at, whichever came first, and no more than the server keeps", () => {
    const numbers = (frames: Waveform[]) => { const w = wavesOf(frames); return [w?.snapshot[0]?.snapshot, w?.older.map((r) => r[0]?.snapshot)]; };
    const at = (n: number, ms = NOW + n * 300000) => wave(ms, { snapshot: n });
    assert.deepEqual(numbers([at(1), at(2)]), [2, [1]]);
    assert.deepEqual(numbers([at(2), at(1)]), [2, [1]]);
    assert.deepEqual(numbers([at(1), at(2), at(3)]), [3, [2]]);
    assert.equal(OLDER_MAX, 1);
    assert.deepEqual(wavesOf([at(2), at(1), at(1, NOW + 301000)])?.older[0]?.length, 2, "a late second of an older recording");
});

test("what was asked about is shown first and stays when newer recordings replace it", () => {
    const at = (n: number) => wave(NOW + n * 300000, { snapshot: n });
    const before = wavesOf([at(1), at(2)]), frozen = frozenOf(before, 1, undefined);
    assert.equal(frozen?.[0]?.snapshot, 1);
    const later = wavesOf([at(1), at(2), at(3), at(4), wave(NOW + 1300000)]);
    assert.equal(frozenOf(later, 1, frozen), frozen);
    assert.equal(frozenOf(later, 1, undefined), undefined, "a page that never had it says so");
    assert.deepEqual(ecgSources(later, frozen).map((s) => [s.number, s.frozen, s.live]), [[1, true, false], [4, false, false], [3, false, false], [0, false, true]]);
    assert.deepEqual(ecgSources(undefined, undefined), []);
    assert.deepEqual(ctgSources(later), []);
});

test("only what a screen can be is taken as its calibration", () => {
    assert.deepEqual([storedScale(null), storedScale(""), storedScale("x"), storedScale("0.5"), storedScale("99"), storedScale("3.7")], [undefined, undefined, undefined, undefined, undefined, 3.7]);
});
