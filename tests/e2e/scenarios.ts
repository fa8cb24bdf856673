import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../src/domain/checkouts/payment-contract.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import type { Product } from "../support/product.ts";

/** One row of the table of scenarios (design.md section 9): what the phone does, and where Malipo must end. */
export interface Scenario {
  readonly lastFour: string;
  readonly name: string;
  readonly status: CheckoutView["status"];
  readonly attempt: CheckoutView["attempts"][number]["status"];
  /** How much money the simulator's books must hold for it, in payments. */
  readonly moved: 0 | 1;
  /** The receipt stays unknown. */
  readonly nameless?: boolean;
  /** Our code, and M-Pesa's, of the failure that is shown. */
  readonly failure?: readonly [code: string, resultCode: string];
  /** Seconds until the checkout expires; the usual half hour unless told. */
  readonly expiresIn?: number;
  readonly extra?: (product: Product, checkout: CheckoutView) => Promise<void>;
}

const paid = { status: "succeeded", attempt: "succeeded", moved: 1 } as const;
const unpaid = { status: "open", attempt: "failed", moved: 0 } as const;

export const scenarios: readonly Scenario[] = [
  { lastFour: "5678", name: "paid", ...paid },
  { lastFour: "1032", name: "cancelled on the phone", ...unpaid, failure: ["cancelled_by_customer", "1032"] },
  { lastFour: "1037", name: "no answer", ...unpaid, failure: ["no_answer", "1037"] },
  { lastFour: "2001", name: "wrong PIN", ...unpaid, failure: ["wrong_pin", "2001"] },
  { lastFour: "0001", name: "no funds", ...unpaid, failure: ["insufficient_funds", "1"] },
  { lastFour: "1019", name: "the prompt ran out", ...unpaid, failure: ["expired_prompt", "1019"] },
  { lastFour: "9001", name: "no callback, the query says paid", ...paid, nameless: true },
  { lastFour: "9002", name: "the callback comes before the answer", ...paid },
  { lastFour: "9003", name: "four copies of one callback make one payment", ...paid, extra: fourCopies },
  { lastFour: "9004", name: "paid long after the query said 4999", ...paid },
  {
    lastFour: "9005",
    name: "a callback of another amount is quarantined",
    status: "review",
    attempt: "unknown",
    moved: 1,
    extra: quarantined,
  },
  { lastFour: "9006", name: "the connection is cut, then paid", ...paid },
  { lastFour: "9007", name: "no callback, the third query says paid", ...paid, nameless: true },
  { lastFour: "9008", name: "spike arrest on every query, then paid", ...paid },
  {
    lastFour: "9009",
    name: "an HTML 503 leaves the attempt unknown, and the checkout in review when it expires",
    status: "review",
    attempt: "unknown",
    moved: 0,
    expiresIn: 30,
  },
  { lastFour: "9010", name: "paid, with neither receipt nor date", ...paid, nameless: true },
  {
    lastFour: "9011",
    name: "a result code that is a string",
    ...unpaid,
    failure: ["shortcode_misconfigured", "SFC_IC0003"],
  },
  { lastFour: "9012", name: "the query says cancelled, then paid", ...paid },
  {
    lastFour: "9013",
    name: "callback and paybill confirmation of one receipt make one payment",
    ...paid,
    extra: twoViews,
  },
];

/** Runs a scenario to its end and compares with the simulator's books. */
export async function play(product: Product, scenario: Scenario): Promise<void> {
  const phone = `25470000${scenario.lastFour}`;
  const made = await createCheckout(product, { phone_number: phone, expires_in: scenario.expiresIn });
  const paid = scenario.status === "succeeded";
  const reached = ({ status, attempts, payment }: CheckoutView): boolean =>
    status === scenario.status && attempts[0]?.status === scenario.attempt &&
    (!paid || scenario.nameless === true || payment?.receipt !== null); // a query may come before the callback
  const ended = await product.waitFor(async () => {
    const checkout = await getCheckout(product, made.id);
    return reached(checkout) && checkout;
  }, { what: `${scenario.lastFour}: ${scenario.status}` });

  const books = await product.transactions({ phone });
  assert.equal(books.length, scenario.moved, "what moved by the simulator's books");
  assert.equal((await product.requests({ phone, operation: "stk" })).length, 1, "pushes");
  const { data } = (await product.call<{ data: PaymentView[] }>("GET", `/v1/payments?checkout=${made.id}`)).body;
  if (paid) {
    const receipt = await expectedReceipt(product, scenario, data[0]?.receipt, books[0]?.receipt);
    assert.deepEqual(
      data.map(({ id, receipt, amount, channel, status }) => ({ id, receipt, amount, channel, status })),
      [
        { id: ended.payment?.id, receipt, amount: 150_000, channel: "stk", status: "matched" },
      ],
    );
    if (!scenario.nameless) assert.equal(ended.payment?.receipt, receipt);
  }
  assert.ok(data.length <= scenario.moved);
  assert.deepEqual(
    [ended.last_failure?.code, ended.last_failure?.result_code],
    scenario.failure === undefined ? [undefined, undefined] : [...scenario.failure],
  );
  await scenario.extra?.(product, ended);
  assert.ok(reached(await getCheckout(product, made.id)), "it stays so");
}

/**
 * The receipt that a payment must have. A reconciliation, where one has run already, may have found the receipt that no
 * callback named.
 */
async function expectedReceipt(
  product: Product,
  { nameless }: Scenario,
  found: string | null | undefined,
  booked: string | undefined,
): Promise<string | null | undefined> {
  if (!nameless) return booked;
  const isReconciled = (await product.requests({ operation: "pull" })).length > 0;
  return isReconciled && found === booked ? booked : null;
}

interface Notices {
  readonly data: readonly { kind: string; status: string; problem: string | null; copies: number }[];
}

async function notices(product: Product, subject: string): Promise<Notices["data"]> {
  const asked = `/v1/notices?subject=${subject}`;
  return (await product.call<Notices>("GET", asked, undefined, { client: "cli_operator" })).body.data;
}

async function fourCopies(product: Product, { attempts }: CheckoutView): Promise<void> {
  await product.waitFor(async () => {
    const found = await notices(product, attempts[0]?.id ?? "");
    return found.length === 1 && found[0]?.copies === 4;
  }, { what: "one notice with four copies" });
}

async function quarantined(product: Product, { attempts }: CheckoutView): Promise<void> {
  const [found] = await notices(product, attempts[0]?.id ?? "");
  assert.deepEqual([found?.status, found?.problem], ["quarantined", "amount_differs"]);
  assert.ok(product.logs().some((line) => line.includes('"level":"alert"') && line.includes("notice_quarantined")));
}

async function twoViews(product: Product, { attempts }: CheckoutView): Promise<void> {
  const seen = await product.waitFor(async () => {
    const all =
      (await product.call<Notices>("GET", "/v1/notices?limit=100", undefined, { client: "cli_operator" })).body;
    const confirmation = all.data.find(({ kind, status }) => kind === "c2b_confirmation" && status === "applied");
    return confirmation !== undefined && (await notices(product, attempts[0]?.id ?? ""))[0];
  }, { what: "the paybill's notice" });
  assert.equal(seen.status, "applied");
}
