import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { checkoutBody } from "../support/checkouts.ts";
import type { DeliveryView } from "../../src/webhooks/deliveries/contract.ts";
import type { EndpointWithSecret } from "../../src/webhooks/endpoints/contract.ts";
import { type CallOptions, InProcess, inProcess, type InProcessOptions } from "../support/in-process.ts";
import { FakeNetwork, type Received } from "./fake-network.ts";

export const hookUrl = "https://shop.example/hook";

/** Runs a test on the service with the world outside in this process. */
export const withFakeNetwork = (
  test: (run: InProcess, network: FakeNetwork) => Promise<void>,
  options: InProcessOptions = {},
): Promise<void> => {
  const network = new FakeNetwork();
  return inProcess((run) => test(run, network), { outbound: network, ...options });
};

/** Registers an endpoint; it is told of new checkouts unless the changes say otherwise. */
export async function register(
  run: InProcess,
  changes: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<EndpointWithSecret> {
  const body = { url: hookUrl, events: ["checkout.created"], ...changes };
  const made = await run.call<EndpointWithSecret>("POST", "/v1/webhook-endpoints", body, options);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
}

/** Makes an event: a checkout that nobody is prompted for. Answers its id. */
export async function createEvent(run: InProcess, reference = "order-1"): Promise<string> {
  const made = await run.call<{ id: string }>("POST", "/v1/checkouts", checkoutBody({ reference }));
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.id;
}

/** The log of an endpoint, oldest first. */
export async function deliveriesOf(run: InProcess, endpointId: string): Promise<DeliveryView[]> {
  const path = `/v1/webhook-endpoints/${endpointId}/deliveries?limit=100`;
  const { body } = await run.call<{ data: DeliveryView[] }>("GET", path);
  return body.data.toReversed();
}

/**
 * Verifies a message with the stock library. The library refuses messages that are older than 5 min by the real clock, so
 * `Date.now` answers the virtual time meanwhile.
 */
export function verifyMessage(run: InProcess, secret: string, { body, headers }: Received): unknown {
  const realNow = Date.now;
  Date.now = () => run.time.now();
  try {
    return new Webhook(secret).verify(body, headers);
  } finally {
    Date.now = realNow;
  }
}

/** Waits for something that a test makes hang, and gives up only on what never comes. */
export async function until(reached: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !reached();) {
    assert.ok(Date.now() < deadline, "it was not reached in 10 s");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
