/* SPDX-License-Identifier: Apache-2.0 */
/* The names of the fields that few patients have: a part of the page of its own, because it is longer than the rest. */
export { default } from "jz:fields/more";
