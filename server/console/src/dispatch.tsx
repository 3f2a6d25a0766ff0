/* SPDX-License-Identifier: Apache-2.0 */
/* A dispatcher's board: all alerts and patients. */
import { signal } from "@preact/signals";
import { AlertTable, AlarmMark, Countdown, PriorityMark, chosenAlert, facilityName, openAlert, stateName } from "./alert";
import { now, state } from "./link";
import { Detail, RiskBadge, headline } from "./patient";
import { alertsByUrgency, destinationOf, isUnanswered, newestAlert, patientsByPriority } from "./state";
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

/** The next unanswered alert after the chosen one, opened as this role opens it. */
export function goToUnanswered(receiving: boolean): void {
    const waiting = alertsByUrgency(state.value).filter((a) => isUnanswered(a) && (!receiving || a.facility === state.value.me?.facility));
    const at = waiting.findIndex((a) => a.id === chosenAlert.value), next = waiting[(at + 1) % Math.max(1, waiting.length)];
    if (!next) return;
    if (receiving) openAlert(next);
    else showAlertsPatient(next);
}
