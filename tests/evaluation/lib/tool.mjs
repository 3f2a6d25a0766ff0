// SPDX-License-Identifier: Apache-2.0
// `jingzhu ecg` and `jingzhu ctg`, as they are shipped: a file in, one JSON object out. A few run at a time.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** A folder with the site's policy alone: reading every pack takes far longer than measuring, and a measurement needs none. */
export function lightPacks(packs, temp) {
  const folder = join(temp, 'packs');
  mkdirSync(join(folder, 'site'), { recursive: true });
  copyFileSync(join(packs, 'site/policy.yaml'), join(folder, 'site/policy.yaml'));
  return folder;
}

export class Tool {
  constructor(path, packs, light) {
    this.path = path;
    this.packs = packs;
    this.light = light;
    this.waiting = [];
    this.free = Math.max(1, Math.min(4, availableParallelism()));
  }

  async #turn() {
    if (this.free > 0) this.free--;
    else await new Promise((resolve) => this.waiting.push(resolve));
  }

  #done() {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }

  /** Standard output. Exit 1 says "measured, and too little can be read", and is an answer too; any other is an error with what it said. */
  async run(args) {
    await this.#turn();
    try {
      return await new Promise((resolve, reject) => {
        const child = spawn(this.path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        const out = [], err = [];
        child.stdout.on('data', (part) => out.push(part));
        child.stderr.on('data', (part) => err.push(part));
        child.on('error', reject);
        child.on('close', (code, signal) => (code === 0 || code === 1 ? resolve(Buffer.concat(out).toString())
          : reject(new Error(`jingzhu ${args.join(' ')}: ${signal ?? `exit ${code}`}: ${Buffer.concat(err).toString().slice(0, 500)}`))));
      });
    } finally {
      this.#done();
    }
  }

  async json(args) {
    const text = await this.run(args);
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** The measurement, and no rules. */
  async measure(record, options = []) {
    return (await this.json(['ecg', 'measure', record, ...options, '--packs', this.light, '--json']))[0];
  }

  /** With the rules, as shipped, and a drawing. */
  async draw(record, drawing, options = []) {
    return (await this.json(['ecg', 'measure', record, ...options, '--packs', this.packs, '--json', '--draw', drawing]))[0];
  }

  async beats(record, leads) {
    return (await this.json(['ecg', 'beats', record, '--lead', leads.join(','), '--json']))[0];
  }

  async ctg(file, options = [], packs = this.packs) {
    return (await this.json(['ctg', 'analyse', file, ...options, '--packs', packs, '--json'])).at(-1);
  }
}

/** Every row through `work`; a row whose record the tool refuses is left out and named in `refused`. */
export async function forEach(rows, work, refused) {
  const results = await Promise.all(rows.map(async (row) => {
    try {
      return { row, ...(await work(row)) };
    } catch (error) {
      refused.push({ row, message: String(error.message).split('\n')[0] });
      return null;
    }
  }));
  return results.filter(Boolean);
}
