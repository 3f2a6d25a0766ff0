/* SPDX-License-Identifier: Apache-2.0 */
/* The consultant's screen in a real browser, against a stand-in that tells a consultant what the server would. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, newPage } from "./lib/browser.mjs";
import { Consults } from "./lib/fake-consult.mjs";
import { FakeServer, PEOPLE, ecgFrames, idOf } from "./lib/fake-server.mjs";
import { Pki } from "./lib/pki.mjs";
import { root } from "./lib/stack.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const dir = mkdtempSync(join(tmpdir(), "jz-consult-"));
const TAKE = 17, PASS = 18, ANSWER = 19, ENDED = 5;
let server, consults, browser, page;

before(async () => {
    const own = new Pki(dir).server();
    server = new FakeServer({ ...own, dist: join(root, "server/console/dist") });
    consults = new Consults(server);
    await server.start();
    browser = await launch(own.cert);
});
after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => { server.refuseTickets = false; server.reset(); consults.reset(); });
afterEach(async () => { await page?.context().close(); page = undefined; });

async function logIn(name = "陈医生", options = {}, language = "zh") {
    page = await newPage(browser, options);
    await page.goto(`https://127.0.0.1:${server.port}/`);
    if (language === "en") await page.click(".language");
    await page.fill("#name", name);
    await page.fill("#password", PEOPLE[name].password);
    await page.click("button[type=submit]");
    await page.waitForSelector('[data-testid=link][data-state="live"]');
    await page.waitForSelector(name === "陈医生" ? ".board.consult" : ".board");
}
async function violations() {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
    return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 120)} ${n.any[0]?.message ?? ""}`).join(" | ")}`);
}
async function eventually(read, fits, what) {
    for (let n = 0; n < 100; n++) {
        if (fits(await read())) return;
        await page.waitForFunction(() => new Promise((done) => setTimeout(() => done(true), 50)));
    }
    assert.fail(`never: ${what}; last: ${JSON.stringify(await read())}`);
}
const row = (n) => page.locator(`[data-consult="${n}"]`);
const look = async (n) => { await row(n).getByRole("button", { name: "查看" }).click(); await page.waitForSelector(".consult-patient"); };
const take = async (n) => { await look(n); await page.keyboard.press("a"); await page.waitForSelector(`[data-consult="${n}"][data-state="2"]`); };
const text = () => page.locator("main").innerText();
const watchSound = () => {
    globalThis.pulses = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...a) { globalThis.pulses++; return start.apply(this, a); };
};

test("a question comes with its countdown, who asks, and a patient without callsign: sex, age, weeks, four digits", async () => {
    await logIn();
    assert.match(await text(), /目前没有会诊请求/);
    consults.ask(1, 2);
    await row(1).waitFor();
    const shown = await row(1).innerText();
    for (const words of ["等待接受", "女", "31 岁", "34 周 2 天", "尾号 0002", "胎心变异是否减少?", "提问: 市二医 李医生"]) assert.ok(shown.includes(words), `${words} in ${shown}`);
    assert.match(await row(1).getByTestId("consult-left").innerText(), /^(02:00|01:5\d) 应答剩余$/);
    await look(1);
    assert.doesNotMatch(await page.locator("body").innerText(), /120-11/);
    consults.change(1, { askedBy: "" }); /* a crew: its name would be a callsign */
    await row(1).filter({ hasText: /提问 \d\d:\d\d/ }).waitFor();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
    assert.deepEqual(page.problems, []);
});

test("a question rings as a medium alarm until it is opened; a dispatcher does not hear it", async () => {
    await logIn("陈医生", { init: watchSound });
    const pulses = () => page.evaluate(() => globalThis.pulses);
    consults.ask(1, 2);
    await eventually(pulses, (n) => n === 15, "three pulses of five harmonics");
    consults.change(1, { tries: 2 });
    await eventually(pulses, (n) => n === 30, "a new round rings again");
    await look(1);
    consults.change(1, { tries: 3 });
    await row(1).filter({ hasText: "第 3 轮" }).waitFor();
    assert.equal(await pulses(), 30, "whoever has it open needs not hear it");
    await page.context().close();
    await logIn("调度员", { init: watchSound });
    server.tell([new Map([[0, 27], [3, Date.now()], [4, idOf(1)], [8, 9], [9, 1], [10, Date.now()], [11, Date.now() + 120000], [12, Date.now() + 600000], [13, "x"], [15, "?"], [20, false], [21, 1]])]);
    server.raise(2, 2, "gz-4", 4);
    await page.waitForSelector('[data-alert="2"]');
    assert.equal(await pulses(), 0);
});

