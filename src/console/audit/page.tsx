import * as contract from "../../domain/audit/contract.ts";
import type { AuditEntryView } from "../../domain/audit/contract.ts";
import { listAudit } from "../../domain/audit/list-audit.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { route } from "../../http/operation.ts";
import { Actor } from "../kit/actor.tsx";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { recordPath } from "../kit/record-path.ts";
import { When } from "../kit/values.tsx";
import { hrefOf, type Look } from "../kit/visit.ts";
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

/** Audit: who did what? */
export const auditPage: Page = listPage<AuditEntryView>({
  path: "audit",
  roles: ["admin", "platform"],
  nav: { name: "audit", group: "setup", icon: "list" },
  question: (look) => words(look).question,
  route: route(contract.listAudit, listAudit),
  filters: [{
    kind: "choice",
    name: "act",
    label: (look) => words(look).act,
    options: () => ACTS.map((act) => [act, act]),
  }],
  columns,
  empty: (visit) => <p>{words(visit).empty}</p>,
});
