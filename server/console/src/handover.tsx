/* SPDX-License-Identifier: Apache-2.0 */
/* The handover: the sheet, the two signatures, and afterwards what the hospital found. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ActLines, ask, isUnderWay } from "./act-dialog";
import { ACTION, DIAGNOSIS, PHASE, SIDE, TRIAGE } from "./codes";
import { act, health, state } from "./link";
import { printHandover } from "./print";
import { Sheet } from "./sheet";
import { numbered, shownTime, t } from "./strings";
import type { Acting } from "./state";
import type { Patient } from "./wire";

export const handoverOf = signal<string | undefined>(undefined); /* whose sheet is open */
const isOf = (patient: Patient) => (a: Acting): boolean => a.encounter === patient.id && (a.what === ACTION.signHandover || a.what === ACTION.outcome);

export const mayReceive = (patient: Patient): boolean => !patient.handover?.received && (patient.phase === PHASE.arrived || patient.phase === PHASE.handedOver);
/** Not before arrival; the last word counts. */
export const mayJudge = (patient: Patient): boolean => patient.phase !== PHASE.open && patient.phase !== PHASE.merged;

/* --- what the hospital found ------------------------------------------------------------------------------ */

const diagnosis = signal(0), triage = signal(0);

function Choice({ name, legend, of, value }: { name: "diagnosis" | "triage"; legend: string; of: readonly number[]; value: { value: number } }) {
    return (
        <fieldset class="reasons">
            <legend>{legend}</legend>
            {of.map((n) => (
                <label key={n}>
                    <input type="radio" name={name} value={n} checked={value.value === n} onChange={() => { value.value = n; }} />
                    <span>{numbered(name, n)}</span>
                </label>
            ))}
        </fieldset>
    );
}

export function askOutcome(patient: Patient): void {
    diagnosis.value = patient.handover?.diagnosis ?? 0;
    triage.value = patient.handover?.triage ?? 0;
    ask({
        title: t("ward.outcomeTitle", { who: patient.callsign || t("patients.unnamed") }), lines: [t("ward.outcomeWhat")],
        form: () => (
            <>
                <Choice name="diagnosis" legend={t("ward.diagnosis")} of={Object.values(DIAGNOSIS)} value={diagnosis} />
                <Choice name="triage" legend={t("ward.triage")} of={Object.values(TRIAGE)} value={triage} />
            </>
        ),
        ready: () => diagnosis.value > 0 && triage.value > 0,
        send: () => act({ what: ACTION.outcome, encounter: patient.id, code: diagnosis.value, value: triage.value }),
    });
}

/* --- signatures ------------------------------------------------------------------------------------------- */

/** Who gave and who received, what is still missing, and whether it was asked for. */
export function Signatures({ patient }: { patient: Patient }) {
    const { given, received, reminded } = patient.handover ?? {};
    if (!mayReceive(patient) && !given && !received) return null;
    return (
        <div class="signatures" data-testid="signatures">
            <p>{t("ward.gives")}: {given ? <strong>{given.person} {shownTime(given.ms)}</strong> : <em>{t("ward.crewSigns")}</em>}</p>
            <p>{t("ward.receives")}: {received ? <strong>{received.person} {shownTime(received.ms)}</strong> : <em>{t("ward.unsigned")}</em>}</p>
            {reminded && !(given && received) && <p class="escalated" data-testid="handover-reminded">** {t("ward.signReminded")}</p>}
        </div>
    );
}

export function SignButton({ patient }: { patient: Patient }) {
    if (!mayReceive(patient)) return null;
    return (
        <button type="button" class="accept" data-testid="sign" disabled={health.value === "lost" || isUnderWay(isOf(patient))}
            onClick={() => act({ what: ACTION.signHandover, encounter: patient.id, value: SIDE.receives })}>
            {t("ward.sign", { who: state.value.me?.person ?? "" })}
        </button>
    );
}

export const HandoverLines = ({ patient }: { patient: Patient }) => <ActLines of={isOf(patient)} label="ward.handover" />;

/** Stands once on the board. */
export function HandoverDialog() {
    const dialog = useRef<HTMLDialogElement>(null), patient = state.value.patients.get(handoverOf.value ?? "");
    useEffect(() => {
        if (patient && !dialog.current?.open) dialog.current?.showModal();
        if (!patient) dialog.current?.close();
    }, [patient?.id]);
    return (
        <dialog ref={dialog} class="handover-dialog" aria-labelledby="handover-title" onClose={() => { handoverOf.value = undefined; }}>
            {patient && (
                <>
                    <header>
                        <h2 id="handover-title">{t("ward.handover")} <span class="callsign">{patient.callsign || t("patients.unnamed")}</span></h2>
                        <button type="button" onClick={() => printHandover(patient)}>{t("ward.print")} <kbd>P</kbd></button>
                        <button type="button" onClick={() => { handoverOf.value = undefined; }}>{t("help.close")}</button>
                    </header>
                    <Signatures patient={patient} />
                    <div class="answers">
                        <SignButton patient={patient} />
                        {mayJudge(patient) && <button type="button" data-testid="outcome" disabled={health.value === "lost"} onClick={() => askOutcome(patient)}>{t("ward.outcome")}</button>}
                    </div>
                    <HandoverLines patient={patient} />
                    <div class="scroll" tabIndex={0} role="region" aria-label={t("ward.sheet")}><Sheet patient={patient} printed={false} /></div>
                </>
            )}
        </dialog>
    );
}
