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
    const stopped = product.stopInOrder();
    while (!(await reader.read()).done); // a stream that is cut off when the grace is over does not end: it fails
    await stopped;
  }));
