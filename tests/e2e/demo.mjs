/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration: a throw-away PKI, the real server, two patients played by real bedside clients.
 *
 *   node demo.mjs          prints address and log-ins, plays both stories, runs until Ctrl-C
 *   node demo.mjs --once   answers the alerts itself, through the hospitals' own WebSockets; exits 0 only if every step was seen */
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { ConsoleClient, STATE } from "./lib/client.mjs";
import { Stack, facilityIds, root } from "./lib/stack.mjs";

const STORIES = join(root, "tests/data/stories");
const OWN_RULES = ["--packs", join(root, "clinical-rules/packs")]; /* what the crew's tablet says of its ECG */
const STEP_MS_MAX = 90_000;
const DECLINE_NO_NICU_COT = 4;
const CONFIRMED = 67108868; /* st_elevation_confirmed: a physician's reading */
const FIRED = 1, COMPLAINT = { chestPain: 1, pregnancy: 2 };
const MILESTONE = { fmc: 1, door: 5, handover: 6 };
const started = Date.now();

const seconds = () => ((Date.now() - started) / 1000).toFixed(2).padStart(7);
const tell = (who, what) => console.log(`${seconds()} s  ${who.padEnd(10)} ${what}`);


/* --- one story, watched by the dispatcher and answered by hospitals ------------------------------------------- */

class Story {
    constructor(name, stack, dispatcher, complaint, bedside) {
        Object.assign(this, { name, stack, dispatcher, complaint, bedside, desks: [] });
    }

    get patient() { return [...this.dispatcher.patients.values()].find((p) => p.complaint === this.complaint); }

    alerts() { return [...this.dispatcher.alerts.values()].filter((a) => a.encounter === this.patient?.encounter); }

    /** Waits until the dispatcher's screen would show it; a step that is not seen ends the run. */
    async see(what, fits) {
        const found = await this.dispatcher.waitFor(() => fits(this.patient, this), STEP_MS_MAX, `"${this.name}: ${what}"`);
        tell(this.name, typeof found === "string" ? `${what}: ${found}` : what);
        return found;
    }

    fired(rule, level) {
        const a = this.patient?.assessments?.find((x) => x.rule === rule && x.status === FIRED && (!level || x.level === level));
        return a && `${a.rule} ${a.titleZh} (P${a.priority ?? "-"}, ${a.source})`;
    }

    /** The first that the dispatcher was told of a rule that fired: the patient as known then. */
    firstWith(rule) {
        return this.dispatcher.frames.find((f) => f.kind === "patient" && f.encounter === this.patient?.encounter &&
            f.assessments.some((a) => a.rule === rule && a.status === FIRED));
    }

    facilityName(id) { return `${this.dispatcher.facilities.get(id)?.zh ?? id} (${id})`; }

    /** The hospital's own desk: its own log-in, its own WebSocket. */
    async desk(alert) {
        const desk = await ConsoleClient.open(this.stack.access(`desk-${alert.facility}`));
        this.desks.push(desk);
        const own = await desk.waitAlert((a) => a.id === alert.id, STEP_MS_MAX, "the alert at the hospital");
        tell(this.name, `alert ${own.id} is on the board of ${this.facilityName(own.facility)}`);
        await desk.answer(own.id, STATE.delivered);
        await desk.answer(own.id, STATE.seen);
        return desk;
    }

    /** Waits for an alert that was not handled yet and returns it with the desk it rings at. */
    async nextAlert(handled) {
        const alert = await this.dispatcher.waitFor(
            () => this.alerts().find((a) => a.state === STATE.raised && !handled.has(`${a.id}.${a.occurrence}`)), STEP_MS_MAX,
            `"${this.name}: an alert"`);
        handled.add(`${alert.id}.${alert.occurrence}`);
        tell(this.name, `alert ${alert.id} raised at ${this.facilityName(alert.facility)}: ${alert.conditions.join(", ")}, P${alert.priority}` +
            (alert.occurrence > 1 ? `, sounds again (${alert.occurrence})` : ""));
        return alert;
    }

    async crewHears(what, fits) {
        const line = await this.bedside.waitLine((l) => l.event === "directive" && fits(l), STEP_MS_MAX, `"${this.name}: crew hears ${what}"`);
        tell(this.name, `the crew's tablet shows: ${line.name_zh ?? line.facility ?? ""} ${what}${line.person ? ` by ${line.person}` : ""}`);
    }

