import { ownAccount } from "../c2b/register.ts";
import type { Transaction } from "../core/transactions.ts";
import { parseNairobiTime } from "../core/nairobi-time.ts";
import { phoneField, required, shortcodeField, text, urlField } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { nameOf } from "../core/people.ts";
import { DarajaError, ok, type Reply } from "../core/reply.ts";

const WINDOW_MS = 48 * 60 * 60 * 1000;
const PAGE_SIZE = 100;

/** `POST /pulltransactions/v1/register` (daraja.md section 7.9). */
export function pullRegister(call: Call): Reply {
  return withPullErrorCodes(() => {
    const account = ownAccount(call, shortcodeField(call.fields, "ShortCode"));
    required(call.fields, "RequestType", /^Pull$/i);
    phoneField(call.fields, "NominatedNumber");
    urlField(call.fields, "CallBackURL");
    const isKnown = account.pullRegistered;
    account.pullRegistered = true;
    const reference = { ResponseRefID: call.world.ids.group(), ShortCode: account.number };
    // In real answers to a second registration the keys contain spaces.
    return ok(
      isKnown
        ? { ...reference, "Response Status": "1001", "Response Description": "ShortCode already Registered" }
        : { ...reference, ResponseStatus: "1000", ResponseDescription: "Shortcode Registered Successfully" },
    );
  });
}

/** `POST` or `GET /pulltransactions/v1/query` (daraja.md section 7.9): the payments of up to 48 hours, 100 a page. */
export function pullQuery(call: Call): Reply {
  return withPullErrorCodes(() => {
    const account = ownAccount(call, shortcodeField(call.fields, "ShortCode"));
    if (!account.pullRegistered) throw new DarajaError(400, "400.001", "Bad Request - ShortCode not registered");
    const from = timeField(call, "StartDate");
    const to = timeField(call, "EndDate");
    const offset = Number(required(call.fields, "OffSetValue", /^\d{1,9}$/));
    if (to < from || call.world.now() - from > WINDOW_MS + 60_000) throw new DarajaError(400, "400.001", BAD_WINDOW);
    const rows = call.world.transactions.list()
      .filter((transaction) => isPayment(transaction, account.number, from, to))
      .slice(offset, offset + PAGE_SIZE)
      .map((transaction) => row(transaction, account.name));
    const code = rows.length > 0 ? "1000" : "1001";
    return ok({
      ResponseRefID: call.world.ids.group(),
      ResponseCode: code,
      ResponseMessage: code === "1000" ? "Success" : "No transactions found",
      Response: [rows],
    });
  });
}

const BAD_WINDOW = "Bad Request - the window must lie within the last 48 hours";

function withPullErrorCodes<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DarajaError && error.code.startsWith("400.002")) {
      throw new DarajaError(400, "400.001", error.message);
    }
    throw error;
  }
}

function timeField({ fields }: Call, name: string): number {
  const ms = parseNairobiTime(text(fields, name) ?? "");
  if (ms === undefined) throw new DarajaError(400, "400.001", `Bad Request - Invalid ${name}`);
  return ms;
}

function isPayment(transaction: Transaction, shortcode: string, from: number, to: number): boolean {
  const at = Date.parse(transaction.at);
  const isIncoming = transaction.kind === "stk" || transaction.kind === "c2b";
  // The end is a whole second, and payments within that second count.
  return isIncoming && transaction.shortcode === shortcode && at >= from && at < to + 1000;
}

function row(transaction: Transaction, organisation: string): Record<string, unknown> {
  return {
    transactionId: transaction.receipt,
    trxDate: transaction.at,
    msisdn: Number(transaction.phone),
    sender: nameOf(transaction.phone ?? "").first,
    transactiontype: transaction.account_reference === null ? "c2b-buy-goods-debit" : "c2b-pay-bill-debit",
    billreference: transaction.account_reference ?? "",
    amount: `${transaction.amount}.00`,
    organizationname: organisation,
  };
}
