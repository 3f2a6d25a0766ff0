/* SPDX-License-Identifier: Apache-2.0 */
/* A receiving team's board, on a wall or on a desk: what is coming to its hospital and what it can take. */
import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ReasonDialog, asking } from "./act-dialog";
import { acceptWithLimits, chosenAlert, confirmOff, facilityName, takeBack, undoLeftMs } from "./alert";
import { AlertCard, EndedAlerts, GoneRow, OffBanner } from "./card";
import { HandoverDialog, handoverOf } from "./handover";
import { groupsOf, isNear } from "./hospital-model";
import { now, serverNow, state } from "./link";
import { PatientDetail } from "./patient";
import { printHandover } from "./print";
import { PathLine, ServiceStrip, ServicesDialog, servicesOpen } from "./services";
import { audible, startSignal } from "./sound";
import { alertsByUrgency } from "./state";
import { addWords, t, type Word } from "./strings";
import { isText, keyName } from "./typing";
import { WardCase } from "./ward-case";
import { ALERT, type Alert, type Patient } from "./wire";
import { HOSPITAL_WORDS } from "./words/hospital";

addWords(HOSPITAL_WORDS);

/* --- wall or desk ----------------------------------------------------------------------------------------- */

type Layout = "wall" | "desk";
const STORED = "jz.hospital.layout";
function stored(): Layout {
    try { return localStorage.getItem(STORED) === "wall" ? "wall" : "desk"; } catch { return "desk"; }
}
const layout = signal<Layout>(stored());

function setLayout(next: Layout): void {
    layout.value = next;
    try { localStorage.setItem(STORED, next); } catch { /* private mode: it lasts for this page */ }
}

function LayoutButton() {
    const other = layout.value === "wall" ? "desk" : "wall";
    return <button type="button" data-testid="layout" onClick={() => setLayout(other)}>{t(`ward.layout.${other}`)} <kbd>W</kbd></button>;
}

/* --- what is chosen --------------------------------------------------------------------------------------- */

const ownAlerts = (): Alert[] => alertsByUrgency(state.value).filter((a) => a.facility === state.value.me?.facility);
const VISIBLE_ENDS: ReadonlySet<number> = new Set([ALERT.declined, ALERT.withdrawn, ALERT.expired]);

function chosenCase(): { alert: Alert; patient: Patient } | undefined {
    const alert = state.value.alerts.get(chosenAlert.value ?? 0), patient = alert && state.value.patients.get(alert.encounter);
    return alert && patient && !VISIBLE_ENDS.has(alert.state) ? { alert, patient } : undefined;
}

/* --- keys: A, R, G, S and Esc are the page's ---------------------------------------------------------------- */

function focused(): Alert | undefined {
    const id = document.activeElement?.closest<HTMLElement>("[data-alert]")?.dataset["alert"];
    return state.value.alerts.get(Number(id ?? chosenAlert.value ?? 0));
}
const withAlert = (go: (alert: Alert) => void) => (): void => { const alert = focused(); if (alert) go(alert); };
const COMMANDS: Readonly<Record<string, () => void>> = {
    L: withAlert(acceptWithLimits),
    U: withAlert((a) => { if (undoLeftMs(a, state.value.me?.person ?? "", serverNow()) > 0) takeBack(a); }),
    K: () => { const off = groupsOf(ownAlerts()).off[0]; if (off) confirmOff(off); },
    D: () => { servicesOpen.value = true; },
    H: () => { const chosen = chosenCase(); if (chosen) handoverOf.value = chosen.patient.id; },
    P: () => { const chosen = state.value.patients.get(handoverOf.value ?? "") ?? chosenCase()?.patient; if (chosen) printHandover(chosen); },
    W: () => setLayout(layout.value === "wall" ? "desk" : "wall"),
};

function onKey(event: KeyboardEvent): void {
    if (isText(event) || event.repeat) return;
    const key = keyName(event), inSheet = document.querySelector("dialog[open]");
    if (inSheet && !(key === "P" && inSheet.classList.contains("handover-dialog") && !asking.value)) return;
    const command = COMMANDS[key];
    if (!command) return;
    event.preventDefault();
    command();
}

