/* SPDX-License-Identifier: Apache-2.0 */
/* The dispatcher's screen alone, in a real browser, against the stand-in server. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, newPage } from "./lib/browser.mjs";
import { FIELD, another, consult, fullAlert, hospital, hospitals, plan, proposal, withCase } from "./lib/fake-dispatch.mjs";
import { DeviceClient } from "./lib/client.mjs";
import { FakeServer, PEOPLE, XSS, idOf } from "./lib/fake-server.mjs";
import { Pki } from "./lib/pki.mjs";
import { Stack, root } from "./lib/stack.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const dir = mkdtempSync(join(tmpdir(), "jz-dispatch-"));
const m = (...pairs) => new Map(pairs);
const hex = (n) => n.toString(16).padStart(32, "0");
const FIRST = hex(1), SECOND = hex(2);
let server, browser, page, done;

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
/* What was done comes with all its keys; a test says how the server answers: a status, 0 durable, or nothing yet. */
let answerWith;
beforeEach(() => {
    Object.assign(server, { quiet: false, slowAcks: false, refuseTickets: false, answers: [] });
    server.reset();
    done = [];
    answerWith = () => 0;
    const now = Date.now();
    withCase(server.patients[0], now);
    server.onGreet = (link) => server.tell(hospitals(now), link);
    server.onAction = (frame, link) => {
        const action = { what: frame.get(8), encounter: frame.get(4) && Buffer.from(frame.get(4)).toString("hex"), facility: frame.get(9), code: frame.get(10), value: frame.get(11), ms: frame.get(12),
            reason: frame.get(13), text: frame.get(14), other: frame.get(15) && Buffer.from(frame.get(15)).toString("hex"), number: frame.get(16) };
        done.push(action);
        const status = answerWith(action), seq = frame.get(2);
        if (status === 0) server.tell([m([0, 4], [8, m([0, seq])], [9, 1])], link);
        else if (status) server.tell([m([0, 3], [3, Date.now()], [8, status], [9, 23], [10, 0], [11, seq], [13, "said by the server"])], link);
        return true;
    };
});
afterEach(async () => { await page?.context().close(); page = undefined; server.onGreet = server.onAction = undefined; });

async function open({ english = false, name = "调度员", patient = 0, ...options } = {}) {
    page = await newPage(browser, options);
    await page.goto(`https://127.0.0.1:${server.port}/`);
    if (english) await page.click(".language");
    await page.fill("#name", name);
    await page.fill("#password", PEOPLE[name].password);
    await page.click("button[type=submit]");
    await page.waitForSelector("#patients tbody tr");
    if (patient !== undefined) await page.locator(`#patients tr[data-encounter="${hex(patient + 1)}"] .callsign`).click();
    return page;
}
async function eventually(read, fits, what) {
    for (let n = 0; n < 100; n++) {
        if (fits(await read())) return;
        await page.waitForFunction(() => new Promise((ready) => setTimeout(() => ready(true), 50)));
    }
    assert.fail(`never: ${what}; last: ${JSON.stringify(await read())}`);
}
const dialog = () => page.locator("dialog.act-dialog[open]"), confirm = () => page.getByTestId("act-confirm");
const line = (what) => page.locator(`.acting [data-act="${what}"]`);

/* --- choosing a hospital ------------------------------------------------------------------------------------- */

test("Enter sends the patient to the first hospital, once, and says that it waits until the server has it", async () => {
    await open();
    answerWith = () => undefined;
    await page.locator("#patient").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector('.acting [data-act="1"][data-phase="sent"]');
    await page.keyboard.press("Enter");
    await page.keyboard.press("1");
    assert.deepEqual(done.map((a) => [a.what, a.encounter, a.facility, a.reason]), [[1, FIRST, "gz-1", undefined]]);
    assert.match(await line(1).innerText(), /已发送,等待服务器确认/);
    server.tell([m([0, 4], [8, m([0, 99])], [9, 1])]);
    await page.waitForSelector('.acting [data-act="1"][data-phase="durable"]');
    assert.deepEqual(page.problems, []);
});

test("Enter on a button presses that button and sends nobody anywhere", async () => {
    await open({ patient: undefined });
    await page.locator(`#patients tr[data-encounter="${FIRST}"] .callsign`).press("Enter");
    await page.waitForSelector(`#patient[data-encounter="${FIRST}"]`);
    assert.deepEqual(done, []);
});

