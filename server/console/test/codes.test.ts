/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of src/codes.ts against the headers and the grammar they come from. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as codes from "../src/codes";

const project = join(process.env["JZ_CONSOLE"] ?? ".", "../..");
const read = (path: string) => readFileSync(join(project, path), "utf8");
const frame = read("protocol/include/jingzhu/frame.h"), state = read("server/core/state.h"), capacity = read("server/core/capacity.h");
const cddl = read("protocol/jingzhu.cddl");

/** Names and numbers of a C enum: `JZ_STEM_SOME_NAME` becomes someName; NONE and COUNT are no codes. */
function enumOf(source: string, name: string, stem: string): Record<string, number> {
    const body = source.match(new RegExp(`enum ${name} \\{([^}]*)\\}`))?.[1]?.replace(/\/\*[\s\S]*?\*\//g, "") ?? "";
    const out: Record<string, number> = {};
    let next = 0;
    for (const part of body.split(",").map((p) => p.trim()).filter(Boolean)) {
        const [word = "", number] = part.split("=").map((p) => p.trim());
        if (number !== undefined) next = Number(number);
        const short = word.replace(`JZ_${stem}_`, "").toLowerCase().replace(/_(\w)/g, (_, c: string) => c.toUpperCase());
        if (short !== "none" && short !== "count") out[short] = next;
        next++;
    }
    assert.ok(Object.keys(out).length > 1, name);
    return out;
}

for (const [what, table, source, name, stem] of [
    ["ACTION", codes.ACTION, frame, "jz_action_code", "ACTION"], ["REASON", codes.REASON, frame, "jz_action_reason", "REASON"],
    ["SERVICE", codes.SERVICE, frame, "jz_service", "SERVICE"], ["RECEIPT", codes.RECEIPT, frame, "jz_receipt", "RECEIPT"],
    ["GRADE", codes.GRADE, frame, "jz_grade", "GRADE"], ["PHASE", codes.PHASE, state, "jz_phase", "PHASE"],
    ["KIN", codes.KIN, state, "jz_kin_kind", "KIN"], ["SOURCE", codes.SOURCE, state, "jz_stamp_source", "STAMP"],
    ["CONSULT", codes.CONSULT, state, "jz_consult_state", "CONSULT"], ["CONCLUSION", codes.CONCLUSION, state, "jz_conclusion", "CONCLUSION"],
    ["DIAGNOSIS", codes.DIAGNOSIS, state, "jz_diagnosis", "DIAGNOSIS"],
    ["CONFIRMATION", codes.CONFIRMATION, capacity, "jz_confirmation_value", "CONFIRMATION"],
] as const) test(`${what} is the server's`, () => assert.deepEqual({ ...table }, enumOf(source, name, stem)));

test("teams are numbered from 1 in frames, in the order of the header", () => {
    const from0 = enumOf(frame, "jz_team", "TEAM");
    assert.deepEqual({ ...codes.TEAM }, Object.fromEntries(Object.entries(from0).map(([name, n]) => [name, n + 1])));
});

test("the path of a probe is the server's, and nothing is none", () => {
    assert.deepEqual({ ...codes.PATH }, { none: 0, ...enumOf(state, "jz_probe_state", "PROBE") });
});

/* What has no header stands in words in the grammar: "n word" for each. */
for (const [table, words, line] of [
    [codes.TARGET, ["running", "due soon", "overdue", "met", "late"], /1 running [^\n;]*/], [codes.PROPOSAL, ["waits", "confirmed", "refused", "nobody came"], /1 waits [^\n]*/],
    [codes.TRIAGE, ["right", "too high", "too low"], /triage was [^\n]*/], [codes.PLACES, ["unknown", "known", "expired"], /service, 0 unknown [^\n]*/],
    [codes.FLAG, ["unsure", "expired", "no number", "full", "onward transfer", "meets the goal"], /flags \(a sum\)[^=]*?goal/],
] as const) test(`the grammar says ${words.join(", ")}`, () => {
    const text = cddl.match(line)?.[0].replace(/\n\s*;/g, "") ?? "";
    Object.values(table).forEach((n, i) => assert.match(text, new RegExp(`(^|\\D)${n} +${words[i]}`), `${n} ${words[i]}`));
});

test("a second person's waiting has the status of the header", () => {
    assert.match(read("protocol/include/jingzhu/status.h"), new RegExp(`JZ_E_SECOND_PERSON, ${codes.WAITS_FOR_SECOND},`));
});
