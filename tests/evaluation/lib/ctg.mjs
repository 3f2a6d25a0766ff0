// SPDX-License-Identifier: Apache-2.0
// Cardiotocograms: baseline and events against other programs' analyses of the same traces, classes against the cord blood's pH.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTable } from './csv.mjs';
import { halfName, line, reached, share, table } from './markdown.mjs';
import { mean, median, shown, withInterval } from './numbers.mjs';
import { HALVES } from './records.mjs';
import { halfOf } from './split.mjs';
import { auc, percent } from './statistics.mjs';
import { forEach } from './tool.mjs';

export function readReferences(path) {
  return new Map(readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
    .map(({ record, methods }) => [record, Object.entries(methods).map(([name, m]) => ({
      name, baseline: m.baseline_bpm_every_60s, acceleration: m.accelerations_s, deceleration: m.decelerations_s,
    }))]));
}

/** Seconds covered by more than half of the methods, as intervals of `shortest` seconds and longer. */
export function majority(lists, shortest = 15) {
  const edges = lists.flatMap((list) => list.flatMap(([start, end]) => [[start, 1], [end, -1]])).sort(([a, da], [b, db]) => a - b || da - db);
  const out = [];
  let depth = 0, begun;
  for (const [at, step] of edges) {
    const before = depth;
    depth += step;
    if (2 * before <= lists.length && 2 * depth > lists.length) begun = at;
    if (2 * before > lists.length && 2 * depth <= lists.length && at - begun >= shortest) out.push([begun, at]);
  }
  return out;
}

/** They are the same event when they share at least half of the shorter one. */
const same = ([a, b], [c, d]) => Math.min(b, d) - Math.max(a, c) >= 0.5 * Math.min(b - a, d - c);

/** How many of each list have a partner in the other. */
export function agreement(reference, found) {
  return {
    reference: reference.length, matched: reference.filter((one) => found.some((other) => same(one, other))).length,
    found: found.length, confirmed: found.filter((one) => reference.some((other) => same(one, other))).length,
  };
}

/** A method's baseline in minute m, between its values at both ends; NaN after its end. */
const baselineOf = ({ baseline }, m) => (m + 1 < baseline.length ? (baseline[m] + baseline[m + 1]) / 2 : baseline[m] ?? NaN);

const EVENTS = ['acceleration', 'deceleration'];
const KIND = { acceleration: 'acceleration', early: 'deceleration', late: 'deceleration', variable: 'deceleration', uniform: 'deceleration' };

const eventsOf = (measured, kind) => (measured.events ?? []).filter((event) => KIND[event.kind] === kind)
  .map(({ start_s, end_s }) => [start_s, end_s]);

/** One recording: differences of the program, and of each method, from the median of the (other) methods, minute by minute. */
export function compareTrace(measured, methods) {
  const minutes = measured.minutes ?? [], first = measured.first_minute ?? 0;
  const ours = [], theirs = new Map(methods.map(({ name }) => [name, []]));
  let near = 0, asked = 0;
  minutes.forEach((minute, k) => {
    const values = methods.map((method) => baselineOf(method, k + first));
    if (!values.every(Number.isFinite)) return;
    methods.forEach(({ name }, i) => theirs.get(name).push(Math.abs(values[i] - median(values.filter((_, other) => other !== i)))));
    if (minute.baseline_bpm === undefined) return;
    ours.push(minute.baseline_bpm - median(values));
    asked++;
    if (values.filter((value) => Math.abs(value - minute.baseline_bpm) <= 10).length >= 2) near++;
  });
  const events = Object.fromEntries(EVENTS.map((kind) => [kind, {
    ours: agreement(majority(methods.map((method) => method[kind])), eventsOf(measured, kind)),
    theirs: methods.map((method) => agreement(majority(methods.filter((other) => other !== method).map((other) => other[kind])), method[kind])),
  }]));
  return { ours, theirs, near, asked, minutes: minutes.length, events };
}

const gestation = (row) => {
  const weeks = Number.parseInt(row['Gest. weeks'], 10);
  return Number.isInteger(weeks) && weeks > 20 ? ['--ga-days', String(weeks * 7)] : [];
};

export async function measureCtg({ tool, data, refused }) {
  const references = readReferences(join(data, 'fhrma_reference_analyses.jsonl'));
  const outcomes = new Map(readTable(join(data, 'ctu_uhb_outcomes.csv'), ',').map((row) => [`ctu_${row.record}`, row]));
  const rows = readdirSync(data).filter((name) => /^(ctu|fhrma)_\w+\d\.csv$/.test(name)).sort().map((file) => {
    const name = file.replace(/\.csv$/, '');
    return { name, file, half: halfOf(name), methods: references.get(name), outcome: outcomes.get(name) };
  });
  return forEach(rows, async (row) => {
    const measured = await tool.ctg(join(data, row.file), row.outcome ? gestation(row.outcome) : []);
    return { measured, compared: row.methods ? compareTrace(measured, row.methods) : null };
  }, refused);
}

function baselineRows(list) {
  return HALVES.flatMap((half) => {
    const some = list.filter(({ row }) => row.half === half).map(({ compared }) => compared);
    const ours = some.map(({ ours: values }) => values.map(Math.abs));
    const sum = (key) => some.reduce((total, one) => total + one[key], 0);
    const of = (name, groups, near, known) => line(halfName(half), name, groups.length, groups.flat().length, known,
      withInterval(groups, median), withInterval(groups, mean), near);
    const names = [...new Set(some.flatMap(({ theirs }) => [...theirs.keys()]))];
    return [
      of('this program', ours, percent(sum('near'), sum('asked')), percent(sum('asked'), sum('minutes'))),
      ...names.map((name) => of(`${name}, against the others`, some.map(({ theirs }) => theirs.get(name) ?? []).filter((g) => g.length), '', '')),
    ];
  });
}

