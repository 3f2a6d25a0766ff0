/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of protocol/fields/, built in by build.mjs: the console reads the same table as the server. */
declare module "jz:fields" {
    export interface FieldRow {
        readonly code: number;
        readonly field: string;
        readonly kind: string; /* v vital, f finding, a fact, e event */
        readonly scale: number;
        readonly unit: string;
        readonly fresh_s: number;
        readonly words: string; /* of an {enum}: "A=1 C=2" */
        readonly zh: string;
        readonly en: string;
    }
    const rows: readonly FieldRow[];
    export default rows;
}
declare module "jz:fields/more" {
    export { default } from "jz:fields";
}
declare module "*.css" {}
declare module "jz:conditions" {
    /** clinical-rules/packs/routing/conditions.yaml. `needs`: keys of capabilities that a hospital must have, then those preferred. */
    export interface ConditionRow { id: string; zh: string; en: string; needs: string[] }
    const rows: ConditionRow[];
    export default rows;
}
