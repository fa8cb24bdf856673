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
import { reachOf } from "./ip-address.ts";
import { checkUrl } from "./url-policy.ts";
import { endpointView } from "./view.ts";

const MOST = 50;
const NEVER = 8_000_000_000_000_000;

const counterOf = (merchantId: string): string => `webhook_endpoints/${merchantId}`;

/** Statement: the merchant has one endpoint more; the batch fails with `limit_exceeded` past 50. */
const countUp = (merchantId: string): Statement =>
  statement(
    "INSERT INTO counters (name, total, cap, expires_at) VALUES (?, 1, ?, ?) " +
      "ON CONFLICT (name) DO UPDATE SET total = total + 1, cap = excluded.cap",
    counterOf(merchantId),
    MOST,
    NEVER,
  );

/** Statement: the merchant has one endpoint less. */
export const countDown = (merchantId: string): Statement =>
  statement("UPDATE counters SET total = max(0, total - 1) WHERE name = ?", counterOf(merchantId));

/** Registers an endpoint. Its secret is in this answer and nowhere else. Errors: `validation_failed`, `limit_exceeded`. */
export async function createEndpoint(ctx: Context, input: Input<typeof contract>): Promise<EndpointWithSecret> {
  requireScope(ctx, "webhooks:write");
  checkUrl(input.url, reachOf(ctx.config));
  const now = ctx.clock.now();
  const id = newId("whe");
  const secret = newWebhookSecret();
  const off = input.status === "disabled";
  const row: EndpointRow = {
    id,
    merchant_id: ctx.merchantId,
    url: input.url,
    description: input.description ?? null,
    events: input.events,
    status: input.status,
    disabled_reason: off ? "requested" : null,
    disabled_at: off ? now : null,
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
      countUp(ctx.merchantId),
      insertEndpoint(row),
      auditEntry(ctx, "webhook_endpoint.created", id, { host: new URL(row.url).host, events: row.events }),
    ], { status: 201, body: answer });
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.rule !== "limit_exceeded") throw error;
    throw new Problem("limit_exceeded", `A merchant may have ${MOST} webhook endpoints. Remove one that is not used.`);
  }
  return answer;
}