test("A takes the question; nothing is said to be taken before the server says so", async () => {
    await logIn();
    consults.ask(1, 2);
    consults.silent = true;
    await row(1).waitFor();
    await page.keyboard.press("a");
    await row(1).filter({ hasText: "等待接受" }).waitFor();
    await page.waitForSelector("[data-testid=outcome].sent");
    assert.match(await page.getByTestId("outcome").first().innerText(), /“接受”已发送,等待服务器确认/);
    assert.equal(await row(1).locator(".accept").isDisabled(), true);
    await page.keyboard.press("a");
    assert.equal(consults.actions.length, 1, "a second press sends nothing");
    assert.equal(await page.locator(".opinion form").count(), 0);
    consults.change(1, { state: 2, consultant: "陈医生" });
    await page.waitForSelector(".opinion form");
    assert.match(await row(1).innerText(), /由您会诊[\s\S]*09:5\d|10:00 意见时限/);
    assert.deepEqual(consults.actions.map((a) => [a.what, a.number]), [[TAKE, 1]]);
});

test("a question that somebody else took first says so", async () => {
    await logIn();
    consults.ask(1, 2);
    await row(1).waitFor();
    Object.assign(consults.all.get(1), { state: 2, consultant: "吴医生" }); /* the page does not know yet */
    await page.keyboard.press("a");
    await page.waitForSelector("[data-testid=outcome].refused");
    assert.match(await page.getByTestId("outcome").first().innerText(), /可能已由他人接受/);
});

test("N asks, and once it is passed on nothing of the patient remains", async () => {
    await logIn();
    consults.ask(1, 2);
    consults.ask(2, 1, { question: "需要溶栓吗?" });
    await take(1);
    await page.keyboard.press("n");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    assert.equal(consults.actions.some((a) => a.what === PASS), false, "escape passes nothing on");
    await page.keyboard.press("n");
    await page.locator("dialog[open] button.primary").click();
    await page.waitForSelector(".consult-patient", { state: "detached" });
    await eventually(() => row(1).count(), (n) => n === 0, "the request is gone");
    assert.doesNotMatch(await text(), /0002|胎心变异|34 周/);
    assert.match(await page.getByTestId("gone").innerText(), /已从本页移除/);
    assert.equal(await row(2).count(), 1);
    assert.deepEqual(consults.actions.at(-1), { what: PASS, number: 1, code: undefined, text: undefined, by: "陈医生" });
});

test("an opinion needs a conclusion and words, is signed with one's name, and says that it is advice only", async () => {
    await logIn();
    consults.ask(1, 2);
    await take(1);
    const sign = page.locator(".opinion form button[type=submit]"), words = page.locator("#opinion");
    assert.match(await page.locator(".opinion h3").innerText(), /只给建议:决定权在现场/);
    assert.equal(await sign.isDisabled(), true);
    await page.getByLabel("请重做记录").check();
    assert.match(await words.inputValue(), /请重做记录后再问/);
    await page.getByLabel("比现场判断更紧急").check();
    assert.match(await words.inputValue(), /更紧急,理由/, "one template replaces another");
    await words.fill("基线变异减少,建议立即转产科。");
    await page.getByLabel("同意现场判断").check();
    assert.equal(await words.inputValue(), "基线变异减少,建议立即转产科。", "a template never replaces one's own words");
    await page.getByLabel("其他,见文字").check();
    await words.fill("看文字");
    assert.equal(await sign.isDisabled(), true, "other needs five characters");
    await words.fill("长".repeat(171));
    assert.equal(await sign.isDisabled(), true, "more than one text of the protocol holds");
    await words.fill("a建议立即转产科n");
    assert.equal(await row(1).getAttribute("data-state"), "2", "letters typed into the field are no commands");
    await sign.click();
    assert.match(await page.locator("dialog[open]").innerText(), /签名人: 陈医生/);
    await page.locator("dialog[open] button.primary").click();
    await page.waitForSelector("[data-testid=signed]");
    assert.match(await page.getByTestId("signed").innerText(), /其他,见文字\s+a建议立即转产科n\s+陈医生 \d\d:\d\d:\d\d 签名/);
    assert.equal(await page.locator(".opinion form").count(), 0);
    assert.deepEqual(consults.actions.at(-1), { what: ANSWER, number: 1, code: 5, text: "a建议立即转产科n", by: "陈医生" });
    assert.deepEqual(page.problems, []);
});

