// SPDX-License-Identifier: Apache-2.0
// Statistics over counts, as whole fractions until they are printed: two machines print the same digits.

/** numerator / denominator with `digits` decimals, rounded half away from zero; both are whole (BigInt or number). */
export function decimal(numerator, denominator, digits) {
  let n = BigInt(numerator), d = BigInt(denominator);
  if (d === 0n) return '–';
  if (d < 0n) { n = -n; d = -d; }
  const minus = n < 0n, scale = 10n ** BigInt(digits);
  const scaled = ((minus ? -n : n) * scale * 2n + d) / (d * 2n);
  const text = scaled.toString().padStart(digits + 1, '0');
  const sign = minus && scaled !== 0n ? '−' : '';
  return sign + (digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text);
}

export const percent = (part, whole) => (whole ? `${decimal(part * 100, whole, 1)} %` : '–');

/** Wilson's 95 % interval of a share, in percent. */
export function wilson(part, whole) {
  if (!whole) return '–';
  const z = 1.959964, p = part / whole, z2 = z * z;
  const middle = p + z2 / (2 * whole), half = z * Math.sqrt((p * (1 - p) + z2 / (4 * whole)) / whole);
  const at = (x) => (Math.abs(x) < 1e-12 ? 0 : (x / (1 + z2 / whole)) * 100).toFixed(1);
  return `${at(middle - half)}–${at(middle + half)} %`;
}

/** matrix[i][j]: how many were i by the one and j by the other, i and j from 1 to `size`. */
export function matrixOf(pairs, size) {
  const matrix = Array.from({ length: size + 1 }, () => new Array(size + 1).fill(0));
  for (const [a, b] of pairs) matrix[a][b]++;
  return matrix;
}

/** Cohen's kappa with weights |i - j| ** power: 1 - n * sum(w O) / sum(w row column). */
export function kappa(pairs, size, power) {
  const matrix = matrixOf(pairs, size);
  const row = matrix.map((line) => line.reduce((a, b) => a + b, 0));
  const column = matrix[0].map((_, j) => matrix.reduce((sum, line) => sum + line[j], 0));
  let seen = 0, chance = 0;
  for (let i = 1; i <= size; i++)
    for (let j = 1; j <= size; j++) {
      const weight = Math.abs(i - j) ** power;
      seen += weight * matrix[i][j];
      chance += weight * row[i] * column[j];
    }
  return decimal(chance - pairs.length * seen, chance, 3);
}

/** Area under the ROC curve: of all pairs (event, none), how often the event has the higher value; ties count half. */
export function auc(events, others) {
  let twice = 0;
  for (const a of events) for (const b of others) twice += a > b ? 2 : a === b ? 1 : 0;
  return decimal(twice, 2 * events.length * others.length, 3);
}
