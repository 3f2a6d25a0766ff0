/* SPDX-License-Identifier: Apache-2.0 */
/* What the hospital has to offer now: places of each service as it says them itself, and what it diverts. */
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ActLines, ask, isUnderWay } from "./act-dialog";
import { ACTION, REASON, SERVICE } from "./codes";
import { SERVICES, isDiverted, pathOf, placesOf } from "./dispatch-model";
import { HoldButton } from "./hold";
import { act, health, now, state } from "./link";
import { numbered, shownAge, shownSpan, shownTime, t, type Word } from "./strings";
import type { Acting } from "./state";
import type { Facility, Path, Service } from "./wire";

const ED_COLOURS = [0, 1, 2, 3], EDS = ["green", "yellow", "red", "black"];
const HOUR_MS = 3600000, MINUTE_MS = 60000;
const WARN_MS = 10 * MINUTE_MS; /* a diversion that ends soon (console.md 6) */

export const servicesOpen = signal(false);
export const ownFacility = (): Facility | undefined => state.value.facilities.get(state.value.me?.facility ?? "");
const isOwn = (a: Acting): boolean => a.what === ACTION.setCapacity || a.what === ACTION.divert || a.what === ACTION.endDivert;
const hhmm = (ms: number): string => shownTime(ms).slice(0, 5);

/** The free places in words; a number that has expired is none. */
export function freeWords(service: number, of: Service | undefined): string {
    const places = placesOf(of, now.value);
    if (places.kind === "unknown") return t("ward.placesUnknown");
    if (places.kind === "expired") return t("ward.placesExpired");
    if (service === SERVICE.ed) return numbered("ed", places.free);
    return places.free < 0 ? t("ward.placesOver", { n: -places.free }) : t("ward.placesFree", { n: places.free });
}

/* --- the strip above the board ---------------------------------------------------------------------------- */

function Chip({ service, of }: { service: number; of: Service | undefined }) {
    const places = placesOf(of, now.value), diverted = isDiverted(of, now.value), left = (of?.divertedUntilMs ?? 0) - now.value;
    const colour = service === SERVICE.ed && places.kind === "known" ? EDS[places.free] ?? "" : "";
    return (
        <li class={`chip ${places.kind} ${diverted ? "diverts" : ""}`} data-service={service} data-places={places.kind}>
            {numbered("service", service)} {colour && <span class={`dot ${colour}`} />}
            <strong class={places.kind === "known" ? "" : "doubtful-words"}>{freeWords(service, of)}</strong>
            {diverted && <strong class={`diverts-words ${left <= WARN_MS ? "soon" : ""}`}> {t("ward.divertsFor", { s: shownSpan(left) })}</strong>}
        </li>
    );
}

export function ServiceStrip({ wall }: { wall: boolean }) {
    const of = ownFacility(), rows = of?.services;
    const shown = wall ? SERVICES.filter((s) => rows?.has(s)) : SERVICES; /* on a wall only what somebody spoke of */
    return (
        <div class="service-strip">
            <ul aria-label={t("ward.services")}>{shown.map((s) => <Chip key={s} service={s} of={rows?.get(s)} />)}</ul>
            <button type="button" data-testid="services" onClick={() => { servicesOpen.value = true; }}>{t("ward.servicesOpen")} <kbd>D</kbd></button>
        </div>
    );
}

/* --- whether an alert would be heard ---------------------------------------------------------------------- */

const age = (path: Path | undefined): string => (path && path.soundedMs > 0 ? shownAge(now.value - path.soundedMs) : "");

/** Always on the board: how long ago the way from the centre to this hospital's sound was last proven. */
export function PathLine() {
    const path = ownFacility()?.path, is = pathOf(path), since = age(path);
    const words = is === "dead" ? t("ward.pathDead", { n: path?.missed ?? 0 }) : since === "" ? t(is === "sent" ? "ward.pathTrying" : "ward.pathNever") : t("ward.pathAlive", { age: since });
    return (
        <span class={`path-line ${is}`} data-testid="path" data-path={is}>
            {is === "dead" ? <strong>!!! {words}{since && ` (${t("ward.pathAlive", { age: since })})`}</strong> : words}
        </span>
    );
}

/* --- saying it -------------------------------------------------------------------------------------------- */

const LIVES = [1, 2, 4, 8, 24]; /* hours; 1 where nobody says otherwise and 24 at most: docs/protocol.md, "Actions" */
const PLACES_MAX = 200;         /* above that the server takes it for a slip of the hand */

function SetPlaces({ service }: { service: number }) {
    const typed = useSignal(""), hours = useSignal(1), ed = service === SERVICE.ed;
    const value = /^\d{1,3}$/.test(typed.value.trim()) ? Number(typed.value) : -1, may = value >= 0 && value <= PLACES_MAX && health.value !== "lost";
    const said = (event: Event): void => {
        event.preventDefault();
        if (may && act({ what: ACTION.setCapacity, code: service, value, ms: now.value + hours.value * HOUR_MS }) > 0) typed.value = "";
    };
    const name = numbered("service", service);
    return (
        <form class="set-places" onSubmit={said}>
            {ed ? (
                <select aria-label={t("ward.edColour")} value={typed.value} onChange={(e) => { typed.value = e.currentTarget.value; }}>
                    <option value="">{t("answer.choose")}</option>
                    {ED_COLOURS.map((n) => <option key={n} value={String(n)}>{numbered("ed", n)}</option>)}
                </select>
            ) : <input inputMode="numeric" autocomplete="off" maxLength={3} aria-label={t("ward.placesNow", { s: name })} value={typed.value}
                onInput={(e) => { typed.value = e.currentTarget.value; }} />}
            <select aria-label={t("ward.placesFor", { s: name })} value={hours.value} onChange={(e) => { hours.value = Number(e.currentTarget.value); }}>
                {LIVES.map((n) => <option key={n} value={n}>{t("ward.hours", { n })}</option>)}
            </select>
            <button type="submit" disabled={!may} data-set={service} aria-label={t("ward.placesSet", { s: name })}>{t("ward.set")}</button>
        </form>
    );
}

