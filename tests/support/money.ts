import type { LedgerAccountView, LedgerCheckView, LedgerEntryView } from "../../src/domain/ledger/contract.ts";
import type { PaymentView } from "../../src/domain/checkouts/payment-contract.ts";
import type { RefundView } from "../../src/domain/refunds/contract.ts";
import { payC2b } from "../../src/simulator/c2b/pay.ts";
import type { Caller } from "./checkouts.ts";
import { createCheckout, getCheckout } from "./checkouts.ts";
import type { Answer, CallOptions } from "./client.ts";
import type { InProcess } from "./in-process.ts";

/** The ledger as GET /v1/ledger answers it. */
export interface LedgerPage {
  readonly data: readonly LedgerEntryView[];
  readonly next_cursor: string | null;
  readonly accounts: readonly LedgerAccountView[];
  readonly last_check: LedgerCheckView | null;
}

/** A customer pays a paybill on the simulator; answers the receipt. `amount` in shillings. */
export async function payPaybill(
  run: InProcess,
  { amount = 1_500, phone = "254712345678", reference = "nobody", shortcode = "600000" } = {},
): Promise<string> {
  const account = run.simulator.world.accounts.find(shortcode);
  if (account === undefined) throw new Error(`no shortcode ${shortcode}`);
  const paid = await payC2b(run.simulator.world, account, { amount, phone, reference });
  await run.idle();
  if (paid.receipt === null) throw new Error("the payment was refused");
  return paid.receipt;
}

/** A checkout that was prompted and paid; answers its payment. */
export async function paidCheckout(
  run: InProcess,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<PaymentView> {
  const made = await createCheckout(run, { phone_number: "0712345678", ...changes });
  await run.pass();
  const { payment } = await getCheckout(run, made.id);
  if (payment === null) throw new Error("the checkout was not paid");
  return await getPayment(run, payment.id);
}

export async function getPayment(caller: Caller, id: string): Promise<PaymentView> {
  const { status, body } = await caller.call<PaymentView>("GET", `/v1/payments/${id}`);
  if (status !== 200) throw new Error(`no payment ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Asks for a refund. */
export const askRefund = <T = RefundView>(
  caller: Caller,
  payment: string,
  changes: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<Answer<T>> =>
  caller.call<T>("POST", "/v1/refunds", { payment, reason: "Out of stock", ...changes }, options);

/** Creates a refund. Fails unless that is answered 202. */
export async function createRefund(
  caller: Caller,
  payment: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<RefundView> {
  const { status, body } = await askRefund(caller, payment, changes);
  if (status !== 202) throw new Error(`no refund: ${status} ${JSON.stringify(body)}`);
  return body;
}

export async function getRefund(caller: Caller, id: string): Promise<RefundView> {
  const { status, body } = await caller.call<RefundView>("GET", `/v1/refunds/${id}`);
  if (status !== 200) throw new Error(`no refund ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

export async function getLedger(caller: Caller, query = "", options: CallOptions = {}): Promise<LedgerPage> {
  const { status, body } = await caller.call<LedgerPage>("GET", `/v1/ledger${query}`, undefined, options);
  if (status !== 200) throw new Error(`no ledger: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** What each account of a shortcode holds, in cents. */
export async function holdings(caller: Caller, shortcode = "600000"): Promise<Record<string, number>> {
  const { accounts } = await getLedger(caller, `?shortcode=${shortcode}`);
  return Object.fromEntries(accounts.map(({ account, balance }) => [account, balance]));
}

/** Has the ledger checked now; answers what differs. */
export async function checkLedger(caller: Caller): Promise<LedgerCheckView["findings"]> {
  const { status, body } = await caller.call<LedgerCheckView>("POST", "/v1/ledger/checks", undefined, {
    client: "cli_operator",
  });
  if (status !== 200) throw new Error(`no check: ${status} ${JSON.stringify(body)}`);
  return body.findings;
}
