import type { Services } from "../context/context.ts";
import type { CallbackKind } from "../crypto/capability.ts";
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

/** One message of Daraja, as it arrived. */
export interface Notice {
  readonly id: string;
  readonly kind: CallbackKind;
  /** The row that the message is about. */
  readonly subjectId: string;
  readonly body: string;
}

/** What became of a notice; times in ms since the epoch. */
export interface NoticeMark {
  readonly status: "applied" | "quarantined" | "unreadable";
  readonly problem: string | null;
  readonly merchantId: string | null;
  /** The payment that the notice reports. */
  readonly paymentId: string | null;
  readonly processedAt: number;
}

const bodyPlace = (id: string): { table: string; column: string; row: string } => ({
  table: "notices",
  column: "body",
  row: id,
});

/**
 * A message as a notice, with the statement that stores it. The body is encrypted because it names people. The digest
 * makes copies of one message one row.
 */
export async function sealNotice(
  services: Services,
  { kind, id: subjectId }: { readonly kind: CallbackKind; readonly id: string },
  body: string,
): Promise<{ readonly notice: Notice; readonly statement: Statement }> {
  const id = newId("ntc");
  const row = {
    id,
    kind,
    subject_id: subjectId,
    merchant_id: null,
    digest: sha256(`${kind}\n${subjectId}\n${body}`),
    body: await services.vault.seal(body, bodyPlace(id)),
    copies: 1,
    status: "stored" as const,
    problem: null,
    received_at: services.clock.now(),
    processed_at: null,
  };
  return { notice: { id, kind, subjectId, body }, statement: insertNotice(row) };
}

/** Decrypts the stored body of a notice. */
export function openNoticeBody(services: Services, id: string, sealed: Uint8Array): Promise<string> {
  return services.vault.openText(sealed, bodyPlace(id));
}

/** Statement: stores what became of a notice. */
export function markNotice(id: string, mark: NoticeMark): Statement {
  return updateNotice({
    status: mark.status,
    problem: mark.problem,
    merchant_id: mark.merchantId,
    processed_at: mark.processedAt,
    payment_id: mark.paymentId,
  }, id);
}
