/* SPDX-License-Identifier: Apache-2.0 */
/* The page alone, in a real browser, against a stand-in server that can be told to misbehave. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, newPage } from "./lib/browser.mjs";
import { FakeServer, PEOPLE, XSS, chestPain, ctgFrames, idOf } from "./lib/fake-server.mjs";
import { Pki } from "./lib/pki.mjs";
import { root } from "./lib/stack.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const dir = mkdtempSync(join(tmpdir(), "jz-page-"));
let server, browser, page;

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
beforeEach(() => { Object.assign(server, { quiet: false, slowAcks: false, refuseTickets: false, answers: [] }); server.reset(); });
afterEach(async () => { await page?.context().close(); page = undefined; });

async function open(options) {
    page = await newPage(browser, options);
    await page.goto(`https://127.0.0.1:${server.port}/`);
    return page;
}
async function logIn(name, options) {
    await open(options);
    await page.fill("#name", name);
    await page.fill("#password", PEOPLE[name].password);
    await page.click("button[type=submit]");
    await page.waitForSelector('[data-testid=link][data-state="live"]');
    return page;
}
/* axe runs through the debugger, which the page's CSP does not govern. */
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
const card = (n) => page.locator(`.card[data-alert="${n}"]`);
const stateOf = (n) => server.alerts.get(n).state;

test("a wrong password is refused in words and nobody is let in", async () => {
    await open();
    await page.fill("#name", "李医生");
    await page.fill("#password", "wrong");
    await page.click("button[type=submit]");
    await page.waitForFunction(() => document.querySelector(".problem")?.textContent === "姓名或密码不正确");
    assert.equal(await page.locator(".board").count(), 0);
});

test("an alert that arrives is answered delivered by the page, seen when its card is opened, accepted by key A", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1");
    await card(1).waitFor();
    await eventually(() => stateOf(1), (s) => s === 2, "delivered");
    assert.match(await card(1).locator("[data-testid=countdown]").innerText(), /^(01:00|00:5\d)/);
    await page.keyboard.press("g");
    await eventually(() => stateOf(1), (s) => s === 3, "seen");
    await page.waitForSelector("#patient .panel.ecg canvas");
    await page.keyboard.press("a");
    await page.waitForSelector('.card[data-state="4"]');
    assert.match(await card(1).innerText(), /已接收 李医生/);
    assert.deepEqual(server.answers.map((a) => a.state), [2, 3, 4]);
    assert.deepEqual(page.problems, []);
});

test("an answer is shown as waiting, never as done, until the server says so", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    await card(1).locator(".link").click();
    server.slowAcks = true;
    await card(1).locator('[data-answer="4"]').click();
    await page.waitForSelector(".pending.sent");
    assert.equal(await card(1).getAttribute("data-state"), "3");
    assert.equal(await card(1).locator('[data-answer="4"]').isDisabled(), true);
    await page.keyboard.press("a");
    assert.equal(server.answers.filter((a) => a.state === 4).length, 1, "a second press must not send a second answer");
    server.dropAll();
    await page.waitForSelector(".pending.lost", { timeout: 10000 });
    assert.equal(await card(1).getAttribute("data-state"), "3");
});

test("an answer that the server refuses says why and leaves the alert as it is", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    await card(1).waitFor();
    server.alerts.get(1).state = 9; /* withdrawn in the same instant; the page does not know yet */
    await card(1).locator('[data-answer="4"]').click();
    await page.waitForSelector(".pending.refused");
    assert.match(await card(1).innerText(), /预警已变化/);
});

test("declining always asks, and reason 7 needs words", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    await card(1).locator(".link").click();
    await page.keyboard.press("r");
    const confirm = page.locator("dialog[open] button[type=submit]");
    assert.equal(await confirm.isDisabled(), true);
    await page.check(`dialog[open] input[name=reason][value="7"]`);
    assert.equal(await confirm.isDisabled(), true, "other without words");
    await page.fill("#act-text", "   ");
    assert.equal(await confirm.isDisabled(), true, "blanks are no words");
    await page.fill("#act-text", "a停电了r");
    assert.equal(stateOf(1), 3, "letters typed into the field are no commands");
    await confirm.click();
    await eventually(() => stateOf(1), (s) => s === 5, "declined");
    assert.deepEqual(server.answers.at(-1).reason, 7);
    assert.deepEqual(server.answers.at(-1).text, "a停电了r");
});

test("escape leaves the decline dialog without declining", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    await card(1).locator(".link").click();
    await page.keyboard.press("r");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" }).catch(() => undefined);
    assert.equal(await page.locator("dialog[open]").count(), 0);
    assert.equal(server.answers.filter((a) => a.state === 5).length, 0);
});

