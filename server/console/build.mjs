/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles the console into dist/: index.html and hashed assets, each with a .gz beside it. Checks the budgets. */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export const here = dirname(fileURLToPath(import.meta.url));
const SHELL_GZ_MAX = 60 * 1024;
const ALL_GZ_MAX = 150 * 1024;

/** The tables of protocol/fields/ as two modules, with the columns the console shows: "jz:fields" is general.csv, which the
 *  page starts with; "jz:fields/more" is all the others, which it loads while people log in. */
const FIELDS = join(here, "../../protocol/fields"), GENERAL = "general.csv";
const LATER = ["trend-", "fields-"]; /* chunks that the first picture does not wait for */
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
    plugins: [fieldTable], logLevel: "warning",
};

function check(name, bytes, max) {
    console.log(`${name}: ${(bytes / 1024).toFixed(1)} kB gz of ${max / 1024}`);
    if (bytes > max) throw new Error(`${name} is over its budget`);
}

async function main() {
    const dist = join(here, "dist");
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(join(dist, "assets"), { recursive: true });
    const built = await build({
        ...options, entryPoints: ["src/main.tsx"], outdir: join(dist, "assets"), entryNames: "[name]-[hash]",
        chunkNames: "[name]-[hash]", splitting: true, minify: true, metafile: true, write: false, charset: "utf8",
    });
    let shell = 0, all = 0;
    for (const file of built.outputFiles) {
        const packed = gzipSync(file.contents, { level: 9 }), name = basename(file.path);
        writeFileSync(file.path, file.contents);
        writeFileSync(`${file.path}.gz`, packed);
        if (!name.endsWith(".js")) continue;
        all += packed.length;
        if (!LATER.some((stem) => name.startsWith(stem))) shell += packed.length;
    }
    const named = (end) => basename(built.outputFiles.find((f) => basename(f.path).startsWith("main-") && f.path.endsWith(end)).path);
    const html = readFileSync(join(here, "src/index.html"), "utf8").replace("@CSS@", named(".css")).replace("@JS@", named(".js"));
    writeFileSync(join(dist, "index.html"), html);
    writeFileSync(join(dist, "index.html.gz"), gzipSync(html, { level: 9 }));
    check("shell", shell, SHELL_GZ_MAX);
    check("all", all, ALL_GZ_MAX);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
