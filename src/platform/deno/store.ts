import { createMemoryStore, describeError } from "../memory.ts";
import type { Clock, Store } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";
import { createDenoKeyValue } from "./kv.ts";
import { createDenoQueue } from "./queue.ts";

/**
 * The KV store at a path (`:memory:` for one of this process), or in memory where there is none or it can't be opened:
 * it holds no truth, so the service runs without, waking by timers and sharing nothing between processes.
 */
export async function openStore(path: string | null, clock: Clock, log: Log): Promise<Store> {
  const kv = path === null ? null : await openKv(path, log);
  if (!kv) return createMemoryStore(clock, log);
  const queue = createDenoQueue(kv, log);
  let open = true;
  return {
    keyValue: createDenoKeyValue(kv, clock),
    queue,
    durable: path !== ":memory:",
    close() {
      queue.close();
      if (open) kv.close();
      open = false;
    },
  };
}

async function openKv(path: string, log: Log): Promise<Deno.Kv | null> {
  try {
    const folder = /^(.+)[/\\][^/\\]+$/.exec(path)?.[1];
    if (folder && !path.includes("://")) await Deno.mkdir(folder, { recursive: true });
    return await Deno.openKv(path);
  } catch (error) {
    log.write("error", "kv.unavailable", { error: describeError(error) });
    return null;
  }
}
