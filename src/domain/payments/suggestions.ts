import { sha256 } from "../../crypto/hash.ts";
import type { Allocation } from "../../db/schema.ts";
import { shillings } from "../../lib/shillings.ts";
import type { AccountSuggestion, Suggestion } from "./contract.ts";
import { isOneTypoAway } from "./typo.ts";

const MAX_SUGGESTIONS = 5;
/** So that many orders of one account leave room for other reasons. */
const MAX_SAME_ACCOUNT = 3;
/** Shorter accounts are often one typo apart by chance. */
const MIN_KEY_LENGTH = 3;

/** A standing account. */
export interface AccountCandidate {
  readonly id: string;
  readonly account_reference: string;
  readonly account_key: string;
}

/** A checkout that is not paid. */
export interface Candidate extends AccountCandidate {
  readonly reference: string;
  /** Cents, as the checkout asks. */
  readonly amount: number;
  /** Cents that it still needs. */
  readonly due: number;
}

/** Money that waits for a place. */
export interface Waiting {
  readonly id: string;
  /** Cents that are in no place yet. */
  readonly left: number;
  /** The account that was typed, and its key; both empty at a till. */
  readonly typed: string;
  readonly key: string;
}

export interface Candidates {
  readonly sameAccount: readonly Candidate[];
  /** Checkouts that are open, the newest first. */
  readonly unpaid: readonly Candidate[];
  /** Of `unpaid`, the ids whose prompts went to a phone that fits what M-Pesa says of the payer. */
  readonly samePhone: ReadonlySet<string>;
}

/** Places that the money may be for, the most likely first. The ids are made of what would be done, so that accepting one does that. */
export function rankSuggestions(
  money: Waiting,
  { sameAccount, unpaid, samePhone }: Candidates,
): Suggestion[] {
  const one = (c: Candidate, reason: Suggestion["reason"], text: string) => suggestion(money, [c], reason, text);
  const same = sameAccount.toSorted((a, b) => Number(b.due === money.left) - Number(a.due === money.left));
  const equal = unpaid.filter(({ due }) => due === money.left);
  const phones = equal.filter(({ id }) => samePhone.has(id));
  const all = [
    ...same.slice(0, MAX_SAME_ACCOUNT).map((c) =>
      one(c, "same_account", `The account is the same: ${c.account_reference}.`)
    ),
    ...sumsOf(money, sameAccount, unpaid, samePhone).map((pair) =>
      suggestion(
        money,
        pair,
        "adds_up",
        `${pair.map((c) => c.reference).join(" and ")} need ${shillings(money.left)} together, which is what came.`,
      )
    ),
    ...phones.map((c) =>
      one(c, "same_phone_and_amount", "The amount is the same, and a prompt went to a phone that fits the payer's.")
    ),
    ...similarTo(money, unpaid, equal).map((c) => one(c, "similar_account", differenceText(money, c))),
    ...money.key === "" ? equal.map((c) => one(c, "same_amount", "The amount is the same.")) : [],
  ];
  const first = all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);
  return first.slice(0, MAX_SUGGESTIONS);
}

/** Standing accounts whose account is one typing error away from what was typed. */
export const similarAccounts = (money: Waiting, accounts: readonly AccountCandidate[]): AccountSuggestion[] =>
  similarTo(money, accounts, []).slice(0, MAX_SUGGESTIONS).map((account) => {
    const allocations = [{ account: account.id, amount: money.left }];
    return {
      id: idOf(money, allocations),
      reason: "similar_account",
      text: differenceText(money, account),
      account: account.id,
      account_reference: account.account_reference,
      allocations,
    };
  });

const differenceText = ({ typed }: Waiting, { account_reference }: AccountCandidate): string =>
  `One typing error apart: "${typed}" was typed, and this is ${account_reference}.`;

/** Those whose account is one typing error away; those of the same amount come first. */
const similarTo = <C extends AccountCandidate>({ key }: Waiting, all: readonly C[], equal: readonly C[]): C[] =>
  key.length < MIN_KEY_LENGTH ? [] : all.filter((c) => c.account_key !== key && isOneTypoAway(c.account_key, key))
    .toSorted((a, b) => Number(equal.includes(b)) - Number(equal.includes(a)));

/**
 * Two orders that need what came, if something besides the sum says that they belong together: both have the account that
 * was typed, both were prompted on the payer's phone, or both accounts were typed one after the other.
 */
function sumsOf(
  { left, key }: Waiting,
  sameAccount: readonly Candidate[],
  unpaid: readonly Candidate[],
  samePhone: ReadonlySet<string>,
): (readonly [Candidate, Candidate])[] {
  const typed = unpaid.filter((c) =>
    c.account_key !== "" && (key.startsWith(c.account_key) || key.endsWith(c.account_key))
  );
  const pairs = [
    ...pairsOf(sameAccount),
    ...pairsOf(unpaid.filter(({ id }) => samePhone.has(id))),
    ...pairsOf(typed).filter(([a, b]) => [a.account_key + b.account_key, b.account_key + a.account_key].includes(key)),
  ];
  return pairs.filter(([a, b]) => a.due > 0 && b.due > 0 && a.due + b.due === left);
}

const pairsOf = (all: readonly Candidate[]): (readonly [Candidate, Candidate])[] =>
  all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const));

const idOf = ({ id }: Waiting, allocations: readonly Allocation[]): string =>
  `sug_${sha256(JSON.stringify([id, allocations])).toHex().slice(0, 26)}`;

function suggestion(
  money: Waiting,
  places: readonly [Candidate, ...Candidate[]],
  reason: Suggestion["reason"],
  text: string,
): Suggestion {
  const [{ id, reference, account_reference, amount }] = places;
  const allocations = places.map((c) => ({ checkout: c.id, amount: Math.min(money.left, c.due) }));
  return {
    id: idOf(money, allocations),
    reason,
    text,
    checkout: id,
    reference,
    account_reference,
    amount,
    allocations,
  };
}
