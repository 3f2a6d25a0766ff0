/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeFirst, encode } from "cborg";
import * as wire from "../src/wire";

const project = join(process.env["JZ_CONSOLE"] ?? ".", "../.."), cddl = readFileSync(join(project, "protocol/jingzhu.cddl"), "utf8");
const header = (name: string) => readFileSync(join(project, `protocol/include/jingzhu/${name}`), "utf8");
const ID = new Uint8Array(16).fill(7), NOW = 1790000000000;
const m = (...pairs: [number, unknown][]) => new Map<number, unknown>(pairs);
const join_ = (...frames: unknown[]) => new Uint8Array(frames.flatMap((f) => [...encode(f)]));
const one = (frame: unknown) => wire.decodeMessage(encode(frame));

const ALERT = m([0, 21], [3, NOW], [4, ID], [8, 9], [9, "gz-1"], [10, 1], [11, NOW], [12, NOW + 60000], [13, 1], [14, false], [18, ["stemi"]], [20, 1]);
const changed = (of: Map<number, unknown>, key: number, value: unknown) => {
    const out = new Map(of);
    if (value === undefined) out.delete(key); else out.set(key, value);
    return new Map([...out].sort((a, b) => a[0] - b[0]));
};

test("kinds, roles and alert states are the grammar's", () => {
    const names: Record<string, string> = { alertAnswer: "alert-answer" };
    for (const [name, kind] of Object.entries(wire.KIND)) assert.match(cddl, new RegExp(`^${names[name] ?? name} = \\{ 0 => ${kind}\\b`, "m"), name);
    const enumOf = (name: string) => new Map([...(cddl.match(new RegExp(`^${name} = [^;]*;([^\\n]*)`, "m"))?.[1] ?? "").matchAll(/(\d+) ([a-z][a-z ]*?)(?= \d|$)/g)]
        .map((x) => [x[2]?.trim().replace(/ (\w)/g, (_, c: string) => c.toUpperCase()), Number(x[1])]));
    for (const [name, table] of [["role", wire.ROLE], ["alert-state", wire.ALERT]] as const) {
        const grammar = enumOf(name);
        assert.equal(grammar.size, Object.keys(table).length, name);
        for (const [word, n] of Object.entries(table)) assert.equal(grammar.get(word), n, `${name} ${word}`);
    }
    assert.match(cddl, /^validity = 1\.\.7 +; 1 valid 2 stale 3 probe off 4 out of range 5 artefact 6 pair inconsistent 7 not measured$/m);
    assert.deepEqual(Object.values(wire.VALIDITY), [1, 2, 3, 4, 5, 6, 7]);
    assert.match(cddl, /8 => 1\.\.2 +; 1 ECG, 2 CTG/);
});

test("limits are the protocol's", () => {
    const limit = (name: string) => Number(header("limits.h").match(new RegExp(`#define ${name} (\\d+)u`))?.[1]);
    assert.equal(wire.CHANNELS_MAX, limit("JZ_CHANNELS_MAX"));
    assert.equal(wire.SAMPLES_PER_CHANNEL_MAX, limit("JZ_SAMPLES_PER_CHANNEL_MAX"));
    assert.equal(wire.SAMPLES_PER_SEGMENT_MAX, limit("JZ_SAMPLES_PER_SEGMENT_MAX"));
    assert.equal(wire.TEXT_CHARS_MAX, limit("JZ_TEXT_BYTES_MAX"));
    assert.ok(wire.FRAMES_PER_MESSAGE_MAX >= limit("JZ_FRAMES_PER_MESSAGE_MAX") && wire.MESSAGE_BYTES_MAX >= limit("JZ_MESSAGE_BYTES_MAX"));
});

test("an alert is read, and keys of a later version are skipped", () => {
    const { frames, refused } = one(changed(ALERT, 99, "later"));
    assert.deepEqual(refused, []);
    assert.deepEqual(frames[0], { kind: "alert", ms: NOW, encounter: "07".repeat(16), id: 9, facility: "gz-1", state: 1, raisedMs: NOW, dueMs: NOW + 60000,
        priority: 1, escalated: false, person: "", reason: 0, reasonText: "", conditions: ["stemi"], travelS: undefined, occurrence: 1,
        grade: 0, teams: [], rung: 0, technical: false, standby: false, told: false, acceptedMs: undefined });
});

for (const [what, key, value] of [
    ["state 0", 10, 0], ["state 11", 10, 11], ["priority 0", 13, 0], ["priority 6", 13, 6], ["no facility", 9, undefined], ["a facility that is a number", 9, 5],
    ["escalated as a number", 14, 0], ["an encounter of 15 bytes", 4, ID.subarray(1)], ["text one too long", 9, "x".repeat(513)],
    ["occurrence 256", 20, 256], ["conditions that are no list", 18, "stemi"], ["a negative time", 3, -1],
] as const) test(`an alert with ${what} is refused by name and the good frame beside it is kept`, () => {
    const { frames, refused } = wire.decodeMessage(join_(changed(ALERT, key, value), ALERT));
    assert.equal(frames.length, 1);
    assert.match(refused[0]?.where ?? "", new RegExp(`^alert key ${key}$`));
});

test("text of the longest length, and the bounds themselves, are accepted", () => {
    for (const [key, value] of [[9, "x".repeat(512)], [10, 10], [13, 5], [20, 255]] as const) assert.equal(one(changed(ALERT, key, value)).refused.length, 0);
});

