import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type Product, withProduct } from "../support/product.ts";

const utf8 = new TextEncoder();

/** Opens sockets that send the head of a request and the first byte of its body, and nothing more. */
async function slowSockets(product: Product, count: number, path: string): Promise<Deno.TcpConn[]> {
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
    "Content-Length: 100\r\n\r\ng";
  return await Promise.all(Array.from({ length: count }, async () => {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port: product.port });
    await socket.write(utf8.encode(head));
    return socket;
  }));
}

/** The status of the answer that comes on a socket. The server leaves the socket open: docs/security.md says why. */
async function statusOn(socket: Deno.TcpConn): Promise<number> {
  const buffer = new Uint8Array(8_192);
  const read = await socket.read(buffer);
  return Number(/^HTTP\/1.1 (\d+)/.exec(new TextDecoder().decode(buffer.subarray(0, read ?? 0)))?.[1]);
}

const closeAll = (sockets: readonly Deno.TcpConn[]): void => {
  for (const socket of sockets) {
    try {
      socket.close();
    } catch {
      // it has ended already
    }
  }
};

Deno.test("300 sockets that send one byte of a form stop nothing, and each is answered 408 in time", () =>
  withProduct({ env: { REQUESTS_AT_ONCE: "20", TOKENS_AT_ONCE: "5", BODY_DEADLINE_MS: "4000" } }, async (product) => {
    const sockets = await slowSockets(product, 300, "/oauth/token");
    const answers = Promise.all(sockets.map(statusOn));
    assert.ok(await product.token("cli_demo"));
    const { id } = await createCheckout(product, { phone_number: "0712345678" });
    await product.waitFor(async () => (await getCheckout(product, id)).status === "succeeded", { what: "a payment" });
    assert.deepEqual(new Set(await answers), new Set([408]));
    closeAll(sockets);
    const slow = () => product.logs().filter((line) => line.includes('"problem":"request_timeout"'));
    await product.waitFor(() => slow().length === 300, { what: "a line for each" });
    assert.ok(slow().every((line) => line.includes('"level":"info"')), "a slow caller is no error of ours");
  }));

Deno.test("an upload that the caller breaks off is 499 at info, not 500 at error", () =>
  withProduct({}, async (product) => {
    const sockets = await slowSockets(product, 3, "/oauth/token");
    await product.call("GET", "/health/live", undefined, { client: null });
    closeAll(sockets);
    const ended = () => product.logs().filter((line) => line.includes('"problem":"request_aborted"'));
    await product.waitFor(() => ended().length === 3, { what: "three lines" });
    assert.ok(ended().every((line) => line.includes('"level":"info"') && line.includes('"status":499')));
    assert.ok(!product.logs().some((line) => line.includes('"level":"error"')));
  }));

Deno.test("without a token or a callback URL no body is read at all", () =>
  withProduct({}, async (product) => {
    for (const [path, status] of [["/v1/checkouts", 401], ["/notify/00", 404]] as const) {
      const [socket] = await slowSockets(product, 1, path);
      assert.ok(socket);
      assert.equal(await statusOn(socket), status);
      closeAll([socket]);
    }
  }));

Deno.test("one address has only so many requests under way", () =>
  withProduct({ env: { REQUESTS_AT_ONCE_PER_ADDRESS: "5", BODY_DEADLINE_MS: "3000" } }, async (product) => {
    const sockets = await slowSockets(product, 6, "/oauth/token");
    const statuses = (await Promise.all(sockets.map(statusOn))).sort();
    assert.deepEqual(statuses, [408, 408, 408, 408, 408, 503]);
    closeAll(sockets);
    assert.ok(await product.token("cli_demo"));
  }));
