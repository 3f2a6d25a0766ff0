/* SPDX-License-Identifier: Apache-2.0 */
/* Trends with uPlot: a chunk of its own, loaded when the first patient is opened. */
import uPlot from "uplot";
import { fieldName, fieldOf, t } from "./strings";
import type { TrendRow } from "./wire";

const COLOURS = ["#d43f3a", "#1f8fc4", "#7a4fc9", "#a678e0", "#3d9a43", "#c7860f"];
const HEIGHT_PX = 220;
const DASHES = [[], [6, 3], [2, 2], [2, 2], [8, 3, 2, 3], [4, 4]];

export interface TrendChart { show(rows: readonly TrendRow[]): void; destroy(): void }

function columns(rows: readonly TrendRow[], codes: readonly number[]): uPlot.AlignedData {
    const values = codes.map((code, i) => rows.map((row) => {
        const v = row.values[i];
        return v === null || v === undefined ? null : v / (fieldOf(code)?.scale ?? 1);
    }));
    return [rows.map((row) => row.ms / 1000), ...values] as uPlot.AlignedData;
}

function seriesOf(code: number, i: number): uPlot.Series {
    const temperature = fieldOf(code)?.field === "temp_c";
    return {
        label: fieldName(code), stroke: COLOURS[i % COLOURS.length] ?? "#888", width: 2, dash: DASHES[i % DASHES.length] ?? [],
        spanGaps: false, points: { show: true, size: 5 }, scale: temperature ? "temp" : "y",
        value: (_, v: number | null) => (v === null || v === undefined ? "–" : String(v)),
    };
}

/** @param box  emptied on destroy(); its width is the chart's. */
export function trendChart(box: HTMLElement, codes: readonly number[], rows: readonly TrendRow[]): TrendChart {
    const ink = getComputedStyle(box).color;
    const axis = { stroke: ink, grid: { stroke: "#80808040", width: 1 }, ticks: { stroke: "#80808080", width: 1 } };
    const chart = new uPlot({
        width: Math.max(200, box.clientWidth), height: HEIGHT_PX, cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_, __, max) => [0, Math.max(200, max)] }, temp: { range: [34, 42] } },
        axes: [{ ...axis, values: (_, at) => at.map((s) => new Date(s * 1000).toTimeString().slice(0, 5)) }, axis],
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
