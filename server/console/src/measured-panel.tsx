/* SPDX-License-Identifier: Apache-2.0 */
/* Beside a trace: what was measured of it, how far to believe it, what rules make of it. */
import { PriorityMark } from "./alert";
import { now } from "./link";
import { ctgClasses, ctgValues, ecgNumbers, ecgRhythm, ecgStatements, stLevels, unusableLeads } from "./measured";
import { either, fieldName, shownAge, shownTime, shownValue, t } from "./strings";
import type { Assessment, Measured, Patient } from "./wire";

const OLD_MS = 15 * 60000; /* as long as the rules believe a measured value (protocol/fields/) */

function Statements({ of, none }: { of: readonly Assessment[]; none: string }) {
    if (of.length === 0) return <p class="quiet">{none}</p>;
    return (
        <ul class="statements">{of.map((a) => (
            <li key={a.rule} data-rule={a.rule}>
                {a.priority !== undefined && <PriorityMark priority={a.priority} />} <strong>{either(a.titleZh, a.titleEn)}</strong>
                <span class="quiet"> {a.rule}</span>{!a.signed && <span class="unsigned">{t("assess.unsigned")}</span>}
            </li>
        ))}</ul>
    );
}

function Head({ of }: { of: Measured }) {
    const ageMs = now.value - of.ms;
    return (
        <p class={ageMs > OLD_MS ? "doubtful" : ""}>
            {t("measured.title")} {shownTime(of.ms)} ({shownAge(ageMs)}) · {t("measured.quality")} {of.quality}%
            {ageMs > OLD_MS && <> · {t("validity.2")}</>}
        </p>
    );
}

/** @param snapshot  number of the recording that is drawn; 0: none */
export function EcgMeasured({ patient, snapshot }: { patient: Patient; snapshot: number }) {
    const of = patient.ecg;
    if (!of) return <p class="quiet" data-testid="ecg-measured">{t("measured.none")}</p>;
    const bad = unusableLeads(of), levels = stLevels(of);
    return (
        <div class="measured" data-testid="ecg-measured" data-readable={of.readable}>
            <Head of={of} />
            {snapshot !== 0 && snapshot !== of.snapshot && <p class="problem">{t("measured.other")}</p>}
            {of.readable
                ? <p class="number">{[...ecgNumbers(of), ...ecgRhythm(of)].join("  ")}</p>
                : <p class="problem">{t("measured.unreadable")}</p>}
            {of.readable && levels.length > 0 && <p class="number" data-testid="ecg-st">{t("measured.st")}: {levels.join(" · ")}</p>}
            {bad.length > 0 && <p class="leads">{t("measured.leads")}: {bad.join("; ")}</p>}
            <Statements of={ecgStatements(patient)} none={t("measured.ecgNothing")} />
            <p class="quiet">{t("measured.note")}</p>
        </div>
    );
}

export function CtgMeasured({ patient }: { patient: Patient }) {
    const of = patient.ctg;
    if (!of) return <p class="quiet" data-testid="ctg-measured">{t("measured.none")}</p>;
    const values = ctgValues(of).map(([code, value]) => `${fieldName(code)} ${value === undefined ? "–" : shownValue(code, value)}`);
    return (
        <div class="measured" data-testid="ctg-measured" data-readable={of.readable}>
            <Head of={of} />
            {!of.readable && <p class="problem">{t("measured.ctgLittle")}</p>}
            <p class="number">{values.join("  ")}</p>
            <Statements of={ctgClasses(patient)} none={t("measured.ctgNothing")} />
            <p class="quiet">{t("measured.note")}</p>
        </div>
    );
}
