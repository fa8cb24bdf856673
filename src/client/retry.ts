import { isMalipoError } from "./error.ts";
import { sleep } from "./time.ts";

export interface RetryPlan {
  /** How often a request is repeated at most. */
  readonly retries: number;
  /** The first wait at most, in ms; doubled each time. */
  readonly firstMs: number;
  /** The longest wait, in ms; a `Retry-After` beyond it is not waited for. */
  readonly longestMs: number;
}

const RETRYABLE_STATUSES = new Set([429, 502, 503, 504]);

/** Whether the same request with the same key may succeed, or tell what the first one did. */
const isTransient = (error: unknown): boolean =>
  isMalipoError(error) &&
  (error.code === "network_error" || error.code === "idempotency_in_progress" || RETRYABLE_STATUSES.has(error.status));

/** How long to wait before try `tries + 1`: half of it by chance, so that many clients don't come back at once. */
function retryDelayMs(error: unknown, tries: number, plan: RetryPlan): number | null {
  const told = isMalipoError(error) && error.retryAfterSeconds !== undefined ? error.retryAfterSeconds * 1000 : 0;
  if (told > plan.longestMs) return null;
  const most = Math.min(plan.longestMs, plan.firstMs * 2 ** tries);
  return Math.max(told, most / 2 + Math.random() * (most / 2));
}

/** Runs something again while its failure may pass. */
export async function withRetries<T>(
  plan: RetryPlan,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  for (let tries = 0;; tries++) {
    try {
      return await run();
    } catch (error) {
      const wait = tries < plan.retries && isTransient(error) ? retryDelayMs(error, tries, plan) : null;
      if (wait === null) throw error;
      await sleep(wait, signal);
    }
  }
}
