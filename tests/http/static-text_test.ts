import assert from "node:assert/strict";
import { Hono } from "hono";
import type { Env } from "../../src/http/env.ts";
import { prepareStatic, sendStatic } from "../../src/http/static-text.ts";
import { inProcess } from "../support/in-process.ts";

const text = "pay ".repeat(1_000);

async function ask(headers: Record<string, string>): Promise<Response> {
  const prepared = await prepareStatic("text/plain", text);
  const app = new Hono<Env>().get("/", (c) => sendStatic(c, prepared, { "cache-control": "public", vary: "accept" }));
  return await app.request("/", { headers });
}

Deno.test("a static text is sent as gzip to those who take it, and plain to the others", async () => {
  for (const accepted of ["gzip", "br, GZIP;q=0.5", "*"]) {
    const { headers, body } = await ask({ "accept-encoding": accepted });
    assert.equal(headers.get("content-encoding"), "gzip", accepted);
    assert.equal(headers.get("vary"), "accept, Accept-Encoding");
    const plain = body?.pipeThrough(new DecompressionStream("gzip"));
    assert.equal(await new Response(plain).text(), text);
  }
  for (const accepted of ["", "br", "gzip;q=0", "identity", "gzip; q=0.0"]) {
    const answer = await ask({ "accept-encoding": accepted });
    assert.equal(answer.headers.get("content-encoding"), null, accepted);
    assert.equal(await answer.text(), text);
  }
});

Deno.test("whoever has the text already gets 304 without it", async () => {
  const etag = (await ask({})).headers.get("etag") ?? "";
  assert.match(etag, /^W\/"[0-9a-f]{32}"$/);
  for (const known of [etag, etag.slice(2), `"other", ${etag}`, "*"]) {
    const answer = await ask({ "if-none-match": known });
    assert.deepEqual([answer.status, answer.headers.get("etag"), await answer.text()], [304, etag, ""], known);
    assert.equal(answer.headers.get("cache-control"), "public");
  }
  assert.equal((await ask({ "if-none-match": '"other"' })).status, 200);
});

Deno.test("the document and the pages of the documentation have an ETag and are small on the wire", () =>
  inProcess(async (run) => {
    for (
      const [path, bytesMax] of [
        ["/openapi.json", 100_000],
        ["/docs", 8_000],
        ["/docs/checkouts/create-checkout", 9_000],
        ["/problems", 8_000],
        ["/llms.txt", 20_000],
      ] as const
    ) {
      const answer = await run.app.request(path, { headers: { "accept-encoding": "gzip" } });
      const { byteLength } = await answer.arrayBuffer();
      assert.ok(byteLength < bytesMax, `${path} has ${byteLength} bytes`);
      const again = { headers: { "if-none-match": answer.headers.get("etag") ?? "" } };
      assert.equal((await run.app.request(path, again)).status, 304, path);
    }
  }, { withoutJobs: true }));
