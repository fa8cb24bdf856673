import type { Database } from "../db/database.ts";
import { type Query, rows, select } from "../db/query.ts";
import { featureFlags } from "../db/schema.ts";
import type { Clock } from "../platform/ports.ts";

/** What can be switched while the service runs, with the percentage that holds where nobody has set one. */
export const FLAGS = {
  live_pages: {
    percent: 100,
    meaning:
      "Open checkout pages get their status by a stream, which holds a connection for each. Pages without it ask every few seconds.",
  },
} as const satisfies Readonly<Record<string, { readonly percent: number; readonly meaning: string }>>;

export type FlagName = keyof typeof FLAGS;
export const FLAG_NAMES = Object.keys(FLAGS) as readonly FlagName[];

/** Stands for every merchant without a percentage of its own. */
export const ALL_MERCHANTS = "*";

/** How long a process believes what it has read. So a change is noticed within 5 s everywhere. */
const BELIEVED_MS = 5_000;
const selectAll = select(featureFlags, "ORDER BY name, scope");
export const allFlags = (): Query<typeof featureFlags.$inferSelect> => selectAll();

/** Feature flags by merchant and percentage. They are read once in 5 s at most, not for each request. */
export class Flags {
  #percents: ReadonlyMap<string, number> = new Map();
  #until = 0;
  constructor(readonly db: Database, readonly clock: Clock) {}

  /**
   * Whether the behaviour is on for one thing (`unit`, such as the id of a checkout) of a merchant. The same unit always
   * gets the same answer at the same percentage, and one that was on stays on when the percentage grows.
   */
  async isOn(name: FlagName, merchantId: string, unit: string): Promise<boolean> {
    const now = this.clock.now();
    if (now >= this.#until || this.#until > now + BELIEVED_MS) await this.#read(now);
    const percent = this.#percents.get(key(name, merchantId)) ?? this.#percents.get(key(name, ALL_MERCHANTS)) ??
      FLAGS[name].percent;
    return bucketOf(`${name} ${unit}`) < percent;
  }

  /** Forgets what was read, after a change. Other processes notice within 5 s. */
  forget(): void {
    this.#until = 0;
  }

  /** Without an answer of the database the last percentages hold. */
  async #read(now: number): Promise<void> {
    this.#until = now + BELIEVED_MS;
    try {
      const [found] = await rows(this.db, allFlags());
      this.#percents = new Map(found.map(({ name, scope, percent }) => [key(name, scope), percent]));
    } catch {
      // asked again in 5 s
    }
  }
}

const key = (name: string, scope: string): string => `${name} ${scope}`;

/** 0 to 99, evenly spread and always the same for a text (FNV-1a). */
export function bucketOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16; // the last characters reach the high bits only
  return (Math.imul(hash, 0x85ebca6b) >>> 0) % 100;
}
