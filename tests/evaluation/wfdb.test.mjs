// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readAnnotations, readHeader, readRecord, wavesOf, writeRecord } from './lib/wfdb.mjs';

let folder;
before(() => { folder = mkdtempSync(join(tmpdir(), 'jz-wfdb-')); });
after(() => rmSync(folder, { recursive: true, force: true }));

test('a record that is written is read back to the microvolt, and what is missing stays missing', () => {
  const path = writeRecord(folder, 'a', 500, [
    { name: 'I', values: Float64Array.from([0, 1, -32767, NaN]) }, { name: 'aVR', values: Float64Array.from([40000, -1.4, 7, 8]) },
  ]);
  const { fs, samples, leads } = readRecord(path);
  assert.deepEqual([fs, samples, leads.map(({ name }) => name)], [500, 4, ['I', 'aVR']]);
  assert.deepEqual([...leads[0].values], [0, 1, -32767, NaN]);
  assert.deepEqual([...leads[1].values], [32767, -1, 7, 8]);
});

test('gain, baseline and unit make microvolt; the ADC zero is the baseline where none is given', () => {
  writeFileSync(join(folder, 'b.dat'), Buffer.from(Int16Array.of(1100, 30).buffer));
  writeFileSync(join(folder, 'b.hea'), 'b 2 250/1 1\nb.dat 16 200(100)/mV 12 0 0 0 0 II\nb.dat 16 10/NU 12 20 0 0 0 PLETH\n# age: 3\n');
  const { leads } = readRecord(join(folder, 'b.hea'));
  assert.equal(leads[0].values[0], 5000);
  assert.equal(leads[1].values[0], 1);
});

test('a byte offset is skipped, and a name of two words is kept whole', () => {
  writeFileSync(join(folder, 'c.mat'), Buffer.concat([Buffer.alloc(24, 9), Buffer.from(Int16Array.of(5).buffer)]));
  writeFileSync(join(folder, 'c.hea'), 'c 1 500 1\nc.mat 16+24 1000/mV 16 0 5 5 0 lead one\n');
  assert.equal(readRecord(join(folder, 'c.hea')).leads[0].values[0], 5);
  assert.equal(readHeader(join(folder, 'c.hea')).signals[0].name, 'lead one');
});

test('format 212 packs two signed samples into three bytes', () => {
  // 0x001 and 0xFFF (-1); 0x7FF and 0x800 (the mark of a missing sample).
  writeFileSync(join(folder, 'd.dat'), Buffer.from([0x01, 0xf0, 0xff, 0xff, 0x87, 0x00]));
  writeFileSync(join(folder, 'd.hea'), 'd 2 360 2\nd.dat 212 1000(0)/mV 12 0 0 0 0 x\nd.dat 212 1000(0)/mV 12 0 0 0 0 y\n');
  const { leads } = readRecord(join(folder, 'd.hea'));
  assert.deepEqual([...leads[0].values], [1, 2047]);
  assert.deepEqual([...leads[1].values], [-1, NaN]);
});

test('a format that is not read here is refused by name', () => {
  writeFileSync(join(folder, 'e.hea'), 'e 1 360 2\ne.dat 61 200 12 0 0 0 0 x\n');
  assert.throws(() => readRecord(join(folder, 'e.hea')), /format 61/);
});

const word = (code, value) => [(((code << 10) | value) & 0xff), ((code << 10) | value) >> 8];

test('annotations count on from one another, over skips, texts and numbers', () => {
  const path = join(folder, 'f.atr');
  writeFileSync(path, Buffer.from([
    ...word(28, 18), ...word(63, 3), 0x28, 0x4e, 0x00, 0x00, // a rhythm change with a text of three bytes, padded to four
    ...word(1, 77), ...word(61, 1), ...word(62, 1), ...word(60, 2),
    ...word(59, 0), 0x01, 0x00, 0x10, 0x00, // 65536 + 16 further on
    ...word(5, 4), 0, 0, ...word(1, 1),
  ]));
  assert.deepEqual(readAnnotations(path), [{ at: 18, code: 28 }, { at: 95, code: 1 }, { at: 95 + 65552 + 4, code: 5 }]);
});

test('waves get the boundaries that stand around their peaks, and no others', () => {
  const list = [[5, 39], [8, 24], [11, 40], [20, 1], [26, 40], [30, 39], [36, 27], [44, 40], [50, 39], [52, 1]];
  assert.deepEqual(wavesOf(list.map(([at, code]) => ({ at, code }))), [
    { kind: 'p', on: 5, peak: 8, off: 11 }, { kind: 'qrs', on: undefined, peak: 20, off: 26 },
    { kind: 't', on: 30, peak: 36, off: 44 }, { kind: 'qrs', on: 50, peak: 52, off: undefined },
  ]);
});
