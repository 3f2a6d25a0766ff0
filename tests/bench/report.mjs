/* SPDX-License-Identifier: Apache-2.0 */
/* Medians, spread and ratios of one benchmark run, beside the goals: report.mjs RESULTS.jsonl OUT.md --quick no --load 0.1
 *
 * A ratio is taken within each round, where both ran next to each other; then the median of the rounds' ratios. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";

const [input, output, ...flags] = process.argv.slice(2);
const flag = (name) => flags[flags.indexOf(`--${name}`) + 1];
const lines = readFileSync(input, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
const load = lines.filter((line) => line.server);
const bench = (name) => lines.find((line) => line.bench === name);

const median = (list) => {
    const s = [...list].sort((a, b) => a - b);
    return s.length ? (s[(s.length - 1) >> 1] + s[s.length >> 1]) / 2 : NaN;
};
const runs = (server, name) => load.filter((line) => line.server === server && line.case === name);
const values = (server, name, key) => runs(server, name).map((line) => line[key]);
const typical = (server, name, key) => median(values(server, name, key));
const ratio = (name, key, server = "jingzhud", beside = "sink") => median(runs(server, name).flatMap((line) =>
    runs(beside, name).filter((other) => other.round === line.round).map((other) => line[key] / other[key])));

const number = (value, digits = 0) => Number.isFinite(value)
    ? value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }) : "–";
const spread = (list, digits = 0) => list.length ? `${number(Math.min(...list), digits)} – ${number(Math.max(...list), digits)}` : "–";
const ms = (us) => number(us / 1000, 2);

function table(head, rows) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/* --- every measurement ------------------------------------------------------------------------------- */

const names = { sink: "libwebsockets sink, an ack each", latest: "libwebsockets sink, latest ack only", jingzhud: "jingzhud" };
const cases = [...new Set(load.map((line) => line.case))];
const servers = (name) => Object.keys(names).filter((server) => runs(server, name).length);
const measured = table(
    ["load", "server", "messages/s", "least – most", "server CPU µs", "least – most", "p50 ms", "p99 ms", "p99.9 ms", "client CPU µs"],
    cases.flatMap((name) => servers(name).map((s) => [
        name, names[s], number(typical(s, name, "per_s")), spread(values(s, name, "per_s")),
        number(typical(s, name, "server_cpu_us"), 2), spread(values(s, name, "server_cpu_us"), 2),
        ms(typical(s, name, "p50_us")), ms(typical(s, name, "p99_us")), ms(typical(s, name, "p999_us")),
        number(typical(s, name, "client_cpu_us"), 2)])));

/* --- beside the goals -------------------------------------------------------------------------------- */

const goals = [];
const big = ["5000x1", "1000x4"].find((name) => cases.includes(name)); /* memory: the more devices the better */
/* [id, what, ours, yardstick, value judged, digits, relation, goal] */
const goal = (id, what, ours, beside, value, digits, relation, limit) => {
    if (!Number.isFinite(value)) return;
    const met = relation === "≤" ? value <= limit : value >= limit;
    goals.push([id, what, ours, beside, number(value, digits), `${relation} ${number(limit, limit % 1 ? 2 : 0)}`, met ? "yes" : "**no**"]);
};
const closed = cases.filter((name) => name.includes("x"));
for (const name of closed)
    goal("P1", `server CPU a message, ${name}, µs ÷ sink`, number(typical("jingzhud", name, "server_cpu_us"), 2),
        number(typical("sink", name, "server_cpu_us"), 2), ratio(name, "server_cpu_us"), 2, "≤", 0.8);
for (const name of closed)
    goal("P2", `durable messages/s, ${name} ÷ sink`, number(typical("jingzhud", name, "per_s")),
        number(typical("sink", name, "per_s")), ratio(name, "per_s"), 2, "≥", 1);
for (const name of closed)
    goal("–", `the same ÷ sink with latest ack only, ${name}`, number(typical("jingzhud", name, "per_s")),
        number(typical("latest", name, "per_s")), ratio(name, "per_s", "jingzhud", "latest"), 2, "≥", 1);
goal("P3", "ack p50 at 10,000/s, 1,000 devices, ms", ms(typical("jingzhud", "10000/s", "p50_us")),
    ms(typical("sink", "10000/s", "p50_us")), typical("jingzhud", "10000/s", "p50_us") / 1000, 2, "≤", 1);
goal("P3", "ack p99, ms ÷ sink", ms(typical("jingzhud", "10000/s", "p99_us")), ms(typical("sink", "10000/s", "p99_us")),
    ratio("10000/s", "p99_us"), 2, "≤", 2);
