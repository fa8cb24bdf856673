import type { Services } from "../context/context.ts";
import type { CallbackKind } from "../crypto/capability.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId } from "../crypto/ids.ts";
import type { Statement } from "../db/database.ts";
import { columnNames, insert, select, update } from "../db/query.ts";
import { notices } from "../db/schema.ts";

const insertRow = insert(
  notices,
  "ON CONFLICT (digest) DO UPDATE SET copies = copies + 1, version = version + 1, source_known = max(source_known, excluded.source_known)",
);

/** SQL: the merchant of the row that a notice is about, by the prefix of its id. */
const merchantOf: Readonly<Record<string, string>> = {
  att: "(SELECT c.merchant_id FROM attempts a JOIN checkouts c ON c.id = a.checkout_id WHERE a.id = ?)",
  pyt: "(SELECT merchant_id FROM payouts WHERE id = ?)",
  rfd: "(SELECT merchant_id FROM refunds WHERE id = ?)",
  sho: "(SELECT merchant_id FROM shortcodes WHERE id = ?)",
  sto: "(SELECT merchant_id FROM standing_orders WHERE id = ?)",
  ntc: "(SELECT merchant_id FROM notices WHERE id = ?)",
};

/** Statement: stores a notice, with the merchant whom it concerns, so that its operators see also what is not applied. */
function insertNotice(row: Parameters<typeof insertRow>[0]): Statement {
  const { sql, args } = insertRow({ ...row, merchant_id: row.subject_id });
  const lookUp = merchantOf[row.subject_id.slice(0, 3)] ?? "iif(? = '', NULL, NULL)";
  return { sql: placed(sql, MERCHANT_AT, lookUp), args };
}

const MERCHANT_AT = columnNames(notices).split(", ").indexOf("merchant_id");

/** The text with its nth `?` (from 0) replaced. */
function placed(sql: string, nth: number, by: string): string {
  let seen = 0;
  return sql.replaceAll("?", (mark) => seen++ === nth ? by : mark);
}

const updateNotice = update(notices, ["status", "problem", "processed_at", "payment_id"], "WHERE id = ?");
const updateWithMerchant = update(
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
  /** Whether it came from an address of Safaricom's; null: nobody looked. */
  readonly sourceKnown: boolean | null;
}

/** What became of a notice; times in ms since the epoch. */
export interface NoticeMark {
  readonly status: "applied" | "quarantined" | "unreadable";
  readonly problem: string | null;
  /** Null leaves the merchant that was found when the notice was stored. */
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
  sourceKnown: boolean | null,
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
    source_known: sourceKnown,
    proof: null,
    proof_asks: 0,
    version: 1,
  };
  return { notice: { id, kind, subjectId, body, sourceKnown }, statement: insertNotice(row) };
}

/** Decrypts the stored body of a notice. */
export function openNoticeBody(services: Services, id: string, sealed: Uint8Array): Promise<string> {
  return services.vault.openText(sealed, bodyPlace(id));
}

/** Statement: stores what became of a notice. */
export function markNotice(id: string, mark: NoticeMark): Statement {
  const { status, problem, merchantId, processedAt, paymentId } = mark;
  const values = { status, problem, processed_at: processedAt, payment_id: paymentId };
  const { sql, args } = merchantId === null
    ? updateNotice(values, id)
    : updateWithMerchant({ ...values, merchant_id: merchantId }, id);
  return { sql: sql.replace(" SET ", " SET version = version + 1, "), args };
}
