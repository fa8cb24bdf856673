import type { Vault } from "../../crypto/vault.ts";
import { formatTime } from "../../http/fields.ts";
import type { Person } from "./person.ts";

/** One thing that is held about a person, as data for that person by the right of access (Data Protection Act). */
export interface Exported {
  readonly kind: "checkout" | "payment" | "payout" | "payment_naming_the_phone";
  readonly id: string;
  readonly merchant: string;
  readonly created_at: string;
  readonly [field: string]: unknown;
}

/** What is held about a person, with names and free text in clear. */
export async function exportPerson(vault: Vault, person: Person): Promise<readonly Exported[]> {
  const nameOf = async (id: string, sealed: Uint8Array | null): Promise<string | null> =>
    sealed === null
      ? null
      : await vault.openText(sealed, { table: "payments", column: "payer_name", row: id }).catch(() => null);
  const common = (row: { readonly id: string; readonly merchant_id: string; readonly created_at: number }) => ({
    id: row.id,
    merchant: row.merchant_id,
    created_at: formatTime(row.created_at),
  });
  const paid = person.payments.map(async (row): Promise<Exported> => ({
    kind: "payment",
    ...common(row),
    amount: row.amount,
    receipt: row.receipt,
    account_reference: row.account_reference,
    payer_name: await nameOf(row.id, row.payer_name),
    phone_number: person.phone,
  }));
  return [
    ...person.checkouts.map((row): Exported => ({
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
    })),
    ...await Promise.all(paid),
    ...person.payouts.map((row): Exported => ({
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
    })),
    ...person.named.map((row): Exported => ({
      kind: "payment_naming_the_phone",
      ...common(row),
      account_reference: row.account_reference,
    })),
  ];
}
