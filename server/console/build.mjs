/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles the console into dist/: index.html and hashed assets, each with a .gz beside it. Checks the budgets. */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export const here = dirname(fileURLToPath(import.meta.url));
const SHELL_GZ_MAX = 60 * 1024;
const ROLE_GZ_MAX = 150 * 1024; /* one role with its charts */
const ALL_GZ_MAX = 300 * 1024;

/** The tables of protocol/fields/ as two modules, with the columns the console shows: "jz:fields" is general.csv, which the
 *  page starts with; "jz:fields/more" is all the others, which it loads while people log in. */
const FIELDS = join(here, "../../protocol/fields"), GENERAL = "general.csv";
export const fieldTable = {
    name: "field-table",
    setup(bundler) {
        bundler.onResolve({ filter: /^jz:fields/ }, ({ path }) => ({ path, namespace: "jz-fields" }));
        bundler.onLoad({ filter: /.*/, namespace: "jz-fields" }, ({ path }) => {
            const files = readdirSync(FIELDS).filter((name) => name.endsWith(".csv") && (name === GENERAL) === (path === "jz:fields"))
                .map((name) => join(FIELDS, name));
            return { contents: JSON.stringify(files.flatMap(readTable)), loader: "json", watchFiles: files, watchDirs: [FIELDS] };
        });
    },
};

/** "jz:conditions": of clinical-rules/packs/routing/conditions.yaml what a screen says of a condition: its titles, and the capabilities
 *  that a hospital must have for it, then those that are preferred. */
const CONDITIONS = join(here, "../../clinical-rules/packs/routing/conditions.yaml");
export const conditionTable = {
    name: "condition-table",
    setup(bundler) {
        bundler.onResolve({ filter: /^jz:conditions$/ }, ({ path }) => ({ path, namespace: "jz-conditions" }));
        bundler.onLoad({ filter: /.*/, namespace: "jz-conditions" }, () => {
            const rows = readFileSync(CONDITIONS, "utf8").split(/\r?\n {2}- id: /).slice(1).map(readCondition);
            return { contents: JSON.stringify(rows), loader: "json", watchFiles: [CONDITIONS] };
        });
    },
};

function readCondition(block) {
    const id = block.split(/\s/)[0], title = /\n {4}title: \{zh: ("?)(.*?)\1,\s+en: ("?)(.*?)\3\}/s.exec(block);
    const lists = ["must", "prefer"].map((key) => new RegExp(`\\n {4}${key}: (\\[[^\\n]*(?:\\n {6,}[^\\n]*)*\\])`).exec(block));
    if (!title || lists.includes(null)) throw new Error(`${CONDITIONS}: ${id} has no title, must or prefer`);
    return { id, zh: title[2], en: title[4].replace(/\s+/g, " "), needs: [...new Set(lists.flatMap((l) => l[1].match(/\w+/g) ?? []))] };
}

function readTable(path) {
    const [head, ...rows] = readFileSync(path, "utf8").split(/\r?\n/).filter((line) => line && !line.startsWith("#"))
        .map((line) => line.split(","));
    return rows.map((cells) => {
        const row = Object.fromEntries(head.map((name, i) => [name, cells[i]]));
        return {
            code: +row.code, field: row.field, kind: row.kind, scale: +row.scale, unit: row.unit, fresh_s: +row.fresh_s,
            words: row.words, zh: row.zh, en: row.en,
        };
    });
}

export const options = {
    absWorkingDir: here, bundle: true, format: "esm", target: "es2022", jsx: "automatic", jsxImportSource: "preact",
    plugins: [fieldTable, conditionTable], logLevel: "warning",
};

function check(name, bytes, max) {
    console.log(`${name}: ${(bytes / 1024).toFixed(1)} kB gz of ${max / 1024}`);
    if (bytes > max) throw new Error(`${name} is over its budget`);
}

/* A role's screen is a part of its own (console.md 10: budgets are a role's); the map is no chart, and nobody waits for it. */
const SCREENS = ["src/dispatch.tsx", "src/receiving.tsx", "src/consult.tsx"], MAP = "src/map.ts";

/** Names of all that is loaded from the entry on. @param follows  whether an import belongs to it: its kind, and the module it leads to */
function partOf(outputs, follows) {
    const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === "src/main.tsx" && path.endsWith(".js")), found = new Set([entry]);
    for (const path of found) /* a Set goes on over what is added meanwhile */
        for (const { path: next, kind } of outputs[path].imports) if (outputs[next] && follows(kind, outputs[next].entryPoint)) found.add(next);
    return new Set([...found].map((path) => basename(path)));
}

async function main() {
    const dist = join(here, "dist");
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(join(dist, "assets"), { recursive: true });
    const built = await build({
        ...options, entryPoints: ["src/main.tsx"], outdir: join(dist, "assets"), entryNames: "[name]-[hash]",
        chunkNames: "[name]-[hash]", splitting: true, minify: true, metafile: true, write: false, charset: "utf8",
    });
    const sizes = new Map();
    for (const file of built.outputFiles) {
        const packed = gzipSync(file.contents, { level: 9 }), name = basename(file.path);
        writeFileSync(file.path, file.contents);
        writeFileSync(`${file.path}.gz`, packed);
        if (name.endsWith(".js")) sizes.set(name, packed.length);
    }
    const named = (end) => basename(built.outputFiles.find((f) => basename(f.path).startsWith("main-") && f.path.endsWith(end)).path);
    const html = readFileSync(join(here, "src/index.html"), "utf8").replace("@CSS@", named(".css")).replace("@JS@", named(".js"));
    writeFileSync(join(dist, "index.html"), html);
    writeFileSync(join(dist, "index.html.gz"), gzipSync(html, { level: 9 }));
    const sum = (names) => [...names].reduce((bytes, name) => bytes + (sizes.get(name) ?? 0), 0), of = (follows) => sum(partOf(built.metafile.outputs, follows));
    check("shell", of((kind) => kind === "import-statement"), SHELL_GZ_MAX); /* what the first picture waits for */
    for (const own of SCREENS) check(own, of((_, to) => to !== MAP && (to === own || !SCREENS.includes(to))), ROLE_GZ_MAX);
    check("all", sum(sizes.keys()), ALL_GZ_MAX);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
