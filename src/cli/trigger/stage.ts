import type { Checkout, Malipo, Payment, Payout } from "../../client/mod.ts";
import { CommandFailed } from "../frame/command.ts";

/** The paybill of development's merchant `demo`, whose C2B URLs are registered at the simulator. */
const PAYBILL = "600000";
const LOOKS_EACH_MS = 200;
const ENDED = ["succeeded", "expired", "cancelled", "review"];

/** What a scenario plays on: the API, and the customers of the simulator. */
export class Stage {
  /** A name for what is made here, so that it is easily found. */
  readonly reference: string;
  readonly #middle = String(crypto.getRandomValues(new Uint32Array(1))[0]).padStart(4, "0").slice(-4);

  constructor(
    readonly malipo: Malipo,
    readonly simulator: string,
    /** Whole shillings. */
    readonly shillings: number,
    scenario: string,
    readonly waitMs: number,
  ) {
    this.reference = `${scenario}-${this.#middle}`;
  }

  /** A phone whose last four digits choose what happens; the rest is new each time, so that no limit is met. */
  phone(lastFour = "0678"): string {
    return `2547${this.#middle}${lastFour}`;
  }

  /** A checkout whose prompt goes to a phone with these last four digits. */
  async prompt(lastFour?: string): Promise<Checkout> {
    return await this.malipo.checkouts.create({
      amount: this.shillings * 100,
      currency: "KES",
      reference: this.reference,
      phone_number: this.phone(lastFour),
    });
  }

  /** A checkout that is to be paid by paybill. */
  async checkout(): Promise<Checkout> {
    return await this.malipo.checkouts.create({
      amount: this.shillings * 100,
      currency: "KES",
      reference: this.reference,
    });
  }

  /** A payout to a phone with these last four digits. */
  async payOut(lastFour?: string): Promise<Payout> {
    return await this.malipo.payouts.create({
      amount: this.shillings * 100,
      currency: "KES",
      reference: this.reference,
      phone_number: this.phone(lastFour),
      purpose: "business",
    });
  }

  /** A customer pays the paybill by hand. Errors: {@link CommandFailed} where the simulator is not there. */
  async payByHand(account: string, shillings = this.shillings): Promise<{ receipt: string; confirmed: boolean }> {
    const answer = await fetch(`${this.simulator}/_simulator/c2b`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        shortcode: PAYBILL,
        amount: shillings,
        phone: this.phone("0123"),
        account_reference: account,
      }),
    }).catch(() => null);
    if (answer === null) throw new CommandFailed(simulatorIsAway(this.simulator));
    const body: { receipt: string; confirmed: boolean; error?: string } = await answer.json();
    if (!answer.ok) throw new CommandFailed(`The simulator refused the payment: ${body.error ?? answer.status}.`);
    return body;
  }

  /** Waits until a checkout has ended, or the time is over. */
  async ended(id: string): Promise<Checkout> {
    return await this.#until(() => this.malipo.checkouts.get(id), ({ status }) => ENDED.includes(status));
  }

  /** Waits until the prompt of a checkout has its result. */
  async attemptEnded(id: string): Promise<Checkout> {
    const isOver = ({ attempts }: Checkout) => attempts.every(({ status }) => status !== "pending");
    return await this.#until(() => this.malipo.checkouts.get(id), isOver);
  }

  /** Waits until a receipt is a payment. Errors: {@link CommandFailed}. */
  async paymentOf(receipt: string): Promise<Payment> {
    const read = async () => (await this.malipo.payments.list({ receipt, limit: 1 })).data[0];
    const found = await this.#until(read, (payment) => payment !== undefined);
    if (found === undefined) throw new CommandFailed(`The payment ${receipt} has not come: is the paybill registered?`);
    return found;
  }

  /** Waits until a payout has its result, or the time is over. */
  async paidOut(id: string): Promise<Payout> {
    const over = ["succeeded", "failed", "rejected", "cancelled", "awaiting_approval"];
    return await this.#until(() => this.malipo.payouts.get(id), ({ status }) => over.includes(status));
  }

  async #until<T>(read: () => Promise<T>, isOver: (found: T) => boolean): Promise<T> {
    const deadline = Date.now() + this.waitMs;
    for (;;) {
      const found = await read();
      if (isOver(found) || Date.now() > deadline) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOKS_EACH_MS));
    }
  }
}

/** What to do where no simulator answers. */
export const simulatorIsAway = (url: string): string =>
  `No simulator answers at ${url}. \`trigger\` needs deno task dev, in another terminal, with the same SIMULATOR_PORT.`;
