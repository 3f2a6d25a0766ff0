/* SPDX-License-Identifier: Apache-2.0 */
/* The page: log-in or board, the bars above it, the keyboard, and when the alarm sounds. */
import { effect, signal, untracked } from "@preact/signals";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { asking } from "./act-dialog";
import { answer, chosenAlert, facilityName, mayAnswer } from "./alert";
import { ReceivingBoard } from "./hospital";
import { account, act, health, logout, lostForMs, misunderstood, now, resumeSession, send, serverNow, session, startClock,
    state, whenFrames } from "./link";
import { Login } from "./login";
import { ConsultBoard, ringing } from "./open-consult";
import { DispatcherBoard, chosenPatient, dispatchKey, goToUnanswered } from "./open-dispatch";
import { PaperHost } from "./open-paper";
import { AlarmMemory, audible, covers, enableSound, levelOf, play, soundProbe, startSignal, stopSignal, watch, type Level } from "./sound";
import { isOffUntold, isUnanswered, mustSound, probeAnswer } from "./state";
import { language, loadFields, setLanguage, shownSpan, shownTime, statusText, t, type Word } from "./strings";
import "./style.css";
import "./styles/admin.css";
import "./styles/consult.css";
import "./styles/dispatch.css";
import "./styles/hospital.css";
import "./styles/paper.css";
import { ALERT, ROLE } from "./wire";

const helpOpen = signal(false);
const mutedUntil = signal(0);
const notice = signal<Word | undefined>(undefined);
const memory = new AlarmMemory();
const isReceiving = (): boolean => state.value.me?.role === ROLE.receiving;

/* --- alarm and receipts --------------------------------------------------------------------------------- */

const receipts = new Set<string>(); /* alerts whose arrival this connection already told the server */

/* "Delivered" is what the page itself says: the alert is on a screen in front of the team. */
function giveReceipts(): void {
    for (const alert of state.value.alerts.values()) {
        const key = `${alert.id}.${alert.occurrence}`;
        if (alert.state !== ALERT.raised || !mayAnswer(alert) || receipts.has(key)) continue;
        if (send({ alert: alert.id, state: ALERT.delivered }, true)) receipts.add(key);
    }
}

let probed = 0; /* the newest probe this connection sounded */

/* Proof that an alert would sound here. A mute is a person's wish and no fault of the way: it does not matter. */
function answerProbe(): void {
    const answer = probeAnswer(state.value, audible.value, probed);
    if (!answer) return;
    probed = answer.number;
    void soundProbe().then((sounded) => { if (sounded) act(answer, true); });
}

/* Rings on until somebody opens the alert (a hospital) or it is answered (a dispatcher's). */
const toBeHeard = () => [...mustSound(state.value), ...ringing()];
const ringsOn = (level: Level): boolean => serverNow() >= memory.mutedUntilMs &&
    toBeHeard().some((a) => covers(levelOf(a.priority), level) && (!isReceiving() || a.state !== ALERT.seen));

function alarm(): void {
    memory.next(toBeHeard(), serverNow(), (level) => startSignal(level, () => ringsOn(level)));
    mutedUntil.value = memory.mutedUntilMs;
}

function mute(): void {
    memory.mute(serverNow(), toBeHeard());
    mutedUntil.value = memory.mutedUntilMs;
    stopSignal();
}

whenFrames((frames) => {
    if (frames.some((f) => f.kind === "welcome")) { receipts.clear(); probed = 0; }
    giveReceipts();
    answerProbe();
    alarm();
});

/* What could not sound when it came is tried again: the mute ends, sound is enabled, a greater signal stops. */
effect(() => {
    void now.value;
    if (audible.value) untracked(() => { alarm(); answerProbe(); });
});
/* A hospital's card that is opened needs not ring any more, not even after a mute. */
effect(() => {
    const opened = chosenAlert.value;
    untracked(() => {
        const alert = state.value.alerts.get(opened ?? 0);
        if (alert && isReceiving()) memory.remember(alert);
    });
});

let wasLinked = false;
effect(() => {
    if (health.value === "lost" && wasLinked) play("lost");
    wasLinked = health.value !== "lost";
});
effect(() => { document.documentElement.dataset["theme"] = session.value === "in" && state.value.me && !isReceiving() && state.value.me.role !== ROLE.consultant ? "dark" : "light"; });

/* --- bars ------------------------------------------------------------------------------------------------ */

function LinkBadge() {
    return <span class={`link-state ${health.value}`} data-testid="link" data-state={health.value}>{t(`link.${health.value}` as Word)}</span>;
}

