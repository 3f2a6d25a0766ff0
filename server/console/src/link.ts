/* SPDX-License-Identifier: Apache-2.0 */
/* The page's connection: log-in, ticket, WebSocket, clock, reconnect. Holds the signals that screens read. */
import { batch, signal } from "@preact/signals";
import { EMPTY, acted, answered, backoffMs, healthOf, reduce, type Health, type State } from "./state";
import { MESSAGE_BYTES_MAX, SUBPROTOCOL, decodeMessage, encodeAction, encodeAnswer, encodeHello, type Action, type Answer,
    type Clock, type Frame, type Welcome } from "./wire";

export const state = signal<State>(EMPTY);
export const health = signal<Health>("lost");
export const now = signal(Date.now());     /* the server's clock, ms, twice a second */
export const misunderstood = signal("");   /* the last frame that the grammar refused */
export const session = signal<"unknown" | "out" | "in">("unknown");
export const account = signal<{ name: string; role: number; simulation: boolean } | undefined>(undefined);

const TICK_MS = 500, TICKET_MS_MAX = 8000;
const epoch = crypto.getRandomValues(new Uint32Array(1))[0] || 1;
let socket: WebSocket | undefined;
let heardAt = 0;     /* the last message, or the opening of the socket that waits for its first */
let understoodAt = 0; /* the last message that could be read */
let attempt = 0, nextSeq = 1, offsetMs = 0, retry: number | undefined, bestTripMs = Infinity;
const silentSeqs = new Set<number>(); /* receipts the page gave by itself: nobody waits for their outcome */
let onFrames: (frames: Frame[]) => void = () => undefined;

export const serverNow = (): number => Math.round(performance.timeOrigin + performance.now() + offsetMs);
const localNow = (): number => Math.round(performance.timeOrigin + performance.now());

/** Called after each message with what it held, once the state has it. */
export function whenFrames(listener: (frames: Frame[]) => void): void { onFrames = listener; }

/* --- people ---------------------------------------------------------------------------------------------- */

interface Account { name: string; role: number; facility: string; simulation: boolean }

