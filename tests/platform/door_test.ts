import assert from "node:assert/strict";
import { openDoor } from "../../src/platform/deno/door.ts";
import { keptLog } from "./support.ts";

Deno.test("before the door is open the process is alive, and who asks for more waits until it is", async () => {
  const door = openDoor({ hostname: "127.0.0.1", port: 0 }, { status: "live" }, keptLog());
  const early = Promise.withResolvers<void>();
  const server = door.server;
  const url = `http://127.0.0.1:${server.port}`;
  const waiting = fetch(`${url}/v1/checkouts`).then((response) => response.text());
  void waiting.then(() => early.resolve());
  const live = await fetch(`${url}/health/live`);
  assert.deepEqual([live.status, await live.json()], [200, { status: "live" }]);
  const first = await Promise.race([early.promise.then(() => "answered"), Promise.resolve("waits")]);
  assert.equal(first, "waits");

  door.open((request) => new Response(new URL(request.url).pathname));
  assert.equal(await waiting, "/v1/checkouts");
  assert.equal(await (await fetch(`${url}/health/live`)).text(), "/health/live");
  await server.stop(1_000);
});
