/* SPDX-License-Identifier: Apache-2.0 */
/* The region: what every hospital said of its places and how old that is, the vehicles, and the map. */
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ActLines, ask } from "./act-dialog";
import { AlertTable, facilityName } from "./alert";
import { chosenPatient, openPatient } from "./choice";
import { ACTION, PHASE, REASON, SERVICE } from "./codes";
import { SERVICES, etaOf, fixOf, isDiverted, isOfRegion, pathOf, placesOf, ringOf } from "./dispatch-model";
import { act, health, now, state } from "./link";
import type { RegionMap } from "./map";
import { destinationOf, isEnded, isOver, patientsByPriority } from "./state";
import { either, language, numbered, shownAge, shownTime, t, type Word } from "./strings";
import { allowLeaflet } from "./trusted";
import type { Alert, Facility, Patient, Service } from "./wire";

export type Tab = "alerts" | "hospitals" | "map" | "fleet";
const TABS: readonly Tab[] = ["alerts", "hospitals", "map", "fleet"];
export const tab = signal<Tab>("alerts");
let before: Tab = "alerts";

/** To the map and back. */
export function toggleMap(): void {
    if (tab.value === "map") tab.value = before;
    else { before = tab.value; tab.value = "map"; }
}

/* --- hospitals -------------------------------------------------------------------------------------------- */

const ED_COLOURS = 4;
const freeWords = (service: number, free: number): string => (service === SERVICE.ed ? (free >= 0 && free < ED_COLOURS ? t(`ed.${free}` as Word) : String(free))
    : free < 0 ? t("places.over", { n: -free }) : String(free));

/* What is known of one service, in words: an expired number is not a number any more, and says so. */
function ServiceCell({ service, of }: { service: number; of: Service | undefined }) {
    const places = placesOf(of, now.value), diverted = isDiverted(of, now.value);
    return (
        <td class="service" data-service={service} data-places={places.kind}>
            {places.kind === "unknown" && <span class="doubtful-text">{t("places.unknown")}</span>}
            {places.kind === "known" && <><strong>{freeWords(service, places.free)}</strong> <small class="quiet">{shownAge(places.ageMs)}</small></>}
            {places.kind === "expired" && <span class="doubtful-text">{t("places.expired", { n: freeWords(service, places.free) })} <small>{shownAge(places.ageMs)}</small></span>}
            {places.held > 0 && <small class="held"> {t("places.held", { n: places.held })}</small>}
            {diverted && of && <div class="diverted">{t("divert.until", { time: shownTime(of.divertedUntilMs).slice(0, 5) })} <small>{of.reason > 0 && numbered("cause", of.reason)} {of.divertedBy}</small></div>}
        </td>
    );
}

function PathCell({ of }: { of: Facility }) {
    const path = pathOf(of.path), age = of.path && of.path.soundedMs > 0 ? shownAge(now.value - of.path.soundedMs) : "";
    return (
        <td data-path={path} class={path === "dead" ? "path-dead" : ""}>
            {path === "dead" ? <span class="technical-line">!! {t("path.dead", { n: of.path?.missed ?? 0 })}</span>
                : <span class={path === "alive" ? "" : "doubtful-text"}>{t(`path.${path}`)}</span>} <small class="quiet">{age}</small>
        </td>
    );
}

const asked = { service: signal<number>(SERVICE.cathLab), minutes: signal(60), places: signal("") };
const DIVERT_REASONS = [REASON.equipment, REASON.full, REASON.staff, REASON.power, REASON.infection, REASON.other];
const DIVERT_MINUTES = [30, 60, 120, 240]; /* 60 where nobody says otherwise, 4 h at most: docs/protocol.md, "Actions" */

function ServicePicker({ of }: { of: readonly number[] }) {
    return (
        <>
            <label for="region-service">{t("region.service")}</label>
            <select id="region-service" value={asked.service.value} onChange={(e) => { asked.service.value = Number(e.currentTarget.value); }}>
                {of.map((s) => <option key={s} value={s}>{numbered("service", s)}</option>)}
            </select>
        </>
    );
}

function divert(of: Facility): void {
    asked.minutes.value = 60;
    ask({
        title: t("divert.title", { hospital: facilityName(of.id) }), lines: [t("region.onBehalf"), t("divert.what")], reasons: DIVERT_REASONS, danger: true,
        form: () => (
            <>
                <ServicePicker of={SERVICES} />
                <label for="divert-minutes">{t("divert.for")}</label>
                <select id="divert-minutes" value={asked.minutes.value} onChange={(e) => { asked.minutes.value = Number(e.currentTarget.value); }}>
                    {DIVERT_MINUTES.map((n) => <option key={n} value={n}>{t("rank.minutes", { n })}</option>)}
                </select>
            </>
        ),
        send: ({ reason, text }) => act({ what: ACTION.divert, facility: of.id, code: asked.service.value, ms: now.value + asked.minutes.value * 60000, reason, text }),
    });
}

