/* SPDX-License-Identifier: Apache-2.0 */
/* The receiving board in a real browser, against a stand-in server: console.md 5 B, 6 and 12. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, newPage } from "./lib/browser.mjs";
import { FakeServer, PEOPLE } from "./lib/fake-server.mjs";
import { Pki } from "./lib/pki.mjs";
import { root } from "./lib/stack.mjs";
import { Ward } from "./lib/fake-ward.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const dir = mkdtempSync(join(tmpdir(), "jz-hospital-"));
let server, ward, browser, page;
PEOPLE["王护士"] = { role: 3, facility: "gz-1", password: "receive-2" };

before(async () => {
    const own = new Pki(dir).server();
    server = new FakeServer({ ...own, dist: join(root, "server/console/dist") });
    await server.start();
    browser = await launch(own.cert);
});
after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => {
    Object.assign(server, { quiet: false, slowAcks: false, refuseTickets: false, answers: [], actions: [] });
    server.reset();
    ward = new Ward(server);
});
afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    page = undefined;
});

async function logIn(name = "李医生", { wall = false, language = "zh", ...options } = {}) {
    const own = await newPage(browser, options);
    if (wall) await own.addInitScript(() => localStorage.setItem("jz.hospital.layout", "wall"));
    await own.goto(`https://127.0.0.1:${server.port}/`);
    if (language === "en") await own.click(".language");
    await own.fill("#name", name);
    await own.fill("#password", PEOPLE[name].password);
    await own.click("button[type=submit]");
    await own.waitForSelector('[data-testid=link][data-state="live"]');
    await own.waitForSelector(".ward-head");
    page ??= own;
    return own;
}
async function violations(own = page) {
    await own.evaluate(axe);
    const found = await own.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
    return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 140)} ${n.any[0]?.message ?? ""}`).join(" | ")}`);
}
async function eventually(read, fits, what) {
    for (let n = 0; n < 100; n++) {
        if (fits(await read())) return;
        await page.waitForFunction(() => new Promise((done) => setTimeout(() => done(true), 50)));
    }
    assert.fail(`never: ${what}; last: ${JSON.stringify(await read())}`);
}
const card = (n, own = page) => own.locator(`.card[data-alert="${n}"]`);
const dialog = (own = page) => own.locator("dialog.act-dialog[open]");
const choose = async (reason, text) => {
    await dialog().locator(`input[name=reason][value="${reason}"]`).check();
    if (text !== undefined) await page.fill("#act-text", text);
};
const confirm = () => dialog().locator("[data-testid=act-confirm]");
const bare = (text) => text.replace(/\s+/g, "");
const lastAction = () => server.actions.at(-1);
const accepted = (more = {}) => ward.raise(1, 1, 4, { person: "李医生", acceptedMs: Date.now(), ...more });

test("a new alert says its grade in words and counts down to 60 s; standby is said clearly", async () => {
    await logIn();
    ward.raise(1, 1, 1, { grade: 3 });
    ward.raise(2, 2, 1, { grade: 2, standby: true, priority: 2 });
    await card(2).waitFor();
    assert.match(await card(1).getByTestId("countdown").innerText(), /^(01:00|00:5\d)\s*剩余/);
    assert.equal(await card(1).getByTestId("grade").innerText(), "请启动团队");
    assert.equal(await card(1).getByTestId("standby").count(), 0);
    assert.match(await card(2).getByTestId("standby").innerText(), /备选医院.*目前不送来本院/);
    assert.equal(await card(2).getByTestId("grade").innerText(), "请准备");
    for (const [raisedMs, words] of [[Date.now() - 30000, /^00:(30|29|31)\s*剩余/], [Date.now() - 65000, /^00:0[5-7]\s*超时/]]) {
        ward.change(1, { raisedMs, dueMs: Date.now() + 1000 }); /* the next rung is no end of the minute */
        await eventually(() => card(1).getByTestId("countdown").innerText(), (w) => words.test(w), `${words}`);
    }
});

