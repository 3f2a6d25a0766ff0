/* SPDX-License-Identifier: Apache-2.0 */
/* A strip of paper with its tools: speed, gain, calipers, true size, and what was measured of it. */
import { signal, useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { grabbed, movedTo, placed, readCtg, readEcg, type Calipers, type Point } from "./calipers";
import { CtgMeasured, EcgMeasured } from "./measured-panel";
import type { PaperKind } from "./open-paper";
import { CalibrateDialog } from "./paper-calibrate";
import { CtgTable, EcgTable, ctgWords, ecgWords } from "./paper-data";
import { COLUMN_MM, CTG_MM, CTG_SPEEDS, FHR_MM, FOOT_MM, GAINS, SHEET_MM, SPEEDS, SQUARE_MM, STANDARD, blank, ctgStripMm, drawCtgSheet, drawEcgSheet,
    ecgHeightMm, ecgStripMm, topMm, type CtgScale, type EcgScale } from "./paper-draw";
import { printPaper } from "./paper-print";
import { layoutOf, type Layout, type Source } from "./paper-sources";
import { LEADS, channelsOf, hertzOf, spanOf } from "./samples";
import { measuredScale, pxPerMm } from "./screen";
import { codeOf, language, t, type Word } from "./strings";
import { isText, keyName } from "./typing";
import type { Patient, Waveform } from "./wire";

/* One speed for all CTG while the page is open: variability looks otherwise at another. */
const ctgScale = signal<CtgScale>({ cmPerMin: CTG_SPEEDS[0] });

const FINE_MM = 0.25, COARSE_MM = 2.5, REACH_PX = 14; /* a press of an arrow key, with shift; a finger's reach */
const CALIPER = "#0b3d91", CALIPER_ACTIVE = "#b3122b";

/** The next of a list up or down; the last where there is none. */
function stepped<T>(of: readonly T[], from: T, by: number): T {
    return of[Math.min(of.length - 1, Math.max(0, of.indexOf(from) + by))] ?? from;
}

/* --- drawing ---------------------------------------------------------------------------------------------- */

interface Sheet { kind: PaperKind; segments: readonly Waveform[]; live: boolean; ecg: EcgScale; ctg: CtgScale; heightMm: number; stripMm: number }

/* The scale, what is not known of the filter, and how large this screen shows it: on every image. */
function footWords({ kind, segments, ecg, ctg }: Sheet): string {
    if (kind === "ctg") return `${ctg.cmPerMin} cm/min   30 bpm/cm`;
    return `${ecg.mmPerS} mm/s   ${ecg.mmPerMv} mm/mV   ${hertzOf(segments)} Hz   ${t("paper.filter")}`;
}
function screenWords(px: number): string {
    if (measuredScale.value === undefined) return t("paper.notCalibrated");
    const times = px / measuredScale.value;
    return Math.abs(times - 1) < 0.005 ? t("paper.true") : t("paper.enlarged", { n: times.toFixed(2) });
}

function sheetOf(kind: PaperKind, segments: readonly Waveform[], live: boolean, ecg: EcgScale): Sheet {
    const ctg = ctgScale.value, span = spanOf(segments), isEcg = kind === "ecg";
    return { kind, segments, live, ecg, ctg, heightMm: isEcg ? ecgHeightMm(channelsOf(segments), ecg) : CTG_MM,
        stripMm: isEcg || !span ? ecgStripMm(ecg) : ctgStripMm(span, ctg) };
}

function draw(canvas: HTMLCanvasElement, sheet: Sheet, at: Layout): void {
    const began = performance.now(), paper = blank(canvas, at.widthMm, sheet.heightMm, at.px);
    if (!paper) return;
    const words = `${footWords(sheet)}   ${screenWords(at.px)}`;
    const view = { fromMm: at.fromMm, widthMm: at.widthMm, heightMm: sheet.heightMm, words };
    if (sheet.kind === "ecg") drawEcgSheet(paper, sheet.segments, sheet.ecg, sheet.live, view);
    else drawCtgSheet(paper, sheet.segments, sheet.ctg, codeOf("fhr"), codeOf("toco"), view);
    canvas.dataset["drawMs"] = (performance.now() - began).toFixed(2);
}

/* On a canvas of its own above the sheet: a drag draws two points and not a sheet. */
function drawCalipers(canvas: HTMLCanvasElement, of: Calipers | undefined, at: Layout, heightMm: number): void {
    const pen = canvas.getContext("2d"), width = Math.round(at.widthMm * at.px), height = Math.round(heightMm * at.px);
    if (!pen) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    pen.resetTransform();
    pen.clearRect(0, 0, width, height);
    if (!of) return;
    pen.setTransform(at.px, 0, 0, at.px, 0, 0);
    for (const name of ["a", "b"] as const) {
        const x = COLUMN_MM + of[name].xMm - at.fromMm, y = of[name].yMm;
        pen.strokeStyle = of.active === name ? CALIPER_ACTIVE : CALIPER;
        pen.lineWidth = 2 / at.px;
        pen.setLineDash(name === "a" ? [] : [6 / at.px, 3 / at.px]); /* told apart without colour */
        pen.beginPath();
        pen.moveTo(x, 0);
        pen.lineTo(x, heightMm - FOOT_MM);
        pen.moveTo(COLUMN_MM, y);
        pen.lineTo(at.widthMm, y);
        pen.stroke();
        pen.setLineDash([]);
        pen.strokeRect(x - 5 / at.px, y - 5 / at.px, 10 / at.px, 10 / at.px);
    }
}

function caliperWords(of: Calipers, { kind, ecg, ctg }: Sheet): string {
    if (kind === "ecg") {
        const { ms, perMin, mv } = readEcg(of, ecg);
        return t("paper.caliperEcg", { ms: Math.round(ms), mv: mv.toFixed(2), rate: perMin === undefined ? t("paper.noRate") : t("paper.perMin", { n: Math.round(perMin) }) });
    }
    const { s, of: what, from, to } = readCtg(of, ctg), values = { s: Math.round(s), from: Math.round(from), to: Math.round(to), d: Math.round(to - from) };
    return t(what === "fhr" ? "paper.caliperFhr" : "paper.caliperToco", values);
}

export function Tool({ word, keys, on, pressed, disabled }: { word: string; keys?: string; on: () => void; pressed?: boolean | undefined; disabled?: boolean }) {
    return <button type="button" aria-pressed={pressed} disabled={disabled ?? false} onClick={on}>{word}{keys && <> <kbd>{keys}</kbd></>}</button>;
}

function Choice({ name, shown, less, more }: { name: Word; shown: string; less: [string, Word, () => void]; more: [string, Word, () => void] }) {
    return (
        <span class="choice" role="group" aria-label={t(name)}>
            <button type="button" aria-label={t(less[1])} onClick={less[2]}><kbd>{less[0]}</kbd></button>
            <output class="number">{shown}</output>
            <button type="button" aria-label={t(more[1])} onClick={more[2]}><kbd>{more[0]}</kbd></button>
        </span>
    );
}

/* Follows the size of a box. */
function useBox(): [{ current: HTMLDivElement | null }, { width: number; height: number }] {
    const box = useRef<HTMLDivElement>(null), size = useSignal({ width: 0, height: 0 });
    useLayoutEffect(() => {
        const own = box.current;
        if (!own) return undefined;
        const measure = () => {
            const next = { width: own.clientWidth, height: own.clientHeight };
            if (next.width !== size.value.width || next.height !== size.value.height) size.value = next;
        };
        const resize = new ResizeObserver(measure);
        resize.observe(own);
        measure();
        return () => resize.disconnect();
    }, []);
    return [box, size.value];
}

/* A key is this view's if no dialog is open above it. */
const isAbove = (own: Element | null): boolean => {
    const top = [...document.querySelectorAll("dialog[open]")].at(-1);
    return own !== null && (!top || top.contains(own));
};

function useKeys(root: { current: HTMLElement | null }, commands: Readonly<Record<string, (coarse: boolean) => void>>): void {
    const newest = useRef(commands);
    newest.current = commands;
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            const command = newest.current[keyName(event)], slides = event.target instanceof HTMLInputElement && event.key.startsWith("Arrow");
            if (!command || slides || isText(event) || !isAbove(root.current)) return;
            event.preventDefault();
            command(event.shiftKey);
        };
        document.addEventListener("keydown", onKey);
        return () => document.removeEventListener("keydown", onKey);
    }, []);
}