test("while the link is lost a red frame says so and no answer is sent; the snapshot after it is whole", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    server.raise(2, 2, "gz-1", 3);
    await card(2).locator(".link").click();
    server.refuseTickets = true;
    server.dropAll();
    await page.waitForSelector(".page.is-lost [data-testid=lost]");
    assert.equal(await card(2).locator('[data-answer="4"]').isDisabled(), true);
    await page.keyboard.press("a");
    assert.equal(server.answers.some((a) => a.state === 4), false);
    server.alerts.delete(1); /* withdrawn from this hospital while nobody listened */
    server.refuseTickets = false;
    await page.waitForSelector('[data-testid=link][data-state="live"]', { timeout: 15000 });
    await eventually(() => card(1).count(), (n) => n === 0, "what the snapshot does not name is gone");
    assert.equal(await card(2).count(), 1);
});

test("bytes that are no CBOR close the connection, and the page survives and comes back", async () => {
    await logIn("调度员");
    server.sendRaw(Buffer.from([0x9f, 0x01]));
    await page.waitForSelector(".bar.technical");
    await page.waitForSelector('[data-testid=link][data-state="live"]', { timeout: 10000 });
    server.sendRaw(Buffer.alloc(100000, 0x81));
    await page.waitForSelector('[data-testid=link][data-state="lost"]');
    await page.waitForSelector('[data-testid=link][data-state="live"]', { timeout: 10000 });
    assert.equal(await page.locator("#patients tbody tr").count(), 2);
});

test("markup in a callsign, a name or a reason stays text", async () => {
    server.patients[0] = chestPain(Date.now(), XSS);
    await logIn("调度员");
    server.raise(1, 1, "gz-1", 5, { person: XSS, reason: 7, text: XSS });
    await page.locator("#patients .callsign").first().click();
    assert.equal(await page.locator("#patient .callsign").innerText(), XSS);
    assert.match(await page.locator("#alerts").innerText(), /<img src=x/);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
    assert.deepEqual(page.problems, []);
});

test("suspended sound shows a red bar until it runs", async () => {
    const suspendedSound = () => { globalThis.AudioContext = class extends EventTarget {
        state = "suspended"; destination = {}; currentTime = 0;
        resume() { return Promise.resolve(); }
    }; };
    await logIn("李医生", { init: suspendedSound });
    assert.match(await page.locator("[data-testid=sound-off]").innerText(), /声音未启用/);
    await page.locator("[data-testid=sound-off] button").click();
    assert.equal(await page.locator("[data-testid=sound-off]").count(), 1, "a refused resume is not called success");
});

test("an alert sounds once per occurrence, not again after a reconnect, again when the occurrence rises", async () => {
    const count = () => { globalThis.pulses = 0; const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...a) { globalThis.pulses++; return start.apply(this, a); }; };
    await logIn("李医生", { init: count });
    assert.equal(await page.locator("[data-testid=sound-off]").count(), 0);
    const pulses = () => page.evaluate(() => globalThis.pulses);
    server.raise(1, 1, "gz-1", 3);
    await eventually(pulses, (n) => n === 50, "ten pulses of five harmonics");
    server.change(1, { ms: 1 });
    server.dropAll();
    await page.waitForSelector('[data-testid=link][data-state="lost"]');
    await page.waitForSelector('[data-testid=link][data-state="live"]', { timeout: 10000 });
    await eventually(pulses, (n) => n === 60, "the link's own two pulses and nothing more");
    server.change(1, { occurrence: 2 });
    await eventually(pulses, (n) => n === 110, "a new occurrence sounds");
});

/* Counts pulses (five harmonics each), and lets time pass: the page's clock is `skip` ms ahead. */
const watchSound = () => {
    globalThis.pulses = 0;
    globalThis.skip = 0;
    const start = OscillatorNode.prototype.start, clock = performance.now.bind(performance);
    OscillatorNode.prototype.start = function (...a) { if (this.frequency.value !== 262 * Math.round(this.frequency.value / 262)) globalThis.pulses++; return start.apply(this, a); };
    performance.now = () => clock() + globalThis.skip;
};
const pulses = () => page.evaluate(() => globalThis.pulses);

test("an alert that comes during a mute sounds when the mute ends, unless it was opened before", async () => {
    await logIn("李医生", { init: watchSound });
    await page.keyboard.press("s");
    server.raise(1, 1, "gz-1", 1, { priority: 3 });
    server.raise(2, 2, "gz-1", 1, { priority: 4 });
    await card(2).locator(".link").click();
    await eventually(() => stateOf(2), (s) => s === 3, "seen");
    assert.equal(await pulses(), 0);
    await page.evaluate(() => { globalThis.skip = 61000; });
    await eventually(pulses, (n) => n === 15, "three pulses: the one that nobody opened");
});

