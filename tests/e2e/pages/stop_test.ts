import assert from "node:assert/strict";
import { createCheckout } from "../../support/checkouts.ts";
import { withProduct } from "../../support/product.ts";

Deno.test("an open page does not hold the service back: its stream ends and the service stops", () =>
  withProduct({}, async (product) => {
    const { hosted_url } = await createCheckout(product);
    const response = await fetch(hosted_url.replace("?", "/events?"));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader(); // a 200 has a body
    const first = await reader.read();
    assert.match(new TextDecoder().decode(first.value), /retry: \d+/);
    const started = performance.now();
    const stopped = product.kill("SIGTERM");
    while (!(await reader.read()).done);
    await stopped;
    assert.ok(performance.now() - started < 4_000, "well before the grace of 5 s is over");
  }));
