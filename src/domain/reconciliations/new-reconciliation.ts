import type { Services } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Reconciliation } from "./store.ts";
import type { Window } from "./window.ts";

/** The row of a new reconciliation, in the state `queued`. */
export function newReconciliation(
  { clock }: Pick<Services, "clock">,
  of: Pick<Reconciliation, "merchant_id" | "shortcode_id" | "source" | "started_by">,
  window: Window,
): Reconciliation {
  const now = clock.now();
  return {
    ...of,
    id: newId("rec"),
    status: "queued",
    window_from: window.from,
    window_to: window.to,
    next_offset: 0,
    tries: 0,
    seen: 0,
    matched: 0,
    created: 0,
    differing: 0,
    unreadable: 0,
    problem: null,
    created_at: now,
    updated_at: now,
    ended_at: null,
    notes: [],
    left_out: 0,
    reversing_at: null,
    reversed_at: null,
    reversed_by: null,
    version: 1,
  };
}
