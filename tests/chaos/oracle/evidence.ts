import { type Capabilities, createCapabilities } from "../../../src/crypto/capability.ts";
import type { Transaction } from "../../../src/simulator/core/transactions.ts";
import type { RequestEntry } from "../../../src/simulator/core/requests.ts";
import type { Scene } from "../traffic/traffic.ts";
import type { Rows } from "./rows.ts";

/** All that is known from outside, in a form to look things up in. */
export interface Evidence {
  readonly scene: Scene;
  readonly rows: Rows;
  readonly books: readonly Transaction[];
  /** Pushes by the phone that was prompted: each phone belongs to one attempt. */
  readonly pushes: ReadonlyMap<string, readonly Push[]>;
  /** Offset of the API's clock, ms. */
  readonly now: number;
}

export interface Push {
  readonly attemptId: string;
  readonly capability: string;
  readonly request: RequestEntry;
}

export async function gather(scene: Scene, rows: Rows, now: number): Promise<Evidence> {
  const { world } = scene.stage.simulator;
  const capabilities = await createCapabilities(scene.stage.config.keys.callback);
  const pushes = new Map<string, Push[]>();
  for (const request of world.requests.list()) {
    if (request.operation !== "stk" || request.phone === null) continue;
    const push = pushOf(capabilities, request);
    if (push !== null) pushes.set(request.phone, [...pushes.get(request.phone) ?? [], push]);
  }
  return { scene, rows, books: world.transactions.list(), pushes, now };
}

function pushOf(capabilities: Capabilities, request: RequestEntry): Push | null {
  const capability = request.callback_urls[0]?.split("/").at(-1) ?? "";
  const read = capabilities.verify(capability);
  return read === null ? null : { attemptId: read.id, capability, request };
}

export function groupBy<T, K>(list: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