    async ends() {
        await this.see("arrived", (p) => p?.milestones[MILESTONE.door] && p.phase >= 2);
        await this.see("handed over", (p, s) => p?.milestones[MILESTONE.handover] && s.alerts().some((a) => a.state === STATE.handedOver));
        const exit = await this.bedside.exited;
        if (exit.code !== 0) throw new Error(`${this.name}: bedside ended with ${JSON.stringify(exit)}\n${this.bedside.errors}`);
        tell(this.name, "every message of the bedside is on the server's disk");
        for (const desk of this.desks) desk.close();
    }
}

/* Accepts what rings until the patient has arrived: a patient who gets worse rings again and needs a new acceptance. */
async function acceptUntilArrival(story, handled, desk) {
    const arrived = story.dispatcher.waitFor(() => story.patient?.milestones[MILESTONE.door], STEP_MS_MAX, `"${story.name}: arrival"`).then(() => undefined);
    for (;;) {
        const alert = await Promise.race([story.nextAlert(handled).catch(() => undefined), arrived]);
        if (!alert) return;
        const board = desk?.account.facility === alert.facility ? desk : await story.desk(alert);
        await board.answer(alert.id, STATE.accepted);
        tell(story.name, `${story.facilityName(alert.facility)} accepted`);
    }
}

async function chestPain(stack, dispatcher, bedside) {
    const story = new Story("chest pain", stack, dispatcher, COMPLAINT.chestPain, bedside), handled = new Set();
    await story.see("opened by the crew as chest pain", (p) => p?.callsign);
    await story.see("first medical contact stamped", (p) => p?.milestones[MILESTONE.fmc]);
    await story.see("12-lead ECG arrived", (_, s) => s.patient && s.dispatcher.frames.some((f) => f.kind === "waveform" &&
        f.wave === 1 && f.channels.length === 12 && f.encounter === s.patient.encounter));
    await story.see("measured by the server", (p) => p?.ecg?.readable && `rate ${Math.round(p.ecg.numbers[0] / 10)}/min, QRS ${p.ecg.numbers[2]} ms, ` +
        `ST in III ${p.ecg.values[67111002]?.[0]} uV, quality ${p.ecg.quality} %`);
    await story.see("criteria met by measurement", (_, s) => s.fired("ECG-STEMI", "positive"));
    await story.see("suspected STEMI", (_, s) => s.fired("CP-STEMI", "stemi"));
    if (story.firstWith("CP-STEMI").readings[CONFIRMED]) throw new Error("the infarct was told before it was measured");
    await story.see("routed", (p) => p?.ranking?.candidates.length && `${p.ranking.candidates.length} hospitals can, ` +
        `${p.ranking.exclusions.length} cannot; first ${p.ranking.candidates[0][0]}, ${Math.round(p.ranking.candidates[0][1] / 60)} min, ` +
        `time goal ${["none", "met", "not met"][p.ranking.goal]} (${p.ranking.provider})`);
    const alert = await story.nextAlert(handled), desk = await story.desk(alert);
    await desk.answer(alert.id, STATE.accepted);
    tell(story.name, `${story.facilityName(alert.facility)} accepted`);
    await story.crewHears("accepted", (l) => l.alert_state === STATE.accepted || l.alert_state === "accepted");
    const accepting = acceptUntilArrival(story, handled, desk);
    await story.see("the physician's reading confirms it", (_, s) => s.fired("CP-STE-CONFIRMED"));
    await accepting;
    const own = await bedside.waitLine((l) => l.event === "ecg", STEP_MS_MAX, `"${story.name}: the crew's own measurement"`);
    tell(story.name, `the crew's tablet measured it too: ${own.zh}`);
    await story.ends();
}

