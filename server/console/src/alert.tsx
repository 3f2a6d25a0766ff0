/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts: what a hospital answers, and what a dispatcher watches. */
import { signal } from "@preact/signals";
import { ask } from "./act-dialog";
import { now, send, state } from "./link";
import { levelOf } from "./sound";
import { alertsByUrgency, isEnded, isOffUntold, isUnanswered } from "./state";
import { either, numbered, shownSpan, shownTime, t, type Word } from "./strings";
import { ALERT, ROLE, type Alert } from "./wire";

export const chosenAlert = signal<number | undefined>(undefined);

const REASON_OTHER = 7;
const DECLINES = [1, 2, 3, 4, 5, 6, REASON_OTHER], LIMITS = [2, 4, 5, REASON_OTHER];
const ANSWER_MS = 60000; /* JZ_ANSWER_LIMIT_MS: then it is escalated. The frame's own due time is that of the next rung */
const COUNTDOWN_MAX_MS = 3600000; /* overdue for longer than this: nobody waits any more */

export const facilityName = (id: string): string => {
    const facility = state.value.facilities.get(id);
    return facility ? either(facility.zh, facility.en) : id;
};

/** Time left to answer. undefined: nothing is due (answered, or escalated and the server stopped waiting). */
export function leftMs(alert: Alert, nowMs: number): number | undefined {
    const left = alert.raisedMs + ANSWER_MS - nowMs;
    return isUnanswered(alert) && alert.dueMs > 0 && left > -COUNTDOWN_MAX_MS ? left : undefined;
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

export const callsignOf = (alert: Alert): string => state.value.patients.get(alert.encounter)?.callsign || t("patients.unnamed");

export const stateName = (alert: Alert): string => numbered("state", alert.state);

/** Why it was declined, or with what limit it was accepted. */
export function reasonOf(alert: Alert): string {
    if (alert.reason === 0) return alert.reasonText;
    const words = numbered(alert.state === ALERT.declined ? "reason" : "limit", alert.reason);
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
    [ALERT.raised]: "answer.takeBack", [ALERT.seen]: "answer.known", [ALERT.accepted]: "answer.accept",
    [ALERT.declined]: "answer.decline", [ALERT.preparing]: "answer.preparing", [ALERT.arrived]: "answer.arrived",
    [ALERT.handedOver]: "answer.handedOver",
};
export const answersOf = (alert: Alert): readonly number[] => NEXT[alert.state] ?? [];
export const answerWord = (next: number): string => t(LABEL[next] ?? "alerts.state");

export const mayAnswer = (alert: Alert): boolean =>
    state.value.me?.role === ROLE.receiving && alert.facility === state.value.me.facility;

/** An answer under way (or recorded but not yet shown by the alert) must not be given again. */
export const isBusy = (alert: Alert): boolean => {
    const phase = state.value.pending.get(alert.id)?.phase;
    return phase === "sent" || phase === "durable";
};
const mayMove = (alert: Alert, next: number): boolean => mayAnswer(alert) && !isBusy(alert) && answersOf(alert).includes(next);
const whoAndWhen = (alert: Alert): string => `${callsignOf(alert)}  ${shownTime(alert.raisedMs)}`;

/** Asks the server to move the alert. Does nothing where that state is not on offer or the link is lost. */
export function answer(alert: Alert, next: number): void {
    if (!mayMove(alert, next)) return;
    if (next === ALERT.declined) askWhy(alert);
    else send({ alert: alert.id, state: next });
}

function askWhy(alert: Alert): void {
    ask({
        title: t("answer.declineTitle"), lines: [whoAndWhen(alert)], reasons: DECLINES, other: REASON_OTHER, stem: "reason",
        confirm: t("answer.confirm"), danger: true,
        send: ({ reason, text }) => send({ alert: alert.id, state: ALERT.declined, reason, text }),
    });
}

/** Accepts, and says what the hospital cannot do. */
export function acceptWithLimits(alert: Alert): void {
    if (!mayMove(alert, ALERT.accepted)) return;
    ask({
        title: t("answer.limitTitle"), lines: [whoAndWhen(alert)], reasons: LIMITS, other: REASON_OTHER, stem: "limit",
        confirm: t("answer.limitConfirm"),
        send: ({ reason, text }) => send({ alert: alert.id, state: ALERT.accepted, reason, text }),
    });
}

export const UNDO_MS = 5000; /* docs/protocol.md, "What the server tells": an answer of 1 */
/** How long this person may still take the acceptance back; 0: not, or not any more. */
export function undoLeftMs(alert: Alert, person: string, nowMs: number): number {
    const own = alert.state === ALERT.accepted && alert.person === person && alert.acceptedMs !== undefined;
    return own ? Math.max(0, (alert.acceptedMs ?? 0) + UNDO_MS - nowMs) : 0;
}
export function takeBack(alert: Alert): void {
    if (mayAnswer(alert) && !isBusy(alert)) send({ alert: alert.id, state: ALERT.raised });
}
/** "We know that it is off." */
export function confirmOff(alert: Alert): void {
    if (mayAnswer(alert) && isOffUntold(alert)) send({ alert: alert.id, state: ALERT.seen });
}

/** Opens the card; the server is told that somebody looks at it. */
export function openAlert(alert: Alert): void {
    chosenAlert.value = alert.id;
    if (mayAnswer(alert) && (alert.state === ALERT.raised || alert.state === ALERT.delivered))
        send({ alert: alert.id, state: ALERT.seen }, true);
}

/* --- rows ----------------------------------------------------------------------------------------------- */

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
