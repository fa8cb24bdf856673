import type { Seen } from "../model/seen.ts";
import type { World } from "../model/world.ts";
import type { Capabilities } from "../../src/crypto/capability.ts";
import type { Violation } from "../model/rules/violation.ts";

/** An event that is younger may still be on its way. */
const ON_ITS_WAY_MS = 5 * 60_000;
const OVERDUE_MS = 3 * 60_000;
/** The most jobs that may wait when all has ended. */
const MOST_JOBS = 200;

/** What no plan explains at the end: jobs that should have run long ago, or more and more of them; notices that nobody read. */
export async function beyondThePlan(world: World): Promise<Violation[]> {
  const found: Violation[] = [];
  const late = await world.sql(
    "SELECT kind, count(*) FROM jobs WHERE status = 'queued' AND run_at < ? GROUP BY kind",
    world.now() - OVERDUE_MS,
  );
  for (const [kind, count] of late) {
    found.push({
      rule: "stuck",
      about: "jobs",
      text: `${count} jobs of kind ${kind} are long due, and nobody runs them`,
    });
  }
  const [[jobs] = []] = await world.sql("SELECT count(*) FROM jobs");
  if (Number(jobs) > MOST_JOBS) found.push({ rule: "stuck", about: "jobs", text: `${jobs} jobs are left` });
  const [[unread] = []] = await world.sql("SELECT count(*) FROM notices WHERE status = 'stored'");
  if (Number(unread) > 0) found.push({ rule: "stuck", about: "notices", text: `${unread} notices were never handled` });
  return found;
}

/** Every event has reached the merchant's server, and says there what the API says. */
export function delivered(seen: readonly Seen[], received: ReadonlyMap<string, string>, now: number): Violation[] {
  return seen.flatMap(({ events }) =>
    events.flatMap(({ id, type, data, created_at: at }): Violation[] => {
      if (Date.parse(at) > now - ON_ITS_WAY_MS) return [];
      const body = received.get(id);
      if (body === undefined) return [{ rule: "event_missing", about: type, text: `${type} was never delivered` }];
      if (JSON.stringify(JSON.parse(body).data) === JSON.stringify(data)) return [];
      return [{ rule: "event_missing", about: type, text: `${type} was delivered otherwise than the API shows it` }];
    })
  );
}

/** Every message that was acknowledged is in the inbox: M-Pesa does not send it again. */
export async function inInbox(
  world: World,
  capabilities: Capabilities,
  acknowledged: readonly { readonly url: string }[],
): Promise<Violation[]> {
  const rows = await world.sql("SELECT kind, subject_id, count(*) FROM notices GROUP BY 1, 2");
  const stored = new Map(rows.map(([kind, id, count]) => [`${kind} ${id}`, Number(count)]));
  const taken = Map.groupBy(acknowledged, ({ url }) => {
    const capability = capabilities.verify(url.slice(url.lastIndexOf("/") + 1));
    return `${capability?.kind} ${capability?.id}`;
  });
  return [...taken].flatMap(([about, all]): Violation[] => {
    const count = stored.get(about) ?? 0;
    if (count >= all.length) return [];
    const text = `${all.length} messages were acknowledged, and ${count} are in the inbox (${about.split(" ")[0]})`;
    return [{ rule: "notice_lost", about: "notices", text }];
  });
}

/** What has ended so was told, last of all. */
export function told(seen: readonly Seen[]): Violation[] {
  return seen.flatMap(({ checkouts, refunds, payouts, payments, events }) => {
    const all = [["checkout", checkouts], ["refund", refunds], ["payout", payouts]] as const;
    const found = all.flatMap(([kind, rows]) =>
      rows.flatMap(({ id, status }): Violation[] => {
        if (!ENDED.includes(status)) return [];
        const own = events.filter(({ data }) => data.id === id);
        const last = own.reduce((a, b) => Number(b.data.version) >= Number(a?.data.version ?? 0) ? b : a, own[0]);
        const hasEnd = own.some(({ type }) => type === `${kind}.${status}`);
        if (hasEnd && last?.data.status === status) return [];
        const text = `a ${kind} is ${status}, and what was told last is ${last?.type} (${last?.data.status})`;
        return [{ rule: "event_missing", about: kind, text }];
      })
    );
    const unheard = payments.filter(({ id }) =>
      !events.some(({ type, data }) => type === "payment.received" && data.id === id)
    );
    return [
      ...found,
      ...unheard.map(({ receipt }): Violation => ({
        rule: "event_missing",
        about: "payment",
        text: `nobody was told of the payment ${receipt}`,
      })),
    ];
  });
}

const ENDED = ["succeeded", "failed", "expired", "cancelled", "review", "rejected"];
