import type { Send } from "./parts.ts";

interface App {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly passkey: string;
  readonly initiator: { readonly name: string; readonly securityCredential: string } | null;
}

/** What a push or a payout is asked for. */
export interface Order {
  readonly shortcode: string;
  /** Cents. */
  readonly amount: number;
  readonly phone: string;
}

export interface PushIds {
  readonly MerchantRequestID: string;
  readonly CheckoutRequestID: string;
}

/** Daraja's calls by plain fetch, which keeps connections alive, all with one token. */
export class Daraja {
  #token = "";
  constructor(readonly baseUrl: string, readonly app: App, readonly send: Send) {}

  /**
   * Gets the token. Daraja lets an app have one, so processes share it: the first puts it into `file`, as the product
   * does by its KV store.
   */
  async begin(file: string | undefined): Promise<void> {
    const shared = file === undefined ? null : await Deno.readTextFile(file).catch(() => null);
    this.#token = shared ?? await this.#newToken();
    if (file !== undefined && shared === null) await Deno.writeTextFile(file, this.#token);
  }

  push(order: Order, callbackUrl: string, account: string, description: string): Promise<PushIds> {
    const stamp = new Date(Date.now() + 3 * 3_600_000).toISOString().replaceAll(/\D/g, "").slice(0, 14); // in Nairobi
    return this.#post("/mpesa/stkpush/v1/processrequest", {
      BusinessShortCode: order.shortcode,
      Password: btoa(order.shortcode + this.app.passkey + stamp),
      Timestamp: stamp,
      TransactionType: "CustomerPayBillOnline",
      Amount: order.amount / 100,
      PartyA: order.phone,
      PartyB: order.shortcode,
      PhoneNumber: order.phone,
      CallBackURL: callbackUrl,
      AccountReference: account,
      TransactionDesc: description,
    });
  }

  pay(order: Order, originatorId: string, remarks: string, resultUrl: string): Promise<{ ConversationID: string }> {
    return this.#post("/mpesa/b2c/v3/paymentrequest", {
      OriginatorConversationID: originatorId,
      InitiatorName: this.app.initiator?.name,
      SecurityCredential: this.app.initiator?.securityCredential,
      CommandID: "BusinessPayment",
      Amount: order.amount / 100,
      PartyA: order.shortcode,
      PartyB: order.phone,
      Remarks: remarks,
      ResultURL: resultUrl,
      QueueTimeOutURL: resultUrl,
    });
  }

  async #post<T>(path: string, body: Record<string, unknown>): Promise<T> {
    const response = await this.send(this.baseUrl + path, {
      method: "POST",
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`Daraja answered ${response.status}: ${await response.text()}`);
    return await response.json();
  }

  async #newToken(): Promise<string> {
    const { consumerKey, consumerSecret } = this.app;
    const response = await this.send(`${this.baseUrl}/oauth/v1/generate?grant_type=client_credentials`, {
      headers: { authorization: `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}` },
    });
    const { access_token } = await response.json();
    return access_token;
  }
}