async function pregnancy(stack, dispatcher, bedside) {
    const story = new Story("pregnancy", stack, dispatcher, COMPLAINT.pregnancy, bedside), handled = new Set();
    await story.see("opened by the clinic as high-risk pregnancy, 34 weeks, red", (p) => p?.conditions.includes("OB-RED"));
    await story.see("CTG arrived", (_, s) => s.patient && s.dispatcher.frames.some((f) => f.kind === "waveform" && f.wave === 2 &&
        f.encounter === s.patient.encounter));
    const first = await story.nextAlert(handled), firstDesk = await story.desk(first);
    await firstDesk.answer(first.id, STATE.declined, DECLINE_NO_NICU_COT, "新生儿床位已满");
    tell(story.name, `${story.facilityName(first.facility)} declined: no NICU cot`);
    const second = await story.nextAlert(handled);
    if (second.facility === first.facility) throw new Error("the hospital that declined was asked again");
    const desk = await story.desk(second);
    await desk.answer(second.id, STATE.accepted);
    tell(story.name, `${story.facilityName(second.facility)} accepted`);
    await story.crewHears("accepted", (l) => l.alert_state === STATE.accepted || l.alert_state === "accepted");
    const accepting = acceptUntilArrival(story, handled, desk);
    await story.see("CTG measured", (p) => p?.ctg?.values[67114003] && `baseline ${p.ctg.values[67114003][0] / 10}, ` +
        `variability ${p.ctg.values[67114007]?.[0] / 10}, after ${Math.round(p.ctg.lengthMs / 60000)} min`);
    await story.see("CTG classed", (_, s) => s.fired("CTG-ROUTING"));
    await story.see("severe hypertension confirmed 15 min apart", (_, s) => s.fired("HT-SEV"));
    await accepting;
    await story.ends();
}

/* --- the two ways to run ---------------------------------------------------------------------------------------- */

async function once() {
    const stack = new Stack();
    let failed;
    try {
        stack.addUser("dispatcher", "dispatcher");
        stack.addDesks(facilityIds());
        await stack.startServer();
        tell("server", `jingzhud ready at ${stack.consoleUrl} (simulation)`);
        const dispatcher = await ConsoleClient.open(stack.access("dispatcher"));
        await Promise.all([
            chestPain(stack, dispatcher, stack.startBedside(join(STORIES, "chest-pain.story"), { speed: 120, more: OWN_RULES })),
            pregnancy(stack, dispatcher, stack.startBedside(join(STORIES, "pregnancy.story"), { speed: 240 })),
        ]);
        dispatcher.close();
        tell("demo", "every step was seen");
    } catch (error) {
        failed = error;
        console.error(`\ndemo failed: ${error.stack}\n--- server log ---\n${stack.server?.errors.slice(-6000) ?? ""}`);
    }
    await stack.stop();
    process.exitCode = failed ? 1 : 0;
}

async function forPeople() {
    const stack = new Stack({ console_port: Number(process.env.JZ_CONSOLE_PORT ?? 8444), device_port: 0 });
    let stopping = false;
    const stop = async () => { stopping = true; await stack.stop(); process.exit(0); };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    const dispatcher = stack.addUser("dispatcher", "dispatcher", undefined, `demo-${randomInt(1000, 10000)}`);
    const desks = facilityIds().map((id) => stack.addUser(`desk-${id}`, "receiving", id, dispatcher.password));
    await stack.startServer();
    console.log(`
Jingzhu is running on this machine, in simulation: no hospital's capability here is confirmed.

  console    ${stack.consoleUrl}   (its certificate is a throw-away one: the browser warns, that is expected)
  password   ${dispatcher.password}   for everyone
  names      dispatcher
             ${desks.map((d) => d.name).join("\n             ")}

Two patients are played at ten times life. Log in as dispatcher to watch; when an alert rings, log in (another window) as
the hospital it names, and accept or decline. Unanswered for 60 s it escalates to the dispatcher, and after 120 s the next hospital is asked as well. Ctrl-C ends everything.
`);
    const bedsides = ["chest-pain", "pregnancy"].map((name) => stack.startBedside(join(STORIES, `${name}.story`), { speed: 10, more: ["--linger", ...OWN_RULES] }));
    const failed = await Promise.race([stack.server.exited, ...bedsides.map((b) => b.exited.then((e) => (e.code === 0 ? new Promise(() => {}) : e)))]);
    if (stopping) return;
    console.error(`a program ended: ${JSON.stringify(failed)}\n${stack.server.errors}`);
    await stack.stop();
    process.exitCode = 1;
}

await (process.argv.includes("--once") ? once() : forPeople());