test("when the case ends nothing of the patient remains, not even on the full screen", async () => {
    await logIn();
    consults.ask(1, 2);
    await take(1);
    await page.keyboard.press("e");
    await page.waitForSelector(".paper-dialog[open]");
    consults.change(1, { state: ENDED });
    await page.waitForSelector(".paper-dialog", { state: "detached" });
    await page.waitForSelector(".consult-patient", { state: "detached" });
    assert.equal(await page.locator("canvas").count(), 0);
    assert.doesNotMatch(await page.locator("body").innerText(), /0002|34 周|胎心变异/);
});

test("a round that is over and of which nothing more is heard takes the patient away", async () => {
    await logIn();
    consults.ask(1, 2, { dueMs: Date.now() - 1000 });
    await look(1);
    await page.waitForSelector(".consult-patient", { state: "detached", timeout: 15000 });
    assert.equal(await row(1).count(), 0);
});

test("the recording that was asked about stays while newer ones arrive", async () => {
    const asked = Date.now() - 600000;
    server.waves = ecgFrames(idOf(1), asked, 3);
    await logIn();
    consults.ask(1, 1, { snapshot: 3 });
    await look(1);
    const tools = page.locator(".trace-tools");
    await tools.getByRole("button", { name: "会诊所附 3 号" }).waitFor();
    for (const n of [4, 5]) server.tell(ecgFrames(idOf(1), asked + n * 100000, n));
    await tools.getByRole("button", { name: "记录 5 号" }).waitFor();
    assert.equal(await tools.getByRole("button", { name: "会诊所附 3 号" }).getAttribute("aria-pressed"), "true");
    await page.keyboard.press("e");
    await page.waitForSelector(".paper-dialog[open]");
    assert.equal(await page.locator(".paper-dialog .trace-tools button[aria-pressed=true]").first().innerText().then((w) => /会诊所附 3 号/.test(w)), true, "and on the full screen");
    server.tell(ecgFrames(idOf(1), Date.now() - 10000, 0));
    await page.locator(".paper-dialog .trace-tools").getByRole("button", { name: "实时" }).waitFor();
});

test("a recording that was asked about and is not on this page is said to be missing", async () => {
    await logIn();
    consults.ask(1, 1, { snapshot: 77 });
    await look(1);
    assert.match(await page.locator(".traces .problem").innerText(), /77 号记录不在本页/);
});

test("person, day and minute are all over the patient; nothing can be printed or copied by the menu", async () => {
    await logIn();
    consults.ask(1, 2);
    await look(1);
    assert.match(await page.locator(".consult-patient > .watermark").getAttribute("data-words"), /^陈医生 \d{4}-\d\d-\d\d \d\d:\d\d$/);
    const drawn = await page.locator(".consult-patient > .watermark").evaluate((c) => {
        const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
        let n = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i] > 0) n++;
        return [n, c.clientHeight - c.parentElement.clientHeight];
    });
    assert.ok(drawn[0] > 1000 && drawn[1] === 0, `${drawn}`);
    assert.equal(await page.getByRole("button", { name: "打印" }).count(), 0);
    const menu = await page.locator(".trace-over").evaluate((e) => e.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true })));
    assert.equal(menu, false, "the menu is refused");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".consult-patient").isVisible(), false);
    assert.equal(await page.locator(".no-print-words").isVisible(), true);
    await page.emulateMedia({ media: null });
    await page.keyboard.press("e");
    await page.waitForSelector(".paper-dialog[open] .watermark");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".paper-dialog").isVisible(), false, "nor the full screen");
});

