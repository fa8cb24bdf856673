import type { PageState } from "./page-state.ts";
import type { View } from "./view.ts";

/** How long (ms) a prompt may take before the page says that it still waits, and before it opens the way by paybill. */
export const STILL_WAITING_MS = 20_000;
export const OPEN_PAYBILL_MS = 60_000;

/** How long (ms) the newest request waits for its answer. 0: none waits. */
export const waited = ({ now }: Pick<View, "now">, { waitsSince }: Pick<PageState, "waitsSince">): number =>
  waitsSince === null ? 0 : Math.max(0, now - waitsSince);
