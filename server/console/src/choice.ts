/* SPDX-License-Identifier: Apache-2.0 */
/* Which patient a dispatcher has open. */
import { signal } from "@preact/signals";

export const chosenPatient = signal<string | undefined>(undefined);
export function openPatient(id: string): void { chosenPatient.value = id; }
