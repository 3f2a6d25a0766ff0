/* SPDX-License-Identifier: Apache-2.0 */
/* The page's security policy refuses text that becomes elements (require-trusted-types-for 'script'). The map's library makes
 * one such element to find out what the browser can do: that text, and no other, is let through. */
const PROBE = "<svg/>";

interface Policies { createPolicy(name: string, rules: { createHTML: (text: string) => string | null }): unknown }
let done = false;

/** Before the map's library is loaded. A browser without this policy needs nothing. */
export function allowLeaflet(): void {
    const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
    if (done || !policies) return;
    done = true;
    policies.createPolicy("default", { createHTML: (text) => (text === PROBE ? text : null) });
}
