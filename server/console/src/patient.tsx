/* SPDX-License-Identifier: Apache-2.0 */
/* One patient: what is measured and how old it is, what it means and why, where it goes. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { PriorityMark } from "./alert";
import { Asked, CasePanel, MergedBanner } from "./case";
import { Clocks } from "./clocks";
import { FHR_SEEN_MIN, drawCtg, drawEcg, newestOf, spanOf } from "./ecg";
import { now, state } from "./link";
import { CtgMeasured, EcgMeasured } from "./measured-panel";
import { conditionName } from "./needs";
import { openPaper } from "./open-paper";
import { Panel } from "./panel";
import { RankingPanel } from "./ranking";
import { codeOf, either, fieldName, fieldOf, numbered, shownAge, shownReading, shownTime, shownValue, t, type Word } from "./strings";
import type { Waves } from "./state";
import { Timeline } from "./timeline";
import { TrendView } from "./trend-panel";
import { ROLE, VALIDITY, type Assessment, type Patient, type Reading } from "./wire";

const CHEST_PAIN = 1, PREGNANCY = 2; /* complaints */

/* --- readings ------------------------------------------------------------------------------------------- */

/** What a reading is now: the server's word, or stale if it aged since the server spoke. */
export function validityOf(code: number, reading: Reading, nowMs: number): number {
    const freshS = fieldOf(code)?.fresh_s ?? 0;
    const aged = freshS > 0 && nowMs - reading.ms > freshS * 1000;
    return reading.validity === VALIDITY.valid && aged ? VALIDITY.stale : reading.validity;
}

const readingOf = (patient: Patient, field: string): Reading | undefined => patient.readings.get(codeOf(field));

/** A fact that a summary may state: only while it is valid. */
function believed(patient: Patient, field: string): string {
    const reading = readingOf(patient, field), code = codeOf(field);
    return reading && validityOf(code, reading, now.value) === VALIDITY.valid ? shownValue(code, reading.value) : "";
}

/** One line for a card or row: who, and the vitals that are valid now; what is not valid is left out. */
export function summaryOf(patient: Patient): string {
    const who = [believed(patient, "sex"), believed(patient, "age_years"), believed(patient, "ga_days")];
    const vitals = ["hr", "sbp", "spo2", "rr", "fhr"].map((field) => {
        const words = believed(patient, field);
        return words && `${fieldName(codeOf(field))} ${words}`;
    });
    return [...who, t(`complaint.${patient.complaint}` as Word), ...vitals].filter(Boolean).join("  ");
}

const RISKS = ["", "green", "yellow", "orange", "red"];
export function RiskBadge({ patient }: { patient: Patient }) {
    const colour = readingOf(patient, "risk_colour"), purple = readingOf(patient, "infectious");
    return (
        <>
            {colour?.validity === VALIDITY.valid &&
                <span class={`risk ${RISKS[colour.value] ?? ""}`}>{numbered("value.risk_colour", colour.value)}</span>}
            {purple?.validity === VALIDITY.valid && purple.value === 1 && <span class="risk purple">{t("value.purple")}</span>}
        </>
    );
}

function VitalRow({ code, reading }: { code: number; reading: Reading }) {
    const validity = validityOf(code, reading, now.value), ages = (fieldOf(code)?.fresh_s ?? 0) > 0;
    const valid = validity === VALIDITY.valid, shows = valid || validity === VALIDITY.stale;
    const value = validity === VALIDITY.notMeasured || validity === VALIDITY.probeOff ? "–" : shownReading(code, reading.value, reading.ms);
    return (
        <tr class={valid ? "" : "doubtful"} data-field={fieldOf(code)?.field ?? code} data-validity={validity}>
            <th scope="row">{fieldName(code)}</th>
            <td class="number">{shows ? value : <s>{value}</s>}</td>
            <td class="number">{ages || !valid ? shownAge(now.value - reading.ms) : ""}</td>
            <td>{valid ? "" : t(`validity.${validity}` as Word)}</td>
        </tr>
    );
}

function Vitals({ patient }: { patient: Patient }) {
    const rows = [...patient.readings];
    return (
        <Panel title="vitals.title" id="vitals">
            {rows.length === 0 ? <p class="quiet">{t("vitals.none")}</p> : (
                <table>
                    <thead><tr>{(["field", "value", "age", "note"] as const).map((w) => <th key={w} scope="col">{t(`vitals.${w}`)}</th>)}</tr></thead>
                    <tbody>{rows.map(([code, reading]) => <VitalRow key={code} code={code} reading={reading} />)}</tbody>
                </table>
            )}
            {patient.readingsUnshown > 0 && <p class="quiet">{t("vitals.more", { n: patient.readingsUnshown })}</p>}
        </Panel>
    );
}

