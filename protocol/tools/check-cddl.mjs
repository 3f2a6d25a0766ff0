// SPDX-License-Identifier: Apache-2.0
// Validates examples against protocol/jingzhu.cddl, with a decoder of its own, so that a mistake in the C library and
// a mistake in its golden files do not hide each other.
//
//   node protocol/tools/check-cddl.mjs docs/protocol.md tests/golden/frames/*.hex
//
// In a .hex file a line is "name: hex" and the line after it, indented, is its diagnostic notation. In a .md file a
// block fenced as `cbor-hex` is a message (a CBOR sequence of frames), and the `cbor-diag` block after it, if any, is
// its notation. Of CDDL (RFC 8610) this knows what jingzhu.cddl uses: maps, arrays, groups, choices, ranges,
// occurrences, .size, comments.
import { readFileSync } from 'node:fs';

const cddlPath = new URL('../jingzhu.cddl', import.meta.url);

// --- CDDL to a tree ------------------------------------------------------------------------------
function tokenize(text) {
  const pattern = /\s+|;[^\n]*|(\.\.|=>|\.size\b|-?\d+|[A-Za-z][A-Za-z0-9-]*|[=/{}[\](),?*+])/gy;
  const tokens = [];
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new Error(`jingzhu.cddl: cannot read "${text.slice(at, at + 30)}"`);
    if (match[1]) tokens.push(match[1]);
  }
  return tokens;
}

class Parser {
  constructor(text) {
    this.tokens = tokenize(text);
    this.at = 0;
  }
  peek(ahead = 0) { return this.tokens[this.at + ahead]; }
  take(expected) {
    const token = this.tokens[this.at++];
    if (expected && token !== expected) throw new Error(`jingzhu.cddl: "${expected}" expected, not "${token}"`);
    return token;
  }
  has(token) {
    if (this.peek() !== token) return false;
    this.at++;
    return true;
  }
  rules() {
    const rules = new Map();
    while (this.at < this.tokens.length) {
      const name = this.take();
      this.take('=');
      if (rules.has(name)) throw new Error(`jingzhu.cddl: ${name} is defined twice`);
      const parenthesis = this.peek() === '(';
      rules.set(name, parenthesis ? { group: (this.take(), this.group(')')) } : this.choice());
    }
    return rules;
  }
  choice() {
    const options = [this.type()];
    while (this.has('/')) options.push(this.type());
    return options.length === 1 ? options[0] : { choice: options };
  }
  type() {
    if (this.has('{')) return { map: this.group('}') };
    if (this.has('[')) return { array: this.group(']') };
    if (this.has('(')) {
      const inner = this.choice();
      this.take(')');
      return inner;
    }
    const token = this.take();
    const base = /^-?\d+$/.test(token) ? { min: BigInt(token), max: BigInt(token) } : { name: token };
    if (this.has('..')) base.max = BigInt(this.take());
    if (this.has('.size')) return { sized: base, size: this.type() };
    return base;
  }
  occurrence() {
    if (this.has('?')) return [0, 1];
    const digits = this.peek(1) === '*' && /^\d+$/.test(this.peek());
    const min = digits ? Number(this.take()) : 0;
    if (this.has('+')) return [1, Infinity];
    if (!this.has('*')) return [1, 1];
    const bounded = /^\d+$/.test(this.peek()) && this.peek(1) !== '=>' && this.peek(1) !== '..';
    return [min, bounded ? Number(this.take()) : Infinity];
  }
  group(end) {
    const entries = [];
    while (!this.has(end)) {
      const [min, max] = this.occurrence();
      if (this.has('(')) entries.push({ min, max, group: this.group(')') });
      else {
        const first = this.choice();
        const entry = this.has('=>') ? { key: first, value: this.choice() } : { value: first };
        entries.push({ min, max, ...entry });
      }
      this.has(',');
    }
    return entries;
  }
}

const rules = new Parser(readFileSync(cddlPath, 'utf8')).rules();

