/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the real binaries on loopback with a throw-away PKI, and stops exactly what it started. */
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Pki } from "./pki.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const buildDir = () => resolve(process.env.JZ_BUILD ?? join(root, "build/dev"));
const READY_MS_MAX = 30000, STOP_MS_MAX = 10000, LINES_MAX = 50000;

/** @returns {string|undefined} path of a built binary */
export function findBinary(name) {
    return [name, `server/${name}`, `devices/${name}`, `devices/bedside/${name}`, `bin/${name}`]
        .map((path) => join(buildDir(), path)).find((path) => existsSync(path));
}
function binary(name) {
    const path = findBinary(name);
    if (!path) throw new Error(`${name} is not built under ${buildDir()}; run ./run build, or set JZ_BUILD`);
    return path;
}

/** Runs `jingzhu` to its end. @returns {string} what it printed  @throws unless it exits with 0 */
export function tool(...args) {
    const done = spawnSync(binary("jingzhu"), args, { encoding: "utf8", maxBuffer: 1 << 30 });
    if (done.status !== 0) throw new Error(`jingzhu ${args.join(" ")}: exit ${done.status}\n${done.stderr}`);
    return done.stdout;
}

/** A process that prints JSON lines. Keeps them; lets others wait for one. */
export class Program {
    constructor(path, args, { echo = false } = {}) {
        this.name = path.split("/").pop();
        this.lines = [];
        this.errors = "";
        this.waiters = new Set();
        this.child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"] });
        this.pid = this.child.pid;
        this.exited = new Promise((done) => this.child.on("close", (code, signal) => {
            this.exit = { code, signal };
            for (const check of [...this.waiters]) check();
            done(this.exit);
        }));
        this.child.on("error", (error) => { this.errors += error.message; });
        createInterface({ input: this.child.stdout }).on("line", (line) => this.#line(line));
        this.child.stderr.on("data", (data) => {
            this.errors = (this.errors + data).slice(-20000);
            if (echo) process.stderr.write(data);
        });
    }

    #line(line) {
        try { this.lines.push(JSON.parse(line)); } catch { this.lines.push({ text: line }); }
        if (this.lines.length > LINES_MAX) this.lines.shift();
        for (const check of [...this.waiters]) check();
    }

    /** First line (old or new) that fits. @throws after `timeoutMs` or when the process ends. */
    waitLine(fits, timeoutMs = READY_MS_MAX, what = "line") {
        return new Promise((done, fail) => {
            const end = (settle, value) => { clearTimeout(timer); this.waiters.delete(check); settle(value); };
            const why = (text) => new Error(`${this.name}: ${text}\n${this.errors.slice(-4000)}`);
            const check = () => {
                const line = this.lines.find(fits);
                if (line) end(done, line);
                else if (this.exit) end(fail, why(`ended (${JSON.stringify(this.exit)}) before ${what}`));
            };
            const timer = setTimeout(() => end(fail, why(`no ${what} within ${timeoutMs} ms`)), timeoutMs);
            this.waiters.add(check);
            check();
        });
    }

    /** Resolves with the next line, or when the process ends. */
    nextLine() {
        const seen = this.lines.length, ended = this.exit;
        return new Promise((done) => {
            const check = () => {
                if (this.lines.length === seen && this.exit === ended) return;
                this.waiters.delete(check);
                done(this.lines.at(-1));
            };
            this.waiters.add(check);
        });
    }

    /** Ends it by its id; SIGKILL only if it does not go. @returns {Promise<{code: ?number, signal: ?string}>} */
    async stop(signal = "SIGTERM") {
        if (this.exit) return this.exit;
        this.child.kill(signal);
        const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_MS_MAX);
        const exit = await this.exited;
        clearTimeout(timer);
        return exit;
    }
}

/** Ids of the hospitals of the shipped directory (not of the Beijing partners, who receive nobody). */
export function facilityIds() {
    const text = readFileSync(join(root, "server/routing/data/guiyang-directory.yaml"), "utf8");
    const hospitals = text.slice(text.indexOf("\nfacilities:"), text.indexOf("\nconsult_partners:"));
    return [...hospitals.matchAll(/^ *- +id: *([a-z0-9-]+)/gm)].map((m) => m[1]);
}

