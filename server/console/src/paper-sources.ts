/* SPDX-License-Identifier: Apache-2.0 */
/* Which recordings of a patient the page has. Pure. */
import type { Waves } from "./state";
import type { Waveform } from "./wire";

/** `number` 0: no recording but what streams. */
export interface Source { key: string; number: number; segments: readonly Waveform[]; live: boolean; frozen: boolean }

const recording = (segments: readonly Waveform[], frozen = false): Source[] => {
    const first = segments[0];
    return first ? [{ key: `${frozen ? "frozen" : "recording"}.${first.snapshot}.${first.ms}`, number: first.snapshot, segments, live: false, frozen }] : [];
};

/** The recording that a question is about: it stays what it was, whatever is recorded afterwards.
 *  @param kept  what was found before; stands where the page has that recording no more  @return undefined: never seen here */
export function frozenOf(waves: Waves | undefined, snapshot: number, kept: readonly Waveform[] | undefined): readonly Waveform[] | undefined {
    const found = waves && [waves.snapshot, ...waves.older].filter((r) => r[0]?.snapshot === snapshot);
    const same = kept && found?.find((r) => r[0]?.ms === kept[0]?.ms || r.some((w) => w.ms === kept[0]?.ms));
    return same ?? kept ?? found?.at(-1);
}

/** What there is of an ECG to look at, the first is shown first: what was asked about, the newest recording, older ones, live. */
export function ecgSources(waves: Waves | undefined, frozen: readonly Waveform[] | undefined): Source[] {
    if (!waves) return recording(frozen ?? [], true);
    const others = [waves.snapshot, ...waves.older].filter((r) => r[0] !== undefined && r[0].ms !== frozen?.[0]?.ms);
    const live: Source[] = waves.ecg.length > 0 ? [{ key: "live", number: 0, segments: waves.ecg, live: true, frozen: false }] : [];
    return [...recording(frozen ?? [], true), ...others.flatMap((r) => recording(r)), ...live];
}

/** A CTG is one strip that grows. */
export const ctgSources = (waves: Waves | undefined): Source[] =>
    (waves && waves.ctg.length > 0 ? [{ key: "ctg", number: 0, segments: waves.ctg, live: true, frozen: false }] : []);

/* --- where on a strip ------------------------------------------------------------------------------------- */

/** What of a strip a box shows: all in mm but the box and `px`, which is device pixels a millimetre. */
export interface Layout { px: number; widthMm: number; fromMm: number; mostMm: number; seenMm: number }

/** @param from  where the part that is seen shall begin; undefined: at the start, or of a strip that grows at its end
 *  @param square  it begins at whole squares */
export function layoutOf(boxPx: number, px: number, columnMm: number, stripMm: number, from: number | undefined, grows: boolean, square: number): Layout {
    const widthMm = boxPx / px, seenMm = Math.max(square, widthMm - columnMm);
    const mostMm = Math.max(0, Math.ceil((stripMm - seenMm) / square) * square);
    const wanted = Math.round((from ?? (grows ? mostMm : 0)) / square) * square;
    return { px, widthMm, seenMm, mostMm, fromMm: Math.min(mostMm, Math.max(0, wanted)) };
}
