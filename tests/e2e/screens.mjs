/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of every screen for the documents: docs/screens/*.png. Canned patients, no real ones. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, newPage } from "./lib/browser.mjs";
import { FakeServer, PEOPLE } from "./lib/fake-server.mjs";
import { Pki } from "./lib/pki.mjs";
import { root } from "./lib/stack.mjs";

const out = join(root, "docs/screens"), dir = mkdtempSync(join(tmpdir(), "jz-screens-"));
mkdirSync(out, { recursive: true });
const own = new Pki(dir).server();
const server = new FakeServer({ ...own, dist: join(root, "server/console/dist") });
await server.start();
const browser = await launch(own.cert);

async function open(name, language, size) {
    const page = await newPage(browser, size);
    await page.goto(`https://127.0.0.1:${server.port}/`);
    if (language === "en") await page.click(".language");
    if (!name) return page;
    await page.fill("#name", name);
    await page.fill("#password", PEOPLE[name].password);
    await page.click("button[type=submit]");
    await page.waitForSelector('[data-testid=link][data-state="live"]');
    return page;
}
async function shot(page, name, fullPage = false) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path: join(out, `${name}.png`), fullPage });
    console.log(`${name}.png`);
}

async function dispatcher(language) {
    server.reset();
    const page = await open("调度员", language);
    server.raise(1, 1, "gz-1", 2);
    server.raise(2, 2, "gz-4", 3, { escalated: true, dueMs: 0, priority: 2 });
    server.raise(3, 2, "gz-2", 5, { priority: 2, person: "王医生", reason: 2 });
    await page.locator("#patients .callsign").first().click();
    await page.waitForSelector(".chart .uplot");
    await shot(page, `dispatcher-${language}`);
    await page.locator("#patients .callsign").nth(1).click();
    await page.waitForSelector(".panel.ctg canvas");
    if (language === "zh") await shot(page, "dispatcher-ctg-zh");
    await page.context().close();
}

async function receiving(language) {
    server.reset();
    const page = await open("李医生", language);
    server.raise(1, 1, "gz-1");
    server.raise(2, 2, "gz-1", 4, { person: "李医生", priority: 2, conditions: ["OB-HTN", "OB-NICU"] });
    await page.locator('.card[data-alert="1"] .link').click();
    await page.waitForSelector(".chart .uplot");
    for (const summary of await page.locator("#patient details > summary").all()) await summary.click();
    await page.evaluate(() => scrollTo(0, 0)); /* a bar that sticks is photographed where it stands */
    await shot(page, `receiving-${language}`, true);
    if (language === "zh") {
        await page.keyboard.press("r");
        await page.check(`dialog[open] input[name=reason][value="2"]`);
        await shot(page, "decline-zh");
        await page.keyboard.press("Escape");
        server.refuseTickets = true;
        server.dropAll();
        await page.waitForSelector("[data-testid=lost]");
        await shot(page, "lost-zh");
        server.refuseTickets = false;
    }
    await page.context().close();
}

for (const language of ["zh", "en"]) {
    const page = await open(undefined, language, { width: 1280, height: 800 });
    await shot(page, `login-${language}`);
    await page.context().close();
    await dispatcher(language);
    await receiving(language);
}
await browser.close();
await server.stop();
rmSync(dir, { recursive: true, force: true });
