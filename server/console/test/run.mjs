/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles each src module a test imports (Node 18 reads no TypeScript), then runs node:test. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { here, options } from "../build.mjs";

const out = join(here, "node_modules/.cache/jz-test"), tests = readdirSync(join(here, "test")).filter((f) => f.endsWith(".test.ts"));
mkdirSync(out, { recursive: true });
await build({ ...options, platform: "node", entryPoints: tests.map((f) => join(here, "test", f)), outdir: out, outExtension: { ".js": ".mjs" } });
const files = tests.map((f) => join(out, f.replace(/\.ts$/, ".mjs")));
const run = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit", env: { ...process.env, JZ_CONSOLE: here } });
process.exit(run.status ?? 1);
