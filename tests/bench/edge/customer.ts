import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { RequestEntry } from "../../../src/simulator/core/requests.ts";
import type { Stand } from "../stand.ts";
import { now } from "./between.ts";

/** One call: when it was sent and when its answer was there, by the clock of trips. */
export interface Took {
  readonly from: number;
  readonly to: number;
}

/** The calls of one checkout's life. */
export interface Life {
  readonly create: Took;
  readonly get: Took;
  readonly refused: Took;
  readonly callback: Took;
}

const CALL_MS = 30_000;
const json = { "content-type": "application/json" };

/** Buys, looks, asks what it may not and pays, as storefront and Daraja in one; each call's time is taken. */
export class Customer {
  #count = 0;
  constructor(readonly stand: Stand, readonly token: string, readonly readOnly: string) {}

  /** A checkout with a prompt. Errors: when it is not made. */
  create(): Promise<Took> {
    return this.#create(this.#phone());
  }

  /** Errors: when a call is answered otherwise than it must be. */
  async live(): Promise<Life> {
    const phone = this.#phone();
    const create = await this.#create(phone);
    const { url, headers, body } = this.#request(phone);
    const { id }: CheckoutView = JSON.parse(create.text);
    const get = await timed(200, `${url}/${id}`, { headers });
    const refused = await timed(403, url, {
      method: "POST",
      headers: { ...json, authorization: `Bearer ${this.readOnly}` },
      body,
    });
    const { callbackUrl, notice } = await this.#paid(phone);
    const callback = await timed(200, callbackUrl, { method: "POST", headers: json, body: notice });
    return { create, get, refused, callback };
  }

  #phone = (): string => `2547${String(this.#count++).padStart(4, "0")}5678`;

  #request(phone: string) {
    return {
      url: `${this.stand.apis[0]?.url}/v1/checkouts`,
      headers: { ...json, authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ amount: 1_000, currency: "KES", reference: `edge-${phone}`, phone_number: phone }),
    };
  }

  async #create(phone: string): Promise<Took & { readonly text: string }> {
    const { url, headers, body } = this.#request(phone);
    const key = crypto.randomUUID();
    return await timed(201, url, { method: "POST", headers: { ...headers, "idempotency-key": key }, body });
  }

  /** The callback that Daraja would send, whose own comes long after the measuring. */
  async #paid(phone: string): Promise<{ callbackUrl: string; notice: string }> {
    const response = await fetch(`${this.stand.simulator.url}/_simulator/requests?operation=stk&phone=${phone}`);
    const { data }: { data: RequestEntry[] } = await response.json();
    const [push] = data;
    const ids = push?.response.body as { MerchantRequestID: string; CheckoutRequestID: string }; // of an accepted push
    const Item = [
      { Name: "Amount", Value: 10 },
      { Name: "MpesaReceiptNumber", Value: `EDG${phone.slice(4, 8)}XYZ` },
      { Name: "TransactionDate", Value: 20261124151200 },
      { Name: "PhoneNumber", Value: Number(phone) },
    ];
    const stkCallback = {
      MerchantRequestID: ids.MerchantRequestID,
      CheckoutRequestID: ids.CheckoutRequestID,
      ResultCode: 0,
      ResultDesc: "The service request is processed successfully.",
      CallbackMetadata: { Item },
    };
    return { callbackUrl: push?.callback_urls[0] ?? "", notice: JSON.stringify({ Body: { stkCallback } }) };
  }
}

async function timed(status: number, url: string, init: RequestInit): Promise<Took & { readonly text: string }> {
  const from = now();
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(CALL_MS) });
  const text = await response.text();
  const to = now();
  if (response.status !== status) throw new Error(`${init.method ?? "GET"} ${response.status}, not ${status}: ${text}`);
  return { from, to, text };
}
