// SPDX-License-Identifier: Apache-2.0
// Means, quantiles, and intervals by resampling whole records: beats and leads of one record are not independent.

export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Standard deviation of a sample (n - 1); NaN below two values. */
export function sd(values) {
  if (values.length < 2) return NaN;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / (values.length - 1));
}

/** The value below which the share q lies, linear between neighbours. */
export function quantile(values, q) {
  if (!values.length) return NaN;
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * q, low = Math.floor(at);
  return low + 1 < sorted.length ? sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
}
export const median = (values) => quantile(values, 0.5);

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normal deviates from those (Box and Muller). */
export function gaussian(next) {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

export const BOOTSTRAP = { seed: 20240607, rounds: 1000 };

/** 95 % interval of statistic(pooled values) when whole groups are drawn with replacement; NaN below two groups. */
export function bootstrap(groups, statistic) {
  const filled = groups.filter((group) => group.length);
  if (filled.length < 2) return [NaN, NaN];
  const next = random(BOOTSTRAP.seed), seen = [];
  for (let round = 0; round < BOOTSTRAP.rounds; round++) {
    const pool = [];
    for (let k = 0; k < filled.length; k++) {
      const group = filled[Math.floor(next() * filled.length)];
      for (const value of group) pool.push(value);
    }
    const value = statistic(pool);
    if (Number.isFinite(value)) seen.push(value);
  }
  return [quantile(seen, 0.025), quantile(seen, 0.975)];
}

/** A number with `digits` decimals, a true minus sign, and a dash where there is none. */
export function shown(value, digits = 1) {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** "12.3 (10.1 to 14.0)": statistic over all groups and its interval. */
export function withInterval(groups, statistic, digits = 1) {
  const [low, high] = bootstrap(groups, statistic);
  const value = shown(statistic(groups.flat()), digits);
  return Number.isFinite(low) ? `${value} (${shown(low, digits)} to ${shown(high, digits)})` : value;
}
