/* SPDX-License-Identifier: Apache-2.0 */
/* How large the pictures of a PDF are on its paper: enough of the format (ISO 32000) to read what Chromium writes. */
import { inflateSync } from "node:zlib";

const NUMBERS = 6, MM_PER_POINT = 25.4 / 72;

/* Objects by number: dictionary text, and the stream's bytes where there is one. */
function objectsOf(bytes) {
    const text = bytes.toString("latin1"), objects = new Map();
    for (const { 1: number, index, 0: head } of text.matchAll(/(?:^|\n)(\d+) 0 obj\s*/g)) {
        const from = index + head.length, end = text.indexOf("endobj", from), stream = text.indexOf("stream", from);
        const has = stream >= 0 && stream < end, dict = text.slice(from, has ? stream : end);
        const start = stream + (text[stream + 6] === "\r" ? 8 : 7), length = Number(/\/Length (\d+)/.exec(dict)?.[1]);
        const raw = has ? bytes.subarray(start, start + length) : undefined;
        objects.set(Number(number), { dict, stream: raw && /FlateDecode/.test(dict) ? inflateSync(raw) : raw });
    }
    return objects;
}

const times = (a, b) => [a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
    a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5]];

/* `rgb`: three bytes a pixel, where it is kept so. */
function picture({ dict, stream }, at) {
    const [width, height] = ["Width", "Height"].map((name) => Number(new RegExp(`/${name} (\\d+)`).exec(dict)?.[1]));
    return { widthMm: Math.hypot(at[0], at[1]) * MM_PER_POINT, heightMm: Math.hypot(at[2], at[3]) * MM_PER_POINT, width, height,
        rgb: stream?.length === width * height * 3 ? stream : undefined };
}

/* Follows q, Q and cm to each Do; forms are followed into. */
function placed(content, names, objects, matrix, out) {
    const stack = [], numbers = [];
    let at = matrix;
    for (const token of content.toString("latin1").split(/\s+/)) {
        if (/^[-+.\d]+$/.test(token)) { numbers.push(Number(token)); continue; }
        if (token === "q") stack.push(at);
        if (token === "Q") at = stack.pop() ?? matrix;
        if (token === "cm") at = times(numbers.slice(-NUMBERS), at);
        if (token.startsWith("/") && names.has(token.slice(1))) {
            const object = objects.get(names.get(token.slice(1))), dict = object?.dict ?? "";
            if (/\/Subtype \/Image/.test(dict)) out.push(picture(object, at));
            else if (/\/Subtype \/Form/.test(dict)) placed(object.stream, namesOf(dict), objects, at, out);
        }
        numbers.length = 0;
    }
    return out;
}
const namesOf = (dict) => new Map([...dict.matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name, number]) => [name, Number(number)]));

/** @returns {{widthMm: number, heightMm: number, images: object[]}[]} pages in order */
export function pagesOf(pdf) {
    const objects = objectsOf(pdf);
    return [...objects.values()].filter(({ dict }) => /\/Type \/Page\b/.test(dict)).map(({ dict }) => {
        const [, , width, height] = /\/MediaBox \[([^\]]+)\]/.exec(dict)[1].trim().split(/\s+/).map(Number);
        const own = /\/Resources (\d+) 0 R/.exec(dict), names = namesOf(dict + (own ? objects.get(Number(own[1])).dict : ""));
        const content = objects.get(Number(/\/Contents (\d+) 0 R/.exec(dict)[1])).stream;
        return { widthMm: width * MM_PER_POINT, heightMm: height * MM_PER_POINT, images: placed(content, names, objects, [1, 0, 0, 1, 0, 0], []) };
    });
}