test("an alert that comes while there is no sound is heard when sound is enabled", async () => {
    const suspendedSound = () => {
        globalThis.pulses = 0;
        const Real = globalThis.AudioContext, start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...a) { globalThis.pulses++; return start.apply(this, a); };
        globalThis.AudioContext = class extends Real {
            get state() { return globalThis.allowed ? super.state : "suspended"; }
        };
    };
    await logIn("李医生", { init: suspendedSound });
    server.raise(1, 1, "gz-1");
    await card(1).waitFor();
    await page.waitForSelector("[data-testid=sound-off]");
    assert.equal(await pulses(), 0);
    await page.evaluate(() => { globalThis.allowed = true; });
    await page.locator("[data-testid=sound-off] button").click();
    await eventually(pulses, (n) => n === 50, "the alarm that could not sound before");
});

test("the lost link is counted from the last message", async () => {
    await logIn("李医生", { init: watchSound });
    server.quiet = server.refuseTickets = true;
    await page.evaluate(() => { globalThis.skip = 40000; });
    await page.waitForSelector("[data-testid=lost]");
    assert.match(await page.locator("[data-testid=lost] .number").innerText(), /^00:4\d$/);
});

test("a fetal heart rate shows its age: old ones grey italic, after 15 min a dash", async () => {
    for (const [ageMs, words, style] of [[0, /胎心 1\d\d 次\/分.*\(\d 秒前\)/, "normal"], [40000, /胎心 1\d\d 次\/分.*\(4\d 秒前\)/, "italic"],
        [16 * 60000, /胎心 – 次\/分,宫缩 – \(16 分前\)/, "italic"]]) {
        server.waves = ctgFrames(idOf(2), Date.now() - ageMs, 5);
        await logIn("调度员");
        await page.locator("#patients .callsign").nth(1).click();
        const caption = page.locator(".panel.ctg .reading");
        assert.match(await caption.innerText(), words);
        assert.equal(await caption.evaluate((e) => getComputedStyle(e).fontStyle), style);
        await page.context().close();
    }
});

test("a hospital that is asked looks unlike one that accepted, and answered alerts bear no alarm mark", async () => {
    await logIn("调度员");
    const destination = page.locator("#patients .destination").first(), row = (n) => page.locator(`#alerts tr[data-alert="${n}"]`);
    server.raise(1, 1, "gz-1", 3);
    await page.waitForSelector("#patients .asking");
    assert.equal(await destination.innerText(), "询问中: 贵州省人民医院");
    assert.equal(await row(1).locator(".alarm").innerText(), "***");
    for (const state of [4, 5, 9]) {
        server.change(1, { state });
        await page.waitForSelector(`#alerts tr[data-alert="1"][data-state="${state}"]`);
        assert.equal(await row(1).locator(".alarm").count(), 0);
        assert.equal(await row(1).locator(".level").innerText(), "I");
        if (state === 4) assert.equal(await destination.innerText(), "贵州省人民医院");
    }
});

test("an accepted card bears no alarm mark; the decline dialog and ended alerts name the unit", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 4);
    server.raise(2, 2, "gz-1", 5, { person: "李医生", reason: 1 });
    await card(1).waitFor();
    assert.equal(await card(1).locator(".alarm").count(), 0);
    await card(1).locator('[data-answer="5"]').click();
    assert.match(await page.locator("dialog[open]").innerText(), /贵A·120-07/);
    await page.keyboard.press("Escape");
    await page.locator(".ended summary").click();
    assert.match(await page.locator(".ended li").innerText(), /贵A·120-11/);
});

test("an empty ECG of a pregnant patient and an empty CTG of one with chest pain take no room", async () => {
    server.waves = [];
    await logIn("调度员");
    for (const [n, has, lacks] of [[0, "ecg", "ctg"], [1, "ctg", "ecg"]]) {
        await page.locator("#patients .callsign").nth(n).click();
        await page.waitForSelector(`.panel.${has}`);
        assert.equal(await page.locator(`.panel.${lacks}`).count(), 0);
    }
});

