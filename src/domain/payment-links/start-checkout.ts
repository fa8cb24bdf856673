import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, type Query, statement } from "../../db/query.ts";
import { ConstraintError } from "../../db/database.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { cancelUnpaid } from "../checkouts/cancel-checkout.ts";
import { openCheckoutOfLink } from "../checkouts/create-checkout.ts";
import { randomCode } from "./code.ts";
import { findByCode, insertLinkCheckout, type PaymentLink, withSums } from "./store.ts";
import { statusOf } from "./view.ts";

/** What a link can do now. `busy`: it is for one payment, which is under way. `review`: nobody can say yet whether it was paid. */
export type LinkStage = "active" | "paid" | "expired" | "disabled" | "busy" | "review";

/** The latest checkout of a link: what it is worth, and whether a prompt of it may still be paid. */
interface Latest {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly mayBePaid: boolean;
  /** A prompt of it is out. */
  readonly isPrompted: boolean;
}

/** A link as somebody meets it who wants to pay. */
export interface OpenLink {
  readonly link: PaymentLink;
  readonly stage: LinkStage;
  /** Of a link for one payment: the checkout that is not over. */
  readonly current: Latest | null;
}

const hasAttempt = (condition: string): string =>
  `EXISTS (SELECT 1 FROM attempts a WHERE a.checkout_id = c.id AND a.status ${condition})`;
/** SQL: a checkout that is not over. One that was cancelled while a prompt was out may still be paid by it. */
const IS_CURRENT = "(c.status NOT IN ('expired', 'cancelled') OR " +
  `(c.status = 'cancelled' AND ${hasAttempt("IN ('pending', 'unknown')")}))`;
const LATEST = `SELECT c.id, c.status, c.amount, c.amount_received > 0 OR ${hasAttempt("<> 'failed'")}, ` +
  `${hasAttempt("= 'pending'")} ` +
  "FROM payment_link_checkouts l JOIN checkouts c ON c.id = l.checkout_id WHERE l.link_id = ? ";
/** For one payment: a checkout that is not over comes first. There is one at most. */
const selectLatest = (link: string): Query<Latest> => ({
  ...statement(`${LATEST} AND ${IS_CURRENT} ORDER BY l.checkout_id DESC LIMIT 1`, link),
  map: ([id, status, amount, mayBePaid, isPrompted]) => ({
    id: String(id),
    status: String(status),
    amount: Number(amount),
    mayBePaid: mayBePaid === 1,
    isPrompted: isPrompted === 1,
  }),
});
const selectIsDisabled = (merchant: string): Query<boolean> => ({
  ...statement("SELECT status = 'disabled' FROM merchants WHERE id = ?", merchant),
  map: ([disabled]) => disabled === 1,
});
const selectStarted = (link: string, start: string): Query<string> => ({
  ...statement("SELECT checkout_id FROM payment_link_checkouts WHERE link_id = ? AND start = ?", link, start),
  map: ([id]) => String(id),
});

/** The link of a code with what it can do now; null: there is none. */
export async function openLink(ctx: Pick<Context, "db" | "clock">, code: string): Promise<OpenLink | null> {
  const link = await findByCode(ctx, code);
  const [state] = link === null ? [] : await withSums(ctx, [link]);
  if (link === null || state === undefined) return null;
  const current = link.reusable ? null : await first(ctx.db, selectLatest(link.id));
  const isDisabled = await first(ctx.db, selectIsDisabled(link.merchant_id));
  const status = isDisabled === true ? "disabled" : statusOf(state, ctx.clock.now());
  return { link, stage: status === "active" ? stageOf(current) : status, current };
}

function stageOf(current: Latest | null): LinkStage {
  if (current?.status === "pending") return "busy";
  if (current?.status === "cancelled") return current.isPrompted ? "busy" : "review";
  if (current?.status === "review") return "review";
  return current?.status === "succeeded" ? "paid" : "active";
}

/** How long (s) the checkout of a link can be paid, unless the link ends before. */
const LIFETIME_S = 1_800;
const MIN_LIFETIME_S = 30;

/** The checkout that somebody pays by a link, or why there is none now. */
export type Started = { readonly checkout: string } | { readonly stage: Exclude<LinkStage, "active"> };

/**
 * Starts the checkout of somebody who pays `amount` (cents) by a link. A form that is sent twice (`start`) starts one. A
 * link for one payment has one checkout at a time that is not over, whoever opens it: so two who press at the same moment
 * share it, and its rules let one prompt out at a time. It gives way to another amount where nobody can pay it any more: a
 * prompt asks for what its payer has typed.
 */
export async function startCheckout(ctx: Context, code: string, amount: number, start: string): Promise<Started> {
  return await retryOnConflict(async () => {
    const open = await openLink(ctx, code);
    if (open === null) return { stage: "disabled" };
    const { link, stage, current } = open;
    const started = await first(ctx.db, selectStarted(link.id, start));
    if (started !== null) return { checkout: started };
    if (stage !== "active") return { stage };
    if (current?.amount === amount) return { checkout: current.id };
    if (current?.mayBePaid === true) return { stage: "busy" };
    if (current !== null) await cancelUnpaid(ctx, current.id);
    return { checkout: await create(ctx, link, amount, start) };
  });
}

async function create(ctx: Context, link: PaymentLink, amount: number, start: string): Promise<string> {
  const now = ctx.clock.now();
  const leftS = link.expires_at === null ? LIFETIME_S : Math.floor((link.expires_at - now) / 1_000);
  const { number } = await ctx.shortcodes.byId(link.shortcode_id);
  const input = {
    amount,
    currency: link.currency,
    reference: `${link.code}-${randomCode(6)}`.toUpperCase(),
    shortcode: number,
    expires_in: Math.max(MIN_LIFETIME_S, Math.min(LIFETIME_S, leftS)),
    metadata: { payment_link: link.id },
    items: [{ name: link.description, quantity: 1, amount }],
  };
  const linked = (checkout_id: string) => insertLinkCheckout({ checkout_id, link_id: link.id, start, created_at: now });
  try {
    return (await openCheckoutOfLink(ctx, input, { first: guards(link), link: linked })).id;
  } catch (error) {
    // The same form was sent twice at once: the other request has stored it.
    const isTwin = error instanceof ConstraintError && error.rule.startsWith("payment_link_checkouts.");
    throw isTwin ? new ConstraintError("trigger", "conflict") : error;
  }
}

const CHANGED = "INSERT INTO guards (failed) SELECT 'conflict' FROM payment_links WHERE id = ? AND version <> ?";
const HAS_CURRENT =
  "INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (SELECT 1 FROM payment_link_checkouts l " +
  `JOIN checkouts c ON c.id = l.checkout_id WHERE l.link_id = ? AND ${IS_CURRENT})`;

/** Statements: undo the batch if the link was changed meanwhile, or if it is for one payment and somebody else has begun. */
const guards = ({ id, version, reusable }: PaymentLink): Statement[] => [
  statement(CHANGED, id, version),
  ...reusable ? [] : [statement(HAS_CURRENT, id)],
];
