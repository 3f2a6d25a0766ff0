/* SPDX-License-Identifier: Apache-2.0 */
/* One alert of a hospital: what comes, when, what is asked of the team, and its answer. */
import { AlarmMark, Countdown, acceptWithLimits, answer, answerWord, answersOf, callsignOf, chosenAlert, confirmOff, facilityName, isBusy,
    mayAnswer, openAlert, reasonOf, stateName, takeBack, undoLeftMs } from "./alert";
import { arrivalMs, divertedFor, elsewhereOf, isGoneOn, isNear } from "./hospital-model";
import { health, now, state } from "./link";
import { openPaper } from "./open-paper";
import { RiskBadge, headline, summaryOf } from "./patient";
import { ownFacility } from "./services";
import { levelOf } from "./sound";
import { isUnanswered } from "./state";
import { numbered, shownSpan, shownTime, statusText, t } from "./strings";
import { TeamCount } from "./teams";
import { ConsultLine, firstTarget } from "./ward-case";
import { ALERT, type Alert, type Patient } from "./wire";

const KEY: Readonly<Record<number, string>> = { [ALERT.accepted]: "A", [ALERT.declined]: "R" };
const ANSWERED: ReadonlySet<number> = new Set([ALERT.accepted, ALERT.preparing, ALERT.arrived]);
const patientOf = (alert: Alert): Patient | undefined => state.value.patients.get(alert.encounter);

/* --- lines ------------------------------------------------------------------------------------------------ */

function PendingLine({ alert }: { alert: Alert }) {
    const pending = state.value.pending.get(alert.id);
    const words = !pending ? "" : t(`answer.${pending.phase}`, { s: answerWord(pending.state), why: statusText(pending.status ?? 0) });
    return <p class={`pending ${pending?.phase ?? ""}`} role="status">{words}</p>;
}

/* Minutes and the time of day; a time that has passed says so. */
function Arrival({ alert }: { alert: Alert }) {
    const at = arrivalMs(alert, patientOf(alert)), near = isNear(alert, patientOf(alert), now.value);
    if (at === undefined) return isUnanswered(alert) || ANSWERED.has(alert.state) && alert.state !== ALERT.arrived ? <span class="travel doubtful-words">{t("ward.noArrival")}</span> : null;
    const time = shownTime(at).slice(0, 5), left = at - now.value;
    return <strong class={`travel ${near ? "soon" : ""}`} data-testid="arrival">{left > 0 ? t("ward.arrives", { n: Math.ceil(left / 60000), time }) : t("ward.arrivesPast", { time })}</strong>;
}

const when = (alert: Alert): string => (alert.acceptedMs === undefined ? shownTime(alert.raisedMs)
    : alert.state === ALERT.accepted ? shownTime(alert.acceptedMs) : t("ward.acceptedAt", { time: shownTime(alert.acceptedMs) }));

/* Who answered, when and with what limit. Whoever comes later reads another's name. */
function AnswerLine({ alert }: { alert: Alert }) {
    const accepted = alert.acceptedMs !== undefined && ANSWERED.has(alert.state), other = alert.person !== "" && alert.person !== state.value.me?.person;
    return (
        <p>
            {accepted && other && alert.state === ALERT.accepted ? <strong data-testid="taken">{t("ward.taken", { who: alert.person, time: shownTime(alert.acceptedMs ?? 0) })}</strong>
                : <>{stateName(alert)} {alert.person && <strong>{alert.person}</strong>} <span class="quiet">{when(alert)}</span></>}
            {ANSWERED.has(alert.state) && reasonOf(alert) && <strong class="limit-words"> {t("ward.limit")}: {reasonOf(alert)}</strong>}
            {alert.escalated && isUnanswered(alert) && <strong class="escalated"> {t("alarm.escalated")}</strong>}
        </p>
    );
}

function StandbyLine({ alert }: { alert: Alert }) {
    if (!alert.standby || !isUnanswered(alert)) return null;
    return <p class="standby" data-testid="standby"><strong>{t("ward.standby")}</strong> {t("ward.standbyWhat")}</p>;
}

function DivertedLine({ alert }: { alert: Alert }) {
    const services = divertedFor(alert, ownFacility(), now.value);
    if (services.length === 0) return null;
    return <p class="escalated" data-testid="diverted-for">{t("ward.divertedFor", { s: services.map((s) => numbered("service", s)).join(" ") })}</p>;
}

/* --- answers ---------------------------------------------------------------------------------------------- */

function Undo({ alert }: { alert: Alert }) {
    const left = undoLeftMs(alert, state.value.me?.person ?? "", now.value);
    if (left <= 0 || !mayAnswer(alert)) return null;
    return <button type="button" class="undo" data-testid="undo" disabled={health.value === "lost" || isBusy(alert)} onClick={() => takeBack(alert)}>{t("ward.undo", { n: Math.ceil(left / 1000) })}</button>;
}

function Answers({ alert }: { alert: Alert }) {
    if (!mayAnswer(alert)) return null;
    const refused = health.value === "lost" || isBusy(alert), button = (next: number) => (
        <button key={next} type="button" disabled={refused} data-answer={next} class={next === ALERT.declined ? "decline" : "accept"} onClick={() => answer(alert, next)}>
            {answerWord(next)} {KEY[next] && <kbd>{KEY[next]}</kbd>}
        </button>
    );
    const [first, ...rest] = answersOf(alert);
    return (
        <div class="answers">
            <Undo alert={alert} />
            {first !== undefined && button(first)}
            {first === ALERT.accepted && <button type="button" disabled={refused} data-answer="limits" onClick={() => acceptWithLimits(alert)}>{t("ward.acceptLimits")} <kbd>L</kbd></button>}
            {rest.map(button)}
        </div>
    );
}

