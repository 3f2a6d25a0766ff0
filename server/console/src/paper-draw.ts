/* SPDX-License-Identifier: Apache-2.0 */
/* ECG and CTG paper on a canvas. All geometry in millimetres of paper; one factor turns them into pixels.
 *
 * Left of the strip stands a column that does not move with it: calibration pulse, or scale. The strip itself may be longer than
 * what is seen: `fromMm` says where the part that is drawn begins, in whole squares, so that the grid stays where the trace is. */
import { FHR_SEEN_MIN, LEADS, TO_MV, TO_UNIT, channelsOf, runsOf, spanOf, type Run, type Span } from "./samples";
import type { Waveform } from "./wire";

export const COLUMN_MM = 15; /* 5 mm margin, 10 mm calibration or scale */
export const SHEET_MM = 265; /* a column and 10 s at 25 mm/s */
export const STRIP_MM = SHEET_MM - COLUMN_MM;
export const SQUARE_MM = 5;
export const FOOT_MM = 8; /* below the trace: the scale in words */
const MARGIN_MM = 5, CLOSE_MM = 12, ROW_MM = 25; /* rows when all leads are under one another, and otherwise */
const TOP_MV = 2, TOP_ROWS_MM_MAX = 25, FEW_LEADS = 4; /* room for a tall R wave above the first row; less where all have to fit a sheet of A4 */
const LEAD_S = 2.5, STRIP_S = 10, CALIBRATION_S = 0.2; /* a calibration pulse is 1 mV for 0.2 s */

export interface EcgScale { mmPerS: number; mmPerMv: number; rows: boolean }
export interface CtgScale { cmPerMin: number }
export const SPEEDS = [25, 50] as const, GAINS = [5, 10, 20] as const, CTG_SPEEDS = [1, 3] as const;
export const STANDARD: EcgScale = { mmPerS: 25, mmPerMv: 10, rows: false };

export interface Pane { lead: number; xMm: number; baseMm: number; widthMm: number; fromS: number }

const LEAD_CODES = [...LEADS.keys()], RHYTHM_LEAD = 131074;

/** Where each lead goes; x from the start of the strip. @param rows  true: one row a lead that exists; false: 3 x 4 and the rhythm strip. */
export function panesOf(present: ReadonlySet<number>, scale: EcgScale): Pane[] {
    const { rows, mmPerS } = scale;
    const all = LEAD_CODES.filter((c) => present.has(c)), pitch = pitchOf(all.length, rows), top = topMm(scale);
    if (rows) return all.map((lead, i) => ({ lead, xMm: 0, baseMm: top + i * pitch, widthMm: STRIP_S * mmPerS, fromS: 0 }));
    const grid = LEAD_CODES.map((lead, i) => ({
        lead, xMm: Math.floor(i / 3) * LEAD_S * mmPerS, baseMm: top + (i % 3) * ROW_MM, widthMm: LEAD_S * mmPerS, fromS: Math.floor(i / 3) * LEAD_S,
    }));
    return [...grid, { lead: RHYTHM_LEAD, xMm: 0, baseMm: top + 3 * ROW_MM, widthMm: STRIP_S * mmPerS, fromS: 0 }];
}
const pitchOf = (leads: number, rows: boolean): number => (rows && leads > FEW_LEADS ? CLOSE_MM : ROW_MM);
/** Where the first row's baseline is. */
export const topMm = ({ rows, mmPerMv }: EcgScale): number => (rows ? Math.min(TOP_ROWS_MM_MAX, TOP_MV * mmPerMv) : TOP_MV * mmPerMv);

/** How many printed sheets a strip takes. */
export const sheetsOf = (stripMm: number): number => Math.max(1, Math.ceil(stripMm / STRIP_MM - 1e-6));

/** How long the strip is, and how high the sheet with what is written below it. */
export const ecgStripMm = (scale: EcgScale): number => STRIP_S * scale.mmPerS;
export function ecgHeightMm(present: ReadonlySet<number>, scale: EcgScale): number {
    const leads = [...present].filter((c) => LEADS.has(c)).length, pitch = pitchOf(leads, scale.rows), rows = scale.rows ? Math.max(1, leads) : 4;
    return topMm(scale) + (rows - 0.5) * pitch + FOOT_MM;
}