// --- bytes to values: deterministic CBOR without tags and floats ----------------------------------
function decodeItem(bytes, at) {
  const major = bytes[at] >> 5;
  const info = bytes[at] & 31;
  if (at >= bytes.length) throw new Error('truncated');
  let argument = BigInt(info);
  let next = at + 1;
  if (major === 7) {
    const simple = { 20: false, 21: true, 22: null };
    if (!(info in simple)) throw new Error(`offset ${at}: float or simple value`);
    return [simple[info], next];
  }
  if (info >= 24) {
    if (info > 27) throw new Error(`offset ${at}: indefinite or reserved`);
    const size = 1 << (info - 24);
    argument = bytes.subarray(next, next + size).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    next += size;
    if (argument < [24n, 256n, 65536n, 4294967296n][info - 24]) throw new Error(`offset ${at}: not the shortest form`);
  }
  const count = Number(argument);
  if (next > bytes.length || (major > 1 && count > bytes.length)) throw new Error('truncated');
  if (major === 0) return [argument, next];
  if (major === 1) return [-1n - argument, next];
  if (major === 2 || major === 3) {
    const data = bytes.subarray(next, next + count);
    if (data.length !== count) throw new Error('truncated');
    return [major === 2 ? data : new TextDecoder('utf-8', { fatal: true }).decode(data), next + count];
  }
  if (major === 4) return decodeArray(bytes, next, count);
  if (major === 5) return decodeMap(bytes, next, count);
  throw new Error(`offset ${at}: tag`);
}

function decodeArray(bytes, start, count) {
  const items = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const [item, next] = decodeItem(bytes, at);
    items.push(item);
    at = next;
  }
  return [items, at];
}

function decodeMap(bytes, start, count) {
  const map = new Map();
  let at = start;
  let last = -1n;
  for (let i = 0; i < count; i++) {
    const [key, afterKey] = decodeItem(bytes, at);
    if (typeof key !== 'bigint' || key <= last) throw new Error(`offset ${at}: keys must be integers, ascending`);
    const [value, next] = decodeItem(bytes, afterKey);
    map.set(key, value);
    last = key;
    at = next;
  }
  return [map, at];
}

function decodeSequence(hex) {
  const bytes = Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
  if (bytes.length * 2 !== hex.replace(/\s/g, '').length || bytes.length === 0) throw new Error('not hex');
  const items = [];
  for (let at = 0; at < bytes.length; ) {
    const [item, next] = decodeItem(bytes, at);
    items.push(item);
    at = next;
  }
  return items;
}

