/* SPDX-License-Identifier: Apache-2.0 */
/* The consultant's screen: what is asked, the patient without a name, the trace over the whole width, the opinion. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ACTION, CONSULT } from "./codes";
import { Findings, Readings } from "./consult-case";
import { Opinion, Outcome, dropDrafts, isPending } from "./consult-opinion";
import { pseudonymOf, visibleConsults } from "./consults";
import { act, health, now, state } from "./link";
import { frozenFor, openedConsult, passedOn } from "./open-consult";
import { TraceView, Watermark, watermarkWords } from "./paper";
import type { PaperKind } from "./open-paper";
import { frozenOf } from "./paper-sources";
import { RiskBadge } from "./patient";
import { addWords, shownSpan, shownTime, t, type Word } from "./strings";
import { TrendView } from "./trend-panel";
import { isText, keyName } from "./typing";
import type { Consult, Patient, Waveform } from "./wire";
import { CONSULT_WORDS } from "./words/consult";

addWords(CONSULT_WORDS);

const SOON_MS = 30000;
const passing = signal<number | undefined>(undefined), gone = signal(false), kind = signal<PaperKind | undefined>(undefined);

const shown = (): Consult[] => visibleConsults(state.value, passedOn.value, now.value);
const canTake = (of: Consult): boolean => (of.state === CONSULT.asked || of.state === CONSULT.phone) && health.value !== "lost" && !isPending(of);
const canPass = (of: Consult): boolean => (of.state === CONSULT.asked || of.state === CONSULT.taken) && health.value !== "lost" && !isPending(of);

function look(of: Consult): void {
    gone.value = false;
    if (openedConsult.value !== of.number) kind.value = undefined;
    openedConsult.value = of.number;
}
function take(of: Consult): void {
    if (!canTake(of)) return;
    look(of);
    act({ what: ACTION.takeConsult, number: of.number });
}

/* Of a crew the server does not say who: its name is a callsign. */
const asked = (of: Consult): string => t(of.askedBy ? "advice.askedBy" : "advice.asked", { who: of.askedBy, time: shownTime(of.askedMs) });

/* --- requests --------------------------------------------------------------------------------------------- */

/* To be taken within the round; an opinion within what was promised. */
function Countdown({ of }: { of: Consult }) {
    if (of.state === CONSULT.answered) return <span class="quiet">–</span>;
    const waits = of.state === CONSULT.asked, left = (waits ? of.dueMs : of.promisedMs) - now.value;
    if (!waits && (of.late || left <= 0)) return <span class="countdown overdue">{t("advice.late")} {shownSpan(-left)}</span>;
    return (
        <span class={`countdown ${left < SOON_MS ? "soon" : ""}`} data-testid="consult-left">
            {shownSpan(Math.max(0, left + 999))} <small>{t(waits ? "advice.waiting" : "advice.promised")}</small>
        </span>
    );
}

function Request({ of }: { of: Consult }) {
    const patient = state.value.patients.get(of.encounter), chosen = openedConsult.value === of.number;
    const waits = of.state === CONSULT.asked || of.state === CONSULT.phone;
    return (
        <tr class={chosen ? "chosen" : ""} data-consult={of.number} data-state={of.state}>
            <td>{t(`advice.state.${of.state}` as Word)}{of.state === CONSULT.asked && <small class="quiet"> {t("advice.round", { n: of.tries })}</small>}</td>
            <td><Countdown of={of} /></td>
            <td>{patient ? <><RiskBadge patient={patient} />{pseudonymOf(patient)}</> : "–"}</td>
            <td class="asks">{of.question}</td>
            <td class="quiet">{asked(of)}</td>
            <td><div class="answers">
                <button type="button" aria-pressed={chosen} data-row onClick={() => look(of)}>{t("advice.look")}</button>
                {waits && <button type="button" class="accept" disabled={!canTake(of)} onClick={() => take(of)}>{t("advice.take")} <kbd>A</kbd></button>}
                {(of.state === CONSULT.asked || of.state === CONSULT.taken) &&
                    <button type="button" class="decline" disabled={!canPass(of)} onClick={() => { passing.value = of.number; }}>{t("advice.pass")} <kbd>N</kbd></button>}
                {!chosen && <Outcome of={of} />}
            </div></td>
        </tr>
    );
}

function Requests({ of }: { of: readonly Consult[] }) {
    const waiting = of.filter((c) => c.state === CONSULT.asked).length;
    return (
        <section class="panel requests" aria-labelledby="requests-title">
            <h2 id="requests-title">{t("advice.requests")} ({of.length})</h2>
            <div class="unseen" role="status">{waiting > 0 ? `${t("advice.new")} ${waiting}` : ""}</div>
            {of.length === 0 ? <p class="quiet">{t("advice.none")}</p> : (
                <div class="scroll" tabIndex={0} role="region" aria-labelledby="requests-title">
                    <table>
                        <thead><tr>{(["alerts.state", "patients.countdown", "advice.patient", "advice.question"] as const).map((w) => <th key={w} scope="col">{t(w)}</th>)}
                            <td /><td /></tr></thead>
                        <tbody>{of.map((c) => <Request key={c.number} of={c} />)}</tbody>
                    </table>
                </div>
            )}
            <p class="quiet">{t("advice.help")}</p>
        </section>
    );
}

