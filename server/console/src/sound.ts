/* SPDX-License-Identifier: Apache-2.0 */
/* When an alarm sounds (pure) and how (WebAudio). Pulse timing: docs/guide-console.md, "Sound". */
import { signal } from "@preact/signals";
import type { Alert } from "./wire";

export type Level = "high" | "medium" | "low";
export const levelOf = (priority: number): Level => (priority <= 2 ? "high" : priority === 3 ? "medium" : "low");

export const SIGNAL_MS_MAX = 30000; /* one occurrence is heard for at most this long */
export const MUTE_MS = 60000;
const HEARD_MAX = 4096;

/** Remembers what was heard: an alert sounds once per (id, occurrence), whatever is sent again or reconnects. */
export class AlarmMemory {
    private readonly heard = new Set<string>();
    mutedUntilMs = 0;

    /** @param sounding  alerts that must be heard now. @return the most urgent level that is new, if any. */
    next(sounding: readonly Alert[], nowMs: number): Level | undefined {
        const fresh = sounding.filter((a) => !this.heard.has(`${a.id}.${a.occurrence}`));
        fresh.forEach((a) => this.remember(`${a.id}.${a.occurrence}`));
        if (fresh.length === 0) return undefined;
        const level = levelOf(Math.min(...fresh.map((a) => a.priority)));
        if (level === "high") this.mutedUntilMs = 0; /* a new high alarm breaks the mute */
        return nowMs < this.mutedUntilMs ? undefined : level;
    }
    mute(nowMs: number): void { this.mutedUntilMs = nowMs + MUTE_MS; }

    private remember(key: string): void {
        this.heard.add(key);
        const oldest = this.heard.values().next().value;
        if (this.heard.size > HEARD_MAX && oldest !== undefined) this.heard.delete(oldest);
    }
}

/* Onsets in s within one burst, pulse length, and how often the burst comes again (IEC 60601-1-8). */
interface Burst { onsets: readonly number[]; pulseS: number; hertz: number; everyS: number }
const FIVE = [0, 0.25, 0.5, 1.0, 1.25];
export const BURSTS: Readonly<Record<Level | "lost" | "test", Burst>> = {
    high: { onsets: [...FIVE, ...FIVE.map((t) => t + 1.25 + 0.15 + 0.6)], pulseS: 0.15, hertz: 523, everyS: 7 },
    medium: { onsets: [0, 0.35, 0.7], pulseS: 0.2, hertz: 440, everyS: 15 },
    low: { onsets: [0, 0.35], pulseS: 0.2, hertz: 330, everyS: 0 },
    lost: { onsets: [0, 0.35], pulseS: 0.2, hertz: 262, everyS: 0 },
    test: { onsets: FIVE, pulseS: 0.15, hertz: 523, everyS: 0 },
};
const HARMONICS = 5, RAMP_S = 0.03, GAIN = 0.5;

export const audible = signal(false); /* the browser lets us make sound */
export const burstsPlayed = signal(0);
let context: AudioContext | undefined;
let signalTimer: number | undefined;

function audio(): AudioContext | undefined {
    if (!context && typeof AudioContext === "function") {
        context = new AudioContext();
        context.addEventListener("statechange", watch);
    }
    return context;
}

export function watch(): void { audible.value = audio()?.state === "running"; }

/** Call from a click or key: browsers start sound only then. @return whether it runs. */
export async function enableSound(): Promise<boolean> {
    try { await audio()?.resume(); } catch { /* shown by `audible` */ }
    watch();
    return audible.value;
}

function pulse(at: AudioContext, startS: number, burst: Burst): void {
    const gain = at.createGain();
    gain.gain.setValueAtTime(0, startS);
    gain.gain.linearRampToValueAtTime(GAIN, startS + RAMP_S);
    gain.gain.setValueAtTime(GAIN, startS + burst.pulseS - RAMP_S);
    gain.gain.linearRampToValueAtTime(0, startS + burst.pulseS);
    gain.connect(at.destination);
    for (let n = 1; n <= HARMONICS; n++) {
        const tone = at.createOscillator(), part = at.createGain();
        tone.frequency.value = burst.hertz * n;
        part.gain.value = 1 / HARMONICS;
        tone.connect(part).connect(gain);
        tone.start(startS);
        tone.stop(startS + burst.pulseS);
    }
}

export function play(kind: keyof typeof BURSTS): void {
    burstsPlayed.value++;
    const at = audio();
    if (!at || at.state !== "running") return watch();
    const burst = BURSTS[kind];
    burst.onsets.forEach((onset) => pulse(at, at.currentTime + 0.02 + onset, burst));
}

/** Sounds one occurrence: the burst, and again at its interval while `wanted` holds, for SIGNAL_MS_MAX at most. */
export function startSignal(level: Level, wanted: () => boolean): void {
    clearInterval(signalTimer);
    play(level);
    const everyMs = BURSTS[level].everyS * 1000;
    if (everyMs === 0) return;
    let left = Math.floor(SIGNAL_MS_MAX / everyMs);
    signalTimer = window.setInterval(() => {
        if (left-- > 0 && wanted()) play(level);
        else clearInterval(signalTimer);
    }, everyMs);
}
export function stopSignal(): void { clearInterval(signalTimer); }
