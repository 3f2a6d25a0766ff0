// SPDX-License-Identifier: Apache-2.0
// Accuracy as noise, lost leads and lost samples are added, against the same recording before: does the quality index fall first?
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { match } from './beats.mjs';
import { askRules, callOf, isInfarct } from './criteria.mjs';
import { line, table } from './markdown.mjs';
import { addAtElectrodes, clip, detach, jitter, lose, loseRate, mains, miscount, motion, muscle, wander } from './noise.mjs';
import { mean, median, quantile, shown } from './numbers.mjs';
import { personOf } from './records.mjs';
import { percent } from './statistics.mjs';
import { readRecord, writeRecord } from './wfdb.mjs';

export const SEED = 20240611;
const RECORDS = { report: 16, tune: 8 };
const INFARCTS = { report: 8, tune: 8 };
const SECONDS = 10;
const TRACES = { report: 8 };

const added = (name, unit, levels, wave) => ({
  name, levels: levels.map((size) => ({ label: `${size} ${unit}`, make: (record, seed) => addAtElectrodes(record, seed, wave(size)) })),
});
const KINDS = [
  added('muscle noise, RMS at each electrode', 'µV', [10, 20, 40, 60, 80, 160], muscle),
  added('mains 50 Hz, amplitude at each electrode', 'µV', [50, 100, 300, 1000, 2000, 3000], mains),
  added('baseline wander, 0.15–0.5 Hz', 'µV', [100, 300, 1000, 3000, 10000], wander),
  added('electrode motion, steps that die away', 'µV', [100, 300, 500, 700, 1000, 3000], motion),
  {
    name: 'electrodes off, flat',
    levels: [1, 2, 4, 6, 9].map((n) => ({ label: `${n} of 9`, make: (record, seed) => detach(record, n, seed, false) })),
  },
  {
    name: 'electrodes off, floating',
    levels: [1, 2, 4, 6, 9].map((n) => ({ label: `${n} of 9`, make: (record, seed) => detach(record, n, seed, true) })),
  },
  {
    name: 'saturated: amplifier range',
    levels: [2000, 1500, 1000, 500, 250].map((limit) => ({ label: `±${limit} µV`, make: (record) => clip(record, limit) })),
  },
  {
    name: 'samples lost, in gaps of 0.2 s',
    levels: [5, 10, 20, 30, 40, 60].map((n) => ({ label: `${n} %`, make: (record, seed) => lose(record, seed, n / 100) })),
  },
];

const byName = (a, b) => (a.row.name < b.row.name ? -1 : 1);

/** Recordings to spoil, in millivolt with 12 leads: the first normal ones of each half by name, and infarcts that are called when clean. */
function chosen(criteria) {
  const whole = criteria.filter(({ row }) => row.leads.split(' ').length >= 12 && row.folder !== 'beats_1khz').sort(byName);
  const first = (numbers, pick) => Object.entries(numbers)
    .flatMap(([half, number]) => whole.filter((one) => one.row.half === half && pick(one)).slice(0, number));
  return [
    ...first(RECORDS, ({ row, call }) => row.tags.has('NORMAL') && call !== 'positive').map((one) => ({ ...one, infarct: false })),
    ...first(INFARCTS, ({ row, call }) => isInfarct(row) && call === 'positive').map((one) => ({ ...one, infarct: true })),
  ];
}

/** The first ten seconds, all leads of the twelve: what is spoilt and written anew. */
function stretch({ name, fs, leads }) {
  const twelve = leads.filter((lead) => lead.unit.toLowerCase() === 'mv' && !/^v[xyz]$/i.test(lead.name));
  return { name, fs, leads: twelve.map((lead) => ({ name: lead.name, values: lead.values.slice(0, SECONDS * fs) })) };
}

/** Whether the samples around that moment are there in any lead: a beat that nobody delivered cannot be found. */
export function delivered(fs, leads, at) {
  const first = Math.max(0, Math.round((at - 0.06) * fs)), last = Math.round((at + 0.06) * fs);
  return leads.some(({ values }) => {
    for (let i = first; i <= last && i < values.length; i++) if (Number.isNaN(values[i])) return false;
    return true;
  });
}

