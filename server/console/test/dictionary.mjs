/* SPDX-License-Identifier: Apache-2.0 */
/* Words live in the dictionary only, in both languages, and each is used. */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const src = join(dirname(fileURLToPath(import.meta.url)), "../src");
const HAN = /\p{Script=Han}/u, problems = [];
const read = (file) => readFileSync(join(src, file), "utf8");
const dictionaries = ["strings.ts", ...readdirSync(join(src, "words")).map((f) => `words/${f}`)];
const sources = readdirSync(src).filter((f) => /\.tsx?$/.test(f) && f !== "strings.ts").map((f) => [f, read(f)]);
for (const [file, text] of sources)
    text.split("\n").forEach((line, i) => { if (HAN.test(line)) problems.push(`${file}:${i + 1}: Han text outside the dictionary`); });

const everything = [read("strings.ts").split("} as const satisfies")[1], ...sources.map(([, text]) => text)].join("\n");
const words = dictionaries.flatMap((file) => {
    const [table] = read(file).split("} as const satisfies");
    const found = [...table.matchAll(/^ {4}"([\w.-]+)": \[("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*")\],$/gm)], lines = [...table.matchAll(/^ {4}"/gm)].length;
    if (found.length !== lines) problems.push(`${file}: ${lines} lines, ${found.length} of them a key with two texts`);
    return found;
});
const keys = words.map(([, key]) => key);
for (const key of new Set(keys.filter((k, i) => keys.indexOf(k) !== i))) problems.push(`${key} is in the dictionary twice`);
if (words.length < 100) problems.push("the dictionary was not found");
for (const [, key, zh, en] of words) {
    if (zh === '""' || en === '""') problems.push(`${key} lacks a language`);
    const stem = key.slice(0, key.lastIndexOf("."));
    const used = everything.includes(`"${key}"`) || [`\`${stem}.\${`, `"${stem}"`, `\`value.\${`, "`answer.${"].some((text) => {
        return everything.includes(text) && (text !== "`value.${" || stem.startsWith("value."));
    });
    if (!used) problems.push(`${key} is never used`);
}
problems.forEach((p) => console.error(p));
console.log(`${words.length} words, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
