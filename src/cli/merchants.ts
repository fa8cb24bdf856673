import { newId } from "../crypto/ids.ts";
import { hashSecret, newSecret } from "../crypto/secrets.ts";
import { DatabaseUnavailable } from "../db/database.ts";
import { openDatabase } from "../db/open.ts";
import { insert } from "../db/query.ts";
import { clients, merchants } from "../db/schema.ts";
import { auditEntry } from "../db/trail.ts";
import { systemClock } from "../platform/deno.ts";
import { SCOPES } from "../auth/scopes.ts";

/**
 * `deno task merchants NAME`: creates a merchant with its first client. The client has every scope and creates the other
 * clients through the API. Its secret is printed only now.
 */
async function create(name: string): Promise<void> {
  const url = Deno.env.get("DATABASE_URL") ?? "file:.data/malipo.db";
  const db = await openDatabase(url, Deno.env.get("DATABASE_AUTH_TOKEN"));
  try {
    const now = systemClock.now();
    const merchant = newId("mer");
    const client = newId("cli");
    const secret = newSecret();
    const author = { merchantId: merchant, actor: "cli", requestId: "cli", clock: systemClock };
    await db.write([
      insert(merchants)({ id: merchant, name, created_at: now, version: 1 }),
      insert(clients)({
        id: client,
        merchant_id: merchant,
        name: "first",
        secret_hash: hashSecret(secret),
        scopes: [...SCOPES],
        status: "active",
        created_at: now,
        revoked_at: null,
        version: 1,
      }),
      auditEntry(author, "merchant.created", merchant, { client }),
    ]);
    console.log(JSON.stringify({ merchant, client_id: client, client_secret: secret }));
  } finally {
    await db.close();
  }
}

const USAGE = `deno task merchants NAME
Creates a merchant with its first client, and prints the client's secret, only now. The name has 1 to 100 characters.
Example: deno task merchants Duka la Mama`;

const name = Deno.args.join(" ").trim();
if (Deno.args.includes("--help")) {
  console.log(USAGE);
  Deno.exit(0);
}
if (name === "" || name.length > 100 || name.startsWith("-")) {
  console.error(name.startsWith("-") ? `There is no flag ${Deno.args[0]}.\n${USAGE}` : USAGE);
  Deno.exit(2);
}
try {
  await create(name);
} catch (error) {
  const reason = error instanceof DatabaseUnavailable ? error.message : String((error as Error).message);
  console.error(`The merchant was not made: ${reason}. Has the database been migrated (deno task migrate)?`);
  Deno.exit(1);
}
