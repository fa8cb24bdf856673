import type { SearchHit } from "../../domain/search/contract.ts";
import { search } from "../../domain/search/search.ts";
import { kenyanMobile } from "../../http/fields.ts";
import type { Visit } from "../kit/visit.ts";

/** Where the page of a hit is. */
export const HIT_PATHS = { checkout: "checkouts", payment: "payments", payout: "payouts", refund: "refunds" } as const;

/** What a search found. */
export interface Found {
  readonly hits: readonly SearchHit[];
  /** The phone (12 digits) that was searched. */
  readonly phone: string | null;
}

/** The hits of a text whose pages this person may see. */
export async function find(visit: Visit, text: string): Promise<Found> {
  const { data } = await search(visit.ctx, { q: text });
  const hits = data.filter(({ type }) => visit.knows(`${HIT_PATHS[type]}/:id`));
  return { hits, phone: kenyanMobile(text) };
}

const CONFUSED: Readonly<Record<string, string>> = { O: "0", 0: "O", I: "1", 1: "I" };
const RECEIPT = /^[A-Z0-9]{10}$/;
const MOST_SWAPS = 6;

/** The receipts that a text may mean if O and 0, I and 1 were confused: it with one letter changed. */
export function alikeReceipts(text: string): readonly string[] {
  const receipt = text.replaceAll(/[\s-]/g, "").toUpperCase();
  if (!RECEIPT.test(receipt)) return [];
  const letters = [...receipt];
  return letters.flatMap((letter, i) => {
    const other = CONFUSED[letter];
    return other === undefined ? [] : [letters.with(i, other).join("")];
  }).slice(0, MOST_SWAPS);
}
