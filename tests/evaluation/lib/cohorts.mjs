// SPDX-License-Identifier: Apache-2.0
// Rows of the three tables as cases for the rules. What a table does not say stays unknown.
import { readTable } from './csv.mjs';

const number = (text) => (/^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : null);

/** Leaves out what is not known, and numbers outside the field's plausible range, as the chart would. */
function known(inputs) {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null && value !== undefined));
}
const inside = (value, min, max) => (value !== null && value >= min && value <= max ? value : null);

// --- KTAS ------------------------------------------------------------------------------------------------------------

// Words of the chief complaint that name a finding of the crew form. Only these; a complaint that is not named is not a
// finding that is absent.
export const complaints = [
  ['chest_pain', /chest (pain|discomfort)|(pain|discomfort), chest|chest wall pain|chest discomfort/i],
  ['dyspnoea', /dysp/i],
  ['syncope', /syncope/i],
  ['seizure', /seizure/i],
  ['abdominal_pain', /\babd|epigas/i],
  ['headache', /headache/i],
  ['vaginal_bleeding', /vaginal bleed/i],
];
const acvpu = { 1: 'A', 2: 'V', 3: 'P', 4: 'U' };

function ktasCase(row) {
  const findings = Object.fromEntries(complaints.filter(([, words]) => words.test(row.Chief_complain)).map(([name]) => [name, true]));
  return { inputs: known({
    age_years: number(row.Age),
    sex: { 1: 'female', 2: 'male' }[row.Sex],
    acvpu: acvpu[row.Mental],
    sbp: number(row.SBP), dbp: number(row.DBP), hr: number(row.HR), rr: number(row.RR),
    temp_c: number(row.BT), spo2: number(row.Saturation),
    pain_score: row.Pain === '0' ? 0 : inside(number(row.NRS_pain), 0, 10),
    ...findings,
  }) };
}

export function ktas(path) {
  return readTable(path, ';', 'latin1').map((row) => ({
    case: ktasCase(row),
    expert: Number(row.KTAS_expert),
    nurse: Number(row.KTAS_RN),
    chestPain: /chest/i.test(row.Chief_complain),
    saturation: number(row.Saturation) !== null,
    complaint: row.Chief_complain,
    diagnosis: row['Diagnosis in ED'],
  }));
}

// --- eICU ------------------------------------------------------------------------------------------------------------

const age = (text) => (text === '> 89' ? 90 : number(text));

function eicuCase(row) {
  const parts = [row.gcs_eyes, row.gcs_verbal, row.gcs_motor].map(number);
  const gcs = parts.some((part) => part === null) ? null : parts.reduce((a, b) => a + b);
  return { inputs: known({
    age_years: age(row.age),
    sex: { Male: 'male', Female: 'female' }[row.gender],
    hr: inside(number(row.hr), 0, 350), rr: inside(number(row.rr), 0, 80), spo2: inside(number(row.spo2), 20, 100),
    sbp: inside(number(row.sbp), 0, 350), dbp: inside(number(row.dbp), 0, 250),
    gcs: inside(gcs, 3, 15),
    on_oxygen: row.ventilated === '1' || row.intubated === '1' ? true : null,
  }) };
}

export function eicu(path) {
  return readTable(path, ',').filter((row) => row.hospital_status !== '').map((row) => ({
    case: eicuCase(row),
    died: row.hospital_status === 'Expired',
    emergency: row.admission_source === 'Emergency Department',
    cardiac: /infarction|angina|chf|heart failure|rhythm|cardiac arrest/i.test(row.admission_dx),
  }));
}

// --- UCI -------------------------------------------------------------------------------------------------------------

function uciCase(row) {
  return { inputs: known({
    age_years: number(row.age),
    sex: { 0: 'female', 1: 'male' }[row.sex],
    sbp: number(row.trestbps),
    chest_pain: true, // as if each had come with it: the scores are for nobody else
    // `cp` is left out: copies of this table number the kinds of chest pain differently, and this one does not say how.
  }) };
}

export function uci(path) {
  return readTable(path, ',').map((row) => ({ case: uciCase(row), disease: row.target === '0' }));
}
