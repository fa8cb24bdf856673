import { commit, type Context, requireScope } from "../../context/context.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { countDown } from "./create-endpoint.ts";
import type { EndpointView, EndpointWithSecret, updateEndpoint as updating } from "./contract.ts";
import {
  cancelPending,
  disabled,
  enabled,
  type EndpointRow,
  openSecrets,
  own,
  sealPrevious,
  sealSecret,
  updateEndpoint as updateRow,
} from "./store.ts";
import { newWebhookSecret } from "./signature.ts";
import { reachOf } from "./ip-address.ts";
import { checkUrl } from "./url-policy.ts";
import { endpointView } from "./view.ts";

/** How long the previous secret stays valid after a rotation. */
const ROTATION_MS = 24 * 3_600_000;

/** Changes an endpoint; what is left out stays. Errors: `not_found`, `validation_failed`, `conflict`. */
export async function updateEndpoint(ctx: Context, input: Input<typeof updating>): Promise<EndpointView> {
  requireScope(ctx, "webhooks:write");
  const { id, status, ...changes } = input;
  if (changes.url !== undefined) checkUrl(changes.url, reachOf(ctx.config));
  const before = await own(ctx, id);
  const now = ctx.clock.now();
  const turned = status === undefined || status === before.status
    ? before
    : status === "enabled"
    ? enabled(before, now)
    : disabled(before, "requested", now);
  const after: EndpointRow = {
    ...turned,
    url: changes.url ?? before.url,
    events: changes.events ?? before.events,
    description: changes.description === undefined ? before.description : changes.description,
    updated_at: Math.max(now, before.created_at),
  };
  const view = endpointView(after, now);
  await commit(ctx, id, [
    updateRow(after),
    abortIfUnchanged,
    ...(after.status === "disabled" && before.status === "enabled" ? [cancelPending(id, now)] : []),
    auditEntry(ctx, "webhook_endpoint.updated", id, { changed: Object.keys(input).filter((key) => key !== "id") }),
  ], { status: 200, body: view });
  return view;
}

/** Removes an endpoint; its row stays for the log, without secrets. Errors: `not_found`, `conflict`. */
export async function deleteEndpoint(ctx: Context, { id }: { id: string }): Promise<EndpointView> {
  requireScope(ctx, "webhooks:write");
  const before = await own(ctx, id);
  const now = ctx.clock.now();
  const view = endpointView(before, now);
  const after: EndpointRow = {
    ...before,
    status: "deleted",
    disabled_reason: null,
    disabled_at: null,
    secret: null,
    previous_secret: null,
    previous_secret_until: null,
    updated_at: Math.max(now, before.created_at),
  };
  await commit(ctx, id, [
    updateRow(after),
    abortIfUnchanged,
    cancelPending(id, now),
    countDown(ctx.merchantId),
    auditEntry(ctx, "webhook_endpoint.deleted", id, {}),
  ], { status: 200, body: view });
  return view;
}

/** Gives an endpoint a new secret; the one before is signed with too for 24 h. Errors: `not_found`, `conflict`. */
export async function rotateSecret(ctx: Context, { id }: { id: string }): Promise<EndpointWithSecret> {
  requireScope(ctx, "webhooks:write");
  const before = await own(ctx, id);
  const now = ctx.clock.now();
  const [current = ""] = await openSecrets(ctx.vault, before, now);
  const secret = newWebhookSecret();
  const after: EndpointRow = {
    ...before,
    secret: await sealSecret(ctx.vault, id, secret),
    previous_secret: await sealPrevious(ctx.vault, id, current),
    previous_secret_until: now + ROTATION_MS,
    updated_at: Math.max(now, before.created_at),
  };
  const answer = { ...endpointView(after, now), secret };
  await commit(ctx, id, [
    updateRow(after),
    abortIfUnchanged,
    auditEntry(ctx, "webhook_endpoint.secret_rotated", id, {}),
  ], { status: 200, body: answer });
  return answer;
}
