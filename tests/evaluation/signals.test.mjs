// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { match, mergeLeads, within } from './lib/beats.mjs';
import { askRules, callOf, readRanges, repeatBeat } from './lib/criteria.mjs';
import { agreement, compareTrace, majority } from './lib/ctg.mjs';
import { compareMeasures, delivered, makeFolder } from './lib/degrade.mjs';
import { annotatedLevels, boundariesOf, differences, ownLevels } from './lib/delineation.mjs';
import { addAtElectrodes, clip, detach, lose, loseRate, muscle, weightsOf } from './lib/noise.mjs';
import { bootstrap, median, quantile, random, sd, shown, withInterval } from './lib/numbers.mjs';
import { personOf } from './lib/records.mjs';
import { fnv1a, halfOf } from './lib/split.mjs';

test('quantiles lie between neighbours, and a spread needs two values', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(quantile([0, 10], 0.25), 2.5);
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.equal(sd([2, 4]), Math.SQRT2);
  assert.ok(Number.isNaN(sd([1])));
});

test('a number that is not there is a dash, and nothing below zero is no minus', () => {
  assert.equal(shown(NaN), '–');
  assert.equal(shown(-0.04), '0.0');
  assert.equal(shown(-1.25, 1), '−1.3');
});

test('the same seed draws the same numbers, another seed others', () => {
  const [a, b, c] = [random(7), random(7), random(8)].map((next) => [next(), next(), next()]);
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
  assert.ok(a.every((v) => v >= 0 && v < 1));
});

test('whole records are drawn: what is the same within each widens the interval', () => {
  const [low, high] = bootstrap([[0, 0, 0, 0], [10, 10, 10, 10]], (v) => v.reduce((x, y) => x + y, 0) / v.length);
  assert.deepEqual([low, high], [0, 10]);
  assert.deepEqual(bootstrap([[1, 2, 3]], median), [NaN, NaN]);
  assert.equal(withInterval([[1, 2, 3]], median), '2.0');
});

test('the half of a person depends on the name alone', () => {
  assert.equal(fnv1a(''), 0x811c9dc5);
  assert.equal(fnv1a('a'), 0xe40c292c);
  assert.equal(halfOf('a'), 'tune');
  assert.equal(halfOf('b'), 'report');
});

test('age and sex become options only where they are numbers and known', () => {
  assert.deepEqual(personOf({ age: '>89', sex: 'F' }), ['--age', '90', '--sex', 'female']);
  assert.deepEqual(personOf({ age: '300', sex: 'M' }), ['--age', '90', '--sex', 'male']);
  assert.deepEqual(personOf({ age: 'NaN', sex: '' }), []);
});

test('a beat is found once, by the nearest within the window', () => {
  assert.deepEqual(match([1, 2, 3], [0.9, 1.02, 2.2, 3.15]), { pairs: [[1, 1.02], [3, 3.15]], hit: 2, missed: 1, extra: 2 });
  assert.equal(match([1, 1.1], [1.05]).hit, 1);
});

test('only the annotated stretch is counted', () => {
  assert.deepEqual(within([1, 9], [0.2, 0.9, 5, 9.1, 9.9]), [0.9, 5, 9.1]);
});

test('leads annotated apart make one beat where half of them agree', () => {
  assert.deepEqual(mergeLeads([[1, 2], [1.02], [1.04], [5]]), [1.02]);
});

const wave = (kind, on, peak, off) => ({ kind, on, peak, off });

test('boundaries of one beat come from every lead that has it, sorted', () => {
  const leads = new Map([
    ['i', [wave('qrs', 95, 100, 110), wave('t', 150, 160, 180)]],
    ['ii', [wave('qrs', 93, 101, 112), wave('qrs', 293, 301, 312)]],
    ['iii', [wave('qrs', 295, 300, 310)]],
  ]);
  assert.deepEqual(boundariesOf({ fs: 100, leads }, 1), { qrsOn: [0.93, 0.95], j: [1.1, 1.12], tOff: [1.8] });
});

const sixLeads = () => new Map(['i', 'ii', 'iii', 'avr', 'avl', 'avf'].map((name, k) => [name, [wave('qrs', 450 + k, 500, 550 + k), wave('t', 600, 650, 700)]]));

