/* SPDX-License-Identifier: Apache-2.0 */
/* A trace as text and table, for those who cannot see it, and for those who want the numbers. */
import { useMemo } from "preact/hooks";
import { stOf } from "./measured";
import { LEADS, TO_MV, minutesOf, runsOf, spanOf, type Minute } from "./samples";
import { codeOf, language, shownTime, t, type Word } from "./strings";
import type { Measured, Waveform } from "./wire";

/* A run of a million values would be too many arguments for Math.min(). */
const lowest = (runs: readonly { values: Float64Array }[], sign: 1 | -1): number =>
    runs.reduce((least, run) => run.values.reduce((a, v) => Math.min(a, v * sign), least), Infinity) * sign;

function Table({ heads, rows }: { heads: readonly Word[]; rows: readonly (readonly string[])[] }) {
    return (
        <details class="paper-data">
            <summary>{t("paper.data")}</summary>
            <div class="scroll" tabIndex={0} role="region" aria-label={t("paper.data")}>
                <table>
                    <thead><tr>{heads.map((w) => <th key={w} scope="col">{t(w)}</th>)}</tr></thead>
                    <tbody>{rows.map(([head, ...cells]) => <tr key={head}><th scope="row">{head}</th>{cells.map((c, i) => <td key={i} class="number">{c}</td>)}</tr>)}</tbody>
                </table>
            </div>
            <p class="quiet">{t("paper.ofSamples")}</p>
        </details>
    );
}

/** @param measured  what a machine measured of this very recording */
export function EcgTable({ segments, measured }: { segments: readonly Waveform[]; measured: Measured | undefined }) {
    const rows = useMemo(() => [...LEADS].map(([code, name]) => {
        const runs = runsOf(segments, code, TO_MV), s = runs.reduce((sum, r) => sum + (r.values.length * r.periodMs) / 1000, 0);
        const of = measured?.leads.find((l) => l.code === code);
        return [name, runs.length === 0 ? "–" : t("paper.seconds", { n: s.toFixed(1) }),
            runs.length === 0 ? "–" : `${lowest(runs, 1).toFixed(2)}–${lowest(runs, -1).toFixed(2)}`,
            of ? t(of.usable ? "value.yes" : "value.no") : "–", (measured && stOf(measured, name)) ?? "–"];
    }), [segments, measured, language.value]); /* not with every move of a caliper */
    return <Table heads={["paper.lead", "paper.recorded", "paper.range", "paper.usable", "paper.st"]} rows={rows} />;
}

const known = new WeakMap<readonly Waveform[], Minute[]>(); /* counted once a strip, not once a drawing */
function minutes(segments: readonly Waveform[]): Minute[] {
    const found = known.get(segments) ?? minutesOf(segments, codeOf("fhr"), codeOf("toco"));
    known.set(segments, found);
    return found;
}
const percent = (share: number): string => `${Math.round(share * 100)}%`;

export function CtgTable({ segments }: { segments: readonly Waveform[] }) {
    const rows = useMemo(() => minutes(segments).map((m) => [
        shownTime(m.ms).slice(0, 5), m.mean === undefined ? "–" : m.mean.toFixed(0),
        m.lo === undefined || m.hi === undefined ? "–" : `${m.lo.toFixed(0)}–${m.hi.toFixed(0)}`, percent(m.share), m.toco === undefined ? "–" : m.toco.toFixed(0)]).reverse(), [segments]);
    return <Table heads={["paper.minute", "paper.mean", "paper.lohi", "paper.readable", "paper.tocoMax"]} rows={rows} />;
}

/** One sentence of what is drawn. */
export function ecgWords(segments: readonly Waveform[], speed: number, gain: number): string {
    const span = spanOf(segments), leads = new Set(segments.flatMap((w) => w.channels)).size;
    return span ? t("paper.ecgText", { n: leads, time: shownTime(span.startMs), s: ((span.endMs - span.startMs) / 1000).toFixed(1), speed, gain }) : t("paper.none");
}
export function ctgWords(segments: readonly Waveform[], speed: number): string {
    const span = spanOf(segments), lengthMin = span ? (span.endMs - span.startMs) / 60000 : 1;
    const share = minutes(segments).reduce((sum, m) => sum + m.share, 0) / lengthMin;
    return span ? t("paper.ctgText", { from: shownTime(span.startMs), to: shownTime(span.endMs), speed, share: Math.round(Math.min(1, share) * 100) }) : t("paper.none");
}
