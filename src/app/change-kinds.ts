import { type Role, scopesOf } from "../auth/roles.ts";
import type { Context } from "../context/context.ts";
import { reachTo } from "../context/context.ts";
import { abortUnlessAt, type ChangeKind, type ChangeKinds, type Subject } from "../domain/change-requests/kind.ts";
import { clientView, createClient, loadOwn as loadClient, PROTECTED_SCOPES } from "../domain/merchants/clients.ts";
import { updateClient } from "../domain/merchants/update-client.ts";
import * as clients from "../domain/merchants/contract.ts";
import * as people from "../domain/people/contract.ts";
import { invitePerson } from "../domain/people/invite-person.ts";
import { loadOwn as loadPerson } from "../domain/people/load.ts";
import { updatePerson } from "../domain/people/update-person.ts";
import { personView } from "../domain/people/view.ts";
import * as limits from "../domain/payouts/control-contract.ts";
import { abortUnlessUpdatedAt, limitsView, loadLimits, updatePayoutLimits } from "../domain/payouts/own-limits.ts";
import * as shortcodes from "../domain/shortcodes/contract.ts";
import { createShortcode } from "../domain/shortcodes/create-shortcode.ts";
import { deleteShortcode } from "../domain/shortcodes/delete-shortcode.ts";
import { loadOwnRow } from "../domain/shortcodes/read.ts";
import { SECRET_NAMES } from "../domain/shortcodes/secrets.ts";
import { updateShortcode } from "../domain/shortcodes/update-shortcode.ts";
import { shortcodeView } from "../domain/shortcodes/view.ts";
import { type Input, type Route, route } from "../http/operation.ts";
import { deleteEndpoint, updateEndpoint } from "../webhooks/endpoints/change-endpoint.ts";
import * as endpoints from "../webhooks/endpoints/contract.ts";
import { createEndpoint } from "../webhooks/endpoints/create-endpoint.ts";
import { loadOwn as loadEndpoint } from "../webhooks/endpoints/store.ts";
import { endpointView } from "../webhooks/endpoints/view.ts";

/* What is proposed first: who may send money or decide about it, and where money and messages go (ADR 0029). */

/** A kind of change, with the input of its operation typed. `O` is the operation's contract. */
function kindOf<O>(
  name: ChangeKind["name"],
  made: Route,
  subject: (ctx: Context, input: Input<O>) => Promise<Subject>,
  isProtected: (input: Input<O>) => boolean = () => true,
): [string, ChangeKind] {
  return [made.operation.id, {
    name,
    route: made,
    isProtected: (input) => isProtected(input as Input<O>), // the route has validated it
    subject: (ctx, input) => subject(ctx, input as Input<O>),
  }];
}

/** The subject of something that the change makes for the caller's own merchant. */
const madeFor = (ctx: Context, summary: string, secrets: readonly string[] = []): Promise<Subject> =>
  Promise.resolve({
    id: null,
    merchantId: ctx.merchantId,
    needsPlatform: false,
    view: null,
    basis: "",
    guard: null,
    summary,
    secrets,
  });

const changedNames = (input: object): string => Object.keys(input).filter((name) => name !== "id").join(", ");
const secretsIn = (input: object): string[] => SECRET_NAMES.filter((name) => name in input);

async function shortcodeSubject(ctx: Context, input: { readonly id: string }, what: string): Promise<Subject> {
  const row = await loadOwnRow(ctx, input.id);
  return {
    id: row.id,
    merchantId: row.merchant_id,
    needsPlatform: false,
    view: { ...await shortcodeView(ctx, row) },
    basis: String(row.version),
    guard: abortUnlessAt("shortcodes", row.id, row.version),
    summary: `${what} ${row.kind} ${row.number}`,
    secrets: secretsIn(input),
  };
}

async function endpointSubject(ctx: Context, { id }: { readonly id: string }, what: string): Promise<Subject> {
  const row = await loadEndpoint(ctx, id);
  const { url, events, description, status } = row;
  return {
    id,
    merchantId: row.merchant_id,
    needsPlatform: false,
    view: { ...endpointView(row, ctx.clock.now()) },
    basis: JSON.stringify([url, events, description, status]), // failed deliveries change the version too
    guard: abortUnlessAt("webhook_endpoints", id, row.version),
    summary: `${what} the webhook endpoint at ${new URL(url).host}`,
    secrets: [],
  };
}

async function clientSubject(ctx: Context, input: Input<typeof clients.updateClient>): Promise<Subject> {
  const row = await loadClient(ctx, input.id);
  return {
    id: row.id,
    merchantId: row.merchant_id,
    needsPlatform: false,
    view: { ...clientView(row) },
    basis: String(row.version),
    guard: abortUnlessAt("clients", row.id, row.version),
    summary: `Change how the client "${row.name}" proves who it is: ${Object.keys(input.access ?? {}).join(", ")}.`,
    secrets: [],
  };
}