function Open({ alert }: { alert: Alert }) {
    const patient = patientOf(alert), hasEcg = patient && ((state.value.waves.get(patient.id)?.snapshot.length ?? 0) > 0 || patient.ecg);
    return (
        <span class="card-links">
            <button type="button" class="link" data-row aria-pressed={chosenAlert.value === alert.id} onClick={() => openAlert(alert)}>{t("alerts.open")}</button>
            {patient && hasEcg && <button type="button" class="ecg-open" onClick={() => { openAlert(alert); openPaper(patient, "ecg"); }}>{t("ward.ecg")} <kbd>E</kbd></button>}
        </span>
    );
}

/* --- cards ------------------------------------------------------------------------------------------------ */

export function AlertCard({ alert, wall }: { alert: Alert; wall: boolean }) {
    const patient = patientOf(alert), waits = isUnanswered(alert), near = isNear(alert, patient, now.value);
    const since = alert.state === ALERT.arrived ? patient?.milestones.get(5) : undefined;
    return (
        <li class={`card ${waits ? `waits ${levelOf(alert.priority)}` : ""} ${chosenAlert.value === alert.id ? "chosen" : ""} ${near ? "near" : ""}`} data-alert={alert.id} data-state={alert.state}>
            <h3>
                <AlarmMark alert={alert} /> <span>{waits ? t("alerts.new") : stateName(alert)}</span>
                {patient && <RiskBadge patient={patient} />} <span class="callsign">{callsignOf(alert)}</span>
                {alert.grade > 0 && (waits || alert.state === ALERT.accepted) && <span class={`grade grade-${alert.grade}`} data-testid="grade">{t(`ward.grade.${alert.grade as 1 | 2 | 3}`)}</span>}
                <Arrival alert={alert} />
            </h3>
            {waits && <Countdown alert={alert} big />}
            <StandbyLine alert={alert} />
            {patient && <p class="summary">{[headline(patient), summaryOf(patient)].filter(Boolean).join("  ")}</p>}
            {!wall && patient?.tag && <p class="quiet">{t("ward.tag")}: <code>{patient.tag}</code></p>}
            <div class="card-lines">
                <AnswerLine alert={alert} />
                <TeamCount alert={alert} />
                <DivertedLine alert={alert} />
                {!waits && patient && firstTarget(patient) && <p class="first-target">{firstTarget(patient)}</p>}
                {since !== undefined && <p data-testid="since-door">{t("ward.sinceDoor", { time: shownTime(since).slice(0, 5), s: shownSpan(now.value - since) })}</p>}
                {alert.state === ALERT.arrived && patient?.handover?.reminded && <p class="escalated">** {t("ward.signReminded")}</p>}
                {patient && !waits && <ConsultLine patient={patient} wall={wall} />}
            </div>
            <Answers alert={alert} />
            <PendingLine alert={alert} />
            <Open alert={alert} />
        </li>
    );
}

/** The patient does not come after all: stands, and rings, until somebody says that they know. */
export function OffBanner({ alert }: { alert: Alert }) {
    const elsewhere = elsewhereOf(alert, patientOf(alert)), words = alert.state === ALERT.expired ? "ward.offExpired" : "ward.offWithdrawn";
    return (
        <li class="off-banner" data-alert={alert.id} data-state={alert.state}>
            <p>
                <span class="alarm medium">**</span> <strong class="callsign">{callsignOf(alert)}</strong> <strong>{t(words)}</strong> <span class="quiet">{shownTime(alert.ms)}</span>
                {elsewhere && <> {t("ward.offTo", { hospital: facilityName(elsewhere) })}</>}
                {alert.technical && <strong class="escalated"> {t("ward.offCall")}</strong>}
            </p>
            {mayAnswer(alert) && <button type="button" class="primary" data-testid="know" disabled={health.value === "lost" || isBusy(alert)} onClick={() => confirmOff(alert)}>{t("ward.offKnow")} <kbd>K</kbd></button>}
            <PendingLine alert={alert} />
        </li>
    );
}

export function GoneRow({ alert }: { alert: Alert }) {
    const patient = patientOf(alert), chosen = chosenAlert.value === alert.id;
    return (
        <li data-alert={alert.id} class={chosen ? "chosen" : ""}>
            <button type="button" class="link callsign" aria-pressed={chosen} disabled={!patient} onClick={() => openAlert(alert)}>{callsignOf(alert)}</button>
            {patient && <> {t(`complaint.${patient.complaint as 1 | 2}`)} {headline(patient)}</>} <span class="quiet">{t("ward.goneAt", { time: shownTime(alert.ms) })}</span>
            {patient && (isGoneOn(alert, patient) ? <strong> {t("ward.goneOn")}</strong> : !patient.handover?.received && <span class="escalated"> {t("ward.unsigned")}</span>)}
            {patient && patient.handover?.diagnosis === undefined && <span class="quiet"> {t("ward.noOutcome")}</span>}
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
