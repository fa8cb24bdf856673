import { type Context, requireScope } from "../../context/context.ts";
import type { Scope } from "../../auth/scopes.ts";
import type { Input } from "../../http/operation.ts";
import type { Page } from "../../http/pagination.ts";
import { shillings } from "../../lib/shillings.ts";
import { listCheckouts } from "../checkouts/read.ts";
import { listPayments } from "../payments/read.ts";
import { listPayouts } from "../payouts/read.ts";
import { listRefunds } from "../refunds/read.ts";
import { accountKey } from "../settlement/account-key.ts";
import type { search as contract, SearchHit } from "./contract.ts";
import { searchTerms, type Term } from "./terms.ts";

/** Of each type. */
const MOST = 10;

/** A hit, and the texts that a whole match is compared with. */
interface Found extends SearchHit {
  readonly texts: readonly (string | null)[];
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly created_at: string;
}

interface Source {
  readonly scope: Scope;
  find(ctx: Context, term: Term): Promise<Found[]>;
}

const found = <R extends Row>(
  type: SearchHit["type"],
  { data }: Page<R>,
  textsOf: (row: R) => readonly (string | null)[],
): Found[] =>
  data.map((row) => {
    const texts = textsOf(row);
    const named = texts.find((text) => text !== null);
    const summary = [shillings(row.amount), ...named === undefined || named === null ? [] : [named], row.status];
    return {
      type,
      id: row.id,
      summary: summary.join(", "),
      created_at: row.created_at,
      texts: [...texts, row.id],
    };
  });

const limit = MOST;
const sources: readonly Source[] = [
  {
    scope: "checkouts:read",
    find: async (ctx, term) =>
      found("checkout", await listCheckouts(ctx, { ...term, limit }), (row) => [
        row.reference,
        row.account_reference,
        row.payment?.receipt ?? null,
      ]),
  },
  {
    scope: "payments:read",
    find: async (ctx, term) =>
      found("payment", await listPayments(ctx, { ...term, limit }), (row) => [row.receipt, row.account_reference]),
  },
  {
    scope: "payouts:read",
    find: async (ctx, term) =>
      found("payout", await listPayouts(ctx, { ...term, limit }), (row) => [row.reference, row.receipt]),
  },
  {
    scope: "refunds:read",
    // A refund has no phone of its own: its payment is found.
    find: async (ctx, term) =>
      "phone" in term
        ? []
        : found("refund", await listRefunds(ctx, { ...term, limit }), (row) => [row.receipt, row.payment]),
  },
];

/** What a text may mean, of the types that the caller may read: whole matches first, then the newest. Errors: `invalid_query`. */
export async function search(ctx: Context, { q }: Input<typeof contract>): Promise<{ data: SearchHit[] }> {
  requireScope(ctx, "checkouts:read");
  const terms = searchTerms(q, ctx.clock.now());
  const keys = new Set(terms.flatMap((term) => "q" in term ? [accountKey(term.q)] : []));
  const data: SearchHit[] = [];
  for (const source of sources.filter(({ scope }) => ctx.scopes.has(scope))) {
    const hits = (await Promise.all(terms.map((term) => source.find(ctx, term)))).flat();
    const isWhole = ({ texts }: Found) => texts.some((text) => text !== null && keys.has(accountKey(text)));
    const ranked = [...new Map(hits.map((hit) => [hit.id, hit])).values()].sort((a, b) =>
      Number(isWhole(b)) - Number(isWhole(a)) || (a.id < b.id ? 1 : -1)
    );
    data.push(...ranked.slice(0, MOST).map(({ type, id, summary, created_at }) => ({ type, id, summary, created_at })));
  }
  return { data };
}