/** A whole installation in a temporary folder. */
export class Stack {
    /** @param {object} [settings]  lines of the configuration file that differ from the default */
    constructor(settings = {}) {
        this.dir = mkdtempSync(join(tmpdir(), "jingzhu-"));
        this.pki = new Pki(join(this.dir, "pki"));
        this.serverCert = this.pki.server();
        this.users = join(this.dir, "users");
        this.settings = settings;
        this.programs = [];
        this.people = new Map();
    }

    /** @returns {{name: string, password: string}} */
    addUser(name, role, facility, password = `${randomUUID()}-Jz`) {
        const program = findBinary("jingzhu") ?? binary("jingzhud"), args = ["user", "add", "--file", this.users, "--name", name, "--role", role, ...(facility ? ["--facility", facility] : [])];
        const done = spawnSync(program, args, { input: `${password}\n`, encoding: "utf8" });
        if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.status} ${done.stderr}`);
        this.people.set(name, { name, password });
        return { name, password };
    }

    /** A receiving desk `desk-ID` for each hospital, all with the first one's password: a hash takes a computer its time. */
    addDesks(ids, prefix = "desk") {
        const { name: first, password } = this.addUser(`${prefix}-${ids[0]}`, "receiving", ids[0]);
        const hash = readFileSync(this.users, "utf8").split("\n").find((line) => line.startsWith(`${first}\t`)).split("\t")[3];
        for (const id of ids.slice(1)) {
            const name = `${prefix}-${id}`;
            appendFileSync(this.users, `${name}\treceiving\t${id}\t${hash}\n`);
            this.people.set(name, { name, password });
        }
    }

    get dataDir() { return join(this.dir, "data"); }

    #config() {
        const lines = {
            data_dir: this.dataDir, listen: "127.0.0.1", device_port: 0, console_port: 0,
            tls_cert: this.serverCert.cert, tls_key: this.serverCert.key, device_ca: this.pki.ca, users: this.users,
            directory: join(root, "server/routing/data/guiyang-directory.yaml"), roads: join(root, "server/routing/data/guiyang-roads.json"),
            packs: join(root, "clinical-rules/packs"), console_dir: join(root, "server/console/dist"), simulation: "yes",
            ...this.settings,
        };
        mkdirSync(lines.data_dir, { recursive: true });
        const path = join(this.dir, "jingzhud.conf");
        writeFileSync(path, Object.entries(lines).map(([k, v]) => `${k} = ${v}\n`).join(""));
        return path;
    }

    /** Starts (or starts again on the same data) the server. Ports of the first start are kept. */
    async startServer() {
        this.server = new Program(binary("jingzhud"), ["--config", this.#config()]);
        this.programs.push(this.server);
        const ready = await this.server.waitLine((line) => line.event === "ready", READY_MS_MAX, "ready line");
        this.devicePort = ready.device_port;
        this.consolePort = ready.console_port;
        this.settings = { ...this.settings, device_port: this.devicePort, console_port: this.consolePort };
        return ready;
    }

    get consoleUrl() { return `https://127.0.0.1:${this.consolePort}`; }

    /** What a headless client or a browser needs to log in as this person. */
    access(name) { return { port: this.consolePort, ca: this.pki.caText, ...this.people.get(name) }; }

    /** What a headless device needs to connect. */
    get deviceAccess() { return { port: this.devicePort, ca: this.pki.caText, pki: this.pki }; }

    /** Plays a story from a new device. @param {string[]} [more]  further arguments */
    startBedside(story, { speed = 1, uuid = randomUUID(), more = [] } = {}) {
        const cert = this.pki.device(uuid);
        const bedside = new Program(binary("jingzhu-bedside"), ["--server", `wss://127.0.0.1:${this.devicePort}`, "--ca", this.pki.ca,
            "--cert", cert.cert, "--key", cert.key, "--outbox", join(this.dir, `outbox-${uuid}`), "--story", story,
            "--speed", String(speed), ...more]);
        bedside.uuid = uuid;
        this.programs.push(bedside);
        return bedside;
    }

    async stop() {
        await Promise.all(this.programs.map((program) => program.stop()));
        if (!process.env.JZ_KEEP) rmSync(this.dir, { recursive: true, force: true });
    }
}
