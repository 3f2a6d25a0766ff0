/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a case from first to last, and what was known at a moment of it. Folded until somebody opens it. */
import { useSignal } from "@preact/signals";
import { facilityName } from "./alert";
import { courseOf, trendAt, type Happening } from "./dispatch-model";
import { now, state } from "./link";
import { Panel } from "./panel";
import { fieldName, numbered, shownSpan, shownTime, shownValue, t } from "./strings";
import type { Patient } from "./wire";

function words(of: Happening): string {
    if (of.what === "stamp") {
        const stamp = of.stamp, corrected = stamp && stamp.corrections > 0 ? ` (${t("stamp.first", { time: shownTime(stamp.firstMs), n: stamp.corrections })})` : "";
        return `${fieldName(of.code ?? 0)} · ${numbered("source", stamp?.source ?? 0)}${corrected}`;
    }
    return t(`course.${of.what}`, { hospital: of.facility ? facilityName(of.facility) : "", who: of.person ?? "" });
}

/* The trend's values at that moment, each with what it was; a gap is said. */
function ValuesAt({ patient, ms }: { patient: Patient; ms: number }) {
    const row = trendAt(patient.trend, ms);
    if (!row) return <p class="doubtful">{t("replay.none")}</p>;
    return (
        <p class="replayed">
            <span class="quiet">{t("replay.row", { time: shownTime(row.ms), s: shownSpan(ms - row.ms) })}</span>{" "}
            {patient.trendCodes.map((code, i) => {
                const value = row.values[i];
                return <span key={code} class="number">{fieldName(code)} <strong>{value === null || value === undefined ? "–" : shownValue(code, value)}</strong></span>;
            })}
        </p>
    );
}

function Course({ patient }: { patient: Patient }) {
    const all = courseOf(state.value, patient), first = Math.min(...all.map((h) => h.ms)), back = useSignal(0);
    const last = now.value, span = Math.max(1, Math.ceil((last - first) / 1000)), backS = Math.min(back.value, span);
    const at = last - backS * 1000, live = backS === 0, shown = all.filter((h) => h.ms <= at);
    return (
        <>
            <div class="replay">
                <label for="replay">{live ? t("replay.now") : t("replay.at", { time: shownTime(at) })}</label>
                <input id="replay" type="range" min={-span} max={0} step={1} value={-backS} aria-valuetext={live ? t("replay.now") : shownTime(at)}
                    onInput={(e) => { back.value = -Number(e.currentTarget.value); }} />
                <button type="button" disabled={live} onClick={() => { back.value = 0; }}>{t("replay.toNow")}</button>
            </div>
            {!live && <p class="limit" role="status">{t("replay.past")}</p>}
            {!live && <ValuesAt patient={patient} ms={at} />}
            <ol class="course">{shown.map((h, i) => (
                <li key={i} data-what={h.what}><span class="number">{shownTime(h.ms)}</span> {i > 0 && <span class="quiet number">+{shownSpan(h.ms - first)}</span>} {words(h)}</li>
            ))}</ol>
            <p class="quiet">{t("course.note")}</p>
        </>
    );
}

export function Timeline({ patient }: { patient: Patient }) {
    const open = useSignal(false);
    return (
        <Panel title="course.title" id="timeline">
            <details onToggle={(e) => { open.value = e.currentTarget.open; }}>
                <summary>{t("course.open")}</summary>
                {open.value && <Course patient={patient} />}
            </details>
        </Panel>
    );
}
