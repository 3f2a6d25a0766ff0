// SPDX-License-Identifier: Apache-2.0
// Beats found against beats annotated. A beat counts as found within 150 ms (ANSI/AAMI EC57), each one once.
import { join } from 'node:path';
import { halfName, line, reached, table } from './markdown.mjs';
import { BOOTSTRAP, bootstrap, median, shown } from './numbers.mjs';
import { HALVES } from './records.mjs';
import { wilson } from './statistics.mjs';
import { forEach } from './tool.mjs';
import { BEAT_CODES, readAnnotations, readHeader, wavesOf } from './wfdb.mjs';

export const WINDOW_S = 0.15;

/** Both sorted, in seconds. Pairs from the earliest on, each annotated beat with the nearest free one within the window. */
export function match(annotated, found, window = WINDOW_S) {
  const pairs = [];
  let free = 0;
  for (const at of annotated) {
    while (free < found.length && found[free] < at - window) free++;
    let best = -1;
    for (let k = free; k < found.length && found[k] <= at + window; k++)
      if (best < 0 || Math.abs(found[k] - at) < Math.abs(found[best] - at)) best = k;
    if (best >= 0) {
      pairs.push([at, found[best]]);
      free = best + 1;
    }
  }
  return { pairs, hit: pairs.length, missed: annotated.length - pairs.length, extra: found.length - pairs.length };
}

/** Those that lie where someone annotated: from a window before the first annotated beat to one after the last. */
export function within(annotated, found, window = WINDOW_S) {
  return found.filter((at) => at >= annotated[0] - window && at <= annotated.at(-1) + window);
}

/** Beats of several leads annotated one by one, as one list: what lies within the window of each other is one beat, at its median. */
export function mergeLeads(lists, window = WINDOW_S, atLeast = Math.ceil(lists.length / 2)) {
  const all = lists.flatMap((list, lead) => list.map((at) => ({ at, lead }))).sort((a, b) => a.at - b.at);
  const out = [];
  for (let k = 0; k < all.length;) {
    const group = [];
    const start = all[k].at;
    while (k < all.length && all[k].at - start <= window) group.push(all[k++]);
    if (new Set(group.map(({ lead }) => lead)).size >= atLeast) out.push(median(group.map(({ at }) => at)));
  }
  return out;
}

