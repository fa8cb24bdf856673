import {
  type Aggregate,
  amountDue,
  askedBy,
  type Attempt,
  nextPart,
  type Payment,
  progressOf,
} from "../../domain/checkouts/machine.ts";
import { billOf } from "../../domain/checkouts/items.ts";
import type { FailureCode } from "../../daraja/codes.ts";
import type { Shortcode } from "../../context/shortcode.ts";

/** Which page a shopper sees. */
export type Stage = "ready" | "waiting" | "failed" | "unclear" | "paid" | "expired" | "cancelled" | "review";

/** What the page shows of a checkout: no whole phone number, no id of Daraja's. Amounts in cents, times in ms. */
export interface PageState {
  readonly stage: Stage;
  readonly id: string;
  readonly version: number;
  readonly amount: number;
  /** What is held of it, and what is still to be paid: the next prompt and the paybill ask for that. */
  readonly received: number;
  readonly due: number;
  /** What the next prompt asks for: what is due, or as much of it as M-Pesa takes in one transaction. */
  readonly ask: number;
  /** The number of the next prompt and of all; null for a checkout that is collected by one. */
  readonly split: { readonly part: number; readonly of: number } | null;
  /** The shop wants all of it at once, so a part does not make the next prompt smaller. */
  readonly refusesParts: boolean;
  /** Whether M-Pesa has said that it took the request that is shown. */
  readonly isTaken: boolean;
  /** What the prompt asks for that is on the phone; null where none is. */
  readonly prompted: number | null;
  readonly items: ReturnType<typeof billOf>;
  readonly reference: string;
  readonly expiresAt: number;
  /** The merchant's name with us, and the name that M-Pesa's prompt shows. */
  readonly merchant: string;
  readonly business: string;
  /** How many prompts were sent. */
  readonly attempts: number;
  /** The phone of the attempt that the page shows, as `0712 ••• 678`. */
  readonly phone: string | null;
  /** The phones that have a request which was not answered yet. */
  readonly waitingPhones: readonly string[];
  /** When the newest of these requests was made (ms); null where none waits. */
  readonly waitsSince: number | null;
  readonly failure: FailureCode | null;
  /** Another attempt than the displayed one has no clear answer, so it may still be paid. */
  readonly hasUnclearAttempt: boolean;
  /** Null for a till: it has no account number, so money paid there cannot be matched to a checkout. */
  readonly paybill: { readonly number: string; readonly account: string } | null;
  /**
   * M-Pesa does not answer prompts just now, so paying by paybill comes first. Never while a prompt of this checkout may
   * still be paid: the customer would pay twice.
   */
  readonly promptsFail: boolean;
  readonly receipt: { readonly paymentId: string; readonly code: string | null; readonly at: number } | null;
  readonly hasReturnUrl: boolean;
}

/** Whether the checkout can still be paid at this stage. */
export const isPayable = (stage: Stage): boolean =>
  stage === "ready" || stage === "waiting" || stage === "failed" || stage === "unclear";

/** What the page needs to know besides the checkout. `most`: M-Pesa's limit for one transaction in cents. */
export interface PageContext {
  readonly shortcode: Shortcode;
  readonly merchant: string;
  readonly most: number;
  readonly promptsFail: boolean;
  /** The phones of the attempts as the page shows them, by the attempt's id. */
  readonly phones: ReadonlyMap<string, string>;
}

/** The state of the page for a checkout at `now` (ms). */
export function pageStateOf(
  state: Aggregate,
  { shortcode, merchant, most, promptsFail, phones }: PageContext,
  now: number,
): PageState {
  const { checkout, attempts } = state;
  const isSplit = checkout.split && (checkout.amount > most || attempts.some(({ amount }) => amount !== null));
  const stage = stageOf(state, now);
  const displayed = displayedAttempt(stage, attempts);
  const waiting = stage === "waiting" ? attempts.filter(({ status }) => status === "pending") : [];
  const payment = stage === "paid" ? settlingPayment(state) : undefined;
  const payer = payment === undefined ? undefined : attempts.find((attempt) => attempt.id === payment.attempt_id);
  return {
    stage,
    id: checkout.id,
    version: checkout.version,
    amount: checkout.amount,
    received: checkout.amount_received,
    due: amountDue(checkout),
    ask: isSplit ? nextPart(state, { most, left: Infinity, now }) : amountDue(checkout),
    split: isSplit ? progressOf(state, most) : null,
    refusesParts: checkout.partial === "refuse",
    isTaken: displayed !== undefined && displayed.accepted_at !== null,
    prompted: stage === "waiting" && displayed !== undefined ? askedBy(state, displayed.id) : null,
    items: billOf(checkout),
    reference: checkout.reference,
    expiresAt: checkout.expires_at,
    merchant,
    business: shortcode.name,
    attempts: attempts.length,
    phone: phones.get((stage === "paid" ? payer : displayed)?.id ?? "") ?? null,
    waitingPhones: [...new Set(waiting.map(({ id }) => phones.get(id) ?? ""))],
    waitsSince: waiting.at(-1)?.created_at ?? null,
    failure: stage === "failed" ? displayed?.failure as FailureCode : null, // only the machine writes this column
    hasUnclearAttempt: isPayable(stage) &&
      attempts.some((attempt) => attempt.status === "unknown" && attempt !== displayed),
    paybill: shortcode.kind === "paybill" && isPayable(stage)
      ? { number: shortcode.number, account: checkout.account_reference }
      : null,
    promptsFail: promptsFail && (stage === "ready" || stage === "failed") && attempts.every(isEnded),
    receipt: payment === undefined
      ? null
      : { paymentId: payment.id, code: payment.receipt, at: payment.paid_at ?? payment.created_at },
    hasReturnUrl: checkout.return_url !== null,
  };
}

function stageOf({ checkout, attempts }: Aggregate, now: number): Stage {
  switch (checkout.status) {
    case "succeeded":
      return "paid";
    case "pending":
      return "waiting";
    case "open":
      if (amountDue(checkout) === 0) return "review"; // parts that come to more: a person decides
      if (now >= checkout.expires_at) return attempts.some((a) => a.status === "unknown") ? "review" : "expired";
      return stageAfter(attempts.at(-1));
    default:
      return checkout.status;
  }
}

function stageAfter(last: Attempt | undefined): Stage {
  if (last === undefined) return "ready";
  if (last.status === "succeeded") return "ready"; // a part is paid, and the next one can be asked for
  return last.status === "failed" ? "failed" : "unclear";
}

const isEnded = ({ status }: Attempt): boolean => status === "failed" || status === "succeeded";

const displayedAttempt = (stage: Stage, attempts: readonly Attempt[]): Attempt | undefined =>
  stage === "waiting" ? attempts.findLast((attempt) => attempt.status === "pending") : attempts.at(-1);

const settlingPayment = ({ checkout, payments }: Aggregate): Payment | undefined =>
  payments.find((p) => p.checkout_id === checkout.id && (p.status === "matched" || p.status === "refunded"));