test("only what somebody has to act on fills the screen: what cannot be ruled out, and the rest, are one press away", async () => {
    await logIn("调度员");
    await page.locator("#patients .callsign").first().click();
    const visible = async (rule) => page.locator(`.assessment[data-rule="${rule}"]`).isVisible();
    const possible = page.getByTestId("possible-assessments"), others = page.getByTestId("other-assessments");
    await possible.waitFor();
    assert.deepEqual([await visible("CP-STEMI"), await visible("news2")], [true, true]);
    assert.deepEqual([await visible("chest-pain.dissection"), await visible("shock-index")], [false, false]);
    assert.match(await possible.locator("summary").first().innerText(), /资料不全,尚不能排除 \(1\)/);
    await possible.locator("summary").first().press("Enter");
    assert.deepEqual([await visible("chest-pain.dissection"), await visible("shock-index")], [true, false]);
    await others.locator("summary").first().press("Enter");
    assert.equal(await visible("shock-index"), true);
});

test("a rule that could not be evaluated asks for a vital sign it lacks, never for a finding", async () => {
    await logIn("调度员");
    await page.locator("#patients .callsign").first().click();
    const next = (rule) => page.locator(`.assessment[data-rule="${rule}"] .next`);
    assert.equal(await next("shock-index").count(), 1);
    assert.equal(await next("news2").count(), 1);
    assert.equal(await page.locator('.assessment[data-rule="chest-pain.dissection"]').count(), 1);
    assert.equal(await next("chest-pain.dissection").count(), 0);
});

test("the trend says how old its last row is", async () => {
    await logIn("调度员");
    await page.locator("#patients .callsign").first().click();
    assert.match(await page.locator(".panel.trend .quiet").innerText(), /最后一行 3\d 秒前/);
});

test("at 1366 x 768 lists and answer buttons stay in reach while the patient is scrolled", async () => {
    for (const [name, what] of [["李医生", '.card [data-answer="4"]'], ["调度员", "#alerts tbody button"]]) {
        await logIn(name, { width: 1366, height: 768 });
        server.raise(1, 1, "gz-1", 3);
        if (name === "李医生") await card(1).locator(".link").click();
        else await page.locator("#alerts tbody button").click();
        await page.waitForSelector(".chart .uplot");
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        assert.ok(await page.evaluate(() => scrollY > 300), "the patient is longer than the screen");
        const top = () => page.locator(what).first().evaluate((e) => {
            const box = e.getBoundingClientRect(), hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return e.contains(hit);
        });
        await eventually(top, (seen) => seen, "visible and not covered");
        const list = await page.locator(".lists").evaluate((e) => [e.getBoundingClientRect().bottom, getComputedStyle(e).overflowY]);
        assert.ok(list[0] <= 768 && list[1] === "auto", `${list}`);
        await page.context().close();
    }
});

test("values are stale, off or missing in words, and never look like a fresh one", async () => {
    await logIn("调度员");
    await page.locator("#patients .callsign").first().click();
    const row = (field) => page.locator(`tr[data-field="${field}"]`);
    assert.match(await row("hr").innerText(), /104 \/min\s+\d+ 秒前/);
    assert.match(await row("temp_c").innerText(), /36\.8 °C\s+25 分前\s+已过期/);
    assert.match(await row("spo2").innerText(), /–[\s\S]*探头脱落/);
    assert.equal(await row("temp_c").locator("td").first().evaluate((e) => getComputedStyle(e).fontStyle), "italic");
    assert.match(await page.locator(".assessment[data-rule=news2]").innerText(), /至少 5 \(5–8\)[\s\S]*缺: 血氧饱和度[\s\S]*下一项请测: 血氧饱和度/);
    assert.match(await page.locator(".assessment[data-rule=news2]").innerText(), /未经临床签署/);
    assert.doesNotMatch(await page.locator("#patient > header .summary").innerText(), /血氧/);
});

test("beside a trace stands what was measured of it, what could not be, and that it is no diagnosis", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    server.raise(2, 2, "gz-1", 3);
    await card(1).locator(".link").click();
    const ecg = page.locator("[data-testid=ecg-measured]");
    await ecg.waitFor();
    const text = await ecg.innerText();
    for (const words of ["可信度 92%", "心率 75 /min", "QRS 92 ms", "PR –", "不可用导联: V3 噪声", "ST 段抬高型心肌梗死:符合标准", "不是诊断,须医师判读"]) assert.ok(text.includes(words), `${words} in ${text}`);
    await card(2).locator(".link").click();
    const ctg = page.locator("[data-testid=ctg-measured]");
    await ctg.waitFor();
    await eventually(() => ctg.innerText(), (t) => ["145.0 /min", "11.2 /min", "任一分类为可疑", "CTG-ROUTING", "不是诊断"].every((words) => t.includes(words)), "the CTG's numbers and class");
});

