import type { InferSelectModel } from "drizzle-orm";
import type { Context, Services } from "../../context/context.ts";
import { first, insert, type Query, rows, select, statement, update } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { paymentLinkCheckouts, paymentLinks } from "../../db/schema.ts";
import { Problem } from "../../problems/problem.ts";

export type PaymentLink = InferSelectModel<typeof paymentLinks>;

/** A link with what was paid by it. */
export interface LinkState {
  readonly link: PaymentLink;
  readonly timesPaid: number;
  /** Cents. */
  readonly received: number;
}

const selectById = select(paymentLinks, "WHERE id = ?");
const selectByCode = select(paymentLinks, "WHERE code = ?");
export const insertLink = insert(paymentLinks);
export const insertLinkCheckout = insert(paymentLinkCheckouts);
export const updateLink = update(
  paymentLinks,
  ["amount", "description", "reusable", "disabled", "expires_at", "updated_at", "version"],
  "WHERE id = ? AND version = ?",
);

const SUMS = "SELECT l.link_id, sum(c.status = 'succeeded'), sum(c.amount_received) FROM payment_link_checkouts l " +
  "JOIN checkouts c ON c.id = l.checkout_id WHERE l.link_id IN (SELECT value FROM json_each(?)) GROUP BY l.link_id";
const selectSums = (ids: readonly string[]): Query<readonly [string, number, number]> => ({
  ...statement(SUMS, JSON.stringify(ids)),
  map: ([id, times, received]) => [String(id), Number(times), Number(received)],
});

/** Checkouts of a link that are not over, the newest: a link that was for many may have more than one. */
export const selectBegun = (link: string): Query<string> => ({
  ...statement(
    "SELECT c.id FROM payment_link_checkouts l JOIN checkouts c ON c.id = l.checkout_id WHERE l.link_id = ? " +
      "AND c.status IN ('open', 'pending') ORDER BY c.id DESC LIMIT 50",
    link,
  ),
  map: ([id]) => String(id),
});

/** The links with what was paid by them, in the same order. */
export async function withSums({ db }: Pick<Services, "db">, links: readonly PaymentLink[]): Promise<LinkState[]> {
  if (links.length === 0) return [];
  const [sums] = await rows(db, selectSums(links.map(({ id }) => id)));
  const byId = new Map(sums.map(([id, timesPaid, received]) => [id, { timesPaid, received }]));
  return links.map((link) => ({ link, ...(byId.get(link.id) ?? { timesPaid: 0, received: 0 }) }));
}

/** A link within the caller's reach. Errors: `not_found`. */
export async function loadReachedLink(ctx: Context, id: string): Promise<LinkState> {
  const link = within(ctx.reach, await first(ctx.db, selectById(id)));
  const [state] = link === null ? [] : await withSums(ctx, [link]);
  if (state !== undefined) return state;
  throw new Problem("not_found", "There is no payment link with this id. GET /v1/payment-links lists yours.");
}

/** The link of a code, whoever asks. */
export const findByCode = ({ db }: Pick<Services, "db">, code: string): Promise<PaymentLink | null> =>
  first(db, selectByCode(code));
