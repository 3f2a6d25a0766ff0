/* SPDX-License-Identifier: Apache-2.0 */
/* The crash test: both stories run, over and over, while the server is killed with SIGKILL at random points.
 *
 *   node kill.mjs [N]      N kills (default 200); JZ_SEED repeats the points of a run
 *
 * What must hold, and is checked:
 *   - nothing that was acknowledged to a device or a hospital is missing from the journal, and nothing is there twice;
 *   - an alert once shown never vanishes, and never sounds again without a reason on record (its occurrence);
 *   - every 12-lead recording on the journal is measured as far as it is there, and no part of it twice;
 *   - after each start the state hash is the one that a replay of the whole journal gives. */
import { join } from "node:path";
import { decode } from "cborg";
import { ConsoleClient, STATE } from "./lib/client.mjs";
import { Stack, facilityIds, root, tool } from "./lib/stack.mjs";
import { hex, unhex } from "./lib/wire.mjs";

const kills = Number(process.argv[2] ?? 200);
const seed = Number(process.env.JZ_SEED ?? Date.now() % 2 ** 31);
const VERIFY_EVERY = 10, BUSY_MS_MAX = 250, PLAYERS_PER_STORY = 2;
const RECORD = { input: 1, decision: 2 }, EVENT_FRAME = 1, EVENT_MEASUREMENT = 6, DECISION_ALERT = 4;
const FRAME_WAVEFORM = 12, WAVE_ECG = 1;
const STORIES = ["chest-pain", "pregnancy"].map((name) => join(root, `tests/data/stories/${name}.story`));

