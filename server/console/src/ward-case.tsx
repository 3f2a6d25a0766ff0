/* SPDX-License-Identifier: Apache-2.0 */
/* The chosen patient as the hospital works on it: the roll-call, the clocks, one-tap times, and what else a hospital does. */
import { signal } from "@preact/signals";
import { ActLines, ask, isUnderWay } from "./act-dialog";
import { chosenAlert } from "./alert";
import { ACTION, CONSULT, PHASE, REASON, TARGET } from "./codes";
import { QUESTION_BYTES_MAX, bytesOf, clockOf, momentOf } from "./dispatch-model";
import { HandoverLines, SignButton, Signatures, askOutcome, handoverOf, mayJudge } from "./handover";
import { TAPS, isGoneOn } from "./hospital-model";
import { act, health, now, state } from "./link";
import { Panel } from "./panel";
import { RiskBadge, headline } from "./patient";
import { printHandover } from "./print";
import { either, fieldName, numbered, shownSpan, shownTime, t } from "./strings";
import { Teams } from "./teams";
import type { Acting } from "./state";
import type { Alert, Patient, Stamp, Target } from "./wire";

const isLost = (): boolean => health.value === "lost";
const about = (patient: Patient, what: number) => (a: Acting): boolean => a.encounter === patient.id && a.what === what;

/* --- clocks ----------------------------------------------------------------------------------------------- */

function TargetItem({ of }: { of: Target }) {
    const clock = clockOf(of, now.value), over = !clock.ends && clock.leftMs <= 0;
    const words = clock.ends ? numbered("target", of.state) : t(over ? "ward.targetOver" : "ward.targetLeft", { s: shownSpan(Math.abs(clock.leftMs)) });
    return (
        <li class={`ward-target ${over || of.state === TARGET.late ? "overdue" : of.state === TARGET.dueSoon ? "soon" : ""}`} data-rule={of.rule} data-state={of.state}>
            <span>{either(of.zh, of.en)}</span> <strong class="number">{words}</strong> <small class="quiet">{t("ward.due", { time: shownTime(of.dueMs).slice(0, 5) })}</small>
            {clock.missMs !== undefined && <strong class="escalated"> {t("ward.targetMiss", { s: shownSpan(clock.missMs) })}</strong>}
        </li>
    );
}

/** Of a card: the clock that ends first among those that run. */
export function firstTarget(patient: Patient): string {
    const running = patient.targets.filter((x) => !clockOf(x, now.value).ends).sort((a, b) => a.dueMs - b.dueMs)[0];
    if (!running) return "";
    const left = running.dueMs - now.value;
    return `${either(running.zh, running.en)} ${t(left <= 0 ? "ward.targetOver" : "ward.targetLeft", { s: shownSpan(Math.abs(left)) })}`;
}

const TIME_REASONS = [REASON.clockWrong, REASON.mistake, REASON.other];
const typed = signal("");

function correct(patient: Patient, stamp: Stamp): void {
    typed.value = shownTime(stamp.ms);
    ask({
        title: t("ward.correctTitle", { what: fieldName(stamp.code) }), lines: [t("ward.correctWhat")], reasons: TIME_REASONS,
        form: () => (
            <>
                <label for="ward-time">{t("ward.time")}</label>
                <input id="ward-time" class="number" autocomplete="off" value={typed.value} onInput={(e) => { typed.value = e.currentTarget.value; }} />
            </>
        ),
        ready: () => { const at = momentOf(typed.value, now.value); return at !== undefined && at <= now.value && Math.abs(at - stamp.ms) >= 1000; },
        send: ({ reason, text }) => act({ what: ACTION.stamp, encounter: patient.id, code: stamp.code, ms: momentOf(typed.value, now.value), reason, text }),
    });
}

function Tap({ patient, code }: { patient: Patient; code: number }) {
    const said = patient.stamps.find((s) => s.code === code), name = fieldName(code);
    const sent = isUnderWay((a) => about(patient, ACTION.stamp)(a) && a.code === code);
    if (!said) return (
        <button type="button" class="tap" data-tap={code} disabled={isLost() || sent} onClick={() => act({ what: ACTION.stamp, encounter: patient.id, code })}>
            {name} <small>{t("ward.tap")}</small>
        </button>
    );
    return (
        <button type="button" class="tap said" data-said={code} disabled={isLost() || sent} aria-label={t("ward.correctOf", { what: name, time: shownTime(said.ms) })} onClick={() => correct(patient, said)}>
            ✓ {name} <strong class="number">{shownTime(said.ms)}</strong> {said.corrections > 0 && <small>{t("ward.corrected", { time: shownTime(said.firstMs) })}</small>}
        </button>
    );
}

function Times({ alert, patient }: { alert: Alert; patient: Patient }) {
    const goneOn = isGoneOn(alert, patient);
    return (
        <Panel title="ward.times" id="ward-times">
            {patient.targets.length === 0 ? <p class="quiet">{t("ward.noTargets")}</p>
                : <ul class="ward-targets" aria-label={t("ward.targets")}>{patient.targets.map((x) => <TargetItem key={`${x.rule}${x.beganMs}`} of={x} />)}</ul>}
            {goneOn && <p><strong>{t("ward.goneOn")}</strong></p>}
            {!goneOn && patient.phase !== PHASE.merged && <div class="taps-grid">{(TAPS[patient.complaint] ?? []).map(([code]) => <Tap key={code} patient={patient} code={code} />)}</div>}
            <ActLines of={about(patient, ACTION.stamp)} label="ward.times" />
        </Panel>
    );
}

/* --- on to another hospital, and a question to the partner ---------------------------------------------------- */

