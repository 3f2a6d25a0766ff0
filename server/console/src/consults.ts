/* SPDX-License-Identifier: Apache-2.0 */
/* Which questions a consultant sees, which of them ring, and as whom the patient is shown. Pure. */
import { CONCLUSION, CONSULT } from "./codes";
import type { State } from "./state";
import { codeOf, shownValue, t, type Word } from "./strings";
import { ROLE, VALIDITY, type Alert, type Consult, type Patient } from "./wire";

/* A round that is over comes back as a new round, or to somebody else, of which this page is told nothing: how long after
 * its end a question that nothing more is heard of still stands. */
export const ROUND_GRACE_MS = 5000;

const ORDER: Readonly<Record<number, number>> = { [CONSULT.taken]: 0, [CONSULT.asked]: 1, [CONSULT.phone]: 2, [CONSULT.answered]: 3 };

/** @param passed  numbers that this person passed on */
function isShown(of: Consult, me: string, passed: ReadonlySet<number>, nowMs: number): boolean {
    if (passed.has(of.number)) return false;
    if (of.state === CONSULT.asked) return nowMs <= of.dueMs + ROUND_GRACE_MS;
    return of.state === CONSULT.phone || of.consultant === me;
}

/** One's own first, then what waits, the one that ends first before the others. Empty for anybody but a consultant. */
export function visibleConsults(state: State, passed: ReadonlySet<number>, nowMs: number): Consult[] {
    if (state.me?.role !== ROLE.consultant) return [];
    const me = state.me.person, rank = (c: Consult) => ORDER[c.state] ?? 9;
    return [...state.consults.values()].filter((c) => isShown(c, me, passed, nowMs))
        .sort((a, b) => rank(a) - rank(b) || a.dueMs - b.dueMs || a.number - b.number);
}

/** What an alarm needs to know. */
export type Ring = Pick<Alert, "id" | "occurrence" | "priority" | "state">;
const PRIORITY = 3; /* a medium alarm: somebody waits for this person, and others are asked after them */

/** Questions that ring: asked and not opened here; each round anew. Numbers below 0: alerts have those above. */
export const ringingConsults = (state: State, passed: ReadonlySet<number>, opened: number | undefined, nowMs: number): Ring[] =>
    visibleConsults(state, passed, nowMs).filter((c) => c.state === CONSULT.asked && c.number !== opened)
        .map((c) => ({ id: -c.number, occurrence: c.tries, priority: PRIORITY, state: 0 }));

/** The last four digits of an encounter, to speak of it on the telephone. */
export const lastFour = (encounter: string): string => encounter.slice(-4).toUpperCase();

/** Sex, age and weeks as far as they are known, the complaint, and the last four digits: nobody's name. */
export function pseudonymOf(patient: Patient): string {
    const facts = ["sex", "age_years", "ga_days"].map((field) => {
        const code = codeOf(field), reading = patient.readings.get(code);
        return reading?.validity === VALIDITY.valid ? shownValue(code, reading.value) : "";
    });
    return [...facts, t(`complaint.${patient.complaint}` as Word), t("paper.lastFour", { n: lastFour(patient.id) })].filter(Boolean).join("  ");
}

/* --- the opinion ------------------------------------------------------------------------------------------ */

export const OPINION_BYTES_MAX = 512; /* of one text (docs/protocol.md, "Form of the bytes") */
const OTHER_CHARS_MIN = 5;

export interface Draft { conclusion: number; text: string }
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
/** Why an opinion cannot be signed yet; undefined: it can. */
export function lacks({ conclusion, text }: Draft): "conclusion" | "text" | "short" | "long" | undefined {
    const said = text.trim();
    if (conclusion === 0) return "conclusion";
    if (said === "") return "text";
    if (conclusion === CONCLUSION.other && said.length < OTHER_CHARS_MIN) return "short";
    return bytesOf(said) > OPINION_BYTES_MAX ? "long" : undefined;
}