interface StripProps { patient: Patient; kind: PaperKind; shown: Source; canPrint: boolean; sources: ComponentChildren; children?: ComponentChildren }

/* What is on the screen, and what can be changed of it. */
interface Model {
    kind: PaperKind; sheet: Sheet; at: Layout; ratio: number; held: readonly Waveform[];
    ecg: Signal<EcgScale>; from: Signal<number | undefined>; calipers: Signal<Calipers | undefined>; trueSize: Signal<boolean>;
}

function useModel(kind: PaperKind, shown: Source, box: { width: number; height: number }): Model {
    const ecg = useSignal<EcgScale>({ ...STANDARD, rows: channelsOf(shown.segments).size < LEADS.size }), from = useSignal<number | undefined>(undefined);
    const calipers = useSignal<Calipers | undefined>(undefined), trueSize = useSignal(measuredScale.value !== undefined);
    const held = useRef(shown.segments), ratio = devicePixelRatio || 1;
    if (!calipers.value) held.current = shown.segments; /* what is measured stays */
    const sheet = sheetOf(kind, held.current, shown.live, ecg.value);
    const fitPx = Math.min((box.width * ratio) / SHEET_MM, Math.max(1, ((box.height - 2) * ratio) / sheet.heightMm));
    const px = trueSize.value ? pxPerMm() : Math.max(0.5, fitPx);
    const at = layoutOf(box.width * ratio, px, COLUMN_MM, sheet.stripMm, from.value, kind === "ctg", SQUARE_MM);
    return { kind, sheet, at, ratio, held: held.current, ecg, from, calipers, trueSize };
}

