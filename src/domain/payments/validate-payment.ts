import { accountKey } from "../settlement/account-key.ts";
import type { Services } from "../../context/context.ts";
import { type C2bNotice, parseC2b } from "../../daraja/notices.ts";
import { DatabaseUnavailable } from "../../db/database.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import type { Shortcode } from "../../context/shortcode.ts";

/** What M-Pesa tells the customer when a payment is refused (daraja.md section 5.4). */
export const refusals = {
  C2B00011: "Invalid MSISDN",
  C2B00012: "Invalid Account Number",
  C2B00013: "Invalid Amount",
  C2B00014: "Invalid KYC Details",
  C2B00015: "Invalid Shortcode",
  C2B00016: "Other Error",
} as const;
type Refusal = keyof typeof refusals;

/** The answer to a validation; `known`: whether the rule could be looked up. */
export interface Verdict {
  readonly code: "0" | Refusal;
  readonly isRuleKnown: boolean;
}

/** Safaricom waits about 8 s; an answer after that counts as none. */
const PATIENCE_MS = 2_000;

const AWAITED = "SELECT amount FROM checkouts WHERE shortcode_id = ? AND account_key = ? AND " +
  "(status = 'pending' OR (status = 'open' AND expires_at > ?)) LIMIT 50";
const amounts: Query<number>["map"] = ([amount]) => Number(amount);

/** The body that answers a validation. */
export const validationReply = ({ code }: Verdict): { ResultCode: string; ResultDesc: string } => ({
  ResultCode: code,
  ResultDesc: code === "0" ? "Accepted" : refusals[code],
});

/**
 * Says whether a customer's own payment may go through, by the shortcode's rule. Needs no database but for
 * `open_checkout`; what can't be looked up is answered as the shortcode, else the service, is set to.
 */
export async function validatePayment(services: Services, shortcodeId: string, body: string): Promise<Verdict> {
  const notice = parseC2b(body);
  if (notice.kind !== "c2b") return { code: "C2B00016", isRuleKnown: true };
  try {
    return await withTimeout(PATIENCE_MS, applyRule(services, shortcodeId, notice));
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    const accept = services.shortcodes.lastKnown(shortcodeId)?.validation.whenDown ??
      services.config.c2b.validationWhenDown;
    return { code: accept === "accept" ? "0" : "C2B00016", isRuleKnown: false };
  }
}

async function applyRule(services: Services, shortcodeId: string, notice: C2bNotice): Promise<Verdict> {
  const shortcode = await shortcodeOf(services, shortcodeId);
  const { rule, accounts } = shortcode.validation;
  const key = accountKey(notice.accountReference ?? "");
  if (notice.shortcode !== shortcode.number && notice.shortcode !== shortcode.storeNumber) return known("C2B00015");
  if (rule === "accept_all") return known("0");
  if (key === "") return known("C2B00012");
  if (rule === "known_accounts") return known(accounts.has(key) ? "0" : "C2B00012");
  const query = statement(AWAITED, shortcode.id, key, services.clock.now());
  const [asked] = await rows(services.db, { ...query, map: amounts });
  if (asked.length === 0) return known("C2B00012");
  return known(asked.includes(notice.amount) ? "0" : "C2B00013");
}

/** As it is stored; as it was last known where the database is away. */
async function shortcodeOf(services: Services, id: string): Promise<Shortcode> {
  try {
    return await services.shortcodes.byId(id);
  } catch (error) {
    const last = services.shortcodes.lastKnown(id);
    if (last === null || !(error instanceof DatabaseUnavailable)) throw error;
    return last;
  }
}

const known = (code: Verdict["code"]): Verdict => ({ code, isRuleKnown: true });

async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseUnavailable("The store takes too long for a validation.", true)), ms);
  });
  work.catch(() => {}); // when it is late its failure is nobody's any more
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