test("a digit opens the question why, which says what is lost; without a reason it cannot be sent, and with one the reason goes along", async () => {
    await open();
    await page.locator("#patient").focus();
    await page.keyboard.press("2");
    await dialog().waitFor();
    assert.match(await page.getByTestId("loss").innerText(), /\+9 分.*无心脏外科/s);
    assert.equal(await confirm().isDisabled(), true);
    await page.keyboard.press("Enter");
    assert.deepEqual(done, [], "the form is not sent by Enter either");
    await dialog().getByLabel("其他").check();
    await page.fill("#act-text", "短");
    assert.equal(await confirm().isDisabled(), true, "other needs five characters");
    await dialog().getByLabel("家属要求").check();
    await confirm().click();
    await eventually(() => done.length, (n) => n === 1, "sent");
    assert.deepEqual([done[0].what, done[0].facility, done[0].reason], [1, "gz-2", 2]);
    await dialog().waitFor({ state: "hidden" });
});

test("O overrides by keyboard alone; a hospital that lacks what is needed waits for a second person, who is shown the time left", async () => {
    await open();
    answerWith = (action) => (action.what === 1 ? 412 : 0);
    await page.locator("#patient").focus();
    await page.keyboard.press("o");
    await dialog().waitFor();
    await page.keyboard.type("3");
    await page.locator("#override-to").selectOption("gz-3");
    assert.match(await page.getByTestId("hard-stop").innerText(), /须有第二人确认/);
    assert.match(await page.getByTestId("loss").innerText(), /无24 小时急诊 PCI/);
    await dialog().getByLabel("家属要求").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.acting [data-act="1"][data-phase="waits"]');
    const now = Date.now();
    server.tell([proposal(17, now, { by: "调度员" })]);
    await eventually(() => line(1).innerText(), (t) => /等待第二人确认,剩余 04:/.test(t), "the time left");
    assert.match(await page.locator('[data-proposal="17"]').innerText(), /须由另一人确认/);
    assert.equal(await page.locator('[data-proposal="17"] button[data-second]').count(), 0);
    server.tell([proposal(17, now, { by: "调度员", state: 3 })]);
    await eventually(() => page.locator('[data-proposal="17"]').count(), (n) => n === 0, "refused");
    assert.match(await line(1).innerText(), /不再等待第二人/);
});

test("a refused action says why and stays until somebody has read it", async () => {
    await open();
    answerWith = () => 414;
    await page.locator('[data-dispatch="1"]').click();
    await page.waitForSelector('.acting [data-act="1"][data-phase="refused"]');
    assert.match(await line(1).innerText(), /未被接受:病例阶段已变化/);
    await line(1).locator("button").click();
    await line(1).waitFor({ state: "detached" });
});

test("while the link is lost nothing can be done, by button or key", async () => {
    await open();
    server.refuseTickets = true;
    server.dropAll();
    await page.waitForSelector("[data-testid=lost]");
    assert.equal(await page.locator('[data-dispatch="1"]').isDisabled(), true);
    assert.equal(await page.locator('[data-deed="down"]').isDisabled(), true);
    await page.locator("#patient").focus();
    for (const key of ["Enter", "2", "o"]) await page.keyboard.press(key);
    assert.equal(await page.locator("dialog[open]").count(), 0);
    assert.deepEqual(done, []);
});

test("the ranking says times, own record, capabilities, doubts, advice, exclusions, and what would change it", async () => {
    await open();
    const text = await page.locator(".panel.ranking").innerText();
    for (const words of ["本院 53 分 (n=7)", "计划 57 分", "所需床位已满", "依据已过期", "可达到时间目标", "再灌注:直接 PCI", "退路:溶栓后转运: 贵阳市第三人民医院", "值得改派", "若再快 9 分即为首选", "目标 120 分"])
        assert.ok(text.includes(words), `${words} in ${text}`);
    assert.match(await page.locator('[data-candidate="gz-1"] .capabilities').innerText(), /✓ 24 小时急诊 PCI[\s\S]*\? 心脏外科 未核实/);
    assert.match(await page.locator('[data-candidate="gz-2"] .capabilities').innerText(), /✗ 心脏外科 无/);
    await page.locator(".panel.ranking summary").last().click();
    assert.match(await page.locator(".panel.ranking").innerText(), /贵阳市第三人民医院: 缺少 24 小时急诊 PCI[\s\S]*贵阳市妇幼保健院: 分流中 导管室/);
});

