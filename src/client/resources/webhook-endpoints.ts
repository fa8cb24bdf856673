import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  CreateWebhookEndpoint,
  Delivery,
  ListWebhookDeliveries,
  ListWebhookEndpoints,
  RedeliverWebhookEndpoint,
  Redelivery,
  UpdateWebhookEndpoint,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
} from "../types.ts";

/** Webhook endpoints: the URLs that receive events. */
export class WebhookEndpoints extends Resource {
  /** Only this answer contains the `whsec_` secret. Errors: `validation_failed`. */
  create(body: CreateWebhookEndpoint, options?: ChangeOptions): Promise<WebhookEndpointWithSecret> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListWebhookEndpoints = {}, options?: CallOptions): List<WebhookEndpoint> {
    return this.listPages(query, options);
  }

  /** Fields that are left out stay as they are. */
  update(id: string, body: UpdateWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.transport.patch(this.at(id), body, options);
  }

  /** Removes the endpoint and returns it. */
  delete(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.transport.delete(this.at(id), options);
  }

  /** Only this answer contains the new secret. For a day, messages are signed with both secrets. */
  rotateSecret(id: string, options?: ChangeOptions): Promise<WebhookEndpointWithSecret> {
    return this.act(id, "rotate-secret", undefined, options);
  }

  /** Sends a test event once, and returns the delivery. */
  test(id: string, options?: ChangeOptions): Promise<Delivery> {
    return this.act(id, "test", undefined, options);
  }

  /** Attempts to deliver, newest first. */
  deliveries(id: string, query: ListWebhookDeliveries = {}, options?: CallOptions): List<Delivery> {
    return this.listPages(query, options, this.at(id, "deliveries"));
  }

  /** Sends everything since a time again. */
  redeliver(id: string, body: RedeliverWebhookEndpoint, options?: ChangeOptions): Promise<Redelivery> {
    return this.act(id, "redeliver", body, options);
  }
}
