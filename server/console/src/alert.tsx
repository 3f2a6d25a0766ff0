/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts: what a hospital answers, and what a dispatcher watches. */
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { health, now, send, state } from "./link";
import { levelOf } from "./sound";
import { alertsByUrgency, isEnded, isUnanswered } from "./state";
import { either, numbered, shownSpan, shownTime, statusText, t, type Word } from "./strings";
import { ALERT, ROLE, type Alert } from "./wire";

export const chosenAlert = signal<number | undefined>(undefined);
export const declining = signal<number | undefined>(undefined);

export const REASON_OTHER = 7;
const REASONS = [1, 2, 3, 4, 5, 6, REASON_OTHER];
const COUNTDOWN_MAX_MS = 3600000; /* a due time further away than this means: nobody waits any more */

export const facilityName = (id: string): string => {
    const facility = state.value.facilities.get(id);
    return facility ? either(facility.zh, facility.en) : id;
};

/** Time left to answer. undefined: nothing is due (answered, or escalated and the server stopped waiting). */
export function leftMs(alert: Alert, nowMs: number): number | undefined {
    const left = alert.dueMs - nowMs;
    return isUnanswered(alert) && alert.dueMs > 0 && left < COUNTDOWN_MAX_MS ? left : undefined;
}

export function Countdown({ alert, big }: { alert: Alert; big?: boolean }) {
    const left = leftMs(alert, now.value);
    if (left === undefined) return <span class="quiet">{isUnanswered(alert) ? shownSpan(now.value - alert.raisedMs) : "–"}</span>;
    const late = left <= 0;
    return (
        <span class={`countdown ${big ? "big" : ""} ${late ? "overdue" : left < 20000 ? "soon" : ""}`} data-testid="countdown">
            {shownSpan(Math.abs(late ? left : left + 999))} <small>{t(late ? "alerts.overdue" : "alerts.left")}</small>
        </span>
    );
}

const ROMAN = ["–", "I", "II", "III", "IV", "V"];
export const PriorityMark = ({ priority }: { priority: number }) =>
    <span class={`level level-${priority}`}>{ROMAN[priority] ?? priority}</span>;

const STARS = { high: "***", medium: "**", low: "*" } as const;
/** An alarm while nobody answered; after that only how urgent the patient is. */
export function AlarmMark({ alert }: { alert: Alert }) {
    const level = levelOf(alert.priority);
    if (!isUnanswered(alert)) return <PriorityMark priority={alert.priority} />;
    return <span class={`alarm ${level} ${level === "high" ? "flash" : ""}`}>{STARS[level]}</span>;
}

const callsignOf = (alert: Alert): string => state.value.patients.get(alert.encounter)?.callsign || t("patients.unnamed");

export const stateName = (alert: Alert): string => numbered("state", alert.state);

function reasonOf(alert: Alert): string {
    if (alert.reason === 0) return alert.reasonText;
    const words = numbered("reason", alert.reason);
    return alert.reasonText ? `${words}: ${alert.reasonText}` : words;
}

/* --- answering ------------------------------------------------------------------------------------------ */

/** What may come next, by state: the server decides, this only offers. */
const NEXT: Readonly<Record<number, readonly number[]>> = {
    [ALERT.raised]: [ALERT.accepted, ALERT.declined], [ALERT.delivered]: [ALERT.accepted, ALERT.declined],
    [ALERT.seen]: [ALERT.accepted, ALERT.declined],
    [ALERT.accepted]: [ALERT.preparing, ALERT.arrived, ALERT.declined],
    [ALERT.preparing]: [ALERT.arrived, ALERT.declined], [ALERT.arrived]: [ALERT.handedOver],
};
const LABEL: Readonly<Record<number, Word>> = {
    [ALERT.accepted]: "answer.accept", [ALERT.declined]: "answer.decline", [ALERT.preparing]: "answer.preparing",
    [ALERT.arrived]: "answer.arrived", [ALERT.handedOver]: "answer.handedOver",
};
const KEY: Readonly<Record<number, string>> = { [ALERT.accepted]: "A", [ALERT.declined]: "R" };

