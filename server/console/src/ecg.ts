/* SPDX-License-Identifier: Apache-2.0 */
/* ECG and CTG paper on a canvas. All geometry in millimetres of paper; one factor turns them into pixels. */
import type { Waveform } from "./wire";

export const SHEET_MM = 265; /* 5 mm margin, 10 mm calibration and label, 250 mm of strip */
const MARGIN_MM = 5, STRIP_X_MM = 15, STRIP_MM = 250;
const MM_PER_S = 25, MM_PER_MV = 10;
const ROW_MM = 25, LEAD_S = 2.5, STRIP_S = STRIP_MM / MM_PER_S;
const JOIN_SLACK_MS = 3; /* segment times are whole milliseconds: closer than this is no gap */

/* MDC codes of the twelve leads (IEEE 11073-10101, partition 2), in the order of a printed sheet. */
export const LEADS: ReadonlyMap<number, string> = new Map([
    [131073, "I"], [131074, "II"], [131133, "III"], [131134, "aVR"], [131135, "aVL"], [131136, "aVF"],
    [131075, "V1"], [131076, "V2"], [131077, "V3"], [131078, "V4"], [131079, "V5"], [131080, "V6"],
]);
const LEAD_CODES = [...LEADS.keys()];
const RHYTHM_LEAD = 131074;

/** One stretch of a channel without a gap inside. */
export interface Run { startMs: number; periodMs: number; values: Float64Array }

/** A channel's samples as runs, in the unit `scale` leads to; neighbours are joined, gaps stay gaps. */
export function runsOf(segments: readonly Waveform[], code: number, unit: number): Run[] {
    const runs: Run[] = [];
    for (const segment of segments) {
        const channel = segment.channels.indexOf(code);
        if (channel < 0) continue;
        const raw = segment.data.subarray(channel * segment.samples, (channel + 1) * segment.samples);
        const next = { startMs: segment.ms, periodMs: segment.periodUs / 1000, values: Float64Array.from(raw, (v) => v * segment.scale * unit) };
        const last = runs.at(-1);
        if (last && adjoins(last, next)) last.values = joined(last.values, next.values);
        else runs.push(next);
    }
    return runs;
}

function adjoins(a: Run, b: Run): boolean {
    const endMs = a.startMs + a.values.length * a.periodMs;
    return a.periodMs === b.periodMs && Math.abs(b.startMs - endMs) <= Math.max(JOIN_SLACK_MS, a.periodMs / 2);
}
function joined(a: Float64Array, b: Float64Array): Float64Array {
    const out = new Float64Array(a.length + b.length);
    out.set(a);
    out.set(b, a.length);
    return out;
}

/** The last sample of the segment that ends last; undefined where that one has no such channel. */
export function newestOf(segments: readonly Waveform[], code: number, unit: number): number | undefined {
    const newest = segments.reduce<Waveform | undefined>((a, b) => (a && endOf(a) > endOf(b) ? a : b), undefined);
    return newest && runsOf([newest], code, unit)[0]?.values.at(-1);
}

const endOf = (w: Waveform): number => w.ms + (w.samples * w.periodUs) / 1000;

/** When the recording starts and ends; undefined without segments. */
export function spanOf(segments: readonly Waveform[]): { startMs: number; endMs: number } | undefined {
    if (segments.length === 0) return undefined;
    return { startMs: Math.min(...segments.map((w) => w.ms)), endMs: Math.max(...segments.map(endOf)) };
}

export interface Pane { lead: number; xMm: number; baseMm: number; widthMm: number; fromS: number }

/** Where each lead goes. @param rows  true: one row a lead that exists; false: 3 x 4 and the rhythm strip. */
export function panesOf(present: ReadonlySet<number>, rows: boolean): Pane[] {
    if (rows) return LEAD_CODES.filter((c) => present.has(c)).map((lead, i) => (
        { lead, xMm: STRIP_X_MM, baseMm: (i + 0.5) * ROW_MM, widthMm: STRIP_MM, fromS: 0 }));
    const grid = LEAD_CODES.map((lead, i) => ({
        lead, xMm: STRIP_X_MM + Math.floor(i / 3) * LEAD_S * MM_PER_S, baseMm: ((i % 3) + 0.5) * ROW_MM,
        widthMm: LEAD_S * MM_PER_S, fromS: Math.floor(i / 3) * LEAD_S,
    }));
    return [...grid, { lead: RHYTHM_LEAD, xMm: STRIP_X_MM, baseMm: 3.5 * ROW_MM, widthMm: STRIP_MM, fromS: 0 }];
}

