/* SPDX-License-Identifier: Apache-2.0 */
/* The clocks of a case: what must be done by when, and when each milestone happened, by whom it is known and how exactly. */
import { useSignal } from "@preact/signals";
import { ActLines, ask } from "./act-dialog";
import { ACTION, REASON, TARGET } from "./codes";
import { clockOf, momentOf } from "./dispatch-model";
import { act, health, now, state } from "./link";
import { Panel } from "./panel";
import { codeOf, either, fieldName, numbered, shownSpan, shownTime, t, type Word } from "./strings";
import { ROLE, type Patient, type Stamp, type Target } from "./wire";

/* --- targets ---------------------------------------------------------------------------------------------- */

const STATE_CLASS: Readonly<Record<number, string>> = { [TARGET.met]: "met", [TARGET.late]: "late", [TARGET.overdue]: "overdue", [TARGET.dueSoon]: "soon" };

function leftWords(of: Target): string {
    const clock = clockOf(of, now.value);
    if (clock.ends) return numbered("target", of.state);
    return clock.leftMs > 0 ? t("target.left", { s: shownSpan(clock.leftMs + 999) }) : t("target.over", { s: shownSpan(-clock.leftMs) });
}

function TargetRow({ of }: { of: Target }) {
    const clock = clockOf(of, now.value), over = !clock.ends && clock.leftMs <= 0;
    return (
        <li class={`target ${over ? "overdue" : STATE_CLASS[of.state] ?? ""}`} data-rule={of.rule} data-state={of.state}>
            <span class="name">{either(of.zh, of.en)}</span>
            <strong class="number">{leftWords(of)}</strong>
            {!clock.ends && <progress max={100} value={clock.share} aria-label={t("target.used", { n: clock.share })} />}
            <span class="quiet number">{t("target.due", { time: shownTime(of.dueMs) })}</span>
            {clock.warning > 0 && <span class={`warned at-${clock.warning}`}>{t("target.warned", { n: clock.warning })}</span>}
            {clock.missMs !== undefined && <span class="missing">{t("target.miss", { time: shownTime(of.predictedMs ?? 0), s: shownSpan(clock.missMs) })}</span>}
        </li>
    );
}

/* --- milestones ------------------------------------------------------------------------------------------- */

const FMC = 1; /* jz_milestone of the frame's key 16 */
/* What a dispatcher or a hospital stamps with one tap, in the order of a case (protocol/fields/general.csv). */
const TAPS: Readonly<Record<number, readonly string[]>> = {
    [ROLE.dispatcher]: ["call", "dispatched", "on_scene", "fmc", "left_scene", "door"],
    [ROLE.receiving]: ["door", "wire", "needle", "decision_delivery", "delivery"],
};
const TIME_REASONS = [REASON.clockWrong, REASON.mistake, REASON.other];

/* Asks for another time of day, and why. */
function correct(patient: Patient, of: Stamp, typed: { value: string }): void {
    typed.value = shownTime(of.ms);
    ask({
        title: t("stamp.correctTitle", { what: fieldName(of.code) }), lines: [t("stamp.nowSaid", { time: shownTime(of.ms) })], reasons: TIME_REASONS,
        form: () => (
            <>
                <label for="stamp-time">{t("stamp.time")}</label>
                <input id="stamp-time" class="number" inputMode="numeric" autocomplete="off" value={typed.value} onInput={(e) => { typed.value = e.currentTarget.value; }} />
            </>
        ),
        ready: () => { const at = momentOf(typed.value, now.value); return at !== undefined && at <= now.value && Math.abs(at - of.ms) >= 1000; },
        send: ({ reason, text }) => act({ what: ACTION.stamp, encounter: patient.id, code: of.code, ms: momentOf(typed.value, now.value), reason, text }),
    });
}

function StampRow({ patient, of, fmcMs, may }: { patient: Patient; of: Stamp; fmcMs: number | undefined; may: boolean }) {
    const typed = useSignal("");
    return (
        <tr data-stamp={of.code}>
            <th scope="row">{fieldName(of.code)}</th>
            <td class="number">{shownTime(of.ms)}{fmcMs !== undefined && of.ms > fmcMs && <span class="quiet"> +{shownSpan(of.ms - fmcMs)}</span>}{of.corrections > 0 && <div class="quiet first-said">{t("stamp.first", { time: shownTime(of.firstMs), n: of.corrections })}</div>}</td>
            <td class={`source ${of.source === 0 ? "unverified-text" : ""}`}>{numbered("source", of.source)}{of.uncertaintyMs >= 1000 && <span class="quiet"> ±{Math.round(of.uncertaintyMs / 1000)} s</span>}</td>
            <td>{may && <button type="button" class="link" disabled={health.value === "lost"} onClick={() => correct(patient, of, typed)}
                aria-label={t("stamp.correctOf", { what: fieldName(of.code) })}>{t("stamp.correct")}</button>}</td>
        </tr>
    );
}

function Taps({ patient }: { patient: Patient }) {
    const said = new Set(patient.stamps.map((s) => s.code));
    const codes = (TAPS[state.value.me?.role ?? 0] ?? []).map(codeOf).filter((code) => code > 0 && !said.has(code));
    if (codes.length === 0) return null;
    return (
        <details class="taps">
            <summary>{t("stamp.tap")}</summary>
            <div class="buttons">{codes.map((code) => (
                <button key={code} type="button" disabled={health.value === "lost"} data-tap={code}
                    onClick={() => act({ what: ACTION.stamp, encounter: patient.id, code })}>{fieldName(code)}</button>
            ))}</div>
        </details>
    );
}

const COLUMNS: readonly Word[] = ["stamp.what", "stamp.at", "stamp.source", "stamp.correct"];

export function Clocks({ patient }: { patient: Patient }) {
    const fmc = patient.milestones.get(FMC), may = state.value.me?.role === ROLE.dispatcher || state.value.me?.role === ROLE.receiving;
    const said = new Set(patient.stamps.map((s) => s.code)), stamps = [...patient.stamps].sort((a, b) => a.ms - b.ms);
    const bare = said.size === 0 ? [...patient.milestones].sort((a, b) => a[1] - b[1]) : [];
    return (
        <Panel title="clock.title" id="milestones">
            <p>{fmc === undefined ? t("clock.noFmc") : <>{t("clock.since")} <strong class="fmc">{shownSpan(now.value - fmc)}</strong></>}</p>
            {patient.targets.length > 0 && <ul class="targets" aria-label={t("target.title")}>{patient.targets.map((x) => <TargetRow key={`${x.rule}${x.beganMs}`} of={x} />)}</ul>}
            {stamps.length > 0 && (
                <table class="stamps">
                    <thead><tr>{COLUMNS.map((word) => <th key={word} scope="col">{t(word)}</th>)}</tr></thead>
                    <tbody>{stamps.map((s) => <StampRow key={s.code} patient={patient} of={s} fmcMs={fmc} may={may} />)}</tbody>
                </table>
            )}
            {bare.length > 0 && <ol>{bare.map(([code, ms]) => (
                <li key={code}>
                    {t(`milestone.${code}` as Word)} <span class="number">{shownTime(ms)}</span>
                    {fmc !== undefined && code !== FMC && <span class="quiet number"> +{shownSpan(ms - fmc)}</span>}
                </li>
            ))}</ol>}
            {may && <Taps patient={patient} />}
            <ActLines of={(a) => a.encounter === patient.id && a.what === ACTION.stamp} label="clock.title" />
        </Panel>
    );
}
