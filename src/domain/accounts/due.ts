import type { Context, Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, type Query, rows, statement } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { arrearsAt, expectedBy, isReminder, nextCheckAfter, nextDueEnd } from "./expected.ts";
import { type AccountState, raised, storeAccount } from "./store.ts";
import { accountData } from "./view.ts";

const MAX_AT_ONCE = 200;
const selectDue = (now: number): Query<readonly [string, string]> => ({
  ...statement(
    "SELECT id, merchant_id FROM standing_accounts WHERE next_check_at <= ? AND NOT EXISTS (SELECT 1 FROM jobs " +
      `WHERE kind = 'account' AND subject_id = standing_accounts.id) ORDER BY next_check_at LIMIT ${MAX_AT_ONCE}`,
    now,
  ),
  map: ([id, merchant]) => [String(id), String(merchant)],
});

/** The sweep calls this. It gives a job to the accounts whose expected amount has to be looked at. */
export async function scheduleDueAccounts(services: Services): Promise<void> {
  const now = services.clock.now();
  const [found] = await rows(services.db, selectDue(now));
  if (found.length === 0) return;
  await services.db.write(found.map(([id, merchant]) => services.jobs.schedule("account", id, merchant, now)));
  services.jobs.wake(now);
}

/** Statement: nothing lacks, so nothing is told; only the time of the next look (ms) is stored. */
const setNextCheck = ({ id, version }: AccountState["account"], next: number | null): Statement =>
  statement("UPDATE standing_accounts SET next_check_at = ? WHERE id = ? AND version = ?", next, id, version);

/**
 * Looks whether what is expected is there, if it is time to, and tells what lacks: once for each due day, because the next
 * look is stored with the event. Looks that were missed are made up for by the newest. True where it changed something.
 */
export async function lookAtDue(ctx: Context, state: AccountState): Promise<boolean> {
  const now = ctx.clock.now();
  const { account, received } = state;
  const checkAt = account.next_check_at;
  if (checkAt === null || checkAt > now) return false;
  const next = nextCheckAfter(account, now);
  const isEarly = isReminder(account, checkAt) && next !== null && nextDueEnd(now, account.due_day) === next;
  const missing = isEarly
    ? Math.max(0, expectedBy(account, nextDueEnd(now, account.due_day)) - received)
    : arrearsAt(account, received, now);
  if (missing === 0) {
    await ctx.db.write([setNextCheck(account, next), abortIfUnchanged]);
    return true;
  }
  const after = { ...raised(account, now), next_check_at: next };
  const data = { ...await accountData(ctx, { ...state, account: after }) };
  await ctx.db.write([
    ...storeAccount(after),
    isEarly
      ? event(ctx, "account.payment_due", account.id, { ...data, missing })
      : event(ctx, "account.in_arrears", account.id, data),
    auditEntry(ctx, "account.looked_at", account.id, { missing, early: isEarly }),
  ]);
  return true;
}