test("of many hospitals four are shown, the rest with one press; a digit reaches one that is folded away", async () => {
    const ranking = server.patients[0].get(17);
    ranking.set(2, [...ranking.get(2), ...[5, 6, 7].map((n) => [`gz-${n}`, 1200 + n, 4800 + n, 300, false, 3400, 0, 0])]);
    await open();
    const rows = page.locator(".ranked tbody tr");
    assert.equal(await rows.count(), 4);
    await page.locator("#patient").focus();
    await page.keyboard.press("5");
    assert.equal(await page.locator("#override-to").inputValue(), "gz-7");
    await page.keyboard.press("Escape");
    await eventually(() => page.locator("dialog[open]").count(), (n) => n === 0, "the dialog is closed");
    await page.evaluate(() => document.querySelector('[data-testid="all-candidates"]').click());
    await eventually(() => rows.count(), (n) => n === 5, "all are shown");
});

/* --- the case --------------------------------------------------------------------------------------------- */

test("priority goes up at once and down only with a reason; what the rules found stays beside it", async () => {
    await open({ patient: 1 });
    await page.locator('[data-deed="up"]').click();
    await eventually(() => done.length, (n) => n === 1, "up");
    assert.deepEqual([done[0].what, done[0].encounter, done[0].value, done[0].reason], [2, SECOND, 1, undefined]);
    await eventually(() => page.locator('[data-deed="down"]').isEnabled(), (yes) => yes, "free again");
    await page.locator('[data-deed="down"]').click();
    await dialog().waitFor();
    assert.equal(await confirm().isDisabled(), true);
    await dialog().getByLabel("病情变化").check();
    await confirm().click();
    await eventually(() => done.length, (n) => n === 2, "down");
    assert.deepEqual([done[1].what, done[1].value, done[1].reason], [2, 3, 1]);
    await page.locator(`#patients tr[data-encounter="${FIRST}"] .callsign`).click();
    assert.match(await page.getByTestId("rule-priority").innerText(), /规则判定为 II/);
});

test("stand-down, merge, tag and consult ask what they need and send just that", async () => {
    await open();
    await page.locator('[data-deed="stand-down"]').click();
    await dialog().getByLabel("误报").check();
    await confirm().click();
    await eventually(() => done.length, (n) => n === 1, "stood down");
    await page.locator('[data-deed="merge"]').click();
    await dialog().getByLabel("重复", { exact: true }).check();
    assert.equal(await confirm().isDisabled(), true, "the duplicate has to be chosen");
    await page.locator("#merge-other").selectOption(SECOND);
    await confirm().click();
    await eventually(() => done.length, (n) => n === 2, "merged");
    await page.locator('[data-deed="identify"]').click();
    assert.equal(await page.locator("#act-words").inputValue(), "T-0421");
    await page.fill("#act-words", "腕带腕带腕带");
    assert.equal(await confirm().isDisabled(), true, "18 bytes are more than a tag has");
    await page.fill("#act-words", "W-77");
    await confirm().click();
    await eventually(() => done.length, (n) => n === 3, "identified");
    await page.locator('[data-deed="consult"]').click();
    assert.equal(await confirm().isDisabled(), true);
    await page.fill("#act-words", "是否溶栓?");
    await confirm().click();
    await eventually(() => done.length, (n) => n === 4, "asked");
    assert.deepEqual(done.map((a) => [a.what, a.encounter, a.reason, a.other, a.text]), [[3, FIRST, 8, undefined, undefined], [5, FIRST, 9, SECOND, undefined], [9, FIRST, undefined, undefined, "W-77"], [16, FIRST, undefined, undefined, "是否溶栓?"]]);
});