/** The spoilt against the clean: one object a recording. `seen`: whether a beat's samples were delivered. */
export function compareMeasures(clean, spoilt, seen = () => true) {
  const leads = Object.entries(clean.leads ?? {}).filter(([, lead]) => lead.usable && lead.st_j_uv !== undefined);
  const errors = [], kept = leads.filter(([name]) => spoilt.leads?.[name]?.usable);
  for (const [name, lead] of kept) {
    const now = spoilt.leads[name].st_j_uv;
    if (now !== undefined) errors.push(Math.abs(now - lead.st_j_uv));
  }
  const seconds = ({ beats }) => (beats ?? []).map(({ at }) => at / 500);
  const found = seconds(spoilt), { pairs, extra } = match(seconds(clean), found);
  const hit = pairs.length, missed = seconds(clean).filter((at) => seen(at) && !pairs.some(([of]) => of === at)).length;
  return {
    errors, kept: kept.length, leads: leads.length, hit, missed, extra,
    quality: spoilt.quality ?? 0, readable: spoilt.readable === true, call: callOf(spoilt).call,
  };
}

export async function measureDegraded({ tool, rules, ranges, data, temp, refused }, criteria) {
  const results = [];
  const records = await Promise.all(chosen(criteria).map(async ({ row, infarct }) => {
    const record = stretch(readRecord(join(data, row.file)));
    const file = writeRecord(temp, `clean_${row.name.replaceAll('/', '_')}`, record.fs, record.leads);
    const options = personOf(row);
    return { row, infarct, record, options, measured: await tool.measure(file, options) };
  }));
  const asked = [...records];
  for (const [k, kind] of KINDS.entries())
    for (const [l, level] of kind.levels.entries()) {
      const ones = await Promise.all(records.map(async ({ row, infarct, record, options, measured: clean }, r) => {
        const leads = level.make(record, SEED + 1000 * r + 100 * k + l);
        const name = `d${k}_${l}_${r}`, file = writeRecord(temp, name, record.fs, leads);
        try {
          const one = { row, infarct, clean, options, measured: await tool.measure(file, options) };
          const seen = new Map((clean.beats ?? []).map(({ at }) => [at / 500, delivered(record.fs, leads, at / 500)]));
          asked.push(one);
          return { ...one, seen: (at) => seen.get(at) };
        } catch (error) {
          refused.push({ row, message: `${kind.name}, ${level.label}: ${String(error.message).split('\n')[0]}` });
          return null;
        } finally {
          for (const ending of ['hea', 'dat']) rmSync(join(temp, `${name}.${ending}`), { force: true });
        }
      }));
      results.push({ kind: kind.name, label: level.label, ones: ones.filter(Boolean) });
    }
  askRules({ rules, ranges }, asked);
  for (const result of results)
    result.ones = result.ones.map(({ row, infarct, clean, measured, seen }) => ({ row, infarct, ...compareMeasures(clean, measured, seen) }));
  return { results, clean: records.map(({ row, infarct, measured }) => ({ row, infarct, ...compareMeasures(measured, measured) })) };
}

/** Beats, errors and calls are those of recordings still called readable: nothing of the others is offered. */
const summary = (ones) => {
  const offered = ones.filter(({ readable }) => readable), errors = offered.flatMap((one) => one.errors);
  const total = (list, key) => list.reduce((sum, one) => sum + one[key], 0), sum = (key) => total(offered, key);
  return {
    records: ones.length, quality: ones.length ? mean(ones.map(({ quality }) => quality)) : NaN,
    kept: total(ones, 'kept'), leads: total(ones, 'leads'), readable: offered.length, median: median(errors), p95: quantile(errors, 0.95),
    wrong: errors.filter((e) => e > 100).length, hit: sum('hit'), missed: sum('missed'), extra: sum('extra'),
    called: ones.filter(({ call }) => call === 'positive').length,
  };
};

/** Accuracy has failed: what is still offered is off by more than half a small square too often, beats are lost, or a normal ECG is called. */
const failed = (now, clean) => now.p95 > 50 || now.called > clean.called
  || now.hit < 0.99 * (now.hit + now.missed) || now.hit < 0.99 * (now.hit + now.extra);
/** The index has fallen: ten points of the quality, or a tenth of the leads given up, or a recording called unreadable. */
const fallen = (now, clean) => now.quality <= clean.quality - 10 || now.kept < 0.9 * now.leads || now.readable < clean.readable;

