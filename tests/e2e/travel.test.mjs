// SPDX-License-Identifier: Apache-2.0
/* Travel times from a routing service: a real jingzhud asks a service on loopback that speaks OSRM's `table`, and goes on by
 * the road graph when it breaks. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConsoleClient } from "./lib/client.mjs";
import { Stack, facilityIds, root } from "./lib/stack.mjs";

const STORY = join(root, "tests/data/stories/chest-pain.story"), STEP_MS = 60000, SPEED = 60;
const places = facilityIds();
let stack, dispatcher, service, broken = false;
const asked = [];

/* The tenth hospital of the directory is a minute away, all others an hour. */
const NEAR = 9;
function answer(request, response) {
    asked.push(request.url);
    if (broken) {
        response.writeHead(500).end();
        return;
    }
    const durations = [0, ...places.map((_, i) => (i === NEAR ? 60 : 3600))];
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ code: "Ok", durations: [durations] }));
}

before(async () => {
    service = createServer(answer);
    await new Promise((done) => service.listen(0, "127.0.0.1", done));
    stack = new Stack({ travel_url: `http://127.0.0.1:${service.address().port}` });
    stack.addUser("调度员", "dispatcher");
    await stack.startServer();
    dispatcher = await ConsoleClient.open(stack.access("调度员"));
});

after(async () => {
    dispatcher?.close();
    await stack?.stop();
    service?.close();
});

const ranked = (seen) => dispatcher.waitFor(
    () => [...dispatcher.patients.values()].find((p) => p.ranking && !seen.has(p.encounter)), STEP_MS, "ranking");
const seconds = (patient) => new Map(patient.ranking.candidates.map((c) => [c[0], c[1]]));

test("a ranking rests on the times of the routing service, and names it", async () => {
    stack.startBedside(STORY, { speed: SPEED });
    const patient = await ranked(new Set());
    assert.equal(patient.ranking.provider, "osrm");
    assert.match(asked[0], /^\/table\/v1\/driving\/106\.9612000,27\.0613000;/u);
    for (const [place, s] of seconds(patient)) assert.equal(s, place === places[NEAR] ? 61 : 3601);
});

test("when the service breaks the road graph answers, and the log says so", async () => {
    const seen = new Set(dispatcher.patients.keys());
    broken = true;
    stack.startBedside(join(root, "tests/data/stories/pregnancy.story"), { speed: SPEED });
    const patient = await ranked(seen);
    assert.match(patient.ranking.provider, /^road-graph/u);
    await dispatcher.waitFor(() => stack.server.errors.includes('"travel.down"'), STEP_MS, "travel.down in the log");
});