test("what may be done follows the phase", async () => {
    const [patient] = server.patients;
    for (const [phase, has, lacks] of [[1, ["stand-down", "merge"], ["transfer", "reopen"]], [2, ["transfer", "stand-down"], ["reopen"]], [3, ["reopen", "identify"], ["merge", "up", "stand-down"]], [4, ["transfer"], ["stand-down", "reopen"]]]) {
        patient.set(10, phase);
        await open();
        for (const id of has) assert.equal(await page.locator(`[data-deed="${id}"]`).count(), 1, `${id} in phase ${phase}`);
        for (const id of lacks) assert.equal(await page.locator(`[data-deed="${id}"]`).count(), 0, `no ${id} in phase ${phase}`);
        assert.equal(await page.locator('[data-dispatch="1"]').isDisabled(), phase !== 1);
        await page.context().close();
    }
});

test("clocks count down, say which is over and which will be missed; a milestone shows its source and what was said first", async () => {
    await open();
    const target = (rule) => page.locator(`.target[data-rule="${rule}"]`);
    assert.match(await target("CLOCK-FMC-ECG").innerText(), /已达到/);
    assert.match(await target("CLOCK-FMC-WIRE").innerText(), /剩余 1:4\d:\d\d[\s\S]*50% 已提醒[\s\S]*预计 \d\d:\d\d:\d\d 完成,晚 08:00/);
    assert.match(await target("CLOCK-SCENE").innerText(), /超时 02:\d\d/);
    assert.match(await page.locator(`[data-stamp="${FIELD.fmc}"]`).innerText(), /最初为 \d\d:\d\d:\d\d,已更正 1 次[\s\S]*调度[\s\S]*±2 s/);
});

test("a milestone is stamped with one tap, and corrected only to another time that is past, with a reason", async () => {
    await open();
    await page.locator(".taps summary").click();
    await page.locator(`[data-tap="${FIELD.left}"]`).click();
    await eventually(() => done.length, (n) => n === 1, "stamped");
    assert.deepEqual([done[0].what, done[0].code, done[0].ms, done[0].reason], [14, FIELD.left, undefined, undefined]);
    await page.locator(`[data-stamp="${FIELD.ecg}"] button`).click();
    await dialog().getByLabel("时钟不准").check();
    assert.equal(await confirm().isDisabled(), true, "the same time is no correction");
    const later = new Date(Date.now() + 60 * 60000), earlier = new Date(Date.now() - 12 * 60000), clock = (d) => d.toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" }); /* the page's */
    await page.fill("#stamp-time", clock(later));
    assert.equal(await confirm().isDisabled(), true, "a time to come");
    await page.fill("#stamp-time", clock(earlier));
    await confirm().click();
    await eventually(() => done.length, (n) => n === 2, "corrected");
    assert.deepEqual([done[1].code, done[1].reason, Math.floor(done[1].ms / 1000)], [FIELD.ecg, 11, Math.floor(earlier / 1000)]);
});

test("who was asked stands with the ladder, the teams' receipts, and that nothing shows it arrived", async () => {
    await open();
    server.patients[0].set(18, [5, 6]);
    server.tell([server.patients[0], fullAlert(5, idOf(1), "gz-1", 2, Date.now()), fullAlert(6, idOf(1), "gz-2", 9, Date.now(), [[24, false], [26, true]])]);
    const asked = (n) => page.locator(`[data-asked="${n}"]`);
    await asked(5).waitFor();
    assert.match(await asked(5).innerText(), /第 3 级: 60 秒无人应答,已升级[\s\S]*!! 未送达,请打电话[\s\S]*急诊: 已就绪 张伟[\s\S]*导管室: 已送达[\s\S]*已催[\s\S]*血库: 无回执/);
    assert.match(await asked(6).innerText(), /已撤回[\s\S]*对方已知取消/);
});

test("a merged record leads to the one that goes on; kin, tag, consult and handover are said", async () => {
    const [first, second] = server.patients;
    second.set(10, 5).set(30, [[idOf(1), 3]]);
    first.set(30, [[idOf(2), 4]]).set(31, m([0, "王护士"], [1, Date.now() - 60000], [4, true])).set(33, 9);
    server.onGreet = (link) => server.tell([consult(Date.now(), 3, [[14, "陈思"], [16, "同意,请加做 V4R。"], [17, 1], [18, Date.now()]])], link);
    await open({ patient: 1 });
    await page.getByTestId("merged").waitFor();
    await page.getByTestId("to-kept").click();
    await page.waitForSelector(`#patient[data-encounter="${FIRST}"]`);
    const text = await page.locator(".panel.case").innerText();
    for (const words of ["标签: T-0421", "已合并的重复记录: 贵A·120-11", "交出: 王护士", "接收: 未签", "已催签名", "同意 同意,请加做 V4R。", "只给建议"]) assert.ok(text.includes(words), `${words} in ${text}`);
});

