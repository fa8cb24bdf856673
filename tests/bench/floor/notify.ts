import { setImmediate } from "node:timers";
import { bytes, digest, newId } from "./ids.ts";
import type { Parts } from "./parts.ts";
import { settlePayout } from "./payout-result.ts";
import { insert } from "./rows.ts";
import { settleCheckout } from "./settle.ts";
import { validate } from "./validate.ts";

const LEASE_MS = 15_000;

/** A notice that is stored, with the job that reads it. */
export interface Notice {
  readonly id: string;
  readonly jobId: string;
  readonly subjectId: string;
  readonly body: string;
}

/**
 * POST /notify/{kind}.{id}: the notice and its job, one commit, then the acknowledgement. No secret is in the address
 * and the body is stored as it came.
 */
export async function notify(parts: Parts, about: string, request: Request): Promise<Response> {
  const dot = about.indexOf(".");
  const [kind, subjectId] = [about.slice(0, dot), about.slice(dot + 1)];
  const body = await request.text();
  if (kind === "c2b_validation") return await validate(parts, subjectId, body);
  const notice: Notice = { id: newId("ntc"), jobId: newId("job"), subjectId, body };
  const now = Date.now();
  const unique = digest(`${kind}\n${subjectId}\n${body}`);
  await parts.store.commit([
    insert.notice(notice.id, kind, subjectId, null, unique, bytes(body), 1, "stored", null, now, null, null),
    insert.job(notice.jobId, "notice", notice.id, null, "queued", now + LEASE_MS, "floor", 1, null, now, now),
  ]);
  const settle = kind === "stk" ? settleCheckout : kind === "payout" ? settlePayout : null;
  if (parts.settles && settle !== null) {
    setImmediate(() => settle(parts, notice).catch((error) => console.error("not settled:", error)));
  }
  return Response.json({ ResultCode: 0, ResultDesc: "Accepted" });
}
