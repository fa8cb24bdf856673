import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import { route } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import type { DeliveryView } from "../../webhooks/deliveries/contract.ts";
import { listDeliveries } from "../../webhooks/deliveries/list-deliveries.ts";
import * as contract from "../../webhooks/endpoints/contract.ts";
import type { EndpointView } from "../../webhooks/endpoints/contract.ts";
import { listEndpoints } from "../../webhooks/endpoints/read-endpoints.ts";
import { Chip, Label } from "../kit/chip.tsx";
import { detailPages, type Fact } from "../kit/detail-page.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { Table } from "../kit/table.tsx";
import { When, WhenLong } from "../kit/values.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { endpointActs, endpointSubject } from "./acts.tsx";
import { createEndpointPage } from "./create-page.tsx";
import { rotatePage } from "./rotate-page.tsx";
import { webhooksText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => webhooksText[language];
const ROLES = ["admin", "platform"] as const;
const SHOWN = 25;

const eventsText = ({ events }: EndpointView, look: Look): string =>
  events.includes("*") ? words(look).allEvents : events.join(", ");

const State = ({ row, look }: { row: EndpointView; look: Look }): Markup => (
  <Label
    icon={row.status === "disabled" ? "dash" : row.failing_since === null ? "tick" : "alert"}
    word={words(look).states[row.status]}
  />
);

const columns: readonly Column<EndpointView>[] = [
  { head: (look) => words(look).url, cell: (row) => <span class="cut" title={row.url}>{row.url}</span>, card: "who" },
  {
    head: (look) => words(look).events,
    cell: (row, visit) => <span class="cut" title={eventsText(row, visit)}>{eventsText(row, visit)}</span>,
    card: "reason",
  },
  {
    head: (look) => words(look).failingSince,
    cell: (row, visit) => row.failing_since === null ? "" : <When at={row.failing_since} look={visit} />,
    card: "time",
  },
  { head: (look) => look.text.status, cell: (row, visit) => <State row={row} look={visit} />, card: "chip" },
];

const facts = (row: EndpointView, visit: Visit): readonly Fact[] => [
  { label: words(visit).events, value: eventsText(row, visit) },
  ...row.disabled_reason === null
    ? []
    : [{ label: words(visit).why, value: words(visit).offBecause[row.disabled_reason] }],
  ...row.failing_since === null
    ? []
    : [{ label: words(visit).failingSince, value: <WhenLong at={row.failing_since} look={visit} /> }],
  ...row.previous_secret_expires_at === null
    ? []
    : [{ label: words(visit).oldSecret, value: <When at={row.previous_secret_expires_at} look={visit} /> }],
  { label: words(visit).made, value: <WhenLong at={row.created_at} look={visit} /> },
];

const deliveryColumns: readonly Column<DeliveryView>[] = [
  { head: (look) => words(look).time, cell: (row, visit) => <When at={row.created_at} look={visit} />, card: "time" },
  { head: (look) => words(look).event, cell: ({ event_type }) => <span class="id">{event_type}</span>, card: "who" },
  {
    head: (look) => words(look).answer,
    cell: ({ response, failure }) => response === null ? failure?.message ?? "" : String(response.status),
    card: "reason",
  },
  {
    head: (look) => words(look).took,
    cell: ({ duration_ms: ms }) => ms === null ? "" : `${ms} ms`,
    end: true,
  },
  {
    head: (look) => look.text.status,
    cell: (row, visit) => <Chip kind="delivery" status={row.status} language={visit.language} />,
    card: "chip",
  },
];

async function Deliveries({ row, visit }: { row: EndpointView; visit: Visit }): Promise<Markup | null> {
  const { data } = await listDeliveries(visit.ctx, { id: row.id, limit: SHOWN });
  if (data.length === 0) return null;
  return (
    <>
      <h2>{words(visit).deliveries}</h2>
      <Table
        visit={visit}
        caption={words(visit).deliveries}
        columns={deliveryColumns}
        rows={data}
        href={undefined}
        acts={[]}
        path="webhooks"
        done={null}
      />
    </>
  );
}

/** Webhooks: does my shop hear us? */
export function webhookPages(kinds: ChangeKinds): readonly Page[] {
  const acts = endpointActs(kinds);
  return [
    listPage<EndpointView>({
      path: "webhooks",
      roles: ROLES,
      nav: { name: "webhooks", group: "setup", icon: "link" },
      question: (look) => words(look).question,
      route: route(contract.listEndpoints, listEndpoints),
      filters: [],
      columns,
      href: ({ id }) => `webhooks/${id}`,
      acts,
      create: (look) => words(look).create,
      empty: (visit) => <p>{words(visit).empty}</p>,
    }),
    createEndpointPage(kinds),
    ...detailPages<EndpointView>({
      subject: endpointSubject,
      roles: ROLES,
      title: ({ url }) => new URL(url).host,
      headline: ({ url }) => <span class="id">{url}</span>,
      chip: (row, look) => <State row={row} look={look} />,
      facts,
      acts,
      more: (row, visit) => <Deliveries row={row} visit={visit} />,
    }),
    rotatePage,
  ];
}
