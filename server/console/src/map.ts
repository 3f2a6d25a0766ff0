/* SPDX-License-Identifier: Apache-2.0 */
/* The map: hospitals and vehicles on an empty plane, drawn by Leaflet on one canvas. Nothing is fetched: there are no tiles. Loaded
 * when it is first opened. Colours never say an alarm here; shapes say what is what. */
import { CircleMarker, LatLngBounds, Map as LeafletMap, canvas, latLng } from "leaflet/dist/leaflet-src.esm.js";

export interface Place { id: string; lat: number; lon: number; name: string; ring: "diverted" | "free" | "full" | "unknown" }
export interface Vehicle { id: string; lat: number; lon: number; name: string; priority: number; fix: "fresh" | "hollow" | "grey"; chosen: boolean; named: boolean }
export interface RegionMap {
    show(places: readonly Place[], vehicles: readonly Vehicle[]): void;
    zoom(by: number): void;
    fit(): void;
    destroy(): void;
}

const GUIYANG = latLng(26.58, 106.71), ZOOM = 11, ZOOM_MIN = 6, ZOOM_MAX = 16, LABEL_ZOOM = 11;
const RADIUS_PX = 9, LABEL_PX = 110, SCALE_PX = 100, EARTH_M_PER_PX = 156543.03; /* Web Mercator at zoom 0 on the equator */

const INKS = ["--ink", "--quiet", "--link", "--paper"] as const;
let inks: Readonly<Record<string, string>> = {};
/* The theme's colours, read once for a whole picture. */
function readInks(): void {
    const style = getComputedStyle(document.documentElement);
    inks = Object.fromEntries(INKS.map((name) => [name, style.getPropertyValue(name).trim()]));
}
const colour = (name: (typeof INKS)[number]): string => inks[name] || "#888";

type Draw = (context: CanvasRenderingContext2D, x: number, y: number, zoom: number) => void;

/* A point that draws itself on the renderer's canvas; its bounds have room for the words beside it. */
class Mark extends CircleMarker {
    draw: Draw = () => undefined;
    override _updateBounds(): void {
        super._updateBounds();
        this._pxBounds.extend(this._point.add([LABEL_PX, RADIUS_PX * 2]))?.extend(this._point.subtract([RADIUS_PX * 2, RADIUS_PX * 2]));
    }
    override _updatePath(): void {
        if (!this._renderer._drawing || !this._point) return;
        this.draw(this._renderer._ctx, this._point.x, this._point.y, this._map.getZoom());
    }
}

function label(context: CanvasRenderingContext2D, words: string, x: number, y: number): void {
    context.font = "12px system-ui, sans-serif";
    context.lineWidth = 3;
    context.strokeStyle = colour("--paper");
    context.strokeText(words, x + RADIUS_PX + 4, y + 4, LABEL_PX - RADIUS_PX);
    context.fillText(words, x + RADIUS_PX + 4, y + 4, LABEL_PX - RADIUS_PX);
}

/* A hospital is a cross in a ring: whole where places are free, dashed where nobody knows, struck through where none is free,
 * double where it diverts. */
function drawPlace(of: Place): Draw {
    return (context, x, y, zoom) => {
        const ink = colour(of.ring === "unknown" ? "--quiet" : "--ink");
        context.save();
        context.strokeStyle = context.fillStyle = ink;
        context.lineWidth = 2;
        context.beginPath();
        context.moveTo(x - 4, y); context.lineTo(x + 4, y); context.moveTo(x, y - 4); context.lineTo(x, y + 4);
        context.stroke();
        if (of.ring === "unknown") context.setLineDash([3, 3]);
        context.beginPath();
        context.arc(x, y, RADIUS_PX, 0, 2 * Math.PI);
        context.stroke();
        context.setLineDash([]);
        if (of.ring === "diverted") { context.beginPath(); context.arc(x, y, RADIUS_PX + 4, 0, 2 * Math.PI); context.stroke(); }
        if (of.ring === "full") { context.beginPath(); context.moveTo(x - 8, y + 8); context.lineTo(x + 8, y - 8); context.stroke(); }
        if (zoom >= LABEL_ZOOM) label(context, of.name, x, y);
        context.restore();
    };
}

function outline(context: CanvasRenderingContext2D, priority: number, x: number, y: number): void {
    const r = RADIUS_PX;
    context.beginPath();
    if (priority <= 2) { context.moveTo(x, y - r); context.lineTo(x + r, y + r * 0.8); context.lineTo(x - r, y + r * 0.8); context.closePath(); }
    else if (priority === 3) context.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
    else context.arc(x, y, r * 0.85, 0, 2 * Math.PI);
}