function MuteButton() {
    const left = mutedUntil.value - now.value;
    return (
        <button type="button" onClick={mute}>
            {left > 0 ? t("sound.muted", { n: Math.ceil(left / 1000) }) : t("sound.mute")} <kbd>S</kbd>
        </button>
    );
}

function Who() {
    const me = state.value.me;
    const place = me?.facility ? facilityName(me.facility) : "";
    return <span class="who">{[place, me?.person ?? account.value?.name].filter(Boolean).join(" · ")}</span>;
}

function LanguageButton() {
    const other = language.value === "zh" ? "en" : "zh";
    return <button type="button" class="language" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => setLanguage(other)}>{t("app.language")}</button>;
}

const ROLE_TITLES: Readonly<Record<number, Word>> = { [ROLE.dispatcher]: "app.dispatcher", [ROLE.receiving]: "app.receiving",
    [ROLE.consultant]: "app.consultant" };

function TopBar() {
    const me = state.value.me, waiting = [...state.value.alerts.values()].filter(isUnanswered).length;
    return (
        <header class="top">
            <h1>{t("app.title")} {me && <small>{t(ROLE_TITLES[me.role] ?? "app.observer")}</small>}</h1>
            <span class="clock number" aria-label={t("app.serverTime")} role="timer">{shownTime(now.value)}</span>
            <LinkBadge />
            <span class={waiting > 0 ? "unanswered" : "quiet"} data-testid="unanswered">{t("alarm.unanswered", { n: waiting })}</span>
            {waiting > 0 && <button type="button" onClick={() => goToUnanswered(isReceiving())}>{t("alarm.next")}</button>}
            <MuteButton />
            <Who />
            <LanguageButton />
            <button type="button" onClick={() => { helpOpen.value = true; }}>{t("app.help")} <kbd>?</kbd></button>
            <button type="button" onClick={() => void logout()}>{t("app.logout")}</button>
        </header>
    );
}

function SoundBar() {
    if (audible.value) return null;
    return (
        <div class="bar sound-off" role="alert" data-testid="sound-off">
            <strong>{t("sound.off")}</strong> <button type="button" onClick={() => void enableSound()}>{t("sound.enable")}</button>
        </div>
    );
}

function LostBar() {
    if (health.value !== "lost") return null;
    void now.value; /* counts up with the clock */
    return (
        <div class="bar lost" data-testid="lost">
            <strong>{t("link.lost")} <span class="number">{shownSpan(lostForMs())}</span></strong> {t("link.noCommands")}
        </div>
    );
}

function Problems() {
    const refused = state.value.refused;
    return (
        <>
            {misunderstood.value && (
                <div class="bar technical"><strong>!! {t("app.misunderstood")}</strong> <code>{misunderstood.value}</code>
                    <button type="button" onClick={() => { misunderstood.value = ""; }}>{t("help.close")}</button></div>
            )}
            {refused && (
                <div class="bar technical"><strong>! {statusText(refused.status)}</strong> <code lang="en">{refused.text}</code>
                    <button type="button" onClick={() => { const { refused: _, ...rest } = state.value; state.value = rest; }}>{t("help.close")}</button></div>
            )}
        </>
    );
}

/* One assertive sentence for the most urgent alarm, one polite one for the rest; both for screen readers. */
function Announcements() {
    const first = mustSound(state.value).sort((a, b) => a.priority - b.priority)[0];
    const urgent = first ? `${t(isOffUntold(first) ? "ward.off" : "alerts.new")}: ${facilityName(first.facility)}${first.escalated ? ` ${t("alarm.escalated")}` : ""}` : "";
    return (
        <>
            <div class="unseen" role="alert">{urgent}</div>
            <div class="unseen" role="status">{notice.value ? t(notice.value) : t(`link.${health.value}` as Word)}</div>
        </>
    );
}

const DISPATCH_KEYS: readonly (readonly [string, Word])[] = [["Enter", "help.dispatchFirst"], ["1 – 9", "help.dispatch"],
    ["1 – 3", "help.bar"], ["O", "help.override"], ["M", "help.map"]];
const WARD_KEYS: readonly (readonly [string, Word])[] = [["L", "help.limits"], ["U", "help.undo"], ["K", "help.know"], ["D", "help.services"],
    ["H / P", "help.sheet"], ["W", "help.layout"]];
const KEYS: readonly (readonly [string, Word])[] = [["↑ ↓", "help.rows"], ["Enter", "help.open"], ["A", "help.accept"],
    ["R", "help.decline"], ["G", "help.unanswered"], ["S", "help.mute"], ["?", "app.help"], ["Esc", "help.back"]];

