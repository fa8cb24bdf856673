import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import type { Transaction } from "../../../src/simulator/core/transactions.ts";
import type { Random } from "../random.ts";
import { sleep } from "../tally.ts";
import { call, type Scene } from "./traffic.ts";

/** What people do in the middle of it all: match, resolve, approve, pause, import. They tell the truth as far as they know it. */

/** A row of a list, as far as people read it. */
interface Row {
  readonly amount?: number;
  readonly id: string;
  readonly phone_number?: string;
  readonly originator_conversation_id?: string;
}

async function list(scene: Scene, path: string): Promise<readonly Row[]> {
  const { status, body } = await scene.shop.insist("cli_operator", "GET", path);
  return status === 200 ? body.data : [];
}

/** Books money that nobody knew what it was for on some open checkout. */
export async function matchByHand(scene: Scene, draws: Random): Promise<void> {
  const payments = await list(scene, "/v1/payments?status=unmatched&limit=20");
  const checkouts = await list(scene, "/v1/checkouts?status=open&limit=20");
  // Of equal amounts: the books can't say what a person meant by money that pays less (docs/adr/0017-one-transfer.md).
  const pairs = payments.flatMap((payment) =>
    checkouts.filter(({ amount }) => amount === payment.amount).map((checkout) => ({ payment, checkout }))
  );
  if (pairs.length === 0) return;
  const { payment, checkout } = draws.pick(pairs);
  const path = `/v1/payments/${payment.id}/match`;
  const { status } = await call(scene, "cli_demo", "POST", path, { checkout: checkout.id });
  if (status === 200) scene.ledger.matchedByHand.add(payment.id);
}

/** Looks a payout in doubt up in M-Pesa's portal, and says what became of it. */
export async function resolvePayout(scene: Scene, draws: Random): Promise<void> {
  const doubted = await list(scene, "/v1/payouts?status=in_doubt&limit=20");
  if (doubted.length === 0) return;
  const payout = draws.pick(doubted);
  const moved = scene.stage.simulator.world.transactions.list().find(({ originator_conversation_id: id }) =>
    id === payout.originator_conversation_id
  );
  // Only of one kind is it sure that nothing will move any more.
  if (moved === undefined && !payout.phone_number?.endsWith("017")) return;
  const verdict = moved === undefined ? { outcome: "failed" } : { outcome: "succeeded", receipt: moved.receipt };
  const body = { ...verdict, evidence: "seen in the portal" };
  await call(scene, "cli_operator", "POST", `/v1/payouts/${payout.id}/resolve`, body);
}

/** Approves a payout that waits for it, or now and then rejects it. */
export async function decidePayout(scene: Scene, draws: Random): Promise<void> {
  const waiting = await list(scene, "/v1/payouts?status=awaiting_approval&limit=20");
  if (waiting.length === 0) return;
  const path = `/v1/payouts/${draws.pick(waiting).id}`;
  if (draws.chance(0.8)) await call(scene, "cli_approver", "POST", `${path}/approve`);
  else await call(scene, "cli_approver", "POST", `${path}/reject`, { reason: "not on the list" });
}

/** What was asked before the pause may still be on its way so long after it (ms), if its process was stopped. */
export const PAUSE_GRACE_MS = 3_500;

/** Pauses money out for a while. At most one pause at a time. */
export async function pauseMoneyOut(scene: Scene, draws: Random): Promise<void> {
  const { ledger } = scene;
  if (ledger.isPaused) return;
  ledger.isPaused = true;
  const body = { merchant: DEMO_MERCHANT };
  const { status } = await call(scene, "cli_operator", "POST", "/v1/payouts/pause", { ...body, reason: "a look" });
  const from = Date.now() + PAUSE_GRACE_MS;
  await sleep(PAUSE_GRACE_MS + draws.int(1_000, 3_000));
  if (status === 200) ledger.pauses.push({ from, to: Date.now() });
  await resumeMoneyOut(scene);
  ledger.isPaused = false;
}

/** Ends all pauses: also those that were asked for without an answer. */
export const resumeMoneyOut = async (scene: Scene): Promise<void> => {
  await call(scene, "cli_operator", "POST", "/v1/payouts/resume", { merchant: DEMO_MERCHANT });
};

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.";
/** A portal shows a payment some minutes late, and the clock of the API may be behind. */
const LISTED_AFTER_MS = 120_000;

function statementOf(transactions: readonly Transaction[]): string {
  const lines = transactions.map(({ receipt, at, amount, account_reference }) => {
    const nairobi = new Date(Date.parse(at) + 3 * 3_600_000).toISOString();
    const day = nairobi.slice(0, 10).split("-").toReversed().join("-");
    const account = account_reference ?? "";
    return `${receipt},${day} ${nairobi.slice(11, 19)},Pay Bill,Completed,${amount}.00,,Pay Bill Online,${account}`;
  });
  return [HEADER, ...lines].join("\r\n");
}

/** Uploads the paybill's statement of some time. It lists all of that time: what it left out would be missing at M-Pesa. */
export async function importStatement(scene: Scene, draws: Random): Promise<void> {
  const { simulator } = scene.stage;
  const latest = simulator.world.now() - LISTED_AFTER_MS;
  const listed = simulator.world.transactions.list().filter(({ kind, shortcode, at }) =>
    (kind === "stk" || kind === "c2b") && shortcode === "600000" && Date.parse(at) < latest
  );
  if (listed.length === 0) return;
  const byTime = listed.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const first = draws.int(0, byTime.length - 1);
  const part = byTime.slice(first, draws.int(first + 1, byTime.length));
  scene.ledger.operations++;
  const csv = statementOf(part);
  const { status } = await scene.shop.upload("cli_demo", "/v1/reconciliations?shortcode=600000", csv);
  if (status === 202) { for (const { receipt } of part) scene.ledger.imported.add(receipt); }
}
