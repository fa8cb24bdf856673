import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import { Random } from "../../chaos/random.ts";
import type { Storefront } from "../../chaos/traffic/client.ts";
import { Ledger, type Wish } from "../../chaos/traffic/ledger.ts";
import type { Turn } from "../pace.ts";
import type { Tally } from "./tally.ts";

/** Last four digits of a phone: what shoppers do on most days, and what Daraja does on some. */
const pushScenarios: readonly (readonly [number, string])[] = [
  [60, "5678"], // pays
  [10, "1032"], // cancels
  [5, "1037"], // does not answer
  [4, "2001"], // mistypes the PIN
  [4, "0001"], // has too little money
  [4, "9001"], // pays, and the callback never comes
  [4, "9002"], // the callback is there before the answer
  [4, "9003"], // four copies of the callback
  [3, "9006"], // the answer is cut off
  [2, "9013"], // also confirmed as a paybill payment
];

const payoutScenarios: readonly (readonly [number, string])[] = [[85, "5678"], [10, "2040"], [5, "9016"]];

interface State {
  readonly shop: Storefront;
  readonly simulator: string;
  readonly ledger: Ledger;
  /** Payees have phones of their own, so that who is paid twice can be told. */
  readonly payees: Ledger;
  readonly checkouts: string[];
  readonly refundable: string[];
  readonly seen: Set<string>;
}

/** Shops on an ordinary day: what they asked for, for whoever compares it with the books. */
export class Traffic {
  readonly #draws = new Random("load");
  readonly #state: State;
  constructor(shop: Storefront, simulator: string) {
    this.#state = {
      shop,
      simulator,
      ledger: new Ledger(),
      payees: new Ledger(),
      checkouts: [],
      refundable: [],
      seen: new Set(),
    };
  }

  /** Everything that was asked for. */
  get wishes(): readonly Wish[] {
    return [...this.#state.ledger.wishes, ...this.#state.payees.wishes];
  }

  /** One act of somebody's, counted in `tally`. */
  async act({ due }: Turn, tally: Tally): Promise<void> {
    const act = this.#draws.weighted([
      [42, create],
      [26, get],
      [8, list],
      [12, payPaybill],
      [8, payOut],
      [4, refund],
    ]);
    await act({ ...this.#state, tally }, this.#draws, due);
  }
}

type Act = (state: State & { readonly tally: Tally }, draws: Random, due: number) => Promise<void>;

const shillings = (draws: Random): number => draws.int(10, 900) * 100;

const create: Act = async ({ shop, tally, ledger, checkouts }, draws, due) => {
  const phone = ledger.phone(draws.weighted(pushScenarios));
  const reference = ledger.reference("load-");
  const wish = ledger.add({ kind: "checkout", client: "cli_demo", reference, phone, key: "" });
  const body = { amount: shillings(draws), currency: "KES", reference, phone_number: phone };
  const reply = await tally.call(shop, "create", due, ["cli_demo", "POST", "/v1/checkouts", body]);
  if (reply.status !== 201) return;
  wish.answers.push(reply);
  checkouts.push(reply.body.id);
};

/** Shops mostly look at what was bought a moment ago. */
const get: Act = async ({ shop, tally, checkouts, refundable, seen }, draws, due) => {
  const id = checkouts[Math.max(0, checkouts.length - 1 - draws.int(0, 400))];
  if (id === undefined) return;
  const { status, body } = await tally.call(shop, "get", due, ["cli_demo", "GET", `/v1/checkouts/${id}`]);
  const payment = status === 200 ? (body as CheckoutView).payment : null;
  if (payment === null || payment.receipt === null || seen.has(payment.id)) return;
  seen.add(payment.id);
  refundable.push(payment.id);
};

const list: Act = async ({ shop, tally }, draws, due) => {
  const path = draws.pick(["/v1/checkouts?limit=20", "/v1/payments?limit=20", "/v1/events?limit=20"]);
  await tally.call(shop, "list", due, ["cli_demo", "GET", path]);
};

/** Somebody pays by hand; most give an account that no checkout has. */
const payPaybill: Act = async ({ simulator, tally, ledger }, draws, due) => {
  const amount = shillings(draws) / 100;
  const account = ledger.reference("GIFT");
  const phone = ledger.phone("5678");
  const body = JSON.stringify({ shortcode: "600000", amount, phone, account_reference: account });
  const response = await fetch(`${simulator}/_simulator/c2b`, { method: "POST", body }).catch(() => null);
  const paid: { confirmed?: boolean } = await response?.json() ?? {};
  tally.add("paybill", due, paid.confirmed === true ? 200 : 0);
};

const payOut: Act = async ({ shop, tally, payees }, draws, due) => {
  const phone = payees.phone(draws.weighted(payoutScenarios));
  const reference = payees.reference("pay-");
  const wish = payees.add({ kind: "payout", client: "cli_demo", reference, phone, key: "" });
  const body = { amount: shillings(draws), currency: "KES", phone_number: phone, reference, purpose: "business" };
  const reply = await tally.call(shop, "pay out", due, ["cli_demo", "POST", "/v1/payouts", body]);
  if (reply.status === 202) wish.answers.push(reply);
};

const refund: Act = async ({ shop, tally, ledger, refundable }, _draws, due) => {
  const payment = refundable.shift();
  if (payment === undefined) return;
  const wish = ledger.add({ kind: "refund", client: "cli_demo", reference: payment, phone: null, key: "" });
  const body = { payment, reason: "returned" };
  const reply = await tally.call(shop, "refund", due, ["cli_demo", "POST", "/v1/refunds", body]);
  if (reply.status === 202) wish.answers.push(reply);
};
