// SPDX-License-Identifier: Apache-2.0
// The signal measurements on recordings of real patients: node tests/evaluation/signals.mjs [DATA_FOLDER] [--out FILE]
// Reads ecg/ and ctg/ of the folder (default ../shared/data beside the source tree), asks `jingzhu ecg` and `jingzhu ctg` of the
// build in JZ_BUILD (default build/release), and writes docs/signal-evaluation.md; drawings go to build/evaluation/.
// The same program, packs and recordings give the same bytes.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureBeats, reportBeats } from './lib/beats.mjs';
import { measureCriteria, readRanges, reportCriteria, specificity } from './lib/criteria.mjs';
import { baselineMedian, measureCtg, reportCtg } from './lib/ctg.mjs';
import { lateKinds, makeFolder, measureDegraded, measureDegradedCtg, reportDegraded } from './lib/degrade.mjs';
import { compareDelineation, reportDelineation, typicalHeights } from './lib/delineation.mjs';
import { measureAlarms, reportAlarms } from './lib/monitor.mjs';
import { readIndex } from './lib/records.mjs';
import { Rules } from './lib/rules.mjs';
import { lightPacks, Tool } from './lib/tool.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
const flag = args.indexOf('--out');
const out = flag < 0 ? join(root, 'docs/signal-evaluation.md') : args.splice(flag, 2)[1];
const data = resolve(args[0] ?? join(root, '../shared/data'));
const ecg = join(data, 'ecg'), ctg = join(data, 'ctg');
const drawings = join(root, 'build/evaluation');

if (args.length > 1 || !out) {
  console.error('usage: node tests/evaluation/signals.mjs [DATA_FOLDER] [--out FILE]');
  process.exit(2);
}
for (const needed of [join(ecg, 'index.csv'), join(ctg, 'ctu_uhb_outcomes.csv')])
  if (!existsSync(needed)) {
    console.log(`evaluation skipped: no ${needed}; give the folder that holds ecg/ and ctg/ as the argument`);
    process.exit(0);
  }

const program = join(resolve(process.env.JZ_BUILD ?? join(root, 'build/release')), 'server/jingzhu');
const packs = process.env.JZ_PACKS ?? join(root, 'clinical-rules/packs');
const index = readIndex(join(ecg, 'index.csv'));
const temp = mkdtempSync(join(tmpdir(), 'jz-evaluation-'));
const tool = new Tool(program, packs, lightPacks(packs, temp)), rules = new Rules(program, packs);
const refused = [];
makeFolder(drawings);

async function step(name, work) {
  const begun = performance.now(), result = await work();
  console.log(`${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return result;
}

try {
  const ranges = readRanges(join(root, 'protocol/fields/ecg.csv'));
  const context = { tool, rules, ranges, data: ecg, index, temp, drawings, refused };
  const beats = await step('beats', () => measureBeats(context));
  const twelve = index.filter((row) => row.wfdb && row.inMillivolt && row.leads.split(' ').length === 12);
  const { compared, heights } = await step('delineation', async () => ({
    compared: compareDelineation({ data: ecg, whole: beats.whole }), heights: typicalHeights(ecg, twelve),
  }));
  const criteria = await step('criteria', () => measureCriteria(context));
  const alarms = await step('alarms', () => measureAlarms(context));
  const traces = await step('cardiotocograms', () => measureCtg({ ...context, data: ctg }));
  const degraded = await step('degradation', () => measureDegraded(context, criteria));
  const degradedCtg = await step('degradation of traces', () => measureDegradedCtg({ ...context, data: ctg, traces }));
  const ludbStemi = index.filter((row) => row.folder === 'ludb' && row.tags.has('STEMI')).length;
  const count = (half) => index.filter((row) => row.half === half).length;
  const traceCount = (half) => traces.filter(({ row }) => row.half === half).length;
  const told = ({ row, message }) => `* ${row.name}: ${message.replaceAll(temp, '…').replaceAll(data, '…')}`;
  const byName = (a, b) => (a.row.name + a.message < b.row.name + b.message ? -1 : 1);
  const text = `<!-- Made by \`node tests/evaluation/signals.mjs\`. Run it again after a change of the signal code or the packs; do not edit. -->

# The signal measurements on real recordings

What \`jingzhu ecg\` and \`jingzhu ctg\` of this version measure on recordings of real patients, against what others annotated, labelled or
computed. **It is no clinical validation**: the sets are small, from other countries, mostly resting recordings of good quality, and few
hold an acute infarct. Before use on patients, the measurements need a prospective comparison in Guiyang.

**Which half is which.** Recordings are split by person: the FNV-1a hash of the subject's name (of the file's where none is given), even
for tuning, odd for the report. ECG: ${count('tune')} files for tuning, ${count('report')} for the report; cardiotocograms: ${traceCount('tune')} and ${traceCount('report')}. Constants of
the measurements were chosen while looking at the tuning half only. The figures of the **report** half are the result; those of the
tuning half stand beside them, and a large gap between the two would be a sign of tuning too far.

Intervals are 95 %: Wilson's for shares, whole recordings drawn with replacement for the rest. No correction was made for looking at
many figures.

${reportBeats(beats)}
${reportDelineation(compared, heights)}
${reportCriteria(criteria, ludbStemi)}
${reportAlarms(alarms)}
${reportCtg(traces)}
${reportDegraded(degraded, degradedCtg)}
## Speed and memory

Not measured here: \`./run bench\` times the ECG from filter to criteria and the cardiotocogram of an hour, with their working memory, beside
yardsticks in the same run ([benchmarks](benchmarks.md), P11).

## Recordings that the program refused

${refused.length ? [...refused].sort(byName).map(told).join('\n') : 'None.'}

## Sources

* LUDB 1.0.1, Kalyakulina AI and others, 2018 (ODC-By 1.0): beats, delineation.
* MIT-BIH Arrhythmia Database, record 208, Moody GB, Mark RG (ODC-By 1.0): beats.
* PTB-XL 1.0.3, Wagner P and others (CC BY 4.0); PhysioNet/CinC Challenge 2020 and 2021 sets (CC BY 4.0); PTB Diagnostic ECG Database
  (ODC-By 1.0); averaged beats of the roahd package (GPL-3); one Philips export of sierra-ecg-tools: criteria, degradation.
* PhysioNet/CinC Challenge 2015: monitor traces.
* CTU-UHB, Chudáček V and others, BMC Pregnancy Childbirth 2014;14:16 (ODC-By 1.0): classes, degradation. FHRMA, Boudet S and others, SoftwareX
  2020;11:100428 (GPL-3.0, used as test input only): baseline and events.
`;
  writeFileSync(out, text.replace(/\n{3,}/g, '\n\n'));
  console.log(`${out}: written; drawings in ${drawings}`);
  const spec = specificity(criteria, 'report');
  console.log(`report half: specificity ${spec.right} of ${spec.all}, CTG baseline ${baselineMedian(traces, 'report')} bpm, `
    + `accuracy failed before quality: ${lateKinds(degraded).join('; ') || 'never'}`);
} finally {
  rmSync(temp, { recursive: true, force: true });
}
