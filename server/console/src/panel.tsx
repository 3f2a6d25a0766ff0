/* SPDX-License-Identifier: Apache-2.0 */
/* A titled box beside others. */
import type { ComponentChildren } from "preact";
import { t, type Word } from "./strings";

export function Panel({ title, id, children }: { title: Word; id: string; children: ComponentChildren }) {
    return (
        <section class={`panel ${id}`} aria-labelledby={`${id}-title`}>
            <h3 id={`${id}-title`}>{t(title)}</h3>
            {children}
        </section>
    );
}
