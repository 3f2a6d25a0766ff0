// SPDX-License-Identifier: Apache-2.0
// QRS onset, J point, T end and the ST level against LUDB's annotations, which cardiologists made lead by lead.
import { join } from 'node:path';
import { delineated } from './beats.mjs';
import { halfName, line, reached, table } from './markdown.mjs';
import { BOOTSTRAP, bootstrap, mean, median, quantile, sd, shown, withInterval } from './numbers.mjs';
import { HALVES } from './records.mjs';
import { readRecord } from './wfdb.mjs';

const R_IN_AVERAGE = 175, MS = 2;
const POINTS = [
  { id: 'qrsOn', name: 'QRS onset', mark: 'qrs_on', tolerance: 6.5, first: true },
  { id: 'j', name: 'J point', mark: 'j', tolerance: 11.6, first: false },
  { id: 'tOff', name: 'T end', mark: 't_off', tolerance: 30.6, first: false },
];
/** How twelve leads' boundaries become one: the outermost; the third from outside (two leads may stray); the middle one. */
const RULES = [
  { id: 'third', name: 'third outermost lead', pick: (v, first) => v[first ? Math.min(2, v.length - 1) : Math.max(v.length - 3, 0)] },
  { id: 'outer', name: 'outermost lead', pick: (v, first) => v[first ? 0 : v.length - 1] },
  { id: 'middle', name: 'median lead', pick: (v) => median(v) },
];
const LEADS_NEEDED = 6;

/** For one beat at `at` seconds: the boundaries of every lead that has them, in seconds. */
export function boundariesOf({ fs, leads }, at) {
  const out = { qrsOn: [], j: [], tOff: [] };
  for (const waves of leads.values()) {
    const k = waves.findIndex((wave) => wave.kind === 'qrs' && Math.abs(wave.peak / fs - at) <= 0.15);
    if (k < 0) continue;
    if (waves[k].on !== undefined) out.qrsOn.push(waves[k].on / fs);
    if (waves[k].off !== undefined) out.j.push(waves[k].off / fs);
    const t = waves[k + 1];
    if (t?.kind === 't' && t.off !== undefined) out.tOff.push(t.off / fs);
  }
  for (const list of Object.values(out)) list.sort((a, b) => a - b);
  return out;
}

const mainBeats = (measured) => (measured.beats ?? []).filter(({ kind }) => kind === 'main').map(({ at }) => at / 500);

/** Differences program − annotation in ms, by point and rule, one value a beat. */
export function differences(measured, annotation, pairs) {
  const out = Object.fromEntries(POINTS.map(({ id }) => [id, Object.fromEntries(RULES.map((rule) => [rule.id, []]))]));
  const main = new Set(mainBeats(measured));
  for (const [annotated, found] of pairs) {
    if (!main.has(found)) continue;
    const boundaries = boundariesOf(annotation, annotated);
    for (const point of POINTS) {
      const mark = measured.marks?.[point.mark], list = boundaries[point.id];
      if (mark === undefined || list.length < LEADS_NEEDED) continue;
      const at = found + ((mark - R_IN_AVERAGE) * MS) / 1000;
      for (const rule of RULES) out[point.id][rule.id].push((at - rule.pick(list, point.first)) * 1000);
    }
  }
  return out;
}

/** Mean of three samples, which the annotator's eye would not tell apart. */
const levelAt = (values, k) => (k >= 1 && k + 1 < values.length ? (values[k - 1] + values[k] + values[k + 1]) / 3 : NaN);

/** The level at the annotated J against that at the annotated onset, median over the main beats, by lead. */
export function annotatedLevels(record, annotation, beats) {
  const out = new Map();
  for (const { name, values } of record.leads) {
    const waves = (annotation.leads.get(name.toLowerCase()) ?? []).filter((wave) => wave.kind === 'qrs'
      && wave.on !== undefined && wave.off !== undefined
      && beats.some((at) => Math.abs(wave.peak / record.fs - at) <= 0.15));
    const levels = waves.map(({ on, off }) => levelAt(values, off) - levelAt(values, on)).filter(Number.isFinite);
    if (levels.length >= 3) out.set(name.toLowerCase(), median(levels));
  }
  return out;
}

