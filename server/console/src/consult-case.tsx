/* SPDX-License-Identifier: Apache-2.0 */
/* What a consultant reads of a case: readings in four groups, and what the rules make of them. */
import { PriorityMark } from "./alert";
import { now } from "./link";
import { scoreText, validityOf } from "./patient";
import { either, fieldName, fieldOf, shownAge, shownReading, shownTime, t, type Word } from "./strings";
import { VALIDITY, type Assessment, type Patient, type Reading } from "./wire";

type Row = [code: number, reading: Reading];
const IDENTITY: ReadonlySet<string> = new Set(["age_years", "sex", "ga_days"]); /* stand in the heading */

/* By what the field table says of a field: vital signs, amounts (they have a unit), events, and all else. */
function groupOf([code]: Row): Word {
    const row = fieldOf(code);
    if (row?.kind === "v") return "advice.vitals";
    if (row?.kind === "e") return "advice.events";
    return row && !/^\{(bool|enum)\}$/.test(row.unit) ? "advice.amounts" : "advice.findings";
}

function Reading1({ row: [code, reading] }: { row: Row }) {
    const validity = validityOf(code, reading, now.value), valid = validity === VALIDITY.valid;
    const none = validity === VALIDITY.notMeasured || validity === VALIDITY.probeOff, value = none ? "–" : shownReading(code, reading.value, reading.ms);
    const ages = (fieldOf(code)?.fresh_s ?? 0) > 0 || !valid;
    return (
        <tr class={valid ? "" : "doubtful"} data-field={fieldOf(code)?.field ?? code}>
            <th scope="row">{fieldName(code)}</th>
            <td class="number">{valid || none || validity === VALIDITY.stale ? value : <s>{value}</s>}</td>
            <td class="number">{ages ? shownAge(now.value - reading.ms) : ""}</td>
            <td>{valid ? "" : t(`validity.${validity}` as Word)}</td>
        </tr>
    );
}

function Group({ title, rows }: { title: Word; rows: readonly Row[] }) {
    return (
        <section class="panel" data-group={title}>
            <h3>{t(title)}</h3>
            {rows.length === 0 ? <p class="quiet">{t("advice.emptyGroup")}</p> : (
                <table>
                    <thead class="unseen"><tr>{(["field", "value", "age", "note"] as const).map((w) => <th key={w} scope="col">{t(`vitals.${w}`)}</th>)}</tr></thead>
                    <tbody>{rows.map((row) => <Reading1 key={row[0]} row={row} />)}</tbody>
                </table>
            )}
        </section>
    );
}

export function Readings({ patient }: { patient: Patient }) {
    const rows = [...patient.readings].filter(([code]) => !IDENTITY.has(fieldOf(code)?.field ?? ""));
    return (
        <>
            {(["advice.vitals", "advice.amounts", "advice.events", "advice.findings"] as const).map((title) =>
                <Group key={title} title={title} rows={rows.filter((row) => groupOf(row) === title)} />)}
            {patient.readingsUnshown > 0 && <p class="quiet">{t("vitals.more", { n: patient.readingsUnshown })}</p>}
        </>
    );
}

function Why({ of }: { of: Assessment }) {
    const names = (codes: readonly number[]) => codes.map(fieldName).join(", ");
    return (
        <details>
            <summary>{t("assess.why")}</summary>
            <p class="quiet">{t("assess.rule")} {of.rule} {of.version} · {t("assess.source")}: {of.source}</p>
            {of.stale.length > 0 && <p>{t("assess.stale")}: {names(of.stale)}</p>}
            {of.missing.length > 0 && <p>{t("assess.missing")}: {names(of.missing)}</p>}
            <ul>{of.used.map((u) => <li key={u.code}>{fieldName(u.code)} <strong class="number">{shownReading(u.code, u.value, u.ms)}</strong> <span class="quiet number">{shownTime(u.ms)}</span></li>)}</ul>
        </details>
    );
}

const FIRED = 1, CANNOT = 4;

function Finding({ of }: { of: Assessment }) {
    return (
        <li class={`assessment status-${of.status}`} data-rule={of.rule}>
            <h4>
                {of.priority !== undefined && of.status === FIRED && <PriorityMark priority={of.priority} />} {either(of.titleZh, of.titleEn)}
                <span class="quiet"> {t(`assess.status.${of.status}` as Word)}</span>{!of.signed && <span class="unsigned">{t("assess.unsigned")}</span>}
            </h4>
            {(of.hi > 1 || of.lo < 0 || of.points.length > 0) && <p>{t("assess.score")} <strong>{scoreText(of)}</strong></p>}
            {of.possible && of.possible.priority > 0 && <p>{t("assess.possible")}: <strong>{either(of.possible.zh, of.possible.en)}</strong></p>}
            <Why of={of} />
        </li>
    );
}

/** What fired, the most urgent first; what could not be evaluated one press away. */
export function Findings({ patient }: { patient: Patient }) {
    const by = (status: number) => patient.assessments.filter((a) => a.status === status).sort((a, b) => (a.priority ?? 6) - (b.priority ?? 6));
    const fired = by(FIRED), open = by(CANNOT);
    return (
        <section class="panel assessments">
            <h3>{t("assess.title")}</h3>
            <p class="quiet">{t(patient.assessments.length > 0 ? "assess.machine" : "assess.none")}</p>
            <ul>{fired.map((a) => <Finding key={a.rule} of={a} />)}</ul>
            {open.length > 0 && <details><summary>{t("assess.mayAct", { n: open.length })}</summary><ul>{open.map((a) => <Finding key={a.rule} of={a} />)}</ul></details>}
            {patient.assessmentsUnshown > 0 && <p class="quiet">{t("assess.more", { n: patient.assessmentsUnshown })}</p>}
        </section>
    );
}
