/* SPDX-License-Identifier: Apache-2.0 */
/* The handover sheet on paper: one page of A4, upright. */
import { render } from "preact";
import { Sheet } from "./sheet";
import type { Patient } from "./wire";

const HIGH_MM = 297 - 2 * 10, PX_PER_MM = 96 / 25.4; /* what the margins of styles/hospital.css leave; CSS millimetres */
const DENSITIES = ["", "dense", "denser"];           /* the largest letters that fit */

/** Draws the sheet, opens the browser's print dialog, and takes it away again once that is closed. */
export function printHandover(patient: Patient): void {
    const root = document.createElement("div"), page = document.documentElement, layout = page.dataset["layout"];
    delete page.dataset["layout"]; /* a wall's letters are not a paper's */
    document.body.append(root);
    document.body.classList.add("prints-handover");
    render(<Sheet patient={patient} printed />, root);
    for (const density of DENSITIES) {
        root.className = `print-root handover-print measured ${density}`;
        if (root.scrollHeight <= HIGH_MM * PX_PER_MM) break;
    }
    root.classList.remove("measured");
    addEventListener("afterprint", () => {
        render(null, root);
        root.remove();
        document.body.classList.remove("prints-handover");
        if (layout) page.dataset["layout"] = layout;
    }, { once: true });
    window.print();
}
