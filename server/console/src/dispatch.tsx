/* SPDX-License-Identifier: Apache-2.0 */
/* A dispatcher's board: who waits, all patients by urgency, the region, and the patient that is open. */
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ReasonDialog, ask, asking } from "./act-dialog";
import { AlarmMark, Countdown, PriorityMark, chosenAlert, facilityName, stateName } from "./alert";
import { chosenPatient, openPatient } from "./choice";
import { PHASE, REASON } from "./codes";
import { ROW_PX, digitMeans, etaOf, unansweredAlerts, windowOf } from "./dispatch-model";
import { now, state } from "./link";
import { showAlertsPatient } from "./open-dispatch";
import { Detail, RiskBadge, headline, summaryOf } from "./patient";
import { Plans, Proposals } from "./proposals";
import { dispatch, override } from "./ranking";
import { Region, toggleMap } from "./region";
import { destinationOf, isUnanswered, newestAlert, patientsByPriority } from "./state";
import { has, shownAge, shownSpan, shownTime, t, type Word } from "./strings";
import { ROLE, type Alert, type Patient } from "./wire";

const FEED_OLD_MS = 30000;

/* --- the list --------------------------------------------------------------------------------------------- */

/* Who takes the patient; a hospital that is only being asked never looks like one that accepted. */
function Destination({ alert }: { alert: Alert | undefined }) {
    if (!alert) return <span class="quiet">{t("patients.noDestination")}</span>;
    const hospital = facilityName(alert.facility);
    return isUnanswered(alert) ? <span class="quiet asking">{t("patients.asking", { hospital })}</span> : <strong>{hospital}</strong>;
}

const phaseName = (phase: number): string => (has(`phase.${phase}`) ? t(`phase.${phase}` as Word) : String(phase));

/* The way that is left, as last computed; a time of arrival that is past says so. */
function Arrival({ patient }: { patient: Patient }) {
    if (patient.phase !== PHASE.open) return null;
    const eta = etaOf(state.value, patient), travelS = destinationOf(state.value, patient)?.travelS;
    if (!eta) return travelS ? <small class="quiet"> {t("alerts.travel", { n: Math.round(travelS / 60) })}</small> : null;
    const left = eta.atMs - now.value, clock = shownTime(eta.atMs).slice(0, 5);
    return left > 0 ? <span title={t("eta.asOf", { time: shownTime(eta.asOfMs) })}> <strong>{Math.ceil(left / 60000)}′</strong> <small class="quiet">{clock}</small></span>
        : <span class="doubtful-text"> {t("eta.past", { time: clock })}</span>;
}

function PatientRow({ patient, at }: { patient: Patient; at: number }) {
    const destination = destinationOf(state.value, patient), alert = destination ?? newestAlert(state.value, patient);
    const chosen = chosenPatient.value === patient.id, silentMs = now.value - patient.lastMs;
    return (
        <tr class={chosen ? "chosen" : ""} data-encounter={patient.id} data-phase={patient.phase} aria-rowindex={at + 2}>
            <td><PriorityMark priority={patient.priority} /></td>
            <td><RiskBadge patient={patient} /></td>
            <td><button type="button" class="link callsign" aria-pressed={chosen} data-row onClick={() => openPatient(patient.id)}>{patient.callsign || t("patients.unnamed")}</button></td>
            <td class="findings">{t(`complaint.${patient.complaint}` as Word)} <strong>{headline(patient)}</strong></td>
            <td class="destination">{patient.call ? <strong class="escalated">{t("patients.call")}</strong> : <Destination alert={destination} />}</td>
            <td class="number eta"><span class={`phase phase-${patient.phase}`}>{phaseName(patient.phase)}</span><Arrival patient={patient} /></td>
            <td class="state">{!alert ? "–" : isUnanswered(alert) ? <><AlarmMark alert={alert} /> <Countdown alert={alert} /></> : <>{stateName(alert)} {alert.person}</>}</td>
            <td class={`number ${silentMs > FEED_OLD_MS && patient.phase !== PHASE.closed ? "doubtful" : ""}`}>{shownAge(silentMs)}</td>
        </tr>
    );
}

const COLUMNS: readonly Word[] = ["patients.priority", "patients.colour", "patients.unit", "patients.complaint",
    "patients.destination", "eta.title", "patients.alert", "patients.last"];

/* A row of nothing, as high as the rows that are not mounted. */
function Spacer({ rows }: { rows: number }) {
    const cell = useRef<HTMLTableCellElement>(null);
    useEffect(() => { cell.current?.style.setProperty("height", `${rows * ROW_PX}px`); }, [rows]);
    return rows > 0 ? <tr aria-hidden="true" class="spacer"><td ref={cell} colSpan={COLUMNS.length} /></tr> : null;
}