async function post(path: string, body?: unknown): Promise<Response> {
    return fetch(path, {
        method: "POST", headers: { "Content-Type": "application/json", "X-Jingzhu": "1" }, credentials: "same-origin",
        signal: AbortSignal.timeout(TICKET_MS_MAX), ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

/** @return 200, or the HTTP status that says why not; 0 when the server cannot be reached. */
export async function login(name: string, password: string): Promise<number> {
    try {
        const answer = await post("/api/login", { name, password });
        if (answer.status === 200) enter((await answer.json()) as Account);
        return answer.status;
    } catch { return 0; }
}

export async function resumeSession(): Promise<void> {
    try {
        const answer = await fetch("/api/session", { credentials: "same-origin", headers: { "X-Jingzhu": "1" } });
        if (answer.status === 200) enter((await answer.json()) as Account);
        else session.value = "out";
    } catch { session.value = "out"; }
}

export async function logout(): Promise<void> {
    leave();
    try { await post("/api/logout"); } catch { /* the session ends by its own age */ }
}

function enter(who: Account): void {
    account.value = { name: who.name, role: who.role, simulation: who.simulation };
    session.value = "in";
    understoodAt = performance.now();
    void connect();
}

function leave(): void {
    clearTimeout(retry);
    batch(() => { session.value = "out"; account.value = undefined; state.value = EMPTY; });
    const old = socket;
    socket = undefined;
    old?.close();
}

/* --- the socket ------------------------------------------------------------------------------------------ */

async function connect(): Promise<void> {
    try {
        const answer = await post("/api/ticket");
        if (answer.status === 401) return leave();
        if (answer.status !== 200) return again();
        open(((await answer.json()) as { ticket: string }).ticket);
    } catch { again(); }
}

function open(ticket: string): void {
    if (session.value !== "in") return;
    const own = new WebSocket(`wss://${location.host}/console?ticket=${encodeURIComponent(ticket)}`, SUBPROTOCOL);
    socket = own;
    own.binaryType = "arraybuffer";
    heardAt = performance.now();
    own.onopen = () => own.send(encodeHello(localNow(), epoch) as Uint8Array<ArrayBuffer>);
    own.onmessage = (event) => { if (socket === own) take(event.data as ArrayBuffer | string); };
    own.onclose = () => { if (socket === own) { socket = undefined; again(); } };
}

function again(): void {
    clearTimeout(retry);
    if (session.value !== "in") return;
    retry = window.setTimeout(() => void connect(), backoffMs(attempt++, Math.random()));
    tick();
}

function take(data: ArrayBuffer | string): void {
    heardAt = performance.now();
    try {
        if (typeof data === "string" || data.byteLength > MESSAGE_BYTES_MAX) throw new Error("not a binary message");
        const message = decodeMessage(new Uint8Array(data));
        understoodAt = heardAt;
        const last = message.refused.at(-1);
        if (last) misunderstood.value = last.message;
        batch(() => message.frames.forEach(apply));
        tick();
        onFrames(message.frames);
    } catch (error) { /* bytes that are no message: nothing after them can be trusted either */
        misunderstood.value = error instanceof Error ? error.message : "message";
        socket?.close();
        tick();
    }
}

function apply(frame: Frame): void {
    if (frame.kind === "error" && frame.lane === 0 && silentSeqs.delete(frame.seq ?? 0)) return;
    if (frame.kind === "welcome") greet(frame);
    if (frame.kind === "clock") setClock(frame);
    state.value = reduce(state.value, frame);
}

function greet(welcome: Welcome): void {
    attempt = 0;
    silentSeqs.clear();
    bestTripMs = localNow() - welcome.helloMs;
    offsetMs = (welcome.receivedMs - welcome.helloMs + welcome.ms - localNow()) / 2;
    nextSeq = Math.max(nextSeq, (welcome.durable.get(0) ?? 0) + 1);
}

/* A clock that only says the server's time can only be late: it moves the estimate forward, never back. */
function setClock(clock: Clock): void {
    const sent = clock.sentMs ?? clock.ms;
    if (sent !== undefined && sent - localNow() > offsetMs) offsetMs = sent - localNow();
}

export const uncertaintyMs = (): number => Math.round(bestTripMs / 2);

/* @return its sequence number; 0: not sent, because the link is neither live nor late. */
function transmit(encode: (seq: number, nowMs: number) => Uint8Array, silent: boolean): number {
    if (!socket || socket.readyState !== WebSocket.OPEN || health.value === "lost") return 0;
    const seq = nextSeq++;
    socket.send(encode(seq, serverNow()) as Uint8Array<ArrayBuffer>);
    if (silent) silentSeqs.add(seq);
    return seq;
}

/** Sends an answer. @return false: not sent, because the link is not live or late; nothing was changed. */
export function send(answer: Answer, silent = false): boolean {
    const seq = transmit((n, ms) => encodeAnswer(answer, n, ms), silent);
    if (seq > 0 && !silent) state.value = answered(state.value, answer, seq);
    return seq > 0;
}

/** Sends an action; what becomes of it stands in `state.acting` under its number.
 *  @param silent  nobody waits for its outcome  @return its sequence number; 0: not sent, likewise */
export function act(action: Action, silent = false): number {
    const seq = transmit((n, ms) => encodeAction(action, n, ms), silent);
    if (seq > 0 && !silent) state.value = acted(state.value, action, seq);
    return seq;
}

/* --- time ------------------------------------------------------------------------------------------------ */

function tick(): void {
    const silence = performance.now() - heardAt;
    const opened = socket?.readyState === WebSocket.OPEN && state.value.me !== undefined;
    const next = healthOf(opened, silence);
    batch(() => {
        health.value = next;
        now.value = serverNow();
    });
    if (next === "lost" && opened) socket?.close(); /* silent for too long: a half-open link never says so itself */
}

/** @return ms since the last message, not since the silence was noticed: that old is the screen. */
export const lostForMs = (): number => performance.now() - understoodAt;

export function startClock(): void {
    window.setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
    window.addEventListener("online", () => { attempt = 0; if (!socket) again(); });
}
