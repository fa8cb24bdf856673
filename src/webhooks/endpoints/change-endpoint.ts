import { commit, type Context, requireScope } from "../../context/context.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry, changeOf } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { decrementCount } from "./create-endpoint.ts";
import type { EndpointView, EndpointWithSecret, updateEndpoint as contract } from "./contract.ts";
import {
  asDisabled,
  asEnabled,
  cancelPending,
  type EndpointRow,
  loadOwn,
  nextEndpointRow,
  openSecrets,
  sealPrevious,
  sealSecret,
  updateEndpointRow,
} from "./store.ts";
import { newWebhookSecret } from "./signature.ts";
import { networkPolicyOf } from "./ip-address.ts";
import { checkEndpointUrl } from "./url-policy.ts";
import { endpointView } from "./view.ts";

/** How long the previous secret stays valid after a rotation. */
const ROTATION_MS = 24 * 3_600_000;

/** Changes an endpoint. Fields that are left out keep their value. Errors: `not_found`, `validation_failed`, `conflict`. */
export async function updateEndpoint(ctx: Context, input: Input<typeof contract>): Promise<EndpointView> {
  requireScope(ctx, "webhooks:write");
  const { id, status, ...changes } = input;
  if (changes.url !== undefined) checkEndpointUrl(changes.url, networkPolicyOf(ctx.config));
  const before = await loadOwn(ctx, id);
  const now = ctx.clock.now();
  const withStatus = status === undefined || status === before.status
    ? nextEndpointRow(before, {}, now)
    : status === "enabled"
    ? asEnabled(before, now)
    : asDisabled(before, "requested", now);
  const after: EndpointRow = {
    ...withStatus,
    url: changes.url ?? before.url,
    events: changes.events ?? before.events,
    description: changes.description === undefined ? before.description : changes.description,
  };
  const view = endpointView(after, now);
  await commit(ctx, id, [
    updateEndpointRow(after),
    abortIfUnchanged,
    ...(after.status === "disabled" && before.status === "enabled" ? [cancelPending(id, now)] : []),
    auditEntry(
      ctx,
      "webhook_endpoint.updated",
      id,
      { changed: Object.keys(input).filter((key) => key !== "id") },
      changeOf(toldOf(before), toldOf(after)),
    ),
  ], { status: 200, body: view });
  return view;
}

/** What the audit trail tells of an endpoint. The rest of a URL may hold a secret. */
const toldOf = ({ url, events, status }: EndpointRow) => ({ host: new URL(url).host, events, status });

/** Removes an endpoint. Its row stays for the delivery log, without secrets. Errors: `not_found`, `conflict`. */
export async function deleteEndpoint(ctx: Context, { id }: { id: string }): Promise<EndpointView> {
  requireScope(ctx, "webhooks:write");
  const before = await loadOwn(ctx, id);
  const now = ctx.clock.now();
  const view = endpointView(nextEndpointRow(before, {}, now), now);
  const after = nextEndpointRow(before, {
    status: "deleted",
    disabled_reason: null,
    disabled_at: null,
    secret: null,
    previous_secret: null,
    previous_secret_until: null,
  }, now);
  await commit(ctx, id, [
    updateEndpointRow(after),
    abortIfUnchanged,
    cancelPending(id, now),
    decrementCount(ctx.merchantId),
    auditEntry(ctx, "webhook_endpoint.deleted", id, {}),
  ], { status: 200, body: view });
  return view;
}

/** Gives an endpoint a new secret. For 24 h messages are signed with the previous secret too. Errors: `not_found`, `conflict`. */
export async function rotateSecret(ctx: Context, { id }: { id: string }): Promise<EndpointWithSecret> {
  requireScope(ctx, "webhooks:write");
  const before = await loadOwn(ctx, id);
  const now = ctx.clock.now();
  const [current = ""] = await openSecrets(ctx.vault, before, now);
  const secret = newWebhookSecret();
  const after = nextEndpointRow(before, {
    secret: await sealSecret(ctx.vault, id, secret),
    previous_secret: await sealPrevious(ctx.vault, id, current),
    previous_secret_until: now + ROTATION_MS,
  }, now);
  const answer = { ...endpointView(after, now), secret };
  await commit(ctx, id, [
    updateEndpointRow(after),
    abortIfUnchanged,
    auditEntry(ctx, "webhook_endpoint.secret_rotated", id, {}),
  ], { status: 200, body: { ...answer, secret: "" } }); // shown once, so not kept
  return answer;
}
