import type { Services } from "../../context/context.ts";
import { certificateExpiry } from "../../daraja/certificate.ts";
import { type Query, rows, select } from "../../db/query.ts";
import { shortcodes } from "../../db/schema.ts";
import { errorText } from "../../telemetry/log.ts";
import type { Finding } from "./decide.ts";

const HOUR_MS = 3_600_000;
/** An old secret that ends in this time is told, so that a client which still uses it is changed over. */
const OLD_SECRET_MS = 12 * HOUR_MS;
const PAGE = 200;

const selectShortcodes = select(shortcodes, `WHERE id > ? ORDER BY id LIMIT ${PAGE}`);

/**
 * The rule `expiry`. It knows the end of certificates of Daraja that were valid when they were stored (those that Daraja
 * uses have mostly expired, which does not matter to it), of the database's token, and of secrets that were replaced.
 * Null: something could not be read, so what was said before stays.
 */
export async function measureExpiry(services: Services): Promise<readonly Finding[] | null> {
  const now = services.clock.now();
  const until = now + services.config.alerts.expiryMs;
  const found: Finding[] = [];
  const add = (merchantId: string | null, subject: string, at: number) =>
    found.push({ rule: "expiry", merchantId, subject, value: Math.round((at - now) / HOUR_MS) });
  try {
    const token = tokenExpiry(services.config.database.authToken);
    if (token !== null && token < until) add(null, "database token", token);
    for (let after = "";;) {
      const [page] = await rows(services.db, selectShortcodes(after));
      for (const row of page) {
        const { credentials } = await services.shortcodes.open(row);
        const at = credentials.certificate === undefined ? null : certificateExpiry(credentials.certificate);
        if (at !== null && at > row.updated_at && at < until) {
          add(row.merchant_id, `${row.merchant_id}/${row.number}`, at);
        }
      }
      after = page.at(-1)?.id ?? "";
      if (page.length < PAGE) break;
    }
    const [secrets] = await rows(services.db, selectOldSecrets(now, now + OLD_SECRET_MS));
    for (const { merchantId, clientId, at } of secrets) add(merchantId, `${merchantId}/${clientId}`, at);
    return found;
  } catch (error) {
    services.log.write("warn", "expiry_unread", { error: errorText(error) });
    return null;
  }
}

const selectOldSecrets = (
  from: number,
  to: number,
): Query<{ readonly merchantId: string; readonly clientId: string; readonly at: number }> => ({
  sql: "SELECT merchant_id, id, previous_secret_until FROM clients WHERE status = 'active' " +
    "AND previous_secret_until > ? AND previous_secret_until < ? LIMIT 100",
  args: [from, to],
  map: ([merchant, client, at]) => ({ merchantId: String(merchant), clientId: String(client), at: Number(at) }),
});

/** When a JWT ends, in ms; null where it does not say. The token of the database is one. */
function tokenExpiry(token: string | null): number | null {
  const payload = token?.split(".")[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: "base64url" })),
    );
    const exp = typeof claims === "object" && claims !== null && "exp" in claims ? claims.exp : null;
    return typeof exp === "number" ? exp * 1000 : null;
  } catch {
    return null; // another kind of token
  }
}