test("L accepts with a limit: the reason code goes with the acceptance, and other needs five characters", async () => {
    await logIn();
    ward.raise(1, 1, 3);
    await card(1).locator(".link").click();
    await page.keyboard.press("l");
    await dialog().waitFor();
    assert.equal(await confirm().isDisabled(), true, "a limit must be chosen");
    assert.deepEqual(await dialog().locator("input[name=reason]").evaluateAll((all) => all.map((e) => e.value)), ["2", "4", "5", "7"]);
    await choose(7, "备血中");
    assert.equal(await confirm().isDisabled(), true, "three characters are no words");
    await choose(4, "");
    await confirm().click();
    await page.waitForSelector('.card[data-state="4"]');
    const { state, reason } = server.answers.at(-1);
    assert.deepEqual([state, reason], [4, 4]);
    assert.match(await card(1).innerText(), /限制: 无新生儿监护床位/);
    assert.deepEqual(page.problems, []);
});

test("R asks for a reason and a confirmation, and nothing is sent before", async () => {
    await logIn();
    ward.raise(1, 1, 3);
    await card(1).locator(".link").click();
    await page.keyboard.press("r");
    assert.match(await dialog().innerText(), /贵A·120-07/);
    assert.equal(await confirm().isDisabled(), true);
    await choose(2);
    assert.equal(server.answers.filter((a) => a.state === 5).length, 0);
    await confirm().click();
    await eventually(() => server.answers.at(-1)?.state, (s) => s === 5, "declined");
    assert.equal(server.answers.at(-1).reason, 2);
});

test("two stations that answer in the same instant: one acceptance, and the other reads who has it and when", async () => {
    const first = await logIn(), second = await logIn("王护士");
    ward.raise(1, 1, 3);
    for (const own of [first, second]) await card(1, own).locator(".link").click();
    await Promise.all([first, second].map((own) => own.keyboard.press("a")));
    await Promise.all([first, second].map((own) => own.waitForSelector('.card[data-state="4"]')));
    const winner = server.alerts.get(1).person, [loser] = winner === "李医生" ? [second] : [first];
    await loser.waitForSelector("[data-testid=taken]");
    assert.match(await card(1, loser).getByTestId("taken").innerText(), new RegExp(`^${winner} 已接 \\d\\d:\\d\\d:\\d\\d$`));
    assert.equal(ward.acceptances, 1);
    assert.equal(await card(1, loser).getByTestId("undo").count(), 0, "only who accepted may take it back");
});

test("an acceptance can be taken back for five seconds, by who gave it, and not after", async () => {
    const skip = () => { globalThis.skip = 0; const clock = performance.now.bind(performance); performance.now = () => clock() + globalThis.skip; };
    await logIn("李医生", { init: skip });
    ward.raise(1, 1, 3);
    await card(1).locator(".link").click();
    await page.keyboard.press("a");
    const undo = card(1).getByTestId("undo");
    await undo.waitFor();
    assert.match(await undo.innerText(), /撤销接收 \([1-5] 秒\)/);
    await undo.click();
    await page.waitForSelector('.card[data-state="1"], .card[data-state="2"]');
    assert.equal(server.answers.filter((a) => a.state === 1).length, 1);
    await page.keyboard.press("a");
    await undo.waitFor();
    await page.evaluate(() => { globalThis.skip = 5100; });
    await undo.waitFor({ state: "detached" });
    await page.keyboard.press("u");
    assert.equal(server.answers.filter((a) => a.state === 1).length, 1, "nor by its key");
});

