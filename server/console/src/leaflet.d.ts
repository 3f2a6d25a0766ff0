/* SPDX-License-Identifier: Apache-2.0 */
/* What this page uses of Leaflet 1.9, and nothing else of it. Names that begin with _ are the library's own: map.ts draws through
 * them, and the version is pinned. */
declare module "leaflet/dist/leaflet-src.esm.js" {
    export interface LatLng { readonly lat: number; readonly lng: number }
    export function latLng(lat: number, lng: number): LatLng;
    export class LatLngBounds { constructor(corners: readonly LatLng[]); pad(share: number): LatLngBounds }
    export interface Point { readonly x: number; readonly y: number; add(by: readonly [number, number]): Point; subtract(by: readonly [number, number]): Point }
    export interface Bounds { extend(point: Point): Bounds }
    export interface Renderer { readonly _drawing: boolean; readonly _ctx: CanvasRenderingContext2D }
    export function canvas(options: { padding: number }): Renderer;
    export class Map {
        constructor(box: HTMLElement, options: Record<string, unknown>);
        getZoom(): number;
        setZoom(zoom: number): this;
        getCenter(): LatLng;
        fitBounds(bounds: LatLngBounds, options: { maxZoom: number }): this;
        invalidateSize(): this;
        on(events: string, listener: () => void): this;
        remove(): this;
    }
    export class CircleMarker {
        constructor(at: LatLng, options: { radius: number; interactive: boolean });
        addTo(map: Map): this;
        setLatLng(at: LatLng): this;
        redraw(): this;
        remove(): this;
        on(event: string, listener: () => void): this;
        _updateBounds(): void;
        _updatePath(): void;
        _pxBounds: Bounds;
        _point: Point;
        _renderer: Renderer;
        _map: Map;
    }
}
