/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the receiving board, Chinese first. Part of the one dictionary of strings.ts. */
export const HOSPITAL_WORDS = {
} as const satisfies Record<string, readonly [zh: string, en: string]>;
