import type { Parts } from "./parts.ts";
import { of } from "./rows.ts";

const AWAITED = "SELECT amount FROM checkouts WHERE shortcode_id = ? AND account_key = ? AND " +
  "(status = 'pending' OR (status = 'open' AND expires_at > ?)) LIMIT 50";
const selectAwaited = of(AWAITED);

/** A C2B validation by the rule `open_checkout`: the product's read, and no key of the account but upper case. */
export async function validate({ store, paybill }: Parts, shortcodeId: string, text: string): Promise<Response> {
  const { TransAmount, BillRefNumber, BusinessShortCode }: Record<string, string> = JSON.parse(text);
  if (BusinessShortCode !== paybill.number) return refused("C2B00015", "Invalid Shortcode");
  const [found = []] = await store.read([selectAwaited(shortcodeId, BillRefNumber?.toUpperCase() ?? "", Date.now())]);
  if (found.length === 0) return refused("C2B00012", "Invalid Account Number");
  const amount = Math.round(Number(TransAmount) * 100);
  return found.some(([asked]) => asked === amount)
    ? Response.json({ ResultCode: "0", ResultDesc: "Accepted" })
    : refused("C2B00013", "Invalid Amount");
}

const refused = (ResultCode: string, ResultDesc: string) => Response.json({ ResultCode, ResultDesc });
