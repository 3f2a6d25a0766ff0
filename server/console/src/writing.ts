/* SPDX-License-Identifier: Apache-2.0 */
/* How much a person has to write, and may. */

export const REASON_TEXT_MIN = 5; /* JZ_REASON_TEXT_MIN of protocol/include/jingzhu/limits.h */
export const TAG_BYTES_MAX = 15, QUESTION_BYTES_MAX = 255, TEXT_BYTES_MAX = 120;
export const charactersOf = (text: string): number => [...text].filter((c) => c > " ").length;
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
