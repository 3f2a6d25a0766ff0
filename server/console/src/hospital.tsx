/* SPDX-License-Identifier: Apache-2.0 */
/* A receiving team's board: what is coming to its hospital. */
import { AlertCard, DeclineDialog, EndedAlerts, chosenAlert } from "./alert";
import { state } from "./link";
import { Detail, headline, summaryOf } from "./patient";
import { alertsByUrgency, isEnded } from "./state";
import { t } from "./strings";
import type { Alert } from "./wire";

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