/* A vehicle: triangle, square or disc by urgency; filled while its fix is fresh, hollow, then grey. The line says whither it went
 * between its last two fixes. */
function drawVehicle(of: Vehicle, heading: number | undefined): Draw {
    return (context, x, y, zoom) => {
        const ink = colour(of.fix === "grey" ? "--quiet" : "--link");
        context.save();
        context.strokeStyle = context.fillStyle = ink;
        context.lineWidth = 2;
        outline(context, of.priority, x, y);
        if (of.fix === "fresh") context.fill();
        context.stroke();
        if (heading !== undefined) {
            context.beginPath();
            context.moveTo(x, y);
            context.lineTo(x + 18 * Math.sin(heading), y - 18 * Math.cos(heading));
            context.stroke();
        }
        if (of.chosen) { context.strokeStyle = colour("--ink"); context.beginPath(); context.arc(x, y, RADIUS_PX + 5, 0, 2 * Math.PI); context.stroke(); }
        context.fillStyle = colour(of.fix === "grey" ? "--quiet" : "--ink");
        if (of.chosen || of.named || zoom > LABEL_ZOOM) label(context, of.name, x, y);
        context.restore();
    };
}

interface Held { mark: Mark; lat: number; lon: number; heading?: number | undefined }
const FIX_MOVED_DEG = 0.0002; /* some 20 m: less is the receiver's own noise */

function headingOf(from: { lat: number; lon: number }, to: { lat: number; lon: number }): number | undefined {
    const north = to.lat - from.lat, east = (to.lon - from.lon) * Math.cos((to.lat * Math.PI) / 180);
    return Math.hypot(north, east) < FIX_MOVED_DEG ? undefined : Math.atan2(east, north);
}

/** @param pick  a vehicle was pressed  @param scaled  words of the scale, whenever they change */
export function regionMap(box: HTMLElement, pick: (encounter: string) => void, scaled: (words: string) => void): RegionMap {
    const map = new LeafletMap(box, {
        center: GUIYANG, zoom: ZOOM, minZoom: ZOOM_MIN, maxZoom: ZOOM_MAX, renderer: canvas({ padding: 0.1 }), zoomControl: false, attributionControl: false,
        keyboard: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false,
    });
    const held = new Map<string, Held>();
    let known: LatLngBounds | undefined;
    const tellScale = (): void => {
        const m = (EARTH_M_PER_PX * Math.cos((map.getCenter().lat * Math.PI) / 180) * SCALE_PX) / 2 ** map.getZoom();
        scaled(m >= 1000 ? `${(m / 1000).toFixed(m < 10000 ? 1 : 0)} km` : `${Math.round(m)} m`);
    };
    const put = (key: string, lat: number, lon: number, draw: (one: Held) => Draw, press?: () => void): void => {
        let one = held.get(key);
        if (!one) {
            one = { mark: new Mark(latLng(lat, lon), { radius: RADIUS_PX + 3, interactive: press !== undefined }), lat, lon };
            one.mark.addTo(map);
            if (press) one.mark.on("click", press);
            held.set(key, one);
        } else if (one.lat !== lat || one.lon !== lon) {
            one.heading = headingOf(one, { lat, lon }) ?? one.heading;
            Object.assign(one, { lat, lon });
            one.mark.setLatLng(latLng(lat, lon));
        }
        one.mark.draw = draw(one);
        one.mark.redraw();
    };
    const resize = new ResizeObserver(() => map.invalidateSize());
    map.on("zoomend moveend", tellScale);
    resize.observe(box);
    tellScale();
    return {
        show(places, vehicles) {
            readInks();
            const now = new Set([...places.map((p) => `f${p.id}`), ...vehicles.map((v) => `v${v.id}`)]);
            for (const [key, one] of held) if (!now.has(key)) { one.mark.remove(); held.delete(key); }
            for (const p of places) put(`f${p.id}`, p.lat, p.lon, () => drawPlace(p));
            for (const v of vehicles) put(`v${v.id}`, v.lat, v.lon, (one) => drawVehicle(v, one.heading), () => pick(v.id));
            const all = [...places, ...vehicles].map((x) => latLng(x.lat, x.lon));
            known = all.length > 0 ? new LatLngBounds(all) : undefined;
            box.dataset["places"] = String(places.length);
            box.dataset["vehicles"] = String(vehicles.length);
        },
        zoom(by) { map.setZoom(map.getZoom() + by); },
        fit() { if (known) map.fitBounds(known.pad(0.1), { maxZoom: 13 }); },
        destroy() { resize.disconnect(); map.remove(); },
    };
}
