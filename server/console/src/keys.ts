/* SPDX-License-Identifier: Apache-2.0 */
/* Reading one map of the grammar: every item is what it must be and within its bounds, or a WireError says where not. */

export const ITEMS_MAX = 1024;
export const TEXT_CHARS_MAX = 512;

/** Something the grammar does not allow; `where` names kind and key. */
export class WireError extends Error {
    constructor(readonly where: string, what: string) { super(`${where}: ${what}`); }
}

export type Item = unknown;
export const MS_MAX = 4102444800000;
export const SEQ_MAX = Number.MAX_SAFE_INTEGER;
export const VALUE_MIN = -2147483648, VALUE_MAX = 2147483647, CODE_MAX = 4294967295;

export function int(item: Item, where: string, min: number, max: number): number {
    if (typeof item !== "number" || !Number.isInteger(item)) throw new WireError(where, "not an integer");
    if (item < min || item > max) throw new WireError(where, `${item} is outside ${min}..${max}`);
    return item;
}
export function text(item: Item, where: string): string {
    if (typeof item !== "string") throw new WireError(where, "not text");
    if (item.length > TEXT_CHARS_MAX) throw new WireError(where, "text too long");
    return item;
}
export function bool(item: Item, where: string): boolean {
    if (typeof item !== "boolean") throw new WireError(where, "not true or false");
    return item;
}
export function list(item: Item, where: string, size?: number): Item[] {
    if (!Array.isArray(item)) throw new WireError(where, "not an array");
    if (item.length > ITEMS_MAX || (size !== undefined && item.length !== size))
        throw new WireError(where, `${item.length} items`);
    return item as Item[];
}
export function map(item: Item, where: string): Map<Item, Item> {
    if (!(item instanceof Map)) throw new WireError(where, "not a map");
    if (item.size > ITEMS_MAX) throw new WireError(where, `${item.size} pairs`);
    return item as Map<Item, Item>;
}
export function bytes(item: Item, where: string): Uint8Array {
    if (!(item instanceof Uint8Array)) throw new WireError(where, "not bytes");
    return item;
}

/** One map of the grammar, read by key; every complaint names kind and key. */
export class Keys {
    constructor(private readonly of: Map<Item, Item>, private readonly name: string) {}
    has(key: number): boolean { return this.of.has(key); }
    item(key: number): Item { return this.of.get(key); }
    where(key: number): string { return `${this.name} key ${key}`; }
    int(key: number, min: number, max: number): number { return int(this.item(key), this.where(key), min, max); }
    maybeInt(key: number, min: number, max: number): number | undefined {
        return this.has(key) ? this.int(key, min, max) : undefined;
    }
    ms(key: number): number { return this.int(key, 0, MS_MAX); }
    text(key: number): string { return text(this.item(key), this.where(key)); }
    textOr(key: number, otherwise: string): string { return this.has(key) ? this.text(key) : otherwise; }
    bool(key: number): boolean { return bool(this.item(key), this.where(key)); }
    list(key: number, size?: number): Item[] { return list(this.item(key), this.where(key), size); }
    each<T>(key: number, read: (item: Item, where: string) => T): T[] {
        return this.list(key).map((item) => read(item, this.where(key)));
    }
    pairs<K, V>(key: number, name: (k: Item, where: string) => K, value: (v: Item, where: string) => V): Map<K, V> {
        const where = this.where(key);
        return new Map([...map(this.item(key), where)].map(([k, v]) => [name(k, where), value(v, where)]));
    }
    /** What `read` makes of a key that may be absent. */
    maybe<T>(key: number, read: (item: Item, where: string) => T): T | undefined {
        return this.has(key) ? read(this.item(key), this.where(key)) : undefined;
    }
    encounter(): string { return encounterId(this.item(4), this.where(4)); }
}

export const code = (item: Item, where: string) => int(item, where, 1, CODE_MAX);
export const value = (item: Item, where: string) => int(item, where, VALUE_MIN, VALUE_MAX);
export const seq = (item: Item, where: string) => int(item, where, 1, SEQ_MAX);
export const moment = (item: Item, where: string) => int(item, where, 0, MS_MAX);
export const seconds = (item: Item, where: string) => int(item, where, 0, 86400);
export const natural = (item: Item, where: string) => int(item, where, 0, CODE_MAX);

export function encounterId(item: Item, where: string): string {
    const raw = bytes(item, where);
    if (raw.length !== 16) throw new WireError(where, `${raw.length} bytes, not 16`);
    return Array.from(raw, (b) => b.toString(16).padStart(2, "0")).join("");
}
