import { command, CommandFailed, UsageError } from "./frame/command.ts";
import { databaseOption, databaseUrl, withDatabase } from "./frame/database.ts";
import { compare } from "./replay/compare.ts";
import { copyOutgoing, copyRequests } from "./replay/copy.ts";
import { inCopy } from "./replay/in-copy.ts";
import { otherEnds } from "./timemachine/outcomes.ts";
import { type Judged, replay } from "./timemachine/replay.ts";
import { everythingSince, type Scope, scopeOf } from "./timemachine/scope.ts";

const MONEY_IN = ["stk", "c2b_confirmation"] as const;
const MONEY_OUT = [
  "payout_result",
  "payout_timeout",
  "status_result",
  "refund_result",
  "refund_status_result",
] as const;

/** What a replay under today's rules gave. */
export interface Journey {
  readonly notices: readonly Judged[];
  /** Rows and payments that would end otherwise, in words. */
  readonly differences: readonly string[];
}

/** Replays the notices of a scope through the rules of this release, in temporary copies. It only reads the database. */
export async function travel(url: string, scope: Scope): Promise<Journey> {
  const incoming = await inCopy(url, async (copy): Promise<Journey> => {
    const { from, to } = copy;
    await copyRequests(from, to);
    const notices = await replay(copy, scope, MONEY_IN);
    const attempts = await otherEnds(from, to, "attempts", subjectsOf(notices));
    const { differences } = await compare(from, to, []);
    const isRecorded = scope.about === null ? differences : differences.filter((text) => text.startsWith("pay_"));
    return { notices, differences: [...attempts, ...isRecorded] };
  });
  const outgoing = await inCopy(url, async (copy): Promise<Journey> => {
    const { from, to } = copy;
    await copyOutgoing(from, to);
    const notices = await replay(copy, scope, MONEY_OUT);
    const ids = subjectsOf(notices);
    const [payouts, refunds] = [await otherEnds(from, to, "payouts", ids), await otherEnds(from, to, "refunds", ids)];
    return { notices, differences: [...payouts, ...refunds] };
  });
  return {
    notices: [...incoming.notices, ...outgoing.notices].toSorted((a, b) => a.receivedAt - b.receivedAt),
    differences: [...incoming.differences, ...outgoing.differences],
  };
}

const subjectsOf = (notices: readonly Judged[]): Set<string> => new Set(notices.map(({ subject }) => subject));

/** `timemachine`: what would become of stored notices under the rules of this release. */
export const timemachine = command({
  summary: "replays stored notices through today's rules, and shows where the outcome would differ",
  details: `Give the id of a checkout, payment, payout or refund, an M-Pesa receipt or a reference; or --since for all
notices from a day on. It only reads the database, and works in a temporary copy. What was learnt by asking M-Pesa, from
a statement or from a person is not replayed. Needs ENCRYPTION_KEYS. Ends with 1 where something would differ.`,
  words: ["[ID|RECEIPT|REFERENCE]"],
  options: {
    since: { value: "DAY", help: "all notices from this day or time on, such as 2026-11-01" },
    ...databaseOption,
  },
  examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p", "UKM9X2A1BC", "--since 2026-11-01"],
  async run({ words: [text], options: { since, database }, out }) {
    const url = database ?? databaseUrl();
    const { notices, differences } = await travel(url, await scopeFrom(text, since, url));
    for (const { id, kind, subject, receivedAt, then, now } of notices) {
      const at = new Date(receivedAt).toISOString();
      const line = `${at}  ${kind} of ${subject}: ${then}${then === now ? "" : `, and ${now} today`}`;
      if (text !== undefined || then !== now) out.record({ id, kind, subject, at, then, now }, line);
    }
    const otherwise = notices.filter(({ then, now }) => then !== now).length;
    for (const difference of differences) out.record({ difference }, difference);
    const count = `${notices.length} notices were replayed`;
    if (otherwise + differences.length > 0) {
      throw new CommandFailed(
        `${count}: ${otherwise} would be judged otherwise, and ${differences.length} rows differ.`,
      );
    }
    out.record({ notices: notices.length, differences: 0 }, `${count}: today's rules give the same.`);
  },
});

async function scopeFrom(text: string | undefined, since: string | undefined, url: string): Promise<Scope> {
  if ((text === undefined) === (since === undefined)) throw new UsageError("Give an id, or --since a day.");
  if (since !== undefined) {
    const at = Date.parse(since);
    if (Number.isNaN(at)) throw new UsageError(`--since is a day such as 2026-11-01, not ${since}.`);
    return everythingSince(at);
  }
  const scope = await withDatabase((db) => scopeOf(db, (text ?? "").trim()), url);
  if (scope === null) throw new CommandFailed(`Nothing here is called ${text}. Give a whole id, receipt or reference.`);
  return scope;
}