test("the course is replayed by a slider that says it is not the present", async () => {
    await open();
    await page.locator(".panel.timeline summary").click();
    await page.waitForSelector(".course li");
    const before = await page.locator(".course li").count();
    await page.locator("#replay").evaluate((e) => { e.value = String(-13 * 60); e.dispatchEvent(new Event("input", { bubbles: true })); });
    await page.waitForSelector(".replayed");
    assert.match(await page.locator(".panel.timeline").innerText(), /回放中:不是现在的情况/);
    assert.ok(await page.locator(".course li").count() < before);
});

/* --- proposals and plans -------------------------------------------------------------------------------------- */

test("another person's proposal is confirmed or refused after one more question; a plan is a calm table", async () => {
    server.onGreet = (link) => server.tell([proposal(17, Date.now()), proposal(18, Date.now(), { what: 13, encounter: undefined, facility: "gz-2", text: "", reason: 0 }).set(14, 6), plan(Date.now())], link);
    await open({ patient: undefined });
    assert.match(await page.locator('[data-proposal="17"]').innerText(), /选定医院[\s\S]*贵阳市第三人民医院[\s\S]*04:\d\d[\s\S]*王敏 提出/);
    await page.locator('[data-proposal="17"] [data-second="1"]').click();
    assert.match(await dialog().innerText(), /以第二人身份确认:选定医院[\s\S]*家属坚持/);
    await confirm().click();
    await eventually(() => done.length, (n) => n === 1, "confirmed");
    await page.locator('[data-proposal="18"] [data-second="0"]').click();
    await confirm().click();
    await eventually(() => done.length, (n) => n === 2, "refused");
    assert.deepEqual(done.map((a) => [a.what, a.number, a.value]), [[22, 17, 1], [22, 18, 0]]);
    assert.match(await page.locator(".plans summary").innerText(), /床位竞争 · 导管室: 统筹与逐个不同/);
    await page.locator(".plans summary").click();
    assert.match(await page.locator(".plans").innerText(), /统筹与逐个不同[\s\S]*贵州省人民医院 40 分[\s\S]*贵阳市第二人民医院 65 分/);
    assert.equal(await page.locator(".plans .alarm").count(), 0);
});

/* --- the list, the bar, the region -------------------------------------------------------------------------------- */

test("of 200 patients no more than 40 rows are mounted, wherever the list is scrolled, and the arrow keys reach the next", async () => {
    server.patients.push(...Array.from({ length: 198 }, (_, i) => another(i + 3, Date.now())));
    await open({ patient: undefined });
    const rows = () => page.locator("#patients tbody tr:not(.spacer)").count(), box = page.locator(".patient-list .scroll");
    assert.match(await page.locator("#patients-title").innerText(), /\(200\)/);
    for (const share of [0, 0.3, 0.6, 1]) {
        await box.evaluate((e, s) => { e.scrollTop = s * e.scrollHeight; }, share);
        await eventually(rows, (n) => n > 10 && n <= 40, "at most 40");
        await eventually(() => box.evaluate((e) => {
            const at = e.getBoundingClientRect(), hit = document.elementFromPoint(at.left + 120, at.top + at.height / 2);
            return hit?.closest("tr[data-encounter]") !== null;
        }), (seen) => seen, "a row in the middle of the view");
    }
    assert.equal(await page.locator("#patients tbody tr").last().getAttribute("aria-rowindex"), "201");
    await box.evaluate((e) => { e.scrollTop = 0; });
    await page.locator('#patients tr[aria-rowindex="2"] .callsign').focus();
    const seen = new Set();
    for (let n = 0; n < 60; n++) {
        seen.add(await page.evaluate(() => document.activeElement?.closest("tr")?.dataset.encounter));
        await page.keyboard.press("ArrowDown");
        await page.evaluate(() => new Promise((ready) => requestAnimationFrame(() => requestAnimationFrame(ready))));
    }
    assert.ok(seen.size >= 58, `${seen.size} rows reached`);
});

