import { type CaseCount, countCases } from "../../domain/attention/count-cases.ts";
import type { MerchantView } from "../../domain/merchants/merchant-contract.ts";
import { listMerchants } from "../../domain/merchants/merchants.ts";
import type { Pause } from "../../domain/money-out/send-money.ts";
import { ALL, listPauses } from "../../domain/payouts/pause.ts";
import { takenByMerchant } from "../../domain/reports/taken-by-merchant.ts";
import { rangeOf } from "../kit/period.ts";
import type { Visit } from "../kit/visit.ts";

const ROWS = 50;

/** A merchant as the platform looks at it. */
export interface MerchantRow extends MerchantView, CaseCount {
  /** Cents that came in since midnight. */
  readonly inToday: number;
  /** Its own pause; null: none. */
  readonly pause: Pause | null;
}

/** A page of merchants, and the pause of all. */
export interface Merchants {
  readonly rows: readonly MerchantRow[];
  readonly next: string | null;
  readonly pauseOfAll: Pause | null;
}

/** The merchants that the address asks for, with how they are today. Errors: `invalid_query`. */
export async function readMerchants(visit: Visit): Promise<Merchants> {
  const { ctx, now, url: { searchParams } } = visit;
  const q = searchParams.get("q")?.trim() || undefined;
  const cursor = searchParams.get("cursor") ?? undefined;
  const { data, next_cursor: next } = await listMerchants(ctx, { limit: ROWS, q, cursor });
  const ids = data.map(({ id }) => id);
  const [taken, cases, pauses] = await Promise.all([
    takenByMerchant(ctx, ids, rangeOf("today", now).from),
    countCases(ctx, ids),
    listPauses(ctx),
  ]);
  const pauseOf = (scope: string): Pause | null => pauses.find((pause) => pause.scope === scope) ?? null;
  const rows = data.map((merchant) => ({
    ...merchant,
    ...cases.get(merchant.id) ?? { cases: 0, inDoubt: 0 },
    inToday: taken.get(merchant.id) ?? 0,
    pause: pauseOf(merchant.id),
  }));
  return { rows, next, pauseOfAll: pauseOf(ALL) };
}