function kindTable(name, levels, cleanOnes, half) {
  const of = (ones) => summary(ones.filter(({ row, infarct }) => row.half === half && !infarct));
  const clean = of(cleanOnes);
  let fell = -1, broke = -1;
  const lines = levels.map(({ label, ones }, k) => {
    const now = of(ones);
    if (fell < 0 && fallen(now, clean)) fell = k;
    if (broke < 0 && failed(now, clean)) broke = k;
    return line(label, shown(now.quality, 0), percent(now.kept, now.leads), `${now.readable} of ${now.records}`, shown(now.median, 0),
      shown(now.p95, 0), now.wrong, `${now.missed} of ${now.hit + now.missed}`, now.extra, now.called,
      fallen(now, clean) ? 'fallen' : '–', failed(now, clean) ? '**failed**' : '–');
  });
  const verdict = !clean.records ? 'no recording' : broke < 0 ? 'what was still offered stayed accurate at every level'
    : fell < 0 || fell > broke ? `**accuracy failed at ${levels[broke].label}, before the index fell**`
      : fell === broke ? `both at the same level, ${levels[fell].label}`
        : `the index fell first (${levels[fell].label}; accuracy at ${levels[broke].label})`;
  const order = broke < 0 || (fell >= 0 && fell < broke) ? 'first' : fell === broke ? 'same' : 'late';
  return { name, verdict, order, lines };
}

function tables({ results, clean }, half) {
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  return kinds.map((kind) => kindTable(kind, results.filter((one) => one.kind === kind), clean, half));
}

/** Traces: the baseline of each minute against that of the clean trace. */
const spoilt = (name, unit, levels, make) => ({
  name, levels: levels.map((n) => ({ label: `${n} ${unit}`, make: (values, seed) => make(values, seed, n) })),
});
const CTG_KINDS = [
  spoilt('signal lost, gaps of 10 to 60 s', '%', [10, 20, 40, 60, 80], (values, seed, n) => loseRate(values, seed, n / 100)),
  spoilt('half or double counting, 5 to 20 s', '%', [2, 5, 10, 20, 40], (values, seed, n) => miscount(values, seed, n / 100)),
  spoilt('jitter of every sample', 'bpm', [1, 2, 5, 10, 20], jitter),
];

function readTrace(path) {
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  const cells = rows.slice(1).map((line) => line.split(','));
  return { head: rows[0], cells, fhr: Float64Array.from(cells, (cell) => Number(cell[1]) || 0) };
}

export async function measureDegradedCtg({ tool, data, temp, traces, refused }) {
  const picked = Object.entries(TRACES).flatMap(([half, number]) => traces
    .filter(({ row, measured }) => row.half === half && measured.adequate).sort((a, b) => (a.row.name < b.row.name ? -1 : 1)).slice(0, number));
  const results = [];
  for (const [k, kind] of CTG_KINDS.entries())
    for (const [l, level] of kind.levels.entries()) {
      const ones = await Promise.all(picked.map(async ({ row, measured: clean }, r) => {
        const { head, cells, fhr } = readTrace(join(data, row.file));
        const made = level.make(fhr, SEED + 1000 * r + 100 * k + l), file = join(temp, `c${k}_${l}_${r}.csv`);
        writeFileSync(file, [head, ...cells.map((cell, i) => [cell[0], made[i].toFixed(2), ...cell.slice(2)].join(','))].join('\n') + '\n');
        try {
          return { row, clean, now: await tool.ctg(file, [], tool.light) };
        } catch (error) {
          refused.push({ row, message: `${kind.name}, ${level.label}: ${String(error.message).split('\n')[0]}` });
          return null;
        } finally {
          rmSync(file, { force: true });
        }
      }));
      results.push({ kind: kind.name, label: level.label, ones: ones.filter(Boolean) });
    }
  return results;
}

function ctgLine({ kind, label, ones }, half) {
  const some = ones.filter(({ row }) => row.half === half), errors = [];
  let known = 0, asked = 0;
  for (const { clean, now } of some)
    (clean.minutes ?? []).forEach((minute, i) => {
      if (minute.baseline_bpm === undefined) return;
      asked++;
      const value = now.minutes?.[i]?.baseline_bpm;
      if (value === undefined) return;
      known++;
      errors.push(Math.abs(value - minute.baseline_bpm));
    });
  const usable = some.map(({ now }) => now.usable_pct).filter((v) => v !== undefined);
  const adequate = some.filter(({ now }) => now.adequate).length;
  return line(kind, label, `${shown(mean(usable), 0)} %`, `${adequate} of ${some.length}`,
    percent(known, asked), shown(median(errors)), shown(quantile(errors, 0.95)));
}

