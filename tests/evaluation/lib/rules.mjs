// SPDX-License-Identifier: Apache-2.0
// The rules as the server has them: `jingzhu rules eval`, cases in, results out.
import { spawnSync } from 'node:child_process';

export class Rules {
  constructor(tool, packs) {
    this.tool = tool;
    this.packs = packs;
    this.rules = new Map(this.#run(['list', '--json']).map((rule) => [rule.id, rule]));
  }

  #run(args, input = '') {
    const done = spawnSync(this.tool, ['rules', ...args, '--packs', this.packs], { input, maxBuffer: 1 << 30 });
    if (done.error) throw done.error;
    if (done.status !== 0) throw new Error(`jingzhu rules ${args.join(' ')}: ${String(done.stderr) || String(done.stdout).slice(-2000)}`);
    return String(done.stdout).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Those of the ids that are in force here. */
  enabled(ids) {
    return ids.filter((id) => this.rules.get(id)?.enabled);
  }

  level(rule, id) {
    return this.rules.get(rule).levels.find((level) => level.id === id);
  }

  /** One object a case: rule id to result. */
  evaluate(ids, cases) {
    const lines = this.#run(['eval', ...ids], cases.map((one) => JSON.stringify(one)).join('\n') + '\n');
    return cases.map((_, i) => Object.fromEntries(ids.map((id, k) => [id, lines[i * ids.length + k]])));
  }
}