test("a patient who does not come stands and rings until somebody confirms it, and the receipt goes to that alert", async () => {
    const count = () => { globalThis.pulses = 0; const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...a) { globalThis.pulses++; return start.apply(this, a); }; };
    await logIn("李医生", { init: count });
    accepted();
    await card(1).waitFor();
    const pulses = () => page.evaluate(() => globalThis.pulses);
    assert.equal(await pulses(), 0);
    server.patients[0].set(32, ["gz-2", 1, "调度员"]);
    server.tell([server.patients[0]]);
    ward.change(1, { state: 9 });
    const banner = page.locator('.off-banner[data-alert="1"]');
    await banner.waitFor();
    await eventually(pulses, (n) => n === 15, "a medium signal of three pulses");
    assert.match(await banner.innerText(), /贵A·120-07 不再送来本院,请停止准备.*改送 贵阳市第二人民医院/s);
    assert.equal(await card(1).count(), 0);
    ward.change(1, { technical: true });
    await eventually(() => banner.innerText(), (w) => /无人确认,请打电话给调度/.test(w), "the telephone after a minute");
    await banner.getByTestId("know").click();
    await banner.waitFor({ state: "detached" });
    assert.deepEqual([server.answers.at(-1).alert, server.answers.at(-1).state], [1, 3]);
    assert.match(await page.locator(".ended").innerText(), /已结束的预警 \(1\)/);
});

test("the roll-call shows each needed team with person and time, only goes forward, and says who is late", async () => {
    await logIn();
    const now = Date.now();
    accepted({ acceptedMs: now - 301000, teams: [[1, true, 4, now - 200000, "李医生", false], [2, true, 2, now - 290000, "", true], [4, false, 1, now, "", false]] });
    await card(1).locator(".link").click();
    const team = (n) => page.locator(`.team[data-team="${n}"]`), step = (n, s) => team(n).locator(`[data-receipt="${s}"]`);
    await team(2).waitFor();
    assert.match(await step(1, 4).innerText(), /✓ 已就绪\s*李医生 \d\d:\d\d:\d\d/);
    assert.equal(await step(2, 2).isDisabled(), true, "what was said cannot be unsaid");
    assert.match(await team(2).innerText(), /已提醒:接收 5 分钟后仍未就绪/);
    assert.equal(await team(4).locator(".reminder").count(), 0, "nobody waits for a team that is not needed");
    assert.match(await card(1).getByTestId("team-count").innerText(), /团队就绪 1\/2/);
    await step(2, 4).click();
    await eventually(() => team(2).getAttribute("data-ready"), (r) => r === "true", "ready");
    assert.deepEqual([lastAction().what, lastAction().code, lastAction().value, lastAction().number], [15, 2, 4, 1]);
    assert.match(await step(2, 4).innerText(), /李医生/);
    assert.match(await card(1).getByTestId("team-count").innerText(), /团队就绪 2\/2/);
});

