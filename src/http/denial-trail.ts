import type { Services } from "../context/services.ts";
import { prefixOf } from "../crypto/ids.ts";
import { auditEntry, type Author } from "../db/trail.ts";
import { createLru } from "../lib/lru.ts";
import { errorText } from "../telemetry/log.ts";

const MINUTE_MS = 60_000;
const MAX_KNOWN = 2_000;

/** What was refused to somebody whom we know. */
export interface Denial {
  readonly author: Author;
  /** The operation of the API, or the page of the console. */
  readonly operation: string;
  /** The code of the problem. */
  readonly code: string;
  /** What the address names; it may be any text. */
  readonly id: string | undefined;
}

/**
 * A function that records refusals in the audit trail. The same refusal is recorded once a minute in each process, with how
 * often it came before: a caller can't fill the table. The answer does not depend on it.
 */
export function denialTrail({ db, clock, log }: Services): (denial: Denial) => Promise<void> {
  const known = createLru<string, { readonly until: number; repeats: number }>(MAX_KNOWN);
  return async ({ author, operation, code, id = "" }) => {
    const now = clock.now();
    const key = `${author.actor} ${operation} ${code}`;
    const before = known.get(key);
    if (before !== undefined && now < before.until) return void before.repeats++;
    known.set(key, { until: now + MINUTE_MS, repeats: 0 });
    const subject = prefixOf(id) === null ? operation : id; // another text may be anything
    const repeats = before?.repeats ?? 0;
    const data = { operation, code, ...(repeats === 0 ? {} : { repeats }) };
    await db.write([auditEntry(author, "access.denied", subject, data)])
      .catch((failed: unknown) => log.write("warn", "denial_not_recorded", { error: errorText(failed) }));
  };
}
