/* SPDX-License-Identifier: Apache-2.0 */
/* The case beside the patient: who was asked and what they said, other records, the question to the partner, the handover,
 * and what a dispatcher does about it. */
import { signal } from "@preact/signals";
import { ActLines, ask, isUnderWay } from "./act-dialog";
import { AlarmMark, Countdown, facilityName, reasonOf, stateName } from "./alert";
import { openPatient } from "./choice";
import { ACTION, CONSULT, GRADE, PHASE, REASON } from "./codes";
import { alertsOf, keptOf, sameTag } from "./dispatch-model";
import { act, health, now, state } from "./link";
import { Panel } from "./panel";
import { isUnanswered, patientsByPriority } from "./state";
import { numbered, shownAge, shownSpan, shownTime, t, type Word } from "./strings";
import { ALERT, ROLE, type Alert, type Patient, type Team } from "./wire";
import { QUESTION_BYTES_MAX, TAG_BYTES_MAX, bytesOf } from "./writing";

const nameOf = (id: string): string => state.value.patients.get(id)?.callsign || t("patients.unnamed");
const isLost = (): boolean => health.value === "lost";

/* --- who was asked ---------------------------------------------------------------------------------------- */

function TeamItem({ of }: { of: Team }) {
    return (
        <li class={of.receipt === 0 ? "waiting" : ""}>
            {numbered("team", of.team)}: {numbered("receipt", of.receipt)} {of.person}
            {of.ms > 0 && <span class="quiet"> {shownTime(of.ms)}</span>}
            {!of.needed && <span class="quiet"> {t("team.notNeeded")}</span>}
            {of.reminded && <strong class="escalated"> {t("team.reminded")}</strong>}
        </li>
    );
}

/* In words what the ladder has done; an alert that is off says whether the hospital knows. */
function Steps({ alert }: { alert: Alert }) {
    const off = alert.state === ALERT.withdrawn || alert.state === ALERT.expired;
    return (
        <>
            {isUnanswered(alert) && alert.rung > 0 && <p class={alert.rung >= 3 ? "escalated" : ""} data-rung={alert.rung}>{t("ladder.rung", { n: alert.rung })}: {numbered("ladder", alert.rung)}</p>}
            {alert.technical && <p class="technical-line" data-testid="technical">!! {t(off ? "ladder.notTold" : "ladder.technical")}</p>}
            {off && !alert.technical && <p class="quiet">{t(alert.told ? "ladder.told" : "ladder.notYetTold")}</p>}
        </>
    );
}

function AskedItem({ alert }: { alert: Alert }) {
    const reason = reasonOf(alert), declined = alert.state === ALERT.declined;
    return (
        <li class="asked-one" data-asked={alert.id} data-state={alert.state}>
            <p>
                <AlarmMark alert={alert} /> <strong>{facilityName(alert.facility)}</strong> {stateName(alert)} {alert.person}
                {alert.standby && <span class="tagged">{t("ladder.standby")}</span>}
                {alert.grade >= GRADE.inform && <span class="quiet"> {numbered("grade", alert.grade)}</span>}
                {isUnanswered(alert) && <> <Countdown alert={alert} /></>}
                {alert.acceptedMs !== undefined && <span class="quiet"> {t("ladder.accepted", { time: shownTime(alert.acceptedMs) })}</span>}
            </p>
            {reason && <p class={declined ? "problem" : "limit"}>{t(declined ? "alerts.reason" : "ladder.limit")}: {reason}</p>}
            <Steps alert={alert} />
            {alert.teams.length > 0 && <ul class="teams" aria-label={t("team.title")}>{alert.teams.map((x) => <TeamItem key={x.team} of={x} />)}</ul>}
        </li>
    );
}

export function Asked({ patient }: { patient: Patient }) {
    const alerts = alertsOf(state.value, patient);
    if (alerts.length === 0 && !patient.call) return null;
    return (
        <Panel title="asked.title" id="asked">
            {patient.call && <p class="problem">{t("patients.call")}</p>}
            <ul>{alerts.map((a) => <AskedItem key={a.id} alert={a} />)}</ul>
        </Panel>
    );
}

/* --- other records ---------------------------------------------------------------------------------------- */

const LinkTo = ({ id }: { id: string }) => (state.value.patients.has(id)
    ? <button type="button" class="link callsign" onClick={() => openPatient(id)}>{nameOf(id)}</button> : <span class="doubtful-text">{t("kin.unseen")}</span>);

/** Of a merged record only where it goes on counts. */
export function MergedBanner({ patient }: { patient: Patient }) {
    if (patient.phase !== PHASE.merged) return null;
    const kept = keptOf(state.value, patient);
    return (
        <p class="merged" role="status" data-testid="merged">
            {t("kin.merged")} {kept.id === patient.id ? <span class="doubtful-text">{t("kin.unseen")}</span>
                : <button type="button" data-testid="to-kept" onClick={() => openPatient(kept.id)}>{t("kin.goTo", { who: kept.callsign || t("patients.unnamed") })}</button>}
        </p>
    );
}