test("vitals and the ECG are one click away", async () => {
    await logIn();
    ward.raise(1, 1, 3);
    await card(1).locator(".ecg-open").click();
    await page.waitForSelector("dialog.paper-dialog[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".panel.vitals tr[data-field=hr]");
});

test("a number of places that expired is unknown, in words and in italics, never the old number and never 0", async () => {
    await logIn();
    const now = Date.now();
    ward.services({ 2: { state: 1, free: 2, held: 1, owner: "李医生", setMs: now - 600000, expiresMs: now + 4000 }, 6: { state: 2, free: 5, owner: "李医生", setMs: now - 7200000, expiresMs: now - 1000 } });
    const chip = (n) => page.locator(`.chip[data-service="${n}"]`);
    await eventually(() => chip(2).innerText(), (w) => /空 2/.test(w), "known");
    assert.match(await chip(6).innerText(), /已过期,请重报/);
    assert.doesNotMatch(await chip(6).innerText(), /\d/);
    assert.equal(await chip(6).locator("strong").evaluate((e) => getComputedStyle(e).fontStyle), "italic");
    assert.match(await chip(5).innerText(), /未上报/);
    await eventually(() => chip(2).innerText(), (w) => /已过期,请重报/.test(w), "it expires here as well, before the server says so");
    await page.keyboard.press("d");
    const row = (n) => page.locator(`dialog.services-dialog tr[data-service="${n}"]`);
    assert.match(await row(6).innerText(), /李医生 2 小时前上报 · \d\d:\d\d 已过期/);
    await row(2).locator("input").fill("3");
    await row(2).locator("select").selectOption("4");
    await row(2).locator("[data-set]").click();
    await eventually(() => row(2).innerText(), (w) => /空 3/.test(w), "reported anew");
    const { what, code, value, ms } = lastAction();
    assert.deepEqual([what, code, value], [12, 2, 3]);
    assert.ok(Math.abs(ms - Date.now() - 4 * 3600000) < 10000);
    await row(1).locator("select").first().selectOption("2");
    await row(1).locator("[data-set]").click();
    await eventually(() => chip(1).innerText(), (w) => /红/.test(w), "the colour of the ED");
    assert.deepEqual(page.problems, []);
});

test("a diversion needs a second's hold, a reason and a confirmation; it shows what is left, and ends", async () => {
    await logIn();
    await page.keyboard.press("d");
    const hold = page.locator('[data-divert="2"]'), row = page.locator('dialog.services-dialog tr[data-service="2"]');
    await hold.click();
    assert.equal(await dialog().count(), 0, "a click is no hold");
    const box = await hold.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await dialog().waitFor();
    await page.mouse.up();
    assert.equal(await confirm().isDisabled(), true, "no reason");
    assert.equal(await dialog().locator("#divert-minutes").inputValue(), "60");
    await choose(6, "停水");
    assert.equal(await confirm().isDisabled(), true);
    await choose(12, "");
    await dialog().locator("#divert-minutes").selectOption("240");
    assert.equal(server.actions.length, 0, "nothing was sent yet");
    await confirm().click();
    await row.getByTestId("diverted").waitFor();
    const { what, code, reason, ms, facility } = lastAction();
    assert.deepEqual([what, code, reason, facility], [10, 2, 12, undefined]);
    assert.ok(Math.abs(ms - Date.now() - 4 * 3600000) < 10000);
    assert.match(await row.getByTestId("diverted").innerText(), /暂停接收,剩 3:59:\d\d 到 \d\d:\d\d · 设备故障 · 李医生/);
    await row.locator("[data-end-divert]").click();
    await row.getByTestId("diverted").waitFor({ state: "detached" });
    assert.equal(lastAction().what, 11);
    await page.keyboard.press("Escape"); /* the button that had the focus is gone */
    await page.waitForSelector("dialog.services-dialog[open]", { state: "detached" });
});

test("the hold works by key, and letting go early does nothing", async () => {
    await logIn();
    await page.keyboard.press("d");
    await page.locator('[data-divert="6"]').focus();
    await page.keyboard.press("Enter");
    assert.equal(await dialog().count(), 0);
    await page.keyboard.down("Enter");
    await dialog().waitFor();
    await page.keyboard.up("Enter");
    assert.match(await dialog().innerText(), /暂停接收: NICU/);
    assert.equal(server.actions.length, 0);
});

test("a patient who comes although the service is diverted is flagged", async () => {
    await logIn();
    accepted({ teams: [[1, true, 1, Date.now(), "", false], [2, true, 0, 0, "", false]] });
    ward.services({ 2: { divertedUntilMs: Date.now() + 600000, reason: 12, divertedBy: "李医生" } });
    await card(1).getByTestId("diverted-for").waitFor();
    assert.match(await card(1).getByTestId("diverted-for").innerText(), /本院正在分流: 导管室/);
});

test("the age of the path is always there: never proven, proven, and dead in red words", async () => {
    await logIn();
    const path = page.getByTestId("path");
    assert.equal(await path.innerText(), "链路从未验证");
    ward.path([2, Date.now() - 120000, Date.now() - 120000, 0]);
    await eventually(() => path.innerText(), (w) => w === "链路验证 2 分前", "proven");
    ward.path([3, Date.now(), Date.now() - 900000, 3]);
    await eventually(() => path.innerText(), (w) => /3 次链路验证无回应.*请打电话给调度.*15 分前/.test(w), "dead");
    assert.equal(await path.evaluate((e) => getComputedStyle(e).color), "rgb(165, 14, 38)");
});

test("times are stamped with one tap and corrected with a reason", async () => {
    await logIn();
    accepted();
    await card(1).locator(".link").click();
    await page.locator('.tap[data-tap="67111412"]').click();
    await page.waitForSelector('[data-said="67111412"]');
    assert.deepEqual([lastAction().what, lastAction().code, lastAction().ms], [14, 67111412, undefined]);
    await page.locator('[data-said="67111412"]').click();
    const before = new Date(Date.now() - 600000), clock = before.toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" });
    await choose(11);
    assert.equal(await confirm().isDisabled(), true, "the same time is no correction");
    await page.fill("#ward-time", clock);
    await confirm().click();
    await eventually(() => page.locator('[data-said="67111412"]').innerText(), (w) => w.includes(clock) && w.includes("已更正"), "corrected");
    const { what, code, reason, ms } = lastAction();
    assert.deepEqual([what, code, reason, Math.floor(ms / 1000)], [14, 67111412, 11, Math.floor(before.getTime() / 1000)]);
});

test("clocks of the case show what is left, what is over, and what will be missed", async () => {
    await logIn();
    const now = Date.now();
    server.patients[0].set(28, [["d2w", "入门至导丝", "Door to wire", now - 600000, now + 4800000, 1, 0, now + 5400000], ["ecg", "首份心电图", "First ECG", now - 900000, now - 300000, 3, 3, null]]);
    accepted();
    await card(1).locator(".link").click();
    assert.match(await page.locator('.ward-target[data-rule="d2w"]').innerText(), /入门至导丝\s+剩 1:[12]\d:\d\d.*预计超时 10:00/s);
    assert.match(await page.locator('.ward-target[data-rule="ecg"]').innerText(), /超时 05:0\d/);
    assert.match(await card(1).locator(".first-target").innerText(), /首份心电图 超时/);
});

test("at five minutes the row grows and one low tone sounds, once", async () => {
    const count = () => { globalThis.pulses = 0; const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...a) { globalThis.pulses++; return start.apply(this, a); }; };
    await logIn("李医生", { init: count });
    server.patients[0].delete(17);
    accepted({ travelS: 720, raisedMs: Date.now() });
    await card(1).waitFor();
    const height = await card(1).evaluate((e) => e.offsetHeight), pulses = () => page.evaluate(() => globalThis.pulses);
    assert.equal(await card(1).evaluate((e) => e.classList.contains("near")), false);
    ward.change(1, { raisedMs: Date.now() - 430000 });
    await page.waitForSelector(".card.near");
    assert.ok(await card(1).evaluate((e) => e.offsetHeight) > height);
    await eventually(pulses, (n) => n === 10, "two pulses of five harmonics");
    ward.change(1, { travelS: 721 });
    await eventually(() => card(1).getByTestId("arrival").innerText(), (w) => /5 分后到/.test(w), "told again");
    assert.equal(await pulses(), 10);
    ward.change(1, { raisedMs: Date.now() - 800000 });
    await eventually(() => card(1).getByTestId("arrival").innerText(), (w) => /应已到达/.test(w), "a time that has passed is said to have");
});

