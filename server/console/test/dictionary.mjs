/* SPDX-License-Identifier: Apache-2.0 */
/* Words live in the dictionary only, in both languages, and each is used. */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const src = join(dirname(fileURLToPath(import.meta.url)), "../src");
const HAN = /\p{Script=Han}/u, problems = [];
const sources = readdirSync(src).filter((f) => /\.tsx?$/.test(f) && f !== "strings.ts").map((f) => [f, readFileSync(join(src, f), "utf8")]);
for (const [file, text] of sources)
    text.split("\n").forEach((line, i) => { if (HAN.test(line)) problems.push(`${file}:${i + 1}: Han text outside strings.ts`); });

const strings = readFileSync(join(src, "strings.ts"), "utf8"), everything = [strings.split("} as const satisfies")[1], ...sources.map(([, text]) => text)].join("\n");
const words = [...strings.matchAll(/^ {4}"([\w.-]+)": \[("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*")\],$/gm)];
const declared = [...strings.split("} as const satisfies")[0].matchAll(/^ {4}"/gm)].length;
if (words.length < 100 || words.length !== declared) problems.push(`strings.ts: ${declared} lines, ${words.length} of them a key with two texts`);
for (const [, key, zh, en] of words) {
    if (zh === '""' || en === '""') problems.push(`strings.ts: ${key} lacks a language`);
    const stem = key.slice(0, key.lastIndexOf("."));
    const used = everything.includes(`"${key}"`) || [`\`${stem}.\${`, `"${stem}"`, `\`value.\${`, "`answer.${"].some((text) => {
        return everything.includes(text) && (text !== "`value.${" || stem.startsWith("value."));
    });
    if (!used) problems.push(`strings.ts: ${key} is never used`);
}
problems.forEach((p) => console.error(p));
console.log(`${words.length} words, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