if (big) {
    const kb = (server, key) => typical(server, big, key) / 1000;
    goal("P5", `memory of an idle connection, ${big.split("x")[0]} devices, kB`, number(kb("jingzhud", "rss_connection"), 1),
        number(kb("sink", "rss_connection"), 1), kb("jingzhud", "rss_connection"), 1, "≤", 22);
    goal("P5", "memory of a patient's state, kB", number(kb("jingzhud", "rss_patient"), 1), "–", kb("jingzhud", "rss_patient"), 1, "≤", 4);
    goal("P6", "mutual TLS handshakes/s to welcome ÷ sink", number(typical("jingzhud", big, "connect_per_s")),
        number(typical("sink", big, "connect_per_s")), ratio(big, "connect_per_s"), 2, "≥", 0.95);
    goal("P6", "server CPU a handshake, µs ÷ sink", number(typical("jingzhud", big, "connect_cpu_us")),
        number(typical("sink", big, "connect_cpu_us")), ratio(big, "connect_cpu_us"), 2, "≤", 1 / 0.95);
}
const journal = bench("journal"), decode = bench("decode"), encode = bench("encode"), wave = bench("wave");
const core = bench("core"), rules = bench("rules"), ecg = bench("ecg"), ctg = bench("ctg");
if (journal)
    goal("P7", "journal rows/s, 100 × 200 B a commit ÷ raw append + fdatasync", number(journal.journal.rows_per_s),
        number(journal.raw.rows_per_s), journal.ratio, 2, "≥", 0.7);
if (decode) {
    goal("P8", "vitals pre-scan + decode, ns ÷ libcbor streaming", number(decode.jingzhu_ns), number(decode.streaming_ns), decode.to_streaming, 2, "≤", 1.3);
    goal("P8", "the same ÷ libcbor tree", number(decode.jingzhu_ns), number(decode.dom_ns), decode.to_dom, 2, "≤", 0.15);
}
if (encode) goal("P8", "vitals encode, ns ÷ libcbor", number(encode.jingzhu_ns), number(encode.libcbor_ns), encode.to_libcbor, 2, "≤", 1.1);
if (rules) {
    goal("P9", `one new vital sign, ${rules.rules} rules active, µs`, number(rules.reading_us, 2), "–", rules.reading_us, 2, "≤", 2);
    goal("P9", "full evaluation of a patient, µs", number(rules.full_us, 2), "–", rules.full_us, 2, "≤", 20);
    goal("P9", "bytes allocated by rules and core", String(rules.allocated + (core?.allocated ?? 0)), "–", rules.allocated + (core?.allocated ?? 0), 0, "≤", 0);
}
if (core) goal("P10", "core events/s", number(core.events_per_s), "–", core.events_per_s, 0, "≥", 300000);
if (ecg) {
    goal("P11", "12-lead ECG of 10 s, samples to fields, ms", number(ecg.ms, 2), number(ecg.filter_ms, 2), ecg.ms, 2, "≤", 5);
    goal("P11", "its memory, KiB", number(ecg.bytes / 1024), "–", ecg.bytes / 1024, 0, "≤", 512);
}
if (ctg) {
    goal("P11", "CTG of one hour, ms", number(ctg.measure_ms, 2), number(ctg.sort_ms, 2), ctg.measure_ms, 2, "≤", 2);
    goal("P11", "its memory, KiB", number(ctg.bytes / 1024), "–", ctg.bytes / 1024, 0, "≤", 512);
}
const routing = lines.filter((line) => line.bench === "routing");
for (const line of routing)
    goal("P12", `routing decision, ${number(line.facilities)} hospitals, ${line.patient}, µs`, number(line.us, 1), number(line.sort_us, 1),
        line.us, 1, "≤", line.facilities > 27 ? 1000 : 50);
if (routing.length)
    goal("P12", "bytes allocated by it", String(routing.reduce((sum, line) => sum + line.allocated, 0)), "–",
        routing.reduce((sum, line) => sum + line.allocated, 0), 0, "≤", 0);
if (wave) {
    goal("P15", "12-lead ECG, times smaller than int16", number(wave.smaller, 2), "1", wave.smaller, 2, "≥", 2.2);
    goal("P15", "encode, MB/s", number(wave.encode_mb_s), "–", wave.encode_mb_s, 0, "≥", 200);
    goal("P15", "decode, MB/s", number(wave.decode_mb_s), "–", wave.decode_mb_s, 0, "≥", 200);
}
const beside = table(["goal", "what", "jingzhu", "yardstick", "judged", "goal is", "met"], goals);

/* --- anything that makes a figure doubtful ----------------------------------------------------------- */

const doubts = [];
for (const line of load) {
    const run = `${names[line.server]}, ${line.case}`;
    if (line.refused) doubts.push(`${run}: ${line.refused} frames refused`);
    if (line.unacknowledged) doubts.push(`${run}: ${line.unacknowledged} messages never acknowledged`);
    if (line.overrun) doubts.push(`${run}: saturated, ${line.overrun} messages could not be sent when due`);
}
if (core?.refused) doubts.push(`core: ${core.refused} events had no effect`);

const rounds = Math.max(0, ...cases.map((name) => runs("sink", name).length));
const kind = flag("quick") === "yes" ? "quick: one short round, good for a smoke test and nothing else" : `${rounds} rounds`;
const machine = `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, ${number(totalmem() / 2 ** 30)} GiB, Linux ${release()}; ` +
    `load average ${flag("load")} before the run; ` +
    (journal ? `write + fdatasync of 20 kB here: ${number(journal.raw.p50_us)} µs p50, ${number(journal.raw.p99_us)} µs p99` : "disk not measured");
const text = `Run of ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC (${kind}). ${machine}.

${measured}

${beside}
${doubts.length ? `\nDoubtful:\n\n${doubts.map((d) => `- ${d}`).join("\n")}\n` : ""}`;
writeFileSync(output, text);
process.stdout.write(text);