function eventRows(list) {
  return HALVES.flatMap((half) => EVENTS.flatMap((kind) => {
    const some = list.filter(({ row }) => row.half === half).map(({ compared }) => compared.events[kind]);
    const add = (parts) => parts.reduce((total, one) => Object.fromEntries(Object.keys(one).map((key) => [key, (total[key] ?? 0) + one[key]])), {});
    const of = (name, { reference, matched, found, confirmed }) => line(halfName(half), `${kind}s`, name, reference, found,
      share(matched, reference), share(confirmed, found));
    if (!some.length) return [];
    return [
      of('this program', add(some.map(({ ours }) => ours))),
      of('one method against the others, together', add(some.flatMap(({ theirs }) => theirs))),
    ];
  }));
}

const PH = [
  { name: 'below 7.05', of: (ph) => ph < 7.05 }, { name: '7.05 to 7.14', of: (ph) => ph >= 7.05 && ph < 7.15 },
  { name: '7.15 to 7.19', of: (ph) => ph >= 7.15 && ph < 7.2 }, { name: '7.20 and above', of: (ph) => ph >= 7.2 },
];
/** Worst last; what is not one of these (inadequate, too short, unknown) is counted apart. */
const SCHEMES = {
  figo: { order: ['normal', 'suspicious', 'pathological'], worst: ['pathological'] },
  nichd: { order: ['I', 'II', 'III'], worst: ['III'] },
  nice: { order: ['normal', 'watch', 'suspicious', 'pathological', 'urgent'], worst: ['pathological', 'urgent'] },
};
const SAME_AS = { 'suspicious-fever': 'suspicious' };

function classTable(list, half, scheme) {
  const { order, worst: last } = SCHEMES[scheme];
  const classOf = ({ measured }) => {
    const name = measured.classes?.[scheme], level = SAME_AS[name] ?? name;
    return order.includes(level) ? level : 'not classed';
  };
  const lines = PH.map(({ name, of }) => {
    const some = list.filter((one) => one.row.half === half && of(Number(one.row.outcome.pH)));
    const count = (level) => some.filter((one) => classOf(one) === level).length;
    const worst = some.filter((one) => last.includes(classOf(one))).length, classed = some.length - count('not classed');
    return line(name, some.length, ...order.map(count), count('not classed'), share(worst, classed));
  });
  const rank = (one) => order.indexOf(classOf(one));
  const known = list.filter((one) => one.row.half === half && rank(one) >= 0);
  const ranks = (of) => known.filter((one) => of(Number(one.row.outcome.pH))).map(rank);
  const acid = ranks(PH[0].of), well = ranks(PH.at(-1).of);
  return `${table([`${halfName(half)}: pH`, 'recordings', ...order, 'not classed', `${last.join(' or ')}, of those classed`], lines)}

Area under the curve, pH below 7.05 (${acid.length}) against 7.20 and above (${well.length}): ${auc(acid, well)}.`;
}

export const baselineMedian = (list, half) => median(list.filter(({ row, compared }) => compared && row.half === half)
  .flatMap(({ compared }) => compared.ours.map(Math.abs)));

const BASELINE_HEAD = ['half', 'who', 'traces', 'minutes', 'minutes with a baseline', 'median difference, bpm', 'mean, bpm',
  'within 10 bpm of two methods'];
const EVENT_HEAD = ['half', 'what', 'who', 'in the reference', 'found', 'of the reference, found', 'of those found, in the reference'];

export function reportCtg(list) {
  const traces = list.filter(({ compared }) => compared), births = list.filter(({ row }) => row.outcome);
  const goal = baselineMedian(list, 'report');
  const classes = (scheme) => [`#### ${scheme.toUpperCase()}`, ...HALVES.map((half) => classTable(births, half, scheme))].join('\n\n');
  const inadequate = births.filter(({ measured }) => !measured.adequate).length;
  return `## Cardiotocography

### Baseline and events, against other programs

${traces.length} traces of the FHRMA set, with what three or four published methods made of them (baseline once a minute, accelerations and
decelerations). **These are other programs' outputs, not experts' truth**, and they disagree with one another: how far each of them is
from the median of the others stands beside. The program's baseline of each minute is compared with the median of the methods.

${table(BASELINE_HEAD, baselineRows(traces))}

Goal 5 bpm median, report half: ${reached(goal <= 5)} (${shown(goal)} bpm). Intervals draw whole traces.

An event of the reference is what more than half of the methods cover for 15 s and longer; two events are the same when they share half
of the shorter one.

${table(EVENT_HEAD, eventRows(traces))}

### Classes, against the outcome

${births.length} intrapartum traces of CTU-UHB, up to the last 90 minutes before birth; the classes are those at the end of each trace. The
selection holds more acidosis than a labour ward; ${inadequate} traces end with too little signal. Paper speed (1 cm a minute there, often 3 cm in
China) shapes how people read, not these samples. pH is one outcome of one moment: a normal trace minutes before a cord accident ends in
acidosis, and most pathological traces end well. So this is a distribution, not an accuracy.

${Object.keys(SCHEMES).map(classes).join('\n\n')}
`;
}