const TRANSFER_REASONS = [REASON.specialty, REASON.conditionChanged, REASON.full, REASON.equipment, REASON.staff, REASON.family, REASON.other];
const isHere = (p: Patient): boolean => p.phase === PHASE.arrived || p.phase === PHASE.handedOver;
const isLive = (p: Patient): boolean => p.phase === PHASE.open || isHere(p);

function askTransfer(patient: Patient): void {
    typed.value = shownTime(now.value);
    ask({
        title: t("ward.transferTitle", { who: patient.callsign || t("patients.unnamed") }), lines: [t("ward.transferWhat")], reasons: TRANSFER_REASONS, danger: true,
        form: () => (
            <>
                <label for="ward-left">{t("ward.transferAt")}</label>
                <input id="ward-left" class="number" autocomplete="off" value={typed.value} onInput={(e) => { typed.value = e.currentTarget.value; }} />
            </>
        ),
        ready: () => (momentOf(typed.value, now.value) ?? Infinity) <= now.value,
        send: ({ reason, text }) => act({ what: ACTION.transfer, encounter: patient.id, ms: momentOf(typed.value, now.value), reason, text }),
    });
}

function askConsult(patient: Patient): void {
    typed.value = "";
    const left = (): number => QUESTION_BYTES_MAX - bytesOf(typed.value.trim());
    ask({
        title: t("ward.consultTitle", { who: patient.callsign || t("patients.unnamed") }), lines: [t("ward.consultWhat")],
        form: () => (
            <>
                <label for="ward-question">{t("ward.question")}</label>
                <textarea id="ward-question" rows={4} value={typed.value} onInput={(e) => { typed.value = e.currentTarget.value; }} />
                <p class="quiet" role="status">{left() < 0 ? t("ward.tooLong") : t("ward.room", { n: Math.floor(left() / 3) })}</p>
            </>
        ),
        ready: () => typed.value.trim() !== "" && left() >= 0,
        send: () => act({ what: ACTION.askConsult, encounter: patient.id, text: typed.value.trim() }),
    });
}

/** Where the question to the partner stands, in one or two lines. */
export function ConsultLine({ patient, wall }: { patient: Patient; wall: boolean }) {
    const of = patient.consult === undefined ? undefined : state.value.consults.get(patient.consult);
    if (!of) return null;
    const open = of.state === CONSULT.asked || of.state === CONSULT.taken;
    return (
        <div class="consult-line" data-testid="ward-consult" data-state={of.state}>
            <p>
                {t("ward.consult")}: <strong>{numbered("consultstate", of.state)}</strong> {of.consultant}
                {open && <span class="number"> {t(of.late ? "ward.consultLate" : "ward.consultDue", { time: shownTime(of.promisedMs).slice(0, 5) })}</span>}
            </p>
            {!wall && of.opinion && <p>{of.conclusion !== undefined && <strong>{numbered("conclusion", of.conclusion)}: </strong>}{of.opinion} <span class="quiet">{of.consultant} {of.signedMs !== undefined && shownTime(of.signedMs)}</span></p>}
        </div>
    );
}

function Deeds({ patient }: { patient: Patient }) {
    const busy = (what: number): boolean => isLost() || isUnderWay(about(patient, what));
    return (
        <>
            <div class="answers">
                <SignButton patient={patient} />
                <button type="button" data-deed="sheet" onClick={() => { handoverOf.value = patient.id; }}>{t("ward.sheetOpen")} <kbd>H</kbd></button>
                <button type="button" data-deed="print" onClick={() => printHandover(patient)}>{t("ward.print")} <kbd>P</kbd></button>
                {mayJudge(patient) && <button type="button" data-deed="outcome" disabled={busy(ACTION.outcome)} onClick={() => askOutcome(patient)}>{t("ward.outcome")}</button>}
                {isLive(patient) && <button type="button" data-deed="consult" disabled={busy(ACTION.askConsult)} onClick={() => askConsult(patient)}>{t("ward.consultAsk")}</button>}
                {isHere(patient) && <button type="button" data-deed="transfer" disabled={busy(ACTION.transfer)} onClick={() => askTransfer(patient)}>{t("ward.transfer")}</button>}
            </div>
            <HandoverLines patient={patient} />
            <ActLines of={(a) => about(patient, ACTION.transfer)(a) || about(patient, ACTION.askConsult)(a)} label="ward.handover" />
        </>
    );
}

export function WardCase({ alert, patient, wall }: { alert: Alert; patient: Patient; wall: boolean }) {
    const found = patient.handover;
    return (
        <section class="ward-case" aria-label={t("ward.case")}>
            {wall && (
                <header>
                    <h2><RiskBadge patient={patient} /> <span class="callsign">{patient.callsign || t("patients.unnamed")}</span> {headline(patient)}</h2>
                    <button type="button" onClick={() => { chosenAlert.value = undefined; scrollTo(0, 0); }}>{t("ward.back")} <kbd>Esc</kbd></button>
                </header>
            )}
            <Teams alert={alert} />
            <Times alert={alert} patient={patient} />
            <Panel title="ward.handover" id="ward-handover">
                {patient.transferred && <p>{t("ward.transferred", { n: patient.transferred.times })}</p>}
                <Signatures patient={patient} />
                {found?.diagnosis !== undefined && <p data-testid="outcome-said">{t("ward.diagnosis")}: <strong>{numbered("diagnosis", found.diagnosis)}</strong> · {t("ward.triage")}: <strong>{numbered("triage", found.triage ?? 0)}</strong></p>}
                <ConsultLine patient={patient} wall={wall} />
                <Deeds patient={patient} />
            </Panel>
        </section>
    );
}
