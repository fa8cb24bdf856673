import type { Clock } from "../platform/ports.ts";

/** A burst: more notices than this are stored at the same time. */
const MANY_WRITES = 8;
/** Notices of a burst come in waves, so it lasts this much longer than its last wave. */
const BURST_MS = 25;

/** Detects when many notices arrive at once. */
export class NoticeBurst {
  #writes = 0;
  #until = 0;
  constructor(readonly clock: Clock) {}

  get isActive(): boolean {
    return this.clock.now() < this.#until;
  }

  /** Runs the write of a notice, and counts it while it runs. */
  async during<T>(write: () => Promise<T>): Promise<T> {
    if (++this.#writes > MANY_WRITES) this.#until = this.clock.now() + BURST_MS;
    try {
      return await write();
    } finally {
      this.#writes--;
    }
  }
}
