import type { Seen, SeenAccount, SeenPayment } from "../seen.ts";
import type { Account } from "../truth.ts";
import { isExactly, mayName } from "./accounts.ts";
import { claimOf, isByHand, kes, partAt, type Played, transferOf, type Violation } from "./violation.ts";

/**
 * A standing account has what names it or what a person put there, less what went back and what it gave to checkouts. So
 * each shilling is in one place: a checkout, an account, or waiting.
 */
export function standing(played: Played): Violation[] {
  const found: Violation[] = [];
  for (const own of played.seen) {
    for (const shown of own.accounts) {
      const account = played.truth.accounts.find(({ id }) => id === shown.id);
      if (account === undefined) continue;
      found.push(...balance(own, account, shown), ...overdrawn(played, account, shown), ...early(played, own, account));
      for (const payment of own.payments) found.push(...credited(played, own, account, payment));
    }
    found.push(...parts(own));
  }
  return found;
}

/** The balance is what came less what was applied, and the statement adds up to it. */
function balance(own: Seen, { label, id }: Account, shown: SeenAccount): Violation[] {
  const came = own.payments.reduce((sum, payment) => sum + partAt(own, payment, id), 0);
  const applied = [...shown.applied.values()].reduce((sum, amount) => sum + amount, 0);
  if (shown.balance === came - applied && shown.closing === shown.balance) return [];
  const text = `${label} has ${kes(shown.balance)} and a statement of ${kes(shown.closing)}; ${kes(came)} came and ` +
    `${kes(applied)} were applied`;
  return [{ rule: "account_differs", about: label, text }];
}

/** An account that has given away what it has not must say so. */
function overdrawn({ alerts }: Played, { label, id }: Account, shown: SeenAccount): Violation[] {
  const told = alerts.some(({ event, fields }) => event === "account_overdrawn" && fields["account"] === id);
  if (shown.balance >= 0 || told) return [];
  return [{
    rule: "account_overdrawn",
    about: label,
    text: `${label} has ${kes(shown.balance)}, and no alert says so`,
  }];
}

/** Money is the account's only if it names it or a person put it there, and never where a callback says whose it is. */
function credited(played: Played, own: Seen, account: Account, payment: SeenPayment): Violation[] {
  if (partAt(own, payment, account.id) === 0) return [];
  const transfer = transferOf(played.truth, payment.receipt);
  if (transfer === undefined) return [];
  if (transfer.place !== account.place && claimOf(played.truth, payment)) return []; // what only a file says
  const { label } = account;
  if (transfer.prompt !== null && transfer.told.has("callback")) {
    const text =
      `${transfer.label}, which a callback proved to be of ${transfer.prompt.checkout.label}, is in ${label}`;
    return [{ rule: "another_checkouts_money", about: label, text }];
  }
  const isNamed = transfer.account !== null && mayName(transfer.account, account.account);
  if (isNamed || isByHand(played, payment.id, account.id)) return [];
  const text = `${transfer.label} named "${transfer.account ?? ""}" and is in ${label}, "${account.account}"`;
  return [{ rule: "another_account", about: label, text }];
}

/** Money that names an account is never a duplicate, whenever it comes: unless somebody acts on it, it is the account's. */
function early(played: Played, own: Seen, { label, place, account }: Account): Violation[] {
  const isWaiting = own.checkouts.some(({ attempts }) => attempts.some(({ status }) => status === "unknown"));
  if (isWaiting) return []; // a prompt may still prove to be paid by it
  return own.payments.flatMap((payment): Violation[] => {
    const transfer = transferOf(played.truth, payment.receipt);
    if (payment.status !== "duplicate_payment" || transfer === undefined || transfer.prompt !== null) return [];
    if (transfer.place !== place || !isExactly(transfer.account ?? "", account)) return [];
    const isActedOn = payment.amount_taken_back > 0 || own.refunds.some((r) => r.payment === payment.id) ||
      played.truth.deeds.some((deed) => deed.payment === payment.id);
    if (isActedOn) return [];
    const text = `${transfer.label} named the account of ${label} and is called a duplicate`;
    return [{ rule: "early_is_duplicate", about: label, text }];
  });
}

/** No payment is in places that have more of it together than it is. */
function parts({ payments }: Seen): Violation[] {
  return payments.flatMap(({ amount, allocations }): Violation[] => {
    const placed = allocations.reduce((sum, part) => sum + part.amount, 0);
    if (placed <= amount) return [];
    const text = `${kes(placed)} of a payment of ${kes(amount)} are allocated`;
    return [{ rule: "account_differs", about: "money", text }];
  });
}
