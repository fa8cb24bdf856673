import assert from "node:assert/strict";
import { createDenoOutbound } from "../../src/platform/deno.ts";
import { type OutboundAnswer, OutboundError } from "../../src/platform/ports.ts";

const HANGS = new Promise<never>(() => {});

interface Server {
  readonly port: number;
  readonly seen: {
    readonly path: string;
    readonly host: string | null;
    readonly body: string;
    readonly peer: number;
  }[];
}

/** Runs a test against a server of this machine that behaves by its path. */
async function withServer(test: (server: Server) => Promise<void>): Promise<void> {
  const seen: Server["seen"] = [];
  const closing = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: closing.signal, onListen() {} },
    async (request, info) => {
      const path = new URL(request.url).pathname;
      seen.push({ path, host: request.headers.get("host"), body: await request.text(), peer: info.remoteAddr.port });
      if (path === "/redirect") return new Response(null, { status: 307, headers: { location: "/elsewhere" } });
      if (path === "/big") return new Response("x".repeat(5_000_000));
      if (path === "/hang") return await HANGS;
      if (path === "/drip") return new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array([97])) }));
      return new Response("taken", { status: 202, headers: { "Retry-After": "7" } });
    },
  );
  try {
    await test({ port: server.addr.port, seen });
  } finally {
    closing.abort();
    await server.finished;
  }
}

const outbound = createDenoOutbound();

const post = (url: string, address = "127.0.0.1", timeoutMs = 60_000): Promise<OutboundAnswer> => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  const headers = { "content-type": "application/json", "webhook-id": "evt_1" };
  return outbound.post({ url: new URL(url), address, headers, body: '{"é":1}', answerBytes: 100, signal: stop.signal })
    .finally(() => clearTimeout(timer));
};

const code = (expected: string) => (error: unknown) => error instanceof OutboundError && error.code === expected;

async function closed(test: () => Promise<void>): Promise<void> {
  try {
    await test();
  } finally {
    outbound.close?.();
    await new Promise((resolve) => setTimeout(resolve, 0)); // sockets close at the next turn
  }
}

Deno.test("a request goes to the address that is given, under the name of its URL", () =>
  closed(() =>
    withServer(async ({ port, seen }) => {
      const { status, headers, body } = await post(`http://shop.example:${port}/hook?x=1`);
      assert.deepEqual([status, headers["retry-after"], new TextDecoder().decode(body)], [202, "7", "taken"]);
      const [{ path, host, body: sent }] = seen as [Server["seen"][0]];
      assert.deepEqual([path, host, sent], ["/hook", `shop.example:${port}`, '{"é":1}']);
    })
  ));

Deno.test("a redirect is answered, not followed", () =>
  closed(() =>
    withServer(async ({ port, seen }) => {
      assert.equal((await post(`http://shop.example:${port}/redirect`)).status, 307);
      assert.equal(seen.length, 1);
    })
  ));

Deno.test("of an endless or large answer only the beginning is read", () =>
  closed(() =>
    withServer(async ({ port }) => {
      assert.equal((await post(`http://shop.example:${port}/big`)).body.length, 100);
      const drip = await post(`http://shop.example:${port}/drip`, "127.0.0.1", 2_000);
      assert.deepEqual([drip.status, drip.body.length], [200, 1]);
    })
  ));

Deno.test("a request that hangs ends with its signal", () =>
  closed(() =>
    withServer(async ({ port }) => {
      await assert.rejects(post(`http://shop.example:${port}/hang`, "127.0.0.1", 100), code("broken"));
    })
  ));

Deno.test("a connection is kept for the next request to the same destination", () =>
  closed(() =>
    withServer(async ({ port, seen }) => {
      for (let i = 0; i < 5; i++) await post(`http://shop.example:${port}/hook`);
      assert.equal(new Set(seen.map(({ peer }) => peer)).size, 1);
    })
  ));

Deno.test("a kept connection that the other end has closed is no failure", () =>
  closed(async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr; // of a TCP listener
    const answering = (async () => {
      for (let i = 0; i < 2; i++) {
        const connection = await listener.accept(); // answers once, without saying that it will close
        await connection.read(new Uint8Array(4_096));
        await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
        await new Promise((resolve) => setTimeout(resolve, 20));
        connection.close();
      }
    })();
    const first = await post(`http://shop.example:${port}/hook`);
    await new Promise((resolve) => setTimeout(resolve, 20)); // about when it closes
    const second = await post(`http://shop.example:${port}/hook`);
    assert.deepEqual([first.status, second.status], [200, 200]);
    await answering;
    listener.close();
  }));

Deno.test("an address where nobody listens is unreachable", () =>
  closed(async () => {
    await assert.rejects(post("http://shop.example:1/hook"), code("unreachable"));
  }));

Deno.test("TLS is verified against the name of the URL, whatever the address", async () => {
  const fixture = (name: string) => new URL(`../fixtures/tls/${name}`, import.meta.url);
  const { code: status, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--frozen",
      "--allow-net=127.0.0.1",
      "--allow-env",
      "--allow-read",
      new URL("./outbound-tls.ts", import.meta.url).href,
      fixture("server.pem").pathname,
      fixture("server.key").pathname,
    ],
    env: { DENO_CERT: fixture("ca.pem").pathname, NO_COLOR: "1" },
  }).output();
  assert.equal(status, 0, new TextDecoder().decode(stderr));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    "shop.example": "200 of shop.example",
    "other.example": "tls_failed",
    "127.0.0.1": "tls_failed",
    plain: "tls_failed",
  });
});
