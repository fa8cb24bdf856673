import type { Services } from "../context/context.ts";
import type { Capability } from "../crypto/capability.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId } from "../crypto/ids.ts";
import type { Statement } from "../db/database.ts";
import { insert, select, update } from "../db/query.ts";
import { notices } from "../db/schema.ts";

const insertNotice = insert(notices, "ON CONFLICT (digest) DO UPDATE SET copies = copies + 1");
const updateNotice = update(
  notices,
  ["status", "problem", "merchant_id", "processed_at", "payment_id"],
  "WHERE id = ?",
);
export const selectNotice = select(notices, "WHERE id = ?");

/** One raw message, as it came. */
export interface Notice {
  readonly id: string;
  readonly kind: string;
  readonly subjectId: string;
  readonly body: string;
}

const place = (id: string): { table: string; column: string; row: string } => ({
  table: "notices",
  column: "body",
  row: id,
});

/** A message as a row: sealed, since it names people; its digest makes copies of it one row. */
export async function notice(
  services: Services,
  { kind, id: subjectId }: Capability,
  body: string,
): Promise<{ notice: Notice; statement: Statement }> {
  const id = newId("ntc");
  const row = {
    id,
    kind,
    subject_id: subjectId,
    merchant_id: null,
    digest: sha256(`${kind}\n${subjectId}\n${body}`),
    body: await services.vault.seal(body, place(id)),
    copies: 1,
    status: "stored" as const,
    problem: null,
    received_at: services.clock.now(),
    processed_at: null,
  };
  return { notice: { id, kind, subjectId, body }, statement: insertNotice(row) };
}

export const openBody = (services: Services, id: string, sealed: Uint8Array): Promise<string> =>
  services.vault.openText(sealed, place(id));

/** Marks what became of a notice, and which payment it is a view of. */
export const mark = (
  id: string,
  status: "applied" | "quarantined" | "unreadable",
  problem: string | null,
  merchantId: string | null,
  now: number,
  paymentId: string | null = null,
): Statement =>
  updateNotice({ status, problem, merchant_id: merchantId, processed_at: now, payment_id: paymentId }, id);
