/* SPDX-License-Identifier: Apache-2.0 */
/* The door to the full-screen paper: what draws it is a part of the page of its own, loaded when first opened. */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { state } from "./link";
import { t } from "./strings";
import { isText, keyName } from "./typing";
import type { Patient } from "./wire";

export type PaperKind = "ecg" | "ctg";
export interface PaperProps { id: string; kind: PaperKind; close: () => void }

const opened = signal<{ id: string; kind: PaperKind } | undefined>(undefined);
const dialog = signal<ComponentType<PaperProps> | undefined>(undefined);
const failed = signal(false);

/** Opens the paper of a patient over the whole screen. */
export function openPaper(patient: Patient, kind: PaperKind): void {
    opened.value = { id: patient.id, kind };
    failed.value = false;
    if (!dialog.value) import("./paper").then((part) => { dialog.value = part.PaperDialog; }, () => { failed.value = true; });
}
const close = (): void => { opened.value = undefined; };

/* The patient whose detail is on the screen: of a pregnancy its CTG, else its ECG, whichever there is. */
function openShown(): void {
    const id = document.querySelector<HTMLElement>("#patient[data-encounter]")?.dataset["encounter"] ?? "";
    const patient = state.value.patients.get(id), waves = state.value.waves.get(id);
    if (patient) openPaper(patient, waves && waves.ctg.length > 0 && (patient.complaint === 2 || waves.snapshot.length + waves.ecg.length === 0) ? "ctg" : "ecg");
}
function onKey(event: KeyboardEvent): void {
    if (isText(event) || keyName(event) !== "E" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    openShown();
}

/** Stands once in the page; shows nothing until something is opened. Key E opens the patient that is shown. */
export function PaperHost() {
    useEffect(() => {
        document.addEventListener("keydown", onKey);
        return () => { document.removeEventListener("keydown", onKey); close(); };
    }, []);
    const open = opened.value, Dialog = dialog.value;
    if (!open) return null;
    if (failed.value) return <p class="notice paper-failed" role="alert">{t("part.failed")} <button type="button" onClick={close}>{t("help.close")}</button></p>;
    return Dialog ? <Dialog key={open.id} {...open} close={close} /> : null;
}