test("an unanswered alert has its bar: digits act there while it has the focus, else they are recommendations", async () => {
    await open();
    assert.equal(await page.getByTestId("unanswered-bar").count(), 0);
    server.raise(2, 2, "gz-4", 3, { escalated: true, dueMs: Date.now() - 5000, raisedMs: Date.now() - 65000, priority: 2 });
    const bar = page.getByTestId("unanswered-bar");
    await bar.waitFor();
    assert.match(await bar.innerText(), /1 条须处理[\s\S]*贵阳市妇幼保健院[\s\S]*01:0\d[\s\S]*1 电话[\s\S]*2 改派[\s\S]*3 查看/);
    await page.locator("#patient").focus();
    await page.keyboard.press("2");
    assert.match(await dialog().innerText(), /改派:贵A·120-07/, "of the open patient");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.waitForSelector(`#patient[data-encounter="${SECOND}"]`);
    await page.keyboard.press("1");
    await dialog().waitFor();
    assert.match(await dialog().innerText(), /打电话:贵阳市妇幼保健院[\s\S]*系统不保存号码/);
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "hidden" });
    await page.keyboard.press("Escape"); /* closes the patient; the bar still has the focus */
    await page.keyboard.press("3");
    await page.waitForSelector(`#patient[data-encounter="${SECOND}"]`);
    server.change(2, { state: 4 });
    await bar.waitFor({ state: "detached" });
});

test("telephone refused leads to the other hospitals with that reason already chosen", async () => {
    await open();
    server.raise(1, 1, "gz-1", 3, { escalated: true });
    await page.getByTestId("unanswered-bar").locator('[data-bar="1"]').click();
    await confirm().click();
    await page.locator("#override-to").selectOption("gz-2");
    await confirm().click();
    await eventually(() => done.length, (n) => n === 1, "redirected");
    assert.deepEqual([done[0].what, done[0].facility, done[0].reason], [1, "gz-2", 4]);
});

test("places are said with their age; expired, unknown and over-booked ones in words, and a dead path asks for a call", async () => {
    await open({ patient: undefined });
    await page.locator('[data-tab="hospitals"]').click();
    const cell = (service) => page.locator(`#hospitals tr[data-facility="gz-1"] td[data-service="${service}"]`);
    assert.match(await cell(2).innerText(), /已过期 \(原 2\)[\s\S]*2 小时前[\s\S]*占 1/);
    assert.equal(await cell(2).locator(".doubtful-text").first().evaluate((e) => getComputedStyle(e).fontStyle), "italic");
    assert.match(await cell(6).innerText(), /1[\s\S]*3 分前[\s\S]*占 2/);
    assert.match(await cell(5).innerText(), /超收 1/);
    assert.match(await cell(7).innerText(), /无数据/);
    assert.match(await cell(1).innerText(), /黄/);
    assert.match(await cell(4).innerText(), /分流至 \d\d:\d\d[\s\S]*设备故障 王敏/);
    const path = (n) => page.locator(`#hospitals tr[data-facility="gz-${n}"] td[data-path]`);
    assert.match(await path(1).innerText(), /正常/);
    assert.match(await path(3).innerText(), /!! 无回应 \(4\),请打电话/);
    assert.match(await path(4).innerText(), /未测试/);
});

test("a number that ends while nobody says anything turns expired on the screen by itself", async () => {
    const now = Date.now();
    server.onGreet = (link) => { const one = hospital(1, "贵州省人民医院", "Provincial", now); one.get(15)[3][6] = Date.now() + 2500; server.tell([one], link); };
    await open({ patient: undefined });
    await page.locator('[data-tab="hospitals"]').click();
    const nicu = page.locator('#hospitals tr[data-facility="gz-1"] td[data-service="6"]');
    assert.equal(await nicu.getAttribute("data-places"), "known");
    await eventually(() => nicu.getAttribute("data-places"), (kind) => kind === "expired", "expired");
});