test("the hospital signs once, sees who gave, and is reminded of a missing signature", async () => {
    await logIn();
    server.patients[0].set(10, 2).set(16, new Map([[5, Date.now() - 960000]])).set(31, new Map([[0, "贵A·120-07"], [1, Date.now() - 60000], [4, true]]));
    ward.raise(1, 1, 7, { person: "李医生" });
    await card(1).locator(".link").click();
    assert.match(await card(1).getByTestId("since-door").innerText(), /到院,交接中 16:0\d/);
    const signatures = page.locator(".ward-case").getByTestId("signatures");
    assert.match(await signatures.innerText(), /交出 \(车组\): 贵A·120-07 \d\d:\d\d:\d\d[\s\S]*接收 \(医院\): 待医院签名[\s\S]*到院 15 分钟仍缺签名/);
    await page.keyboard.press("h");
    const sheet = page.locator("dialog.handover-dialog[open]");
    await sheet.getByTestId("sign").click();
    await eventually(() => sheet.getByTestId("signatures").innerText(), (w) => /接收 \(医院\): 李医生/.test(w), "signed");
    assert.deepEqual([lastAction().what, lastAction().value], [20, 2]);
    assert.equal(await sheet.getByTestId("sign").count(), 0, "once");
    assert.equal(await sheet.getByTestId("handover-reminded").count(), 0);
    await sheet.getByTestId("outcome").click();
    assert.equal(await confirm().isDisabled(), true);
    await dialog().locator('input[name=diagnosis][value="1"]').check();
    assert.equal(await confirm().isDisabled(), true, "both are asked");
    await dialog().locator('input[name=triage][value="3"]').check();
    await confirm().click();
    await eventually(() => lastAction().what, (w) => w === 21, "outcome");
    assert.deepEqual([lastAction().code, lastAction().value], [1, 3]);
    await eventually(() => sheet.locator(".sheet").innerText(), (w) => /本院诊断: .*STEMI/.test(w), "on the sheet");
});

