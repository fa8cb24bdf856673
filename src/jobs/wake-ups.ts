import type { Clock, Queue } from "../platform/ports.ts";
import type { Log } from "../telemetry/log.ts";

/** Wake-ups are rounded up to these steps, so that those of nearly the same moment share one message. */
const NEAR_MS = 5_000;
const NEAR_STEP_MS = 50;
const FAR_STEP_MS = 1_000;

/** Asks the host's queue for wake-ups. A wake-up that is lost only delays: the sweep finds the jobs that are due. */
export class WakeUps {
  readonly #requested = new Set<number>();
  constructor(readonly deps: { readonly clock: Clock; readonly queue: Queue; readonly log: Log }) {}

  /** Asks for a wake-up at `runAt` (ms since the epoch), unless one of that moment is on its way. */
  request(runAt: number): void {
    const now = this.deps.clock.now();
    const stepMs = runAt - now < NEAR_MS ? NEAR_STEP_MS : FAR_STEP_MS;
    const at = Math.ceil(Math.max(runAt, now) / stepMs) * stepMs;
    if (this.#requested.has(at)) return;
    this.#requested.add(at);
    this.deps.queue.enqueue(at - now).catch((error: unknown) =>
      this.deps.log.write("warn", "wake_lost", { error: String(error) })
    );
  }

  /** Forgets the wake-ups that were due by now. */
  forgetPast(): void {
    const now = this.deps.clock.now();
    for (const at of this.#requested) if (at <= now) this.#requested.delete(at);
  }
}
