import type { Context } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { accountKey, isExactAccount, isSameAccount } from "../settlement/account-key.ts";
import { type Aggregate, CLOCK_SKEW_MS, Evidence, type Payment } from "./machine.ts";
import { loadCheckout } from "./store.ts";

/** A prompt that a query called paid, and whose receipt is still to come. Times in ms. */
export interface WaitingPrompt {
  readonly paymentId: string;
  readonly checkoutId: string;
  readonly account: string;
  readonly pushedAt: number;
  /** When a query said that it was paid. */
  readonly knownPaidAt: number;
  /** The receipt that was inferred; null where none has come. */
  readonly inferred: Inferred | null;
}

/** Money that was inferred for a prompt: when it moved, and whether any of it was given or promised back since. */
interface Inferred {
  readonly receipt: string;
  readonly paidAt: number;
  readonly isGoingBack?: boolean;
}

/** What is known of money that arrived: cents, the account as typed, ms. */
export interface Arrival {
  readonly receipt: string;
  readonly amount: number;
  readonly accountReference: string | null;
  readonly paidAt: number | null;
}

export interface Waiting {
  /** The checkout whose prompt was paid by this money; null where none fits. */
  readonly checkoutId: string | null;
  /** The payment of that prompt whose place the money takes: it has no receipt, or gives way. Null where none fits. */
  readonly takes: string | null;
  /** Whether another prompt could be meant as well. */
  readonly isInferred: boolean;
  /** The payment that was inferred for this prompt from later money, and gives way; null where the prompt has none. */
  readonly displaces: string | null;
  /** A checkout whose prompt waits for money of this amount, though this does not fit it; null where there is none. */
  readonly near: string | null;
  /** Undoes the batch if a prompt that was not read waits for this money. It must come before the statements that store it. */
  readonly guard: Statement;
}

const MAX_WAITING = 200;
/** A confirmation without a time belongs to a payment that became known within this time of it. */
const MERGE_WINDOW_MS = 30 * 60_000;

/**
 * Placeholders whose receipt never comes stay for good. So only those are read that were stored after the money moved:
 * with all of them, the limit would hide the prompts that fit.
 */
const waitingSql = (columns: string, index: string, knownAt: string): string =>
  `SELECT ${columns} FROM payments p INDEXED BY ${index} JOIN attempts a ON a.id = p.attempt_id ` +
  `JOIN checkouts c ON c.id = p.checkout_id WHERE p.shortcode_id = ? AND p.amount = ? AND ${knownAt} >= ? ` +
  "AND a.created_at <= ? ";
const LIMITED = ` ORDER BY p.id LIMIT ${MAX_WAITING}`;
const columnsWith = (knownAt: string): string =>
  `p.id, p.checkout_id, c.account_reference, a.created_at, ${knownAt}, p.receipt, p.paid_at, p.amount_promised + p.amount_taken_back`;
/** The planner would take the index of receipts, and read every payment without one at the shortcode. */
const waitingFor = (columns: string): string =>
  waitingSql(columns, "payments_without_receipt", "p.created_at") + "AND p.receipt IS NULL" + LIMITED;
/** The money may have been stored long before a query said that the prompt was paid. */
const KNOWN_AT = "max(p.created_at, coalesce(a.ended_at, 0))";
const SELECT_WITHOUT_RECEIPT = waitingFor(columnsWith("p.created_at"));
const SELECT_INFERRED = waitingSql(columnsWith(KNOWN_AT), "payments_inferred", KNOWN_AT) +
  "AND p.receipt_source = 'inferred'" + LIMITED;
const UNSEEN_PROMPT = "INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (SELECT 1 FROM (" +
  waitingFor("p.id AS id") + ") WHERE id NOT IN (SELECT value FROM json_each(?)))";

const SELECT_NEAR = `SELECT id FROM (${waitingFor("p.checkout_id AS id")}) LIMIT 1`;

/** A prompt is answered within minutes, or never. */
const LONGEST_ANSWER_MS = 30 * 60_000;
/**
 * Prompts of an account and amount that may have been paid, though nothing says so yet, or whose receipt is only inferred.
 * Only a callback, or a push that never left, says that a prompt was not paid.
 */
