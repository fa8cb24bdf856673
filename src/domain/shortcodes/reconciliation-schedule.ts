import type { Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";

/** The job of a shortcode's reconciliations; its subject is the shortcode, so that they never run side by side. */
export const RECONCILE = "reconcile";

const HOUR_MS = 3_600_000;
const LEAST_MS = 60_000;

/** ms between two scheduled reconciliations. */
export const intervalMs = (services: Pick<Services, "config">): number =>
  Math.max(LEAST_MS, Math.round(HOUR_MS * services.config.plans.scale));

interface Pulled {
  readonly id: string;
  readonly merchant_id: string;
}

/** Statement: the shortcode is reconciled from now on. The sweep wakes it. */
export const firstReconciliation = (services: Services, { id, merchant_id }: Pulled): Statement =>
  services.jobs.schedule(RECONCILE, id, merchant_id, services.clock.now() + intervalMs(services));

/** Statement: the shortcode is no longer reconciled. */
export const noReconciliation = (services: Services, { id }: Pick<Pulled, "id">): Statement =>
  services.jobs.drop(RECONCILE, id);

const unscheduled: Query<Pulled> = {
  sql: "SELECT id, merchant_id FROM shortcodes WHERE pull_phone IS NOT NULL AND NOT EXISTS " +
    "(SELECT 1 FROM jobs WHERE kind = 'reconcile' AND subject_id = shortcodes.id) LIMIT 100",
  args: [],
  map: ([id, merchant]) => ({ id: String(id), merchant_id: String(merchant) }),
};

/** Gives every shortcode that is pulled its job, also one that has lost it. Run by the sweep. */
export async function scheduleReconciliations(services: Services): Promise<void> {
  const [found] = await rows(services.db, unscheduled);
  if (found.length === 0) return;
  await services.db.write(found.map((shortcode) => firstReconciliation(services, shortcode)));
  services.jobs.wake(services.clock.now() + intervalMs(services));
}
