/* SPDX-License-Identifier: Apache-2.0 */
/* The one dialog that asks a person why, and the lines that say what became of what they did. */
import { signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { REASON } from "./codes";
import { health, now, state } from "./link";
import { forgotten, waiting, type Acting } from "./state";
import { numbered, shownSpan, statusText, t, type Word } from "./strings";
import { REASON_TEXT_MIN, TEXT_BYTES_MAX, bytesOf, charactersOf } from "./writing";

/** What the dialog asks. Nothing is sent before the person confirms. */
export interface Ask {
    title: string;
    lines?: readonly string[];
    reasons?: readonly number[] | undefined; /* of REASON; none: no reason is asked for */
    optional?: boolean;                      /* a reason may be left out */
    first?: number;                          /* the reason that stands at first */
    other?: number;                          /* the reason that needs words; REASON.other where left out */
    stem?: string;                           /* of the reasons' words in the dictionary; "cause" where left out */
    form?: () => ComponentChildren;          /* what else it asks, with signals of the caller's */
    ready?: () => boolean;                   /* whether that is filled in */
    confirm?: string;
    danger?: boolean;                        /* says so by the button's look */
    /** Sends. @return its sequence number; 0 or false: not sent, and the dialog stays */
    send: (given: { reason?: number | undefined; text?: string | undefined }) => number | boolean;
}
export const asking = signal<Ask | undefined>(undefined);
export function ask(question: Ask): void { asking.value = question; }

/** Whether what was filled in is enough to be sent. */
export function enough(of: Pick<Ask, "reasons" | "optional" | "other">, reason: number, text: string): boolean {
    if (bytesOf(text.trim()) > TEXT_BYTES_MAX) return false;
    if (!of.reasons || of.reasons.length === 0) return true;
    if (reason === 0) return of.optional === true;
    return reason !== (of.other ?? REASON.other) || charactersOf(text) >= REASON_TEXT_MIN;
}

function Reasons({ of, reason, words }: { of: Ask; reason: { value: number }; words: { value: string } }) {
    const other = of.other ?? REASON.other, required = reason.value === other;
    return (
        <>
            <fieldset class="reasons">
                <legend>{t(of.optional ? "act.reasonOptional" : "act.reason")}</legend>
                {(of.reasons ?? []).map((n) => (
                    <label key={n}>
                        <input type="radio" name="reason" value={n} checked={reason.value === n} onChange={() => { reason.value = n; }} />
                        <span>{numbered(of.stem ?? "cause", n)}</span>
                    </label>
                ))}
            </fieldset>
            <label for="act-text">{t(required ? "act.textRequired" : "act.text", { n: REASON_TEXT_MIN })}</label>
            <textarea id="act-text" rows={2} maxLength={TEXT_BYTES_MAX} value={words.value} aria-required={required}
                onInput={(e) => { words.value = e.currentTarget.value; }} />
        </>
    );
}

function Body({ of }: { of: Ask }) {
    const reason = useSignal(of.first ?? 0), words = useSignal(""), unsent = useSignal(false);
    const lost = health.value === "lost", asks = (of.reasons?.length ?? 0) > 0;
    const may = !lost && enough(of, reason.value, words.value) && (of.ready?.() ?? true);
    const confirm = (event: Event) => {
        event.preventDefault();
        if (!may) return;
        const text = asks ? words.value.trim() : "";
        const sent = of.send({ reason: reason.value || undefined, text: text || undefined });
        if (!sent) unsent.value = true;
        else if (asking.value === of) asking.value = undefined;
    };
    return (
        <form onSubmit={confirm} class="act">
            <h2 id="act-title">{of.title}</h2>
            {(of.lines ?? []).map((line, i) => <p key={i}>{line}</p>)}
            {of.form?.()}
            {asks && <Reasons of={of} reason={reason} words={words} />}
            <p class="problem" role="status">{lost ? t("link.noCommands") : unsent.value ? t("act.unsent") : ""}</p>
            <div class="answers">
                <button type="submit" class={of.danger ? "decline" : "primary"} disabled={!may} data-testid="act-confirm">{of.confirm ?? t("act.confirm")}</button>
                <button type="button" onClick={() => { asking.value = undefined; }}>{t("answer.cancel")}</button>
            </div>
        </form>
    );
}

/** Stands once on a screen; opens whatever `ask` was called with. */
export function ReasonDialog() {
    const dialog = useRef<HTMLDialogElement>(null), of = asking.value;
    useEffect(() => {
        if (of && !dialog.current?.open) dialog.current?.showModal();
        if (!of) dialog.current?.close();
    }, [of]);
    useEffect(() => () => { asking.value = undefined; }, []);
    return (
        <dialog ref={dialog} aria-labelledby="act-title" class="act-dialog" onClose={() => { asking.value = undefined; }}>
            {of && <Body key={of.title} of={of} />}
        </dialog>
    );
}

/* --- what became of it ------------------------------------------------------------------------------------ */

const SHOWN_MS = 8000; /* what was recorded is read by then; what was not stays until somebody has read it */
const LINES_MAX = 4;

export const forget = (seq: number): void => { state.value = forgotten(state.value, seq); };

function wordsOf(of: Acting): string {
    const what = numbered("did", of.what);
    if (of.phase !== "waits") return t(`answer.${of.phase}`, { s: what, why: statusText(of.status ?? 0) });
    const proposal = waiting(state.value, now.value).find((p) => p.what === of.what && p.encounter === of.encounter && p.facility === (of.facility ?? ""));
    return proposal ? t("act.waits", { s: what, left: shownSpan(proposal.untilMs - now.value) }) : t("act.waited", { s: what });
}

function ActLine({ of }: { of: Acting }) {
    useEffect(() => {
        if (of.phase !== "durable") return undefined;
        const timer = window.setTimeout(() => forget(of.seq), SHOWN_MS);
        return () => clearTimeout(timer);
    }, [of.phase, of.seq]);
    return (
        <p class={`pending ${of.phase}`} data-act={of.what} data-phase={of.phase}>
            <span>{wordsOf(of)}</span>
            {of.phase !== "sent" && <button type="button" class="dismiss" aria-label={t("act.dismiss", { s: numbered("did", of.what) })} onClick={() => forget(of.seq)}>×</button>}
        </p>
    );
}

/** What became of the newest actions that fit: sent, recorded, refused and why, waiting for a second person, or lost. */
export function ActLines({ of, label }: { of: (acting: Acting) => boolean; label?: Word }) {
    const lines = [...state.value.acting.values()].filter(of).slice(-LINES_MAX);
    return <div class="acting" role="status" aria-label={label ? t(label) : undefined}>{lines.map((a) => <ActLine key={a.seq} of={a} />)}</div>;
}

/** Such an action is under way or recorded and not yet shown by what it changes: it must not be sent again. */
export const isUnderWay = (of: (acting: Acting) => boolean): boolean => [...state.value.acting.values()].some((a) => a.phase === "sent" && of(a));
