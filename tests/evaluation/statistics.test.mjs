// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auc, decimal, kappa, percent, wilson } from './lib/statistics.mjs';

test('fractions are rounded half away from zero, without binary error', () => {
  assert.equal(decimal(1, 3, 3), '0.333');
  assert.equal(decimal(2, 3, 3), '0.667');
  assert.equal(decimal(1005, 1000, 2), '1.01');
  assert.equal(decimal(-1, 8, 2), '−0.13');
  assert.equal(decimal(1, -8, 2), '−0.13');
  assert.equal(decimal(5, 1, 0), '5');
  assert.equal(decimal(1, 0, 1), '–');
  assert.equal(percent(1, 8), '12.5 %');
});

test('an interval of a share stays within 0 and 100 percent and around it', () => {
  assert.equal(wilson(0, 10), '0.0–27.8 %');
  assert.equal(wilson(10, 10), '72.2–100.0 %');
  assert.equal(wilson(50, 100), '40.4–59.6 %');
});

test('kappa is 1 for the same, 0 for chance, and weighs by distance', () => {
  const same = [[1, 1], [2, 2], [3, 3]];
  assert.equal(kappa(same, 3, 2), '1.000');
  const chance = [[1, 1], [1, 2], [2, 1], [2, 2]];
  assert.equal(kappa(chance, 2, 2), '0.000');
  // Worked by hand: O = 1 at distance 1; expected sum(w r c) = 8, n = 4: 1 - 4 * 1 / 8.
  assert.equal(kappa([[1, 1], [1, 1], [2, 2], [2, 1]], 2, 1), '0.500');
});

test('the area is the share of pairs in the right order, ties half', () => {
  assert.equal(auc([3, 4], [1, 2]), '1.000');
  assert.equal(auc([1], [1]), '0.500');
  assert.equal(auc([1, 3], [2, 2]), '0.500');
  assert.equal(auc([2, 3], [1, 2]), '0.875');
});
