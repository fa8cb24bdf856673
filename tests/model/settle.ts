import { approve, pull } from "./people.ts";
import type { Stage } from "./play.ts";

const MINUTE_MS = 60_000;

/**
 * Brings a history to its end: every source tells all that it knows, nothing is paused any more, what waits for an
 * approval gets it, and all plans of the service have had their time.
 */
export async function settle(stage: Stage): Promise<void> {
  const { truth, agenda } = stage;
  truth.settling = true;
  const merchants = new Set(truth.places.map(({ merchant }) => merchant));
  for (const merchant of merchants) {
    if (truth.paused.delete(merchant.id)) {
      await stage.api.call(merchant.client, "POST", "/v1/payouts/resume", { merchant: merchant.id });
    }
    await approve(stage, merchant);
  }
  await agenda.pass(31 * MINUTE_MS); // checkouts expire, slow results arrive
  for (const place of truth.places) await pull(stage, place);
  await agenda.pass(2 * MINUTE_MS);
  await refreshAll(stage);
  await agenda.pass(20 * MINUTE_MS);
  await refreshAll(stage);
  await agenda.pass(MINUTE_MS);
}

/** Asks after all that has not ended. */
async function refreshAll({ truth, api }: Stage): Promise<void> {
  for (const { id, place } of truth.checkouts) {
    await api.call(place.merchant.client, "POST", `/v1/checkouts/${id}/refresh`);
  }
  for (const merchant of new Set(truth.places.map((p) => p.merchant))) {
    for (const kind of ["refunds", "payouts"]) {
      const { body } = await api.call(merchant.client, "GET", `/v1/${kind}?limit=100`);
      for (const { id, status } of body.data as { id: string; status: string }[]) {
        if (status === "submitted" || status === "in_doubt" || status === "queued") {
          await api.call(merchant.client, "POST", `/v1/${kind}/${id}/refresh`);
        }
      }
    }
  }
}