const DIVERT_REASONS = [REASON.equipment, REASON.full, REASON.staff, REASON.power, REASON.infection, REASON.other];
const DIVERT_MINUTES = [30, 60, 120, 240]; /* 60 where nobody says otherwise, 4 h at most */
const minutes = signal(60);

function askDivert(service: number): void {
    minutes.value = 60;
    const name = numbered("service", service);
    ask({
        title: t("ward.divertTitle", { s: name }), lines: [t("ward.divertWhat")], reasons: DIVERT_REASONS, danger: true, confirm: t("ward.divertConfirm", { s: name }),
        form: () => (
            <>
                <label for="divert-minutes">{t("ward.divertFor")}</label>
                <select id="divert-minutes" value={minutes.value} onChange={(e) => { minutes.value = Number(e.currentTarget.value); }}>
                    {DIVERT_MINUTES.map((n) => <option key={n} value={n}>{t("ward.minutes", { n })}</option>)}
                </select>
                <p class="quiet">{t("ward.divertUntil", { time: hhmm(now.value + minutes.value * MINUTE_MS) })}</p>
            </>
        ),
        send: ({ reason, text }) => act({ what: ACTION.divert, code: service, ms: now.value + minutes.value * MINUTE_MS, reason, text }),
    });
}

function Divert({ service, of }: { service: number; of: Service | undefined }) {
    const diverts = isDiverted(of, now.value), left = (of?.divertedUntilMs ?? 0) - now.value, name = numbered("service", service);
    const hold = t(diverts ? "ward.divertMore" : "ward.divert");
    const busy = health.value === "lost" || isUnderWay((a) => isOwn(a) && a.what !== ACTION.setCapacity && a.code === service);
    return (
        <>
            {diverts && of && (
                <p class={`diverts-words ${left <= WARN_MS ? "soon" : ""}`} data-testid="diverted">
                    <strong>{t("ward.divertsFor", { s: shownSpan(left) })}</strong> {t("ward.divertUntil", { time: hhmm(of.divertedUntilMs) })}
                    {of.reason > 0 && <> · {numbered("cause", of.reason)}</>} · {of.divertedBy}
                </p>
            )}
            <div class="answers">
                <HoldButton held={() => askDivert(service)} disabled={busy} data-divert={service} class="decline" label={`${hold}: ${name}`}>{hold}</HoldButton>
                {diverts && <button type="button" disabled={busy} data-end-divert={service} aria-label={t("ward.divertEndOf", { s: name })}
                    onClick={() => act({ what: ACTION.endDivert, code: service })}>{t("ward.divertEnd")}</button>}
            </div>
        </>
    );
}

function Said({ of }: { of: Service | undefined }) {
    const places = placesOf(of, now.value);
    if (places.kind === "unknown" || !of) return null;
    const words = places.kind === "expired" ? t("ward.expiredAt", { time: hhmm(of.expiresMs) })
        : t("ward.expiresIn", { s: shownSpan(of.expiresMs - now.value), time: hhmm(of.expiresMs) });
    return <p class="quiet">{t("ward.saidBy", { who: of.owner, age: shownAge(places.ageMs) })} · <span class={places.kind === "expired" ? "escalated" : ""}>{words}</span></p>;
}

function ServiceRow({ service, of }: { service: number; of: Service | undefined }) {
    const places = placesOf(of, now.value);
    return (
        <tr data-service={service} data-places={places.kind}>
            <th scope="row">{numbered("service", service)}</th>
            <td>
                <strong class={places.kind === "known" ? "" : "doubtful-words"}>{freeWords(service, of)}</strong>
                {places.held > 0 && <span class="held"> {t("ward.held", { n: places.held })}</span>}
                <Said of={of} />
            </td>
            <td><SetPlaces service={service} /></td>
            <td><Divert service={service} of={of} /></td>
        </tr>
    );
}

const COLUMNS: readonly Word[] = ["ward.service", "ward.placesHead", "ward.placesSay", "ward.divertHead"];

/** Every service: what stands, until when, and how to say something else. */
export function ServicesDialog() {
    const dialog = useRef<HTMLDialogElement>(null), open = servicesOpen.value, rows = ownFacility()?.services;
    useEffect(() => {
        if (open && !dialog.current?.open) dialog.current?.showModal();
        if (!open) dialog.current?.close();
    }, [open]);
    return (
        <dialog ref={dialog} class="services-dialog" aria-labelledby="services-title" onClose={() => { servicesOpen.value = false; }}>
            {open && (
                <>
                    <header><h2 id="services-title">{t("ward.services")}</h2><button type="button" onClick={() => { servicesOpen.value = false; }}>{t("help.close")}</button></header>
                    <p class="quiet">{t("ward.placesWhat")}</p>
                    <ActLines of={isOwn} label="ward.services" />
                    <table>
                        <thead><tr>{COLUMNS.map((w) => <th key={w} scope="col">{t(w)}</th>)}</tr></thead>
                        <tbody>{SERVICES.map((s) => <ServiceRow key={s} service={s} of={rows?.get(s)} />)}</tbody>
                    </table>
                </>
            )}
        </dialog>
    );
}
