// SPDX-License-Identifier: Apache-2.0
// What spoils a recording, made from a seed: electrode by electrode, so that the leads stay consistent with one another.
import { gaussian, random } from './numbers.mjs';

const ELECTRODES = ['RA', 'LA', 'LL', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
/** A lead as the difference of electrodes; a chest lead against the mean of the limbs. */
const LEAD_OF = {
  i: { LA: 1, RA: -1 }, ii: { LL: 1, RA: -1 }, iii: { LL: 1, LA: -1 },
  avr: { RA: 1, LA: -0.5, LL: -0.5 }, avl: { LA: 1, RA: -0.5, LL: -0.5 }, avf: { LL: 1, RA: -0.5, LA: -0.5 },
};
export const weightsOf = (lead) => LEAD_OF[lead] ?? { [lead.toUpperCase()]: 1, RA: -1 / 3, LA: -1 / 3, LL: -1 / 3 };

/** Leads with the potentials of `wave(electrode, next)` added, a fresh one for each electrode. */
export function addAtElectrodes({ fs, leads }, seed, wave) {
  const next = random(seed), count = leads[0].values.length;
  const potential = Object.fromEntries(ELECTRODES.map((name) => [name, wave(count, fs, next)]));
  return leads.map(({ name, values }) => {
    const weights = Object.entries(weightsOf(name.toLowerCase()));
    return { name, values: values.map((v, i) => weights.reduce((sum, [electrode, weight]) => sum + weight * potential[electrode][i], v)) };
  });
}

/** White noise without its slow part (a high pass at 20 Hz): what muscle gives. RMS `size` microvolt. */
export const muscle = (size) => (count, fs, next) => {
  const deviate = gaussian(next), keep = Math.exp((-2 * Math.PI * 20) / fs), out = new Float64Array(count);
  let slow = 0;
  for (let i = 0; i < count; i++) {
    const v = deviate();
    slow = keep * slow + (1 - keep) * v;
    out[i] = v - slow;
  }
  const rms = Math.sqrt(out.reduce((sum, v) => sum + v * v, 0) / count);
  return out.map((v) => (v * size) / rms);
};

/** 50 Hz of `size` microvolt, at a phase of its own. */
export const mains = (size) => (count, fs, next) => {
  const phase = 2 * Math.PI * next(), share = 0.5 + next();
  return Float64Array.from({ length: count }, (_, i) => size * share * Math.sin((2 * Math.PI * 50 * i) / fs + phase));
};

/** Three slow waves between 0.15 and 0.5 Hz, together about `size` microvolt high: breathing and drift. */
export const wander = (size) => (count, fs, next) => {
  const parts = [0, 1, 2].map(() => ({ hz: 0.15 + 0.35 * next(), phase: 2 * Math.PI * next() }));
  return Float64Array.from({ length: count }, (_, i) => (size / 3)
    * parts.reduce((sum, { hz, phase }) => sum + Math.sin((2 * Math.PI * hz * i) / fs + phase), 0));
};

/** Steps of up to `size` microvolt that die away within half a second, about one in four seconds at each electrode. */
export const motion = (size) => (count, fs, next) => {
  const out = new Float64Array(count);
  let level = 0;
  const decay = Math.exp(-1 / (0.25 * fs));
  for (let i = 0; i < count; i++) {
    if (next() < 1 / (4 * fs)) level += size * (2 * next() - 1);
    level *= decay;
    out[i] = level;
  }
  return out;
};

const DETACHED = ['V1', 'V4', 'V2', 'V6', 'V3', 'V5', 'LL', 'RA', 'LA'];

/** So many electrodes come off: every lead that needs one of them is flat, or floats (50 Hz and drift). A limb electrode takes the
 *  chest leads too. */
export function detach(record, number, seed, floating) {
  const gone = new Set(DETACHED.slice(0, number)), next = random(seed), { fs, leads } = record;
  return leads.map(({ name, values }) => {
    if (!Object.keys(weightsOf(name.toLowerCase())).some((electrode) => gone.has(electrode))) return { name, values };
    if (!floating) return { name, values: new Float64Array(values.length) };
    const hum = mains(1500)(values.length, fs, next), drift = wander(1000)(values.length, fs, next);
    return { name, values: hum.map((v, i) => v + drift[i]) };
  });
}

/** The amplifier's range: what lies beyond stays at the rail. */
export const clip = ({ leads }, limit) => leads.map(({ name, values }) => ({
  name, values: values.map((v) => Math.max(-limit, Math.min(limit, v))),
}));

/** Gaps of 200 ms in every lead at once, until `share` of the samples is missing: a link that drops packets. */
export function lose({ fs, leads }, seed, share) {
  const next = random(seed), count = leads[0].values.length, gap = Math.round(0.2 * fs), gone = new Uint8Array(count);
  for (let lost = 0, tries = 0; lost < share * count && tries < 100000; tries++) {
    const start = Math.floor(next() * count);
    for (let i = start; i < Math.min(count, start + gap); i++) {
      lost += 1 - gone[i];
      gone[i] = 1;
    }
  }
  return leads.map(({ name, values }) => ({ name, values: values.map((v, i) => (gone[i] ? NaN : v)) }));
}

/** FHR samples: gaps of 10 to 60 s until `share` is lost (0 bpm). */
export function loseRate(values, seed, share) {
  const next = random(seed), out = Float64Array.from(values);
  const want = share * values.filter((v) => v > 0).length;
  for (let lost = 0, tries = 0; lost < want && tries < 100000; tries++) {
    const start = Math.floor(next() * out.length), length = 4 * (10 + Math.floor(50 * next()));
    for (let i = start; i < Math.min(out.length, start + length); i++) {
      if (out[i] > 0) lost++;
      out[i] = 0;
    }
  }
  return out;
}

/** Half or double rates for 5 to 20 s, until `share` of the samples is touched: the counter lost its way. */
export function miscount(values, seed, share) {
  const next = random(seed), out = Float64Array.from(values), touched = new Uint8Array(values.length);
  for (let done = 0, tries = 0; done < share * out.length && tries < 100000; tries++) {
    const start = Math.floor(next() * out.length), length = 4 * (5 + Math.floor(15 * next())), factor = next() < 0.5 ? 0.5 : 2;
    for (let i = start; i < Math.min(out.length, start + length); i++) {
      if (touched[i]) continue;
      touched[i] = 1;
      done++;
      out[i] = Math.min(240, out[i] * factor);
    }
  }
  return out;
}

/** Every sample jittered by a normal deviate of `size` bpm. */
export function jitter(values, seed, size) {
  const deviate = gaussian(random(seed));
  return Float64Array.from(values, (v) => (v > 0 ? Math.max(30, Math.min(240, v + size * deviate())) : 0));
}