let randomState = seed;
const random = () => { /* mulberry32: the same seed gives the same points */
    randomState = (randomState + 0x6d2b79f5) | 0;
    let t = Math.imul(randomState ^ (randomState >>> 15), 1 | randomState);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const fail = (text) => { throw new Error(text); };

/* --- hospitals: answer whatever rings, remember everything they were told ------------------------------------------ */

class Hospitals {
    constructor(stack) {
        Object.assign(this, { stack, seen: new Map(), acknowledged: [], declined: new Set(), stopped: false });
    }

    /** An alert as a screen would remember it; what it says may only go forward. */
    remember(alert) {
        const before = this.seen.get(alert.id);
        if (before) {
            if (before.facility !== alert.facility || before.encounter !== alert.encounter) fail(`alert ${alert.id} became another one`);
            if (alert.occurrence < before.occurrence) fail(`alert ${alert.id} forgot an occurrence`);
            if (alert.occurrence === before.occurrence && alert.state < before.state) fail(`alert ${alert.id} went back from ${before.state} to ${alert.state}`);
        }
        this.seen.set(alert.id, { facility: alert.facility, encounter: alert.encounter, state: alert.state, occurrence: alert.occurrence });
    }

    /** One life of the server: the dispatcher's screen tells what rings, each hospital answers at its own desk. */
    async serve() {
        const dispatcher = await ConsoleClient.open(this.stack.access("dispatcher")), desks = new Map();
        try {
            for (const id of this.seen.keys()) if (!dispatcher.alerts.has(id)) fail(`alert ${id} vanished`);
            for (;;) {
                for (const alert of dispatcher.alerts.values()) this.remember(alert);
                const ringing = [...dispatcher.alerts.values()].find((a) => a.state >= STATE.raised && a.state <= STATE.seen);
                if (ringing) await this.answer(ringing, desks);
                const handled = ringing && `${ringing.id}.${ringing.state}.${ringing.occurrence}`;
                await dispatcher.waitFor(() => dispatcher.closed || [...dispatcher.alerts.values()].some((a) => a.state >= STATE.raised &&
                    a.state <= STATE.seen && `${a.id}.${a.state}.${a.occurrence}` !== handled), 3_600_000, "alert");
                if (dispatcher.closed) return;
            }
        } finally {
            dispatcher.close();
            for (const desk of desks.values()) desk.close();
        }
    }

    async answer(alert, desks) {
        if (!desks.has(alert.facility)) desks.set(alert.facility, await ConsoleClient.open(this.stack.access(`desk-${alert.facility}`)));
        const desk = desks.get(alert.facility);
        const decline = random() < 0.3 && !this.declined.has(alert.encounter);
        if (decline) this.declined.add(alert.encounter);
        try {
            const { seq } = await (decline ? desk.answer(alert.id, STATE.declined, 2) : desk.answer(alert.id, STATE.accepted));
            this.acknowledged.push({ person: `desk-${alert.facility}`, epoch: desk.epoch, seq });
        } catch (error) {
            if (error.status !== 405) throw error; /* answered in an earlier life, the answer was lost on the way: it stands */
        }
    }

    /** Serves life after life; a server that is killed under our hands is what this test is about. */
    async run() {
        while (!this.stopped) {
            try { await this.serve(); } catch (error) {
                if (/vanished|became|forgot|went back/.test(error.message)) { this.wrong = error; return; }
            }
            if (!this.stopped) await this.stack.serverUp;
        }
    }
}

/* --- devices: stories played again and again by new devices --------------------------------------------------------- */

class Devices {
    constructor(stack) { Object.assign(this, { stack, bedsides: [], stopped: false }); }

    async play(story) {
        while (!this.stopped) {
            const bedside = this.stack.startBedside(story, { speed: 900, more: ["--backoff-permille", "20"] });
            this.bedsides.push(bedside);
            const exit = await bedside.exited;
            if (exit.code !== 0) fail(`a bedside ended with ${JSON.stringify(exit)}: ${bedside.errors.slice(-2000)}`);
        }
    }

    run() {
        this.playing = Promise.all(STORIES.flatMap((story) => Array.from({ length: PLAYERS_PER_STORY }, () => this.play(story))));
        this.playing.catch((error) => { this.wrong = error; });
    }

    /** Messages acknowledged so far, over all devices. */
    acked() { return this.bedsides.reduce((n, b) => n + b.lines.filter((l) => l.event === "acked").length, 0); }

    /** Resolves when a device hears from this life of the server: from then on a kill hits work under way. */
    async busy() {
        const before = this.acked(), end = Date.now() + 20_000;
        while (this.acked() === before && !this.wrong) {
            if (Date.now() > end) fail("no device was acknowledged within 20 s of a start");
            await Promise.race([pause(1000), ...this.bedsides.filter((b) => !b.exit).map((b) => b.nextLine())]);
        }
    }
    async finish() { this.stopped = true; await this.playing; }
}

/* --- the journal, read back ---------------------------------------------------------------------------------------------- */

/** Inputs as {peer, epoch, lane, seq, person}, decisions on alerts as {id, state, occurrence, rung}; recordings by
 *  "encounter snapshot": segments on record, and the numbers of segments that measurements were made of. */
function readJournal(dir) {
    const inputs = [], alerts = [], recordings = new Map();
    const recording = (encounter, snapshot) => {
        const key = `${hex(encounter)} ${snapshot}`;
        if (!recordings.has(key)) recordings.set(key, { segments: 0, measured: [] });
        return recordings.get(key);
    };
    for (const line of tool("journal", "list", dir, "--raw").split("\n")) {
        if (!line) continue;
        const record = decode(unhex(line.split(" ")[2]), { useMaps: true });
        if (record.get(0) === RECORD.input && record.get(1) === EVENT_FRAME) {
            const frame = decode(record.get(11), { useMaps: true });
            inputs.push({ peer: hex(record.get(3)), name: record.get(5), epoch: record.get(8), lane: frame.get(1), seq: frame.get(2) });
            if (frame.get(0) === FRAME_WAVEFORM && frame.get(8) === WAVE_ECG && frame.get(14)) recording(frame.get(4), frame.get(14)).segments++;
        } else if (record.get(0) === RECORD.input && record.get(1) === EVENT_MEASUREMENT && record.get(3).get(1) === WAVE_ECG) {
            recording(record.get(3).get(0), record.get(3).get(2)).measured.push(record.get(3).get(5));
        } else if (record.get(0) === RECORD.decision && record.get(3) === DECISION_ALERT) {
            alerts.push({ id: record.get(5), state: record.get(7), occurrence: record.get(8), rung: record.get(14) });
        }
    }
    return { inputs, alerts, recordings };
}

function checkMeasurements(recordings) {
    for (const [key, { segments, measured }] of recordings) {
        if (new Set(measured).size !== measured.length) fail(`recording ${key} was measured twice from the same segments: ${measured}`);
        if (!measured.includes(segments)) fail(`recording ${key} has ${segments} segments and was measured from ${measured}`);
    }
    return recordings.size;
}

function checkDevices(inputs, bedsides) {
    const stored = new Map();
    for (const i of inputs) {
        const key = `${i.peer} ${i.epoch} ${i.lane} ${i.seq}`;
        if (stored.has(key)) fail(`stored twice: peer ${i.peer}, lane ${i.lane}, seq ${i.seq}`);
        stored.set(key, i);
    }
    let acked = 0;
    for (const bedside of bedsides) {
        const high = new Map();
        for (const l of bedside.lines) if (l.event === "acked") l.acked.forEach((seq, lane) => high.set(lane, Math.max(high.get(lane) ?? 0, seq)));
        const own = inputs.filter((i) => i.peer === bedside.uuid.replaceAll("-", ""));
        for (const [lane, seq] of high) {
            const have = new Set(own.filter((i) => i.lane === Number(lane)).map((i) => i.seq));
            for (let s = 1; s <= seq; s++) if (!have.has(s)) fail(`acknowledged and lost: device ${bedside.uuid}, lane ${lane}, seq ${s}`);
            acked += seq;
        }
    }
    return acked;
}

function checkAnswers(inputs, acknowledged) {
    const stored = new Set(inputs.map((i) => `${i.name} ${i.epoch} ${i.seq}`));
    for (const a of acknowledged) if (!stored.has(`${a.person} ${a.epoch} ${a.seq}`)) fail(`a hospital's acknowledged answer is lost: ${JSON.stringify(a)}`);
}

function checkRings(alerts) {
    const rings = new Map();
    for (const a of alerts) if (a.state === STATE.raised && !a.rung) rings.set(`${a.id}.${a.occurrence}`, (rings.get(`${a.id}.${a.occurrence}`) ?? 0) + 1);
    for (const [key, n] of rings) if (n !== 1) fail(`alert ${key} rang ${n} times`);
    return rings.size;
}

/* --- the run ------------------------------------------------------------------------------------------------------------------ */

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function live(stack, number) {
    let up;
    stack.serverUp = new Promise((done) => { up = done; });
    const verified = number % VERIFY_EVERY === 0 && stack.started ? JSON.parse(tool("journal", "verify", stack.dataDir)) : undefined;
    const ready = await stack.startServer();
    stack.started = true;
    if (verified && verified.state !== ready.state) fail(`kill ${number}: started with state ${ready.state}, a whole replay gives ${verified.state}`);
    up();
    return ready;
}

console.log(`crash test: ${kills} kills, seed ${seed}`);
const stack = new Stack({ snapshot_every: 300 });
try {
    stack.addUser("dispatcher", "dispatcher");
    stack.addDesks(facilityIds());
    await live(stack, 0);
    const devices = new Devices(stack), hospitals = new Hospitals(stack);
    devices.run();
    const serving = hospitals.run();
    let replayed = 0;
    for (let number = 1; number <= kills; number++) {
        await devices.busy();
        if (devices.wrong) throw devices.wrong;
        await pause(random() * BUSY_MS_MAX); /* the random point itself, not a wait for something */
        if (stack.server.exit) fail(`the server ended by itself: ${JSON.stringify(stack.server.exit)}\n${stack.server.errors.slice(-4000)}`);
        await stack.server.stop("SIGKILL");
        replayed = (await live(stack, number)).records;
        if (hospitals.wrong) throw hospitals.wrong;
        if (number % 50 === 0) console.log(`  ${number} kills, ${replayed} records, ${hospitals.seen.size} alerts, ${devices.bedsides.length} stories begun`);
    }
    await devices.finish();
    hospitals.stopped = true;
    await stack.server.stop();
    await serving;
    if (hospitals.wrong) throw hospitals.wrong;
    const verified = JSON.parse(tool("journal", "verify", stack.dataDir)), { inputs, alerts, recordings } = readJournal(stack.dataDir);
    const measured = checkMeasurements(recordings), acked = checkDevices(inputs, devices.bedsides), rings = checkRings(alerts);
    checkAnswers(inputs, hospitals.acknowledged);
    if (acked === 0 || rings === 0 || measured === 0 || hospitals.acknowledged.length === 0) fail("the stories did not get far enough to prove anything");
    console.log(`${kills} kills: ${verified.records} records, ${acked} acknowledged messages of ${devices.bedsides.length} devices all there once, ` +
        `${hospitals.acknowledged.length} acknowledged answers all there, ${rings} rings each once, ${measured} ECGs measured, replay equals (seed ${seed})`);
} catch (error) {
    console.error(`crash test failed (seed ${seed}): ${error.stack}\n--- server log ---\n${stack.server?.errors.slice(-4000) ?? ""}`);
    process.exitCode = 1;
}
await stack.stop();
process.exit();
