/* SPDX-License-Identifier: Apache-2.0 */
/* What a machine measured of a trace, in words and numbers. Pure; what it means is said by rules, and read by people. */
import { LEADS } from "./samples";
import { t, type Word } from "./strings";
import { NUMBER, TROUBLE, type Assessment, type Measured, type Patient } from "./wire";

const FIRED = 1, VALID = 1;

/** Rules that read an ECG, or a CTG: their ids say so (clinical-rules/packs). */
const OF_ECG = /^(ECG-|CP-STEMI|CP-STE-CONFIRMED)/, OF_CTG = /^CTG-/;
const PARTS = /^ECG-(STEMI-|POST-STD|OVERREAD|REPEAT)/; /* read by another rule, or a duty of the crew */

const firedOf = (patient: Patient, rules: RegExp): Assessment[] => patient.assessments
    .filter((a) => a.status === FIRED && rules.test(a.rule)).sort((a, b) => (a.priority ?? 6) - (b.priority ?? 6));
/** What rules make of the ECG, the most urgent first. */
export const ecgStatements = (patient: Patient): Assessment[] => firedOf(patient, OF_ECG).filter((a) => !PARTS.test(a.rule));
/** The classes of the CTG: each system's own, and what they come to. */
export const ctgClasses = (patient: Patient): Assessment[] => firedOf(patient, OF_CTG)
    .filter((a) => /^CTG-(ROUTING|FIGO|NICHD|NG229|NICE-2017|SIGNAL|STV|DR)$/.test(a.rule));

const NUMBERS = [["rate", 0.1, "/min"], ["pr", 1, "ms"], ["qrs", 1, "ms"], ["qtc", 1, "ms"], ["axis", 1, "°"]] as const;
/** Rate, intervals and axis as far as they were measured; what was not is named, never left out. */
export const ecgNumbers = (of: Measured): string[] => NUMBERS.map(([name, unit, sign]) => {
    const value = of.numbers.get(NUMBER[name]);
    return `${t(`measured.${name}` as Word)} ${value === undefined ? "–" : `${Math.round(value * unit)} ${sign}`}`;
});

const RHYTHMS = [[64, "flat"], [32, "vf"], [16, "wideFast"], [128, "paced"], [4, "pause"], [2, "irregular"], [1, "regular"]] as const;
const CONDUCTIONS = { 2: "lbbb", 3: "rbbb", 4: "ivcd" } as const;
/** Rhythm and conduction in words, what is most urgent first. */
export function ecgRhythm(of: Measured): string[] {
    const rhythm = of.numbers.get(NUMBER.rhythm) ?? 0, conduction = of.numbers.get(NUMBER.conduction) as keyof typeof CONDUCTIONS | undefined;
    const words = RHYTHMS.filter(([bit]) => (rhythm & bit) !== 0).map(([, name]) => t(`measured.rhythm.${name}` as Word));
    const name = conduction === undefined ? undefined : CONDUCTIONS[conduction];
    return name ? [...words, t(`measured.conduction.${name}` as Word)] : words;
}

/* Codes of protocol/fields/ecg.csv, in the order of the table. */
const ST_FIRST = 67111000;
const ST_LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "V3R", "V4R", "V7", "V8", "V9"];
/** ST level at J in µV, with its sign; undefined where this recording did not give it. */
export function stOf(of: Measured, lead: string): string | undefined {
    const reading = of.values.get(ST_FIRST + ST_LEADS.indexOf(lead));
    if (reading?.ms !== of.ms || reading.validity !== VALID) return undefined;
    return `${reading.value < 0 ? "−" : reading.value > 0 ? "+" : ""}${Math.abs(reading.value)}`;
}
/** The same of each lead that this recording gave. */
export const stLevels = (of: Measured): string[] => ST_LEADS.flatMap((lead) => {
    const level = stOf(of, lead);
    return level === undefined ? [] : [`${lead} ${level}`];
});

const TROUBLES = Object.entries(TROUBLE) as [keyof typeof TROUBLE, number][];
const whyNot = (trouble: number): string => TROUBLES.filter(([, bit]) => (trouble & bit) !== 0).map(([name]) => t(`measured.trouble.${name}` as Word)).join(" ");

/** Leads that say nothing, and why; of the twelve also those that were not recorded. */
export function unusableLeads(of: Measured): string[] {
    const bad = of.leads.filter((l) => !l.usable).map((l) => `${LEADS.get(l.code) ?? l.code} ${whyNot(l.trouble) || t("measured.trouble.unknown")}`);
    const recorded = new Set(of.leads.map((l) => l.code));
    const absent = [...LEADS].filter(([code]) => !recorded.has(code)).map(([, name]) => name);
    return absent.length > 0 ? [...bad, `${absent.join(" ")} ${t("measured.trouble.absent")}`] : bad;
}

/* Codes of protocol/fields/ctg.csv. */
export const CTG_CODES = { baseline: 67114003, variability: 67114007, accelerations: 67114013, contractions: 67114015, late: 67114030,
    variable: 67114031 } as const;

/** What this measurement gave of a CTG; what only an earlier one did is not of this moment: undefined. */
export const ctgValues = (of: Measured): [code: number, value: number | undefined][] => Object.values(CTG_CODES).map((code) => {
    const reading = of.values.get(code);
    return [code, reading?.ms === of.ms ? reading.value : undefined];
});
