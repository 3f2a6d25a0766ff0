/* SPDX-License-Identifier: Apache-2.0 */
/* Words of ECG, CTG and print, Chinese first. Part of the one dictionary of strings.ts. */
export const PAPER_WORDS = {
} as const satisfies Record<string, readonly [zh: string, en: string]>;
