import { createCapabilities } from "../../../src/crypto/capability.ts";
import type { JobView } from "../../../src/jobs/contract.ts";
import { sleep } from "../tally.ts";
import type { Scene } from "../traffic/traffic.ts";
import type { Wish } from "../traffic/ledger.ts";
import { type Evidence, groupBy } from "./evidence.ts";
import { all, dueJobs } from "./rows.ts";
import type { Verdict } from "./verdict.ts";

interface Made {
  readonly id: string;
  readonly reference: string;
}

/** What callers were answered must be there, once, whatever key was sent however often. */
export function judgeAnswers({ rows, scene }: Evidence, verdict: Verdict): void {
  const of = (kind: Wish["kind"]) => scene.ledger.wishes.filter((wish) => wish.kind === kind);
  judgeMade(verdict, of("checkout"), rows.checkouts);
  judgeMade(verdict, of("payout"), rows.payouts);
  judgeMade(verdict, of("refund"), rows.refunds.map(({ id, reason }) => ({ id, reference: reason })));
  for (const wish of of("attempt")) {
    const checkout = rows.checkouts.find(({ id }) => id === wish.reference);
    const attempts = checkout?.attempts.filter(({ phone_number }) =>
      phone_number.endsWith(wish.phone?.slice(-3) ?? "")
    );
    if (wish.answers.length > 0 && attempts?.length === 0) {
      verdict.add("lost", `an attempt on ${wish.reference} that was answered`, wish.reference, wish.phone);
    }
  }
}

function judgeMade(verdict: Verdict, wishes: readonly Wish[], rows: readonly Made[]): void {
  const byReference = groupBy(rows, ({ reference }) => reference);
  for (const wish of wishes) {
    const found = byReference.get(wish.reference) ?? [];
    if (found.length > 1) {
      verdict.add("recorded twice", `${wish.kind} ${wish.reference}`, ...found.map(({ id }) => id), wish.phone);
    }
    for (const { body } of wish.answers) {
      if (!found.some(({ id }) => id === body.id)) {
        verdict.add("lost", `${wish.kind} ${body.id}, which was answered`, body.id, wish.phone);
      }
    }
  }
}

/** Merchants hear of each end once. */
export function judgeEvents({ rows }: Evidence, verdict: Verdict): void {
  const events = groupBy(rows.events, ({ type, subject }) => `${type} ${subject}`);
  const countOf = (type: string, id: string) => events.get(`${type} ${id}`)?.length ?? 0;
  const expect = (type: string, id: string, most = 1) => {
    const count = countOf(type, id);
    if (count > most) verdict.add("recorded twice", `${count} events ${type} of ${id}`, id);
    if (count === 0) verdict.add("lost", `the event ${type} of ${id}`, id);
  };
  for (const { id } of rows.payments) expect("payment.received", id);
  for (const { id } of rows.checkouts) expect("checkout.created", id);
  for (const { id, status } of rows.checkouts) { // a contradiction or a refund may undo it in between
    const undone = countOf("checkout.review", id) + countOf("checkout.reopened", id);
    if (status === "succeeded") expect("checkout.succeeded", id, 1 + undone);
  }
  for (const { id, status } of rows.payouts) if (status === "succeeded") expect("payout.succeeded", id);
}

/** Every message that Daraja was told is kept, is kept. */
export async function judgeInbox({ scene }: Evidence, verdict: Verdict): Promise<void> {
  const { stage, shop } = scene;
  const capabilities = await createCapabilities(stage.config.keys.callback);
  // before the list is read: more may come meanwhile
  const accepted = groupBy(stage.callbacks.deliveries.filter(({ outcome }) => outcome === 200), (d) => d.capability);
  const kept = groupBy(
    await all<{ kind: string; subject: string }>(shop, "cli_platform", "/v1/notices?merchant=all"),
    ({ kind, subject }) => `${kind} ${subject}`,
  );
  for (const [capability, deliveries] of accepted) {
    const read = capabilities.verify(capability);
    if (read === null || read.kind === "c2b_validation") continue;
    const messages = new Set(deliveries.map(({ body }) => body)).size;
    const found = kept.get(`${read.kind} ${read.id}`)?.length ?? 0;
    if (found < messages) verdict.add("lost", `${messages - found} notices ${read.kind} of ${read.id}`, read.id);
  }
}

const A_WHILE_MS = 3_000;

/** Jobs that are due and stay so: what is asked again and again by plan is due now and then. */
async function overdue({ shop }: Scene, now: number): Promise<JobView[]> {
  const name = ({ id, run_at, attempts }: JobView) => `${id} ${run_at} ${attempts}`;
  const before = new Set((await dueJobs(shop, now)).map(name));
  if (before.size === 0) return [];
  await sleep(A_WHILE_MS);
  return (await dueJobs(shop, now)).filter((job) => before.has(name(job)));
}

/** After all is healed nothing waits for something that won't come. */
export async function judgeStillness({ rows, scene, now }: Evidence, verdict: Verdict): Promise<void> {
  for (const checkout of rows.checkouts) {
    const about = [checkout.id, ...checkout.attempts.map(({ id }) => id)];
    if (checkout.status === "pending") verdict.add("stuck", `${checkout.id} is pending`, ...about);
    if (checkout.status === "open" && Date.parse(checkout.expires_at) < now - 1_000) {
      verdict.add("stuck", `${checkout.id} is open though expired`, ...about);
    }
  }
  for (const job of await overdue(scene, now)) {
    verdict.add("stuck", `${job.kind} job ${job.id} is due`, job.subject);
  }
  for (const job of await all<JobView>(scene.shop, "cli_platform", "/v1/jobs?merchant=all&status=dead")) {
    verdict.add("stuck", `${job.kind} job ${job.id} is dead: ${job.last_error}`, job.subject);
  }
  const stored = await all<{ id: string; subject: string }>(
    scene.shop,
    "cli_platform",
    "/v1/notices?merchant=all&status=stored",
  );
  for (const { id, subject } of stored) verdict.add("stuck", `notice ${id} was never read`, id, subject);
}
