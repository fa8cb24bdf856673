import * as contract from "../../domain/audit/contract.ts";
import type { AuditEntryView } from "../../domain/audit/contract.ts";
import { type ChainState, readChainState } from "../../domain/audit/chain-state.ts";
import { listAudit } from "../../domain/audit/list-audit.ts";
import { listClients } from "../../domain/merchants/clients.ts";
import { listPeople } from "../../domain/people/read.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { route } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import { Actor, nameOf } from "../kit/actor.tsx";
import { Label } from "../kit/chip.tsx";
import type { Filter } from "../kit/filters.ts";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { recordPath } from "../kit/record-path.ts";
import { shortTime, When } from "../kit/values.tsx";
import { hrefOf, type Look, mayUse, type Visit } from "../kit/visit.ts";
import { auditText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => auditText[language];

/** What is asked after most. The address takes any other act too. */
const ACTS = [
  "payout.approved",
  "payout.rejected",
  "payout.cancelled",
  "payout.resolved",
  "payout.payee_shown",
  "payout_batch.approved",
  "payment.matched",
  "refund.created",
  "client.created",
  "client.revoked",
  "shortcode.updated",
  "session.started",
] as const satisfies readonly AuditAction[];

const columns: readonly Column<AuditEntryView>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  { head: (look) => words(look).who, cell: (row, visit) => <Actor id={row.who} visit={visit} />, card: "who" },
  { head: (look) => words(look).act, cell: ({ act }) => <span class="id">{act}</span>, card: "reason" },
  {
    head: (look) => words(look).subject,
    cell: ({ subject }, visit) => {
      const path = recordPath(subject);
      const isKnown = path !== null && visit.knows(`${path}/:id`);
      return isKnown
        ? <a class="id" href={hrefOf(visit, `${path}/${subject}`)}>{subject}</a>
        : <span class="id">{subject}</span>;
    },
    card: "chip",
  },
  { head: (look) => words(look).from, cell: ({ address }) => address ?? "" },
];

const MOST_ACTORS = 100;

/** The people and programs of the merchant, and whoever else the address names. */
const whoFilter: Filter = {
  kind: "choice",
  name: "who",
  label: (look) => words(look).who,
  options: async (visit) => {
    const named = mayUse(visit, "operator") ? await actorsOf(visit) : [];
    const options = [...named, ["daraja", "M-Pesa"] as const, ["system", words(visit).system] as const];
    const asked = visit.url.searchParams.get("who");
    return asked === null || asked === "" || options.some(([id]) => id === asked)
      ? options
      : [...options, [asked, await nameOf(visit, asked)] as const];
  },
};

async function actorsOf({ ctx }: Visit): Promise<(readonly [id: string, name: string])[]> {
  const [people, clients] = await Promise.all([
    listPeople(ctx, { limit: MOST_ACTORS }),
    listClients(ctx, { limit: MOST_ACTORS }),
  ]);
  return [...people.data, ...clients.data].map(({ id, name }) => [id, name] as const);
}

/** Whether the trail is as it was written. */
async function Chain({ visit }: { visit: Visit }): Promise<Markup> {
  const chain = await readChainState(visit.ctx);
  return (
    <p role="status">
      <Label icon={ICONS[chain.state]} word={chainText(chain, visit)} />
      {chain.state === "broken" && <b>{words(visit).brokenSays}</b>}
    </p>
  );
}

const ICONS = { whole: "tick", broken: "cross", checking: "clock", unchecked: "ring" } as const;

function chainText(chain: ChainState, visit: Visit): string {
  const text = words(visit);
  if (chain.state === "whole") return text.whole(shortTime(chain.at, visit));
  return chain.state === "broken" ? text.broken(chain.problems) : text[chain.state];
}

/** Audit: who did what? */
export const auditPage: Page = listPage<AuditEntryView>({
  path: "audit",
  roles: ["admin", "platform"],
  nav: { name: "audit", group: "setup", icon: "list" },
  question: (look) => words(look).question,
  route: route(contract.listAudit, listAudit),
  note: (visit) => <Chain visit={visit} />,
  filters: [whoFilter, {
    kind: "choice",
    name: "act",
    label: (look) => words(look).act,
    options: () => ACTS.map((act) => [act, act]),
  }],
  columns,
  empty: (visit) => <p>{words(visit).empty}</p>,
});
