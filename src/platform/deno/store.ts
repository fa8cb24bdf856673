import { createMemoryStore, describeError } from "../memory.ts";
import type { Clock, Store } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";
import { createDenoKeyValue } from "./kv.ts";
import { createDenoQueue } from "./queue.ts";

/**
 * Opens the KV store at a path (`:memory:`: a temporary one). Without a path, or when it can't be opened, the store is in the
 * memory of this process: the service works without a KV store, because the database has all records. Then wake-ups come
 * from timers, and processes share no state.
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
