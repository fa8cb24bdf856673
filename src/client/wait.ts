import { MalipoError } from "./error.ts";
import { sleep } from "./time.ts";
import type { Checkout } from "./types.ts";

export interface WaitOptions {
  /** The longest wait, in ms. Default: 180,000 (3 minutes). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /**
   * `ended` (default): wait until the checkout has ended. `answered`: stop also when the prompt was declined or timed out,
   * and the checkout is open for another prompt.
   */
  readonly until?: "ended" | "answered";
  /** The first pause between two reads, in ms. Default: 1,000. It grows to ten times as long. */
  readonly intervalMs?: number;
}

const ENDED_STATUSES: ReadonlySet<string> = new Set(["succeeded", "expired", "cancelled", "review"]);

const isOver = ({ status, attempts }: Checkout, until: WaitOptions["until"]): boolean =>
  ENDED_STATUSES.has(status) || (until === "answered" && status === "open" && attempts.length > 0);

/** Reads the checkout until it has ended. Errors: `wait_timed_out`, after which the checkout may still be paid. */
export async function waitForCheckout(
  look: (signal?: AbortSignal) => Promise<Checkout>,
  { timeoutMs = 180_000, signal, until, intervalMs = 1_000 }: WaitOptions,
): Promise<Checkout> {
  const deadline = Date.now() + timeoutMs;
  for (let pause = intervalMs;; pause = Math.min(pause * 1.4, intervalMs * 10)) {
    const checkout = await look(signal);
    if (isOver(checkout, until)) return checkout;
    const left = deadline - Date.now();
    if (left <= 0) {
      throw new MalipoError(
        `wait_timed_out: ${checkout.id} is still ${checkout.status} after ${timeoutMs} ms. It may still be paid: keep the order, and wait for a webhook or read GET /v1/events.`,
        { code: "wait_timed_out" },
      );
    }
    await sleep(Math.min(pause, left), signal);
  }
}