test("a case that was handed over stays within reach", async () => {
    await logIn();
    server.patients[0].set(10, 4);
    ward.raise(1, 1, 8, { person: "李医生" });
    const gone = page.locator('.gone [data-alert="1"]');
    assert.match(await gone.innerText(), /贵A·120-07.*交接.*待医院签名.*结局未填/);
    await gone.locator("button").click();
    await page.waitForSelector('[data-tap="67109209"]');
    assert.equal(await page.locator('[data-deed="outcome"]').count(), 1);
    server.tell([server.patients[0].set(10, 1).set(35, [1, "gz-1"])]);
    await eventually(() => gone.innerText(), (w) => /已转往他院/.test(w) && !/待医院签名/.test(w), "on to another hospital");
    assert.equal(await page.locator(".tap").count(), 0, "its next times are not this hospital's");
});

test("a transfer needs a reason; a question to the partner needs words", async () => {
    await logIn();
    server.patients[0].set(10, 2);
    ward.raise(1, 1, 7, { person: "李医生" });
    await card(1).locator(".link").click();
    await page.locator('[data-deed="transfer"]').click();
    assert.equal(await confirm().isDisabled(), true);
    await choose(5);
    await confirm().click();
    await eventually(() => lastAction()?.what, (w) => w === 7, "transfer");
    assert.equal(lastAction().reason, 5);
    await page.locator('[data-deed="consult"]').click();
    assert.equal(await confirm().isDisabled(), true);
    await page.fill("#ward-question", "是否需要加做右胸导联?");
    await confirm().click();
    await eventually(() => lastAction().what, (w) => w === 16, "asked");
    assert.equal(lastAction().text, "是否需要加做右胸导联?");
});

test("what the server refuses is said in words at the place where it was done", async () => {
    await logIn();
    accepted();
    await card(1).locator(".link").click();
    ward.refuse = 415;
    await page.locator('.tap[data-tap="67109209"]').click();
    await eventually(() => page.locator(".panel.ward-times").innerText(), (w) => /未被接受.*时间不可能/.test(w), "refused in words");
    assert.equal(await page.locator('[data-said="67109209"]').count(), 0);
});