/* --- paper ---------------------------------------------------------------------------------------------- */

const INK = "#101418", PAPER = "#fffafa", FINE = "#f5d6d6", HEAVY = "#e2a3a3", LABEL = "#303840";
type Paper = CanvasRenderingContext2D;

/** Fits the canvas to its box. @return the context, drawing in millimetres; undefined while it has no size. */
export function paperOf(canvas: HTMLCanvasElement, heightMm: number): Paper | undefined {
    const ratio = devicePixelRatio || 1, widthPx = canvas.clientWidth;
    const paper = canvas.getContext("2d");
    if (!paper || widthPx === 0) return undefined;
    const pxPerMm = (widthPx * ratio) / SHEET_MM;
    canvas.width = Math.round(SHEET_MM * pxPerMm);
    canvas.height = Math.round(heightMm * pxPerMm);
    paper.setTransform(pxPerMm, 0, 0, pxPerMm, 0, 0);
    paper.fillStyle = PAPER;
    paper.fillRect(0, 0, SHEET_MM, heightMm);
    return paper;
}

function rules(paper: Paper, heightMm: number, stepMm: number, colour: string, lineMm: number): void {
    paper.beginPath();
    for (let x = 0; x <= SHEET_MM; x += stepMm) { paper.moveTo(x, 0); paper.lineTo(x, heightMm); }
    for (let y = 0; y <= heightMm; y += stepMm) { paper.moveTo(0, y); paper.lineTo(SHEET_MM, y); }
    paper.strokeStyle = colour;
    paper.lineWidth = lineMm;
    paper.stroke();
}

function label(paper: Paper, words: string, xMm: number, yMm: number, sizeMm = 3.4): void {
    paper.fillStyle = LABEL;
    paper.font = `600 ${sizeMm}px sans-serif`;
    paper.fillText(words, xMm, yMm);
}

/* Strokes a run; a value for which `keep` fails lifts the pen. */
function trace(paper: Paper, run: Run, xOf: (ms: number) => number, yOf: (v: number) => number, keep: (v: number) => boolean): void {
    let down = false;
    for (let i = 0; i < run.values.length; i++) {
        const v = run.values[i] ?? 0, x = xOf(run.startMs + i * run.periodMs);
        if (!keep(v)) { down = false; continue; }
        if (down) paper.lineTo(x, yOf(v));
        else paper.moveTo(x, yOf(v));
        down = true;
    }
}

function calibration(paper: Paper, baseMm: number): void {
    paper.beginPath();
    paper.moveTo(MARGIN_MM, baseMm);
    for (const [dx, dy] of [[2, 0], [2, -10], [7, -10], [7, 0], [9, 0]] as const) paper.lineTo(MARGIN_MM + dx, baseMm + dy);
    paper.stroke();
}

function pane(paper: Paper, at: Pane, segments: readonly Waveform[], startMs: number): void {
    const runs = runsOf(segments, at.lead, 1e-6); /* nanovolts a step, to millivolts */
    const xOf = (ms: number) => at.xMm + ((ms - startMs) / 1000 - at.fromS) * MM_PER_S;
    const yOf = (mv: number) => at.baseMm - mv * MM_PER_MV;
    paper.save();
    paper.beginPath();
    paper.rect(at.xMm, at.baseMm - ROW_MM, at.widthMm, 2 * ROW_MM);
    paper.clip();
    paper.beginPath();
    for (const run of runs) trace(paper, run, xOf, yOf, () => true);
    paper.strokeStyle = INK;
    paper.stroke();
    paper.restore();
    label(paper, `${LEADS.get(at.lead) ?? at.lead}${runs.length === 0 ? "  –" : ""}`, at.xMm + 1, at.baseMm - 8);
}