test('a mark of the averaged beat is laid over each main beat and compared with the third lead from outside', () => {
  const measured = { beats: [{ at: 500, kind: 'main' }, { at: 900, kind: 'other' }], marks: { qrs_on: 150, j: 200, t_off: 275 } };
  const out = differences(measured, { fs: 500, leads: sixLeads() }, [[1, 1], [1.8, 1.8]]);
  // Onset of the program at 500 + 150 - 175 = 475; third earliest 452: 23 samples of 2 ms.
  assert.deepEqual(out.qrsOn.third.map(Math.round), [46]);
  assert.deepEqual(out.qrsOn.outer.map(Math.round), [50]);
  assert.deepEqual(out.j.third.map(Math.round), [-56]);
  assert.deepEqual(out.tOff.third.map(Math.round), [-200]);
});

test('the ST level is that at J less that at the onset, the median over the main beats', () => {
  const values = new Float64Array(4000), leads = new Map([['i', []]]);
  [500, 1500, 2500].forEach((at, k) => {
    leads.get('i').push(wave('qrs', at - 20, at, at + 30));
    values.fill(10, at - 25, at - 10);
    values.fill(110 + 10 * k, at + 25, at + 40);
  });
  const record = { fs: 500, leads: [{ name: 'I', values }] };
  assert.equal(annotatedLevels(record, { leads }, [1, 3, 5]).get('i'), 110);
  assert.equal(annotatedLevels(record, { leads }, [1, 3]).size, 0);
  const measured = { beats: [500, 1500, 2500].map((at) => ({ at, kind: 'main' })), marks: { qrs_on: 155, j: 205 } };
  assert.equal(ownLevels(record, measured).get('i'), 110);
});

test('only a certain rule of ST elevation is a positive call; an open one is possible', () => {
  const call = (rules, readable = true) => callOf({ readable, rules }).call;
  assert.equal(call([{ rule: 'ECG-STEMI', status: 'fired', level: 'positive' }], false), 'positive');
  assert.equal(call([{ rule: 'ECG-STEMI', status: 'fired', level: 'borderline' }]), 'possible');
  assert.equal(call([{ rule: 'ECG-POST', status: 'cannot_evaluate' }]), 'possible');
  assert.equal(call([{ rule: 'ECG-STD', status: 'fired', level: 'st-depression' }]), 'negative');
  assert.equal(call([{ rule: 'ECG-SGARB', status: 'fired', level: 'negative' }]), 'negative');
  assert.equal(call([], false), 'unreadable');
});

test('the rules get the facts with age and sex, and no value that its field would refuse', () => {
  const asked = [];
  const evaluate = (ids, cases) => {
    asked.push(...cases);
    return cases.map(() => Object.fromEntries(ids.map((id) => [id, { status: 'fired', band: 'positive' }])));
  };
  const given = [{ measured: { facts: { st_ii: 265, st_v1: 9000, qrs_ii: 'positive' } }, options: ['--age', '50', '--sex', 'male'] }];
  askRules({ rules: { evaluate }, ranges: new Map([['st_ii', [-5000, 5000]], ['st_v1', [-5000, 5000]]]) }, given);
  assert.deepEqual(asked, [{ inputs: { st_ii: 265, qrs_ii: 'positive', age_years: 50, sex: 'male' } }]);
  assert.equal(callOf({ readable: true, ...given[0].measured }).call, 'positive');
});

test('ranges are read past the comments, and fields without one have none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jz-signals-'));
  try {
    writeFileSync(join(folder, 'f.csv'), '# what, it is\ncode,field,min,max\n1,st_ii,-5000,5000\n2,paced,,\n');
    assert.deepEqual([...readRanges(join(folder, 'f.csv'))], [['st_ii', [-5000, 5000]]]);
    makeFolder(folder);
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a beat that no lead delivered cannot be missed', () => {
  const whole = new Float64Array(500).fill(1), holed = Float64Array.from(whole, (v, i) => (i > 240 && i < 260 ? NaN : v));
  assert.equal(delivered(500, [{ values: holed }], 0.5), false);
  assert.equal(delivered(500, [{ values: holed }, { values: whole }], 0.5), true);
  assert.equal(delivered(500, [{ values: holed }], 0.2), true);
});

