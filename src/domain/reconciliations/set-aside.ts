import type { Money } from "../payments/money.ts";

/** A row that can't be recorded, and why. */
export interface SetAside {
  /** Null if it has no receipt that can be read. */
  readonly receipt: string | null;
  readonly reason: string;
  /** Of a row without a receipt: SHA-256 of the row, in hex. */
  readonly digest?: string;
}

/** The rows of one page: those that could be read, and those that could not. */
export interface RowsOfPage {
  readonly rows: readonly Money[];
  readonly unreadable: readonly SetAside[];
}

/** The rows of a page by receipt, and the reasons of those that can't be recorded. */
export interface SplitPage {
  readonly money: Map<string, Money>;
  readonly setAside: Map<string, string>;
  readonly withoutReceipt: readonly SetAside[];
}

/**
 * Splits a page into what can be recorded and what is set aside. One receipt with two amounts, or with one that can't be
 * read and one that can, is set aside: we do not choose. The same row twice counts once.
 */
export function splitPage({ rows, unreadable }: RowsOfPage): SplitPage {
  const money = new Map<string, Money>();
  const setAside = new Map<string, string>();
  const withoutReceipt: SetAside[] = [];
  for (const one of unreadable) {
    if (one.receipt === null) withoutReceipt.push(one);
    else setAside.set(one.receipt, one.reason);
  }
  for (const row of rows) {
    const known = money.get(row.receipt);
    if (row.amount <= 0) setAside.set(row.receipt, "amount_unreadable");
    else if (known !== undefined && known.amount !== row.amount) setAside.set(row.receipt, "two_amounts");
    money.set(row.receipt, row);
  }
  for (const receipt of setAside.keys()) money.delete(receipt);
  return { money, setAside, withoutReceipt };
}
