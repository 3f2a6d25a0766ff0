/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/* A stand-in for the browser's sound, that writes down what starts. */
let hertz: number[] = [], running = true, repeat: (() => void) | undefined;
const param = () => ({ value: 0, setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined });
class Sound extends EventTarget {
    readonly currentTime = 0;
    readonly destination = {};
    get state() { return running ? "running" : "suspended"; }
    createGain() { return { gain: param(), connect: () => undefined }; }
    createOscillator() {
        const frequency = param();
        return { frequency, connect: (to: unknown) => to, start: () => hertz.push(frequency.value), stop: () => undefined };
    }
}
Object.assign(globalThis, { AudioContext: Sound, window: { setInterval: (f: () => void) => { repeat = f; return 0; } } });
const { BURSTS, startSignal, stopSignal } = await import("../src/sound");

const bursts = () => (["high", "medium", "low"] as const).map((l) => hertz.filter((h) => h === BURSTS[l].hertz).length / BURSTS[l].onsets.length);
beforeEach(() => { stopSignal(); hertz = []; running = true; repeat = undefined; });

test("a lesser alarm leaves a running greater one alone, and does not count as sounded", () => {
    assert.equal(startSignal("high", () => true), true);
    assert.equal(startSignal("low", () => true), false);
    assert.equal(startSignal("medium", () => true), false);
    repeat?.();
    assert.deepEqual(bursts(), [2, 0, 0]);
});

test("a greater alarm replaces a lesser one, and an equal one begins anew", () => {
    for (const level of ["medium", "high", "high"] as const) assert.equal(startSignal(level, () => true), true);
    repeat?.();
    assert.deepEqual(bursts(), [3, 1, 0]);
});

test("a lesser alarm sounds once the greater one is not wanted or has ended", () => {
    let wanted = true;
    startSignal("high", () => wanted);
    wanted = false;
    assert.equal(startSignal("medium", () => true), true);
    startSignal("high", () => true);
    for (let n = 0; n < 5; n++) repeat?.();
    assert.equal(startSignal("low", () => true), true);
    assert.deepEqual(bursts(), [6, 1, 1]);
});

test("without sound nothing counts as sounded, and nothing rings on", () => {
    running = false;
    assert.equal(startSignal("high", () => true), false);
    assert.equal(repeat, undefined);
    running = true;
    assert.equal(startSignal("low", () => true), true);
});
