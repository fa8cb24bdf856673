import { mpesaTime, PAYBILL } from "./facts.ts";
import type { InProcess } from "./in-process.ts";
import type { AccountView, StatementView } from "../../src/domain/accounts/contract.ts";
import type { Caller } from "./checkouts.ts";

/** Creates a standing account. Fails unless that is answered 201. */
export async function createAccount(
  caller: Caller,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<AccountView> {
  const { status, body } = await caller.call<AccountView>("POST", "/v1/accounts", {
    name: "Achieng Otieno",
    ...changes,
  });
  if (status !== 201) throw new Error(`no account: ${status} ${JSON.stringify(body)}`);
  return body;
}

export async function getAccount(caller: Caller, id: string): Promise<AccountView> {
  const { status, body } = await caller.call<AccountView>("GET", `/v1/accounts/${id}`);
  if (status !== 200) throw new Error(`no account ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

export async function getStatement(caller: Caller, id: string, query = ""): Promise<StatementView> {
  const path = `/v1/accounts/${id}/statement${query}`;
  const { status, body } = await caller.call<StatementView>("GET", path);
  if (status !== 200) throw new Error(`no statement ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** A customer pays a paybill, and M-Pesa names the payer's number. Answers the payment's id. `amount` in shillings. */
export async function payOpenly(run: InProcess, account: string, amount: number, receipt: string): Promise<string> {
  const body = {
    TransactionType: "Pay Bill",
    TransID: receipt,
    TransTime: mpesaTime(run.time.now()),
    TransAmount: `${amount}.00`,
    BusinessShortCode: PAYBILL.number,
    BillRefNumber: account,
    MSISDN: "254712345678",
    FirstName: "JANE",
  };
  await run.notify(run.services.capabilities.mint("c2b_confirmation", PAYBILL.id), JSON.stringify(body));
  await run.idle();
  const [[id]] = await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt) as [[string]];
  return id;
}