function Kin({ patient }: { patient: Patient }) {
    const twins = sameTag(state.value, patient);
    return (
        <>
            {patient.tag && <p>{t("kin.tag")}: <code>{patient.tag}</code></p>}
            {twins.map((p) => <p key={p.id} class="limit" data-testid="same-tag">{t("kin.sameTag")}: <LinkTo id={p.id} /></p>)}
            {patient.kin.length > 0 && <ul class="kin">{patient.kin.map((k) => <li key={`${k.what}${k.id}`} data-kin={k.what}>{numbered("kin", k.what)}: <LinkTo id={k.id} /></li>)}</ul>}
            {patient.transferred && <p>{t("kin.transferred", { n: patient.transferred.times, hospital: facilityName(patient.transferred.from) })}</p>}
        </>
    );
}

function HandoverState({ patient }: { patient: Patient }) {
    const of = patient.handover;
    if (!of) return null;
    const signed = (who: { person: string; ms: number } | undefined, word: Word) =>
        <li>{t(word)}: {who ? <>{who.person} <span class="number">{shownTime(who.ms)}</span></> : <span class="doubtful-text">{t("handover.unsigned")}</span>}</li>;
    return (
        <div data-testid="handover">
            <h4>{t("handover.title")}</h4>
            <ul>
                {signed(of.given, "handover.given")}
                {signed(of.received, "handover.received")}
                {of.reminded && !(of.given && of.received) && <li class="escalated">{t("handover.reminded")}</li>}
                {of.diagnosis !== undefined && <li>{t("handover.diagnosis")}: {numbered("diagnosis", of.diagnosis)}</li>}
                {of.triage !== undefined && <li>{t("handover.triage")}: {numbered("triage", of.triage)}</li>}
            </ul>
        </div>
    );
}

function ConsultState({ patient }: { patient: Patient }) {
    const of = patient.consult === undefined ? undefined : state.value.consults.get(patient.consult);
    if (!of) return null;
    const open = of.state === CONSULT.asked || of.state === CONSULT.taken, left = of.dueMs - now.value;
    return (
        <div data-testid="consult-state" data-state={of.state}>
            <h4>{t("question.title")}: {numbered("consultstate", of.state)} {of.consultant}
                {open && <span class={`countdown ${left <= 0 ? "overdue" : ""}`}> {shownSpan(Math.abs(left))} {t(left > 0 ? "alerts.left" : "alerts.overdue")}</span>}</h4>
            <p class="quiet">{of.askedBy} {shownTime(of.askedMs)} · {t("question.tries", { n: of.tries })}{of.snapshot !== undefined && ` · ${t("question.about", { n: of.snapshot })}`}</p>
            <p>{of.question}</p>
            {of.late && <p class="escalated">{t("question.late", { time: shownTime(of.promisedMs) })}</p>}
            {of.opinion && <blockquote><strong>{of.conclusion !== undefined && numbered("conclusion", of.conclusion)}</strong> {of.opinion}
                <footer class="quiet">{of.consultant} {of.signedMs !== undefined && shownTime(of.signedMs)} · {t("question.advice")}</footer></blockquote>}
        </div>
    );
}

/* --- what a dispatcher does ------------------------------------------------------------------------------- */

const DOWN_REASONS = [REASON.conditionChanged, REASON.mistake, REASON.other];
const END_REASONS = [REASON.falseCall, REASON.family, REASON.duplicate, REASON.mistake, REASON.other];
const REOPEN_REASONS = [REASON.mistake, REASON.conditionChanged, REASON.other];
const MERGE_REASONS = [REASON.duplicate, REASON.mistake, REASON.other];
const TRANSFER_REASONS = [REASON.specialty, REASON.conditionChanged, REASON.full, REASON.equipment, REASON.staff, REASON.family, REASON.other];

const typed = signal(""), other = signal(""); /* of the one dialog that is open */
const shortOf = (patient: Patient): string => patient.callsign || t("patients.unnamed");
const PRIORITIES = ["", "I", "II", "III", "IV", "V"];

/* Up goes at once, down asks why. */
function setPriority(patient: Patient, to: number): void {
    if (to < 1 || to > 5 || isLost()) return;
    const action = { what: ACTION.setPriority, encounter: patient.id, value: to };
    if (to < patient.priority) act(action);
    else ask({
        title: t("priority.downTitle", { who: shortOf(patient), to: PRIORITIES[to] ?? to }), reasons: DOWN_REASONS, danger: true,
        send: ({ reason, text }) => act({ ...action, reason, text }),
    });
}

function simple(patient: Patient, what: number, title: Word, reasons: readonly number[], lines: Word[] = []): void {
    ask({
        title: t(title, { who: shortOf(patient) }), lines: lines.map((w) => t(w)), reasons, danger: true,
        send: ({ reason, text }) => act({ what, encounter: patient.id, reason, text }),
    });
}

