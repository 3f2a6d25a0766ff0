/* SPDX-License-Identifier: Apache-2.0 */
/* ECG and CTG on true paper: over the whole screen, or inside another screen. Speed, gain, calipers, print, and what was measured. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { pseudonymOf, visibleConsults } from "./consults";
import { health, lostForMs, now, state } from "./link";
import { frozenFor, passedOn } from "./open-consult";
import type { PaperKind, PaperProps } from "./open-paper";
import { shownDate } from "./paper-print";
import { ctgSources, ecgSources, type Source } from "./paper-sources";
import { Strip, Tool } from "./paper-strip";
import { isUnanswered } from "./state";
import { addWords, shownSpan, shownTime, t, type Word } from "./strings";
import { ROLE, type Patient, type Waveform } from "./wire";
import { PAPER_WORDS } from "./words/paper";

addWords(PAPER_WORDS);

/** Names whoever looks, and when, all over what they see. Drawn: it is no text that could be marked or read aloud. */
export function Watermark({ words }: { words: string }) {
    const canvas = useRef<HTMLCanvasElement>(null);
    useLayoutEffect(() => {
        const own = canvas.current, pen = own?.getContext("2d");
        if (!own || !pen) return undefined;
        const paint = () => {
            Object.assign(own, { width: own.clientWidth, height: own.clientHeight });
            pen.font = "600 20px sans-serif";
            pen.fillStyle = "rgba(80, 90, 110, 0.16)";
            pen.rotate(-0.32);
            for (let y = 40; y < own.height + own.width; y += 130)
                for (let x = -own.height; x < own.width; x += 420) pen.fillText(words, x + (y % 260 ? 210 : 0), y);
        };
        const resize = new ResizeObserver(paint);
        resize.observe(own);
        paint();
        return () => resize.disconnect();
    }, [words]);
    return <canvas ref={canvas} class="watermark" aria-hidden="true" data-words={words} />;
}
/** Person, date and minute, as the watermark has them. */
export const watermarkWords = (): string => `${state.value.me?.person ?? ""} ${shownDate(now.value)} ${shownTime(now.value).slice(0, 5)}`;

/* --- the view --------------------------------------------------------------------------------------------- */

interface ViewProps {
    patient: Patient; kind: PaperKind;
    frozen?: readonly Waveform[] | undefined; /* the recording that is asked about: shown first */
    canPrint: boolean;
    children?: ComponentChildren; /* over the trace */
}

function Sources({ of, shown, choose }: { of: readonly Source[]; shown: Source; choose: (key: string) => void }) {
    const words = (s: Source): string => {
        const values = { n: s.number, time: shownTime(s.segments[0]?.ms ?? 0) };
        return s.live ? t("paper.live") : t(s.frozen ? "paper.frozen" : "paper.recording", values);
    };
    return (
        <span class="choice" role="group" aria-label={t("paper.which")}>
            {of.map((s) => <Tool key={s.key} word={words(s)} pressed={s.key === shown.key} on={() => choose(s.key)} />)}
        </span>
    );
}

/** A trace with its tools and what was measured of it. */
export function TraceView({ patient, kind, frozen, canPrint, children }: ViewProps) {
    const waves = state.value.waves.get(patient.id), sources = kind === "ecg" ? ecgSources(waves, frozen) : ctgSources(waves);
    const chosen = useSignal<string | undefined>(undefined), shown = sources.find((s) => s.key === chosen.value) ?? sources[0];
    if (!shown) return <p class="quiet hint">{t("paper.none")}</p>;
    return (
        <Strip key={shown.live ? "live" : shown.key} patient={patient} kind={kind} shown={shown} canPrint={canPrint}
            sources={kind === "ecg" && <Sources of={sources} shown={shown} choose={(key) => { chosen.value = key; }} />}>
            {children}
        </Strip>
    );
}

/* --- over the whole screen -------------------------------------------------------------------------------- */

/* What must not be hidden by a full screen: that this is an exercise, that the link is late or lost, that somebody waits. */
function Warnings() {
    const waiting = [...state.value.alerts.values()].filter(isUnanswered).length;
    void now.value;
    return (
        <>
            {state.value.me?.simulation && <span class="bar simulation">{t("paper.simulation")}</span>}
            {health.value !== "live" && <strong class="bar technical">{t(`link.${health.value}` as Word)} {health.value === "lost" && shownSpan(lostForMs())}</strong>}
            {waiting > 0 && <strong class="unanswered">{t("alarm.unanswered", { n: waiting })}</strong>}
        </>
    );
}

/* A consultant may look while the question is theirs; everybody else at whomever the server tells them of. */
function mayLook(id: string): boolean {
    if (state.value.me?.role !== ROLE.consultant) return true;
    return visibleConsults(state.value, passedOn.value, now.value).some((c) => c.encounter === id);
}

export function PaperDialog({ id, kind: first, close }: PaperProps) {
    const dialog = useRef<HTMLDialogElement>(null), kind = useSignal<PaperKind>(first);
    const patient = mayLook(id) ? state.value.patients.get(id) : undefined, consultant = state.value.me?.role === ROLE.consultant;
    useEffect(() => {
        dialog.current?.showModal();
        dialog.current?.querySelector<HTMLElement>(".trace-stage")?.focus();
    }, []);
    useEffect(() => { if (!patient) close(); }, [patient === undefined]);
    if (!patient) return null;
    return (
        <dialog ref={dialog} class={`paper-dialog ${consultant ? "no-print" : ""}`} aria-labelledby="paper-title" onClose={close} onContextMenu={(event) => { if (consultant) event.preventDefault(); }}>
            <header>
                <h2 id="paper-title">{patient.callsign} {pseudonymOf(patient)}</h2>
                {(["ecg", "ctg"] as const).map((k) => <Tool key={k} word={t(`paper.title.${k}`)} pressed={kind.value === k} on={() => { kind.value = k; }} />)}
                <Warnings />
                <button type="button" class="close" onClick={close}>{t("help.close")} <kbd>Esc</kbd></button>
            </header>
            <TraceView key={kind.value} patient={patient} kind={kind.value} canPrint={!consultant} frozen={frozenFor.value?.id === id ? frozenFor.value.segments : undefined}>
                {consultant && <Watermark words={watermarkWords()} />}
            </TraceView>
        </dialog>
    );
}
