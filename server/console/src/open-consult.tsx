/* SPDX-License-Identifier: Apache-2.0 */
/* The door to the consultant's screen: which question is open, which ring, and the part of the page that shows them. */
import { batch, effect, signal, untracked } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { ACTION } from "./codes";
import { ringingConsults, type Ring } from "./consults";
import { serverNow, state } from "./link";
import { withoutPatient } from "./state";
import { t } from "./strings";
import type { Waveform } from "./wire";

/** Number of the question whose patient is shown. */
export const openedConsult = signal<number | undefined>(undefined);
/** Numbers of questions that this person passed on, as the server has confirmed: nothing of them is shown any more. */
export const passedOn = signal<ReadonlySet<number>>(new Set());
/** The recording that the opened question is about. */
export const frozenFor = signal<{ id: string; segments: readonly Waveform[] } | undefined>(undefined);

effect(() => {
    const done = [...state.value.acting.values()].filter((a) => a.what === ACTION.passConsult && a.phase === "durable" && a.number !== undefined);
    const fresh = done.map((a) => a.number as number).filter((n) => !passedOn.peek().has(n));
    if (fresh.length > 0) untracked(() => batch(() => forget(fresh)));
});

/* What was passed on is not this person's any more, and the server says nothing further of it. */
function forget(numbers: readonly number[]): void {
    passedOn.value = new Set([...passedOn.value, ...numbers]);
    for (const number of numbers) {
        const consult = state.value.consults.get(number);
        if (consult) state.value = withoutPatient(state.value, consult.encounter);
    }
}

/** Questions that must be heard now. */
export const ringing = (): Ring[] => ringingConsults(state.value, passedOn.value, openedConsult.value, serverNow());

const screen = signal<ComponentType | undefined>(undefined), failed = signal(false);
function load(): void {
    failed.value = false;
    if (!screen.value) import("./consult").then((part) => { screen.value = part.ConsultScreen; }, () => { failed.value = true; });
}

/** The consultant's screen once it is loaded. */
export function ConsultBoard() {
    useEffect(load, []);
    const Screen = screen.value;
    if (Screen) return <Screen />;
    return (
        <main class="board"><p class="quiet hint">
            {t(failed.value ? "part.failed" : "link.loading")} {failed.value && <button type="button" onClick={load}>{t("part.again")}</button>}
        </p></main>
    );
}
