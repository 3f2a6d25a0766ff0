/* SPDX-License-Identifier: Apache-2.0 */
/* The two boards: a dispatcher's (all patients) and a receiving team's (what is coming to its hospital). */
import { signal } from "@preact/signals";
import { AlertCard, AlertTable, AlarmMark, Countdown, DeclineDialog, EndedAlerts, PriorityMark, chosenAlert, facilityName,
    openAlert, stateName } from "./alert";
import { now, state } from "./link";
import { PatientDetail, RiskBadge, headline, summaryOf } from "./patient";
import { alertsByUrgency, destinationOf, isEnded, isUnanswered, newestAlert, patientsByPriority } from "./state";
import { shownAge, t, type Word } from "./strings";
import type { Alert, Patient } from "./wire";

export const chosenPatient = signal<string | undefined>(undefined);

const FEED_OLD_MS = 30000;

/* Who takes the patient; a hospital that is only being asked never looks like one that accepted. */
function Destination({ alert }: { alert: Alert | undefined }) {
    if (!alert) return <span class="quiet">{t("patients.noDestination")}</span>;
    const hospital = facilityName(alert.facility);
    return isUnanswered(alert) ? <span class="quiet asking">{t("patients.asking", { hospital })}</span> : <strong>{hospital}</strong>;
}

function PatientRow({ patient }: { patient: Patient }) {
    const destination = destinationOf(state.value, patient), alert = destination ?? newestAlert(state.value, patient);
    const chosen = chosenPatient.value === patient.id, silentMs = now.value - patient.lastMs;
    return (
        <tr class={chosen ? "chosen" : ""} data-encounter={patient.id}>
            <td><PriorityMark priority={patient.priority} /></td>
            <td>
                <RiskBadge patient={patient} />
                <button type="button" class="link callsign" aria-pressed={chosen} data-row
                    onClick={() => { chosenPatient.value = patient.id; }}>{patient.callsign || t("patients.unnamed")}</button>
            </td>
            <td>{t(`complaint.${patient.complaint}` as Word)}</td>
            <td>{headline(patient) || "–"}</td>
            <td class="destination">{patient.call ? <strong class="escalated">{t("patients.call")}</strong> : <Destination alert={destination} />}</td>
            <td>{alert && isUnanswered(alert) && <AlarmMark alert={alert} />} {alert ? stateName(alert) : "–"} {alert?.person}</td>
            <td class="number">{alert ? <Countdown alert={alert} /> : "–"}</td>
            <td class={`number ${silentMs > FEED_OLD_MS && patient.phase !== 3 ? "doubtful" : ""}`}>{shownAge(silentMs)}</td>
        </tr>
    );
}

const COLUMNS: readonly Word[] = ["patients.priority", "patients.unit", "patients.complaint", "patients.condition",
    "patients.destination", "patients.alert", "patients.countdown", "patients.last"];
const ROWS_MAX = 200; /* mounted at once; more than this is a list nobody reads, and the most urgent come first */

function PatientTable() {
    const patients = patientsByPriority(state.value);
    return (
        <section aria-labelledby="patients-title">
            <h2 id="patients-title">{t("patients.title")} ({patients.length})</h2>
            {patients.length === 0 ? <p class="quiet">{t("patients.none")}</p> : (
                <div class="scroll" tabIndex={0} role="region" aria-labelledby="patients-title">
                    <table id="patients">
                        <thead><tr>{COLUMNS.map((word) => <th key={word} scope="col">{t(word)}</th>)}</tr></thead>
                        <tbody>{patients.slice(0, ROWS_MAX).map((p) => <PatientRow key={p.id} patient={p} />)}</tbody>
                    </table>
                    {patients.length > ROWS_MAX && <p class="escalated">{t("patients.more")}: {patients.length - ROWS_MAX}</p>}
                </div>
            )}
        </section>
    );
}

function Detail({ patient }: { patient: Patient | undefined }) {
    return (
        <div class="detail" id="detail">
            {patient ? <PatientDetail key={patient.id} patient={patient} /> : <p class="quiet hint">{t("patients.select")}</p>}
        </div>
    );
}

function showAlertsPatient(alert: Alert): void {
    chosenAlert.value = alert.id;
    chosenPatient.value = alert.encounter;
}

export function DispatcherBoard() {
    return (
        <main class="board dispatcher">
            <div class="lists">
                <AlertTable open={showAlertsPatient} />
                <PatientTable />
            </div>
            <Detail patient={state.value.patients.get(chosenPatient.value ?? "")} />
        </main>
    );
}

export function ReceivingBoard() {
    const own = alertsByUrgency(state.value).filter((a) => a.facility === state.value.me?.facility);
    const active = own.filter((a) => !isEnded(a)), chosen = state.value.alerts.get(chosenAlert.value ?? 0);
    const words = (alert: Alert): string => {
        const patient = state.value.patients.get(alert.encounter);
        return patient ? [patient.callsign, headline(patient), summaryOf(patient)].filter(Boolean).join("  ") : "";
    };
    return (
        <main class="board receiving">
            <section class="lists" aria-labelledby="alerts-title">
                <h2 id="alerts-title">{t("alerts.title")} ({active.length})</h2>
                {active.length === 0 && <p class="quiet">{t("alerts.none")}</p>}
                <ul class="cards">{active.map((a) => <AlertCard key={a.id} alert={a} summary={words(a)} />)}</ul>
                <EndedAlerts alerts={own.filter(isEnded)} />
            </section>
            <Detail patient={chosen && !isEnded(chosen) ? state.value.patients.get(chosen.encounter) : undefined} />
            <DeclineDialog />
        </main>
    );
}

/** The next unanswered alert after the chosen one, opened as this role opens it. */
export function goToUnanswered(receiving: boolean): void {
    const waiting = alertsByUrgency(state.value).filter((a) => isUnanswered(a) && (!receiving || a.facility === state.value.me?.facility));
    const at = waiting.findIndex((a) => a.id === chosenAlert.value), next = waiting[(at + 1) % Math.max(1, waiting.length)];
    if (!next) return;
    if (receiving) openAlert(next);
    else showAlertsPatient(next);
}
