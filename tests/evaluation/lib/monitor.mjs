// SPDX-License-Identifier: Apache-2.0
// Bedside alarms of PhysioNet's 2015 challenge: what the last seconds before the alarm show, by the alarm and whether it was true.
import { join } from 'node:path';
import { line, table } from './markdown.mjs';
import { forEach } from './tool.mjs';

const ALARM_AT = 300, LOOK = 10;

export function measureAlarms({ tool, data, index, refused }) {
  return forEach(index.filter((row) => row.folder === 'alarms2015'), async (row) => ({
    measured: await tool.measure(join(data, row.file), ['--from', String(ALARM_AT - LOOK), '--seconds', String(LOOK)]),
  }), refused);
}

export function reportAlarms(list) {
  const lines = [...list].sort((a, b) => (a.row.half === b.row.half ? (a.row.labels < b.row.labels ? -1 : 1) : a.row.half === 'report' ? -1 : 1))
    .map(({ row, measured }) => line(row.half, row.name, row.labels.replace(/ \(.*/, ''), (measured.rhythm ?? []).join(', ') || 'none',
      measured.rate_bpm ?? 'unknown', measured.quality, measured.readable ? 'yes' : 'no'));
  return `## Monitor traces at an alarm

The ${LOOK} s before the alarm in ${list.length} bedside recordings (two ECG leads, 250 Hz). Too few for a rate; each is listed.

${table(['half', 'recording', 'alarm and truth', 'rhythm facts', 'rate', 'quality', 'readable'], lines)}
`;
}