test('an averaged beat is repeated without a step at the seam', () => {
  const values = Float64Array.from({ length: 1024 }, (_, i) => i);
  const [{ values: out }] = repeatBeat({ fs: 1000, samples: 1024, leads: [{ name: 'I', values }] }, 2);
  assert.equal(out.length, 2000);
  assert.equal(out[999], 999);
  assert.equal(out[1000], 1000);
  assert.equal(out[1024], 24);
  assert.ok(Math.abs(out[1012] - (0.5 * 12 + 0.5 * 1012)) < 1e-9);
});

test('what more than half of the methods cover is the reference event', () => {
  assert.deepEqual(majority([[[0, 40]], [[10, 60]], [[100, 200]]]), [[10, 40]]);
  assert.deepEqual(majority([[[0, 40]], [[30, 60]], []]), []);
  assert.deepEqual(majority([[[0, 40]], [[0, 40]]]), [[0, 40]]);
});

test('events are the same when they share half of the shorter', () => {
  assert.deepEqual(agreement([[0, 20], [50, 90]], [[10, 60], [200, 220]]), { reference: 2, matched: 1, found: 2, confirmed: 1 });
});

test('a trace is compared minute by minute with the median of the methods', () => {
  const method = (name, v) => ({ name, baseline: [v, v, v], acceleration: [], deceleration: [] });
  const measured = { samples: 720, minutes: [{ baseline_bpm: 130 }, {}, { baseline_bpm: 150 }], events: [] };
  const out = compareTrace(measured, [method('a', 120), method('b', 128), method('c', 160)]);
  assert.deepEqual(out.ours, [2, 22]);
  assert.deepEqual([out.near, out.asked, out.minutes], [1, 2, 3]);
  assert.deepEqual(out.theirs.get('a'), [24, 24, 24]);
});

test('noise of electrodes keeps Einthoven: II is I and III together', () => {
  const zero = () => new Float64Array(500);
  const leads = addAtElectrodes({ fs: 500, leads: ['I', 'II', 'III', 'V1'].map((name) => ({ name, values: zero() })) }, 3, muscle(50));
  const [one, two, three] = leads.map(({ values }) => values);
  assert.ok(two.every((v, i) => Math.abs(v - one[i] - three[i]) < 1e-9));
  assert.ok(Math.sqrt(leads[3].values.reduce((s, v) => s + v * v, 0) / 500) > 40);
  for (const name of ['i', 'avf', 'v3']) assert.ok(Math.abs(Object.values(weightsOf(name)).reduce((a, b) => a + b, 0)) < 1e-12);
});

test('leads come off, clip and lose samples as asked', () => {
  const record = { fs: 500, leads: ['I', 'V1'].map((name) => ({ name, values: Float64Array.from({ length: 1000 }, (_, i) => i + 1) })) };
  const off = detach(record, 1, 1, false);
  assert.equal(off[0].values[9], 10);
  assert.ok(off[1].values.every((v) => v === 0));
  assert.equal(clip(record, 100)[0].values[900], 100);
  const lost = lose(record, 1, 0.2);
  const gone = lost[0].values.filter(Number.isNaN).length;
  assert.ok(gone >= 200 && gone <= 300);
  assert.deepEqual([...lost[0].values.map(Number.isNaN)], [...lost[1].values.map(Number.isNaN)]);
  assert.ok(loseRate(new Float64Array(2400).fill(140), 1, 0.5).filter((v) => v === 0).length >= 1200);
});

test('a spoilt recording is judged by the leads that it still offers', () => {
  const lead = (usable, st) => ({ usable, st_j_uv: st });
  const clean = { beats: [{ at: 500 }, { at: 1000 }], leads: { I: lead(true, 10), II: lead(true, 20), V1: lead(false) } };
  const spoilt = { beats: [{ at: 510 }], leads: { I: lead(true, 70), II: lead(false) }, quality: 40, readable: false, rules: [] };
  assert.deepEqual(compareMeasures(clean, spoilt), { errors: [60], kept: 1, leads: 2, hit: 1, missed: 1, extra: 0, quality: 40, readable: false, call: 'unreadable' });
});
