/* SPDX-License-Identifier: Apache-2.0 */
/* What a condition is called, and which capabilities of a hospital matter for it. */
import conditions, { type ConditionRow } from "jz:conditions";
import { either } from "./strings";

const table = new Map<string, ConditionRow>(conditions.map((row) => [row.id, row]));
/* Of a condition that this page does not know, or where none is known: what its complaint usually asks for. */
const USUAL: Readonly<Record<number, readonly string[]>> = {
    1: ["pci_24h", "thrombolysis", "cardiac_surgery"], 2: ["obstetrics_emergency", "critical_maternal_centre", "nicu_critical_neonatal_centre", "blood_bank"],
};

/** Keys of capabilities, each once, in the order of the conditions. @param complaint  of the patient */
export function needsOf(ids: readonly string[], complaint: number): string[] {
    const usual = USUAL[complaint] ?? [];
    return [...new Set(ids.length > 0 ? ids.flatMap((id) => table.get(id)?.needs ?? usual) : usual)];
}
/** As the rules call it; its key where this page does not know it. */
export function conditionName(id: string): string {
    const row = table.get(id);
    return row ? either(row.zh, row.en) : id;
}
