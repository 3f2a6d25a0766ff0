/* SPDX-License-Identifier: Apache-2.0 */
/* The opinion: a conclusion, words, and a name under both. It is advice; nothing follows from it by itself. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ACTION, CONCLUSION, CONSULT } from "./codes";
import { OPINION_BYTES_MAX, bytesOf, lacks, type Draft } from "./consults";
import { act, health, state } from "./link";
import { has, shownTime, statusText, t, type Word } from "./strings";
import type { Consult } from "./wire";

const HAN_BYTES = 3;

/* Kept by number while the question is open here: to look at another one loses nothing. */
const drafts = signal<ReadonlyMap<number, Draft>>(new Map());
const NONE: Draft = { conclusion: 0, text: "" };
const write = (number: number, next: Partial<Draft>): void => {
    drafts.value = new Map(drafts.value).set(number, { ...(drafts.value.get(number) ?? NONE), ...next });
};
/** Forgets what was written to questions that are not open here any more. */
export function dropDrafts(open: ReadonlySet<number>): void {
    if ([...drafts.value.keys()].some((n) => !open.has(n))) drafts.value = new Map([...drafts.value].filter(([n]) => open.has(n)));
}

/** What became of the newest action on a question. */
export function Outcome({ of }: { of: Consult }) {
    const last = [...state.value.acting.values()].filter((a) => a.number === of.number).at(-1);
    if (!last || last.phase === "durable" && last.what !== ACTION.answerConsult) return null;
    const own = `advice.refused.${last.status}`, why = last.status === undefined ? "" : has(own) ? t(own) : statusText(last.status);
    const s = t(`advice.action.${last.what}` as Word), phase = last.phase === "waits" ? "refused" : last.phase;
    return <p class={`pending ${phase}`} role="status" data-testid="outcome">{t(`answer.${phase}` as Word, { s, why })}</p>;
}

/** True while an action on this question waits for the server's word. */
export const isPending = (of: Consult): boolean => [...state.value.acting.values()].some((a) => a.number === of.number && a.phase === "sent");

const templateOf = (conclusion: number): Word | undefined => {
    const word = `advice.template.${conclusion}`;
    return has(word) ? word : undefined;
};

/* A conclusion brings its sentence along, as long as nothing of one's own was written. */
function choose(of: Consult, conclusion: number): void {
    const now_ = drafts.value.get(of.number) ?? NONE, before = templateOf(now_.conclusion), word = templateOf(conclusion);
    const own = now_.text.trim() !== "" && now_.text !== (before ? t(before) : "");
    write(of.number, { conclusion, ...(own ? {} : { text: word ? t(word) : "" }) });
}

function SignDialog({ of, draft, close }: { of: Consult; draft: Draft; close: () => void }) {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => { dialog.current?.showModal(); }, []);
    const sign = () => {
        if (act({ what: ACTION.answerConsult, number: of.number, code: draft.conclusion, text: draft.text.trim() }) > 0) close();
    };
    return (
        <dialog ref={dialog} class="sign" aria-labelledby="sign-title" onClose={close}>
            <h2 id="sign-title">{t("advice.signTitle")}</h2>
            <p><strong>{t(`advice.conclusion.${draft.conclusion}` as Word)}</strong></p>
            <blockquote>{draft.text.trim()}</blockquote>
            <p>{t("advice.signAs", { who: state.value.me?.person ?? "" })} · {t("advice.advice")}</p>
            <p class="tools">
                <button type="button" class="primary" disabled={health.value === "lost"} onClick={sign}>{t("advice.sign")}</button>
                <button type="button" onClick={close}>{t("answer.cancel")}</button>
            </p>
        </dialog>
    );
}

const signing = signal<number | undefined>(undefined);

function Form({ of }: { of: Consult }) {
    const draft = drafts.value.get(of.number) ?? NONE, lack = lacks(draft), left = OPINION_BYTES_MAX - bytesOf(draft.text.trim());
    return (
        <form onSubmit={(event) => { event.preventDefault(); if (!lack) signing.value = of.number; }}>
            <fieldset>
                <legend>{t("advice.conclusion")}</legend>
                {Object.values(CONCLUSION).map((c) => (
                    <label key={c}><input type="radio" name="conclusion" checked={draft.conclusion === c} onChange={() => choose(of, c)} /> {t(`advice.conclusion.${c}` as Word)}</label>
                ))}
            </fieldset>
            <label for="opinion">{t("advice.text")}</label>
            <textarea id="opinion" rows={4} value={draft.text} aria-describedby="opinion-left" onInput={(event) => write(of.number, { text: event.currentTarget.value })} />
            <p id="opinion-left" class={left < 0 ? "problem" : "quiet"}>{left < 0 ? t("advice.tooLong") : t("advice.bytes", { n: Math.floor(left / HAN_BYTES) })}</p>
            <button type="submit" class="primary" disabled={lack !== undefined || health.value === "lost" || isPending(of)}>{t("advice.sign")}</button>
            {signing.value === of.number && <SignDialog of={of} draft={draft} close={() => { signing.value = undefined; }} />}
        </form>
    );
}

export function Opinion({ of }: { of: Consult }) {
    return (
        <section class="panel opinion" aria-labelledby="opinion-title">
            <h3 id="opinion-title">{t("advice.opinion")} <small>{t("advice.advice")}</small></h3>
            {of.state === CONSULT.answered && (
                <div data-testid="signed">
                    <p><strong>{t(`advice.conclusion.${of.conclusion ?? CONCLUSION.other}` as Word)}</strong></p>
                    <blockquote>{of.opinion}</blockquote>
                    <p class="quiet">{t("advice.signed", { who: of.consultant, time: shownTime(of.signedMs ?? 0) })}</p>
                </div>
            )}
            {of.state === CONSULT.taken && <Form of={of} />}
            {(of.state === CONSULT.asked || of.state === CONSULT.phone) && <p class="quiet">{t("advice.takeFirst")}</p>}
            <Outcome of={of} />
        </section>
    );
}
