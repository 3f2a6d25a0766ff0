/* SPDX-License-Identifier: Apache-2.0 */
/* Waveform segments as runs of samples in physical units. Pure. */
import type { Waveform } from "./wire";

const JOIN_SLACK_MS = 3; /* segment times are whole milliseconds: closer than this is no gap */

/* MDC codes of the twelve leads (IEEE 11073-10101, partition 2), in the order of a printed sheet. */
export const LEADS: ReadonlyMap<number, string> = new Map([
    [131073, "I"], [131074, "II"], [131133, "III"], [131134, "aVR"], [131135, "aVL"], [131136, "aVF"],
    [131075, "V1"], [131076, "V2"], [131077, "V3"], [131078, "V4"], [131079, "V5"], [131080, "V6"],
]);
export const FHR_SEEN_MIN = 30; /* below what a heart rate can be: the transducer lost it, so a gap is drawn */
export const TO_MV = 1e-6, TO_UNIT = 1e-3; /* a step of an ECG is in nanovolts, of a CTG in thousandths (docs/protocol.md) */

/** One stretch of a channel without a gap inside. */
export interface Run { startMs: number; periodMs: number; values: Float64Array }

/** A channel's samples as runs, in the unit `scale` leads to; neighbours are joined, gaps stay gaps. */
export function runsOf(segments: readonly Waveform[], code: number, unit: number): Run[] {
    const pieces: Run[][] = [];
    for (const segment of segments) {
        const channel = segment.channels.indexOf(code);
        if (channel < 0) continue;
        const raw = segment.data.subarray(channel * segment.samples, (channel + 1) * segment.samples);
        const next = { startMs: segment.ms, periodMs: segment.periodUs / 1000, values: Float64Array.from(raw, (v) => v * segment.scale * unit) };
        const run = pieces.at(-1);
        if (run && adjoins(run, next)) run.push(next);
        else pieces.push([next]);
    }
    return pieces.map(joined);
}

const lengthOf = (run: readonly Run[]): number => run.reduce((n, piece) => n + piece.values.length, 0);

/* Against where the whole run would end: small differences must not add up. */
function adjoins(run: readonly Run[], next: Run): boolean {
    const { startMs, periodMs } = run[0] as Run;
    return periodMs === next.periodMs && Math.abs(next.startMs - startMs - lengthOf(run) * periodMs) <= Math.max(JOIN_SLACK_MS, periodMs / 2);
}
function joined(run: readonly Run[]): Run {
    const values = new Float64Array(lengthOf(run));
    let at = 0;
    for (const piece of run) {
        values.set(piece.values, at);
        at += piece.values.length;
    }
    return { ...(run[0] as Run), values };
}

/** The last sample of the segment that ends last; undefined where that one has no such channel. */
export function newestOf(segments: readonly Waveform[], code: number, unit: number): number | undefined {
    const newest = segments.reduce<Waveform | undefined>((a, b) => (a && endOf(a) > endOf(b) ? a : b), undefined);
    return newest && runsOf([newest], code, unit)[0]?.values.at(-1);
}

const endOf = (w: Waveform): number => w.ms + (w.samples * w.periodUs) / 1000;

export interface Span { startMs: number; endMs: number }
/** When the recording starts and ends; undefined without segments. */
export function spanOf(segments: readonly Waveform[]): Span | undefined {
    if (segments.length === 0) return undefined;
    return { startMs: Math.min(...segments.map((w) => w.ms)), endMs: Math.max(...segments.map(endOf)) };
}

/** Channels that any segment has, and samples a second of the first. */
export const channelsOf = (segments: readonly Waveform[]): Set<number> => new Set(segments.flatMap((w) => w.channels));
export const hertzOf = (segments: readonly Waveform[]): number => Math.round(1e6 / (segments[0]?.periodUs ?? Infinity));

/** A minute of a CTG: of what could be read of it. `share`: 0 to 1 of the minute that has a heart rate. */
export interface Minute { ms: number; share: number; mean?: number | undefined; lo?: number | undefined; hi?: number | undefined; toco?: number | undefined }

/** One row a clock minute from the first to the last sample; a minute without samples is a row with share 0. */
export function minutesOf(segments: readonly Waveform[], fhr: number, toco: number): Minute[] {
    const span = spanOf(segments);
    if (!span) return [];
    const first = Math.floor(span.startMs / 60000), count = Math.ceil(span.endMs / 60000) - first;
    const seen = Array.from({ length: count }, () => ({ n: 0, ms: 0, sum: 0, lo: Infinity, hi: -Infinity, toco: -Infinity }));
    const each = (code: number, take: (of: (typeof seen)[number], v: number, periodMs: number) => void) => {
        for (const run of runsOf(segments, code, TO_UNIT)) run.values.forEach((v, i) => {
            const of = seen[Math.floor((run.startMs + i * run.periodMs) / 60000) - first];
            if (of) take(of, v, run.periodMs);
        });
    };
    each(fhr, (of, v, periodMs) => {
        if (v < FHR_SEEN_MIN) return;
        Object.assign(of, { n: of.n + 1, ms: of.ms + periodMs, sum: of.sum + v, lo: Math.min(of.lo, v), hi: Math.max(of.hi, v) });
    });
    each(toco, (of, v) => { if (v >= 0) of.toco = Math.max(of.toco, v); });
    return seen.map((of, i) => ({
        ms: (first + i) * 60000, share: Math.min(1, of.ms / 60000),
        ...(of.n > 0 ? { mean: of.sum / of.n, lo: of.lo, hi: of.hi } : {}), ...(of.toco >= 0 ? { toco: of.toco } : {}),
    }));
}