/** Draws the sheet. @param live  true: the last 10 s; false: from the start of the recording. */
export function drawEcg(canvas: HTMLCanvasElement, segments: readonly Waveform[], rows: boolean, live: boolean): void {
    const present = new Set(segments.flatMap((w) => w.channels)), panes = panesOf(present, rows);
    const heightMm = Math.max(1, ...panes.map((p) => p.baseMm + ROW_MM / 2));
    const paper = paperOf(canvas, heightMm), span = spanOf(segments);
    if (!paper || !span) return;
    rules(paper, heightMm, 1, FINE, 0.1);
    rules(paper, heightMm, 5, HEAVY, 0.18);
    paper.lineWidth = 0.3;
    paper.lineJoin = "round";
    paper.strokeStyle = INK;
    for (const base of new Set(panes.map((p) => p.baseMm))) calibration(paper, base);
    const startMs = live ? Math.max(span.startMs, span.endMs - STRIP_S * 1000) : span.startMs;
    for (const at of panes) pane(paper, at, segments, startMs);
}

/* --- CTG ------------------------------------------------------------------------------------------------ */

const FHR_TOP = 210, FHR_BOTTOM = 60, BPM_PER_MM = 3, TOCO_MM = 40, GAP_MM = 8;
const FHR_MM = (FHR_TOP - FHR_BOTTOM) / BPM_PER_MM, CTG_MM = FHR_MM + GAP_MM + TOCO_MM;
export const FHR_SEEN_MIN = 30; /* below what a heart rate can be: the transducer lost it, so a gap is drawn */
const BAND = "#e7f4e6", CTG_X_MM = 12;

function ctgScale(paper: Paper, mmPerMin: number, startMs: number, endMs: number): void {
    paper.fillStyle = BAND;
    paper.fillRect(0, (FHR_TOP - 160) / BPM_PER_MM, SHEET_MM, 50 / BPM_PER_MM);
    rules(paper, CTG_MM, 10, HEAVY, 0.15);
    for (let bpm = FHR_BOTTOM; bpm < FHR_TOP; bpm += 30) label(paper, String(bpm), 1, (FHR_TOP - bpm) / BPM_PER_MM - 0.5);
    for (const toco of [0, 50, 100]) label(paper, String(toco), 1, CTG_MM - (toco * TOCO_MM) / 100 + (toco ? 3.2 : -0.5));
    for (let ms = Math.ceil(startMs / 60000) * 60000; ms <= endMs; ms += 60000 * (mmPerMin < 20 ? 5 : 1)) {
        const at = new Date(ms), words = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
        label(paper, words, CTG_X_MM + ((ms - startMs) / 60000) * mmPerMin, FHR_MM + GAP_MM / 2 + 1.5);
    }
}

/** Draws the newest stretch that fits. @param cmPerMin  1 or 3; printed on the image because it changes how
 *  variability looks. @param fhr, toco  field codes of the two channels. */
export function drawCtg(canvas: HTMLCanvasElement, segments: readonly Waveform[], cmPerMin: number, fhr: number, toco: number): void {
    const paper = paperOf(canvas, CTG_MM), span = spanOf(segments);
    if (!paper || !span) return;
    const mmPerMin = cmPerMin * 10, fitsMs = ((SHEET_MM - CTG_X_MM) / mmPerMin) * 60000;
    const startMs = Math.max(span.startMs, span.endMs - fitsMs);
    ctgScale(paper, mmPerMin, startMs, startMs + fitsMs);
    const xOf = (ms: number) => CTG_X_MM + ((ms - startMs) / 60000) * mmPerMin;
    paper.save();
    paper.beginPath();
    paper.rect(CTG_X_MM, 0, SHEET_MM - CTG_X_MM, CTG_MM);
    paper.clip();
    paper.beginPath();
    for (const run of runsOf(segments, fhr, 0.001))
        trace(paper, run, xOf, (v) => (FHR_TOP - v) / BPM_PER_MM, (v) => v >= FHR_SEEN_MIN);
    for (const run of runsOf(segments, toco, 0.001))
        trace(paper, run, xOf, (v) => CTG_MM - (v * TOCO_MM) / 100, (v) => v >= 0);
    paper.strokeStyle = INK;
    paper.lineWidth = 0.3;
    paper.stroke();
    paper.restore();
}
