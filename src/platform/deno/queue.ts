import { describeError, runHandler } from "../memory.ts";
import type { Queue } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";

const MAX_DELAY_MS = 30 * 24 * 3_600_000; // Deno KV refuses a longer delay

/**
 * Wake-ups by the queue of Deno KV. It does not wait for the work that the handler starts, because the local queue delivers
 * a message again while its handler runs, and does not limit how many run at once. Call `listen` once in a process.
 */
export function createDenoQueue(kv: Deno.Kv, log: Log): Queue & { close(): void } {
  let closed = false;

  const failed = (event: string) => (error: unknown) => {
    if (!closed) log.write("warn", event, { error: describeError(error) });
  };

  return {
    async enqueue(delayMs) {
      if (closed) return;
      const delay = Math.min(Math.max(0, Math.ceil(delayMs)), MAX_DELAY_MS);
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
