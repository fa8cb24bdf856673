import assert from "node:assert/strict";
import { consoleAssets } from "../../src/console/assets/assets.ts";
import { consoleUrl, signInAs } from "../support/console.ts";
import { inProcess } from "../support/in-process.ts";

const MOST_BYTES = 30_000;

const compressed = async (text: string): Promise<number> => {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
};

Deno.test("script, style and icon of the console are under 30 KB compressed", async () => {
  const sizes = await Promise.all(Object.values(await consoleAssets()).map(({ content }) => compressed(content)));
  const sum = sizes.reduce((all, size) => all + size, 0);
  assert.ok(sum > 5_000 && sum < MOST_BYTES, `${sum} bytes`);
});

Deno.test("the script evaluates no text and writes no markup", async () => {
  const { script } = await consoleAssets();
  assert.doesNotMatch(
    script.content,
    /\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\.style\b/,
  );
  new Function(script.content); // it parses
});

Deno.test("the files may be kept for ever, and are got without signing in", () =>
  inProcess(async (run) => {
    const visitor = await signInAs(run, ["admin"]);
    const { html } = await visitor.go(consoleUrl("payments"));
    const files = [...html.matchAll(/"(\/console\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
    assert.equal(new Set(files).size, 3);
    for (const path of new Set(files)) {
      const response = await run.app.request(path);
      assert.equal(response.status, 200);
      assert.match(response.headers.get("cache-control") ?? "", /immutable/);
      assert.match(path, /\.[0-9a-f]{16}\.(css|js|svg)$/);
      await response.body?.cancel();
    }
    assert.equal((await run.app.request("/console/assets/console.0000000000000000.js")).status, 404);
  }));