const SELECT_RIVALS =
  "SELECT DISTINCT c.id, c.account_reference FROM (SELECT id, account_reference, amount FROM checkouts " +
  "WHERE shortcode_id = ? AND account_key = ? AND amount >= ? ORDER BY id DESC LIMIT 20) c " +
  "JOIN attempts a ON a.checkout_id = c.id AND coalesce(a.amount, c.amount) = ? " +
  `WHERE a.created_at BETWEEN ? AND ? AND a.evidence & ${Evidence.failedByCallback | Evidence.refused} = 0 ` +
  "AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.checkout_id = c.id AND p.attempt_id = a.id " +
  "AND p.receipt IS NOT NULL AND p.receipt_source <> 'inferred')";

/** A checkout with a prompt that this money may be for as well. */
export interface Rival {
  readonly checkoutId: string;
  readonly account: string;
}

/** Since when (ms) a prompt became known as paid, and until when it was pushed, if this money is its: see {@link fits}. */
const boundsOf = (
  { paidAt }: Pick<Arrival, "paidAt">,
  now: number,
): { readonly knownPaidFrom: number; readonly pushedTo: number } =>
  paidAt === null
    ? { knownPaidFrom: now - MERGE_WINDOW_MS, pushedTo: now + CLOCK_SKEW_MS }
    : { knownPaidFrom: paidAt - CLOCK_SKEW_MS, pushedTo: paidAt + CLOCK_SKEW_MS };

/**
 * Statement: undoes the batch if a prompt waits for a receipt that the caller has not seen: it may be this money. It reads
 * the same rows as the caller, also where the limit leaves some out, so that a repeated run ends.
 */
const abortIfUnseenPrompt = (place: readonly (string | number)[], seen: readonly string[]): Statement =>
  statement(UNSEEN_PROMPT, ...place, JSON.stringify(seen));

const map: Query<WaitingPrompt>["map"] = (
  [payment, checkout, account, pushedAt, knownPaidAt, receipt, paidAt, promised],
) => ({
  paymentId: String(payment),
  checkoutId: String(checkout),
  account: String(account),
  pushedAt: Number(pushedAt),
  knownPaidAt: Number(knownPaidAt),
  inferred: typeof receipt === "string" ? { receipt, paidAt: Number(paidAt), isGoingBack: Number(promised) > 0 } : null,
});

/** Whether a prompt may have been paid by this money: it moved after the push and before a query said paid. */
export function fits(prompt: WaitingPrompt, { accountReference: typed, paidAt }: Arrival, now: number): boolean {
  if (typed !== null && accountKey(typed) !== "" && !isSameAccount(typed, prompt.account)) return false;
  if (paidAt === null) return Math.abs(now - prompt.knownPaidAt) < MERGE_WINDOW_MS;
  return paidAt >= prompt.pushedAt - CLOCK_SKEW_MS && paidAt <= prompt.knownPaidAt + CLOCK_SKEW_MS;
}

/** Whether `a` gives way to `b`: it is going back, or it moved later. */
const givesWay = (a: Inferred, b: Inferred): boolean =>
  Boolean(a.isGoingBack) !== Boolean(b.isGoingBack)
    ? Boolean(a.isGoingBack)
    : a.paidAt > b.paidAt || (a.paidAt === b.paidAt && a.receipt > b.receipt);

/**
 * The prompt whose receipt this money brings. Where several fit, any of them may take it, so it is the one that has been
 * known the longest; the link is then only inferred, as it always is where the customer named no account (at a till), and
 * where another checkout has a prompt that may have been paid by it (`rivals`), though nothing says so yet. If
 * all have a receipt that was inferred, the latest of these gives way to earlier money, and money that is going back
 * gives way to any other: so the order of arrival does not matter.
 */