async function limitsSubject(ctx: Context, input: Input<typeof limits.updatePayoutLimits>): Promise<Subject> {
  const reach = reachTo(ctx, input.merchant);
  const guard = await abortUnlessUpdatedAt(ctx, reach); // read first, so that it notices a change during the next read
  const view = limitsView(reach, await loadLimits(ctx, reach));
  const { merchant, ...changes } = input;
  return {
    id: view.merchant,
    merchantId: reach.kind === "own" ? reach.merchantId : ctx.merchantId,
    needsPlatform: merchant !== undefined && merchant !== ctx.merchantId,
    view: { ...view },
    basis: JSON.stringify(view),
    guard,
    summary: `Change the payout limits of ${view.merchant}: ${changedNames(changes)}.`,
    secrets: [],
  };
}

/** Roles with which somebody sends money alone or decides about it. */
const areProtected = (roles: readonly Role[]): boolean =>
  [...scopesOf(roles)].some((scope) => PROTECTED_SCOPES.has(scope));

async function personSubject(ctx: Context, input: Input<typeof people.updatePerson>): Promise<Subject> {
  const row = await loadPerson(ctx, input.id);
  const view = await personView(ctx, row);
  const { name, roles, status } = view;
  return {
    id: row.id,
    merchantId: row.merchant_id,
    needsPlatform: false,
    view: { ...view },
    basis: JSON.stringify([name, roles, status]),
    guard: abortUnlessAt("people", row.id, row.version),
    summary: `Change ${name} from ${roles.join(", ")} to ${(input.roles ?? roles).join(", ")}.`,
    secrets: [],
  };
}

const kinds: readonly [string, ChangeKind][] = [
  kindOf<typeof clients.createClient>(
    "client.create",
    route(clients.createClient, createClient),
    (ctx, { name, scopes }) => madeFor(ctx, `Create the client "${name}" with the scopes ${scopes.join(", ")}.`),
    ({ scopes }) => scopes.some((scope) => PROTECTED_SCOPES.has(scope)),
  ),
  kindOf<typeof people.invitePerson>(
    "person.invite",
    route(people.invitePerson, invitePerson),
    (ctx, { name, email, roles }) => madeFor(ctx, `Invite ${name} (${email}) as ${roles.join(", ")}.`),
    ({ roles }) => areProtected(roles),
  ),
  kindOf<typeof people.updatePerson>(
    "person.update",
    route(people.updatePerson, updatePerson),
    personSubject,
    ({ roles = [] }) => areProtected(roles),
  ),
  kindOf<typeof clients.updateClient>(
    "client.update",
    route(clients.updateClient, updateClient),
    clientSubject,
    ({ access }) => access !== undefined,
  ),
  kindOf<typeof limits.updatePayoutLimits>(
    "payout_limits.update",
    route(limits.updatePayoutLimits, updatePayoutLimits),
    limitsSubject,
  ),
  kindOf<typeof shortcodes.createShortcode>(
    "shortcode.create",
    route(shortcodes.createShortcode, createShortcode),
    (ctx, input) => madeFor(ctx, `Add the ${input.kind} ${input.number}.`, secretsIn(input)),
  ),
  kindOf<typeof shortcodes.updateShortcode>(
    "shortcode.update",
    route(shortcodes.updateShortcode, updateShortcode),
    async (ctx, input) => {
      const subject = await shortcodeSubject(ctx, input, "Change the");
      return { ...subject, summary: `${subject.summary}: ${changedNames(input)}.` };
    },
  ),
  kindOf<typeof shortcodes.deleteShortcode>(
    "shortcode.delete",
    route(shortcodes.deleteShortcode, deleteShortcode),
    (ctx, input) => shortcodeSubject(ctx, input, "Remove the"),
  ),
  kindOf<typeof endpoints.createEndpoint>(
    "webhook_endpoint.create",
    route(endpoints.createEndpoint, createEndpoint),
    (ctx, { url }) => madeFor(ctx, `Register a webhook endpoint at ${new URL(url).host}.`),
  ),
  kindOf<typeof endpoints.updateEndpoint>(
    "webhook_endpoint.update",
    route(endpoints.updateEndpoint, updateEndpoint),
    async (ctx, input) => {
      const subject = await endpointSubject(ctx, input, "Change");
      return { ...subject, summary: `${subject.summary}: ${changedNames(input)}.` };
    },
  ),
  kindOf<typeof endpoints.deleteEndpoint>(
    "webhook_endpoint.delete",
    route(endpoints.deleteEndpoint, deleteEndpoint),
    (ctx, input) => endpointSubject(ctx, input, "Remove"),
  ),
];

/** Every kind of change that is proposed first, by the id of its operation. */
export const changeKinds: ChangeKinds = new Map(kinds);