/* --- assessments ---------------------------------------------------------------------------------------- */

const LIST_ZH = "\u3001"; /* ideographic comma */
const fieldList = (codes: readonly number[]): string => codes.map(fieldName).join(either(LIST_ZH, ", "));

/** The interval a score is certain to lie in: a missing input is never taken as normal. */
export function scoreText(a: Assessment): string {
    if (a.lo === a.hi) return a.complete ? `${a.lo}` : `${t("assess.atLeast")} ${a.lo}`;
    return `${t("assess.atLeast")} ${a.lo} (${a.lo}–${a.hi})`;
}

function Explanation({ of }: { of: Assessment }) {
    return (
        <details>
            <summary>{t("assess.why")}</summary>
            <p class="quiet">{t("assess.rule")} {of.rule} {of.version} · {t("assess.source")}: {of.source}</p>
            {of.stale.length > 0 && <p>{t("assess.stale")}: {fieldList(of.stale)}</p>}
            {of.used.length > 0 && (
                <table>
                    <thead><tr>
                        <th scope="col">{t("vitals.field")}</th><th scope="col">{t("vitals.value")}</th>
                        <th scope="col">{t("assess.time")}</th><th scope="col">{t("vitals.note")}</th>
                    </tr></thead>
                    <tbody>{of.used.map((u) => (
                        <tr key={u.code}>
                            <th scope="row">{fieldName(u.code)}</th><td class="number">{shownReading(u.code, u.value, u.ms)}</td>
                            <td class="number">{shownTime(u.ms)}</td><td>{u.reason ? t("assess.reason") : ""}</td>
                        </tr>
                    ))}</tbody>
                </table>
            )}
            {of.points.length > 0 && (
                <table>
                    <thead><tr><th scope="col">{t("assess.item")}</th><th scope="col">{t("assess.points")}</th></tr></thead>
                    <tbody>{of.points.map((p, i) => (
                        <tr key={i}>
                            <th scope="row">{p.code === undefined ? either(p.zh, p.en) : fieldName(p.code)}</th>
                            <td class="number">{p.lo === p.hi ? p.lo : `${p.lo}–${p.hi}`}</td>
                        </tr>
                    ))}</tbody>
                </table>
            )}
        </details>
    );
}

/* A rule that could not be evaluated asks for the finding it starts from, whoever the patient is: only a vital sign that
 * it lacks is worth a prompt. */
const asksNext = (of: Assessment): boolean =>
    of.next !== undefined && (of.status === 1 || of.status === 2 || fieldOf(of.next)?.kind === "v");

function AssessmentItem({ of }: { of: Assessment }) {
    const scored = of.hi > 1 || of.lo < 0 || of.points.length > 0; /* a criterion is 0 or 1: its status says it */
    return (
        <li class={`assessment status-${of.status}`} data-rule={of.rule}>
            <h4>
                {of.priority !== undefined && of.status === 1 && <PriorityMark priority={of.priority} />} {either(of.titleZh, of.titleEn)}
                <span class="quiet"> {t(`assess.status.${of.status}` as Word)}</span>
                {!of.signed && <span class="unsigned">{t("assess.unsigned")}</span>}
            </h4>
            {scored && <p>{t("assess.score")} <strong>{scoreText(of)}</strong></p>}
            {of.status === 1 && <p class="action">{either(of.actionZh, of.actionEn)}</p>}
            {of.possible && of.possible.priority > 0 && <p>{t("assess.possible")}: <strong>{either(of.possible.zh, of.possible.en)}</strong></p>}
            {of.missing.length > 0 && <p>{t("assess.missing")}: {fieldList(of.missing)}</p>}
            {of.next !== undefined && asksNext(of) && <p class="next">{t("assess.next")}: <strong>{fieldName(of.next)}</strong></p>}
            <Explanation of={of} />
        </li>
    );
}

const STATUS_ORDER = [9, 0, 2, 3, 1]; /* fired, cannot evaluate, not fired, not applicable */
const URGENT_MAX = 3;

/* What somebody has to act on; what could become that once more is known; and the rest. Only the first fills the screen. */
const acts = (a: Assessment): boolean => a.status === 1 && (a.priority ?? 9) <= URGENT_MAX;
const mayAct = (a: Assessment): boolean => a.possible !== undefined && a.possible.priority > 0 && a.possible.priority <= URGENT_MAX;