function PatientTable() {
    const patients = patientsByPriority(state.value), box = useRef<HTMLDivElement>(null), top = useSignal(0), high = useSignal(900);
    useEffect(() => {
        const own = box.current;
        if (!own) return undefined;
        const resize = new ResizeObserver(() => { high.value = own.clientHeight; });
        resize.observe(own);
        return () => resize.disconnect();
    }, [patients.length > 0]);
    const { first, last } = windowOf(patients.length, top.value, high.value);
    return (
        <section class="patient-list" aria-labelledby="patients-title">
            <h2 id="patients-title">{t("patients.title")} ({patients.length})</h2>
            {patients.length === 0 ? <p class="quiet">{t("patients.none")}</p> : (
                <div class="scroll" ref={box} tabIndex={0} role="region" aria-labelledby="patients-title" onScroll={(e) => { top.value = e.currentTarget.scrollTop; }}>
                    <table id="patients" aria-rowcount={patients.length + 1}>
                        <thead><tr>{COLUMNS.map((word) => <th key={word} scope="col">{t(word)}</th>)}</tr></thead>
                        <tbody>
                            <Spacer key="before" rows={first} />
                            {patients.slice(first, last).map((p, i) => <PatientRow key={p.id} patient={p} at={first + i} />)}
                            <Spacer key="after" rows={patients.length - last} />
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

/* --- the bar of who does not answer ------------------------------------------------------------------------ */

const barHasFocus = signal(false);

/* A person's call: what to say, and what came of it. The directory of telephone numbers is the control room's own. */
function telephone(alert: Alert): void {
    const patient = state.value.patients.get(alert.encounter), hospital = facilityName(alert.facility);
    const eta = patient && etaOf(state.value, patient);
    ask({
        title: t("phone.title", { hospital }),
        lines: [patient ? [patient.callsign, headline(patient), summaryOf(patient)].filter(Boolean).join("  ") : "", eta ? t("phone.eta", { time: shownTime(eta.atMs).slice(0, 5) }) : "",
            t("phone.note"), t("phone.refused")].filter(Boolean),
        confirm: t("phone.redirect"), ready: () => patient !== undefined && patient.phase === PHASE.open,
        send: () => { if (patient) override(patient, "", REASON.hospitalRefused); return true; },
    });
}

/* The first one of the bar that its buttons and digits are about: the chosen one, else the most urgent. */
const barAlert = (): Alert | undefined => {
    const all = unansweredAlerts(state.value);
    return all.find((a) => a.id === chosenAlert.value) ?? all[0];
};
const BAR: readonly ((alert: Alert) => void)[] = [
    telephone,
    (alert) => { const patient = state.value.patients.get(alert.encounter); if (patient) override(patient); },
    showAlertsPatient,
];
const BAR_WORDS: readonly Word[] = ["bar.phone", "bar.redirect", "bar.view"];

function UnansweredBar() {
    const all = unansweredAlerts(state.value), alert = barAlert();
    if (!alert) return null;
    const patient = state.value.patients.get(alert.encounter);
    return (
        <div class="unanswered-bar" role="group" aria-labelledby="bar-title" data-testid="unanswered-bar" data-alert={alert.id}
            onFocusIn={() => { barHasFocus.value = true; }} onFocusOut={() => { barHasFocus.value = false; }}>
            <p id="bar-title">
                <AlarmMark alert={alert} /> <strong>{t("bar.title", { n: all.length })}</strong> <span class="callsign">{patient?.callsign || t("patients.unnamed")}</span>
                {" "}{patient && headline(patient)} → <strong>{facilityName(alert.facility)}</strong>
                <span class="number"> {isUnanswered(alert) ? shownSpan(now.value - alert.raisedMs) : stateName(alert)}</span>
                {alert.technical && <strong class="technical-line"> !! {t("ladder.technical")}</strong>}
            </p>
            <div class="buttons">{BAR_WORDS.map((word, i) => (
                <button key={word} type="button" data-bar={i + 1} onClick={() => BAR[i]?.(alert)}><kbd>{i + 1}</kbd> {t(word)}</button>))}</div>
        </div>
    );
}

/* --- the board -------------------------------------------------------------------------------------------- */

export function DispatcherBoard() {
    return (
        <main class="board dispatcher">
            <div class="lists dispatch-lists">
                <UnansweredBar />
                <Proposals />
                <Plans />
                <PatientTable />
                <Region open={showAlertsPatient} />
            </div>
            <Detail patient={state.value.patients.get(chosenPatient.value ?? "")} />
            <ReasonDialog />
        </main>
    );
}

/* --- keys ------------------------------------------------------------------------------------------------- */

const BUTTONS = "button, a, summary, input, select, textarea, [role=button]";

/** A key of the dispatcher's board. @return false: it is not one of them now, and means what it means to the browser. */
export function dispatchKey(key: string, target: EventTarget | null): boolean {
    if (state.value.me?.role !== ROLE.dispatcher || asking.value) return false;
    const patient = state.value.patients.get(chosenPatient.value ?? "");
    if (key === "M") { toggleMap(); return true; }
    if (key === "O" && patient) { override(patient, ""); return true; }
    if (key === "ENTER" && patient && !(target instanceof Element && target.closest(BUTTONS))) { dispatch(patient, 1); return true; }
    if (!/^[1-9]$/.test(key)) return false;
    const alert = barAlert(), means = digitMeans(barHasFocus.value, alert !== undefined, patient !== undefined);
    if (means === "bar" && alert) BAR[Number(key) - 1]?.(alert);
    if (means === "recommendation" && patient) dispatch(patient, Number(key));
    return means !== "nothing";
}
