import { nairobiDateTime } from "../../daraja/time.ts";
import type { ReceiptClaims } from "../../domain/receipts/claims.ts";
import { shillings } from "../../lib/shillings.ts";
import type { StateNow } from "./check.ts";

const states: Readonly<Record<string, string>> = {
  paid: "nothing of it was given back",
  partly_given_back: "a part was given back",
  given_back: "all of it was given back: it is no proof of payment any more",
  taken_back: "M-Pesa took it back: it is no proof of payment any more",
};

/** What a receipt says, a line for each fact. */
export function factLines(claims: ReceiptClaims, now: StateNow): string[] {
  const line = (name: string, value: string): string => `  ${name.padEnd(10)}${value}`;
  return [
    `The receipt is real: ${claims.iss} has signed it.`,
    line("from", claims.merchant + (claims.pin === undefined ? "" : `, KRA PIN ${claims.pin}`)),
    line("paid", shillings(claims.amount)),
    line("M-Pesa", claims.mpesa ?? "receipt not known yet"),
    ...claims.ref === null ? [] : [line("reference", claims.ref)],
    line("date", `${nairobiDateTime(claims.at * 1_000)}, Nairobi`),
    ...(claims.items ?? []).map(([name, count, cents]) => line("item", `${count} × ${name}, ${shillings(cents)}`)),
    line("now", now === null ? "not asked" : `${states[now.state] ?? now.state}${since(now.given_back)}`),
  ];
}

const since = (givenBack: number): string => givenBack === 0 ? "" : ` (${shillings(givenBack)})`;
