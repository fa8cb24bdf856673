import { taskOptions } from "../../src/cli/frame/task.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type Product, withProduct } from "../support/product.ts";

/**
 * `deno task slow`: how long the API and callbacks take while 2,000 sockets send one byte of a body, and 2,000 others one
 * line of the head, and then nothing. `SLOW_SOCKETS` changes the number.
 */
const SOCKETS = Number(Deno.env.get("SLOW_SOCKETS") ?? 2_000);
const CALLS = 100;
const utf8 = new TextEncoder();

interface Figures {
  readonly read: readonly number[];
  readonly create: readonly number[];
  readonly callback: readonly number[];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Calls one after the other, so that a call waits for nothing but the sockets. */
async function measure(product: Product): Promise<Figures> {
  const [read, create]: [number[], number[]] = [[], []];
  const seen = callbackTimes(product).length;
  const ids: string[] = [];
  for (let i = 0; i < CALLS; i++) {
    read.push(await timed(() => product.call("GET", "/v1/checkouts")));
    create.push(await timed(async () => ids.push((await createCheckout(product, { phone_number: "0712345678" })).id)));
  }
  for (const id of ids) {
    await product.waitFor(async () => (await getCheckout(product, id)).status === "succeeded", {
      what: `payment of ${id}`,
    });
  }
  return { read, create, callback: callbackTimes(product).slice(seen) };
}

/** How long callbacks took, by the service's own log. */
const callbackTimes = (product: Product): number[] =>
  product.logs().filter((line) => line.includes('"route":"/notify/:capability"'))
    .map((line) => Number(/"ms":(\d+)/.exec(line)?.[1]));

async function open(product: Product, text: string): Promise<Deno.TcpConn> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port: product.port });
  await socket.write(utf8.encode(text));
  return socket;
}

const ranked = (times: readonly number[], rank: number): string =>
  (times.toSorted((a, b) => a - b)[Math.floor(times.length * rank)] ?? 0).toFixed(1).padStart(9);

function print(name: string, figures: Figures): void {
  for (const [what, times] of Object.entries(figures)) {
    console.log(`${name.padEnd(28)}${what.padEnd(10)}${ranked(times, 0.5)}${ranked(times, 0.99)}`);
  }
}

if (import.meta.main) {
  taskOptions("deno task slow", {
    summary: "how long the API and callbacks take while slow sockets send next to nothing",
    details: "SLOW_SOCKETS in the environment changes how many of each kind there are (2,000).",
  });
  const env = {
    SIMULATOR_CALLBACK_DELAY_MS: "200",
    CHECKOUT_DAILY_PER_PHONE_KES: "1000000000",
    BODY_DEADLINE_MS: "60000",
    REQUESTS_AT_ONCE: "256",
    TOKENS_AT_ONCE: "64",
  };
  await withProduct({ env }, async (product) => {
    await measure(product); // compiles, connects
    console.log(`${"ms".padEnd(38)}      p50      p99`);
    print("no slow socket", await measure(product));
    const body = "POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n" +
      "Content-Type: application/x-www-form-urlencoded\r\n\r\ng";
    const sockets: Deno.TcpConn[] = [];
    for (const text of [body, "GET /v1/checkouts HTTP/1.1\r\nHost: a\r\n"]) {
      for (let i = 0; i < SOCKETS; i++) sockets.push(await open(product, text));
      print(`${sockets.length} slow sockets`, await measure(product));
    }
    for (const socket of sockets) socket.close();
  });
}