export const mayAnswer = (alert: Alert): boolean =>
    state.value.me?.role === ROLE.receiving && alert.facility === state.value.me.facility;

/* An answer under way (or recorded but not yet shown by the alert) must not be given again. */
const isBusy = (alert: Alert): boolean => {
    const phase = state.value.pending.get(alert.id)?.phase;
    return phase === "sent" || phase === "durable";
};

/** Asks the server to move the alert. Does nothing where that state is not on offer or the link is lost. */
export function answer(alert: Alert, next: number): void {
    if (!mayAnswer(alert) || isBusy(alert) || !(NEXT[alert.state] ?? []).includes(next)) return;
    if (next === ALERT.declined) declining.value = alert.id;
    else send({ alert: alert.id, state: next });
}

/** Opens the card; the server is told that somebody looks at it. */
export function openAlert(alert: Alert): void {
    chosenAlert.value = alert.id;
    if (mayAnswer(alert) && (alert.state === ALERT.raised || alert.state === ALERT.delivered))
        send({ alert: alert.id, state: ALERT.seen }, true);
}

const sentWord = (next: number): string => t(LABEL[next] ?? "alerts.state");

export function PendingLine({ alert }: { alert: Alert }) {
    const pending = state.value.pending.get(alert.id);
    const words = !pending ? "" : t(`answer.${pending.phase}`, { s: sentWord(pending.state), why: statusText(pending.status ?? 0) });
    return <p class={`pending ${pending?.phase ?? ""}`} role="status">{words}</p>;
}

function AnswerButtons({ alert }: { alert: Alert }) {
    if (!mayAnswer(alert)) return null;
    const refused = health.value === "lost" || isBusy(alert);
    return (
        <div class="answers">
            {(NEXT[alert.state] ?? []).map((next) => (
                <button key={next} type="button" disabled={refused} data-answer={next}
                    class={next === ALERT.declined ? "decline" : "accept"} onClick={() => answer(alert, next)}>
                    {t(LABEL[next] ?? "alerts.state")} {KEY[next] && <kbd>{KEY[next]}</kbd>}
                </button>
            ))}
        </div>
    );
}

export function DeclineDialog() {
    const dialog = useRef<HTMLDialogElement>(null), reason = useSignal(0), words = useSignal("");
    const id = declining.value, alert = id === undefined ? undefined : state.value.alerts.get(id);
    useEffect(() => {
        if (alert && !dialog.current?.open) { reason.value = 0; words.value = ""; dialog.current?.showModal(); }
        if (!alert) dialog.current?.close();
    }, [alert?.id]);
    const enough = reason.value > 0 && (reason.value !== REASON_OTHER || words.value.trim().length > 0);
    const confirm = (event: Event) => {
        event.preventDefault();
        if (!alert || !enough || health.value === "lost") return;
        if (send({ alert: alert.id, state: ALERT.declined, reason: reason.value, text: words.value.trim() }))
            declining.value = undefined;
    };
    return (
        <dialog ref={dialog} aria-labelledby="decline-title" onClose={() => { declining.value = undefined; }}>
            <form onSubmit={confirm}>
                <h2 id="decline-title">{t("answer.declineTitle")}</h2>
                {alert && <p class="callsign"><strong>{callsignOf(alert)}</strong> {shownTime(alert.raisedMs)}</p>}
                <label for="decline-reason">{t("answer.reason")}</label>
                <select id="decline-reason" value={reason.value} onChange={(e) => { reason.value = Number(e.currentTarget.value); }}>
                    <option value={0}>{t("answer.choose")}</option>
                    {REASONS.map((n) => <option key={n} value={n}>{numbered("reason", n)}</option>)}
                </select>
                <label for="decline-text">{t(reason.value === REASON_OTHER ? "answer.textRequired" : "answer.text")}</label>
                <textarea id="decline-text" rows={3} maxLength={120} value={words.value}
                    onInput={(e) => { words.value = e.currentTarget.value; }} />
                <div class="answers">
                    <button type="submit" class="decline" disabled={!enough || health.value === "lost"}>{t("answer.confirm")}</button>
                    <button type="button" onClick={() => { declining.value = undefined; }}>{t("answer.cancel")}</button>
                </div>
            </form>
        </dialog>
    );
}

