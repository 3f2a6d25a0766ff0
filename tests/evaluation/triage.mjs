// SPDX-License-Identifier: Apache-2.0
// The rules on public tables of real patients: node tests/evaluation/triage.mjs [DATA_FOLDER] [--out FILE]
// Reads ktas_triage.csv, eicu_admission_vitals.csv and uci_cleveland_heart.csv of the folder (default ../shared/data/triage
// beside the source tree), asks `jingzhu rules eval` of the build in JZ_BUILD (default build/release), and writes
// docs/clinical-evaluation.md. The same packs and tables give the same bytes.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportEicu } from './lib/eicu.mjs';
import { reportKtas } from './lib/ktas.mjs';
import { Rules } from './lib/rules.mjs';
import { reportUci } from './lib/uci.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
const flag = args.indexOf('--out');
const out = flag < 0 ? join(root, 'docs/clinical-evaluation.md') : args.splice(flag, 2)[1];
const data = resolve(args[0] ?? join(root, '../shared/data/triage'));
const tool = join(resolve(process.env.JZ_BUILD ?? join(root, 'build/release')), 'server/jingzhu');
const packs = process.env.JZ_PACKS ?? join(root, 'clinical-rules/packs');
const table = (name) => join(data, name);

if (args.length > 1 || !out) {
  console.error('usage: node tests/evaluation/triage.mjs [DATA_FOLDER] [--out FILE]');
  process.exit(2);
}
if (!existsSync(table('ktas_triage.csv'))) {
  console.log(`evaluation skipped: no ktas_triage.csv in ${data}; give the folder of the tables as the argument`);
  process.exit(0);
}

const rules = new Rules(tool, packs);
const all = [...rules.rules.values()];
const signed = all.filter((rule) => rule.signed).length;
const uci = reportUci(rules, table('uci_cleveland_heart.csv'));
const text = `<!-- Made by \`node tests/evaluation/triage.mjs\`. Run it again after a change of the packs; do not edit. -->

# The rules on real patients

What the packs of this version (${all.length} rules, ${signed} signed by a clinician) say about three public tables. It is a check that the rules
behave on real values as their authors meant, and a place to see whom they miss. **It is no clinical validation**: the tables are
small, from other countries, made for other questions, and lack much of what the rules ask for. Nothing here was used to choose a
threshold; all are the specification's. Before use on patients, the rules need a prospective comparison in Guiyang.

What these tables cannot show: anything about pregnancy, birth or newborns (no such patients are marked), the ECG and troponin
rules (no such data), time-dependent rules (one set of values a patient), and transport (hospital patients).

${reportKtas(rules, table('ktas_triage.csv'))}
${reportEicu(rules, table('eicu_admission_vitals.csv'))}
${uci.text}
## How to read it

* A patient less urgent than the experts thought is the error that hurts; it stands first. Most of them have normal vital signs and a
  history or an appearance that the tables do not hand to the rules: the rules never lower what a person decides, they add to it.
* The experts' level is an opinion with hindsight, and KTAS is not the Chinese scale; agreement beyond that of the triage nurse is
  not to be expected.
* Intervals are Wilson's; small groups have wide ones. No correction was made for looking at many figures.
* Sources: Moon SH and others, PLOS ONE 2019;14(9):e0216972 (KTAS); eICU Collaborative Research Database, demonstration set
  (ODbL 1.0); UCI Heart Disease, Cleveland (CC BY 4.0).
`;

writeFileSync(out, text);
console.log(`${out}: written`);
if (uci.ruledOut) {
  console.error(`${uci.ruledOut} rule-outs on incomplete data: that must never be`);
  process.exit(1);
}
