import type { SimulatorOptions } from "../options.ts";
import type { Push } from "./push.ts";
import { Accounts } from "./accounts.ts";
import { Apps } from "./apps.ts";
import { Transactions } from "./transactions.ts";
import type { Conversation } from "./conversations.ts";
import { Ids } from "./ids.ts";
import { RecentList, RecentMap } from "./recent.ts";
import { Outbox } from "./outbox.ts";
import { Requests } from "./requests.ts";
import { Tasks } from "./tasks.ts";

/** The state of one simulator. */
export interface World {
  readonly options: SimulatorOptions;
  readonly now: () => number;
  readonly ids: Ids;
  readonly accounts: Accounts;
  readonly apps: Apps;
  readonly transactions: Transactions;
  readonly requests: Requests;
  readonly tasks: Tasks;
  readonly outbox: Outbox;
  /** By CheckoutRequestID. */
  readonly pushes: RecentMap<Push>;
  readonly recentPushes: RecentList<Push>;
  /** By OriginatorConversationID and by ConversationID. */
  readonly conversations: RecentMap<Conversation>;
  /** Invoices of Bill Manager, by `externalReference`. */
  readonly invoices: RecentMap<"sent" | "cancelled">;
  /** Phones whose prompts a person answers. */
  readonly manualPhones: Set<string>;
}

export function createWorld(options: SimulatorOptions): World {
  const now = options.now ?? Date.now;
  const keep = options.maxEntries ?? 100_000;
  const ids = new Ids(now);
  return {
    options,
    now,
    ids,
    accounts: new Accounts(options.shortcodes),
    apps: new Apps(options.shortcodes, ids, now),
    transactions: new Transactions(ids, now, keep),
    requests: new Requests(now, keep),
    tasks: new Tasks(options.timer),
    outbox: new Outbox(options.fetch ?? ((request) => fetch(request)), options.callbackTimeoutMs ?? 30_000),
    pushes: new RecentMap(keep),
    recentPushes: new RecentList(Math.min(keep, 200)),
    conversations: new RecentMap(2 * keep),
    invoices: new RecentMap(keep),
    manualPhones: new Set(),
  };
}
