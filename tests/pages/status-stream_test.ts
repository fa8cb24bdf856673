import assert from "node:assert/strict";
import { StatusWatcher } from "../../src/pages/pay/status-watcher.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { shopping, type Visit } from "./shopper.ts";

/** Reads a stream of events to its end, or until `enough`. */
async function listen(
  run: InProcess,
  visit: Visit,
  enough: (text: string) => boolean,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await run.app.request(`${visit.path}/events?token=${visit.token}`, { headers });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.match(response.headers.get("cache-control") ?? "", /no-transform/);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader(); // a 200 has a body
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += new TextDecoder().decode(value);
    if (enough(text)) break;
  }
  await reader.cancel();
  return text;
}

Deno.test("the stream tells the status now, then each change with its version as id, and ends with the checkout", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { phone_number: "0712345678" });
    const told = listen(run, visit, () => false);
    await run.pass();
    const text = await told;
    const statuses = [...text.matchAll(/event: status\ndata: (.*)\nid: (\d+)\n\n/g)];
    assert.deepEqual(statuses.map(([, data]) => JSON.parse(data ?? "").status), ["pending", "succeeded"]);
    for (const [, data, id] of statuses) assert.equal(String(JSON.parse(data ?? "").version), id);
    assert.match(text, /^retry: \d+\n\n/);
    assert.match(text, /event: end\ndata: {}\n\n$/);
    assert.doesNotMatch(text, /2547|token/);
  }));

Deno.test("one that comes back is not told again what it knows, and one that comes late hears the end at once", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const first = await listen(run, visit, (text) => text.includes("event: status"));
    const id = /id: (\d+)/.exec(first)?.[1] ?? "";
    const again = await listen(run, visit, (text) => text !== "", { "last-event-id": id });
    assert.doesNotMatch(again, /event: status/);
    await run.call("POST", `/v1/checkouts/${visit.checkout.id}/cancel`);
    const late = await listen(run, visit, () => false, { "last-event-id": id });
    assert.match(late, /"status":"cancelled".*event: end/s);
    const known = /id: (\d+)/.exec(late)?.[1] ?? "";
    const over = await run.app.request(`${visit.path}/events?token=${visit.token}`, {
      headers: { "last-event-id": known },
    });
    assert.deepEqual([over.status, over.body], [204, null], "a browser that hears 204 does not come back");
  }));

Deno.test("streams are bounded: past it the answer is 503, and one that leaves makes room", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const open = await Promise.all(
      Array.from({ length: 8 }, () => run.app.request(`${visit.path}/events?token=${visit.token}`)),
    );
    assert.ok(open.every(({ status }) => status === 200));
    const full = await run.app.request(`${visit.path}/events?token=${visit.token}`);
    assert.equal(full.status, 503);
    assert.equal(full.headers.get("retry-after"), "5");
    await open.pop()?.body?.cancel();
    const next = await run.app.request(`${visit.path}/events?token=${visit.token}`);
    assert.equal(next.status, 200);
    for (const { body } of [...open, next]) await body?.cancel();
  }));

Deno.test("a browser that goes away makes room, over a real connection", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) =>
      run.app.fetch(request));
    const leave = new AbortController();
    const address = `http://127.0.0.1:${server.addr.port}${visit.path}/events?token=${visit.token}`;
    const open = (): Promise<Response> =>
      fetch(address, { signal: leave.signal });
    const streams = await Promise.all(Array.from({ length: 8 }, open));
    assert.deepEqual(streams.map(({ status }) => status), Array(8).fill(200));
    const full = await fetch(address);
    await full.body?.cancel();
    assert.equal(full.status, 503);
    leave.abort();
    for (;;) {
      const next = await fetch(address); // a test that hangs here has found that nobody was let go
      await next.body?.cancel();
      if (next.status === 200) break;
    }
    await server.shutdown();
  }));

Deno.test("a service that stops ends its streams, and a store that fails does not", async () => {
  let accepting = true;
  let looks = 0;
  const db = {
    read: () => {
      if (looks++ === 0) return Promise.reject(new Error("down"));
      return Promise.resolve([{ rows: [["chk_1", 2, "open"]], changes: 0 }]);
    },
    write: () => Promise.reject(new Error("not here")),
    close: () => Promise.resolve(),
  };
  const watch = new StatusWatcher({ db }, () => accepting);
  const told: unknown[] = [];
  const ended = Promise.withResolvers<void>();
  const stop = watch.add("chk_1", 1, (seen) => {
    told.push(seen);
    if (seen === null) ended.resolve();
    accepting = false;
  });
  await ended.promise;
  stop?.();
  assert.deepEqual(told, [{ version: 2, status: "open" }, null]);
});