export const LUDB_LEADS = ['i', 'ii', 'iii', 'avr', 'avl', 'avf', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6'];

/** LUDB: { fs, leads: Map(name → waves) } */
export function delineated(data, row) {
  const base = join(data, row.name), { fs } = readHeader(`${base}.hea`);
  return { fs, leads: new Map(LUDB_LEADS.map((lead) => [lead, wavesOf(readAnnotations(`${base}.${lead}`))])) };
}

export function annotatedBeats(data, row) {
  if (row.folder === 'ludb') {
    const { fs, leads } = delineated(data, row);
    return mergeLeads([...leads.values()].map((waves) => waves.filter(({ kind }) => kind === 'qrs').map(({ peak }) => peak / fs)));
  }
  const { fs } = readHeader(join(data, `${row.name}.hea`));
  return readAnnotations(join(data, row.annotations)).filter(({ code }) => BEAT_CODES.has(code)).map(({ at }) => at / fs);
}

/** Counted by hand with the same matching; see the text below. */
const YARDSTICKS = [
  ['report: LUDB, lead II, gqrs', { records: 41, hit: 367, missed: 21, extra: 0 }],
  ['report: LUDB, lead II, xqrs', { records: 41, hit: 353, missed: 35, extra: 0 }],
  ['tune: LUDB, lead II, gqrs', { records: 38, hit: 321, missed: 19, extra: 0 }],
  ['tune: LUDB, lead II, xqrs', { records: 38, hit: 306, missed: 34, extra: 0 }],
  ['tune: MIT-BIH 208, first lead, gqrs', { records: 1, hit: 2934, missed: 21, extra: 11 }],
  ['tune: MIT-BIH 208, first lead, xqrs', { records: 1, hit: 2725, missed: 230, extra: 6 }],
];

const rowOf = (name, list, records = list.length) => {
  const sum = (key) => list.reduce((total, one) => total + one[key], 0);
  const hit = sum('hit'), annotated = hit + sum('missed'), found = hit + sum('extra');
  const spread = (whole) => {
    const groups = list.map((one) => [one]);
    const [low, high] = bootstrap(groups, (pool) => {
      const hits = pool.reduce((total, one) => total + one.hit, 0);
      return (100 * hits) / pool.reduce((total, one) => total + one.hit + one[whole], 0);
    });
    return Number.isFinite(low) ? `${shown(low, 2)}–${shown(high, 2)} %` : '–';
  };
  const of = (whole) => `${percent2(hit, whole)} (${wilson(hit, whole)})`;
  return line(name, records, annotated, sum('missed'), sum('extra'), of(annotated), spread('missed'), of(found), spread('extra'));
};
const percent2 = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)} %` : '–');

const HEAD = ['what', 'records', 'annotated', 'missed', 'extra', 'sensitivity (Wilson)', 'by record', 'positive predictivity (Wilson)',
  'by record'];

/** Beats by the analysis of the whole 12-lead recording, and by the running detector on the leads named. */
export async function measureBeats({ tool, data, index, refused }) {
  const ludb = index.filter((row) => row.folder === 'ludb');
  const long = index.filter((row) => row.folder !== 'ludb' && row.annotations !== '');
  const score = (row, found) => {
    const annotated = annotatedBeats(data, row);
    return match(annotated, within(annotated, found));
  };
  const whole = await forEach(ludb, async (row) => {
    const measured = await tool.measure(join(data, row.file));
    return { measured, ...score(row, (measured.beats ?? []).map(({ at }) => at / 500)) };
  }, refused);
  const running = (rows, leadsOf) => forEach(rows, async (row) => {
    const found = await tool.beats(join(data, row.file), leadsOf(row));
    return score(row, found.beats.map((at) => at / found.hz));
  }, refused);
  return { whole, running: await running(ludb, () => ['ii']), long: await running(long, (row) => row.leads.split(' ').slice(0, 2)),
    longOne: await running(long, (row) => row.leads.split(' ').slice(0, 1)) };
}

const atGoal = (list) => {
  const sum = (key) => list.reduce((total, one) => total + one[key], 0);
  const hit = sum('hit');
  return hit >= 0.995 * (hit + sum('missed')) && hit >= 0.995 * (hit + sum('extra'));
};

const PUBLISHED = [
  ['Pan and Tompkins', '99.3 % of beats detected correctly', '', 'MIT-BIH', 'Pan J, Tompkins WJ, IEEE Trans Biomed Eng 1985;32:230–236 (abstract)'],
  ['Pan and Tompkins, programmed again by others', '98.87 %', '99.14 %', 'MIT-BIH',
    'Zhai D and others, Math Biosci Eng 2023, doi 10.3934/mbe.2023848 (abstract)'],
  ['xqrs (wfdb-python)', '99.35 % gross', 'not read', 'MIT-BIH', 'its maintainer, wfdb-python pull request 321 (2021), version before that change'],
  ['gqrs (WFDB)', 'none found', 'none found', '',
    'no paper describes it (wfdb-python issue 91); no source that was read gives its figures on MIT-BIH'],
  ['wavelet delineator', '99.66 %', '99.56 %', 'first lead of several databases, 980,000 beats',
    'Martínez JP and others, IEEE Trans Biomed Eng 2004;51:570–581 (abstract)'],
];

const misses = (list) => list.filter(({ missed, extra }) => missed + extra > 0)
  .map(({ row, missed, extra }) => `${row.name} (${missed} missed, ${extra} extra)`).join(', ') || 'none';

export function reportBeats({ whole, running, long, longOne }) {
  const half = (list, name) => list.filter(({ row }) => row.half === name);
  const lines = HALVES.flatMap((name) => [
    ...(half(whole, name).length ? [rowOf(`${halfName(name)}: LUDB, 12 leads, 10 s, whole recording`, half(whole, name)),
      rowOf(`${name}: LUDB, lead II alone, running detector`, half(running, name))] : []),
    ...(half(long, name).length ? [rowOf(`${name}: MIT-BIH 208, both leads, running detector`, half(long, name)),
      rowOf(`${name}: MIT-BIH 208, first lead alone, running detector`, half(longOne, name))] : []),
  ]);
  return `## Beats

Every record with beat annotations. LUDB (${whole.length} records): a beat is where at least half of the twelve separately annotated
leads have a QRS peak within ${WINDOW_S * 1000} ms. Its annotators left out the first and last incomplete beats, so only the stretch between the
first and the last annotated beat is counted. MIT-BIH 208 is half an hour with premature and fused beats; it is scored from the first
beat on, without the five minutes of learning that EC57 allows. A beat is found within ${WINDOW_S * 1000} ms (ANSI/AAMI EC57), once.

${table(HEAD, lines)}

Goal 99.5 % / 99.5 % on clean 12-lead, report half: ${reached(atGoal(half(whole, 'report')))} (all LUDB records are taken, also those with
ectopic beats, pacing and atrial fibrillation). "By record" draws whole records with replacement (${BOOTSTRAP.rounds} rounds, seed
${BOOTSTRAP.seed}); Wilson's interval takes beats as independent, which those of one record are not.

Records of the report half with a beat missed or too many, whole recording: ${misses(half(whole, 'report'))}.

Two open detectors on the same records, matched in the same way: run once by hand with the WFDB Software Package (source of June 2022:
gqrs) and wfdb-python 4.3.1 (xqrs), both with their own settings and one lead; \`./run evaluate\` does not repeat it.

${table(HEAD, YARDSTICKS.map(([name, of]) => rowOf(name, [of], of.records)))}

Published, on other data (the whole MIT-BIH database or more; not the records above, so no ranking follows):

${table(['detector', 'sensitivity', 'positive predictivity', 'data', 'source'], PUBLISHED.map((cells) => line(...cells)))}
`;
}
