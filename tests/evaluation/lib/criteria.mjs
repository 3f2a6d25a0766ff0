// SPDX-License-Identifier: Apache-2.0
// Which recordings the ECG packs call ST-elevation infarction or an equivalent, against the labels of their sources.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { halfName, line, reached, share, table } from './markdown.mjs';
import { median } from './numbers.mjs';
import { personOf, HALVES } from './records.mjs';
import { forEach } from './tool.mjs';
import { readRecord, writeRecord } from './wfdb.mjs';

/** A positive call: these rules, certain at these levels. No symptom is given, so rules that ask for pain stay open. */
const POSITIVE = {
  'ECG-STEMI': ['positive'], 'ECG-SGARB': ['positive'], 'ECG-MSGARB': ['positive'],
  'ECG-POST': ['confirmed', 'equivalent'], 'ECG-EQ-DW': ['equivalent'],
};
/** Shown, but no ST-elevation call: patterns of high risk and new depression. */
const REGIONS = ['ANT', 'LAT', 'INF', 'POST', 'RV', 'FRONT'].map((region) => `ECG-STEMI-${region}`);
const ALSO = ['ECG-EQ-AVR', 'ECG-STD', 'ECG-TINV', 'ECG-EQ-HAT', 'ECG-WEL-A', 'ECG-WEL-B'];

/** Name to [least, greatest], of protocol/fields/ecg.csv: beyond it a field takes no value, and `rules eval` refuses the case. */
export function readRanges(path) {
  const lines = readFileSync(path, 'utf8').split('\n').filter((text) => text !== '' && !text.startsWith('#'));
  const [head, ...rows] = lines.map((text) => text.split(','));
  const [name, least, greatest] = ['field', 'min', 'max'].map((column) => head.indexOf(column));
  return new Map(rows.filter((cells) => cells[least] !== '' && cells[greatest] !== '')
    .map((cells) => [cells[name], [Number(cells[least]), Number(cells[greatest])]]));
}

/** The ECG packs' results on many measurements at once; `given`: { measured, options } each. Gives them `rules`. */
export function askRules({ rules, ranges }, given) {
  const ids = [...Object.keys(POSITIVE), ...REGIONS, ...ALSO], known = (options, name) => options[options.indexOf(name) + 1];
  const within = (name, value) => {
    const [least, greatest] = ranges.get(name) ?? [-Infinity, Infinity];
    return typeof value !== 'number' || (value >= least && value <= greatest);
  };
  const plausible = (facts) => Object.fromEntries(Object.entries(facts).filter(([name, value]) => within(name, value)));
  const cases = given.map(({ measured, options }) => ({
    inputs: {
      ...plausible(measured.facts), ...(options.includes('--age') ? { age_years: Number(known(options, '--age')) } : {}),
      ...(options.includes('--sex') ? { sex: known(options, '--sex') } : {}),
    },
  }));
  rules.evaluate(ids, cases).forEach((results, i) => {
    given[i].measured.rules = ids.map((rule) => ({ rule, status: results[rule].status, level: results[rule].band }));
  });
}

/** @returns {{ call: 'positive'|'possible'|'negative'|'unreadable', by: string[] }} */
export function callOf(measured) {
  const rules = measured.rules ?? [];
  const by = rules.filter(({ rule, status, level }) => status === 'fired' && POSITIVE[rule]?.includes(level)).map(({ rule }) => rule);
  if (by.length) {
    const regions = rules.filter(({ rule, status, level }) => rule.startsWith('ECG-STEMI-') && status === 'fired' && level === 'positive');
    return { call: 'positive', by: [...by, ...regions.map(({ rule }) => rule)] };
  }
  if (!measured.readable) return { call: 'unreadable', by: [] };
  const open = rules.filter(({ rule, status }) => rule in POSITIVE && (status === 'fired' || status === 'cannot_evaluate'))
    .filter(({ rule, level, status }) => status === 'cannot_evaluate' || (rule === 'ECG-STEMI' && level !== 'none'))
    .map(({ rule }) => rule);
  return { call: open.length ? 'possible' : 'negative', by: open };
}

const has = (...tags) => (row) => tags.some((tag) => row.tags.has(tag));
export const isInfarct = has('MI', 'MI_OLD', 'MI_ACUTE_STAGE', 'STEMI', 'SUBENDO_INJURY', 'MI_ANT', 'MI_INF', 'MI_LAT');
const clear = (row) => !isInfarct(row);

