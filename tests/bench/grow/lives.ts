import { Purchase } from "./purchase.ts";
import type { Scribe } from "./scribe.ts";

/** How checkouts end, of a thousand. */
type Life = (purchase: Purchase, scribe: Scribe, at: number) => Promise<void>;

const prompted = async (purchase: Purchase, scribe: Scribe, at: number): Promise<void> => {
  scribe.at(at);
  await purchase.create(true);
  scribe.at(at + 7_300);
};

const paid: Life = async (purchase, scribe, at) => {
  await prompted(purchase, scribe, at);
  await purchase.pay();
};

const failing =
  (code: number, failure: Parameters<Purchase["fail"]>[1], words: string): Life => async (purchase, scribe, at) => {
    await prompted(purchase, scribe, at);
    await purchase.fail(code, failure, words);
  };

const cancelled = failing(1032, "cancelled_by_customer", "Request cancelled by user");
const noAnswer = failing(1037, "no_answer", "No response from user.");
const poor = failing(1, "insufficient_funds", "The balance is insufficient for the transaction");

const then = (first: Life, ...rest: readonly Life[]): Life => async (purchase, scribe, at) => {
  await first(purchase, scribe, at);
  for (const life of rest) await life(purchase, scribe, at);
};

const retried: Life = async (purchase, scribe, at) => {
  scribe.at(at + 75_000);
  await purchase.promptAgain();
  scribe.at(at + 83_000);
  await purchase.pay();
};

const unprompted: Life = async (purchase, scribe, at) => {
  scribe.at(at);
  await purchase.create(false);
};

const atPaybill: Life = async (purchase, scribe, at) => {
  scribe.at(at + 95_000);
  await purchase.payAtPaybill();
};

const expired: Life = (purchase) => purchase.expire();

const overpaid: Life = async (purchase, scribe, at) => {
  await prompted(purchase, scribe, at);
  await purchase.pay(100);
};

const lives: readonly (readonly [number, Life])[] = [
  [760, paid],
  [25, then(cancelled, retried)],
  [10, then(unprompted, atPaybill)],
  [5, then(paid, atPaybill)], // twice: one is to be given back
  [70, then(cancelled, expired)],
  [45, then(noAnswer, expired)],
  [15, then(poor, expired)],
  [65, then(unprompted, expired)],
  [5, then(overpaid, expired)], // a person has to look at it
];

const THOUSAND = 1000;
const STRIDE = 619; // coprime to a thousand: every end comes up early, and each thousand has its exact shares

/** Lives one checkout, created at `at` (ms), and writes down what it leaves. */
export async function live(scribe: Scribe, n: number, people: number, at: number): Promise<void> {
  scribe.at(at);
  const purchase = new Purchase(scribe, n, (n * 7_919) % people);
  let share = (n * STRIDE) % THOUSAND;
  const [, life] = lives.find(([part]) => (share -= part) < 0) ?? [0, paid];
  await life(purchase, scribe, at);
  purchase.end();
}
