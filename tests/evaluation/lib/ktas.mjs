// SPDX-License-Identifier: Apache-2.0
// KTAS: the rules' most urgent priority against the level that three experts gave.
import { complaints, ktas } from './cohorts.mjs';
import { kappa, matrixOf, percent, wilson } from './statistics.mjs';

const LEVELS = 4; // the Chinese scale has four; KTAS 5 and "nothing proposed" are counted with the fourth
const four = (level) => Math.min(level, LEVELS);

/** Rules of general emergencies and chest pain that propose priorities. */
export function triageRules(rules) {
  return [...rules.rules.values()]
    .filter((rule) => rule.enabled && /^(general|chest-pain)\//.test(rule.pack) && rule.kind !== 'clock')
    .filter((rule) => rule.levels.some((level) => level.priority))
    .map((rule) => rule.id);
}

function worstPriority(rules, result) {
  const level = result.band_hi === null ? null : rules.level(result.rule, result.band_hi);
  return level?.priority ?? LEVELS;
}

function judge(rules, ids, row, results) {
  const certain = Math.min(LEVELS, ...ids.map((id) => results[id].priority ?? LEVELS));
  const possible = Math.min(certain, ...ids.map((id) => worstPriority(rules, results[id])));
  return { ...row, expert: four(row.expert), nurse: four(row.nurse), results, certain, possible,
    by: ids.filter((id) => results[id].priority === certain) };
}

function counts(pairs) {
  const n = pairs.length;
  return {
    n,
    under: pairs.filter(([expert, ours]) => ours > expert).length,
    far: pairs.filter(([expert, ours]) => ours > expert + 1).length,
    same: pairs.filter(([expert, ours]) => ours === expert).length,
    over: pairs.filter(([expert, ours]) => ours < expert).length,
  };
}

function summary(name, pairs) {
  const c = counts(pairs);
  return `| ${name} | ${c.n} | ${c.under} (${percent(c.under, c.n)}; ${wilson(c.under, c.n)}) | ${c.far} | ${c.same} (${percent(c.same, c.n)}) | ` +
    `${c.over} (${percent(c.over, c.n)}) | ${kappa(pairs, LEVELS, 1)} | ${kappa(pairs, LEVELS, 2)} |`;
}

const summaryHead = `| whose level | patients | less urgent than the experts (95 % interval) | of these by 2 or more | same | more urgent | kappa, linear | kappa, quadratic |
|---|---|---|---|---|---|---|---|`;

function matrix(pairs) {
  const m = matrixOf(pairs, LEVELS), levels = [1, 2, 3, 4];
  const mark = (i, j) => (j > i ? `**${m[i][j]}**` : `${m[i][j]}`);
  return ['| experts \\ rules | P1 | P2 | P3 | P4 or none | all |', '|---|---|---|---|---|---|',
    ...levels.map((i) => `| ${i === 4 ? '4 and 5' : i} | ${levels.map((j) => mark(i, j)).join(' | ')} | ${levels.reduce((s, j) => s + m[i][j], 0)} |`)].join('\n');
}

/** What each rule would have caught of the patients whom the experts put in level 1 or 2. */
function byRule(ids, rows) {
  const urgent = rows.filter((row) => row.expert <= 2), rest = rows.filter((row) => row.expert > 2);
  const hit = (row, id) => row.results[id].priority !== null && row.results[id].priority <= 2;
  const line = (id) => {
    const caught = urgent.filter((row) => hit(row, id)).length, false_ = rest.filter((row) => hit(row, id)).length;
    return caught + false_ ? `| ${id} | ${caught} of ${urgent.length} (${percent(caught, urgent.length)}) | ${false_} of ${rest.length} (${percent(false_, rest.length)}) |` : '';
  };
  return ['| rule | P1 or P2 among experts 1 and 2 | among experts 3 to 5 |', '|---|---|---|', ...ids.map(line).filter(Boolean)].join('\n');
}

const words = (text) => (/^\?+$/.test(text) ? '(not readable)' : text.replace(/[|\r\n]/g, ' ').replace(/[^\x20-\x7e]/g, '?').toLowerCase());

function missed(rows) {
  const far = rows.filter((row) => row.certain >= row.expert + 2);
  const lines = far.map((row) => `| ${row.expert} | ${row.certain === 4 ? 'P4 or none' : `P${row.certain}`} | ${row.possible === 4 ? 'P4' : `P${row.possible}`} | ${words(row.complaint)} | ${words(row.diagnosis)} |`);
  return ['| experts | rules, certain | if all that is missing were at its worst | complaint | diagnosis on leaving |', '|---|---|---|---|---|', ...lines].join('\n');
}

function missing(rows) {
  const total = {};
  for (const row of rows) for (const name of row.results['GEN-NEWS2'].missing) total[name] = (total[name] ?? 0) + 1;
  return Object.entries(total).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name, n]) => `\`${name}\` ${n}`).join(', ');
}

export function reportKtas(rules, path) {
  const patients = ktas(path), ids = triageRules(rules);
  const results = rules.evaluate(ids, patients.map((row) => row.case));
  const rows = patients.map((row, i) => judge(rules, ids, row, results[i]));
  const pairs = (list, whose) => list.map((row) => [row.expert, row[whose]]);
  const chest = rows.filter((row) => row.chestPain);
  const complete = rows.filter((row) => row.results['GEN-NEWS2'].complete).length;
  return `## KTAS: adult emergency visits, experts' level

${rows.length} visits to two Korean emergency departments; triage nurse's level and that of three experts (Moon and others 2019). The
rules' level is the most urgent priority that any enabled rule of general emergencies or chest pain proposes (${ids.length} rules
that can propose one). The Chinese scale has four levels: KTAS 5, and a patient for whom nothing is proposed, count as the fourth.

Given to the rules: age, sex, alertness, blood pressure, heart rate, respiratory rate, temperature, pain score, SpO2 where it was
measured (${rows.filter((row) => row.saturation).length} of ${rows.length}), and from the chief complaint these findings and no others:
${complaints.map(([name]) => `\`${name}\``).join(', ')}. Not known to the rules: everything else a triage nurse sees, the ECG, and whether
oxygen was given; so GEN-NEWS2 was complete in ${complete} of ${rows.length} (missing: ${missing(rows)}).

### Less urgent than the experts

${summaryHead}
${summary('rules, what is certain', pairs(rows, 'certain'))}
${summary('rules, if all that is missing were at its worst', pairs(rows, 'possible'))}
${summary('triage nurse', pairs(rows, 'nurse'))}

The second row is no prediction: with so much unknown, almost anybody could still be an emergency, and the rules say so.

Certain, by level (bold: less urgent than the experts):

${matrix(pairs(rows, 'certain'))}

Each patient whom the rules put two levels or more below the experts:

${missed(rows)}

### Chest pain

${chest.length} visits with chest pain, chest discomfort or "chest palpitation" as the complaint; the last is no finding of the crew form, so
CP-ENTRY does not see it.

${summaryHead}
${summary('rules, what is certain', pairs(chest, 'certain'))}
${summary('triage nurse', pairs(chest, 'nurse'))}

${matrix(pairs(chest, 'certain'))}

CP-ENTRY makes every chest pain at least P2 until it is shown to be something else; the experts had the whole record and put
${chest.filter((row) => row.expert > 2).length} of them in level 3 or below. That over-triage is the rule's intent.

### Which rule found them

${byRule(ids, rows)}
`;
}
