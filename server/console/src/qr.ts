/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code of a case's number (ISO/IEC 18004): version 2, error correction M, alphanumeric. 38 characters fit; a number has 32. */

const SIZE = 25, DATA_BYTES = 28, CHECK_BYTES = 16;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
export const QR_CHARS_MAX = 38;

/* --- bytes: text, then Reed-Solomon over GF(256) with x^8 + x^4 + x^3 + x^2 + 1 ------------------------------ */

function dataBytes(text: string): number[] {
    let bits = "0010" + text.length.toString(2).padStart(9, "0");
    for (let i = 0; i < text.length; i += 2) {
        const [a, b] = [LETTERS.indexOf(text[i] ?? ""), LETTERS.indexOf(text[i + 1] ?? "")];
        bits += i + 1 < text.length ? (a * 45 + b).toString(2).padStart(11, "0") : a.toString(2).padStart(6, "0");
    }
    bits = (bits + "0000").slice(0, DATA_BYTES * 8);
    bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
    const out = (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));
    for (let pad = 0; out.length < DATA_BYTES; pad++) out.push(pad % 2 === 0 ? 0xec : 0x11);
    return out;
}

export function times(a: number, b: number): number {
    let out = 0;
    for (let x = a, y = b; y > 0; y >>= 1, x = (x << 1) ^ (x > 127 ? 0x11d : 0)) if (y & 1) out ^= x;
    return out;
}

function checkBytes(data: readonly number[]): number[] {
    let generator = [1], root = 1;
    for (let i = 0; i < CHECK_BYTES; i++, root = times(root, 2))
        generator = [...generator, 0].map((c, at) => c ^ times(generator[at - 1] ?? 0, root));
    const rest = [...data, ...new Array<number>(CHECK_BYTES).fill(0)];
    for (let i = 0; i < data.length; i++) {
        const lead = rest[i] ?? 0;
        generator.forEach((c, at) => { rest[i + at] = (rest[i + at] ?? 0) ^ times(c, lead); });
    }
    return rest.slice(data.length);
}

/* --- modules ---------------------------------------------------------------------------------------------- */

const inFinder = (r: number, c: number): boolean => (r < 9 && (c < 9 || c > SIZE - 9)) || (r > SIZE - 9 && c < 9);
const inAlignment = (r: number, c: number): boolean => Math.abs(r - 18) <= 2 && Math.abs(c - 18) <= 2;
/** Not for data: finders with their edges and the format, timing, alignment. */
export const isFunction = (r: number, c: number): boolean => inFinder(r, c) || r === 6 || c === 6 || inAlignment(r, c);

const ring = (r: number, c: number, r0: number, c0: number): number => Math.max(Math.abs(r - r0), Math.abs(c - c0));
function functionModule(r: number, c: number): boolean {
    if (inAlignment(r, c)) return ring(r, c, 18, 18) !== 1;
    for (const [r0, c0] of [[3, 3], [3, SIZE - 4], [SIZE - 4, 3]] as const) {
        const at = ring(r, c, r0, c0);
        if (at <= 4) return at !== 2 && at !== 4;
    }
    return (r + c) % 2 === 0; /* timing runs along row 6 and column 6 */
}

/** Mask 0: of the eight that a reader knows any will do. */
export const masked = (r: number, c: number): boolean => (r + c) % 2 === 0;

/** Columns in pairs from the right, up and down in turn, past column 6. */
export function dataPlaces(): [number, number][] {
    const out: [number, number][] = [];
    for (let right = SIZE - 1, up = true; right > 0; right -= 2, up = !up) {
        if (right === 6) right = 5;
        for (let i = 0; i < SIZE; i++) for (const c of [right, right - 1]) {
            const r = up ? SIZE - 1 - i : i;
            if (!isFunction(r, c)) out.push([r, c]);
        }
    }
    return out;
}

export const FORMAT = 0x5412; /* error correction M and mask 0, with their check bits */
/** Where its bits stand, the lowest first; twice. */
export function formatPlaces(): [number, number][][] {
    const first: [number, number][] = [], second: [number, number][] = [];
    for (let i = 0; i < 15; i++) {
        first.push(i < 6 ? [i, 8] : i < 8 ? [i + 1, 8] : i === 8 ? [8, 7] : [8, 14 - i]);
        second.push(i < 8 ? [8, SIZE - 1 - i] : [SIZE - 15 + i, 8]);
    }
    return [first, second];
}

/** @param text  of LETTERS, at most QR_CHARS_MAX  @return rows of modules, true is dark; undefined: it does not fit */
export function qrOf(text: string): boolean[][] | undefined {
    if (text.length > QR_CHARS_MAX || [...text].some((c) => !LETTERS.includes(c))) return undefined;
    const rows = Array.from({ length: SIZE }, (_, r) => Array.from({ length: SIZE }, (__, c) => isFunction(r, c) && functionModule(r, c)));
    const set = (r: number, c: number, dark: boolean): void => { const row = rows[r]; if (row) row[c] = dark; };
    const data = dataBytes(text), bytes = [...data, ...checkBytes(data)];
    dataPlaces().forEach(([r, c], i) => set(r, c, (((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) === 1 !== masked(r, c)));
    for (const places of formatPlaces()) places.forEach(([r, c], bit) => set(r, c, ((FORMAT >> bit) & 1) === 1));
    set(SIZE - 8, 8, true);
    return rows;
}
