/* SPDX-License-Identifier: Apache-2.0 */
/* Paper to scale: one sheet of A4 landscape for each 250 mm of strip, with who and when, and its number of how many. */
import { render } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { now, state } from "./link";
import { pseudonymOf } from "./consults";
import { ctgClasses, ctgValues, ecgNumbers, ecgRhythm, ecgStatements } from "./measured";
import { CTG_MM, SHEET_MM, STRIP_MM, blank, ctgStripMm, drawCtgSheet, drawEcgSheet, ecgHeightMm, ecgStripMm, sheetsOf, type CtgScale, type EcgScale } from "./paper-draw";
import type { PaperKind } from "./open-paper";
import type { Source } from "./paper-sources";
import { channelsOf, spanOf } from "./samples";
import { codeOf, either, fieldName, shownTime, shownValue, t } from "./strings";
import type { Patient } from "./wire";

const PX_PER_MM = 12; /* 305 dpi: a square is 60 pixels, and a line falls on whole ones */

export interface Job { patient: Patient; kind: PaperKind; source: Source; ecg: EcgScale; ctg: CtgScale; words: string }

/** The day as 2026-11-25, where this browser is. */
export function shownDate(ms: number): string {
    const at = new Date(ms), two = (n: number) => String(n).padStart(2, "0");
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
const date = (ms: number): string => `${shownDate(ms)} ${shownTime(ms)}`;

function stripOf({ kind, source, ecg, ctg }: Job): number {
    const span = spanOf(source.segments);
    return kind === "ecg" || !span ? ecgStripMm(ecg) : ctgStripMm(span, ctg);
}

function drawSheet(canvas: HTMLCanvasElement, { kind, source, ecg, ctg, words }: Job, page: number): void {
    const heightMm = kind === "ecg" ? ecgHeightMm(channelsOf(source.segments), ecg) : CTG_MM;
    const paper = blank(canvas, SHEET_MM, heightMm, PX_PER_MM), view = { fromMm: page * STRIP_MM, widthMm: SHEET_MM, heightMm, words };
    if (!paper) return;
    if (kind === "ecg") drawEcgSheet(paper, source.segments, ecg, source.live, view);
    else drawCtgSheet(paper, source.segments, ctg, codeOf("fhr"), codeOf("toco"), view);
}

/* What a machine made of it, where it is of this recording. */
function measuredLine({ patient, kind, source }: Job): string {
    const of = kind === "ecg" ? patient.ecg : patient.ctg;
    if (!of || (kind === "ecg" && of.snapshot !== source.number)) return t("measured.none");
    const numbers = kind === "ecg" ? [...ecgNumbers(of), ...ecgRhythm(of)]
        : ctgValues(of).map(([code, value]) => `${fieldName(code)} ${value === undefined ? "–" : shownValue(code, value)}`);
    const titles = (kind === "ecg" ? ecgStatements(patient) : ctgClasses(patient)).map((a) => either(a.titleZh, a.titleEn));
    return [`${t("measured.title")} ${shownTime(of.ms)}:`, ...numbers, ...titles, t("measured.note")].join("  ");
}

function Sheet({ job, page, pages }: { job: Job; page: number; pages: number }) {
    const canvas = useRef<HTMLCanvasElement>(null), me = state.value.me, span = spanOf(job.source.segments);
    useLayoutEffect(() => { if (canvas.current) drawSheet(canvas.current, job, page); }, []);
    return (
        <section class="print-sheet">
            <header>
                <strong>{job.patient.callsign} {pseudonymOf(job.patient)}</strong>
                <span>{t(job.kind === "ecg" ? "paper.sheetEcg" : "paper.sheetCtg")} · {span && t("paper.recordedAt", { time: date(span.startMs) })}</span>
                {me?.simulation && <strong>{t("paper.simulation")}</strong>}
            </header>
            <canvas ref={canvas} />
            <p>{measuredLine(job)}</p>
            <footer><span>{t("paper.printed", { person: me?.person ?? "", time: date(now.value) })}</span> <span>{t("paper.page", { n: page + 1, m: pages })}</span></footer>
        </section>
    );
}

/** Draws the sheets, opens the browser's print dialog, and takes them away again once it is closed. */
export function printPaper(job: Job): void {
    const root = document.createElement("div"), focused = document.activeElement, pages = sheetsOf(stripOf(job));
    root.className = "print-root";
    document.body.append(root);
    document.body.classList.add("prints-paper");
    render(<>{Array.from({ length: pages }, (_, page) => <Sheet key={page} job={job} page={page} pages={pages} />)}</>, root);
    addEventListener("afterprint", () => {
        render(null, root);
        root.remove();
        document.body.classList.remove("prints-paper");
        if (focused instanceof HTMLElement) focused.focus(); /* what was not printed lost it */
    }, { once: true });
    window.print();
}
