/* SPDX-License-Identifier: Apache-2.0 */
/* The whole system, seen by people: real jingzhud, real jingzhu-bedside, real browsers.
 *
 * JZ_FAKE=1 plays the same steps against the stand-in server, to work on the page where the binaries are not built;
 * it proves nothing about the system and the crew's side is left out. */
import assert from "node:assert/strict";
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encode } from "cborg";
import WebSocket from "ws";
import { launch, newPage } from "./lib/browser.mjs";
import { ConsoleClient, STATE, call, decodeMessage } from "./lib/client.mjs";
import { FakeServer, PEOPLE, XSS, chestPain } from "./lib/fake-server.mjs";
import { Pki } from "./lib/pki.mjs";
import { Stack, root } from "./lib/stack.mjs";

const FAKE = process.env.JZ_FAKE === "1";
const STORY = process.env.JZ_STORY ?? join(root, "tests/data/stories/chest-pain.story");
const SPEED = Number(process.env.JZ_SPEED ?? 60), STEP_MS = 60000, CHEST_PAIN = 1;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/* --- two stages with one face --------------------------------------------------------------------------- */

class RealStage {
    async start() {
        this.stack = new Stack();
        this.dispatcher = this.stack.addUser("调度员", "dispatcher");
        await this.stack.startServer();
        const watcher = await ConsoleClient.open(this.stack.access("调度员"));
        this.places = [...watcher.facilities.keys()];
        watcher.close();
        await this.stack.server.stop();
        for (const place of this.places) this.stack.addUser(`医生-${place}`, "receiving", place); /* who is asked, routing decides */
        await this.stack.startServer();
        this.port = this.stack.consolePort;
        this.cert = this.stack.serverCert.cert;
        this.ca = this.stack.pki.caText;
    }
    receiving(place) { return this.stack.people.get(`医生-${place}`); }
    /* A device that only opens an encounter, with a callsign that is markup. */
    async strangeCallsign() {
        const uuid = randomUUID(), own = this.stack.pki.device(uuid);
        const socket = new WebSocket(`wss://127.0.0.1:${this.stack.devicePort}/device`, "jingzhu.device.v1",
            { ca: this.ca, cert: readFileSync(own.cert), key: readFileSync(own.key), perMessageDeflate: false });
        const acked = new Promise((done, fail) => {
            socket.on("error", fail);
            socket.on("message", (data) => { if (decodeMessage(data).some((f) => f.kind === "ack")) done(); });
        });
        socket.on("open", () => {
            socket.send(encode(new Map([[0, 1], [3, Date.now()], [8, 1], [9, randomInt(1, 2 ** 32 - 1)]])));
            socket.send(encode(new Map([[0, 8], [1, 0], [2, 1], [3, Date.now()], [4, new Uint8Array(randomBytes(16))], [8, CHEST_PAIN], [10, XSS]])));
        });
        await acked;
        socket.close();
    }
    async play() { this.bedside = this.stack.startBedside(STORY, { speed: SPEED }); }
    async crewSees(state, person) {
        const line = await this.bedside.waitLine((l) => l.event === "directive" && l.alert_state === state, STEP_MS, `directive ${state}`);
        assert.equal(line.person, person);
    }
    async stop() { await this.stack.stop(); }
}

class FakeStage {
    async start() {
        this.pki = new Pki(join(process.env.TMPDIR ?? "/tmp", `jz-fake-${process.pid}`));
        const own = this.pki.server();
        this.server = new FakeServer({ ...own, dist: join(root, "server/console/dist") });
        await this.server.start();
        Object.assign(this, { port: this.server.port, cert: own.cert, ca: this.pki.caText });
        this.dispatcher = { name: "调度员", password: PEOPLE.调度员.password };
        this.server.patients.length = 1;
    }
    receiving() { return { name: "李医生", password: PEOPLE.李医生.password }; }
    async strangeCallsign() { this.server.patients.push(Object.assign(chestPain(Date.now(), XSS)).set(4, new Uint8Array(16).fill(9))); this.server.tell([this.server.patients[1]]); }
    async play() { this.server.raise(1, 1, "gz-1"); }
    async crewSees() { /* there is no crew */ }
    async stop() { await this.server.stop(); }
}

/* --- the steps, in order: each test goes on where the last one stopped ------------------------------------ */

const stage = FAKE ? new FakeStage() : new RealStage();
let browser, dispatcher, hospital, watcher, alert, doctor;

