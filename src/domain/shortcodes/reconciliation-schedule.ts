import type { Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";

const HOUR_MS = 3_600_000;
const MIN_INTERVAL_MS = 60_000;

/** The time between two scheduled reconciliations, in ms. */
export const reconciliationIntervalMs = (services: Pick<Services, "config">): number =>
  Math.max(MIN_INTERVAL_MS, Math.round(HOUR_MS * services.config.plans.scale));

interface PulledShortcode {
  readonly id: string;
  readonly merchant_id: string;
}

/** Statement: schedules the first reconciliation of the shortcode. The sweep finds the job when it is due. */
export const scheduleReconciliation = (services: Services, { id, merchant_id }: PulledShortcode): Statement =>
  services.jobs.schedule("reconcile", id, merchant_id, services.clock.now() + reconciliationIntervalMs(services));

/** Statement: removes the reconciliation job of the shortcode. */
export const dropReconciliation = (services: Services, { id }: Pick<PulledShortcode, "id">): Statement =>
  services.jobs.drop("reconcile", id);

const selectUnscheduled: Query<PulledShortcode> = {
  sql: "SELECT id, merchant_id FROM shortcodes WHERE pull_phone IS NOT NULL AND NOT EXISTS " +
    "(SELECT 1 FROM jobs WHERE kind = 'reconcile' AND subject_id = shortcodes.id) LIMIT 100",
  args: [],
  map: ([id, merchant]) => ({ id: String(id), merchant_id: String(merchant) }),
};

/** The sweep calls this. It gives a job to every pulled shortcode that has none. */
export async function scheduleMissingReconciliations(services: Services): Promise<void> {
  const [found] = await rows(services.db, selectUnscheduled);
  if (found.length === 0) return;
  await services.db.write(found.map((shortcode) => scheduleReconciliation(services, shortcode)));
  services.jobs.wake(services.clock.now() + reconciliationIntervalMs(services));
}
