import { type Notice, openNoticeBody } from "../../callbacks/inbox.ts";
import { processNotice } from "../../callbacks/process-notice.ts";
import type { Services } from "../../context/context.ts";
import type { Database } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { notices } from "../../db/schema.ts";
import type { Job } from "../../context/jobs.ts";

const PAGE = 200;
const selectPage = select(notices, `WHERE id > ? AND kind IN ('stk', 'c2b_confirmation') ORDER BY id LIMIT ${PAGE}`);

/** A clock that shows when the notice that is read came. */
export class ReplayClock {
  #now = 1;
  now(): number {
    return this.#now;
  }
  set(now: number): void {
    this.#now = now;
  }
}

/** Reads every notice of money received again, in the order they came; answers the texts of those that were applied. */
export async function replayNotices(from: Database, to: Services, clock: ReplayClock): Promise<string[]> {
  const texts: string[] = [];
  for (let after = "";;) {
    const [page] = await rows(from, selectPage(after));
    for (const row of page) {
      const body = await openNoticeBody(to, row.id, row.body);
      if (row.status === "applied") texts.push(body); // what was quarantined told of money that is recorded by other means
      clock.set(row.received_at);
      const notice: Notice = { id: row.id, kind: row.kind, subjectId: row.subject_id, body };
      await processNotice(to, jobOf(notice), notice, () => {});
    }
    if (page.length < PAGE) return texts;
    after = page.at(-1)?.id ?? "";
  }
}

/** There is no job: its end finds nothing. */
const jobOf = ({ id }: Notice): Job => ({
  id: "job_replay",
  kind: "notice",
  subjectId: id,
  merchantId: null,
  attempts: 1,
  lease: "replay",
  leaseUntil: 0,
});
