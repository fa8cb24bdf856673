import { createMemoryQueue, createMemoryStore, describeError } from "../memory.ts";
import type { Clock, Store } from "../ports.ts";
import type { Log } from "../../telemetry/log.ts";
import { createDenoKeyValue } from "./kv.ts";
import { createDenoQueue } from "./queue.ts";

/** Where the KV store is, and what it can do there. */
export interface StorePlace {
  /** A file, `default`, `:memory:` for a temporary one, or null for none. */
  readonly path: string | null;
  /** False on Deno Deploy, whose KV has no queue. */
  readonly hasQueue: boolean;
}

/**
 * Opens the KV store. Path `default` is the store that Deno chooses: the one of the app on Deno Deploy. Without a path, or
 * when it can't be opened, the store is in the memory of this process: the service works without a KV store, because the
 * database has all records. Then wake-ups come from timers, and processes share no state.
 */
export async function openStore({ path, hasQueue }: StorePlace, clock: Clock, log: Log): Promise<Store> {
  const kv = path === null ? null : await openKv(path, log);
  if (!kv) return createMemoryStore(clock, log);
  if (!hasQueue) log.write("info", "queue.absent", { instead: "timers of this process, and the sweep once a minute" });
  const queue = hasQueue ? createDenoQueue(kv, log) : createMemoryQueue(log);
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
    if (path === "default") return await Deno.openKv();
    const folder = /^(.+)[/\\][^/\\]+$/.exec(path)?.[1];
    if (folder && !path.includes("://")) await Deno.mkdir(folder, { recursive: true });
    const kv = await Deno.openKv(path);
    if (!path.includes("://") && path !== ":memory:") await makePrivate(path);
    return kv;
  } catch (error) {
    log.write("error", "kv.unavailable", { error: describeError(error) });
    return null;
  }
}

/** Only the process's user may read the store: it holds Daraja's token and notices. Where files have no such modes nothing changes. */
async function makePrivate(path: string): Promise<void> {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) await Deno.chmod(file, 0o600).catch(() => {});
}
