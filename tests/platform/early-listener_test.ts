import assert from "node:assert/strict";
import { listenEarly } from "../../src/platform/deno/early-listener.ts";
import { keptLog } from "./support.ts";

Deno.test("before its handler is loaded the process is alive, and other requests wait for the handler", async () => {
  const listener = listenEarly({ hostname: "127.0.0.1", port: 0 }, { status: "live" }, keptLog());
  const url = `http://127.0.0.1:${listener.server.port}`;
  let answered = false;
  const waiting = fetch(`${url}/v1/checkouts`).then((response) => response.text()).finally(() => answered = true);
  for (let n = 0; n < 3; n++) { // later than the other, and answered before it
    const live = await fetch(`${url}/health/live`);
    assert.deepEqual([live.status, await live.json()], [200, { status: "live" }]);
  }
  assert.equal(answered, false);

  listener.serveWith((request) => new Response(new URL(request.url).pathname));
  assert.equal(await waiting, "/v1/checkouts");
  assert.equal(await (await fetch(`${url}/health/live`)).text(), "/health/live");
  await listener.server.stop(1_000);
});
