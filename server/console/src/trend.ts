/* SPDX-License-Identifier: Apache-2.0 */
/* Trends with uPlot: a chunk of its own, loaded when the first patient is opened. */
import uPlot from "uplot";
import { fieldName, fieldOf, t } from "./strings";
import type { TrendRow } from "./wire";

const COLOURS = ["#d43f3a", "#1f8fc4", "#7a4fc9", "#a678e0", "#3d9a43", "#c7860f"];
const HEIGHT_PX = 220;
const DASHES = [[], [6, 3], [2, 2], [2, 2], [8, 3, 2, 3], [4, 4]];

const TEMPERATURE = "temp_c";
const GAP_MS_MAX = 5 * 60000; /* rows come every half minute: further apart, nothing is known in between */

export interface TrendChart { show(rows: readonly TrendRow[]): void; destroy(): void }

/* An empty row after each row that has none near it lifts the pen there. */
function withGaps(rows: readonly TrendRow[]): TrendRow[] {
    return rows.flatMap((row, i) => {
        const next = rows[i + 1];
        return next && next.ms - row.ms > GAP_MS_MAX ? [row, { ms: (row.ms + next.ms) / 2, values: [] }] : [row];
    });
}

/** What is drawn: times in s, then a column a code, null where there is no value or too long a gap. */
export function columns(measured: readonly TrendRow[], codes: readonly number[]): uPlot.AlignedData {
    const rows = withGaps(measured);
    const values = codes.map((code, i) => rows.map((row) => {
        const v = row.values[i];
        return v === null || v === undefined ? null : v / (fieldOf(code)?.scale ?? 1);
    }));
    return [rows.map((row) => row.ms / 1000), ...values] as uPlot.AlignedData;
}

export const scaleOf = (code: number): string => (fieldOf(code)?.field === TEMPERATURE ? "temp" : "y");

/** Time, the common scale, and for temperature its own: on the right, in its colour, with its unit. */
export function axesOf(codes: readonly number[], ink: string): uPlot.Axis[] {
    const axis = { stroke: ink, grid: { stroke: "#80808040", width: 1 }, ticks: { stroke: "#80808080", width: 1 } };
    const own = codes.findIndex((code) => scaleOf(code) === "temp"), code = codes[own];
    const time = { ...axis, values: (_: uPlot, at: number[]) => at.map((s) => new Date(s * 1000).toTimeString().slice(0, 5)) };
    if (code === undefined) return [time, axis];
    return [time, axis, { ...axis, scale: "temp", side: 1, stroke: colourOf(own), grid: { show: false }, label: `${fieldName(code)} °C` }];
}

const colourOf = (i: number): string => COLOURS[i % COLOURS.length] ?? "#888";

function seriesOf(code: number, i: number): uPlot.Series {
    return {
        label: fieldName(code), stroke: colourOf(i), width: 2, dash: DASHES[i % DASHES.length] ?? [],
        spanGaps: false, points: { show: true, size: 5 }, scale: scaleOf(code),
        value: (_, v: number | null) => (v === null || v === undefined ? "–" : String(v)),
    };
}

/** @param box  emptied on destroy(); its width is the chart's. */
export function trendChart(box: HTMLElement, codes: readonly number[], rows: readonly TrendRow[]): TrendChart {
    const chart = new uPlot({
        width: Math.max(200, box.clientWidth), height: HEIGHT_PX, cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_, __, max) => [0, Math.max(200, max)] }, temp: { range: [34, 42] } },
        axes: axesOf(codes, getComputedStyle(box).color),
        series: [{ value: (_, s: number | null) => (s === null ? "–" : new Date(s * 1000).toTimeString().slice(0, 8)), label: t("assess.time") },
            ...codes.map(seriesOf)],
    }, columns(rows, codes), box);
    const resize = new ResizeObserver(() => chart.setSize({ width: Math.max(200, box.clientWidth), height: HEIGHT_PX }));
    resize.observe(box);
    return {
        show: (next) => chart.setData(columns(next, codes)),
        destroy: () => { resize.disconnect(); chart.destroy(); },
    };
}
