/* SPDX-License-Identifier: Apache-2.0 */
/* A button that has to be held down for a second, by mouse, finger or key: nothing of weight happens by a stray press. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

const HOLD_MS = 1000; /* console.md 6 */
const isPress = (event: KeyboardEvent): boolean => event.key === "Enter" || event.key === " ";

/** @param held  called once it was held long enough; letting go earlier does nothing */
export function HoldButton({ held, label, children, ...more }: {
    held: () => void; label: string; children: ComponentChildren; disabled?: boolean; class?: string; "data-divert"?: number;
}) {
    const holding = useSignal(false), timer = useRef<number | undefined>(undefined);
    const stop = (): void => { clearTimeout(timer.current); timer.current = undefined; holding.value = false; };
    const start = (): void => {
        if (timer.current !== undefined || more.disabled) return;
        holding.value = true;
        timer.current = window.setTimeout(() => { stop(); held(); }, HOLD_MS);
    };
    useEffect(() => stop, []);
    return (
        <button type="button" {...more} aria-label={label} data-holding={holding.value} class={`hold ${more.class ?? ""} ${holding.value ? "holding" : ""}`}
            onPointerDown={(e) => { if (e.button === 0) start(); }} onPointerUp={stop} onPointerLeave={stop} onPointerCancel={stop} onBlur={stop}
            onContextMenu={(e) => e.preventDefault()}
            onKeyDown={(e) => { if (isPress(e)) { e.preventDefault(); if (!e.repeat) start(); } }} onKeyUp={(e) => { if (isPress(e)) { e.preventDefault(); stop(); } }}>
            {children}
        </button>
    );
}
