import type { Vault } from "../../crypto/vault.ts";
import type { Database, Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Clock } from "../../platform/ports.ts";
import { Problem } from "../../problems/problem.ts";
import { randomCode } from "../payment-links/code.ts";
import { eraseBodies } from "../payouts/signed-request.ts";
import { accountKey } from "../settlement/account-key.ts";
import { phonePlace, type StandingOrderRow } from "./find-standing-orders.ts";
import { merchantsOf, type Person, subjectsOf, underWay } from "./person.ts";
import { ERASED, scrub } from "./scrub.ts";

/** An account that is a phone has room for so many letters after {@link ERASED}. */
const MOST_LETTERS = 6;

export interface Eraser {
  readonly db: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Who asks for it, and why: both are in the audit trail. */
  readonly by: string;
  readonly because: string;
}

/** How many rows of each kind an erasure is about. */
export const countOf = (person: Person): Readonly<Record<string, number>> => ({
  checkouts: person.checkouts.length,
  prompts: person.attempts.length,
  payments: person.payments.length,
  payments_naming_the_phone: person.named.length,
  accounts: person.accounts.length,
  payouts: person.payouts.length,
  refunds: person.refunds.length,
  payees: person.payees.length,
  standing_orders: person.standingOrders.length,
  notes: person.notes.length,
});

/**
 * Overwrites what the service knows of a person: phone, masked phone, index, names, Daraja's request ids, and the phone
 * where it stands in free text or is the number of a standing account; and deletes the payee's entries, the notes, M-Pesa's messages and the events about these
 * rows. Amounts, receipts, times and the ledger stay: they are records of money. One batch, with an audit entry at each
 * merchant. Errors: `wrong_state` while something of it is under way.
 */
export async function erasePerson(eraser: Eraser, person: Person): Promise<void> {
  const { db, vault, clock, by, because } = eraser;
  const blockers = underWay(person, clock.now());
  if (blockers.length > 0) {
    throw new Problem(
      "wrong_state",
      `Something of this person is still under way: ${blockers.slice(0, 5).join(", ")}.`,
    );
  }
  const account = ERASED + randomCode(MOST_LETTERS);
  const subject = `person:${vault.index("phone", person.phone).toHex().slice(0, 16)}`; // tells nobody who it was
  await db.write([
    ...(await Promise.all(person.attempts.map(({ id }) => eraseAttempt(vault, id)))),
    ...person.payments.flatMap((row) => erasePayment(row, person.phone, account)),
    ...person.named.map((row) => scrubAccount("payments", row, person.phone, account)),
    ...person.checkouts.flatMap((row) => eraseCheckout(row, person.phone, account)),
    ...(await Promise.all(person.accounts.map((state) => eraseAccount(vault, state.account, person.phone, account)))),
    ...(await Promise.all(person.payouts.map((row) => erasePayout(vault, row, person.phone)))),
    ...person.payouts.map(eraseSignedRequest),
    ...await eraseBodies(eraser, signedBatches(person)),
    ...person.refunds.map((row) => eraseRefund(row, person.phone)),
    ...(await Promise.all(person.standingOrders.map((row) => eraseStandingOrder(vault, row, person.phone)))),
    ...person.payees.map(({ id }) => statement("DELETE FROM payees WHERE id = ?", id)),
    ...person.notes.map(({ id }) => statement("DELETE FROM attention_notes WHERE id = ?", id)),
    ...traces(person),
    ...merchantsOf(person).map((merchantId) =>
      auditEntry({ merchantId, actor: by, requestId: "cli", clock }, "person.erased", subject, {
        because,
        ...countOf(person),
      })
    ),
  ]);
}

async function eraseAttempt(vault: Vault, id: string): Promise<Statement> {
  const sealed = await vault.seal(ERASED, { table: "attempts", column: "phone", row: id });
  return statement(
    "UPDATE attempts SET phone = ?, phone_index = randomblob(16), phone_masked = ?, request_ids = NULL " +
      "WHERE id = ? AND status <> 'pending'",
    sealed,
    ERASED,
    id,
  );
}

type Accounted = { readonly id: string; readonly account_reference: string | null };

/** Money is placed by its account, so what stands instead of the phone is another text for each person (`account`). */
function scrubAccount(
  table: "payments" | "checkouts",
  { id, account_reference: before }: Accounted,
  phone: string,
  account: string,
) {
  const after = before === null ? null : scrub(before, phone, account);
  const key = accountKey(after ?? "");
  return before === after
    ? statement("SELECT 1 WHERE 0")
    : statement(`UPDATE ${table} SET account_reference = ?, account_key = ? WHERE id = ?`, after, key, id);
}