export function choosePrompt(
  prompts: readonly WaitingPrompt[],
  arrival: Arrival,
  now: number,
  rivals: readonly Rival[] = [],
): Omit<Waiting, "guard" | "near"> {
  const alike = prompts.filter((prompt) => fits(prompt, arrival, now));
  const exact = alike.filter(({ account }) => isExactAccount(arrival.accountReference ?? "", account));
  const fitting = (exact.length > 0 ? exact : alike)
    .toSorted((a, b) => a.knownPaidAt - b.knownPaidAt || (a.paymentId < b.paymentId ? -1 : 1));
  const isNamed = accountKey(arrival.accountReference ?? "") !== "";
  const isInferred = fitting.length > 1 || !isNamed;
  const waiting = fitting.find(({ inferred }) => inferred === null);
  if (waiting !== undefined) {
    const { checkoutId } = waiting;
    const isAlike = (rival: Rival) => exact.length === 0 || isExactAccount(waiting.account, rival.account);
    const isContested = rivals.some((rival) => rival.checkoutId !== checkoutId && isAlike(rival));
    return { checkoutId, takes: waiting.paymentId, isInferred: isInferred || isContested, displaces: null };
  }
  const { receipt, paidAt } = arrival;
  const none = { checkoutId: null, takes: null, isInferred, displaces: null };
  if (paidAt === null) return none;
  const latest = fitting.reduce<WaitingPrompt | null>(
    (best, prompt) =>
      prompt.inferred !== null && (best?.inferred == null || givesWay(prompt.inferred, best.inferred)) ? prompt : best,
    null,
  );
  if (latest?.inferred == null || !givesWay(latest.inferred, { receipt, paidAt })) return none;
  const { checkoutId, paymentId: takes } = latest;
  return { checkoutId, takes, isInferred: true, displaces: takes };
}

/** Looks for the prompt at this shortcode that money of this amount was for. */
export async function findWaitingCheckout(
  ctx: Context,
  shortcodeId: string,
  arrival: Arrival,
  now: number,
  except?: string,
): Promise<Waiting> {
  const { knownPaidFrom, pushedTo } = boundsOf(arrival, now);
  const { amount } = arrival;
  const place = [shortcodeId, amount, knownPaidFrom, pushedTo];
  const key = accountKey(arrival.accountReference ?? "");
  const paidAt = arrival.paidAt ?? now;
  const [waiting, inferred, rivals] = await rows(
    ctx.db,
    { ...statement(SELECT_WITHOUT_RECEIPT, ...place), map },
    { ...statement(SELECT_INFERRED, ...place), map },
    {
      ...statement(SELECT_RIVALS, shortcodeId, key, amount, amount, paidAt - LONGEST_ANSWER_MS, pushedTo),
      map: ([checkoutId, account]): Rival => ({ checkoutId: String(checkoutId), account: String(account) }),
    },
  );
  const others = [...waiting, ...inferred].filter(({ checkoutId }) => checkoutId !== except);
  return {
    ...choosePrompt(others, arrival, now, rivals),
    near: waiting[0]?.checkoutId ?? null,
    guard: abortIfUnseenPrompt(place, waiting.map(({ paymentId }) => paymentId)),
  };
}

/**
 * The checkout that {@link findWaitingCheckout} has chosen, null where it chose none. Errors: `conflict` (thrown as
 * ConstraintError) where other money has taken the prompt's place since: beside that money, one transfer would count twice.
 */
export async function loadWaitingCheckout(
  ctx: Context,
  { checkoutId, takes, displaces }: Pick<Waiting, "checkoutId" | "takes" | "displaces">,
): Promise<Aggregate | null> {
  const state = checkoutId === null ? null : await loadCheckout(ctx, checkoutId);
  const taken = state?.payments.find(({ id }) => id === takes);
  const isFree = displaces === null ? taken?.receipt === null : taken?.receipt_source === "inferred";
  if (checkoutId !== null && !isFree) throw new ConstraintError("check", "conflict");
  return state;
}

/** Query: the `id` of a checkout with a prompt without a receipt that may have been paid by this money; one at most. */
export function selectNear({ shortcode_id, amount, paid_at }: Payment, now: number): Statement {
  const { knownPaidFrom, pushedTo } = boundsOf({ paidAt: paid_at }, now);
  return statement(SELECT_NEAR, shortcode_id, amount, knownPaidFrom, pushedTo);
}
