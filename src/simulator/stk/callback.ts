import { nairobiStamp } from "../core/nairobi-time.ts";
import type { World } from "../core/world.ts";
import { callbackDescription } from "./codes.ts";
import type { Push } from "../core/push.ts";

/** The callback of a push that has its result (daraja.md section 2.4). */
export function callbackJson(push: Push): string {
  const result = {
    MerchantRequestID: push.merchantRequestId,
    CheckoutRequestID: push.checkoutRequestId,
    ResultCode: push.result,
    ResultDesc: callbackDescription(push.result ?? ""),
  };
  const metadata = push.result === 0 ? { CallbackMetadata: { Item: metadataItems(push) } } : {};
  const json = JSON.stringify({ Body: { stkCallback: { ...result, ...metadata } } });
  // Daraja writes the amount with two decimals, as a number: 1.00
  return json.replace(/("Name":"Amount","Value":\d+)/, "$1.00");
}

/** Sends the callback in as many copies as the scenario says, and waits for the answers. */
export async function sendCallback(world: World, push: Push): Promise<void> {
  const json = callbackJson(push);
  const copies = Array.from({ length: push.scenario.copies ?? 1 });
  const send = () => world.outbox.post(push.callbackUrl, push.account.pushNumber, json);
  const answers = await Promise.all(copies.map(send));
  push.callbackStatus = answers[0]?.status ?? 0;
}

function metadataItems(push: Push): Array<{ Name: string; Value?: unknown }> {
  const amount = { Name: "Amount", Value: push.amount + (push.scenario.extraShillings ?? 0) };
  const phone = { Name: "PhoneNumber", Value: Number(push.phone) };
  if (push.scenario.hasNoReceipt) return [amount, phone];
  const receipt = { Name: "MpesaReceiptNumber", Value: push.receipt };
  const date = { Name: "TransactionDate", Value: Number(nairobiStamp(push.settledAt ?? push.at)) };
  // Some real callbacks carry a balance without a value; here every other receipt does.
  return hasBalanceItem(push.receipt ?? "") ? [amount, receipt, { Name: "Balance" }, date, phone] : [
    amount,
    receipt,
    date,
    phone,
  ];
}

function hasBalanceItem(receipt: string): boolean {
  return parseInt(receipt.slice(-1), 36) % 2 === 1;
}
