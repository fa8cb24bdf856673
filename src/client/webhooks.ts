import { isMalipoError, MalipoError } from "./error.ts";
import type { EventType } from "./types.ts";
import { type HeadersLike, verifyWebhook, type WebhookEvent } from "./webhook.ts";

/** The events of one type. */
export type WebhookEventOf<T extends EventType> = Extract<WebhookEvent, { readonly type: T }>;

type Handler = (event: WebhookEvent) => void | Promise<void>;

/**
 * Receives webhooks: it verifies each, and calls the handlers of its type.
 *
 * ```ts
 * const webhooks = new Webhooks("whsec_...");
 * webhooks.on("checkout.succeeded", async ({ id, data }) => await deliver(data.reference, id));
 * Deno.serve((request) => webhooks.receive(request));
 * ```
 *
 * A delivery may come twice and out of order: a handler does its work once for each `event.id`.
 */
export class Webhooks {
  readonly #secrets: readonly string[];
  readonly #handlers = new Map<string, Handler[]>();

  /** While a secret is rotated, give both. */
  constructor(secrets: string | readonly string[]) {
    this.#secrets = typeof secrets === "string" ? [secrets] : secrets;
  }

  /** Calls `handler` for each event of this type. `"*"`: for each event. */
  on<T extends EventType>(type: T, handler: (event: WebhookEventOf<T>) => void | Promise<void>): this;
  on(type: "*", handler: (event: WebhookEvent) => void | Promise<void>): this;
  on(type: EventType | "*", handler: (event: never) => void | Promise<void>): this {
    const known = this.#handlers.get(type) ?? [];
    this.#handlers.set(type, [...known, handler as Handler]); // called for events of its type only
    return this;
  }

  /**
   * Verifies a delivery, waits for the handlers of its type, one after the other, and returns the event. Give the body as
   * it came, before any parsing. Errors: `signature_invalid`, and what a handler throws.
   */
  async handle(body: string | Uint8Array, headers: HeadersLike): Promise<WebhookEvent> {
    if (this.#secrets.length === 0) {
      throw new MalipoError("not_configured: give webhookSecrets, or set MALIPO_WEBHOOK_SECRETS", {
        code: "not_configured",
      });
    }
    const event = await verifyWebhook(body, headers, this.#secrets);
    for (const handler of [...this.#handlers.get(event.type) ?? [], ...this.#handlers.get("*") ?? []]) {
      await handler(event);
    }
    return event;
  }

  /**
   * {@link handle} for servers that speak `Request` and `Response`. 204: done. 400: not from Malipo, or changed. An error of
   * a handler is thrown; the server then answers 500, and the delivery comes again.
   */
  async receive(request: Request): Promise<Response> {
    try {
      await this.handle(await request.text(), request.headers);
      return new Response(null, { status: 204 });
    } catch (error) {
      if (!isMalipoError(error, "signature_invalid")) throw error;
      return new Response(error.message, { status: 400 });
    }
  }
}
