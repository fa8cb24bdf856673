import { type Notice, openNoticeBody } from "../../callbacks/inbox.ts";
import { processNotice } from "../../callbacks/process-notice.ts";
import type { Services } from "../../context/context.ts";
import type { Database } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { notices } from "../../db/schema.ts";
import type { Job } from "../../context/jobs.ts";
import { errorText } from "../../telemetry/log.ts";

const PAGE = 200;
const OF_MONEY = "kind IN ('stk', 'c2b_confirmation')";
const selectPage = select(notices, `WHERE id > ? AND ${OF_MONEY} ORDER BY id LIMIT ${PAGE}`);
const countNotices = `SELECT count(*) FROM notices WHERE ${OF_MONEY}`;

/** A clock that shows when the current notice was received. */
export class ReplayClock {
  #now = 1;
  now(): number {
    return this.#now;
  }
  set(now: number): void {
    this.#now = now;
  }
}

/** What a replay read. */
export interface Replayed {
  /** The texts of the notices that had been applied. */
  readonly texts: readonly string[];
  /** The notices that could not be processed again, and why. */
  readonly problems: readonly string[];
}

/** Processes every notice of received money again, in order of arrival. One that fails does not stop the others. */
export async function replayNotices(
  from: Database,
  to: Services,
  clock: ReplayClock,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Replayed> {
  const texts: string[] = [];
  const problems: string[] = [];
  const [counted] = await from.read([{ sql: countNotices, args: [] }]);
  const total = Number(counted?.rows[0]?.[0] ?? 0);
  let done = 0;
  for (let after = "";;) {
    const [page] = await rows(from, selectPage(after));
    for (const row of page) {
      try {
        const body = await openNoticeBody(to, row.id, row.body);
        if (row.status === "applied") texts.push(body); // the money of a quarantined notice was recorded in another way
        clock.set(row.received_at);
        const { id, kind, subject_id: subjectId, source_known: sourceKnown } = row;
        const notice: Notice = { id, kind, subjectId, body, sourceKnown };
        await processNotice(to, jobOf(notice), notice, () => {});
      } catch (error) {
        problems.push(`${row.id} could not be processed: ${errorText(error)}`);
      }
      onProgress(++done, total);
    }
    if (page.length < PAGE) return { texts, problems };
    after = page.at(-1)?.id ?? "";
  }
}

/** A job that has no row, so ending it changes nothing. */
export const jobOf = ({ id }: Notice): Job => ({
  id: "job_replay",
  kind: "notice",
  subjectId: id,
  merchantId: null,
  attempts: 1,
  lease: "replay",
  leaseUntil: 0,
});