/* --- the low tone of five minutes ------------------------------------------------------------------------- */

const toned = new Set<string>(); /* once for an acceptance */
const once = (): boolean => false;

function toneForNear(): void {
    if (!audible.value) return; /* it sounds once it can */
    for (const alert of ownAlerts()) {
        const key = `${alert.id}.${alert.occurrence}`;
        if (toned.has(key) || !isNear(alert, state.value.patients.get(alert.encounter), now.value)) continue;
        toned.add(key);
        startSignal("low", once); /* nothing where a greater one rings: that is heard */
    }
}

/* --- the board -------------------------------------------------------------------------------------------- */

function Head({ coming }: { coming: number }) {
    return (
        <div class="ward-head">
            <h2>{facilityName(state.value.me?.facility ?? "")} <span class="coming">{t("ward.coming", { n: coming })}</span></h2>
            <PathLine />
            <LayoutButton />
            <ServiceStrip wall={layout.value === "wall"} />
        </div>
    );
}

function Cards({ word, alerts, wall }: { word: Word; alerts: readonly Alert[]; wall: boolean }) {
    if (alerts.length === 0) return null;
    return (
        <section aria-label={t(word)} class="card-group">
            <h3 class="group-title">{t(word)} ({alerts.length})</h3>
            <ul class="cards">{alerts.map((a) => <AlertCard key={a.id} alert={a} wall={wall} />)}</ul>
        </section>
    );
}

function Chosen({ wall }: { wall: boolean }) {
    const chosen = chosenCase();
    useEffect(() => { if (wall && chosen) document.getElementById("detail")?.scrollIntoView({ block: "start" }); }, [chosen?.patient.id, wall]);
    if (!chosen) return wall ? null : <div class="detail" id="detail"><p class="quiet hint">{t("ward.choose")}</p></div>;
    const shown = wall ? { ...chosen.patient, tag: "" } : chosen.patient; /* strangers see a wall */
    return (
        <div class="detail" id="detail">
            <WardCase alert={chosen.alert} patient={shown} wall={wall} />
            <PatientDetail key={shown.id} patient={shown} />
        </div>
    );
}

const GONE_MAX = 20;

export function Board() {
    const of = groupsOf(ownAlerts()), wall = layout.value === "wall", active = of.asked.length + of.coming.length + of.here.length;
    useEffect(() => {
        document.addEventListener("keydown", onKey);
        const stop = effect(() => { void state.value; toneForNear(); });
        return () => { document.removeEventListener("keydown", onKey); stop(); servicesOpen.value = false; handoverOf.value = undefined; };
    }, []);
    useEffect(() => {
        document.documentElement.dataset["layout"] = layout.value;
        return () => { delete document.documentElement.dataset["layout"]; };
    }, [layout.value]);
    return (
        <main class={`board receiving ${layout.value}`} data-layout={layout.value}>
            <Head coming={of.coming.length} />
            {of.off.length > 0 && <ul class="off-banners" aria-label={t("ward.off")}>{of.off.map((a) => <OffBanner key={a.id} alert={a} />)}</ul>}
            <section class="lists" aria-labelledby="alerts-title">
                <h2 id="alerts-title">{t("alerts.title")} ({active})</h2>
                {active === 0 && <p class="quiet">{t("alerts.none")}</p>}
                <Cards word="ward.asked" alerts={of.asked} wall={wall} />
                <Cards word="ward.onTheWay" alerts={of.coming} wall={wall} />
                <Cards word="ward.here" alerts={of.here} wall={wall} />
                {of.gone.length > 0 && (
                    <details class="gone" open={!wall}>
                        <summary>{t("ward.gone")} ({of.gone.length})</summary>
                        <ul>{of.gone.slice(0, GONE_MAX).map((a) => <GoneRow key={a.id} alert={a} />)}</ul>
                    </details>
                )}
                <EndedAlerts alerts={of.ended} />
            </section>
            <Chosen wall={wall} />
            <ServicesDialog />
            <HandoverDialog />
            <ReasonDialog />
        </main>
    );
}
