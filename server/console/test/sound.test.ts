/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/* A stand-in for the browser's sound, that writes down what starts. */
let hertz: number[] = [], loudest = 0, running = true, repeat: (() => void) | undefined, later: (() => void) | undefined;
const tones: { onended?: () => void }[] = [];
const param = () => ({ value: 0, setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined });
class Sound extends EventTarget {
    readonly currentTime = 0;
    readonly destination = {};
    get state() { return running ? "running" : "suspended"; }
    createGain() {
        const gain = param();
        return { gain, connect: () => { loudest = Math.max(loudest, gain.value); } };
    }
    createOscillator() {
        const frequency = param(), tone = { frequency, connect: (to: unknown) => to, start: () => hertz.push(frequency.value), stop: () => undefined };
        tones.push(tone);
        return tone;
    }
}
Object.assign(globalThis, { AudioContext: Sound, window: { setInterval: (f: () => void) => { repeat = f; return 0; }, setTimeout: (f: () => void) => { later = f; return 0; } } });
const { BURSTS, soundProbe, startSignal, stopSignal } = await import("../src/sound");

const bursts = () => (["high", "medium", "low"] as const).map((l) => hertz.filter((h) => h === BURSTS[l].hertz).length / BURSTS[l].onsets.length);
beforeEach(() => { stopSignal(); hertz = []; tones.length = 0; loudest = 0; running = true; repeat = later = undefined; });

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

test("a probe has sounded when its tone was played to the end, too softly to be heard", async () => {
    const sounded = soundProbe();
    assert.equal(tones.length, 1);
    assert.ok(loudest > 0 && loudest <= 1e-4, `${loudest}`);
    tones[0]?.onended?.();
    assert.equal(await sounded, true);
});

test("a probe has not sounded without sound, nor where the sound that runs renders nothing", async () => {
    running = false;
    assert.equal(await soundProbe(), false);
    assert.equal(tones.length, 0);
    running = true;
    const stuck = soundProbe();
    later?.();
    assert.equal(await stuck, false);
});

test("without sound nothing counts as sounded, and nothing rings on", () => {
    running = false;
    assert.equal(startSignal("high", () => true), false);
    assert.equal(repeat, undefined);
    running = true;
    assert.equal(startSignal("low", () => true), true);
});
