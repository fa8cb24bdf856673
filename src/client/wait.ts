import { MalipoError } from "./error.ts";
import { sleep } from "./time.ts";
import type { Checkout, Payout } from "./types.ts";

interface Waiting {
  /** The longest wait, in ms. Default: 180,000 (3 minutes). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** The first pause between two reads, in ms. Default: 1,000. It grows to ten times as long. */
  readonly intervalMs?: number;
}

export interface WaitOptions extends Waiting {
  /**
   * `answered` (default): until there is an answer. That is the end of the checkout, or a prompt that was declined or ran
   * out; then it is `open` for another one. `ended`: until the end only.
   */
  readonly until?: "ended" | "answered";
}

export interface WaitForPayoutOptions extends Waiting {
  /**
   * `answered` (default): until it has ended, awaits approval, or needs a person. `ended`: until the end only, which is
   * never said of a payout whose money may have moved.
   */
  readonly until?: "ended" | "answered";
}

const ENDED_CHECKOUT: ReadonlySet<string> = new Set(["succeeded", "expired", "cancelled", "review"]);
const ENDED_PAYOUT: ReadonlySet<string> = new Set(["succeeded", "failed", "rejected", "cancelled"]);

/** Reads the checkout until there is an answer. Errors: `wait_timed_out`, after which the checkout may still be paid. */
export const waitForCheckout = (
  look: (signal?: AbortSignal) => Promise<Checkout>,
  { until = "answered", ...options }: WaitOptions,
): Promise<Checkout> =>
  wait(
    look,
    ({ status, attempts }) =>
      ENDED_CHECKOUT.has(status) || (until === "answered" && status === "open" && attempts.length > 0),
    options,
  );

/** Reads the payout until there is something to do. Errors: `wait_timed_out`, after which it may still be paid. */
export const waitForPayout = (
  look: (signal?: AbortSignal) => Promise<Payout>,
  { until = "answered", ...options }: WaitForPayoutOptions,
): Promise<Payout> =>
  wait(
    look,
    ({ status, needs_person }) =>
      ENDED_PAYOUT.has(status) || (until === "answered" && (status === "awaiting_approval" || needs_person)),
    options,
  );

async function wait<T extends { readonly id: string; readonly status: string }>(
  look: (signal?: AbortSignal) => Promise<T>,
  isOver: (seen: T) => boolean,
  { timeoutMs = 180_000, signal, intervalMs = 1_000 }: Waiting,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let pause = intervalMs;; pause = Math.min(pause * 1.4, intervalMs * 10)) {
    const seen = await look(signal);
    if (isOver(seen)) return seen;
    const left = deadline - Date.now();
    if (left <= 0) {
      throw new MalipoError(
        `wait_timed_out: ${seen.id} is still ${seen.status} after ${timeoutMs} ms. Money may still move: keep what belongs to it, and wait for a webhook or read GET /v1/events.`,
        { code: "wait_timed_out" },
      );
    }
    await sleep(Math.min(pause, left), signal);
  }
}
