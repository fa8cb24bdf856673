import { isMalipoError } from "./error.ts";
import { sleep } from "./time.ts";

export interface RetryPlan {
  /** The most retries of a request. */
  readonly retries: number;
  /** The longest first wait, in ms. It doubles each time. */
  readonly firstMs: number;
  /** The longest wait, in ms. If `Retry-After` is longer, the call fails at once. */
  readonly longestMs: number;
}

const RETRYABLE_STATUSES = new Set([429, 502, 503, 504]);

/** Whether the same request may succeed if it is repeated with the same key. */
const isTransient = (error: unknown): boolean =>
  isMalipoError(error) &&
  (error.code === "network_error" || error.code === "idempotency_in_progress" || RETRYABLE_STATUSES.has(error.status));

/** The wait before try `tries + 1`, in ms. Half of it is random, so that many clients don't retry at the same moment. */
function retryDelayMs(error: unknown, tries: number, plan: RetryPlan): number | null {
  const serverDelayMs = isMalipoError(error) && error.retryAfterSeconds !== undefined
    ? error.retryAfterSeconds * 1000
    : 0;
  if (serverDelayMs > plan.longestMs) return null;
  const maxMs = Math.min(plan.longestMs, plan.firstMs * 2 ** tries);
  return Math.max(serverDelayMs, maxMs / 2 + Math.random() * (maxMs / 2));
}

/** Runs a function and repeats it while its error is transient. */
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
