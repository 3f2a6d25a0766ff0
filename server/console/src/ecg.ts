/* SPDX-License-Identifier: Apache-2.0 */
/* The small strips beside a patient: the whole width of their box, the scale said in the words above them. */
import { COLUMN_MM, CTG_MM, SHEET_MM, STANDARD, blank, ctgStripMm, drawCtgSheet, drawEcgSheet, ecgHeightMm, type Paper } from "./paper-draw";
import { channelsOf, spanOf } from "./samples";
import type { Waveform } from "./wire";

export { FHR_SEEN_MIN, LEADS, newestOf, runsOf, spanOf } from "./samples";

/** Fits the canvas to its box. @return the paper; undefined while it has no size. */
function fitted(canvas: HTMLCanvasElement, heightMm: number): Paper | undefined {
    return blank(canvas, SHEET_MM, heightMm, (canvas.clientWidth * (devicePixelRatio || 1)) / SHEET_MM);
}

/** Draws the sheet. @param live  true: the last 10 s; false: from the start of the recording. */
export function drawEcg(canvas: HTMLCanvasElement, segments: readonly Waveform[], rows: boolean, live: boolean): void {
    const scale = { ...STANDARD, rows }, heightMm = ecgHeightMm(channelsOf(segments), scale), paper = fitted(canvas, heightMm);
    if (paper) drawEcgSheet(paper, segments, scale, live, { fromMm: 0, widthMm: SHEET_MM, heightMm, words: `${scale.mmPerS} mm/s  ${scale.mmPerMv} mm/mV` });
}

/** Draws the newest stretch that fits. @param cmPerMin  1 or 3; printed on the image because it changes how
 *  variability looks. @param fhr, toco  field codes of the two channels. */
export function drawCtg(canvas: HTMLCanvasElement, segments: readonly Waveform[], cmPerMin: number, fhr: number, toco: number): void {
    const paper = fitted(canvas, CTG_MM), span = spanOf(segments);
    if (!paper || !span) return;
    const fromMm = Math.max(0, ctgStripMm(span, { cmPerMin }) - (SHEET_MM - COLUMN_MM));
    drawCtgSheet(paper, segments, { cmPerMin }, fhr, toco, { fromMm, widthMm: SHEET_MM, heightMm: CTG_MM, words: `${cmPerMin} cm/min  30 bpm/cm` });
}
