import type { Seen } from "../model/seen.ts";
import type { World } from "../model/world.ts";
import type { Capabilities } from "../../src/crypto/capability.ts";
import type { Truth } from "../model/truth.ts";
import { Evidence } from "../../src/domain/payouts/machine/facts.ts";
import type { Violation } from "../model/rules/violation.ts";

/** An event that is younger may still be on its way. */
const ON_ITS_WAY_MS = 5 * 60_000;
const OVERDUE_MS = 3 * 60_000;
/** After so many failures the next try of a delivery is hours away, which is longer than a run. */
const MANY_FAILURES = 4;
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

/** How long (ms) a payout that M-Pesa does not find is sent again (design.md section 5.7). */
const RESEND_MS = 60 * 60_000;

/**
 * The violations without payouts that M-Pesa never got, and has said so too late: nothing sends them again, Daraja is asked
 * for a day, and then a person decides. A run is shorter than that.
 */
export async function withoutPlanned(
  world: World,
  { payouts, outs }: Truth,
  violations: readonly Violation[],
): Promise<Violation[]> {
  const rows = await world.sql(
    "SELECT p.id, p.originator_conversation_id FROM payouts p JOIN jobs j ON j.kind = 'payout' AND j.subject_id = p.id " +
      "WHERE p.status = 'in_doubt' AND p.evidence & ? <> 0 AND p.first_sent_at < ? AND j.status = 'queued' AND j.run_at > ?",
    Evidence.notFound,
    world.now() - RESEND_MS,
    world.now(),
  );
  const waiting = rows.filter(([, originator]) => !outs.some((out) => out.done && out.originator === originator));
  const ids = new Set(waiting.map(([id]) => id));
  const labels = new Set(payouts.filter(({ id }) => ids.has(id)).map(({ label }) => label));
  return violations.filter(({ rule, about }) => rule !== "stuck" || !labels.has(about));
}

/** Ids of events whose delivery has failed often, and waits for a try that is planned. */
export async function awaitingRetry(world: World): Promise<ReadonlySet<string>> {
  const rows = await world.sql(
    "SELECT event_id FROM deliveries WHERE status = 'pending' AND retry >= ? AND run_at > ?",
    MANY_FAILURES,
    world.now(),
  );
  return new Set(rows.map(([id]) => String(id)));
}

/**
 * Every event has reached the merchant's server, and says there what the API says. Those of `awaiting` may still reach it:
 * see {@link awaitingRetry}.
 */
export function delivered(
  seen: readonly Seen[],
  received: ReadonlyMap<string, string>,
  awaiting: ReadonlySet<string>,
  now: number,
): Violation[] {
  return seen.flatMap(({ events }) =>
    events.flatMap(({ id, type, data, created_at: at }): Violation[] => {
      if (Date.parse(at) > now - ON_ITS_WAY_MS) return [];
      const body = received.get(id);
      if (body === undefined && awaiting.has(id)) return [];
      if (body === undefined) return [{ rule: "event_missing", about: type, text: `${type} was never delivered` }];
      if (JSON.stringify(JSON.parse(body).data) === JSON.stringify(data)) return [];
      return [{ rule: "event_missing", about: type, text: `${type} was delivered otherwise than the API shows it` }];
    })
  );
}

/**
 * What was told, with the events of each object in the order of its versions: processes whose clocks differ give them
 * times, by which the API lists them, in another order.
 */
export function byVersion(seen: Seen): Seen {
  const sorted = Map.groupBy(seen.events, ({ data }) => data.id);
  for (const [id, events] of sorted) sorted.set(id, events.toSorted((a, b) => a.data.version - b.data.version));
  return { ...seen, events: seen.events.map((event) => sorted.get(event.data.id)?.shift() ?? event) };
}

/** Every message that was acknowledged is in the inbox: M-Pesa does not send it again. */
export async function inInbox(
  world: World,
  capabilities: readonly Capabilities[],
  acknowledged: readonly { readonly url: string; readonly body: string }[],
): Promise<Violation[]> {
  const rows = await world.sql("SELECT kind, subject_id, count(*) FROM notices GROUP BY 1, 2");
  const stored = new Map(rows.map(([kind, id, count]) => [`${kind} ${id}`, Number(count)]));
  const taken = Map.groupBy(acknowledged, ({ url }) => {
    const signed = url.slice(url.lastIndexOf("/") + 1);
    const capability = capabilities.map((each) => each.verify(signed)).find((each) => each !== null);
    return `${capability?.kind} ${capability?.id}`;
  });
  return [...taken].flatMap(([about, all]): Violation[] => {
    const count = stored.get(about) ?? 0;
    const messages = new Set(all.map(({ body }) => body)).size; // one may have come to an old and to a new address
    if (count >= messages) return [];
    const text = `${messages} messages were acknowledged, and ${count} are in the inbox (${about.split(" ")[0]})`;
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