function Folded({ name, word, of }: { name: string; word: Word; of: readonly Assessment[] }) {
    if (of.length === 0) return null;
    return (
        <details data-testid={name}>
            <summary>{t(word, { n: of.length })}</summary>
            <ul>{of.map((a) => <AssessmentItem key={a.rule} of={a} />)}</ul>
        </details>
    );
}

function Assessments({ patient }: { patient: Patient }) {
    const rank = (a: Assessment) => (STATUS_ORDER[a.status] ?? 9) * 10 + (a.priority ?? 6);
    const shown = [...patient.assessments].sort((a, b) => rank(a) - rank(b)), rest = shown.filter((a) => !acts(a));
    return (
        <Panel title="assess.title" id="assessments">
            {shown.length === 0 ? <p class="quiet">{t("assess.none")}</p> : <p class="quiet">{t("assess.machine")}</p>}
            <ul>{shown.filter(acts).map((a) => <AssessmentItem key={a.rule} of={a} />)}</ul>
            <Folded name="possible-assessments" word="assess.mayAct" of={rest.filter(mayAct)} />
            <Folded name="other-assessments" word="assess.others" of={rest.filter((a) => !mayAct(a))} />
            {patient.assessmentsUnshown > 0 && <p class="quiet">{t("assess.more", { n: patient.assessmentsUnshown })}</p>}
        </Panel>
    );
}

/** The most urgent thing that fired, for a row or a card. */
export function headline(patient: Patient): string {
    const fired = patient.assessments.filter((a) => a.status === 1).sort((a, b) => (a.priority ?? 6) - (b.priority ?? 6));
    const first = fired[0];
    return first ? either(first.titleZh, first.titleEn) : "";
}

/* --- strips --------------------------------------------------------------------------------------------- */

function Strip({ draw, words, version }: { draw: (canvas: HTMLCanvasElement) => void; words: string; version: string }) {
    const canvas = useRef<HTMLCanvasElement>(null);
    useEffect(() => {
        const own = canvas.current;
        if (!own) return undefined;
        const frame = requestAnimationFrame(() => draw(own)); /* many segments in one message: one drawing */
        const resize = new ResizeObserver(() => draw(own));
        resize.observe(own.parentElement ?? own);
        return () => { cancelAnimationFrame(frame); resize.disconnect(); };
    }, [version]);
    return <canvas ref={canvas} class="strip" role="img" aria-label={words} data-version={version} />;
}

function Ecg({ waves, patient }: { waves: Waves | undefined; patient: Patient }) {
    const rows = useSignal(false), live = useSignal(false);
    const recorded = waves?.snapshot ?? [], streaming = waves?.ecg ?? [];
    const showsLive = streaming.length > 0 && (live.value || recorded.length === 0);
    const segments = showsLive ? streaming : recorded, span = spanOf(segments);
    const leads = new Set(segments.flatMap((w) => w.channels)).size;
    if (!span) return patient.complaint === PREGNANCY && !patient.ecg ? null : (
        <Panel title="ecg.title" id="ecg"><p class="quiet">{t("ecg.none")}</p>{patient.ecg && <EcgMeasured patient={patient} snapshot={0} />}</Panel>
    );
    const words = t("ecg.text", { n: leads, time: shownTime(span.startMs), s: ((span.endMs - span.startMs) / 1000).toFixed(1) });
    const inRows = rows.value || leads < 12;
    return (
        <Panel title="ecg.title" id="ecg">
            <p class="tools">
                <span>{t(showsLive ? "ecg.live" : "ecg.snapshot")} {shownTime(span.startMs)} ({shownAge(now.value - span.startMs)})</span> <span>{t("ecg.scale")}</span>
                <button type="button" data-paper="ecg" onClick={() => openPaper(patient, "ecg")}>{t("strip.large")} <kbd>E</kbd></button>
                {leads >= 12 && <button type="button" aria-pressed={rows.value} onClick={() => { rows.value = !rows.value; }}>{t("ecg.layout")}</button>}
                {recorded.length > 0 && streaming.length > 0 &&
                    <button type="button" aria-pressed={showsLive} onClick={() => { live.value = !live.value; }}>{t("ecg.live")}</button>}
            </p>
            <Strip words={words} version={`${waves?.version}.${inRows}.${showsLive}`} draw={(c) => drawEcg(c, segments, inRows, showsLive)} />
            {recorded.length > 0 && <EcgMeasured patient={patient} snapshot={recorded[0]?.snapshot ?? 0} />}
        </Panel>
    );
}