async function logIn({ name, password }) {
    const page = await newPage(browser);
    page.setDefaultTimeout(STEP_MS);
    await page.goto(`https://127.0.0.1:${stage.port}/`);
    await page.fill("#name", name);
    await page.fill("#password", password);
    await page.click("button[type=submit]");
    await page.waitForSelector('[data-testid=link][data-state="live"]');
    return page;
}
async function assertAccessible(page, where) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
    assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`), [], where);
}

before(async () => {
    await stage.start();
    browser = await launch(stage.cert);
});
after(async () => {
    watcher?.close();
    await browser?.close();
    await stage.stop();
});

test("without a session there is no ticket, no socket and no data", async () => {
    const reach = { port: stage.port, ca: stage.ca };
    assert.equal((await call({ ...reach, method: "POST", path: "/api/ticket" })).status, 401);
    assert.equal((await call({ ...reach, path: "/api/session" })).status, 401);
    const page = await call({ ...reach, path: "/" });
    assert.match(page.headers["content-security-policy"], /default-src 'none'.*script-src 'self'/);
    assert.doesNotMatch(page.headers["content-security-policy"], /unsafe/);
});

test("a hospital sees the alert arrive, with countdown, patient and ECG", async () => {
    watcher = await ConsoleClient.open({ port: stage.port, ca: stage.ca, ...stage.dispatcher });
    dispatcher = await logIn(stage.dispatcher);
    await stage.play();
    alert = await watcher.waitAlert((a) => a.state <= STATE.seen, STEP_MS, "alert");
    doctor = stage.receiving(alert.facility);
    hospital = await logIn(doctor);
    await hospital.waitForSelector(`.card[data-alert="${alert.id}"] [data-testid=countdown]`);
    await watcher.waitAlert((a) => a.id === alert.id && a.state >= STATE.delivered, STEP_MS, "delivered");
    await hospital.keyboard.press("g");
    await watcher.waitAlert((a) => a.id === alert.id && a.state >= STATE.seen, STEP_MS, "seen");
    await hospital.waitForSelector("#patient .panel.ecg canvas");
    const inked = await hospital.waitForFunction(() => {
        const canvas = document.querySelector(".panel.ecg canvas"), data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let dark = 0;
        for (let i = 0; i < data.length; i += 4) dark += data[i] < 90 ? 1 : 0;
        return dark > 2000;
    });
    assert.ok(await inked.jsonValue());
});

test("accepted by keyboard, the crew and the dispatcher see it with the person's name", async () => {
    await hospital.keyboard.press("a");
    await hospital.waitForSelector(`.card[data-alert="${alert.id}"][data-state="4"]`);
    await stage.crewSees("accepted", doctor.name);
    const told = await watcher.waitAlert((a) => a.id === alert.id && a.state === STATE.accepted, STEP_MS, "accepted");
    assert.equal(told.person, doctor.name);
    await dispatcher.waitForFunction((name) => document.querySelector("#patients")?.textContent?.includes(name), doctor.name);
});

test("an alert that was accepted cannot be accepted by another hospital's team", { skip: FAKE }, async () => {
    const place = stage.places.find((p) => p !== alert.facility), other = await ConsoleClient.open(stage.stack.access(`医生-${place}`));
    assert.equal(other.patients.size, 0, "a hospital that was not asked sees nobody");
    await assert.rejects(other.answer(alert.id, STATE.accepted), (error) => error.status === 801 || error.status === 404);
    other.close();
});

test("markup in a callsign stays text", async () => {
    await stage.strangeCallsign();
    const named = dispatcher.locator("#patients .callsign", { hasText: "<img" });
    await named.waitFor();
    await named.click();
    assert.equal(await dispatcher.locator("#patient .callsign").innerText(), XSS);
    assert.equal(await dispatcher.locator("img").count(), 0);
    assert.equal(await dispatcher.evaluate(() => globalThis.hacked), undefined);
});

test("with real data every screen keeps WCAG 2.2 AA in both languages, and nothing violates the CSP", async () => {
    for (const page of [dispatcher, hospital]) for (const language of ["zh", "en"]) {
        await assertAccessible(page, `${page === hospital ? "hospital" : "dispatcher"} ${language}`);
        await page.click(".language");
    }
    assert.deepEqual([...dispatcher.problems, ...hospital.problems], []);
});
