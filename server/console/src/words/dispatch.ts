/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the dispatcher's screen, Chinese first. Part of the one dictionary of strings.ts. */
export const DISPATCH_WORDS = {
} as const satisfies Record<string, readonly [zh: string, en: string]>;