export const POSITIVES = [
  { name: 'STEMI by label', of: has('STEMI') },
  { name: 'infarct, dated within four days', of: (row) => has('MI_ACUTE_STAGE')(row) && !row.tags.has('STEMI') },
  { name: 'infarct, stage not stated', of: (row) => has('MI')(row) && !has('MI_ACUTE_STAGE', 'STEMI', 'MI_OLD')(row) },
  { name: 'old infarct or scar', of: has('MI_OLD') },
];
export const NEGATIVES = [
  { name: 'normal', of: (row) => has('NORMAL')(row) && clear(row) && row.folder !== 'beats_1khz' },
  { name: 'normal, averaged beats', of: (row) => has('NORMAL')(row) && row.folder === 'beats_1khz' },
  { name: 'LBBB', of: (row) => has('LBBB')(row) && clear(row) && row.folder !== 'beats_1khz' },
  { name: 'LBBB, averaged beats', of: (row) => has('LBBB')(row) && row.folder === 'beats_1khz' },
  { name: 'LVH or high voltage', of: (row) => has('LVH', 'LV_HIGH_VOLT')(row) && clear(row) },
  { name: 'RBBB', of: (row) => has('RBBB')(row) && clear(row) },
  { name: 'paced', of: (row) => has('PACED')(row) && clear(row) },
  { name: 'other conduction (IVCD, hemiblock)', of: (row) => has('IVCD', 'LAFB', 'LPFB', 'ILBBB')(row) && clear(row) && !has('LBBB', 'RBBB')(row) },
  { name: 'early repolarisation', of: has('EARLY_REPOL') },
  { name: 'pericarditis', of: has('PERICARDITIS') },
  { name: 'ST depression or ischaemia', of: (row) => has('STD', 'ISCHEMIA')(row) && clear(row) },
];
/** The averaged beats are left out: the authors' registration stretches time. */
const counted = (row) => clear(row) && row.folder !== 'beats_1khz';
const ALL_NEGATIVE = { name: '**all without an infarct label**', of: counted };

/** The one averaged beat of a person, ten times, one second apart; the ends are blended over 24 ms so that no step is left. */
export function repeatBeat(record, times = 10) {
  const period = record.fs, blend = record.samples - period;
  return record.leads.map(({ name, values }) => {
    const out = new Float64Array(period * times);
    for (let i = 0; i < out.length; i++) {
      const k = i % period, share = blend > 0 && k < blend && i >= period ? k / blend : 1;
      out[i] = share * values[k] + (1 - share) * (share < 1 ? values[k + period] : 0);
    }
    return { name, values: out };
  });
}

async function measureOne({ tool, data, temp }, row) {
  let file = join(data, row.file);
  if (row.folder === 'beats_1khz') {
    const record = readRecord(file);
    file = writeRecord(temp, `beat_${record.name}`, record.fs, repeatBeat(record));
  }
  const options = personOf(row);
  return { file, options, measured: await tool.measure(file, options) };
}

const wrongCall = ({ row, call }) => (isInfarct(row) ? !row.tags.has('MI_OLD') && call !== 'positive' : call === 'positive');

/** The tool as shipped, on what was called against its label: it must say the same, and draws. */
async function drawWrong({ tool, drawings }, one) {
  const shipped = callOf(await tool.draw(one.file, join(drawings, `${one.row.name.replaceAll('/', '_')}.svg`), one.options));
  if (shipped.call !== one.call) throw new Error(`${one.row.name}: 'ecg measure' calls it ${shipped.call}, 'rules eval' ${one.call}`);
}

/** Every 12-lead (or 8-lead) recording in true millivolt. */
export async function measureCriteria(context) {
  const rows = context.index.filter((row) => row.wfdb && row.inMillivolt && row.leads.split(' ').length >= 8);
  const results = await forEach(rows, (row) => measureOne(context, row), context.refused);
  askRules(context, results);
  for (const one of results) Object.assign(one, callOf(one.measured));
  for (const one of results) one.wrong = wrongCall(one);
  await Promise.all(results.filter(({ wrong }) => wrong).map((one) => drawWrong(context, one)));
  return results;
}

const CALLS = ['positive', 'possible', 'negative', 'unreadable'];
const count = (list, call) => list.filter((one) => one.call === call).length;

