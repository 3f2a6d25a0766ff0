/* SPDX-License-Identifier: Apache-2.0 */
/* The city's gateway of docs/webhook.md, as its section "What the gateway does" says: HTTPS with a certificate of the test's
 * authority, signature first, then the time, then the notice. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";

const CLOCK_S_MAX = 300;

export class Gateway {
    /** @param {import("./pki.mjs").Pki} pki */
    constructor(pki) {
        this.secret = randomBytes(32).toString("hex");
        this.secretFile = join(pki.dir, "webhook-secret");
        writeFileSync(this.secretFile, `${this.secret}\n`, { mode: 0o600 });
        this.own = pki.server("gateway");
        this.ca = pki.ca;
        this.taken = [];   /* notices, each time one came, oldest first, and when */
        this.refused = []; /* why one was not taken */
    }

    async start() {
        this.http = createServer({ cert: readFileSync(this.own.cert), key: readFileSync(this.own.key), minVersion: "TLSv1.3" }, (q, a) => this.#serve(q, a));
        await new Promise((done) => this.http.listen(0, "127.0.0.1", done));
        return this;
    }

    /** Lines of the server's configuration. */
    settings() { return { webhook_url: `https://localhost:${this.http.address().port}/notice`, webhook_ca: this.ca, webhook_secret: this.secretFile }; }

    async #serve(request, response) {
        const parts = [];
        for await (const part of request) parts.push(part);
        const why = this.#judge(request.headers, Buffer.concat(parts));
        if (why) this.refused.push(why);
        response.writeHead(why ? 401 : 200).end();
    }

    #judge(headers, body) {
        const at = headers["jingzhu-timestamp"] ?? "";
        const right = `v1=${createHmac("sha256", this.secret).update(`${at}.`).update(body).digest("hex")}`, said = String(headers["jingzhu-signature"]);
        if (said.length !== right.length || !timingSafeEqual(Buffer.from(said), Buffer.from(right))) return "signature";
        if (!/^\d+$/.test(at) || Math.abs(Date.now() / 1000 - Number(at)) > CLOCK_S_MAX) return "time";
        const notice = JSON.parse(body);
        if (notice.id !== headers["jingzhu-id"]) return "id";
        this.taken.push({ ...notice, tookMs: Date.now() });
        return undefined;
    }

    async stop() {
        this.http.closeAllConnections?.();
        await new Promise((done) => this.http.close(done));
    }
}