/* --- pens ------------------------------------------------------------------------------------------------ */

const LABEL_UP_MM = 5;
const INK = "#101418", PAPER = "#fffafa", FINE = "#f5d6d6", HEAVY = "#e2a3a3", LABEL = "#303840", BAND = "#e7f4e6";
const FINE_PX_MIN = 2.5; /* closer than this the millimetre lines are a grey haze, and help nobody */
export type Paper = CanvasRenderingContext2D;

/** Blank paper of this size. @param pxPerMm  of the canvas  @return drawing in millimetres; undefined without a canvas to draw on */
export function blank(canvas: HTMLCanvasElement, widthMm: number, heightMm: number, pxPerMm: number): Paper | undefined {
    const paper = canvas.getContext("2d"), width = Math.round(widthMm * pxPerMm), height = Math.round(heightMm * pxPerMm);
    if (!paper || width === 0) return undefined;
    if (canvas.width !== width) canvas.width = width; /* only where it changed: a new size is a new canvas, and slow */
    if (canvas.height !== height) canvas.height = height;
    paper.setTransform(pxPerMm, 0, 0, pxPerMm, 0, 0);
    paper.fillStyle = PAPER;
    paper.fillRect(0, 0, widthMm, heightMm);
    return paper;
}

/** Lines from..to every `stepMm`, upright or level. */
function rules(paper: Paper, upright: boolean, from: number, to: number, stepMm: number, lengthFrom: number, lengthTo: number, colour: string, lineMm: number): void {
    paper.beginPath();
    for (let at = from; at <= to + 1e-6; at += stepMm) {
        paper.moveTo(upright ? at : lengthFrom, upright ? lengthFrom : at);
        paper.lineTo(upright ? at : lengthTo, upright ? lengthTo : at);
    }
    paper.strokeStyle = colour;
    paper.lineWidth = lineMm;
    paper.stroke();
}

function squares(paper: Paper, widthMm: number, heightMm: number): void {
    const fine = paper.getTransform().a >= FINE_PX_MIN;
    for (const [step, colour, line] of [[1, FINE, 0.1], [SQUARE_MM, HEAVY, 0.18]] as const) {
        if (step === 1 && !fine) continue;
        rules(paper, true, 0, widthMm, step, 0, heightMm, colour, line);
        rules(paper, false, 0, heightMm, step, 0, widthMm, colour, line);
    }
}

function label(paper: Paper, words: string, xMm: number, yMm: number, sizeMm = 3.4): void {
    paper.fillStyle = LABEL;
    paper.font = `600 ${sizeMm}px sans-serif`;
    paper.fillText(words, xMm, yMm);
}

/* The scale in words on white: it must be readable on every image of the trace. */
function foot(paper: Paper, words: string, heightMm: number): void {
    paper.font = "600 3.2px sans-serif";
    const width = paper.measureText(words).width;
    paper.fillStyle = PAPER;
    paper.fillRect(MARGIN_MM - 1, heightMm - FOOT_MM + 1.6, width + 2, 5);
    label(paper, words, MARGIN_MM, heightMm - 2.8, 3.2);
}

/* Strokes a run; a value for which `keep` fails lifts the pen. */
function trace(paper: Paper, run: Run, xOf: (ms: number) => number, yOf: (v: number) => number, keep: (v: number) => boolean): void {
    const { values, startMs, periodMs } = run;
    let down = false;
    for (let i = 0; i < values.length; i++) {
        const v = values[i] as number;
        if (!keep(v)) { down = false; continue; }
        if (down) paper.lineTo(xOf(startMs + i * periodMs), yOf(v));
        else paper.moveTo(xOf(startMs + i * periodMs), yOf(v));
        down = true;
    }
}

function inked(paper: Paper, lineMm: number): void {
    paper.strokeStyle = INK;
    paper.lineWidth = lineMm;
    paper.lineJoin = "round";
    paper.stroke();
}

