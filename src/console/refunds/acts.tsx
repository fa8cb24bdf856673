import type { RefundView } from "../../domain/refunds/contract.ts";
import { getRefund } from "../../domain/refunds/read.ts";
import { refreshRefund } from "../../domain/refunds/decide.ts";
import type { Act, LinkedAct, Subject } from "../kit/act.ts";
import { KEEPERS, RESOLVERS } from "../kit/roles.ts";
import { Money } from "../kit/values.tsx";
import { isOwn } from "../payouts/own.ts";
import { signHref } from "../signing/sign-page.tsx";
import { refundsText } from "./text.ts";

/** What the acts on refunds are about. */
export const refundSubject: Subject<RefundView> = {
  path: "refunds",
  table: "refunds",
  load: (ctx, id) => getRefund(ctx, { id }),
  summary: (row, visit) => (
    <>
      <Money cents={row.amount} look={visit} />
      <span class="soft">{row.reason}</span>
    </>
  ),
};

/** Asks M-Pesa what became of it. It moves nothing. */
export const askRefundNow: Act<RefundView> = {
  name: "ask-now",
  roles: KEEPERS,
  scopes: ["refunds:write"],
  label: ({ language }) => refundsText[language].askNow,
  offered: ({ status }) => status === "submitted" || status === "in_doubt",
  run: (ctx, { id }) => refreshRefund(ctx, { id }),
  did: ({ language }) => refundsText[language].askedNow,
};

/** A person says what they saw in the M-Pesa portal, and signs it. One by payout follows its payout. */
export const resolveRefundAct: LinkedAct<RefundView> = {
  name: "resolve",
  roles: RESOLVERS,
  scopes: ["operator"],
  label: ({ language }) => refundsText[language].resolve,
  offered: (row, visit) =>
    row.method === "reversal" && (row.status === "in_doubt" || row.needs_person) && !isOwn(row, visit),
  href: ({ id }, visit) => signHref(visit, "refund-results", id),
};
