import { describeError, runHandler } from "../memory.ts";
import type { Queue } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";

const delayMaxMs = 30 * 24 * 3_600_000; // Deno KV refuses more

/**
 * Deno KV's queue as a hint. The handler is called without waiting for what it starts: the local queue delivers a
 * message again while its handler runs, and doesn't limit how many run at once. Call `listen` once a process.
 */
export function createDenoQueue(kv: Deno.Kv, log: Log): Queue & { close(): void } {
  let closed = false;

  const failed = (event: string) => (error: unknown) => {
    if (!closed) log.write("warn", event, { error: describeError(error) });
  };

  return {
    async enqueue(delayMs) {
      if (closed) return;
      const delay = Math.min(Math.max(0, Math.ceil(delayMs)), delayMaxMs);
      await kv.enqueue("wake", { delay }).catch(failed("queue.enqueue_failed"));
    },
    listen(handler) {
      const listening = kv.listenQueue(() => {
        if (!closed) runHandler(handler, log);
      });
      listening.catch(failed("queue.listen_failed"));
    },
    close() {
      closed = true;
    },
  };
}