/* --- what keys, buttons and the mouse do -------------------------------------------------------------------- */

/* Two points a beat of 75 a minute apart, or three minutes of a CTG, where everybody sees them. */
function middle({ kind, sheet, at }: Model): Calipers {
    const x = at.fromMm + Math.min(at.seenMm, sheet.stripMm) / 3;
    return kind === "ecg" ? placed(x, 0.8 * sheet.ecg.mmPerS, topMm(sheet.ecg), SQUARE_MM) : placed(x, 30 * sheet.ctg.cmPerMin, FHR_MM / 2, -SQUARE_MM);
}

function controlsOf(model: Model) {
    const { kind, sheet, at, ecg, from, calipers } = model;
    const pan = (mm: number | undefined): void => {
        from.value = mm === undefined || (kind === "ctg" && mm >= at.mostMm) ? undefined : Math.min(at.mostMm, Math.max(0, mm));
    };
    const setPoint = (of: Calipers, to: Point): void => { calipers.value = movedTo(of, to, sheet.stripMm, sheet.heightMm - FOOT_MM); };
    const rescaled = (next: Partial<EcgScale>): void => {
        ecg.value = { ...ecg.value, ...next };
        calipers.value = undefined; /* they stood on the paper, and that is another one now */
    };
    const arrow = (dx: number, dy: number) => (coarse: boolean): void => {
        const c = calipers.value, by = coarse ? COARSE_MM : FINE_MM;
        if (c) setPoint(c, { xMm: c[c.active].xMm + dx * by, yMm: c[c.active].yMm + dy * by });
        else if (dx !== 0) pan(at.fromMm + dx * SQUARE_MM * (coarse ? 5 : 1));
    };
    const speed = (by: number) => (): void => {
        if (kind === "ctg") ctgScale.value = { cmPerMin: stepped(CTG_SPEEDS, ctgScale.value.cmPerMin as 1, by) };
        rescaled(kind === "ecg" ? { mmPerS: stepped(SPEEDS, ecg.value.mmPerS as 25, by) } : {});
    };
    return {
        pan, setPoint, arrow, speed, gain: (by: number) => (): void => rescaled({ mmPerMv: stepped(GAINS, ecg.value.mmPerMv as 10, by) }),
        rows: () => rescaled({ rows: !ecg.value.rows }),
        toggle: () => { calipers.value = calipers.value ? undefined : middle(model); },
        exchange: () => { const c = calipers.value; if (c) calipers.value = { ...c, active: c.active === "a" ? "b" : "a" }; },
    };
}
type Controls = ReturnType<typeof controlsOf>;