function OtherPatient({ than }: { than: Patient }) {
    const live = patientsByPriority(state.value).filter((p) => p.id !== than.id && p.phase !== PHASE.closed && p.phase !== PHASE.merged);
    return (
        <>
            <label for="merge-other">{t("merge.other")}</label>
            <select id="merge-other" value={other.value} onChange={(e) => { other.value = e.currentTarget.value; }}>
                <option value="">{t("answer.choose")}</option>
                {live.map((p) => <option key={p.id} value={p.id}>{shortOf(p)} · {t(`complaint.${p.complaint}` as Word)} · {shownTime(p.openedMs)} {p.tag}</option>)}
            </select>
        </>
    );
}

function merge(patient: Patient): void {
    other.value = sameTag(state.value, patient)[0]?.id ?? "";
    ask({
        title: t("merge.title", { who: shortOf(patient) }), lines: [t("merge.what")], reasons: MERGE_REASONS, danger: true,
        form: () => <OtherPatient than={patient} />, ready: () => other.value !== "",
        send: ({ reason, text }) => act({ what: ACTION.merge, encounter: patient.id, other: other.value, reason, text }),
    });
}

function writes(title: string, label: string, what: number, patient: Patient, bytesMax: number, first: string): void {
    typed.value = first;
    ask({
        title,
        form: () => (
            <>
                <label for="act-words">{label}</label>
                <textarea id="act-words" rows={bytesMax > 100 ? 4 : 1} value={typed.value} onInput={(e) => { typed.value = e.currentTarget.value; }} />
                <p class="quiet number" role="status">{t(bytesOf(typed.value.trim()) > bytesMax ? "act.tooLong" : "act.room", { n: bytesMax - bytesOf(typed.value.trim()) })}</p>
            </>
        ),
        ready: () => typed.value.trim() !== "" && bytesOf(typed.value.trim()) <= bytesMax,
        send: () => act({ what, encounter: patient.id, text: typed.value.trim() }),
    });
}

interface Deed { word: Word; may: (p: Patient) => boolean; go: (p: Patient) => void; id: string }
const isLive = (p: Patient): boolean => p.phase === PHASE.open || p.phase === PHASE.arrived || p.phase === PHASE.handedOver;
const DEEDS: readonly Deed[] = [
    { id: "up", word: "deed.up", may: (p) => isLive(p) && p.priority > 1, go: (p) => setPriority(p, p.priority - 1) },
    { id: "down", word: "deed.down", may: (p) => isLive(p) && p.priority < 5, go: (p) => setPriority(p, p.priority + 1) },
    { id: "consult", word: "deed.consult", may: isLive, go: (p) => writes(t("question.askTitle", { who: shortOf(p) }), t("question.question"), ACTION.askConsult, p, QUESTION_BYTES_MAX, "") },
    { id: "identify", word: "deed.identify", may: (p) => p.phase !== PHASE.merged, go: (p) => writes(t("identify.title", { who: shortOf(p) }), t("identify.tag"), ACTION.identify, p, TAG_BYTES_MAX, p.tag) },
    { id: "merge", word: "deed.merge", may: isLive, go: merge },
    { id: "transfer", word: "deed.transfer", may: (p) => p.phase === PHASE.arrived || p.phase === PHASE.handedOver, go: (p) => simple(p, ACTION.transfer, "transfer.title", TRANSFER_REASONS, ["transfer.what"]) },
    { id: "stand-down", word: "deed.standDown", may: (p) => p.phase === PHASE.open || p.phase === PHASE.arrived, go: (p) => simple(p, ACTION.standDown, "standDown.title", END_REASONS, ["standDown.what"]) },
    { id: "reopen", word: "deed.reopen", may: (p) => p.phase === PHASE.closed || p.phase === PHASE.merged, go: (p) => simple(p, ACTION.reopen, "reopen.title", REOPEN_REASONS) },
];
/* Their outcome is said in panels of their own. */
const ELSEWHERE: ReadonlySet<number> = new Set([ACTION.chooseDestination, ACTION.stamp]);

/** What a dispatcher may do about the case; empty for anybody else. */
export function CasePanel({ patient }: { patient: Patient }) {
    const dispatcher = state.value.me?.role === ROLE.dispatcher, deeds = dispatcher ? DEEDS.filter((d) => d.may(patient)) : [];
    const under = isUnderWay((a) => a.encounter === patient.id && !ELSEWHERE.has(a.what));
    return (
        <Panel title="case.title" id="case">
            {deeds.length > 0 && <div class="buttons">{deeds.map((d) => (
                <button key={d.id} type="button" data-deed={d.id} disabled={isLost() || under} onClick={() => d.go(patient)}>{t(d.word)}</button>))}</div>}
            <ActLines of={(a) => a.encounter === patient.id && !ELSEWHERE.has(a.what)} label="case.title" />
            {patient.rulePriority !== undefined && <p class="limit" data-testid="rule-priority">{t("priority.rules", { n: PRIORITIES[patient.rulePriority] ?? "" })}</p>}
            <Kin patient={patient} />
            <ConsultState patient={patient} />
            <HandoverState patient={patient} />
            <p class="quiet">{t("case.devices", { n: patient.devices })} · {t("patients.last")} {shownAge(now.value - patient.lastMs)}</p>
        </Panel>
    );
}
