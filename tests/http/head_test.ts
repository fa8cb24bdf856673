import assert from "node:assert/strict";
import { serve } from "../../src/platform/deno.ts";
import { inProcess } from "../support/in-process.ts";

/** What a raw request over one connection is answered, as text. */
async function exchange(port: number, request: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

Deno.test("HEAD says the length that GET would have, over the wire; a stream has none", () =>
  inProcess(async (run) => {
    const log = { write: () => {} };
    const server = serve({ hostname: "127.0.0.1", port: 0 }, (request) => run.app.fetch(request), log);
    const head = (path: string, more = "") =>
      exchange(server.port, `HEAD ${path} HTTP/1.1\r\nHost: pay.test\r\nConnection: close\r\n${more}\r\n`);
    for (const path of ["/health/live", "/docs", "/nowhere"]) {
      const whole = await (await run.app.request(path)).arrayBuffer();
      const told = /content-length: (\d+)/i.exec(await head(path))?.[1];
      assert.equal(told, String(whole.byteLength), path);
    }
    const token = await run.token();
    const csv = await head("/v1/payments", `Authorization: Bearer ${token}\r\nAccept: text/csv\r\n`);
    assert.match(csv, /^HTTP\/1\.1 200/);
    assert.doesNotMatch(csv, /content-length/i);

    const hostless = await exchange(server.port, "GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert.match(hostless, /^HTTP\/1\.1 400[^]*Host/);
    await server.stop(1_000);
  }));

Deno.test("a compressed body is refused with 415 before anything reads it", () =>
  inProcess(async (run) => {
    const stream = new Blob(['{"amount":10000}']).stream().pipeThrough(new CompressionStream("gzip"));
    const body = await new Response(stream).arrayBuffer();
    for (const path of ["/v1/checkouts", "/oauth/token"]) {
      const answer = await run.app.request(path, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "content-encoding": "gzip",
          authorization: `Bearer ${await run.token()}`,
          "idempotency-key": "k1",
        },
      });
      const problem = await answer.json();
      assert.deepEqual([answer.status, problem.code], [415, "unsupported_media_type"], path);
      assert.match(problem.detail, /Content-Encoding: gzip/);
    }
  }));
