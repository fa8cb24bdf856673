import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { bytes, newId, phoneIndex } from "./ids.ts";
import type { Notice } from "./notify.ts";
import type { Parts } from "./parts.ts";
import { selectPayout, trace } from "./payout.ts";
import { type Payout, payoutOf, payoutView } from "./payout-view.ts";
import { deleteJob, deleteJobOf, insert, markNotice, noClient, of, oneOf } from "./rows.ts";

const selectTwin = oneOf("SELECT id FROM payouts WHERE receipt = ? AND id <> ?");
const settle = of(
  "UPDATE payouts SET status = 'succeeded', evidence = 136, receipt = ?, result_code = '0', result_description = ?, " +
    "paid_at = ?, ended_at = ?, updated_at = ?, version = version + 1 WHERE id = ?",
);

const knowPayee = of(
  "INSERT INTO payees (id, merchant_id, phone_index, phone_masked, name, name_source, name_at, match, created_at, " +
    "updated_at, version) VALUES (?, ?, ?, ?, ?, 'payout', ?, 'unknown', ?, ?, 1) ON CONFLICT DO NOTHING",
);

interface Result {
  readonly Result: { readonly TransactionID: string; readonly ResultDesc: string };
}

/** What the result of a paid payout comes to: two reads, one commit. */
export async function settlePayout(parts: Parts, notice: Notice): Promise<void> {
  const { Result: said }: Result = JSON.parse(notice.body);
  const id = notice.subjectId;
  const [found] = await parts.store.read([selectPayout(id)]);
  await parts.store.read([selectTwin(said.TransactionID, id)]);
  const now = Date.now();
  const payout: Payout = {
    ...payoutOf(found?.[0]),
    status: "succeeded",
    receipt: said.TransactionID,
    paidAt: now,
    endedAt: now,
    updatedAt: now,
  };
  const view = JSON.stringify(payoutView(parts, payout));
  await parts.store.commit([
    settle(said.TransactionID, said.ResultDesc, now, now, now, id),
    insert.event(newId("evt"), DEMO_MERCHANT, "payout.succeeded", id, view, now),
    insert.audit(DEMO_MERCHANT, "daraja", "payout.result_told", id, notice.id, trace(payout, 136, 1), now, ...noClient),
    knowPayee(
      ...[
        newId("pye"),
        DEMO_MERCHANT,
        phoneIndex(payout.phone),
        `${payout.phone.slice(0, 4)}•••••`,
        bytes(said.ResultDesc),
      ],
      ...[now, now, now],
    ),
    deleteJobOf("payout", id),
    markNotice(DEMO_MERCHANT, now, null, notice.id),
    deleteJob(notice.jobId),
  ]);
}