function Help() {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => { if (helpOpen.value) dialog.current?.showModal(); else dialog.current?.close(); }, [helpOpen.value]);
    return (
        <dialog ref={dialog} aria-labelledby="help-title" onClose={() => { helpOpen.value = false; }}>
            <h2 id="help-title">{t("help.title")}</h2>
            <dl>{[...KEYS, ...(isReceiving() ? WARD_KEYS : state.value.me?.role === ROLE.dispatcher ? DISPATCH_KEYS : [])].map(([key, word]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(word)}</dd></div>)}</dl>
            <button type="button" onClick={() => { helpOpen.value = false; }}>{t("help.close")}</button>
        </dialog>
    );
}

function Boards() {
    if (!state.value.me) return <main class="board"><p class="quiet hint">{t("link.loading")}</p></main>;
    if (state.value.me.role === ROLE.consultant) return <ConsultBoard />;
    return isReceiving() ? <ReceivingBoard /> : <DispatcherBoard />;
}

function App() {
    const inside = session.value === "in";
    const simulation = state.value.me?.simulation ?? account.value?.simulation ?? false;
    const bars = useRef<HTMLDivElement>(null), known = session.value !== "unknown";
    useEffect(() => { /* what sticks below the bars must know how high they are */
        if (!bars.current) return undefined;
        const own = bars.current, root = document.documentElement;
        const resize = new ResizeObserver(() => root.style.setProperty("--bars", `${own.offsetHeight}px`));
        resize.observe(own);
        return () => resize.disconnect();
    }, [known]);
    if (!known) return null;
    return (
        <div class={`page ${inside && health.value === "lost" ? "is-lost" : ""}`}>
            <div class="bars" ref={bars}>
                {simulation && <div class="bar simulation" data-testid="simulation">{t("app.simulation")}</div>}
                {inside && <TopBar />}
                {inside && <LostBar />}
                {inside && <SoundBar />}
                {inside && <Problems />}
                {inside && notice.value && <p class="notice">{t(notice.value)}</p>}
            </div>
            {inside ? <Boards /> : <Login />}
            {!inside && <footer><LanguageButton /></footer>}
            <Help />
            {inside && <PaperHost />}
            {inside && <Announcements />}
        </div>
    );
}

/* --- keyboard -------------------------------------------------------------------------------------------- */

function moveFocus(step: number): void {
    const rows = [...document.querySelectorAll<HTMLElement>("[data-row], .card > .link")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))]?.focus();
}

/* The card in focus, else the opened one: what A and R mean. */
function answerChosen(next: number): void {
    const focused = document.activeElement?.closest<HTMLElement>("[data-alert]")?.dataset["alert"];
    const alert = state.value.alerts.get(Number(focused ?? chosenAlert.value ?? 0));
    notice.value = alert && mayAnswer(alert) ? undefined : isReceiving() ? "answer.nothing" : undefined;
    if (notice.value) window.setTimeout(() => { notice.value = undefined; }, 4000);
    if (alert) answer(alert, next);
}

function goBack(): void {
    if (helpOpen.value || asking.value !== undefined) return; /* an open dialog closes itself */
    chosenAlert.value = undefined;
    chosenPatient.value = undefined;
}

const COMMANDS: Readonly<Record<string, () => void>> = {
    ARROWUP: () => moveFocus(-1), ARROWDOWN: () => moveFocus(1), A: () => answerChosen(ALERT.accepted),
    R: () => answerChosen(ALERT.declined), G: () => goToUnanswered(isReceiving()), S: mute,
    "?": () => { helpOpen.value = true; }, ESCAPE: goBack,
};

/** True where a key is text and no command: inside a field, while a Chinese input method composes, with modifiers. */
function isTyping(event: KeyboardEvent): boolean {
    const at = event.target instanceof Element ? event.target : undefined;
    return event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || event.repeat && event.key.length === 1 ||
        at?.closest("input, textarea, select, dialog, [contenteditable]") != null;
}

function onKey(event: KeyboardEvent): void {
    if (session.value !== "in" || isTyping(event) || document.querySelector("dialog[open]")) return; /* what held the focus in it may be gone */
    const key = event.key.normalize("NFKC").toUpperCase(), command = COMMANDS[key]; /* full-width letters count as well */
    if (!event.repeat && dispatchKey(key, event.target)) return event.preventDefault();
    if (!command) return;
    event.preventDefault();
    command();
}

setLanguage(language.value);
watch();
startClock();
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", () => { if (!audible.value) void enableSound(); });
const root = document.getElementById("app");
void loadFields();
if (root) render(<App />, root);
void resumeSession();
