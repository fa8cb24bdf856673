import { type Notice, openNoticeBody } from "../../callbacks/inbox.ts";
import { processNotice } from "../../callbacks/process-notice.ts";
import type { Services } from "../../context/context.ts";
import type { Database } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { notices } from "../../db/schema.ts";
import type { Job } from "../../context/jobs.ts";

const PAGE = 200;
const selectPage = select(notices, `WHERE id > ? AND kind IN ('stk', 'c2b_confirmation') ORDER BY id LIMIT ${PAGE}`);

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

/** Processes every notice of received money again, in order of arrival. Returns the texts of those that had been applied. */
export async function replayNotices(from: Database, to: Services, clock: ReplayClock): Promise<string[]> {
  const texts: string[] = [];
  for (let after = "";;) {
    const [page] = await rows(from, selectPage(after));
    for (const row of page) {
      const body = await openNoticeBody(to, row.id, row.body);
      if (row.status === "applied") texts.push(body); // the money of a quarantined notice was recorded in another way
      clock.set(row.received_at);
      const notice: Notice = { id: row.id, kind: row.kind, subjectId: row.subject_id, body };
      await processNotice(to, jobOf(notice), notice, () => {});
    }
    if (page.length < PAGE) return texts;
    after = page.at(-1)?.id ?? "";
  }
}

/** A job that has no row, so ending it changes nothing. */
const jobOf = ({ id }: Notice): Job => ({
  id: "job_replay",
  kind: "notice",
  subjectId: id,
  merchantId: null,
  attempts: 1,
  lease: "replay",
  leaseUntil: 0,
});
