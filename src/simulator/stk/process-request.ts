import type { Account } from "../core/accounts.ts";
import {
  amountField,
  type Fields,
  oneOf,
  phoneField,
  required,
  shortcodeField,
  text,
  timestampField,
  urlField,
} from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { DarajaError, invalid, type Reply } from "../core/reply.ts";
import { startPush } from "./flow.ts";
import { type StkScenario, stkScenario, usualWithCode } from "./scenarios.ts";

const PAY_BILL = "CustomerPayBillOnline";
const BUY_GOODS = "CustomerBuyGoodsOnline";

/** `POST /mpesa/stkpush/v1/processrequest` (daraja.md sections 2.1 to 2.3). */
export function processRequest(call: Call): Promise<Reply> {
  const { fields, world } = call;
  const input = read(fields);
  const account = authenticate(call, input.shortcode, input.timestamp);
  call.entry.phone = input.phone;
  const held = world.manualPhones.has(input.phone);
  return startPush(world, {
    merchantRequestId: world.ids.group(),
    checkoutRequestId: world.ids.checkout(input.phone),
    account,
    amount: input.amount,
    phone: input.phone,
    accountReference: input.reference,
    callbackUrl: input.callbackUrl,
    at: world.now(),
    scenario: misconfiguredScenario(account, input.type, input.partyB) ??
      (held ? usualWithCode(0) : stkScenario(input.phone)),
    queries: 0,
    result: null,
    receipt: null,
    settledAt: null,
    isHeld: held,
    cancelCallback: () => {},
    callbackStatus: null,
  });
}

function read(fields: Fields) {
  const shortcode = shortcodeField(fields, "BusinessShortCode");
  const timestamp = timestampField(fields);
  const type = oneOf(fields, "TransactionType", [PAY_BILL, BUY_GOODS]);
  // Safaricom's sandbox paybill refuses the till's transaction type at once (daraja.md section 2.1).
  if (shortcode === "174379" && type === BUY_GOODS) throw invalid("TransactionType");
  const amount = amountField(fields, "Amount", 1, 250_000);
  phoneField(fields, "PartyA");
  const partyB = shortcodeField(fields, "PartyB");
  const phone = phoneField(fields, "PhoneNumber");
  const callbackUrl = urlField(fields, "CallBackURL");
  const reference = required(fields, "AccountReference");
  required(fields, "TransactionDesc", undefined, "Remarks");
  return { shortcode, timestamp, type, amount, partyB, phone, callbackUrl, reference };
}

/** The account that a push or query names. Throws if the Password is wrong (daraja.md section 2.3). */
export function authenticate(call: Call, shortcode: string, timestamp: string): Account {
  const account = call.world.accounts.findForPush(shortcode);
  if (!account || account.shortcode.consumerKey !== call.app.key) {
    throw new DarajaError(500, "500.001.1001", "Merchant does not exist");
  }
  if (text(call.fields, "Password") !== btoa(shortcode + account.shortcode.passkey + timestamp)) {
    throw new DarajaError(500, "500.001.1001", "Wrong credentials");
  }
  return account;
}

/** The scenario of a push whose TransactionType or PartyB does not fit the shortcode (daraja.md section 4). */
function misconfiguredScenario(account: Account, type: string, partyB: string): StkScenario | undefined {
  if (partyB !== account.number) return usualWithCode("SFC_IC0003");
  const expected = account.shortcode.kind === "till" ? BUY_GOODS : PAY_BILL;
  return type === expected ? undefined : usualWithCode(2028);
}
