/* SPDX-License-Identifier: Apache-2.0 */
/* The door to the dispatcher's board: what is chosen on it, its keys, and the part of the page that shows it. */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { chosenAlert, openAlert } from "./alert";
import { openPatient } from "./choice";
import { state } from "./link";
import { alertsByUrgency, isUnanswered } from "./state";
import { t } from "./strings";
import type { Alert } from "./wire";

export { chosenPatient } from "./choice";

interface Part { Board: ComponentType; dispatchKey: (key: string, target: EventTarget | null) => boolean }
const part = signal<Part | undefined>(undefined), failed = signal(false);
function load(): void {
    failed.value = false;
    if (!part.value) import("./dispatch").then(({ DispatcherBoard: Board, dispatchKey }) => { part.value = { Board, dispatchKey }; }, () => { failed.value = true; });
}

/** The board once it is loaded. */
export function DispatcherBoard() {
    useEffect(load, []);
    const Board = part.value?.Board;
    if (Board) return <Board />;
    return (
        <main class="board"><p class="quiet hint">
            {t(failed.value ? "part.failed" : "link.loading")} {failed.value && <button type="button" onClick={load}>{t("part.again")}</button>}
        </p></main>
    );
}

/** @return whether it was a key of the board's. */
export const dispatchKey = (key: string, target: EventTarget | null): boolean => part.value?.dispatchKey(key, target) ?? false;

export function showAlertsPatient(alert: Alert): void {
    chosenAlert.value = alert.id;
    openPatient(alert.encounter);
}

/** The next unanswered alert after the chosen one, opened as this role opens it; a dispatcher's focus goes to the bar about it. */
export function goToUnanswered(receiving: boolean): void {
    const waiting = alertsByUrgency(state.value).filter((a) => isUnanswered(a) && (!receiving || a.facility === state.value.me?.facility));
    const at = waiting.findIndex((a) => a.id === chosenAlert.value), next = waiting[(at + 1) % Math.max(1, waiting.length)];
    if (!next) return;
    if (receiving) return openAlert(next);
    showAlertsPatient(next);
    document.querySelector<HTMLElement>("[data-testid=unanswered-bar] button")?.focus();
}
