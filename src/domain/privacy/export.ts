import type { Vault } from "../../crypto/vault.ts";
import { formatTime } from "../../http/fields.ts";
import type { Person } from "./person.ts";

/** One thing that is held about a person, as data for that person by the right of access (Data Protection Act). */
export interface Exported {
  readonly kind:
    | "checkout"
    | "account"
    | "payment"
    | "payout"
    | "payment_naming_the_phone"
    | "refund"
    | "payee"
    | "standing_order"
    | "note";
  readonly id: string;
  /** The merchant that holds it; a note has none. */
  readonly merchant?: string;
  readonly created_at: string;
  readonly [field: string]: unknown;
}

const common = (row: { readonly id: string; readonly merchant_id: string; readonly created_at: number }) => ({
  id: row.id,
  merchant: row.merchant_id,
  created_at: formatTime(row.created_at),
});

/** What is held about a person, with names, notes and free text in clear. What can't be decrypted is null. */
export async function exportPerson(vault: Vault, person: Person): Promise<readonly Exported[]> {
  const open = async (table: string, column: string, id: string, sealed: unknown): Promise<string | null> =>
    sealed instanceof Uint8Array ? await vault.openText(sealed, { table, column, row: id }).catch(() => null) : null;
  return [
    ...person.checkouts.map((row) => checkoutOf(person, row)),
    ...await Promise.all(person.accounts.map(async ({ account, balance }): Promise<Exported> => ({
      kind: "account",
      ...common(account),
      account_reference: account.account_reference,
      name: await open("standing_accounts", "name", account.id, account.name),
      balance,
    }))),
    ...await Promise.all(person.payments.map(async (row): Promise<Exported> => ({
      kind: "payment",
      ...common(row),
      amount: row.amount,
      receipt: row.receipt,
      account_reference: row.account_reference,
      payer_name: await open("payments", "payer_name", row.id, row.payer_name),
      phone_number: person.phone,
    }))),
    ...await Promise.all(person.payouts.map(async (row): Promise<Exported> => ({
      ...payoutOf(person, row),
      given_name: await open("payouts", "given_name", row.id, row.given_name),
      payee_name: await open("payouts", "payee_name", row.id, row.payee_name),
    }))),
    ...person.named.map((row): Exported => ({
      kind: "payment_naming_the_phone",
      ...common(row),
      account_reference: row.account_reference,
    })),
    ...person.refunds.map((row): Exported => ({
      kind: "refund",
      ...common(row),
      payment: row.payment_id,
      amount: row.amount,
      status: row.status,
      reason: row.reason,
      resolution: row.resolution,
    })),
    ...await Promise.all(person.payees.map(async (row): Promise<Exported> => ({
      kind: "payee",
      ...common(row),
      name: await open("payees", "name", row.id, row.name),
      name_source: row.name_source,
      given_name: await open("payees", "given_name", row.id, row.given_name),
      phone_number: person.phone,
    }))),
    ...person.standingOrders.map((row) => standingOrderOf(person, row)),
    ...await Promise.all(person.notes.map(async (row): Promise<Exported> => ({
      kind: "note",
      id: row.id,
      case: row.case_id,
      created_at: formatTime(row.at),
      by: row.by,
      text: await open("attention_notes", "text", row.id, row.text),
    }))),
  ];
}

const checkoutOf = (person: Person, row: Person["checkouts"][number]): Exported => ({
  kind: "checkout",
  ...common(row),
  amount: row.amount,
  status: row.status,
  reference: row.reference,
  account_reference: row.account_reference,
  description: row.description,
  metadata: row.metadata,
  prompts: person.attempts.filter(({ checkout_id }) => checkout_id === row.id).map((attempt) => ({
    at: formatTime(attempt.created_at),
    status: attempt.status,
    phone_number: person.phone,
  })),
});

const payoutOf = (person: Person, row: Person["payouts"][number]): Exported => ({
  kind: "payout",
  ...common(row),
  amount: row.amount,
  status: row.status,
  receipt: row.receipt,
  reference: row.reference,
  remarks: row.remarks,
  occasion: row.occasion,
  metadata: row.metadata,
  phone_number: person.phone,
});

const standingOrderOf = (person: Person, row: Person["standingOrders"][number]): Exported => ({
  kind: "standing_order",
  ...common(row),
  status: row.status,
  name: row.name,
  amount: row.amount,
  frequency: row.frequency,
  start_date: row.start_day,
  end_date: row.end_day,
  account_reference: row.account_reference,
  description: row.description,
  phone_number: person.phone,
});