test("places and diversions are set on behalf of a hospital, a diversion only with a reason and until when", async () => {
    await open({ patient: undefined });
    await page.locator('[data-tab="hospitals"]').click();
    const row = page.locator('#hospitals tr[data-facility="gz-2"]');
    await row.locator('[data-region="places"]').click();
    await page.locator("#region-service").selectOption("6");
    assert.equal(await confirm().isDisabled(), true);
    for (const bad of ["-1", "1.5", "100", "x"]) { await page.fill("#region-places", bad); assert.equal(await confirm().isDisabled(), true, bad); }
    await page.fill("#region-places", "0");
    await confirm().click();
    await eventually(() => done.length, (n) => n === 1, "set");
    await row.locator('[data-region="divert"]').click();
    assert.equal(await confirm().isDisabled(), true, "no reason");
    await page.locator("#region-service").selectOption("2");
    await dialog().getByLabel("满员").check();
    const before = Date.now();
    await confirm().click();
    await eventually(() => done.length, (n) => n === 2, "diverted");
    await row.locator('[data-region="end-divert"]').click();
    await confirm().click();
    await eventually(() => done.length, (n) => n === 3, "ended");
    assert.deepEqual(done.map((a) => [a.what, a.facility, a.code, a.value, a.reason]), [[12, "gz-2", 6, 0, undefined], [10, "gz-2", 2, undefined, 13], [11, "gz-2", 4, undefined, undefined]]);
    assert.ok(Math.abs(done[1].ms - before - 3600000) < 5000, "60 min where nobody says otherwise");
});

test("M opens the map and leads back; vehicles and hospitals are on its canvas, and nothing is fetched for it but its code", async () => {
    server.patients.push(...Array.from({ length: 20 }, (_, i) => another(i + 3, Date.now())));
    await open({ patient: undefined });
    const fetched = [];
    page.on("request", (r) => fetched.push(new URL(r.url()).pathname));
    await page.keyboard.press("m");
    await page.waitForSelector("[data-testid=map][data-vehicles]");
    assert.deepEqual(await page.getByTestId("map").evaluate((e) => [e.dataset.vehicles, e.dataset.places]), ["21", "4"]);
    const inked = await page.getByTestId("map").locator("canvas").evaluate((c) => { const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n++; return n; });
    assert.ok(inked > 500, `${inked} pixels`);
    assert.ok(fetched.every((path) => /^\/assets\/(map|chunk)-\w+\.js$/.test(path)), fetched.join());
    await page.keyboard.press("m");
    await page.waitForSelector("#alerts-title");
    assert.deepEqual(page.problems, []);
});

/* --- everywhere -------------------------------------------------------------------------------------------- */

test("text from outside stays text on every panel", async () => {
    const now = Date.now();
    server.patients[0].set(12, XSS).set(34, "<b>T</b>").set(32, ["gz-1", 2, XSS]);
    server.onGreet = (link) => server.tell([proposal(17, now, { by: XSS, text: XSS }), hospital(1, XSS, XSS, now), consult(now, 3, [[14, XSS], [16, XSS], [17, 5], [18, now]])], link);
    server.patients[0].set(33, 9);
    await open();
    await page.locator('[data-tab="hospitals"]').click();
    await page.keyboard.press("m");
    await page.waitForSelector("[data-testid=map][data-vehicles]");
    assert.equal(await page.evaluate(() => document.querySelector("img") === null && !("hacked" in globalThis)), true);
    assert.deepEqual(page.problems, []);
});

test("no part of the screen breaks WCAG 2.2 AA, in both languages and both themes, and none is wider than the screen", async () => {
    const violations = async () => {
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
        return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ""}`).join(" | ")}`);
    };
    for (const english of [false, true]) {
        server.patients[0].set(18, [5]).set(33, 9);
        server.onGreet = (link) => { const now = Date.now(); server.tell([...hospitals(now), proposal(17, now), plan(now), consult(now, 1), fullAlert(5, idOf(1), "gz-1", 2, now)], link); };
        await open({ english });
        await page.waitForSelector(".chart .uplot");
        for (const summary of await page.locator("#patient details > summary").all()) await summary.click();
        for (const theme of ["dark", "light"]) {
            await page.evaluate((t) => { document.documentElement.dataset.theme = t; }, theme);
            for (const name of ["alerts", "hospitals", "fleet", "map"]) {
                await page.locator(`[data-tab="${name}"]`).click();
                if (name === "map") await page.waitForSelector("[data-testid=map][data-vehicles]");
                assert.deepEqual(await violations(), [], `${theme} ${name} ${english ? "en" : "zh"}`);
            }
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "no sideways scrolling");
            for (const [where, what] of [["[data-testid=override]", "override"], ['[data-deed="merge"]', "merge"], ['[data-deed="consult"]', "consult"], ['[data-stamp] button', "stamp"]]) {
                await page.locator(where).first().click();
                await dialog().waitFor();
                assert.deepEqual(await violations(), [], `${theme} ${what} ${english ? "en" : "zh"}`);
                await page.keyboard.press("Escape");
                await dialog().waitFor({ state: "hidden" });
            }
        }
        assert.deepEqual(page.problems, []);
        await page.context().close();
    }
});

