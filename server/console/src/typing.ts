/* SPDX-License-Identifier: Apache-2.0 */
/* Which key presses are commands. */

/** True where a key is text and no command: inside a field, while a Chinese input method composes, with modifiers. */
export function isText(event: KeyboardEvent): boolean {
    const at = event.target instanceof Element ? event.target : undefined;
    return event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey ||
        at?.closest("input:not([type=range]), textarea, select, [contenteditable]") != null;
}

/** The key's name in capitals; full-width letters count as well. */
export const keyName = (event: KeyboardEvent): string => event.key.normalize("NFKC").toUpperCase();
