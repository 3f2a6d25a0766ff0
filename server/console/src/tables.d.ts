/* SPDX-License-Identifier: Apache-2.0 */
/* protocol/fields.csv, built in by build.mjs: the console reads the same table as the server. */
declare module "*/fields.csv" {
    export interface FieldRow {
        readonly code: number;
        readonly field: string;
        readonly kind: string; /* v vital, f finding, a fact */
        readonly scale: number;
        readonly unit: string;
        readonly fresh_s: number;
        readonly zh: string;
        readonly en: string;
    }
    const rows: readonly FieldRow[];
    export default rows;
}
declare module "*.css" {}
