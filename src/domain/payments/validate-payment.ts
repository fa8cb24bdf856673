import { accountKey } from "../settlement/account-key.ts";
import { hasCheckDigit, looksGenerated } from "../accounts/check-digit.ts";
import { chooseAccount } from "../accounts/choose-account.ts";
import { selectAccountsLike } from "../accounts/find-account.ts";
import { accountOf } from "./account-of.ts";
import type { Services } from "../../context/context.ts";
import { type C2bNotice, parseC2b, type UnreadableReason } from "../../daraja/notices.ts";
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

/** The answer to a validation. `isRuleKnown` is false where the rule could not be loaded and the default was used. */
export interface Verdict {
  readonly code: "0" | Refusal;
  readonly isRuleKnown: boolean;
}

/** Safaricom waits about 8 s, and ignores a later answer. */
const RULE_TIMEOUT_MS = 2_000;

/** What a checkout waits for, as `amountDue` of its machine computes it. */
const SELECT_AWAITED_AMOUNTS =
  "SELECT iif(partial = 'refuse', amount, (amount - amount_received + 99) / 100 * 100), split " +
  "FROM checkouts WHERE shortcode_id = ? AND account_key = ? AND " +
  "(status = 'pending' OR (status = 'open' AND expires_at > ?)) LIMIT 50";
const mapAwaited: Query<Awaited>["map"] = ([amount, split]) => ({ amount: Number(amount), split: split === 1 });

interface Awaited {
  /** In cents. */
  readonly amount: number;
  readonly split: boolean;
}

/** Of a checkout that is collected in prompts a customer may pay any part by hand too. */
const isAwaited = (awaited: readonly Awaited[], paid: number): boolean =>
  awaited.some(({ amount, split }) => amount === paid || (split && paid < amount));

/** The body that answers a validation. */
export const validationReply = ({ code }: Verdict): { ResultCode: string; ResultDesc: string } => ({
  ResultCode: code,
  ResultDesc: code === "0" ? "Accepted" : refusals[code],
});

/**
 * Decides by the shortcode's rule whether a customer's own payment may go through. The rules need the
 * database where they look for checkouts or accounts. If it can't be reached, the answer is the default of the shortcode, or that of the service.
 */
export async function validatePayment(services: Services, shortcodeId: string, body: string): Promise<Verdict> {
  const notice = parseC2b(body);
  if (notice.kind !== "c2b") return verdict(refusalOf(notice.reason));
  try {
    return await withTimeout(RULE_TIMEOUT_MS, applyRule(services, shortcodeId, notice));
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    const whenDown = services.shortcodes.lastKnown(shortcodeId)?.validation.whenDown ??
      services.config.c2b.validationWhenDown;
    return { code: whenDown === "accept" ? "0" : "C2B00016", isRuleKnown: false };
  }
}

/** What can't be read is refused: M-Pesa would take money that we could not record. */
function refusalOf(reason: UnreadableReason): Refusal {
  if (reason === "no_amount" || reason === "amount_unreadable") return "C2B00013";
  return reason === "no_shortcode" || reason === "shortcode_unreadable" ? "C2B00015" : "C2B00016";
}

async function applyRule(services: Services, shortcodeId: string, notice: C2bNotice): Promise<Verdict> {
  const shortcode = await loadShortcode(services, shortcodeId);
  const { rule, accounts } = shortcode.validation;
  const key = accountKey(accountOf(notice.accountReference) ?? "");
  if (notice.shortcode !== shortcode.number && notice.shortcode !== shortcode.storeNumber) return verdict("C2B00015");
  const typed = accountOf(notice.accountReference) ?? "";
  if (rule === "accept_all") {
    return verdict(await unlessDown(isMistypedNumber(services, shortcode.id, typed), false) ? "C2B00012" : "0");
  }
  if (key === "") return verdict("C2B00012");
  if (rule === "known_accounts" && accounts.has(key)) return verdict("0");
  const isListed = rule === "known_accounts"; // it is answered without the database, if that is away
  const find = isStandingAccount(services, shortcode.id, typed);
  if (await (isListed ? unlessDown(find, false) : find)) return verdict("0");
  if (rule === "known_accounts") return verdict("C2B00012");
  const query = statement(SELECT_AWAITED_AMOUNTS, shortcode.id, key, services.clock.now());
  const [awaited] = await rows(services.db, { ...query, map: mapAwaited });
  if (awaited.length === 0) return verdict("C2B00012");
  return verdict(isAwaited(awaited, notice.amount) ? "0" : "C2B00013");
}

async function isStandingAccount({ db }: Services, shortcodeId: string, typed: string): Promise<boolean> {
  const [alike] = await rows(db, selectAccountsLike(shortcodeId, typed));
  return chooseAccount(typed, alike) !== null;
}

/** The answer of the database, or `otherwise` while it can't be reached. */
const unlessDown = async (answer: Promise<boolean>, otherwise: boolean): Promise<boolean> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return otherwise;
    throw error;
  }
};

const IS_NO_NUMBER =
  "SELECT 1 WHERE EXISTS (SELECT 1 FROM standing_accounts INDEXED BY standing_accounts_generated WHERE shortcode_id = ?1 " +
  "AND is_generated = 1) AND NOT EXISTS (SELECT 1 FROM standing_accounts INDEXED BY standing_accounts_alike " +
  "WHERE shortcode_id = ?1 AND is_generated = 0 AND account_key GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]') " +
  "AND NOT EXISTS (SELECT 1 FROM standing_accounts WHERE shortcode_id = ?1 AND account_key = ?2) " +
  "AND NOT EXISTS (SELECT 1 FROM checkouts WHERE shortcode_id = ?1 AND account_key = ?2)";

/**
 * Whether an account is one of our numbers with a wrong digit: it has their form, its check digit is wrong, and it can be
 * nothing else. It is not refused where no numbers of ours are in use, where the merchant has accounts of its own of that
 * form, or where a checkout has this account.
 */
async function isMistypedNumber({ db }: Services, shortcodeId: string, typed: string): Promise<boolean> {
  const digits = typed.replaceAll(/[\s-]/g, "");
  if (!looksGenerated(digits) || hasCheckDigit(digits)) return false;
  const query = statement(IS_NO_NUMBER, shortcodeId, digits);
  const [found] = await rows(db, { ...query, map: () => true });
  return found.length === 1;
}

/** The shortcode as it is stored; while the database can't be reached, as it was last read. */
async function loadShortcode(services: Services, id: string): Promise<Shortcode> {
  try {
    return await services.shortcodes.byId(id);
  } catch (error) {
    const last = services.shortcodes.lastKnown(id);
    if (last === null || !(error instanceof DatabaseUnavailable)) throw error;
    return last;
  }
}

const verdict = (code: Verdict["code"]): Verdict => ({ code, isRuleKnown: true });

async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DatabaseUnavailable("The database takes too long for a validation.", true)),
      ms,
    );
  });
  work.catch(() => {}); // after the timeout nobody waits for its failure
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