test("while the link is lost nothing can be taken, passed on or signed", async () => {
    await logIn();
    consults.ask(1, 2);
    consults.ask(2, 1);
    await take(1);
    await page.getByLabel("同意现场判断").check();
    server.refuseTickets = true;
    server.dropAll();
    await page.waitForSelector("[data-testid=lost]");
    assert.equal(await page.locator(".opinion form button[type=submit]").isDisabled(), true);
    assert.equal(await row(2).locator(".accept").isDisabled(), true);
    assert.equal(await row(2).locator(".decline").isDisabled(), true);
    const sent = consults.actions.length;
    await row(2).getByRole("button", { name: "查看" }).focus();
    await page.keyboard.press("a");
    assert.equal(consults.actions.length, sent);
    server.refuseTickets = false;
    await page.waitForSelector('[data-testid=link][data-state="live"]', { timeout: 15000 });
    assert.equal(await page.getByLabel("同意现场判断").isChecked(), true, "what was written is still there");
});

test("vitals, amounts, events, findings with reasons and a trend stand below the trace; what is stale says so", async () => {
    await logIn();
    consults.ask(1, 1);
    await look(1);
    const group = (word) => page.locator(`[data-group="advice.${word}"]`);
    assert.match(await group("vitals").innerText(), /心率\s+104 \/min[\s\S]*体温\s+36\.8 °C\s+25 分前\s+已过期[\s\S]*血氧饱和度\s+–\s+\d+ 秒前\s+探头脱落/);
    assert.match(await group("findings").innerText(), /医师确认ST段抬高\s+是/);
    const stemi = page.locator('.assessment[data-rule="CP-STEMI"]');
    await stemi.locator("summary").first().press("Enter");
    assert.match(await stemi.innerText(), /依据[\s\S]*规则 CP-STEMI 1\.0\.0 · 出处: RCP 2017[\s\S]*医师确认ST段抬高 是/);
    await page.waitForSelector(".trend .chart .uplot");
    await page.locator(".trend .paper-data summary").press("Enter");
    assert.match(await page.locator(".trend .paper-data").innerText(), /心率/);
});

test("markup in a question or a name stays text", async () => {
    await logIn();
    consults.ask(1, 2, { question: "<img src=x onerror=hacked=1>", askedBy: "<b>x</b>" });
    await look(1);
    assert.equal(await page.locator("main img, main b").count(), 0);
    assert.match(await row(1).innerText(), /<img src=x onerror=hacked=1>/);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
});

test("axe finds nothing: list, case, signing, full screen, in both languages", async () => {
    for (const [language, ask, other, full] of [["zh", "查看", "其他,见文字", true], ["en", "Look", "Other, see the text", false]]) {
        consults.reset();
        await logIn("陈医生", {}, language);
        consults.ask(1, 2);
        consults.ask(2, 1, { snapshot: 1 });
        await row(2).waitFor();
        assert.deepEqual(await violations(), [], `${language} list`);
        await row(1).getByRole("button", { name: ask }).click();
        await page.waitForSelector(".consult-patient");
        await page.keyboard.press("a");
        await page.getByLabel(other).check();
        await page.locator("#opinion").fill("12345678");
        assert.deepEqual(await violations(), [], `${language} case`);
        await page.locator(".opinion form button[type=submit]").click();
        await page.waitForSelector("dialog[open]");
        assert.deepEqual(await violations(), [], `${language} signing`);
        await page.locator("dialog[open] button").last().click();
        await page.waitForSelector("dialog[open]", { state: "detached" });
        await page.evaluate(() => document.activeElement?.blur());
        await page.keyboard.press("e");
        await page.waitForSelector(".paper-dialog[open]");
        if (full) assert.deepEqual(await violations(), [], `${language} full screen`);
        assert.deepEqual(page.problems, []);
        await page.context().close();
    }
});