/* Runs are the same as long as the segments are: a drag or a zoom does not sort the samples anew. */
const known = new WeakMap<readonly Waveform[], Map<number, Run[]>>();
function runs(segments: readonly Waveform[], code: number, unit: number): Run[] {
    const of = known.get(segments) ?? new Map<number, Run[]>();
    known.set(segments, of);
    const found = of.get(code) ?? runsOf(segments, code, unit);
    of.set(code, found);
    return found;
}

/* --- ECG ------------------------------------------------------------------------------------------------- */

/** What of a strip is on a sheet, how wide the sheet is, and what stands below. */
export interface View { fromMm: number; widthMm: number; heightMm: number; words: string }

function calibration(paper: Paper, baseMm: number, { mmPerS, mmPerMv }: EcgScale): void {
    const width = CALIBRATION_S * mmPerS, lead = Math.floor((COLUMN_MM - MARGIN_MM - width) / 2);
    paper.beginPath();
    paper.moveTo(MARGIN_MM, baseMm);
    for (const [dx, dy] of [[lead, 0], [lead, -mmPerMv], [lead + width, -mmPerMv], [lead + width, 0], [COLUMN_MM - MARGIN_MM, 0]] as const)
        paper.lineTo(MARGIN_MM + dx, baseMm + dy);
    inked(paper, 0.3);
}

function pane(paper: Paper, at: Pane, of: readonly Run[], startMs: number, { mmPerS, mmPerMv }: EcgScale, view: View): void {
    const left = Math.max(COLUMN_MM, COLUMN_MM + at.xMm - view.fromMm), right = Math.min(view.widthMm, COLUMN_MM + at.xMm - view.fromMm + at.widthMm);
    if (right <= left) return;
    paper.save();
    paper.beginPath();
    paper.rect(left, 0, right - left, view.heightMm - FOOT_MM);
    paper.clip();
    paper.beginPath();
    const x0 = COLUMN_MM + at.xMm - view.fromMm - (at.fromS + startMs / 1000) * mmPerS;
    for (const run of of) trace(paper, run, (ms) => x0 + (ms * mmPerS) / 1000, (mv) => at.baseMm - mv * mmPerMv, () => true);
    inked(paper, 0.3);
    paper.restore();
    label(paper, `${LEADS.get(at.lead) ?? at.lead}${of.length === 0 ? "  –" : ""}`, left + 1, at.baseMm - LABEL_UP_MM);
}

/** Where the strip of 10 s begins. @param live  true: the last 10 s; false: from the start of the recording */
export const ecgStartMs = (span: Span, live: boolean): number => (live ? Math.max(span.startMs, span.endMs - STRIP_S * 1000) : span.startMs);

export function drawEcgSheet(paper: Paper, segments: readonly Waveform[], scale: EcgScale, live: boolean, view: View): void {
    const span = spanOf(segments), panes = panesOf(channelsOf(segments), scale);
    squares(paper, view.widthMm, view.heightMm);
    if (!span) return;
    for (const base of new Set(panes.map((p) => p.baseMm))) calibration(paper, base, scale);
    const startMs = ecgStartMs(span, live);
    for (const at of panes) pane(paper, at, runs(segments, at.lead, TO_MV), startMs, scale, view);
    foot(paper, view.words, view.heightMm);
}

/* --- CTG ------------------------------------------------------------------------------------------------ */

export const FHR_TOP = 210, FHR_BOTTOM = 60, BPM_PER_MM = 3, TOCO_MM = 40, GAP_MM = 8;
export const FHR_MM = (FHR_TOP - FHR_BOTTOM) / BPM_PER_MM, CTG_MM = FHR_MM + GAP_MM + TOCO_MM + FOOT_MM;
const TOCO_BASE_MM = FHR_MM + GAP_MM + TOCO_MM, NORMAL_LO = 110, NORMAL_HI = 160, MINUTE_MS = 60000;
const fhrY = (bpm: number): number => (FHR_TOP - bpm) / BPM_PER_MM;
const tocoY = (toco: number): number => TOCO_BASE_MM - (toco * TOCO_MM) / 100;