function PassDialog({ of }: { of: Consult }) {
    const dialog = useRef<HTMLDialogElement>(null), close = () => { passing.value = undefined; };
    useEffect(() => { dialog.current?.showModal(); }, []);
    return (
        <dialog ref={dialog} aria-labelledby="pass-title" onClose={close}>
            <h2 id="pass-title">{t("advice.passTitle")}</h2>
            <blockquote>{of.question}</blockquote>
            <p>{t("advice.passWhat")}</p>
            <p class="tools">
                <button type="button" class="primary" disabled={health.value === "lost"} onClick={() => { act({ what: ACTION.passConsult, number: of.number }); close(); }}>{t("advice.passConfirm")}</button>
                <button type="button" onClick={close}>{t("answer.cancel")}</button>
            </p>
        </dialog>
    );
}

/* --- the patient ------------------------------------------------------------------------------------------ */

/* What was asked about stays on the screen whatever is recorded after it; it goes with the question. */
function useFrozen(of: Consult): readonly Waveform[] | undefined {
    const kept = useRef<readonly Waveform[] | undefined>(undefined);
    if (of.snapshot) kept.current = frozenOf(state.value.waves.get(of.encounter), of.snapshot, kept.current);
    const segments = kept.current;
    useEffect(() => { frozenFor.value = segments ? { id: of.encounter, segments } : undefined; }, [segments]);
    useEffect(() => () => { frozenFor.value = undefined; }, []);
    return segments;
}

function Traces({ of, patient }: { of: Consult; patient: Patient }) {
    const frozen = useFrozen(of), waves = state.value.waves.get(patient.id);
    const has = { ecg: frozen !== undefined || (waves?.snapshot.length ?? 0) + (waves?.ecg.length ?? 0) > 0, ctg: (waves?.ctg.length ?? 0) > 0 };
    const first: PaperKind = has.ctg && (patient.complaint === 2 || !has.ecg) ? "ctg" : "ecg", now_ = kind.value && has[kind.value] ? kind.value : first;
    return (
        <section class="panel traces" aria-labelledby="traces-title">
            <h3 id="traces-title">{t("advice.trace")} {has.ecg && has.ctg && (["ecg", "ctg"] as const).map((k) =>
                <button key={k} type="button" aria-pressed={now_ === k} onClick={() => { kind.value = k; }}>{t(`paper.title.${k}`)}</button>)}</h3>
            {now_ === "ecg" && of.snapshot !== undefined && !frozen && <p class="problem">{t("advice.frozenAbsent", { n: of.snapshot })}</p>}
            <TraceView key={now_} patient={patient} kind={now_} frozen={frozen} canPrint={false} />
        </section>
    );
}

function Case({ of, patient }: { of: Consult; patient: Patient }) {
    return (
        <article class="consult-patient" id="patient" tabIndex={-1} data-encounter={patient.id} onContextMenu={(event) => event.preventDefault()}>
            <header class="panel">
                <h2><RiskBadge patient={patient} /> {pseudonymOf(patient)}</h2>
                <p class="question"><strong>{t("advice.question")}:</strong> {of.question}</p>
                <p class="quiet">{asked(of)} · {t(`phase.${patient.phase}` as Word)} · {t("advice.secret")}</p>
            </header>
            <Traces of={of} patient={patient} />
            <div class="consult-columns">
                <Opinion of={of} />
                <Findings patient={patient} />
                <Readings patient={patient} />
                <section class="panel trend"><h3>{t("trend.title")}</h3><TrendView patient={patient} /></section>
            </div>
            <Watermark words={watermarkWords()} />
        </article>
    );
}

function useConsultKeys(): void {
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            const name = keyName(event), list = shown(), opened = list.find((c) => c.number === openedConsult.value);
            if ((name !== "A" && name !== "N") || isText(event) || event.repeat || document.querySelector("dialog[open]")) return;
            event.preventDefault();
            const focused = list.find((c) => String(c.number) === document.activeElement?.closest<HTMLElement>("[data-consult]")?.dataset["consult"]);
            const of = focused ?? opened ?? (list.filter(canTake).length === 1 ? list.find(canTake) : undefined);
            if (of && name === "A") take(of);
            if (of && name === "N" && canPass(of)) passing.value = of.number;
        };
        document.addEventListener("keydown", onKey);
        return () => document.removeEventListener("keydown", onKey);
    }, []);
}

export function ConsultScreen() {
    useConsultKeys();
    const list = shown(), opened = list.find((c) => c.number === openedConsult.value), patient = state.value.patients.get(opened?.encounter ?? "");
    const toPass = list.find((c) => c.number === passing.value), numbers = list.map((c) => c.number).join();
    useEffect(() => {
        dropDrafts(new Set(list.map((c) => c.number)));
        if (openedConsult.value === undefined || opened) return;
        openedConsult.value = undefined;
        gone.value = true;
    }, [numbers, openedConsult.value]);
    useEffect(() => () => { openedConsult.value = undefined; gone.value = false; dropDrafts(new Set()); }, []);
    return (
        <main class="board consult">
            <Requests of={list} />
            {gone.value && <p class="panel" role="status" data-testid="gone">{t("advice.gone")}</p>}
            {opened && patient ? <Case key={opened.number} of={opened} patient={patient} />
                : list.length > 0 && <p class="quiet hint">{t("advice.select")}</p>}
            {toPass && <PassDialog key={toPass.number} of={toPass} />}
            <p class="no-print-words">{t("advice.noPrint")}</p>
        </main>
    );
}