function labelTable(results, groups, right, title) {
  const lines = groups.flatMap((group) => HALVES.map((half) => {
    const list = results.filter(({ row }) => row.half === half && group.of(row));
    const hits = right === 'positive' ? count(list, 'positive') : list.length - count(list, 'positive');
    return line(halfName(half), group.name, list.length, ...CALLS.map((call) => count(list, call)), share(hits, list.length, 'none in the data'));
  }));
  return table(['half', 'label', 'recordings', 'positive', 'possible', 'negative', 'not readable', title], lines);
}

const describe = ({ row, call, by, measured }) => {
  const levels = Object.entries(measured.leads ?? {}).filter(([, lead]) => lead.st_j_uv !== undefined)
    .sort(([, a], [, b]) => Math.abs(b.st_j_uv) - Math.abs(a.st_j_uv)).slice(0, 4)
    .map(([name, lead]) => `${name} ${lead.st_j_uv}`).join(', ');
  const also = (measured.rules ?? []).filter(({ rule, status }) => status === 'fired' && ALSO.includes(rule)).map(({ rule }) => rule);
  return line(row.half, row.name, [...row.tags].join(', '), call + (by.length ? `: ${by.join(', ')}` : ''), levels,
    `${measured.conduction ?? '–'}, ${measured.quality}`, also.join(', ') || '–');
};

const WRONG_HEAD = ['half', 'recording', 'labels', 'call', 'largest ST at J, µV', 'conduction, quality', 'other rules fired'];
const wrongTable = (list) => (list.length ? table(WRONG_HEAD, list.map(describe)) : 'None.');

export const specificity = (results, half) => {
  const list = results.filter(({ row }) => row.half === half && counted(row));
  return { right: list.length - count(list, 'positive'), all: list.length };
};

export function reportCriteria(results, ludbStemi) {
  const order = (a, b) => HALVES.indexOf(a.row.half) - HALVES.indexOf(b.row.half) || (a.row.name < b.row.name ? -1 : 1);
  const wrong = results.filter((one) => one.wrong).sort(order);
  const { right, all } = specificity(results, 'report');
  const averaged = results.filter(({ row }) => row.folder === 'beats_1khz');
  const wide = median(averaged.filter(({ row }) => row.tags.has('NORMAL')).map(({ measured }) => measured.qrs_ms).filter(Number.isFinite));
  const stemi = results.filter(({ row }) => row.tags.has('STEMI')).length;
  return `## Criteria

${results.length} recordings in true millivolt with eight or more leads: PTB-XL, the Challenge sets, PTB, Philips exports, and averaged beats of
${averaged.length} persons. A call is positive when ECG-STEMI, ECG-SGARB, ECG-MSGARB, ECG-POST or ECG-EQ-DW is certain with what the recording,
age and sex give; no symptom is given. "Possible" is a rule that fired short of that, or one that could not be evaluated because a
lead, age, sex or a symptom is missing.

**What the labels can show.** Recordings in true millivolt that are labelled STEMI: ${stemi}. "Infarct" is mostly of any age: an old scar has no
ST elevation, and a negative call is then right. So the sensitivity below is a floor against a label that means something else, and
its interval is wide. LUDB's ${ludbStemi} STEMI recordings and its early repolarisation have no millivolt and cannot be put to a millivolt rule;
pericarditis is not in the data.

### Labelled infarct

${labelTable(results, POSITIVES, 'positive', 'called positive (95 % interval)')}

### Without an infarct label

${labelTable(results, [...NEGATIVES, ALL_NEGATIVE], 'negative', 'not called positive (95 % interval)')}

A recording can stand in several rows. "Averaged beats" are one beat a person, smoothed by their authors, repeated ten times here: no
noise, no variation, and time stretched by the authors' registration (the healthy QRS is ${wide} ms wide in them, median). They are
shown, and left out of the last rows. Goal 97 % specificity, report half: ${reached(right >= 0.97 * all)}, ${share(right, all)}.

Published, patients with chest pain before hospital, so harder than a set of resting recordings: three programs 62 to 69 % sensitivity at
89 to 95 % specificity against a culprit artery (Garvey JL and others, J Electrocardiol 2016;49:728–732); one rule-based program 94.6 %
and 87.9 % against two readers (Lai JHY and others, Hong Kong Med J 2024, PMID 39049143). Whether the sensitivity here reaches such
figures cannot be told from ${stemi === 1 ? 'one recording' : `${stemi} recordings`} labelled STEMI: **not shown**.

### Each recording called against its label

Positive calls without an infarct label, and infarcts (not old ones) that were not called; each drawn into \`build/evaluation/\`.

${wrongTable(wrong)}
`;
}
