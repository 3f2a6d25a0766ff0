/* SPDX-License-Identifier: Apache-2.0 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, fieldName } from "../src/strings";
import { axesOf, columns, scaleOf } from "../src/trend";

const HR = codeOf("hr"), TEMP = codeOf("temp_c"), MINUTE = 60000;

test("rows more than 5 min apart are not joined", () => {
    const rows = [0, MINUTE, 6 * MINUTE, 11 * MINUTE + 1].map((ms) => ({ ms, values: [80] }));
    assert.deepEqual(columns(rows, [HR]), [[0, 60, 360, 510.0005, 660.001], [80, 80, 80, null, 80]]);
});

test("temperature has an axis of its own with its name and unit, and no other field is drawn on it", () => {
    assert.deepEqual([HR, TEMP].map(scaleOf), ["y", "temp"]);
    const axis = axesOf([HR, TEMP], "#000").find((a) => a.scale === "temp");
    assert.deepEqual([axis?.side, axis?.label], [1, `${fieldName(TEMP)} °C`]);
    assert.equal(axesOf([HR], "#000").length, 2);
});
