// SPDX-License-Identifier: Apache-2.0
// UCI Cleveland: what chest-pain rules may say when almost everything is missing. Nothing may be ruled out.
import { uci } from './cohorts.mjs';
import { decimal } from './statistics.mjs';

const SCORES = ['CP-HEART', 'CP-HEAR', 'CP-EDACS', 'CP-EDACSADP', 'CP-TIMIUA', 'CP-GRACE', 'CP-ADDRS', 'CP-PERC', 'CP-YEARS', 'CP-WELLS'];

const width = (result) => ('value' in result ? 0 : result.hi - result.lo);

function line(rules, id, rows) {
  const of = rows.map((row) => row.results[id]);
  const status = (name) => of.filter((result) => result.status === name).length;
  const ruled = of.filter((result) => result.band !== null && rules.level(id, result.band).rule_out).length;
  const fields = new Set(of.flatMap((result) => result.used.map((used) => used.name)));
  const wide = of.reduce((sum, result) => sum + width(result), 0);
  return `| ${id} | ${[...fields].sort().map((name) => `\`${name}\``).join(' ') || '–'} | ${status('fired')} | ${status('cannot_evaluate')} | ` +
    `${status('not_fired') + status('not_applicable')} | ${decimal(wide, of.length, 1)} | ${ruled} |`;
}

/** @return the section, and how often a rule-out was given: it must be never. */
export function reportUci(rules, path) {
  const ids = rules.enabled(SCORES);
  const patients = uci(path), results = rules.evaluate(ids, patients.map((row) => row.case));
  const rows = patients.map((row, i) => ({ ...row, results: results[i] }));
  const ruledOut = rows.reduce((sum, row) => sum + ids.filter((id) => {
    const { band } = row.results[id];
    return band !== null && rules.level(id, band).rule_out;
  }).length, 0);
  const text = `## UCI Cleveland: patients sent for coronary angiography

${rows.length} patients, ${rows.filter((row) => row.disease).length} of them with narrowed coronary arteries. The table was made for another question: it has
no troponin, no onset, no vital signs but a resting blood pressure, and its numbers for the kind of chest pain differ between
copies. Only age, sex and that pressure can be given to the rules, with chest pain as if each had come with it; so no score can be
validated on it. What it shows is the behaviour on scarce data: what is missing stays an interval, and nothing is ruled out.

| rule | inputs it could use | fired | cannot evaluate | not fired or not for them | mean width of the interval | ruled out |
|---|---|---|---|---|---|---|
${ids.map((id) => line(rules, id, rows)).join('\n')}
`;
  return { text, ruledOut };
}
