/**
 * A history is what a generator decides: which transfers really happen, what each source says about them and when, and
 * what people do. It is plain data, so it can be shrunk, printed, stored and played again. Times are seconds.
 */
export interface History {
  readonly checkouts: readonly CheckoutPlan[];
  readonly walkIns: readonly WalkIn[];
  readonly people: readonly Action[];
  /** Standing accounts that merchants make. */
  readonly accounts?: readonly AccountPlan[];
  /** Payouts that a merchant asks for. */
  readonly payouts?: readonly PayoutPlan[];
  /** How M-Pesa treats the requests that send money out, in the order of the requests; after the list: `done`. */
  readonly moneyOut: readonly OutFate[];
  /** Where set, nobody acts, and the same facts are also told in another order, which this seed picks. */
  readonly reorder: number | null;
}

/** X has a paybill and a till, Y too. A number stands for one of them. */
export const placeNames = ["X's paybill", "X's till", "Y's paybill", "Y's till"] as const;
export type PlaceIndex = 0 | 1 | 2 | 3;

export const merchantOf = (place: PlaceIndex): "X" | "Y" => place < 2 ? "X" : "Y";
export const isTill = (place: PlaceIndex): boolean => place % 2 === 1;

/** A standing account at a paybill. `apply`: whether its balance pays the open checkouts of its account. */
export interface AccountPlan {
  readonly place: 0 | 2;
  readonly account: string;
  readonly at: number;
  readonly apply: "oldest_first" | "none";
}

/** What `keep_within` keeps, in shillings. */
export const KEPT_WITHIN = 600;

/** A checkout that a merchant asks for `at`. `amount` is in shillings. */
export interface CheckoutPlan {
  readonly place: PlaceIndex;
  readonly amount: number;
  readonly account: string;
  readonly at: number;
  readonly expiresIn: number;
  readonly prompts: readonly PromptPlan[];
  /** What becomes of more than was asked; absent: it waits for a person. */
  readonly overpayment?: "keep_within" | "refund_difference";
  /** It is more than M-Pesa moves at once, and is collected by several prompts. */
  readonly split?: true;
}

/** A prompt, `after` the checkout was made. */
export interface PromptPlan {
  readonly after: number;
  /** `lost`: M-Pesa takes the push and the answer to it is lost. `lost_untaken`: it is lost and was not taken. */
  readonly answer: "accepted" | "lost" | "lost_untaken";
  /** What the customer does, `answers` seconds after the prompt. */
  readonly customer: "pays" | "cancels" | "ignores";
  readonly answers: number;
  /** What an STK query says until the history is settled: the truth, nothing, or a failure that is not one. */
  readonly query: "truth" | "nothing" | "denies";
  readonly told: readonly Telling[];
}

/** One notice about a transfer (or a cancelled prompt), `after` it happened. */
export interface Telling {
  readonly by: "callback" | "confirmation";
  readonly after: number;
  /**
   * `bare`: a callback without receipt and date. `other_amount`: a callback that names one shilling more. `clear`: a
   * confirmation that names the payer's whole number, which a masked one (`whole`) does not.
   */
  readonly form: "whole" | "bare" | "other_amount" | "clear";
}

/** Money that a customer pays by hand; at a till nobody types an account. */
export interface WalkIn {
  readonly place: PlaceIndex;
  readonly amount: number;
  readonly typed: string;
  readonly at: number;
  readonly told: readonly Telling[];
}

/** A part of a payment for a checkout or an account, picked by number. `amount`: shillings; null: all that is left. */
export interface Part {
  readonly to: "checkout" | "account";
  readonly nth: number;
  readonly amount: number | null;
}

/** A payout from a paybill to somebody. `amount` is in shillings; from 2,000 on somebody has to approve it. */
export interface PayoutPlan {
  readonly place: 0 | 2;
  readonly amount: number;
  readonly at: number;
}

/** What a person does. `payment`, `checkout`, `refund` pick one of those that there are, counted round. */
export type Action =
  & { readonly at: number; readonly merchant: "X" | "Y" }
  & (
    | { readonly do: "match"; readonly payment: number; readonly checkout: number }
    /** In place of what was allocated before, so without parts it is undone. */
    | { readonly do: "allocate"; readonly payment: number; readonly parts: readonly Part[] }
    | {
      readonly do: "refund";
      readonly payment: number;
      readonly method: "reversal" | "payout";
      /** Shillings; null: all that is left. */
      readonly amount: number | null;
    }
    | { readonly do: "resolve"; readonly refund: number; readonly outcome: "succeeded" | "failed" }
    | { readonly do: "cancel"; readonly checkout: number }
    | { readonly do: "refresh"; readonly checkout: number }
    | { readonly do: "approve" | "pause" | "resume" }
    | { readonly do: "pull"; readonly till: boolean }
    /** Somebody reverses a transfer past the service: in the portal, or Safaricom's support. M-Pesa's list says so. */
    | { readonly do: "take_back"; readonly transfer: number }
    | {
      readonly do: "import";
      /** Where the statement is imported, and whose transfers it lists. */
      readonly till: boolean;
      readonly of: PlaceIndex;
      /** Shillings that each row names in the place of the truth; null: the truth. */
      readonly amount: number | null;
    }
  );

/**
 * What becomes of a request for money out. `lost`: no answer and no result, though it is done; a
 * status query does not find it for 10 min. `result_lost`: taken and
 * done, without a result. `slow`: its result comes after 20 min. `failed`: it is not done. `failed_first`: a result
 * says failed, and 10 min later another one that it was done.
 */
export type OutFate = "done" | "result_lost" | "lost" | "slow" | "failed" | "failed_first";
