// SPDX-License-Identifier: Apache-2.0
// WFDB records read and written here, apart from the C readers, so that a fault of theirs shows as a difference.
// Formats 16 and 212, a byte offset (`16+24`), MIT annotation files. WFDB's manual pages header(5), signal(5), annot(5).
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MISSING_16 = -32768, MISSING_12 = -2048;

/** One signal line of a header. Gain 0 or none means 200 a unit; the baseline is the ADC zero where it is not given. */
function signalOf(line, folder) {
  const [file, format, gainText = '', , zeroText = '0', , , , ...name] = line.trim().split(/\s+/);
  const [, kind, offset] = format.match(/^(\d+)(?:x\d+)?(?::\d+)?(?:\+(\d+))?$/) ?? [];
  if (kind !== '16' && kind !== '212') throw new Error(`signal format ${format} is not read here`);
  const [, gain, baseline, unit] = gainText.match(/^([\d.eE+-]+)?(?:\((-?\d+)\))?(?:\/(\S+))?$/) ?? [];
  return {
    file: join(folder, file), format: kind, offset: Number(offset ?? 0), gain: Number(gain) || 200,
    baseline: Number(baseline ?? zeroText), unit: unit ?? 'mV', name: name.join(' '),
  };
}

export function readHeader(path) {
  const lines = readFileSync(path, 'latin1').split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const [name, count, rate = '250', samples = '0'] = lines[0].trim().split(/\s+/);
  if (name.includes('/')) throw new Error(`${path}: a record of several segments is not read here`);
  return {
    name, fs: Number(rate.split(/[/(]/)[0]), samples: Number(samples),
    signals: lines.slice(1, 1 + Number(count)).map((line) => signalOf(line, dirname(path))),
  };
}

/** Sample number k of the file, counted over all its signals. */
function sampleAt(bytes, format, k) {
  if (format === '16') return bytes.readInt16LE(2 * k);
  const at = 3 * (k >> 1), middle = bytes[at + 1];
  const raw = k & 1 ? bytes[at + 2] | ((middle & 0xf0) << 4) : bytes[at] | ((middle & 0x0f) << 8);
  return raw > 2047 ? raw - 4096 : raw;
}

/** All signals: { fs, samples, leads: [{ name, unit, values }] }; values in microvolt where the unit is mV; NaN: not delivered. */
export function readRecord(path) {
  const header = readHeader(path);
  const files = new Map();
  for (const signal of header.signals) {
    if (!files.has(signal.file)) files.set(signal.file, { bytes: readFileSync(signal.file).subarray(signal.offset), of: [] });
    files.get(signal.file).of.push(signal);
  }
  const leads = header.signals.map((signal) => {
    const { bytes, of } = files.get(signal.file);
    const stored = Math.floor(signal.format === '16' ? bytes.length / 2 : (bytes.length * 2) / 3);
    const samples = header.samples || Math.floor(stored / of.length);
    const missing = signal.format === '16' ? MISSING_16 : MISSING_12;
    const scale = (signal.unit.toLowerCase() === 'mv' ? 1000 : 1) / signal.gain;
    const first = of.indexOf(signal), values = new Float64Array(samples);
    for (let i = 0; i < samples; i++) {
      const raw = sampleAt(bytes, signal.format, i * of.length + first);
      values[i] = raw === missing ? NaN : (raw - signal.baseline) * scale;
    }
    return { name: signal.name, unit: signal.unit, values };
  });
  return { name: header.name, fs: header.fs, samples: leads[0]?.values.length ?? 0, leads };
}

/** Writes NAME.hea and NAME.dat, 1 microvolt a step; NaN becomes WFDB's mark of an invalid sample. Gives the header's path. */
export function writeRecord(folder, name, fs, leads) {
  const samples = leads[0].values.length;
  const bytes = Buffer.alloc(2 * samples * leads.length);
  leads.forEach(({ values }, k) => {
    for (let i = 0; i < samples; i++) {
      const v = Number.isNaN(values[i]) ? MISSING_16 : Math.max(-32767, Math.min(32767, Math.round(values[i])));
      bytes.writeInt16LE(v, 2 * (i * leads.length + k));
    }
  });
  const lines = [`${name} ${leads.length} ${fs} ${samples}`];
  leads.forEach((lead, k) => {
    let sum = 0;
    for (let i = 0; i < samples; i++) sum = (sum + bytes.readInt16LE(2 * (i * leads.length + k))) & 0xffff;
    const first = bytes.readInt16LE(2 * k);
    lines.push(`${name}.dat 16 1000(0)/mV 16 0 ${first} ${sum > 32767 ? sum - 65536 : sum} 0 ${lead.name}`);
  });
  writeFileSync(join(folder, `${name}.dat`), bytes);
  const path = join(folder, `${name}.hea`);
  writeFileSync(path, lines.join('\n') + '\n');
  return path;
}

const SKIP = 59, NUM = 60, SUB = 61, CHN = 62, AUX = 63;

/** An annotation file: [{ at, code }], in samples. */
export function readAnnotations(path) {
  const bytes = readFileSync(path), out = [];
  for (let i = 0, at = 0; i + 1 < bytes.length; i += 2) {
    const word = bytes.readUInt16LE(i), code = word >> 10, value = word & 0x3ff;
    if (word === 0) break;
    if (code === SKIP) {
      at += (bytes.readInt16LE(i + 2) << 16) | bytes.readUInt16LE(i + 4);
      i += 4;
    } else if (code === AUX) i += value + (value & 1);
    else if (code !== NUM && code !== SUB && code !== CHN) {
      at += value;
      out.push({ at, code });
    }
  }
  return out;
}

/** Codes that mark a QRS complex (ecgcodes.h: N L R a V F J A S E j / Q B ? r e n f). */
export const BEAT_CODES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
export const CODE = { qrs: 1, p: 24, t: 27, begin: 39, end: 40 };

/** Waves of a delineated lead: [{ kind, on, peak, off }] in samples; a boundary that is not there is undefined. */
export function wavesOf(annotations) {
  const kinds = new Map([[CODE.qrs, 'qrs'], [CODE.p, 'p'], [CODE.t, 't']]);
  const out = [];
  let begin;
  for (const { at, code } of annotations) {
    if (code === CODE.begin) begin = at;
    else if (code === CODE.end) {
      const last = out.at(-1);
      if (last && last.off === undefined) last.off = at;
      begin = undefined;
    } else if (kinds.has(code)) {
      out.push({ kind: kinds.get(code), on: begin, peak: at, off: undefined });
      begin = undefined;
    }
  }
  return out;
}