test("an unknown kind is refused by its number", () => {
    assert.match(one(m([0, 99])).refused[0]?.message ?? "", /kind 99/);
});

for (const [what, bytes] of [
    ["nothing", []], ["an indefinite map", [0xbf, 0x00, 0x05, 0xff]], ["a duplicate key", [0xa2, 0x00, 0x05, 0x00, 0x05]], ["a number in too many bytes", [0xa1, 0x00, 0x18, 0x05]],
    ["a truncated map", [0xa2, 0x00, 0x05]], ["100,000 nested arrays", new Array(100000).fill(0x81)], ["undefined", [0xa1, 0x00, 0xf7]], ["a tag", [0xc1, 0x00]],
] as const) test(`a message of ${what} is no message`, () => {
    assert.throws(() => wire.decodeMessage(Uint8Array.from(bytes)), wire.WireError);
});

test("a message may hold as many frames as the limit and not one more", () => {
    const clocks = (n: number) => join_(...Array.from({ length: n }, () => m([0, 5])));
    assert.equal(wire.decodeMessage(clocks(wire.FRAMES_PER_MESSAGE_MAX)).frames.length, wire.FRAMES_PER_MESSAGE_MAX);
    assert.throws(() => wire.decodeMessage(clocks(wire.FRAMES_PER_MESSAGE_MAX + 1)), wire.WireError);
});

test("an answer is encoded as the grammar says, keys ascending", () => {
    const [item] = decodeFirst(wire.encodeAnswer({ alert: 9, state: 5, reason: 7, text: "停电" }, 3, NOW), { useMaps: true, strict: true }) as [Map<number, unknown>];
    assert.deepEqual([...item], [[0, 22], [1, 0], [2, 3], [3, NOW], [8, 9], [9, 5], [10, 7], [11, "停电"]]);
    assert.deepEqual([...(decodeFirst(wire.encodeHello(NOW, 77), { useMaps: true })[0] as Map<number, unknown>).keys()], [0, 3, 8, 9, 10]);
});

/* Blocks by hand, from the layout in docs/protocol.md: head byte order * 32 + width, zigzag errors, lowest bit first. */
test("waveform blocks of each order decode to their samples", () => {
    assert.deepEqual([...wire.decodeWave(Uint8Array.of(0x00), 1, 5)], [0, 0, 0, 0, 0], "order 0, width 0");
    assert.deepEqual([...wire.decodeWave(Uint8Array.of(0x04, 0x21), 1, 2)], [-1, 1], "order 0, width 4: codes 1, 2");
    assert.deepEqual([...wire.decodeWave(Uint8Array.of(0x24, 0x22, 0x02), 1, 3)], [1, 2, 3], "order 1: 1, 1, 1");
    assert.deepEqual([...wire.decodeWave(Uint8Array.of(0x44, 0x02, 0x00), 1, 4)], [1, 2, 3, 4], "order 2: 1, 0, 0, 0");
    assert.deepEqual([...wire.decodeWave(Uint8Array.of(0x02, 0x66), 1, 4)], [1, -1, 1, -1], "the example of docs/protocol.md");
    const page = Uint8Array.from(Buffer.from("0ad13f1ffdf2bfe71efbea", "hex"));
    assert.equal(wire.decodeWave(page, 1, 8).join(), "-489,-488,-489,-486,-480,-477,-473,-470", "the lead of docs/protocol.md");
});

test("each channel starts from nothing, and blocks hold 16 samples", () => {
    const ramp = Uint8Array.from([0x22, ...new Array(4).fill(0xaa), 0x22, 0x02]); /* 17 errors of +1: 16 and 1 */
    const out = wire.decodeWave(Uint8Array.from([...ramp, ...ramp]), 2, 17);
    assert.deepEqual([out[0], out[16], out[17], out[33]], [1, 17, 1, 17]);
});

for (const [what, bytes] of [["order 3", [0x60]], ["width 28", [0x1c, ...new Array(14).fill(0)]], ["padding that is not 0", [0x21, 0x12]],
    ["a sample beyond 2^24", [0x1a, 0x02, 0x00, 0x00, 0x02, ...new Array(9).fill(0)]], ["a block cut short", [0x24, 0x22]], ["a byte left over", [0x00, 0x00]], ["nothing", []]] as const)
    test(`waveform bytes with ${what} are refused`, () => {
        assert.throws(() => wire.decodeWave(Uint8Array.from(bytes), 1, 4), wire.WireError);
    });

/* The frames that the C side writes, byte for byte: `name: hex` lines (tests/golden/frames). */
for (const kind of ["welcome", "error", "ack", "clock", "alert", "alert-view", "patient", "facility", "waveform", "probe", "consult", "proposal", "plan"] as const)
    test(`the golden ${kind} frames are read`, () => {
        const lines = readFileSync(join(project, `tests/golden/frames/${kind}.hex`), "utf8").matchAll(/^\w[\w -]*: ([0-9a-f]+)$/gm);
        const messages = [...lines].map(([, hex]) => wire.decodeMessage(Uint8Array.from(Buffer.from(hex ?? "", "hex"))));
        assert.ok(messages.length > 0);
        for (const { frames, refused } of messages) assert.deepEqual([refused, frames.map((f) => f.kind)], [[], [kind.replace("-view", "")]]);
    });
