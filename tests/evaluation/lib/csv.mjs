// SPDX-License-Identifier: Apache-2.0
// A table in a text file: separator, optional double quotes, a header line. Nothing is converted.
import { readFileSync } from 'node:fs';

function cells(line, separator) {
  const out = [];
  let cell = '', quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quoted && c === '"' && line[i + 1] === '"') cell += line[i++];
    else if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) { out.push(cell); cell = ''; }
    else cell += c;
  }
  out.push(cell);
  return out;
}

export function readTable(path, separator, encoding = 'utf8') {
  const lines = readFileSync(path, encoding).replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line !== '');
  const head = cells(lines[0], separator);
  return lines.slice(1).map((line) => {
    const row = cells(line, separator);
    if (row.length !== head.length) throw new Error(`${path}: ${row.length} cells instead of ${head.length}: ${line}`);
    return Object.fromEntries(head.map((name, i) => [name, row[i].trim()]));
  });
}