const commandsOf = ({ kind, calipers }: Model, c: Controls, print: () => void): Record<string, (coarse: boolean) => void> => ({
    C: c.toggle, X: c.exchange, "[": c.speed(-1), "]": c.speed(1), P: print, ARROWLEFT: c.arrow(-1, 0), ARROWRIGHT: c.arrow(1, 0),
    ...(kind === "ecg" ? { "+": c.gain(1), "=": c.gain(1), "-": c.gain(-1) } : { HOME: () => c.pan(0), END: () => c.pan(undefined) }),
    ...(calipers.value ? { ARROWUP: c.arrow(0, -1), ARROWDOWN: c.arrow(0, 1) } : {}),
});

/* Moves a caliper's point, sets both anew, or moves along the strip. */
function usePointer({ at, ratio, calipers }: Model, { pan, setPoint }: Controls) {
    const drag = useRef<{ x: number; fromMm: number } | undefined>(undefined), mm = ratio / at.px; /* of paper a CSS pixel */
    const pointAt = (event: PointerEvent): Point => ({ xMm: event.offsetX * mm - COLUMN_MM + at.fromMm, yMm: event.offsetY * mm });
    const up = () => { drag.current = undefined; };
    return {
        onPointerDown: (event: PointerEvent) => {
            const c = calipers.value, point = pointAt(event), near = c && grabbed(c, point, REACH_PX * mm);
            (event.currentTarget as Element).setPointerCapture(event.pointerId);
            drag.current = { x: event.offsetX, fromMm: at.fromMm };
            if (c && near) calipers.value = { ...c, active: near };
            else if (c) setPoint({ a: point, b: point, active: "b" }, point);
        },
        onPointerMove: (event: PointerEvent) => {
            const began = drag.current, c = calipers.value;
            if (began && c) setPoint(c, pointAt(event));
            else if (began) pan(began.fromMm - (event.offsetX - began.x) * mm);
        },
        onPointerUp: up, onPointerCancel: up,
    };
}

/* --- the strip -------------------------------------------------------------------------------------------- */

function Toolbar({ model, controls: c, sources, print }: { model: Model; controls: Controls; sources: ComponentChildren; print: (() => void) | undefined }) {
    const { kind, sheet, from, calipers, trueSize } = model, calibrating = useSignal(false), isEcg = kind === "ecg";
    return (
        <div class="trace-tools" role="toolbar" aria-label={t("paper.tools")}>
            {sources}
            <Choice name="paper.speed" shown={isEcg ? `${sheet.ecg.mmPerS} mm/s` : `${sheet.ctg.cmPerMin} cm/min`}
                less={["[", "paper.slower", c.speed(-1)]} more={["]", "paper.faster", c.speed(1)]} />
            {isEcg && <Choice name="paper.gain" shown={`${sheet.ecg.mmPerMv} mm/mV`} less={["-", "paper.less", c.gain(-1)]} more={["+", "paper.more", c.gain(1)]} />}
            {isEcg && <Tool word={t("paper.layout")} pressed={sheet.ecg.rows} on={c.rows} />}
            <Tool word={t("paper.calipers")} keys="C" pressed={calipers.value !== undefined} on={c.toggle} />
            {calipers.value && <Tool word={t("paper.exchange")} keys="X" on={c.exchange} />}
            <Tool word={t("paper.trueSize")} pressed={trueSize.value} on={() => { trueSize.value = !trueSize.value; }} />
            <Tool word={t("paper.calibrate")} on={() => { calibrating.value = true; }} />
            {measuredScale.value === undefined && <strong class="not-calibrated" data-testid="not-calibrated">{t("paper.notCalibrated")}</strong>}
            {!isEcg && from.value !== undefined && <Tool word={t("paper.newest")} keys="End" on={() => c.pan(undefined)} />}
            {print && <Tool word={t("paper.print")} keys="P" on={print} />}
            {calibrating.value && <CalibrateDialog close={() => { calibrating.value = false; }} />}
        </div>
    );
}