function endDivert(of: Facility): void {
    const diverted = SERVICES.filter((s) => isDiverted(of.services.get(s), now.value));
    asked.service.value = diverted[0] ?? SERVICE.ed;
    ask({
        title: t("divert.endTitle", { hospital: facilityName(of.id) }), lines: [t("region.onBehalf")], form: () => <ServicePicker of={diverted} />,
        send: () => act({ what: ACTION.endDivert, facility: of.id, code: asked.service.value }),
    });
}

const PLACES_MAX = 99;
const isCount = (text: string): boolean => /^\d{1,2}$/.test(text.trim()) && Number(text) <= PLACES_MAX;

function Count() {
    const ed = asked.service.value === SERVICE.ed;
    return (
        <>
            <ServicePicker of={SERVICES} />
            <label for="region-places">{t(ed ? "places.colour" : "places.count")}</label>
            {ed ? (
                <select id="region-places" value={asked.places.value} onChange={(e) => { asked.places.value = e.currentTarget.value; }}>
                    <option value="">{t("answer.choose")}</option>
                    {Array.from({ length: ED_COLOURS }, (_, n) => <option key={n} value={String(n)}>{t(`ed.${n}` as Word)}</option>)}
                </select>
            ) : <input id="region-places" inputMode="numeric" autocomplete="off" value={asked.places.value} onInput={(e) => { asked.places.value = e.currentTarget.value; }} />}
        </>
    );
}

function setPlaces(of: Facility): void {
    asked.places.value = "";
    ask({
        title: t("places.title", { hospital: facilityName(of.id) }), lines: [t("region.onBehalf"), t("places.what")], form: () => <Count />,
        ready: () => isCount(asked.places.value) && (asked.service.value !== SERVICE.ed || Number(asked.places.value) < ED_COLOURS),
        send: () => act({ what: ACTION.setCapacity, facility: of.id, code: asked.service.value, value: Number(asked.places.value) }),
    });
}

function HospitalRow({ of }: { of: Facility }) {
    const coming = [...state.value.alerts.values()].filter((a) => a.facility === of.id && !isEnded(a)).length;
    const lost = health.value === "lost", diverts = SERVICES.some((s) => isDiverted(of.services.get(s), now.value));
    return (
        <tr data-facility={of.id}>
            <th scope="row">
                {either(of.zh, of.en)} {coming > 0 && <span class="tagged">{t("region.coming", { n: coming })}</span>}
                <div class="row-buttons">
                    <button type="button" disabled={lost} data-region="places" aria-label={t("places.title", { hospital: facilityName(of.id) })} onClick={() => setPlaces(of)}>{t("places.set")}</button>
                    <button type="button" disabled={lost} data-region="divert" aria-label={t("divert.title", { hospital: facilityName(of.id) })} onClick={() => divert(of)}>{t("divert.set")}</button>
                    {diverts && <button type="button" disabled={lost} data-region="end-divert" aria-label={t("divert.endTitle", { hospital: facilityName(of.id) })} onClick={() => endDivert(of)}>{t("divert.end")}</button>}
                </div>
            </th>
            <PathCell of={of} />
            {SERVICES.map((s) => <ServiceCell key={s} service={s} of={of.services.get(s)} />)}
        </tr>
    );
}

const search = signal("");

function Hospitals() {
    const words = search.value.trim().toLowerCase();
    const all = [...state.value.facilities.values()], shown = all.filter((f) => `${f.zh} ${f.en} ${f.id}`.toLowerCase().includes(words));
    return (
        <>
            <label class="find"><span>{t("region.find")}</span> <input type="search" value={search.value} onInput={(e) => { search.value = e.currentTarget.value; }} /></label>
            <ActLines of={isOfRegion} label="region.title" />
            <div class="scroll" tabIndex={0} role="region" aria-label={t("region.title")}>
                <table id="hospitals">
                    <thead><tr>
                        <th scope="col">{t("alerts.facility")}</th><th scope="col">{t("path.title")}</th>
                        {SERVICES.map((s) => <th key={s} scope="col">{numbered("service", s)}</th>)}
                    </tr></thead>
                    <tbody>{shown.map((f) => <HospitalRow key={f.id} of={f} />)}</tbody>
                </table>
            </div>
        </>
    );
}

/* --- vehicles --------------------------------------------------------------------------------------------- */

const SILENT_MS = 30000; /* as in the list */

function FleetRow({ of }: { of: Patient }) {
    const silentMs = now.value - of.lastMs, fixMs = of.position ? now.value - of.position.ms : undefined, eta = etaOf(state.value, of);
    const to = destinationOf(state.value, of);
    return (
        <tr data-encounter={of.id}>
            <th scope="row"><button type="button" class="link callsign" onClick={() => openPatient(of.id)}>{of.callsign || t("patients.unnamed")}</button></th>
            <td>{numbered("phase", of.phase)}</td>
            <td>{to ? facilityName(to.facility) : "–"}{eta && <span class="quiet number"> {shownTime(eta.atMs).slice(0, 5)}</span>}</td>
            <td class={of.devices === 0 ? "doubtful" : ""}>{of.devices === 0 ? t("fleet.noDevice") : of.devices}</td>
            <td class={`number ${silentMs > SILENT_MS ? "doubtful" : ""}`}>{silentMs > SILENT_MS && <span class="plug">⏚ </span>}{shownAge(silentMs)}</td>
            <td class={`number ${fixMs === undefined || fixOf(fixMs) === "grey" ? "doubtful" : ""}`}>{fixMs === undefined ? t("fleet.noFix") : shownAge(fixMs)}</td>
        </tr>
    );
}

