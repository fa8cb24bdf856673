import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { createEndpoint as contract, EndpointWithSecret } from "./contract.ts";
import { type EndpointRow, insertEndpoint, sealSecret } from "./store.ts";
import { newWebhookSecret } from "./signature.ts";
import { networkPolicyOf } from "./ip-address.ts";
import { checkEndpointUrl } from "./url-policy.ts";
import { endpointView } from "./view.ts";

const MAX_ENDPOINTS = 50;
const NEVER_EXPIRES_AT = 8_000_000_000_000_000;

const counterName = (merchantId: string): string => `webhook_endpoints/${merchantId}`;

/** Statement: counts one endpoint more of the merchant. The batch fails with `limit_exceeded` above {@link MAX_ENDPOINTS}. */
const incrementCount = (merchantId: string): Statement =>
  statement(
    "INSERT INTO counters (name, total, cap, expires_at) VALUES (?, 1, ?, ?) " +
      "ON CONFLICT (name) DO UPDATE SET total = total + 1, cap = excluded.cap",
    counterName(merchantId),
    MAX_ENDPOINTS,
    NEVER_EXPIRES_AT,
  );

/** Statement: counts one endpoint less of the merchant. */
export const decrementCount = (merchantId: string): Statement =>
  statement("UPDATE counters SET total = max(0, total - 1) WHERE name = ?", counterName(merchantId));

/** Registers an endpoint. This answer is the only one that holds its secret. Errors: `validation_failed`, `limit_exceeded`. */
export async function createEndpoint(ctx: Context, input: Input<typeof contract>): Promise<EndpointWithSecret> {
  requireScope(ctx, "webhooks:write");
  checkEndpointUrl(input.url, networkPolicyOf(ctx.config));
  const now = ctx.clock.now();
  const id = newId("whe");
  const secret = newWebhookSecret();
  const isDisabled = input.status === "disabled";
  const row: EndpointRow = {
    id,
    merchant_id: ctx.merchantId,
    url: input.url,
    description: input.description ?? null,
    events: input.events,
    status: input.status,
    disabled_reason: isDisabled ? "requested" : null,
    disabled_at: isDisabled ? now : null,
    secret: await sealSecret(ctx.vault, id, secret),
    previous_secret: null,
    previous_secret_until: null,
    failing_since: null,
    created_at: now,
    updated_at: now,
    version: 1,
  };
  const answer = { ...endpointView(row, now), secret };
  ctx.note({ endpoint: id });
  try {
    await commit(ctx, id, [
      incrementCount(ctx.merchantId),
      insertEndpoint(row),
      auditEntry(ctx, "webhook_endpoint.created", id, { host: new URL(row.url).host, events: row.events }),
    ], { status: 201, body: { ...answer, secret: "" } }); // shown once, so not kept
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.rule !== "limit_exceeded") throw error;
    throw new Problem(
      "limit_exceeded",
      `A merchant may have ${MAX_ENDPOINTS} webhook endpoints. Remove one that you do not use.`,
    );
  }
  return answer;
}