/* --- cards and rows ------------------------------------------------------------------------------------- */

const minutes = (s: number) => Math.round(s / 60);

export function AlertCard({ alert, summary }: { alert: Alert; summary: string }) {
    const chosen = chosenAlert.value === alert.id, waits = isUnanswered(alert);
    return (
        <li class={`card ${waits ? `waits ${levelOf(alert.priority)}` : ""} ${chosen ? "chosen" : ""}`} data-alert={alert.id}
            data-state={alert.state}>
            <h3>
                <AlarmMark alert={alert} /> <span>{waits ? t("alerts.new") : stateName(alert)}</span>
                {alert.travelS !== undefined && <span class="travel">{t("alerts.travel", { n: minutes(alert.travelS) })}</span>}
            </h3>
            {waits && <Countdown alert={alert} big />}
            <p class="summary">{summary}</p>
            <p>
                {stateName(alert)} {alert.person && <strong>{alert.person}</strong>} <span class="quiet">{shownTime(alert.raisedMs)}</span>
                {alert.escalated && waits && <strong class="escalated"> {t("alarm.escalated")}</strong>}
            </p>
            <AnswerButtons alert={alert} />
            <PendingLine alert={alert} />
            <button type="button" class="link" aria-pressed={chosen} onClick={() => openAlert(alert)}>{t("alerts.open")}</button>
        </li>
    );
}

export function EndedAlerts({ alerts }: { alerts: Alert[] }) {
    if (alerts.length === 0) return null;
    return (
        <details class="ended">
            <summary>{t("alerts.ended")} ({alerts.length})</summary>
            <ul>{alerts.slice(0, 20).map((a) => (
                <li key={a.id}>{shownTime(a.raisedMs)} <strong class="callsign">{callsignOf(a)}</strong> {stateName(a)} {a.person} {reasonOf(a)}</li>
            ))}</ul>
        </details>
    );
}

function AlertRow({ alert, open }: { alert: Alert; open: (alert: Alert) => void }) {
    return (
        <tr data-alert={alert.id} data-state={alert.state} class={alert.escalated && isUnanswered(alert) ? "escalated-row" : ""}>
            <td><AlarmMark alert={alert} /></td>
            <td><button type="button" class="link" onClick={() => open(alert)}>{callsignOf(alert)}</button></td>
            <td>{facilityName(alert.facility)}</td>
            <td>
                {stateName(alert)}
                {alert.escalated && isUnanswered(alert) && <strong class="escalated"> {t("alarm.escalated")} · {t("alarm.call")}</strong>}
            </td>
            <td class="number"><Countdown alert={alert} /></td>
            <td>{alert.person}</td>
            <td>{reasonOf(alert)}</td>
        </tr>
    );
}

export function AlertTable({ open }: { open: (alert: Alert) => void }) {
    const alerts = alertsByUrgency(state.value), shown = alerts.filter((a) => !isEnded(a) || now.value - a.ms < 600000);
    return (
        <section aria-labelledby="alerts-title">
            <h2 id="alerts-title">{t("alerts.title")}</h2>
            {shown.length === 0 ? <p class="quiet">{t("alerts.none")}</p> : (
                <div class="scroll" tabIndex={0} role="region" aria-labelledby="alerts-title">
                    <table id="alerts">
                        <thead><tr>
                            <th scope="col">{t("patients.priority")}</th><th scope="col">{t("patients.unit")}</th>
                            <th scope="col">{t("alerts.facility")}</th><th scope="col">{t("alerts.state")}</th>
                            <th scope="col">{t("patients.countdown")}</th><th scope="col">{t("alerts.person")}</th>
                            <th scope="col">{t("alerts.reason")}</th>
                        </tr></thead>
                        <tbody>{shown.map((a) => <AlertRow key={a.id} alert={a} open={open} />)}</tbody>
                    </table>
                </div>
            )}
        </section>
    );
}