function Fleet() {
    const live = patientsByPriority(state.value).filter((p) => !isOver(p)).slice(0, 40);
    if (live.length === 0) return <p class="quiet">{t("patients.none")}</p>;
    return (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("fleet.title")}>
            <table id="fleet">
                <thead><tr>{(["patients.unit", "fleet.phase", "patients.destination", "fleet.devices", "patients.last", "fleet.fix"] as const)
                    .map((w) => <th key={w} scope="col">{t(w)}</th>)}</tr></thead>
                <tbody>{live.map((p) => <FleetRow key={p.id} of={p} />)}</tbody>
            </table>
        </div>
    );
}

/* --- map -------------------------------------------------------------------------------------------------- */

const NAMED_MAX = 12; /* more names than this cover each other until the map is drawn larger */
const RING_SERVICES = [SERVICE.cathLab, SERVICE.obstetrics, SERVICE.nicu, SERVICE.icu, SERVICE.ed];
const ring = signal<number>(SERVICE.cathLab);

function show(map: RegionMap): void {
    const at = now.value, live = [...state.value.patients.values()].filter((p) => p.position && p.phase !== PHASE.closed && p.phase !== PHASE.merged);
    map.show([...state.value.facilities.values()].map((f) => ({ id: f.id, lat: f.lat, lon: f.lon, name: either(f.zh, f.en), ring: ringOf(f, ring.value, at) })),
        live.map((p) => ({ id: p.id, lat: p.position?.lat ?? 0, lon: p.position?.lon ?? 0, name: p.callsign || t("patients.unnamed"), priority: p.priority,
            fix: fixOf(at - (p.position?.ms ?? 0)), chosen: chosenPatient.value === p.id, named: live.length <= NAMED_MAX })));
}

function MapPanel() {
    const box = useRef<HTMLDivElement>(null), map = useRef<RegionMap | undefined>(undefined), failed = useSignal(false), scale = useSignal("");
    const located = [...state.value.patients.values()].filter((p) => p.position).length;
    useEffect(() => {
        let gone = false;
        allowLeaflet();
        import("./map").then(({ regionMap }) => {
            if (gone || !box.current) return;
            map.current = regionMap(box.current, openPatient, (km) => { scale.value = km; });
            show(map.current);
            map.current.fit();
        }, () => { failed.value = true; });
        return () => { gone = true; map.current?.destroy(); map.current = undefined; };
    }, []);
    useEffect(() => { if (map.current) show(map.current); }, [ring.value, chosenPatient.value, Math.floor(now.value / 1000), language.value]);
    return (
        <div class="map">
            <div class="tools">
                <label>{t("map.ring")} <select value={ring.value} onChange={(e) => { ring.value = Number(e.currentTarget.value); }}>
                    {RING_SERVICES.map((s) => <option key={s} value={s}>{numbered("service", s)}</option>)}
                </select></label>
                <button type="button" onClick={() => map.current?.zoom(1)} aria-label={t("map.in")}>+</button>
                <button type="button" onClick={() => map.current?.zoom(-1)} aria-label={t("map.out")}>−</button>
                <button type="button" onClick={() => map.current?.fit()}>{t("map.fit")}</button>
                <span class="scale number">{scale}</span>
            </div>
            <div ref={box} class="map-box" role="img" aria-label={t("map.text", { n: located, m: state.value.facilities.size })} data-testid="map" />
            <p class={failed.value ? "problem" : "quiet legend"}>{t(failed.value ? "map.failed" : "map.legend")}</p>
        </div>
    );
}

/* --- the tabs --------------------------------------------------------------------------------------------- */

export function Region({ open }: { open: (alert: Alert) => void }) {
    const shown = tab.value;
    return (
        <section class={`region ${shown === "map" ? "shows-map" : ""}`} aria-labelledby="region-title">
            <h2 id="region-title" class="unseen">{t("region.title")}</h2>
            <div class="tabs" role="group" aria-label={t("region.title")}>{TABS.map((name) => (
                <button key={name} type="button" aria-pressed={shown === name} data-tab={name} onClick={() => { tab.value = name; }}>
                    {t(`tab.${name}`)} {name === "map" && <kbd>M</kbd>}</button>))}</div>
            {shown === "alerts" && <AlertTable open={open} />}
            {shown === "hospitals" && <Hospitals />}
            {shown === "map" && <MapPanel />}
            {shown === "fleet" && <Fleet />}
        </section>
    );
}
