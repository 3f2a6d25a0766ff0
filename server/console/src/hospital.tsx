/* SPDX-License-Identifier: Apache-2.0 */
/* The door to the receiving board, which is a part of the page of its own: nobody else needs it. */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "./strings";

const RETRY_MS = 3000;
const board = signal<ComponentType | undefined>(undefined), failed = signal(false);

/* A team that waits for alerts presses no button: it tries again by itself. */
function load(): void {
    import("./receiving").then((part) => { board.value = part.Board; failed.value = false; }, () => {
        failed.value = true;
        window.setTimeout(load, RETRY_MS);
    });
}

export function ReceivingBoard() {
    useEffect(() => { if (!board.value) load(); }, []);
    const Board = board.value;
    if (Board) return <Board />;
    return <main class="board"><p class={failed.value ? "escalated hint" : "quiet hint"} role="status">{t(failed.value ? "part.failed" : "link.loading")}</p></main>;
}
