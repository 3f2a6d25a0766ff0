/* SPDX-License-Identifier: Apache-2.0 */
/* A patient's trend: a sentence, the chart once its part of the page is loaded, and the same as a table. */
import { useEffect, useRef } from "preact/hooks";
import { now } from "./link";
import { fieldName, language, shownAge, shownTime, shownValue, t } from "./strings";
import type { TrendChart } from "./trend";
import type { Patient } from "./wire";

function TrendTable({ patient }: { patient: Patient }) {
    const rows = [...patient.trend].reverse();
    return (
        <details class="paper-data">
            <summary>{t("trend.table")}</summary>
            <div class="scroll" tabIndex={0} role="region" aria-label={t("trend.table")}>
                <table>
                    <thead><tr><th scope="col">{t("assess.time")}</th>{patient.trendCodes.map((code) => <th key={code} scope="col">{fieldName(code)}</th>)}</tr></thead>
                    <tbody>{rows.map((row) => (
                        <tr key={row.ms}>
                            <th scope="row">{shownTime(row.ms)}</th>
                            {patient.trendCodes.map((code, i) => <td key={code} class="number">{row.values[i] == null ? "–" : shownValue(code, row.values[i] as number)}</td>)}
                        </tr>
                    ))}</tbody>
                </table>
            </div>
        </details>
    );
}

export function TrendView({ patient }: { patient: Patient }) {
    const box = useRef<HTMLDivElement>(null), chart = useRef<TrendChart | undefined>(undefined), rows = useRef(patient.trend);
    rows.current = patient.trend;
    const filled = patient.trend.length > 0;
    useEffect(() => {
        let gone = false;
        if (filled) void import("./trend").then(({ trendChart }) => {
            if (!gone && box.current) chart.current = trendChart(box.current, patient.trendCodes, rows.current);
        });
        return () => { gone = true; chart.current?.destroy(); chart.current = undefined; };
    }, [patient.id, filled, patient.trendCodes.join(), language.value]);
    useEffect(() => { chart.current?.show(patient.trend); }, [patient.trend]);
    const first = patient.trend[0]?.ms ?? 0, last = patient.trend.at(-1)?.ms ?? 0;
    if (!filled) return <p class="quiet">{t("trend.none")}</p>;
    return (
        <>
            <p class="quiet">{t("trend.text", { m: Math.round((last - first) / 60000), n: patient.trend.length, age: shownAge(now.value - last) })}</p>
            <div ref={box} class="chart" />
            <TrendTable patient={patient} />
        </>
    );
}
