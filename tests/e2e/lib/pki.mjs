/* SPDX-License-Identifier: Apache-2.0 */
/* A throw-away PKI for one run: P-256 CA, server certificate for loopback, device certificates. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DAYS = "30";

function openssl(...args) { execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] }); }

function newKey(path) { openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path); }

export class Pki {
    /** @param {string} dir  made if missing; holds keys in the clear, so: tests and demonstration only. */
    constructor(dir) {
        this.dir = dir;
        mkdirSync(dir, { recursive: true });
        this.ca = join(dir, "ca.pem");
        this.caKey = join(dir, "ca.key");
        newKey(this.caKey);
        openssl("req", "-x509", "-new", "-key", this.caKey, "-sha256", "-days", DAYS, "-subj", "/CN=Jingzhu test CA",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", this.ca);
        this.caText = readFileSync(this.ca, "utf8");
    }

    #issue(name, subject, extensions) {
        const path = (end) => join(this.dir, `${name}.${end}`);
        const lines = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", ...extensions,
            "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"];
        writeFileSync(path("ext"), `${lines.join("\n")}\n`);
        newKey(path("key"));
        openssl("req", "-new", "-key", path("key"), "-subj", subject, "-out", path("csr"));
        openssl("x509", "-req", "-in", path("csr"), "-CA", this.ca, "-CAkey", this.caKey, "-CAcreateserial", "-sha256",
            "-days", DAYS, "-extfile", path("ext"), "-out", path("pem"));
        return { cert: path("pem"), key: path("key") };
    }

    /** @returns {{cert: string, key: string}} paths */
    server(name = "server") {
        return this.#issue(name, "/CN=localhost", ["subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=serverAuth"]);
    }

    /** @param {string} uuid  the device's identity: SAN urn:device:<uuid> */
    device(uuid) {
        return this.#issue(`device-${uuid}`, `/CN=${uuid}`, [`subjectAltName=URI:urn:device:${uuid}`, "extendedKeyUsage=clientAuth"]);
    }
}