test("the layout is remembered; on the wall nothing is smaller than 28 px and no tag is shown", async () => {
    await logIn();
    server.patients[0].set(34, "W-0042");
    server.patients[1].set(34, "W-0043");
    accepted({ teams: [[1, true, 4, Date.now(), "李医生", false], [2, true, 2, Date.now(), "", false]] });
    ward.raise(2, 2, 1, { priority: 2, grade: 2 });
    await card(1).waitFor();
    assert.match(await page.locator(".board").innerText(), /W-0042/);
    await page.getByTestId("layout").click();
    await page.reload();
    await page.waitForSelector(".board.wall .card");
    await eventually(() => page.locator("[data-testid=link]").getAttribute("data-state"), (s) => s === "live", "live");
    const small = () => page.evaluate(() => {
        const out = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let at = walker.nextNode(); at; at = walker.nextNode()) {
            const e = at.parentElement;
            if (at.textContent.trim() && e.checkVisibility() && !e.closest(".unseen, dialog:not([open]), canvas") && parseFloat(getComputedStyle(e).fontSize) < 28) out.push(`${e.className} ${at.textContent.slice(0, 30)} ${getComputedStyle(e).fontSize}`);
        }
        return out;
    });
    assert.deepEqual(await small(), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing runs off the side");
    assert.match(await page.locator(".board").innerText(), /贵A·120-07/);
    await card(1).locator(".link").click();
    await page.waitForSelector("#patient");
    assert.doesNotMatch(await page.locator("body").innerText(), /W-0042|W-0043/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("w");
    await page.waitForSelector(".board.desk");
});

test("the handover sheet is one page of A4 with every field, printed by P", async () => {
    const printed = () => { globalThis.prints = 0; globalThis.print = () => { globalThis.prints++; }; };
    await logIn("李医生", { init: printed });
    ward.fullCase(1);
    ward.raise(1, 1, 7, { person: "李医生", acceptedMs: Date.now() - 900000, reason: 2 });
    await card(1).locator(".link").click();
    await page.keyboard.press("p");
    assert.equal(await page.evaluate(() => globalThis.prints), 1);
    const onScreen = await page.locator(".handover-print").evaluate((e) => e.textContent);
    const pages = (of) => of.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
    const pdf = await page.pdf({ preferCSSPageSize: true }), file = join(dir, "sheet.pdf");
    writeFileSync(file, pdf);
    const size = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf.toString("latin1"));
    assert.equal(pages(pdf), 1);
    assert.ok(Math.abs(size[1] - 595) < 2 && Math.abs(size[2] - 842) < 2, `A4 upright: ${size[1]} x ${size[2]}`);
    const hasTool = spawnSync("pdftotext", ["-v"]).error === undefined;
    const text = hasTool ? execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" }) : onScreen;
    for (const words of ["院前–院内交接单", "贵州省人民医院", "贵A·120-07", "W-0042", "58 岁", "胸痛", "失血量", "李医生", "限制: 30 分钟内无导管室", "首次医疗接触", "导丝通过", "心率",
        "104 /min", "双联抗血小板给药", "药名、剂量", "符合标准", "建议加做右胸导联", "陈医生", "交出", "接收 (医院)", "打印时间", "第 1 页"]) assert.ok(bare(text).includes(bare(words)), `${words} in ${text}`);
    assert.equal(await page.locator(".handover-print").count(), 0, "after printing it is taken away");
    ward.longCase(1);
    await page.keyboard.press("h");
    await eventually(() => page.locator("dialog.handover-dialog .sheet-times li").count(), (n) => n === 24, "as many times as the sheet shows");
    assert.match(await page.locator("dialog.handover-dialog .sheet").innerText(), /另有 \d+ 条未显示/, "and it says that there are more");
    await page.keyboard.press("p");
    assert.equal(await page.evaluate(() => globalThis.prints), 2);
    assert.equal(pages(await page.pdf({ preferCSSPageSize: true })), 1, "the longest sheet is one page as well");
});

test("no view of the board breaks WCAG 2.2 AA, in either language or layout, and nothing violates the CSP", async () => {
    for (const wall of [false, true]) for (const language of ["zh", "en"]) {
        page = undefined;
        await logIn("李医生", { wall, language });
        const look = async (where) => assert.deepEqual(await violations(), [], `${wall ? "wall" : "desk"} ${language} ${where}`);
        ward.fullCase(1);
        ward.busy();
        await page.waitForSelector(".off-banner");
        await card(1).locator(".link").click();
        await page.waitForSelector(".panel.vitals");
        await look("board");
        await page.keyboard.press("d");
        await page.waitForSelector("dialog.services-dialog[open]");
        await look("services");
        await page.keyboard.press("Escape");
        await page.keyboard.press("h");
        await page.waitForSelector("dialog.handover-dialog[open]");
        await look("handover");
        await page.keyboard.press("Escape");
        await page.locator('.card[data-alert="2"] .link').click();
        await page.keyboard.press("l");
        await dialog().waitFor();
        await look("limits");
        assert.deepEqual(page.problems, []);
        await page.context().close();
        server.reset();
        ward = new Ward(server);
    }
});
