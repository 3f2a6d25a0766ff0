/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the consult screen, Chinese first. Part of the one dictionary of strings.ts. */
export const CONSULT_WORDS = {
} as const satisfies Record<string, readonly [zh: string, en: string]>;