/** Infarcts called when clean: what becomes of the call. */
function infarctTable({ results, clean }) {
  const some = clean.filter(({ infarct }) => infarct);
  if (!some.length) return 'No infarct is called when clean.';
  const lines = results.map(({ kind, label, ones }) => {
    const of = ones.filter(({ infarct }) => infarct), count = (call) => of.filter((one) => one.call === call).length;
    return line(kind, label, count('positive'), count('possible'), count('unreadable'), count('negative') ? `**${count('negative')}**` : 0);
  });
  return table(['what', 'level', 'still positive', 'possible', 'not readable', 'negative'], lines);
}

const HEAD = ['level', 'quality', 'leads kept', 'readable', 'ST error, median µV', '95th percentile', 'leads kept and off by 1 mm',
  'beats missed', 'beats extra', 'called positive', 'index', 'accuracy'];
const CTG_HEAD = ['what', 'level', 'usable of the last half hour', 'still adequate', 'minutes with a baseline', 'error, median bpm',
  '95th percentile'];

const section = ({ name, verdict, lines }, tune) => `### ${name[0].toUpperCase()}${name.slice(1)}

Report half: ${verdict}. Tuning half: ${tune.verdict}.

${table(HEAD, lines)}`;

const answer = (kinds) => {
  const named = (pick) => kinds.filter(pick).map(({ name }) => name).join('; ');
  const late = named(({ order }) => order === 'late'), same = named(({ order }) => order === 'same');
  const rest = late || same ? 'yes for the other kinds' : '**yes** for every kind';
  return [late && `**no** for ${late}`, same && `not shown, both at the same step, for ${same}`, rest].filter(Boolean).join('; ') + '.';
};

/** Leads kept and off by 1 mm, and normal recordings called, over everything. */
function silentErrors({ results }, half) {
  const ones = results.flatMap((one) => one.ones).filter(({ row, infarct }) => row.half === half && !infarct);
  const offered = ones.filter(({ readable }) => readable);
  return {
    kept: offered.reduce((sum, one) => sum + one.kept, 0), wrong: offered.flatMap(({ errors }) => errors).filter((e) => e > 100).length,
    called: ones.filter(({ call }) => call === 'positive').length, spoilt: ones.length,
  };
}

export const lateKinds = (ecg) => tables(ecg, 'report').filter(({ order }) => order === 'late').map(({ name }) => name);

export function reportDegraded(ecg, ctg) {
  const report = tables(ecg, 'report'), tune = tables(ecg, 'tune'), silent = silentErrors(ecg, 'report');
  const normal = (half) => ecg.clean.filter(({ row, infarct }) => row.half === half && !infarct), count = (half) => normal(half).length;
  const infarcts = ecg.clean.filter(({ infarct }) => infarct).length;
  const names = ecg.clean.filter(({ infarct }) => infarct).map(({ row }) => row.name).join(', ');
  const clean = summary(normal('report'));
  return `## Degradation

Normal 12-lead recordings in true millivolt, not called when clean (${count('report')} of the report half, ${count('tune')} of the tuning half, the
first by name) spoilt more and more, and measured against themselves before. Noise is added to the nine electrode potentials, so that the
leads stay consistent; seed ${SEED}. Clean, report half: quality ${shown(clean.quality, 0)}, ${clean.readable} of ${clean.records} readable.
Errors are those of leads still offered as usable in recordings still called readable; a beat whose samples were not delivered in any
lead is not missed.

*Index fallen*: mean quality ten points down, a tenth of the leads given up, or a recording called unreadable. *Accuracy failed*: among
the leads still offered the 95th percentile of the ST error is above 50 µV, more than 1 % of beats missed or extra, or a normal recording
newly called positive.

**Does quality fall before accuracy?**

* Report half: ${answer(report)}
* Tuning half: ${answer(tune)}

What was offered and wrong, over all kinds and levels of the report half: ${silent.wrong} of ${silent.kept} leads kept were off by more
than 1 mm, and ${silent.called} of ${silent.spoilt} spoilt normal recordings were called positive.

${report.map((one) => section(one, tune.find(({ name }) => name === one.name))).join('\n\n')}

### What becomes of an infarct that is called

The ${infarcts} infarct recordings of both halves that are called when clean (${names}).
A call may be lost to "possible" or "not readable"; a readable negative would be a silent loss.

${infarctTable(ecg)}

### Cardiotocograms

The baseline of each minute against that of the same trace before; report half, the first traces by name that are adequate.

${table(CTG_HEAD, ctg.map((one) => ctgLine(one, 'report')))}
`;
}

export function makeFolder(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}