/* --- the whole system --------------------------------------------------------------------------------------- */

const CODE = { age: 67108880, sex: 67108881, stElevation: 67108868 }, CITY = [26.5985, 106.7165];

test("with the real server: a hospital without PCI is chosen by keyboard, waits, is confirmed by a second dispatcher, and is asked", async () => {
    const stack = new Stack(), pages = [];
    let device, own;
    const logIn = async (name) => {
        const one = await newPage(own, {});
        pages.push(one);
        await one.goto(stack.consoleUrl);
        await one.fill("#name", name);
        await one.fill("#password", stack.people.get(name).password);
        await one.click("button[type=submit]");
        await one.waitForSelector("#patients tbody tr");
        await one.locator("#patients .callsign").first().click();
        await one.waitForSelector(".ranked tbody tr");
        return one;
    };
    try {
        for (const name of ["王敏", "赵强"]) stack.addUser(name, "dispatcher");
        await stack.startServer();
        own = await launch(stack.serverCert.cert);
        device = await DeviceClient.open(stack.deviceAccess);
        const id = await device.openCase({ complaint: 1, callsign: "贵A-120-07", at: CITY, facts: { [CODE.age]: 58, [CODE.sex]: 1 } });
        await device.milestone(id, 1);
        await device.finding(id, CODE.stElevation, 1);
        const first = await logIn("王敏"), second = await logIn("赵强");
        await first.locator("#patient").focus();
        await first.keyboard.press("o");
        const options = await first.locator("#override-to option").evaluateAll((all) => all.map((o) => [o.value, o.textContent]));
        const [place] = options.find(([, words]) => words.includes("无24 小时急诊 PCI"));
        await first.locator("#override-to").selectOption(place);
        await first.getByTestId("hard-stop").waitFor();
        await first.locator("dialog[open]").getByLabel("家属要求").focus();
        await first.keyboard.press("Space");
        await first.keyboard.press("Enter");
        await first.waitForSelector('.acting [data-act="1"][data-phase="waits"]');
        assert.equal(await first.locator("[data-proposal] [data-second]").count(), 0, "nobody confirms their own");
        await second.locator('[data-proposal] [data-second="1"]').click();
        await second.getByTestId("act-confirm").click();
        for (const one of pages) await one.waitForFunction((words) => document.querySelector(".chosen-by")?.textContent.includes(words), "王敏");
        await first.waitForFunction(() => document.querySelectorAll("[data-asked]").length >= 2);
        assert.match(await first.locator('[data-asked][data-state="9"]').first().innerText(), /已撤回/);
        await first.waitForFunction(() => !document.querySelector("[data-proposal]"));
        assert.match(await first.locator(".chosen-by").innerText(), /家属要求/);
        await first.locator(".taps summary").click();
        await first.locator("[data-tap]").first().click();
        await first.waitForSelector("[data-stamp]");
        await first.locator('[data-tab="hospitals"]').click();
        const row = first.locator("#hospitals tbody tr").first();
        await row.locator('[data-region="places"]').click();
        await first.locator("#region-service").selectOption("6");
        await first.fill("#region-places", "2");
        await first.getByTestId("act-confirm").click();
        await row.locator('td[data-service="6"][data-places="known"]').waitFor();
        await first.keyboard.press("m");
        await first.waitForSelector("[data-testid=map][data-vehicles='1']");
        for (const one of pages) assert.deepEqual(one.problems, []);
    } finally {
        device?.close();
        await own?.close();
        await stack.stop();
    }
});
