// SPDX-License-Identifier: Apache-2.0
// eICU: scores at the first examination on the unit against death in hospital.
import { eicu } from './cohorts.mjs';
import { auc, percent, wilson } from './statistics.mjs';

const SCORES = ['GEN-NEWS2', 'GEN-MEWS', 'GEN-QSOFA', 'GEN-SI', 'GEN-CN4'];

const lowest = (result) => result.value ?? result.lo;
const highest = (result) => result.value ?? result.hi;

/** Criteria have no total: the place of the level among the rule's, the most urgent highest. */
function rank(rules, id, result, band) {
  const levels = rules.rules.get(id).levels;
  const at = levels.findIndex((level) => level.id === result[band]);
  return at < 0 ? 0 : levels.length - at;
}

function ends(rules, id, result) {
  if (rules.rules.get(id).kind === 'score') return [lowest(result), highest(result)];
  return [rank(rules, id, result, 'band'), rank(rules, id, result, 'band_hi')];
}

function area(rules, id, rows, end) {
  const values = rows.map((row) => [ends(rules, id, row.results[id])[end], row.died]);
  return auc(values.filter(([, died]) => died).map(([v]) => v), values.filter(([, died]) => !died).map(([v]) => v));
}

function areas(rules, ids, groups) {
  const head = `| rule | complete | ${groups.map(([name]) => name).join(' | ')} |\n|---|---|${groups.map(() => '---|').join('')}`;
  const line = (id) => {
    const all = groups[0][1];
    const cells = groups.map(([, rows]) => `${area(rules, id, rows, 0)} / ${area(rules, id, rows, 1)}`);
    return `| ${id} | ${all.filter((row) => row.results[id].complete).length} of ${all.length} | ${cells.join(' | ')} |`;
  };
  return [head, ...ids.map(line)].join('\n');
}

function byBand(rules, rows) {
  const levels = [...rules.rules.get('GEN-NEWS2').levels.map((level) => level.id), null];
  const line = (band) => {
    const of = rows.filter((row) => row.results['GEN-NEWS2'].band === band), died = of.filter((row) => row.died).length;
    return of.length ? `| ${band ?? 'none (not applicable)'} | ${of.length} | ${died} (${percent(died, of.length)}; ${wilson(died, of.length)}) |` : '';
  };
  return ['| GEN-NEWS2 band, certain | patients | died in hospital (95 % interval) |', '|---|---|---|', ...levels.map(line).filter(Boolean)].join('\n');
}

export function reportEicu(rules, path) {
  const ids = rules.enabled(SCORES);
  const patients = eicu(path), results = rules.evaluate(ids, patients.map((row) => row.case));
  const rows = patients.map((row, i) => ({ ...row, results: results[i] }));
  const groups = [['all', rows], ['from the emergency department', rows.filter((row) => row.emergency)],
    ['heart', rows.filter((row) => row.cardiac)]].map(([name, of]) => [`${name} (${of.length}, ${of.filter((row) => row.died).length} died)`, of]);
  return `## eICU: first examination on an intensive care unit, death in hospital

${rows.length} stays with a known outcome (eICU demonstration set), ${rows.filter((row) => row.died).length} died in hospital. Given to the rules: age, sex, blood pressure,
heart rate, respiratory rate and SpO2 of the first structured examination, GCS, and oxygen where the patient was ventilated. The
temperature of the table is the worst of the first day, so it was left out; whether others had oxygen is not known. No score is
complete without these: the areas are given for the lower and the upper end of the interval. GEN-MEWS asks for AVPU, which the
table does not have, and is the poorer for it; GEN-NEWS2 and GEN-QSOFA take the GCS.

Area under the ROC curve for death in hospital, lower end / upper end (0.5 is chance):

${areas(rules, ids, groups)}

${byBand(rules, rows)}
`;
}