/** The level at the program's own J against its own onset, read from the raw samples here: the reading without the delineation. */
export function ownLevels(record, measured) {
  const out = new Map(), { qrs_on: on, j } = measured.marks ?? {};
  if (on === undefined || j === undefined) return out;
  for (const { name, values } of record.leads) {
    const levels = mainBeats(measured).map((at) => {
      const sample = (mark) => Math.round((at + ((mark - R_IN_AVERAGE) * MS) / 1000) * record.fs);
      return levelAt(values, sample(j)) - levelAt(values, sample(on));
    }).filter(Number.isFinite);
    if (levels.length >= 3) out.set(name.toLowerCase(), median(levels));
  }
  return out;
}

const leadOf = (measured, name) => Object.entries(measured.leads ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

function stDifferences(measured, levels) {
  return [...levels].flatMap(([name, level]) => {
    const lead = leadOf(measured, name);
    return lead?.usable && lead.st_j_uv !== undefined ? [{ name, value: lead.st_j_uv - level }] : [];
  });
}

/** Every lead's height from lowest to highest sample, in microvolt, median over the records in true millivolt. */
export function typicalHeights(data, rows) {
  const heights = new Map();
  for (const row of rows)
    for (const { name, values } of readRecord(join(data, row.file)).leads) {
      const key = name.toLowerCase();
      const finite = values.filter(Number.isFinite);
      if (!heights.has(key)) heights.set(key, []);
      heights.get(key).push(quantile(finite, 1) - quantile(finite, 0));
    }
  return new Map([...heights].map(([key, list]) => [key, median(list)]));
}

export function compareDelineation({ data, whole }) {
  return whole.map(({ row, measured, pairs }) => {
    const annotation = delineated(data, row), record = readRecord(join(data, row.file));
    return {
      row, measured, ms: differences(measured, annotation, pairs),
      st: stDifferences(measured, annotatedLevels(record, annotation, mainBeats(measured))),
      own: stDifferences(measured, ownLevels(record, measured)),
    };
  });
}

const spreadOf = (values) => {
  const groups = values.map((v) => [v]);
  const [low, high] = bootstrap(groups, sd);
  return `${shown(sd(values))} (${shown(low)} to ${shown(high)})`;
};

function pointRows(compared, half) {
  const list = compared.filter(({ row }) => row.half === half);
  return POINTS.flatMap((point) => RULES.map((rule) => {
    const groups = list.map(({ ms }) => ms[point.id][rule.id]).filter((group) => group.length);
    const byRecord = groups.map(mean);
    return line(rule.id === 'third' ? halfName(half) : half, point.name, rule.name, groups.length, groups.flat().length,
      withInterval(byRecord.map((v) => [v]), mean), spreadOf(byRecord), withInterval(groups, sd), point.tolerance);
  }));
}

const goalOf = (compared) => POINTS.map((point) => {
  const values = compared.filter(({ row }) => row.half === 'report').map(({ ms }) => ms[point.id].third).filter((g) => g.length).map(mean);
  return `${point.name} ${shown(sd(values))} ms against ${point.tolerance}: ${reached(sd(values) <= point.tolerance)}`;
}).join('; ');

/** Median absolute difference by half: in thousandths of the lead's height, and in microvolt at typical heights. */
function stRows(compared, heights, key) {
  return HALVES.map((half) => {
    const groups = compared.filter(({ row }) => row.half === half).map((one) => one[key]).filter((g) => g.length);
    const size = (weigh) => groups.map((group) => group.map((d) => Math.abs(d.value) * weigh(d)));
    const scaled = (d) => (heights.get(d.name) ?? NaN) / 1000;
    const [plain, volts] = [size(() => 1), size(scaled)];
    const signed = groups.map((group) => group.map((d) => d.value));
    return line(halfName(half), groups.length, plain.flat().length, withInterval(plain, median), shown(quantile(plain.flat(), 0.95)),
      withInterval(signed, mean), withInterval(volts, median), shown(quantile(volts.flat(), 0.95)));
  });
}

/** Records further off than twice the tolerance, and the SD without them: one T wave taken for another weighs on any SD. */
function outliers(compared, half) {
  return POINTS.map((point) => {
    const list = compared.filter(({ row, ms }) => row.half === half && ms[point.id].third.length)
      .map(({ row, ms }) => ({ row, off: mean(ms[point.id].third) }));
    const far = list.filter(({ off }) => Math.abs(off) > 2 * point.tolerance);
    if (!far.length) return `* ${point.name}: none`;
    const names = far.map(({ row, off }) => `${row.name} (${shown(off, 0)} ms; ${[...row.tags].join(', ')})`).join(', ');
    const rest = list.filter((one) => !far.includes(one)).map(({ off }) => off);
    return `* ${point.name}: ${names}; SD without ${shown(sd(rest))} ms`;
  }).join('\n');
}

export function stMedian(compared, heights, half) {
  return median(compared.filter(({ row }) => row.half === half)
    .flatMap(({ st }) => st.map((d) => (Math.abs(d.value) * (heights.get(d.name) ?? NaN)) / 1000)));
}

const POINT_HEAD = ['half', 'point', 'reference', 'records', 'beats', 'mean, ms', 'SD over records, ms', 'SD over beats, ms', 'tolerance, ms'];
const ST_HEAD = ['half', 'records', 'leads', 'median size, ‰ of the lead\'s height', '95th percentile, ‰', 'mean, ‰',
  'median size at typical heights, µV', '95th percentile, µV'];

export function reportDelineation(compared, heights) {
  const st = stMedian(compared, heights, 'report');
  const typical = [...heights].map(([name, value]) => `${name} ${shown(value / 1000, 2)}`).join(', ');
  return `## Delineation

LUDB: cardiologists marked each wave of each lead on its own. The program gives one onset, one J point and one T end for all leads, on the
averaged beat of the main kind; laid over every main beat they are compared with that beat's annotations. Several leads become one
boundary by a rule; the result is that of the third outermost lead (the third earliest onset, the third latest end), which two straying
leads cannot move; the outermost and the median lead stand beside it. A beat needs ${LEADS_NEEDED} annotated leads. Differences are
program − annotation.

${table(POINT_HEAD, HALVES.flatMap((half) => pointRows(compared, half)))}

Goal, report half, SD over records (each record's mean over its beats, as the tolerances are meant for one beat a patient):
${goalOf(compared)}.

Records of the report half further off than twice the tolerance:

${outliers(compared, 'report')}

The tolerances are two standard deviations of the differences between readers (CSE Working Party, Eur Heart J 1985;6:815–825), so an SD as
large as the tolerance is the lenient reading; half of it would be the strict one. LUDB's leads were read one by one by
different people in different ways, and no second reading of them is published, so part of every SD is the annotators' own.
Intervals draw whole records (${BOOTSTRAP.rounds} rounds, seed ${BOOTSTRAP.seed}).

### ST level at the J point

The program's level at J against the level between the annotated onset and the annotated J of the same lead (mean of three raw
samples each, median over the main beats). **LUDB has no microvolt**: each of its leads is scaled on its own to a height of 1.0 from
lowest to highest sample. A difference is therefore a share of that height. To speak of microvolt, each lead is given the height that
is typical of it, the median over this set's 12-lead records in true millivolt. That is an assumption; no record of this set has both
true millivolt and an annotated J point. Heights taken, mV: ${typical}.

${table(ST_HEAD, stRows(compared, heights, 'st'))}

Goal 25 µV median, report half, under that assumption: ${reached(st <= 25)} (${shown(st)} µV). The annotated J of one lead and
the one J of all leads differ where the end of QRS is isoelectric in that lead, and the level is steep there: part of the difference
is the definition.

The reading alone: the program's level against the raw samples at the program's own onset and J.

${table(ST_HEAD, stRows(compared, heights, 'own'))}
`;
}
