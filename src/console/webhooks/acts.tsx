import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import * as contract from "../../webhooks/endpoints/contract.ts";
import type { EndpointView } from "../../webhooks/endpoints/contract.ts";
import { redeliverSince } from "../../webhooks/deliveries/redeliver.ts";
import { testEndpoint } from "../../webhooks/deliveries/test-endpoint.ts";
import { getEndpoint } from "../../webhooks/endpoints/read-endpoints.ts";
import type { Act, LinkedAct, Offer, Subject } from "../kit/act.ts";
import { proposing } from "../kit/proposing.ts";
import { hrefOf, type Look } from "../kit/visit.ts";
import { webhooksText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => webhooksText[language];
const DAY_MS = 86_400_000;

/** What the acts on endpoints are about. */
export const endpointSubject: Subject<EndpointView> = {
  path: "webhooks",
  table: "webhook_endpoints",
  load: (ctx, id) => getEndpoint(ctx, { id }),
  summary: (row) => <b class="id">{row.url}</b>,
};

const base = { roles: ["admin"], scopes: ["webhooks:write"] } as const;

const test: Act<EndpointView> = {
  ...base,
  name: "test",
  label: (look) => words(look).test,
  offered: () => true,
  run: (ctx, { id }) => testEndpoint(ctx, { id }),
  did: (look) => words(look).tested,
};

const sendAgain: Act<EndpointView> = {
  ...base,
  name: "send-again",
  label: (look) => words(look).sendAgain,
  offered: ({ status }) => status === "enabled",
  consequence: (_row, look) => words(look).sendAgainSays,
  run: (ctx, { id }, _form, { now }) => redeliverSince(ctx, { id, since: now - DAY_MS, undelivered_only: true }),
  did: (look) => words(look).sentAgain,
};

const rotate: LinkedAct<EndpointView> = {
  ...base,
  name: "rotate",
  label: (look) => words(look).rotate,
  offered: () => true,
  href: ({ id }, visit) => hrefOf(visit, `webhooks/${id}/rotate`),
};

/** What an admin does with an endpoint. Where messages go is changed by two people, if the service is set so. */
export function endpointActs(kinds: ChangeKinds): readonly Offer<EndpointView>[] {
  const update = proposing(kinds, contract.updateEndpoint);
  const disable: Act<EndpointView> = {
    ...base,
    name: "disable",
    label: (look) => words(look).disable,
    offered: ({ status }) => status === "enabled",
    isGrave: true,
    consequence: (_row, look) => words(look).disableSays,
    run: (ctx, { id }) => update.run(ctx, { id, status: "disabled" }),
    did: (look) => words(look).disabled,
  };
  const enable: Act<EndpointView> = {
    ...base,
    name: "enable",
    label: (look) => words(look).enable,
    offered: ({ status }) => status === "disabled",
    run: (ctx, { id }) => update.run(ctx, { id, status: "enabled" }),
    did: (look) => words(look).enabled,
  };
  return [test, sendAgain, enable, rotate, disable];
}
