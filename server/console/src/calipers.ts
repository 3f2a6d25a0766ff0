/* SPDX-License-Identifier: Apache-2.0 */
/* Two points on a strip and what lies between them. Pure: millimetres of paper in, milliseconds and millivolts out, so that what
 * they read is true however large the screen shows it. */
import { BPM_PER_MM, FHR_MM, FHR_TOP, GAP_MM, TOCO_MM, type CtgScale, type EcgScale } from "./paper-draw";

/** xMm from the start of the strip, yMm from the top of the sheet. */
export interface Point { xMm: number; yMm: number }
export interface Calipers { a: Point; b: Point; active: "a" | "b" }

/** `perMin`: beats a minute if the two points are one beat apart; undefined where there is no time between them. */
export interface EcgReading { ms: number; perMin?: number | undefined; mv: number }
export function readEcg({ a, b }: Calipers, { mmPerS, mmPerMv }: EcgScale): EcgReading {
    const ms = (Math.abs(b.xMm - a.xMm) / mmPerS) * 1000;
    return { ms, mv: (a.yMm - b.yMm) / mmPerMv, perMin: ms > 0 ? 60000 / ms : undefined };
}

const bpmAt = (yMm: number): number => FHR_TOP - yMm * BPM_PER_MM;
const tocoAt = (yMm: number): number => ((FHR_MM + GAP_MM + TOCO_MM - yMm) * 100) / TOCO_MM;
/** The heart rates at both points, or, where the first lies below the heart rate's paper, the contraction curve's. */
export interface CtgReading { s: number; of: "fhr" | "toco"; from: number; to: number }
export function readCtg({ a, b }: Calipers, { cmPerMin }: CtgScale): CtgReading {
    const of = a.yMm <= FHR_MM ? "fhr" : "toco", at = of === "fhr" ? bpmAt : tocoAt;
    return { s: (Math.abs(b.xMm - a.xMm) / (cmPerMin * 10)) * 60, of, from: at(a.yMm), to: at(b.yMm) };
}

/** Which point a press means: the nearer one, if it is within reach. */
export function grabbed(of: Calipers, at: Point, reachMm: number): "a" | "b" | undefined {
    const far = (p: Point) => Math.hypot(p.xMm - at.xMm, p.yMm - at.yMm), a = far(of.a), b = far(of.b);
    return Math.min(a, b) > reachMm ? undefined : a < b ? "a" : "b";
}

const within = (v: number, max: number): number => Math.min(max, Math.max(0, v));
/** The active point somewhere else, but on the sheet. */
export const movedTo = (of: Calipers, at: Point, stripMm: number, heightMm: number): Calipers =>
    ({ ...of, [of.active]: { xMm: within(at.xMm, stripMm), yMm: within(at.yMm, heightMm) } });

/** A start: a beat at 75 a minute apart, or three minutes of a CTG, in the middle of what is seen. */
export const placed = (xMm: number, widthMm: number, yMm: number, heightMm: number): Calipers =>
    ({ a: { xMm, yMm }, b: { xMm: xMm + widthMm, yMm: yMm - heightMm }, active: "b" });
