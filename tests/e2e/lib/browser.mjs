/* SPDX-License-Identifier: Apache-2.0 */
/* Debian's Chromium for the tests, told to believe the test CA's key and nothing else. */
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-domain-reliability", "--disable-sync", "--no-default-browser-check",
    "--autoplay-policy=user-gesture-required"];

/* Chromium trusts a server whose key has this hash: no change to the machine's certificate store. */
function spki(certPath) {
    const key = new X509Certificate(readFileSync(certPath)).publicKey.export({ type: "spki", format: "der" });
    return createHash("sha256").update(key).digest("base64");
}

/** @param {string} certPath  the server's certificate (PEM) */
export function launch(certPath) {
    return chromium.launch({
        executablePath: process.env.JZ_CHROMIUM ?? "/usr/bin/chromium", headless: true,
        args: [...FLAGS, `--ignore-certificate-errors-spki-list=${spki(certPath)}`],
    });
}

/** A page with a clean profile that records everything that went wrong in it.
 *  @returns page with `.problems`: page errors, console errors, CSP violations */
export async function newPage(browser, { width = 1920, height = 1080, reducedMotion = "no-preference", init } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion });
    const page = await context.newPage();
    page.setDefaultTimeout(30000);
    page.problems = [];
    page.on("pageerror", (error) => page.problems.push(`page error: ${error.message}`));
    page.on("console", (message) => {
        const expected = /status of 401/.test(message.text()) || message.location().url.endsWith("/favicon.ico");
        if (message.type() === "error" && !expected) page.problems.push(`console: ${message.text()}`);
    });
    await page.exposeFunction("__violation", (text) => page.problems.push(`CSP: ${text}`));
    await page.addInitScript(() => addEventListener("securitypolicyviolation",
        (e) => globalThis.__violation(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`)));
    if (init) await page.addInitScript(init);
    return page;
}