test("an ECG that cannot be read says so and to repeat it", async () => {
    const [patient] = server.patients, measured = new Map(patient.get(26));
    patient.set(26, measured.set(4, false).set(5, new Map()));
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    await card(1).locator(".link").click();
    await page.waitForSelector('[data-testid=ecg-measured][data-readable="false"]');
    assert.match(await page.locator("[data-testid=ecg-measured]").innerText(), /无法判读:请立即重做心电图/);
});

test("a gap in the recording is drawn as a gap, on paper of 1 mm squares", async () => {
    await logIn("调度员");
    await page.locator("#patients .callsign").first().click();
    await page.waitForSelector(".panel.ecg canvas");
    const read = () => page.evaluate(() => {
        const canvas = document.querySelector(".panel.ecg canvas"), k = canvas.width / 265, g = canvas.getContext("2d"), foot = canvas.height / k - 8; /* mm; the scale stands below */
        const dark = (xMm) => { /* any ink in the rhythm strip's column */
            const column = g.getImageData(Math.round(xMm * k), Math.round((foot - 23) * k), 3, Math.round(23 * k)).data;
            for (let i = 0; i < column.length; i += 4) if (column[i] < 150) return true;
            return false;
        };
        const inked = []; /* seconds of the strip, sampled; a label stands in the first */
        for (let s = 1; s < 9.9; s += 0.1) inked.push([s, dark(15 + s * 25)]);
        return { heightMm: canvas.height / k, inked };
    });
    await eventually(read, (r) => r.inked.some(([, ink]) => ink), "a trace is drawn");
    const { heightMm, inked } = await read();
    assert.ok(Math.abs(heightMm - (20 + 3.5 * 25 + 8)) < 0.5, `${heightMm} mm`); /* 2 mV, three rows and a half, the foot */
    for (const [s, ink] of inked) if (s < 5.95 || s > 7.05) assert.ok(ink, `ink at ${s} s`);
    for (const [s, ink] of inked) if (s > 6.05 && s < 6.95) assert.ok(!ink, `no ink at ${s} s`);
});

test("flashing stays below 2.8 Hz, and stands still where motion is unwelcome", async () => {
    for (const reducedMotion of ["no-preference", "reduce"]) {
        await logIn("李医生", { reducedMotion });
        server.raise(1, 1, "gz-1");
        const style = await card(1).locator(".flash").evaluate((e) => { const s = getComputedStyle(e); return [s.animationName, parseFloat(s.animationDuration)]; });
        if (reducedMotion === "reduce") assert.equal(style[0], "none");
        else assert.ok(1 / style[1] <= 2.8 && 1 / style[1] >= 1.4, `${1 / style[1]} Hz`);
        await page.context().close();
    }
});

test("letters that an input method composes are no commands; full-width letters are", async () => {
    await logIn("李医生");
    server.raise(1, 1, "gz-1", 3);
    await card(1).locator(".link").click();
    const press = (key, isComposing) => page.evaluate(([k, c]) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: k, isComposing: c, bubbles: true })), [key, isComposing]);
    await press("a", true);
    assert.equal(server.answers.some((a) => a.state === 4), false);
    await press("Ａ", false);
    await eventually(() => stateOf(1), (s) => s === 4, "accepted");
});

test("no screen breaks WCAG 2.2 AA in either language, and the content security policy is never violated", async () => {
    const look = async (where) => assert.deepEqual(await violations(), [], where);
    for (const name of ["调度员", "李医生"]) for (const language of ["zh", "en"]) {
        await open();
        if (language === "en") await page.click(".language");
        if (name === "调度员") await look(`login ${language}`);
        await page.fill("#name", name);
        await page.fill("#password", PEOPLE[name].password);
        await page.click("button[type=submit]");
        await page.waitForSelector('[data-testid=link][data-state="live"]');
        server.raise(1, 1, "gz-1");
        server.raise(2, 2, "gz-1", 3, { escalated: true, dueMs: 0, priority: 2 });
        if (name === "调度员") await page.locator("#patients .callsign").first().click();
        else await card(1).locator(".link").click();
        await page.waitForSelector(".chart .uplot");
        for (const summary of await page.locator("details:not(.ended) > summary").all()) await summary.click();
        await look(`${name} ${language}`);
        await page.keyboard.press("?");
        await page.waitForSelector("dialog[open]");
        await look(`${name} ${language} help`);
        await page.keyboard.press("Escape");
        if (name === "李医生") {
            await page.keyboard.press("r");
            await page.waitForSelector("dialog[open]");
            await look(`${name} ${language} decline`);
        }
        assert.deepEqual(page.problems, []);
        await page.context().close();
    }
});
