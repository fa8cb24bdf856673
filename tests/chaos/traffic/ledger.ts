import type { Client } from "../../support/client.ts";
import type { Reply } from "./client.ts";

/** What the traffic asked for, and what it was told. */
export interface Wish {
  readonly kind: "checkout" | "attempt" | "payout" | "refund" | "paybill";
  readonly client: Client;
  /** Unlike any other wish's: what the API's row is found by. Of an attempt: its checkout's id. */
  readonly reference: string;
  readonly phone: string | null;
  readonly key: string;
  /** Answers that created something, however often the key was sent. */
  readonly answers: Reply[];
}

/** Everything that was asked, in order, and how many operations that were. */
export class Ledger {
  readonly wishes: Wish[] = [];
  operations = 0;
  /** Payments that a person has moved to a checkout. */
  readonly matchedByHand = new Set<string>();
  /** Receipts of statements that were accepted. */
  readonly imported = new Set<string>();
  /** Times (ms, the machine's clock) in which no money of the demo shop may leave. */
  readonly pauses: { readonly from: number; readonly to: number }[] = [];
  isPaused = false;
  #phones = 0;
  #references = 0;

  /** A phone that nobody else uses, of a scenario (its last four digits). */
  phone(scenario: string): string {
    this.#phones = (this.#phones + 1) % 10_000;
    return `2547${String(this.#phones).padStart(4, "0")}${scenario}`;
  }

  reference(prefix: string): string {
    this.#references++;
    return `${prefix}${String(this.#references).padStart(6, "0")}`;
  }

  add(wish: Omit<Wish, "answers">): Wish {
    const whole = { ...wish, answers: [] };
    this.wishes.push(whole);
    return whole;
  }
}
