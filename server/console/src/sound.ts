/* SPDX-License-Identifier: Apache-2.0 */
/* When an alarm sounds (pure) and how (WebAudio). Pulse timing: docs/guide-console.md, "Sound". */
import { signal } from "@preact/signals";
import { ALERT, type Alert } from "./wire";

export type Level = "high" | "medium" | "low";
export const levelOf = (priority: number): Level => (priority <= 2 ? "high" : priority === 3 ? "medium" : "low");

export const SIGNAL_MS_MAX = 30000; /* one occurrence is heard for at most this long */
export const MUTE_MS = 60000;
const HEARD_MAX = 4096;

/** What an alarm is known by. That a patient does not come is another alarm than that one comes. */
export type Sounding = Pick<Alert, "id" | "occurrence" | "priority" | "state">;
const isOff = (alert: Sounding): boolean => alert.state >= ALERT.withdrawn;
const keyOf = (alert: Sounding): string => `${alert.id}.${alert.occurrence}${isOff(alert) ? ".off" : ""}`;

/** Remembers what was heard: an alert sounds once per (id, occurrence), whatever is sent again or reconnects; one that is off
 *  sounds anew each SIGNAL_MS_MAX for as long as it must be heard, which is until somebody confirms it. What could not sound (muted, no sound, a greater alarm running) is not heard: ask again when that may have ended. */
export class AlarmMemory {
    private readonly heard = new Map<string, number>(); /* when */
    private known: ReadonlySet<string> = new Set(); /* what stood on the screen when the mute was pressed */
    mutedUntilMs = 0;

    /** @param sounding  alerts that must be heard now.
     *  @param sound     makes the sound; false: it could not, and nothing counts as heard.
     *  @return the level that sounded: the most urgent that is new. */
    next(sounding: readonly Sounding[], nowMs: number, sound: (level: Level) => boolean = () => true): Level | undefined {
        const fresh = sounding.filter((a) => !this.heard.has(keyOf(a)) || (isOff(a) && nowMs - (this.heard.get(keyOf(a)) ?? 0) >= SIGNAL_MS_MAX));
        if (fresh.length === 0) return undefined;
        const level = levelOf(Math.min(...fresh.map((a) => a.priority)));
        /* a high alarm that came after the mute breaks it */
        if (fresh.some((a) => levelOf(a.priority) === "high" && !this.known.has(keyOf(a)))) this.mutedUntilMs = 0;
        if (nowMs < this.mutedUntilMs || !sound(level)) return undefined;
        fresh.forEach((a) => this.remember(a, nowMs));
        return level;
    }
    mute(nowMs: number, sounding: readonly Sounding[] = []): void {
        this.mutedUntilMs = nowMs + MUTE_MS;
        this.known = new Set(sounding.map(keyOf));
    }

    /** Whoever opened an alert needs not hear it. @param nowMs  when it was heard: one that is off comes again */
    remember(alert: Sounding, nowMs = Infinity): void {
        this.heard.set(keyOf(alert), nowMs);
        const oldest = this.heard.keys().next().value;
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
let context: AudioContext | undefined;
let signalTimer: number | undefined;
let ringing: { level: Level; wanted: () => boolean } | undefined; /* the signal that comes again */

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

/** @return false: the browser makes no sound now. */
export function play(kind: keyof typeof BURSTS): boolean {
    const at = audio();
    watch();
    if (!at || at.state !== "running") return false;
    const burst = BURSTS[kind];
    burst.onsets.forEach((onset) => pulse(at, at.currentTime + 0.02 + onset, burst));
    return true;
}

const PROBE_GAIN = 1e-4; /* -80 dB: nobody hears it */
const PROBE_S = 0.05, PROBE_HERTZ = 523, PROBE_MS_MAX = 5000;

/** Goes the way of an alarm through this page's sound, too softly to be heard. @return whether it was played to its end: then
 *  the browser renders sound at this moment. Whether the loudspeaker is connected and turned up, no page can know. */
export function soundProbe(): Promise<boolean> {
    const at = audio();
    watch();
    if (!at || at.state !== "running") return Promise.resolve(false);
    return new Promise((resolve) => {
        const tone = at.createOscillator(), gain = at.createGain();
        gain.gain.value = PROBE_GAIN;
        tone.frequency.value = PROBE_HERTZ;
        tone.connect(gain).connect(at.destination);
        tone.onended = () => resolve(true);
        tone.start();
        tone.stop(at.currentTime + PROBE_S);
        window.setTimeout(() => resolve(false), PROBE_MS_MAX);
    });
}

const RANKS: readonly Level[] = ["high", "medium", "low"];
/** The first level is at least as urgent as the second. */
export const covers = (level: Level, other: Level): boolean => RANKS.indexOf(level) <= RANKS.indexOf(other);

/** Sounds one occurrence: the burst, and again at its interval while `wanted` holds, for SIGNAL_MS_MAX at most.
 *  @return false: nothing sounded, for want of sound or because a greater signal runs that is still wanted. */
export function startSignal(level: Level, wanted: () => boolean): boolean {
    if (ringing && !covers(level, ringing.level) && ringing.wanted()) return false;
    if (!play(level)) return false;
    stopSignal();
    const everyMs = BURSTS[level].everyS * 1000;
    if (everyMs === 0) return true;
    let left = Math.floor(SIGNAL_MS_MAX / everyMs);
    ringing = { level, wanted };
    signalTimer = window.setInterval(() => {
        if (left-- > 0 && wanted()) play(level);
        else stopSignal();
    }, everyMs);
    return true;
}
export function stopSignal(): void {
    clearInterval(signalTimer);
    ringing = undefined;
}
