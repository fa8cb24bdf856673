import { commit, type Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { first, type Query } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { Proposal, type Route } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { changeRequest, type ChangeRequestView } from "./contract.ts";
import type { ChangeKind } from "./kind.ts";
import { preview, shownOf } from "./preview.ts";
import { type ChangeRow, changeView, insertChange, sealInput } from "./store.ts";

/** Enough for people; it keeps one token from filling the table. */
const MOST_OPEN = 100;

/**
 * The route with its protected requests proposed first: nothing changes, and the answer is 202 with the change request.
 * Without a delay (`CHANGE_DELAY_HOURS=0`) it is the route itself.
 */
export function proposable(route: Route, kind: ChangeKind): Route {
  const { operation } = route;
  return {
    ...route,
    operation: {
      ...operation,
      proposal: changeRequest,
      problems: [...new Set([...operation.problems, "limit_exceeded" as const])],
    },
    async run(ctx, input) {
      if (ctx.config.changes.delayMs === 0 || !kind.isProtected(input)) return await route.run(ctx, input);
      return new Proposal(await propose(ctx, kind, input));
    },
  };
}

/** Stores a change request, tells everybody concerned, and schedules its end. Errors: those of the operation, `limit_exceeded`. */
async function propose(ctx: Context, kind: ChangeKind, input: unknown): Promise<ChangeRequestView> {
  const after = await preview(ctx, kind.route, input);
  const subject = await kind.subject(ctx, input);
  await requireRoom(ctx, subject.merchantId);
  const now = ctx.clock.now();
  const id = newId("chg");
  const isRemoval = kind.route.operation.method === "DELETE";
  const row: ChangeRow = {
    id,
    merchant_id: subject.merchantId,
    kind: kind.name,
    operation: kind.route.operation.id,
    status: "proposed",
    summary: subject.summary,
    subject_id: subject.id,
    before: subject.view === null ? null : { ...subject.view },
    after: isRemoval ? null : shownOf(after, subject.id === null),
    secrets: [...subject.secrets],
    basis: subject.basis,
    input: await sealInput(ctx.vault, id, input),
    needs_platform: subject.needsPlatform,
    proposed_by: ctx.actor,
    decided_by: null,
    reason: null,
    applies_at: now + ctx.config.changes.delayMs,
    decided_at: null,
    created_at: now,
    updated_at: now,
    version: 1,
  };
  const view = changeView(row);
  const owner = { ...ctx, merchantId: row.merchant_id };
  await commit(ctx, id, [
    insertChange(row),
    auditEntry(owner, "change.proposed", id, { kind: row.kind, subject: row.subject_id, secrets: row.secrets }),
    event(owner, "security.change_proposed", id, { ...view }),
    ctx.jobs.schedule("change_request", id, row.merchant_id, row.applies_at),
  ], { status: 202, body: view });
  ctx.jobs.wake(row.applies_at);
  ctx.note({ change: id, kind: row.kind });
  return view;
}

const countOpen = (merchantId: string): Query<number> => ({
  sql: "SELECT count(*) FROM change_requests WHERE merchant_id = ? AND status = 'proposed'",
  args: [merchantId],
  map: ([count]) => Number(count),
});

async function requireRoom(ctx: Context, merchantId: string): Promise<void> {
  if ((await first(ctx.db, countOpen(merchantId)) ?? 0) < MOST_OPEN) return;
  throw new Problem("limit_exceeded", `${MOST_OPEN} changes wait already. Confirm or reject some of them first.`);
}