const erasePayment = (row: Accounted, phone: string, account: string): Statement[] => [
  statement("UPDATE payments SET phone = NULL, payer_name = NULL WHERE id = ?", row.id),
  statement("DELETE FROM payment_phones WHERE payment_id = ?", row.id),
  scrubAccount("payments", row, phone, account),
];

/** The account keeps its money under the text that its payments and checkouts have now. Nothing is expected of it any more. */
async function eraseAccount(
  vault: Vault,
  { id, account_reference }: Person["accounts"][number]["account"],
  phone: string,
  account: string,
): Promise<Statement> {
  const after = scrub(account_reference, phone, account);
  return statement(
    "UPDATE standing_accounts SET account_reference = ?, account_key = ?, name = ?, expected_amount = NULL, " +
      "next_check_at = NULL WHERE id = ?",
    after,
    accountKey(after),
    await vault.seal(ERASED, { table: "standing_accounts", column: "name", row: id }),
    id,
  );
}

const eraseCheckout = (row: Person["checkouts"][number], phone: string, account: string): Statement[] => [
  scrubAccount("checkouts", row, phone, account),
  statement(
    "UPDATE checkouts SET reference = ?, description = ?, metadata = ? WHERE id = ?",
    scrub(row.reference, phone),
    scrub(row.description, phone),
    scrub(JSON.stringify(row.metadata), phone),
    row.id,
  ),
];

async function erasePayout(vault: Vault, row: Person["payouts"][number], phone: string): Promise<Statement> {
  return statement(
    "UPDATE payouts SET phone = ?, phone_index = randomblob(16), phone_masked = ?, reference = ?, remarks = ?, " +
      "occasion = ?, metadata = ?, resolution = ?, given_name = NULL, payee_name = NULL WHERE id = ? " +
      "AND status IN ('succeeded', 'failed', 'rejected', 'cancelled')",
    await vault.seal(ERASED, { table: "payouts", column: "phone", row: row.id }),
    ERASED,
    scrub(row.reference, phone),
    scrub(row.remarks, phone),
    row.occasion === null ? null : scrub(row.occasion, phone),
    scrub(JSON.stringify(row.metadata), phone),
    row.resolution === null ? null : scrub(JSON.stringify(row.resolution), phone),
    row.id,
  );
}

/** The signed requests of batches: they are about other people too, so only their bodies go. */
const signedBatches = ({ payouts }: Person): readonly string[] => [
  ...new Set(payouts.flatMap(({ batch_id, signed_request: id }) => batch_id === null || id === null ? [] : [id])),
];

/** Statement: the signed request of a payout alone goes. */
const eraseSignedRequest = ({ id }: Person["payouts"][number]): Statement =>
  statement(
    "DELETE FROM signed_requests WHERE id = (SELECT signed_request FROM payouts WHERE id = ? AND batch_id IS NULL " +
      "AND status IN ('succeeded', 'failed', 'rejected', 'cancelled'))",
    id,
  );

const eraseRefund = ({ id, reason, resolution }: Person["refunds"][number], phone: string): Statement =>
  statement(
    "UPDATE refunds SET reason = ?, resolution = ? WHERE id = ?",
    scrub(reason, phone),
    resolution === null ? null : scrub(JSON.stringify(resolution), phone),
    id,
  );

async function eraseStandingOrder(vault: Vault, row: StandingOrderRow, phone: string): Promise<Statement> {
  return statement(
    "UPDATE standing_orders SET phone = ?, phone_masked = ?, name = ?, account_reference = ?, description = ? WHERE id = ?",
    await vault.seal(ERASED, phonePlace(row.id)),
    ERASED,
    scrub(row.name, phone),
    scrub(row.account_reference, phone),
    scrub(row.description, phone),
    row.id,
  );
}

/** Statements: M-Pesa's messages and the events about a person's rows are deleted, with their deliveries. */
function traces(person: Person): Statement[] {
  const subjects = JSON.stringify(subjectsOf(person));
  const merchants = JSON.stringify(merchantsOf(person));
  const payments = JSON.stringify([...person.payments, ...person.named].map(({ id }) => id));
  const told = "SELECT e.id FROM json_each(?) m JOIN json_each(?) s JOIN events e ON e.merchant_id = m.value " +
    "AND e.subject_id = s.value";
  return [
    statement(
      "DELETE FROM notices WHERE status IN ('applied', 'quarantined') AND (subject_id IN (SELECT value FROM json_each(?)) " +
        "OR payment_id IN (SELECT value FROM json_each(?)))",
      subjects,
      payments,
    ),
    statement(`DELETE FROM deliveries WHERE event_id IN (${told})`, merchants, subjects),
    statement(`DELETE FROM jobs WHERE kind = 'event' AND subject_id IN (${told})`, merchants, subjects),
    statement(`DELETE FROM events WHERE id IN (${told})`, merchants, subjects),
  ];
}
