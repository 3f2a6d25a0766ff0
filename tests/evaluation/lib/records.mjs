// SPDX-License-Identifier: Apache-2.0
// The recordings of the data folder: what index.csv says of each, and which half it belongs to.
import { readTable } from './csv.mjs';
import { halfOf } from './split.mjs';

/** Age and sex as the tool's options; what is not given, or not a number, is left out. ">89" and 300 stand for over 89. */
export function personOf(row) {
  const age = /^>/.test(row.age) ? 90 : Number.parseInt(row.age, 10);
  const sex = { M: 'male', F: 'female' }[row.sex];
  return [
    ...(Number.isInteger(age) && age > 0 ? ['--age', String(Math.min(age, 90))] : []),
    ...(sex ? ['--sex', sex] : []),
  ];
}

/** Rows of index.csv with `half`, `tags` as a set, `folder`, `name`, and whether the amplitudes are millivolts. */
export function readIndex(path) {
  return readTable(path, ',').map((row) => ({
    ...row, half: halfOf(row.subject || row.file), tags: new Set(row.tags.split(';').filter(Boolean)),
    folder: row.file.split('/')[0], name: row.file.replace(/\.hea$/, ''), inMillivolt: row.amplitude === 'mV',
    wfdb: row.file.endsWith('.hea'),
  }));
}

export const HALVES = ['report', 'tune'];
export const ofHalf = (rows, half) => rows.filter((row) => row.half === half);
