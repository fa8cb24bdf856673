import assert from "node:assert/strict";
import { freePort } from "../support/child.ts";

const script = new URL("../../src/cli/health-check.ts", import.meta.url);

async function check(port: number, ...words: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-net=127.0.0.1", "--allow-env=PORT", script.href, ...words],
    env: { PORT: String(port) },
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** A server in the place of the API. */
function answering(status: () => number) {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) =>
      new Response("schema: old", { status: new URL(request.url).pathname === "/health/ready" ? status() : 404 }),
  );
}

Deno.test("the health check is 0 when the process is ready, and 1 with the reason when it is not", async () => {
  let status = 200;
  const server = answering(() => status);
  const { port } = server.addr;
  assert.deepEqual(await check(port), { code: 0, text: "" });
  status = 503;
  const unready = await check(port);
  assert.equal(unready.code, 1);
  assert.match(unready.text, /is not ready: schema: old/);
  await server.shutdown();
  assert.equal((await check(freePort())).code, 1, "nobody listens");
});

Deno.test("--wait asks until the process is ready", async () => {
  let asked = 0;
  const server = answering(() => ++asked < 3 ? 503 : 200);
  assert.equal((await check(server.addr.port, "--wait", "60")).code, 0);
  assert.equal(asked, 3);
  await server.shutdown();
});

Deno.test("the health check answers --help and refuses what it does not know", async () => {
  assert.equal((await check(1, "--help")).code, 0);
  for (const words of [["--nonsense"], ["--wait"], ["--wait", "x"]]) assert.equal((await check(1, ...words)).code, 2);
});