function Beside({ patient, shown, held }: { patient: Patient; shown: Source; held: readonly Waveform[] }) {
    const measured = patient.ecg && patient.ecg.snapshot === shown.number ? patient.ecg : undefined;
    return <><EcgMeasured patient={patient} snapshot={shown.number} /><EcgTable segments={held} measured={measured} /></>;
}

/** One recording with its tools. */
export function Strip({ patient, kind, shown, canPrint, sources, children }: StripProps) {
    const [stage, box] = useBox(), model = useModel(kind, shown, box), { sheet, at, held, calipers } = model, controls = controlsOf(model);
    const root = useRef<HTMLElement>(null), canvas = useRef<HTMLCanvasElement>(null), over = useRef<HTMLCanvasElement>(null), pointer = usePointer(model, controls);
    const print = () => printPaper({ patient, kind, source: { ...shown, segments: held }, ecg: sheet.ecg, ctg: sheet.ctg, words: footWords(sheet) });
    useKeys(root, commandsOf(model, controls, () => { if (canPrint) print(); }));
    useLayoutEffect(() => { if (canvas.current && box.width > 0) draw(canvas.current, sheet, at); },
        [held, shown.live, sheet.ecg, sheet.ctg, at.px, at.fromMm, at.widthMm, measuredScale.value, language.value]);
    useLayoutEffect(() => { if (over.current && box.width > 0) drawCalipers(over.current, calipers.value, at, sheet.heightMm); },
        [calipers.value, at.px, at.fromMm, at.widthMm, sheet.heightMm]);
    const words = kind === "ecg" ? ecgWords(held, sheet.ecg.mmPerS, sheet.ecg.mmPerMv) : ctgWords(held, sheet.ctg.cmPerMin);
    return (
        <section ref={root} class="trace-view" data-kind={kind} aria-label={t(`paper.title.${kind}` as Word)}>
            <Toolbar model={model} controls={controls} sources={sources} print={canPrint ? print : undefined} />
            <div class="trace-stage" ref={stage} tabIndex={0} role="group" aria-label={words}>
                <div class="trace-sheets">
                    <canvas ref={canvas} class="trace-sheet" role="img" aria-label={words} data-testid={`sheet-${kind}`} data-px={at.px} data-from={at.fromMm} />
                    <canvas ref={over} class={`trace-over ${calipers.value ? "measures" : ""}`} aria-hidden="true" {...pointer} />
                    {children}
                </div>
            </div>
            {at.mostMm > 0 && <input type="range" class="trace-pan" min="0" max={at.mostMm} step={SQUARE_MM} value={at.fromMm} aria-label={t("paper.along")}
                onInput={(event) => controls.pan(Number(event.currentTarget.value))} />}
            <p class="caliper-reading number" role="status" data-testid="calipers">
                {calipers.value && <><strong>{caliperWords(calipers.value, sheet)}</strong> <span class="quiet">{t("paper.caliperHelp")}{shown.live && <> · {t("paper.held")}</>}</span></>}
            </p>
            <div class="trace-measured">
                <p>{words}</p>
                {kind === "ecg" ? <Beside patient={patient} shown={shown} held={held} /> : <><CtgMeasured patient={patient} /><CtgTable segments={held} /></>}
            </div>
        </section>
    );
}
