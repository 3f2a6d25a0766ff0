/* SPDX-License-Identifier: Apache-2.0 */
/* How large a millimetre is on this workstation's screen: found once with a bank card, kept in this browser. */
import { signal } from "@preact/signals";

export const CARD_MM = 85.6, CARD_HIGH_MM = 53.98; /* ISO/IEC 7810 ID-1 */
const STORED = "jz.screen.pxPerMm", MIN = 1, MAX = 40; /* from a wall of large pixels to the finest telephone */
const CSS_PX_PER_MM = 96 / 25.4; /* what a browser assumes */

/** @return device pixels a millimetre; undefined: nothing, or nothing that a screen can be */
export function storedScale(text: string | null): number | undefined {
    const value = Number(text ?? NaN);
    return value >= MIN && value <= MAX ? value : undefined;
}
function read(): string | null {
    try { return localStorage.getItem(STORED); } catch { return null; }
}

/** Device pixels a millimetre as measured; undefined: not calibrated. A browser's zoom changes CSS pixels and not these. */
export const measuredScale = signal<number | undefined>(storedScale(read()));
/** What to draw with: as measured, else what the browser assumes. */
export const pxPerMm = (): number => measuredScale.value ?? CSS_PX_PER_MM * (devicePixelRatio || 1);

/** @param scale  device pixels a millimetre; undefined: forget it */
export function keepScale(scale: number | undefined): void {
    measuredScale.value = scale === undefined ? undefined : storedScale(String(scale));
    try {
        if (measuredScale.value === undefined) localStorage.removeItem(STORED);
        else localStorage.setItem(STORED, String(measuredScale.value));
    } catch { /* private mode: it lasts for this page */ }
}