function notation(value) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString('hex')}'`;
  if (Array.isArray(value)) return `[${value.map(notation).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${k}: ${notation(v)}`).join(', ')}}`;
  return String(value);
}

// --- does a value match a type? ---------------------------------------------------------------------
const prelude = {
  tstr: (value) => typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
  bool: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

function lengthOf(value) {
  return BigInt(typeof value === 'string' ? Buffer.byteLength(value) : value.length);
}

/** Why `value` is not of `type`, or null when it is. */
function mismatch(value, type, where) {
  if (type.choice) {
    const reasons = type.choice.map((option) => mismatch(value, option, where));
    return reasons.includes(null) ? null : reasons.sort((a, b) => b.length - a.length)[0];
  }
  if (type.sized) {
    return mismatch(value, type.sized, where) ?? mismatch(lengthOf(value), type.size, `${where} size`);
  }
  if (type.map) return value instanceof Map ? mapMismatch(value, type.map, where) : `${where}: a map is expected`;
  if (type.array) return Array.isArray(value) ? arrayMismatch(value, type.array, where) : `${where}: an array is expected`;
  if (type.name) return namedMismatch(value, type.name, where);
  const inRange = typeof value === 'bigint' && value >= type.min && value <= type.max;
  return inRange ? null : `${where}: ${notation(value)} is not in ${type.min}..${type.max}`;
}

function namedMismatch(value, name, where) {
  if (rules.has(name)) return mismatch(value, rules.get(name), where);
  if (!(name in prelude)) throw new Error(`jingzhu.cddl: ${name} is not defined`);
  return prelude[name](value) ? null : `${where}: ${notation(value)} is not ${name}`;
}

/** Groups by name, written out; an optional group stays an entry of its own. */
function flatten(entries) {
  return entries.flatMap((entry) => {
    const named = entry.value?.name && !entry.key && rules.get(entry.value.name);
    const group = entry.group ?? named?.group;
    if (!group) return [entry];
    return entry.min === 1 ? flatten(group) : [{ ...entry, group: flatten(group) }];
  });
}

function mapMismatch(map, entries, where) {
  const left = new Map(map);
  for (const entry of flatten(entries)) {
    const isGroup = entry.group !== undefined;
    if (isGroup && !entry.group.some((member) => left.has(member.key.min))) continue;
    for (const member of isGroup ? entry.group : [entry]) {
      const reason = takeEntry(left, member, where);
      if (reason) return reason;
    }
  }
  return left.size === 0 ? null : `${where}: key ${[...left.keys()][0]} is not in the grammar`;
}

/** Takes from `left` what one map entry allows. */
function takeEntry(left, entry, where) {
  let taken = 0;
  for (const [key, value] of [...left]) {
    if (taken === entry.max || mismatch(key, entry.key, where) !== null) continue;
    const reason = mismatch(value, entry.value, `${where}.${key}`);
    if (reason) return reason;
    left.delete(key);
    taken++;
  }
  return taken >= entry.min ? null : `${where}: key ${entry.key.min ?? entry.key.name} is missing`;
}

function arrayMismatch(items, entries, where) {
  let at = 0;
  for (const entry of flatten(entries)) {
    let taken = 0;
    while (at < items.length && taken < entry.max) {
      const reason = mismatch(items[at], entry.value, `${where}[${at}]`);
      if (reason && taken < entry.min) return reason;
      if (reason) break;
      at++;
      taken++;
    }
    if (taken < entry.min) return `${where}: too few items`;
  }
  return at === items.length ? null : mismatch(items[at], entries.at(-1).value, `${where}[${at}]`) ?? `${where}: too many items`;
}

/** The rule of the frame's kind, so that a reason speaks of that kind and not of the last choice tried. */
function frameMismatch(value) {
  if (!(value instanceof Map)) return 'a frame is a map';
  const kind = value.get(0n);
  const found = [...rules].find(([, rule]) => rule.map?.[0].key?.min === 0n && rule.map[0].value.min === kind && kind > 0n);
  return found ? mismatch(value, found[1], found[0]) ?? mismatch(value, rules.get('frame'), 'frame') : `kind ${kind} is unknown`;
}

// --- files -------------------------------------------------------------------------------------------
function* examplesOfHex(text) {
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const match = /^([^#\s][^:]*): ([0-9a-f]+)$/.exec(lines[i]);
    if (match) yield { line: i + 1, name: match[1], hex: match[2], diagnostic: lines[i + 1].trim() };
  }
}

function* examplesOfMarkdown(text) {
  const blocks = [...text.matchAll(/^```(cbor-hex|cbor-diag)\n([\s\S]*?)^```$/gm)];
  for (let i = 0; i < blocks.length; i++) {
    if (blocks[i][1] !== 'cbor-hex') continue;
    const line = text.slice(0, blocks[i].index).split('\n').length;
    const hex = blocks[i][2].replace(/#.*$/gm, '');
    yield { line, name: 'example', hex, diagnostic: blocks[i + 1]?.[1] === 'cbor-diag' ? blocks[i + 1][2] : undefined };
  }
}

/** Notation without comments, line breaks and repeated spaces, frames separated by one comma. */
function normalize(text) {
  return text.replace(/\/[^/\n]*\//g, '').replace(/\s+/g, ' ').replace(/([[{]) /g, '$1').replace(/ ([\]}])/g, '$1').trim();
}

function checkExample({ hex, diagnostic }) {
  const items = decodeSequence(hex);
  for (const item of items) {
    const reason = frameMismatch(item);
    if (reason) return reason;
    const strange = new Map(item).set(999n, true);
    if (frameMismatch(strange) === null) return 'the validator let an unknown key pass';
  }
  const expected = items.map(notation).join(', ');
  if (diagnostic !== undefined && normalize(diagnostic) !== expected) return `the notation is\n  ${expected}`;
  return null;
}

let checked = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, 'utf8');
  for (const example of path.endsWith('.md') ? examplesOfMarkdown(text) : examplesOfHex(text)) {
    let reason;
    try {
      reason = checkExample(example);
    } catch (error) {
      reason = error.message;
    }
    checked++;
    if (reason) failed++, console.error(`${path}:${example.line}: ${example.name}: ${reason}`);
  }
}
console.log(`${checked} examples, ${failed} refused`);
process.exit(failed > 0 || checked === 0 ? 1 : 0);
