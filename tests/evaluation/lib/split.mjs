// SPDX-License-Identifier: Apache-2.0
// Which half of the recordings may be looked at while tuning, and which half the figures are reported on. By person,
// so that no one is in both: the 32-bit FNV-1a hash of the subject's name, even for tuning and odd for the report.

export function fnv1a(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** @returns {'tune'|'report'} */
export const halfOf = (subject) => (fnv1a(subject) % 2 === 0 ? 'tune' : 'report');