/** A strip begins at a whole minute and ends at one. */
export const ctgStartMs = (span: Span): number => Math.floor(span.startMs / MINUTE_MS) * MINUTE_MS;
export const ctgStripMm = (span: Span, { cmPerMin }: CtgScale): number =>
    (Math.ceil(span.endMs / MINUTE_MS) - Math.floor(span.startMs / MINUTE_MS)) * cmPerMin * 10;

const clock = (ms: number): string => {
    const at = new Date(ms);
    return `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
};

function ctgPaper(paper: Paper, startMs: number, mmPerMin: number, view: View): void {
    const right = view.widthMm, x0 = COLUMN_MM - view.fromMm, firstMin = Math.ceil(view.fromMm / mmPerMin);
    paper.fillStyle = BAND;
    paper.fillRect(COLUMN_MM, fhrY(NORMAL_HI), right - COLUMN_MM, fhrY(NORMAL_LO) - fhrY(NORMAL_HI));
    for (const [from, to] of [[0, FHR_MM], [TOCO_BASE_MM - TOCO_MM, TOCO_BASE_MM]] as const) {
        const half = Math.ceil((2 * view.fromMm) / mmPerMin) * (mmPerMin / 2);
        rules(paper, true, x0 + half, right, mmPerMin / 2, from, to, FINE, 0.12);
        rules(paper, true, x0 + firstMin * mmPerMin, right, mmPerMin, from, to, HEAVY, 0.18);
    }
    rules(paper, false, 0, FHR_MM, 10 / BPM_PER_MM, COLUMN_MM, right, FINE, 0.12);
    rules(paper, false, 0, FHR_MM, 30 / BPM_PER_MM, COLUMN_MM, right, HEAVY, 0.18);
    rules(paper, false, TOCO_BASE_MM - TOCO_MM, TOCO_BASE_MM, TOCO_MM / 10, COLUMN_MM, right, FINE, 0.12);
    rules(paper, false, TOCO_BASE_MM - TOCO_MM, TOCO_BASE_MM, TOCO_MM / 2, COLUMN_MM, right, HEAVY, 0.18);
    for (let bpm = FHR_BOTTOM; bpm <= FHR_TOP; bpm += 30) label(paper, String(bpm), MARGIN_MM, fhrY(bpm) + (bpm === FHR_TOP ? 3 : bpm === FHR_BOTTOM ? 0 : 1.2), 3.2);
    for (const toco of [0, 50, 100]) label(paper, String(toco), MARGIN_MM, tocoY(toco) + (toco === 100 ? 3 : toco ? 1.2 : 0), 3.2);
    const step = mmPerMin < 20 ? 5 : 1, startMin = Math.round(startMs / MINUTE_MS);
    for (let minute = firstMin; x0 + minute * mmPerMin <= right; minute++) /* every fifth of the clock, or every one */
        if ((startMin + minute) % step === 0) label(paper, clock(startMs + minute * MINUTE_MS), x0 + minute * mmPerMin, FHR_MM + GAP_MM / 2 + 1.5);
}

/** @param fhr, toco  field codes of the two channels. Where the heart rate was lost, the pen is lifted. */
export function drawCtgSheet(paper: Paper, segments: readonly Waveform[], scale: CtgScale, fhr: number, toco: number, view: View): void {
    const span = spanOf(segments);
    if (!span) return;
    const startMs = ctgStartMs(span), mmPerMin = scale.cmPerMin * 10, x0 = COLUMN_MM - view.fromMm;
    ctgPaper(paper, startMs, mmPerMin, view);
    const xOf = (ms: number) => x0 + ((ms - startMs) / MINUTE_MS) * mmPerMin;
    paper.save();
    paper.beginPath();
    paper.rect(COLUMN_MM, 0, view.widthMm - COLUMN_MM, TOCO_BASE_MM);
    paper.clip();
    paper.beginPath();
    for (const run of runs(segments, fhr, TO_UNIT)) trace(paper, run, xOf, fhrY, (v) => v >= FHR_SEEN_MIN);
    for (const run of runs(segments, toco, TO_UNIT)) trace(paper, run, xOf, tocoY, (v) => v >= 0);
    inked(paper, 0.3);
    paper.restore();
    foot(paper, view.words, view.heightMm);
}
