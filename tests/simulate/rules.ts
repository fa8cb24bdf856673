import type { Seen } from "../model/seen.ts";
import type { World } from "../model/world.ts";
import type { Violation } from "../model/rules/violation.ts";

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
export function delivered(seen: readonly Seen[], received: ReadonlyMap<string, string>): Violation[] {
  return seen.flatMap(({ events }) =>
    events.flatMap(({ id, type, data }): Violation[] => {
      const body = received.get(id);
      if (body === undefined) return [{ rule: "event_missing", about: type, text: `${type} was never delivered` }];
      if (JSON.stringify(JSON.parse(body).data) === JSON.stringify(data)) return [];
      return [{ rule: "event_missing", about: type, text: `${type} was delivered otherwise than the API shows it` }];
    })
  );
}
