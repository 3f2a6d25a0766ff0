/* SPDX-License-Identifier: Apache-2.0 */
/* How large a millimetre is here: a frame on the screen is made as wide as a bank card. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { CARD_HIGH_MM, CARD_MM, keepScale, measuredScale, pxPerMm } from "./screen";
import { t } from "./strings";

const STEP = 0.02, ROUND_MM = 3.18; /* device pixels a millimetre a press; a card's corners */

/* All of the box is canvas, and the card stands in it: so its width is one of device pixels, whatever the browser's zoom. */
function drawCard(canvas: HTMLCanvasElement, scale: number): void {
    const ratio = devicePixelRatio || 1, pen = canvas.getContext("2d");
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.ceil(CARD_HIGH_MM * scale + 4);
    if (!pen || canvas.width === 0) return;
    pen.fillStyle = "#dcebfa";
    pen.strokeStyle = "#0b5394";
    pen.lineWidth = 1;
    pen.beginPath();
    pen.roundRect(0.5, 0.5, CARD_MM * scale, CARD_HIGH_MM * scale, ROUND_MM * scale);
    pen.fill();
    pen.stroke();
}

export function CalibrateDialog({ close }: { close: () => void }) {
    const dialog = useRef<HTMLDialogElement>(null), canvas = useRef<HTMLCanvasElement>(null), scale = useSignal(pxPerMm());
    const set = (value: number) => { scale.value = Math.min(20, Math.max(1, value)); };
    useEffect(() => { dialog.current?.showModal(); }, []);
    useLayoutEffect(() => { if (canvas.current) drawCard(canvas.current, scale.value); });
    useEffect(() => { if (canvas.current) drawCard(canvas.current, scale.value); }, []); /* once more when the dialog has its size */
    const finish = (value: number | undefined) => { keepScale(value); close(); };
    return (
        <dialog ref={dialog} class="calibrate" aria-labelledby="calibrate-title" onClose={close}>
            <h2 id="calibrate-title">{t("paper.calibrateTitle")}</h2>
            <p>{t("paper.calibrateHow")}</p>
            <canvas ref={canvas} class="card-frame" data-testid="card" role="img" aria-label={t("paper.cardWidth")} />
            <p class="tools">
                <button type="button" onClick={() => set(scale.value - STEP)}>{t("paper.narrower")}</button>
                <input type="range" min="1" max="20" step={STEP} value={scale.value} aria-label={t("paper.cardWidth")}
                    onInput={(event) => set(Number(event.currentTarget.value))} />
                <button type="button" onClick={() => set(scale.value + STEP)}>{t("paper.wider")}</button>
            </p>
            <p class="tools">
                <button type="button" class="primary" onClick={() => finish(scale.value)}>{t("paper.save")}</button>
                {measuredScale.value !== undefined && <button type="button" onClick={() => finish(undefined)}>{t("paper.forget")}</button>}
                <button type="button" onClick={close}>{t("answer.cancel")}</button>
            </p>
        </dialog>
    );
}
