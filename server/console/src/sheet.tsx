/* SPDX-License-Identifier: Apache-2.0 */
/* The handover on one page: who, when, what was measured and given, what was found, and who gave and received. The same on the
 * screen and on paper; what is not known is said, never left out. */
import { RiskBadge, headline, validityOf } from "./patient";
import { PriorityMark, facilityName, reasonOf } from "./alert";
import { DRUGS, ownAlert, spread } from "./hospital-model";
import { now, state } from "./link";
import { conditionName } from "./needs";
import { qrOf } from "./qr";
import { codeOf, either, fieldName, numbered, shownAge, shownReading, shownTime, shownValue, t, type Word } from "./strings";
import { VALIDITY, type Alert, type Patient, type Signature } from "./wire";

const VITALS_MAX = 8, FINDINGS_MAX = 5, FACTS_MAX = 14, TIMES_MAX = 24, TARGETS_MAX = 8; /* what one page holds */

const day = (ms: number): string => { const at = new Date(ms); return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`; };
export const dated = (ms: number): string => `${day(ms)} ${shownTime(ms)}`;

function factWords(patient: Patient, field: string): string {
    const code = codeOf(field), reading = patient.readings.get(code);
    if (!reading || reading.validity === VALIDITY.notMeasured) return "";
    const validity = validityOf(code, reading, now.value), words = shownValue(code, reading.value);
    return validity === VALIDITY.valid ? words : `${words} (${numbered("validity", validity)}, ${shownAge(now.value - reading.ms)})`;
}

function Item({ word, children }: { word: Word; children: preact.ComponentChildren }) {
    const empty = children === "" || children === undefined || children === false;
    return <div><dt>{t(word)}</dt><dd>{empty ? <em>{t("ward.unknown")}</em> : children}</dd></div>;
}

function Identity({ patient, alert }: { patient: Patient; alert: Alert | undefined }) {
    const accepted = alert?.acceptedMs !== undefined ? `${alert.person} ${shownTime(alert.acceptedMs)}${reasonOf(alert) && ` (${t("ward.limit")}: ${reasonOf(alert)})`}` : "";
    return (
        <dl class="sheet-items">
            <Item word="patients.unit">{patient.callsign}</Item>
            <Item word="ward.tag">{patient.tag}</Item>
            <Item word="ward.sexAge">{[factWords(patient, "sex"), factWords(patient, "age_years"), factWords(patient, "ga_days")].filter(Boolean).join(" ")}</Item>
            <Item word="patients.complaint">{t(`complaint.${patient.complaint}` as Word)}</Item>
            <Item word="ward.level"><PriorityMark priority={patient.priority} /> {headline(patient)}</Item>
            <Item word="ward.riskColour">{factWords(patient, "risk_colour") && <RiskBadge patient={patient} />}</Item>
            <Item word="ward.bloodLoss">{factWords(patient, "blood_loss_ml")}</Item>
            <Item word="ward.acceptedHere">{accepted}</Item>
            <Item word="conditions.title">{patient.conditions.map(conditionName).join("; ")}</Item>
            {patient.transferred && <Item word="ward.transferredFrom">{facilityName(patient.transferred.from)}</Item>}
        </dl>
    );
}

const TREND_FIELDS: readonly string[] = ["hr", "sbp", "dbp", "spo2", "rr", "temp_c"];

/* As measured on the way; the newest reading of each stands in the last row with its own age. */
function Vitals({ patient }: { patient: Patient }) {
    const codes = TREND_FIELDS.map(codeOf).filter((code) => patient.trendCodes.includes(code) || patient.readings.has(code));
    const rows = spread(patient.trend, VITALS_MAX - 1);
    if (codes.length === 0) return <p><em>{t("vitals.none")}</em></p>;
    const newest = (code: number): string => {
        const reading = patient.readings.get(code), validity = reading && validityOf(code, reading, now.value);
        if (!reading) return "–";
        if (validity === VALIDITY.valid || validity === VALIDITY.stale) return `${shownValue(code, reading.value)} (${shownAge(now.value - reading.ms)})`;
        return numbered("validity", reading.validity);
    };
    return (
        <table>
            <thead><tr><th scope="col">{t("assess.time")}</th>{codes.map((c) => <th key={c} scope="col">{fieldName(c)}</th>)}</tr></thead>
            <tbody>
                {rows.map((row) => (
                    <tr key={row.ms}><th scope="row">{shownTime(row.ms)}</th>{codes.map((c) => {
                        const value = row.values[patient.trendCodes.indexOf(c)];
                        return <td key={c}>{value === null || value === undefined ? "–" : shownValue(c, value)}</td>;
                    })}</tr>
                ))}
                <tr><th scope="row">{t("ward.newest")}</th>{codes.map((c) => <td key={c}>{newest(c)}</td>)}</tr>
            </tbody>
        </table>
    );
}

/* What else was measured or said: the newest first, those of the table above left out. */
function Facts({ patient }: { patient: Patient }) {
    const shown = new Set([...TREND_FIELDS, "sex", "age_years", "ga_days", "risk_colour", "blood_loss_ml"].map(codeOf)), stamps = new Set(patient.stamps.map((s) => s.code));
    const rest = [...patient.readings].filter(([code, r]) => !shown.has(code) && !stamps.has(code) && r.validity !== VALIDITY.notMeasured);
    const words = rest.sort((a, b) => b[1].ms - a[1].ms).slice(0, FACTS_MAX).map(([code, r]) => {
        const validity = validityOf(code, r, now.value);
        return `${fieldName(code)} ${shownReading(code, r.value, r.ms)}${validity === VALIDITY.valid ? "" : ` (${numbered("validity", validity)})`}`;
    });
    const left = rest.length - words.length + patient.readingsUnshown;
    return words.length === 0 ? <p><em>{t("ward.unknown")}</em></p> : <p>{words.join("; ")}{left > 0 && <em> {t("vitals.more", { n: left })}</em>}</p>;
}

function Times({ patient }: { patient: Patient }) {
    const stamps = [...patient.stamps].sort((a, b) => a.ms - b.ms), shown = stamps.slice(-TIMES_MAX);
    if (shown.length === 0) return <p><em>{t("ward.noTimes")}</em></p>;
    return (
        <>
            <ul class="sheet-times">{shown.map((s) => (
                <li key={s.code}><strong>{shownTime(s.ms)}</strong> {fieldName(s.code)} <small>{numbered("source", s.source)}
                    {s.corrections > 0 && ` · ${t("ward.corrected", { time: shownTime(s.firstMs) })}`}</small></li>
            ))}</ul>
            {stamps.length > shown.length && <p><em>{t("vitals.more", { n: stamps.length - shown.length })}</em></p>}
        </>
    );
}

function Targets({ patient }: { patient: Patient }) {
    const of = patient.targets.slice(0, TARGETS_MAX);
    return of.length === 0 ? null : (
        <p>{of.map((x) => `${either(x.zh, x.en)}: ${numbered("target", x.state)} (${t("ward.due", { time: shownTime(x.dueMs) })})`).join("; ")}</p>
    );
}

/* The protocol carries that a drug was given and when; names and doses are the crew's to say. */
function Drugs({ patient }: { patient: Patient }) {
    const given = DRUGS.flatMap(([code]) => patient.stamps.filter((s) => s.code === code));
    return (
        <>
            <p>{given.length === 0 ? <em>{t("ward.noDrugs")}</em> : given.map((s) => `${fieldName(s.code)} ${shownTime(s.ms)}`).join("; ")}</p>
            <p class="to-write">{t("ward.drugsByHand")}</p>
        </>
    );
}

function Findings({ patient }: { patient: Patient }) {
    const found = patient.assessments.filter((a) => a.status === 1).sort((a, b) => (a.priority ?? 6) - (b.priority ?? 6)), shown = found.slice(0, FINDINGS_MAX);
    const left = found.length - shown.length + patient.assessmentsUnshown;
    if (shown.length === 0) return <p><em>{t("assess.none")}</em></p>;
    return (
        <>
            <ul>{shown.map((a) => <li key={a.rule}><strong>{either(a.titleZh, a.titleEn)}</strong> {either(a.actionZh, a.actionEn)}</li>)}</ul>
            {left > 0 && <p><em>{t("assess.more", { n: left })}</em></p>}
            <p><small>{t("assess.machine")}</small></p>
        </>
    );
}

function Advice({ patient }: { patient: Patient }) {
    const of = patient.consult === undefined ? undefined : state.value.consults.get(patient.consult);
    if (!of) return <p><em>{t("ward.noConsult")}</em></p>;
    return <p>{t("ward.question")}: {of.question} – {of.opinion
        ? <>{of.conclusion !== undefined && numbered("conclusion", of.conclusion)}: {of.opinion} ({of.consultant} {of.signedMs !== undefined && shownTime(of.signedMs)})</> : <em>{numbered("consultstate", of.state)}</em>}</p>;
}

function Outcome({ patient }: { patient: Patient }) {
    const of = patient.handover;
    return of?.diagnosis === undefined ? null : <p>{t("ward.diagnosis")}: {numbered("diagnosis", of.diagnosis)}; {t("ward.triage")}: {numbered("triage", of.triage ?? 0)}</p>;
}

function Signed({ word, of }: { word: Word; of: Signature | undefined }) {
    return (
        <div class="signature" data-signed={of !== undefined}>
            <span>{t(word)}</span> {of ? <strong>{of.person} {dated(of.ms)}</strong> : <span class="line">{t("ward.signHere")}</span>}
        </div>
    );
}

/** The case's number for a reader: nothing else stands in it. */
function Code({ id }: { id: string }) {
    const rows = qrOf(id.toUpperCase());
    if (!rows) return null;
    const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
    return <svg class="qr" viewBox={`0 0 ${rows.length + 8} ${rows.length + 8}`} role="img" aria-label={t("ward.caseNumber")} shape-rendering="crispEdges"><path d={path} /></svg>;
}

const Part = ({ word, children }: { word: Word; children: preact.ComponentChildren }) => <section><h3>{t(word)}</h3>{children}</section>;

/** @param printed  on paper: says when and by whom */
export function Sheet({ patient, printed }: { patient: Patient; printed: boolean }) {
    const alert = ownAlert(state.value, patient), me = state.value.me;
    return (
        <article class="sheet" lang={either("zh-CN", "en")}>
            <header>
                <div>
                    <h2>{t("ward.sheet")}</h2>
                    <p><strong>{facilityName(me?.facility ?? "")}</strong> {me?.simulation && <strong class="simulated">{t("ward.simulated")}</strong>}</p>
                    <p>{t("ward.caseNumber")} <code>{patient.id.toUpperCase()}</code></p>
                </div>
                <Code id={patient.id} />
            </header>
            <Part word="ward.who"><Identity patient={patient} alert={alert} /></Part>
            <Part word="ward.times"><Times patient={patient} /><Targets patient={patient} /></Part>
            <Part word="ward.vitals"><Vitals patient={patient} /></Part>
            <Part word="ward.facts"><Facts patient={patient} /></Part>
            <Part word="ward.drugs"><Drugs patient={patient} /></Part>
            <Part word="ward.found"><Findings patient={patient} /></Part>
            <Part word="ward.advice"><Advice patient={patient} /><Outcome patient={patient} /></Part>
            <footer>
                <Signed word="ward.gives" of={patient.handover?.given} />
                <Signed word="ward.receives" of={patient.handover?.received} />
                {printed && <p class="printed"><span>{t("ward.printed", { person: me?.person ?? "", time: dated(now.value) })}</span> <span>{t("ward.page")}</span></p>}
            </footer>
        </article>
    );
}