const CTG_OLD_MS = 30000, CTG_GONE_MS = 15 * 60000; /* a heart rate older than this is no longer one */

function Ctg({ waves, patient }: { waves: Waves | undefined; patient: Patient }) {
    const fast = useSignal(false), segments = waves?.ctg ?? [], span = spanOf(segments);
    if (!span) return patient.complaint === CHEST_PAIN && !patient.ctg ? null : (
        <Panel title="ctg.title" id="ctg"><p class="quiet">{t("ctg.none")}</p>{patient.ctg && <CtgMeasured patient={patient} />}</Panel>
    );
    const fhr = codeOf("fhr"), toco = codeOf("toco"), speed = fast.value ? 3 : 1;
    const ageMs = now.value - span.endMs;
    const last = (code: number, min: number) => {
        const value = ageMs > CTG_GONE_MS ? undefined : newestOf(segments, code, 0.001);
        return value === undefined || value < min ? "–" : Math.round(value);
    };
    const words = t("ctg.text", {
        fhr: last(fhr, FHR_SEEN_MIN), toco: last(toco, 0), age: shownAge(ageMs), m: ((span.endMs - span.startMs) / 60000).toFixed(1),
    });
    return (
        <Panel title="ctg.title" id="ctg">
            <p class="tools">
                <span class={`reading ${ageMs > CTG_OLD_MS ? "doubtful" : ""}`}>{words}</span> <span>{t("ctg.scale", { n: speed })}</span>
                <button type="button" data-paper="ctg" onClick={() => openPaper(patient, "ctg")}>{t("strip.large")}</button>
                <button type="button" aria-pressed={fast.value} onClick={() => { fast.value = !fast.value; }}>{t("ctg.speed")}</button>
            </p>
            <Strip words={words} version={`${waves?.version}.${speed}`} draw={(c) => drawCtg(c, segments, speed, fhr, toco)} />
            <CtgMeasured patient={patient} />
        </Panel>
    );
}

function Header({ patient }: { patient: Patient }) {
    return (
        <header>
            <h2><PriorityMark priority={patient.priority} /> <RiskBadge patient={patient} /> <span class="callsign">{patient.callsign || t("patients.unnamed")}</span></h2>
            <p class="summary">{summaryOf(patient)}</p>
            <p class="quiet">
                {t(`phase.${patient.phase}` as Word)} · {t("patients.last")} {shownAge(now.value - patient.lastMs)}
                {patient.conditions.length > 0 && <> · {t("conditions.title")}: <span class="conditions">{patient.conditions.map(conditionName).join(either(LIST_ZH, "; "))}</span></>}
            </p>
        </header>
    );
}

/* What a dispatcher decides by, before what it rests on. */
function Decide({ patient }: { patient: Patient }) {
    return (
        <div class="decide">
            <RankingPanel patient={patient} />
            <div class="columns">
                <Clocks patient={patient} />
                <Asked patient={patient} />
                <CasePanel patient={patient} />
            </div>
        </div>
    );
}

export function PatientDetail({ patient }: { patient: Patient }) {
    const waves = state.value.waves.get(patient.id), dispatcher = state.value.me?.role === ROLE.dispatcher;
    return (
        <article class="patient" id="patient" tabIndex={-1} data-encounter={patient.id}>
            <Header patient={patient} />
            <MergedBanner patient={patient} />
            {dispatcher && <Decide patient={patient} />}
            <Ecg key={`ecg${patient.id}`} waves={waves} patient={patient} />
            <Ctg key={`ctg${patient.id}`} waves={waves} patient={patient} />
            <div class="columns">
                <Vitals patient={patient} />
                {!dispatcher && <Clocks patient={patient} />}
                <Assessments patient={patient} />
                {!dispatcher && <RankingPanel patient={patient} />}
            </div>
            <Panel title="trend.title" id="trend"><TrendView key={`trend${patient.id}`} patient={patient} /></Panel>
            {dispatcher && <Timeline key={`course${patient.id}`} patient={patient} />}
        </article>
    );
}

/** The chosen patient, or where to choose one. */
export function Detail({ patient }: { patient: Patient | undefined }) {
    return (
        <div class="detail" id="detail">
            {patient ? <PatientDetail key={patient.id} patient={patient} /> : <p class="quiet hint">{t("patients.select")}</p>}
        </div>
    );
}
