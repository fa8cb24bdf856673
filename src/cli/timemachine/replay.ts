import type { InferSelectModel } from "drizzle-orm";
import { openNoticeBody } from "../../callbacks/inbox.ts";
import { processNotice } from "../../callbacks/process-notice.ts";
import { first, insert, rows, select } from "../../db/query.ts";
import { notices } from "../../db/schema.ts";
import { errorText } from "../../telemetry/log.ts";
import type { Copy } from "../replay/in-copy.ts";
import { jobOf } from "../replay/notices.ts";
import type { Scope } from "./scope.ts";

type Row = InferSelectModel<typeof notices>;

/** One notice, as it was judged when it came, and as it is judged today. */
export interface Judged {
  readonly id: string;
  readonly kind: Row["kind"];
  readonly subject: string;
  /** ms since 1970. */
  readonly receivedAt: number;
  readonly then: string;
  readonly now: string;
}

const PAGE = 200;
const insertNotice = insert(notices);
const selectOne = select(notices, "WHERE id = ?");
const selectPage = select(
  notices,
  `WHERE id > ? AND received_at >= ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ${PAGE}`,
);

/** Replays the stored notices of some kinds in the copy, in the order in which they came. */
export async function replay(
  { from, to, services, clock }: Copy,
  { since, about }: Scope,
  kinds: readonly Row["kind"][],
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (let after = "";;) {
    const [page] = await rows(from, selectPage(after, since, JSON.stringify(kinds)));
    for (const row of page) {
      if (row.status === "stored" || !(about === null || about.has(row.subject_id) || about.has(row.id))) continue;
      clock.set(row.received_at);
      const { id, kind, subject_id: subject, received_at: receivedAt } = row;
      const now = await judge({ to, services }, row);
      judged.push({ id, kind, subject, receivedAt, then: verdictOf(row), now });
    }
    if (page.length < PAGE) return judged;
    after = page.at(-1)?.id ?? "";
  }
}

async function judge({ to, services }: Pick<Copy, "to" | "services">, row: Row): Promise<string> {
  const { id, kind, subject_id: subjectId, source_known: sourceKnown } = row;
  try {
    const body = await openNoticeBody(services, id, row.body);
    const unread = { ...row, status: "stored" as const, problem: null, processed_at: null, payment_id: null };
    await to.write([insertNotice(unread)]);
    const notice = { id, kind, subjectId, body, sourceKnown };
    await processNotice(services, jobOf(notice), notice, () => {});
    const after = await first(to, selectOne(id));
    return after === null ? "gone" : verdictOf(after);
  } catch (error) {
    return `failed (${errorText(error)})`;
  }
}

const verdictOf = ({ status, problem }: Row): string => problem === null ? status : `${status} (${problem})`;
