import type { Ids } from "./ids.ts";
import { RecentList, RecentMap } from "./recent.ts";

/** One movement of money, as `GET /_simulator/transactions` lists it. */
export interface Transaction {
  readonly receipt: string;
  readonly kind: "stk" | "c2b" | "b2c" | "reversal" | "b2b";
  /** Whole shillings. */
  readonly amount: number;
  readonly phone: string | null;
  /** Paybill or till number. */
  readonly shortcode: string;
  readonly account_reference: string | null;
  readonly originator_conversation_id: string | null;
  readonly original_receipt: string | null;
  readonly at: string;
}

type Movement =
  & Pick<Transaction, "kind" | "amount" | "phone" | "shortcode">
  & Partial<Pick<Transaction, "receipt" | "account_reference" | "originator_conversation_id" | "original_receipt">>;

/** All movements of money. An entry is never changed. Only the oldest are removed, when there are too many. */
export class Transactions {
  readonly #log: RecentList<Transaction>;
  readonly #byReceipt: RecentMap<Transaction>;
  readonly #reversed: RecentMap<true>;

  constructor(private readonly ids: Ids, private readonly now: () => number, keep: number) {
    this.#log = new RecentList(keep);
    this.#byReceipt = new RecentMap(keep);
    this.#reversed = new RecentMap(keep);
  }

  record(movement: Movement): Transaction {
    const transaction: Transaction = {
      receipt: movement.receipt ?? this.ids.receipt(),
      kind: movement.kind,
      amount: movement.amount,
      phone: movement.phone,
      shortcode: movement.shortcode,
      account_reference: movement.account_reference ?? null,
      originator_conversation_id: movement.originator_conversation_id ?? null,
      original_receipt: movement.original_receipt ?? null,
      at: new Date(this.now()).toISOString(),
    };
    this.#log.add(transaction);
    this.#byReceipt.set(transaction.receipt, transaction);
    if (transaction.original_receipt) this.#reversed.set(transaction.original_receipt, true);
    return transaction;
  }

  find(receipt: string): Transaction | undefined {
    return this.#byReceipt.get(receipt);
  }

  isReversed(receipt: string): boolean {
    return this.#reversed.get(receipt) === true;
  }

  /** Oldest first. */
  list(): readonly Transaction[] {
    return this.#log.list();
  }
}
