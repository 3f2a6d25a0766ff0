// SPDX-License-Identifier: Apache-2.0
// Pieces of the report's tables.
import { percent, wilson } from './statistics.mjs';

export const line = (...cells) => `| ${cells.join(' | ')} |`;

export const table = (head, lines) => [line(...head), `|${'---|'.repeat(head.length)}`, ...lines].join('\n');

/** The report half stands out: its figures are the result. */
export const halfName = (half) => (half === 'report' ? '**report**' : half);

/** "12.5 % (2.2–47.1 %)", or what to say of nobody. */
export const share = (part, whole, nobody = '–') => (whole ? `${percent(part, whole)} (${wilson(part, whole)})` : nobody);

export const reached = (good) => (good ? '**reached**' : '**not reached**');
