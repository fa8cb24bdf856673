import { DEMO_MERCHANT, registeredShortcodes } from "../../../src/cli/seed.ts";
import { sealRequestIds } from "../../../src/domain/checkouts/send-push.ts";
import { loadConfig } from "../../../src/config/config.ts";
import { newId } from "../../../src/crypto/ids.ts";
import { createVault, type Vault } from "../../../src/crypto/vault.ts";
import { retryWhileUnavailable } from "../../../src/db/retry.ts";
import { createDenoAead } from "../../../src/platform/deno/aead.ts";
import { AMOUNT, idsOf, phone } from "./bodies.ts";
import type { Bench } from "./stands.ts";

const GROUP = 1_000;
const LIFE_MS = 1_800_000;
const POLL_MS = 2_000_000;

const statements = {
  checkouts:
    "INSERT INTO checkouts (id, merchant_id, shortcode_id, status, amount, currency, reference, account_reference, " +
    "account_key, description, metadata, expires_at, created_at, updated_at, version) SELECT value ->> 0, ?1, ?2, " +
    `'pending', ${AMOUNT}, 'KES', value ->> 2, substr(value ->> 0, -8), substr(value ->> 0, -8), 'Payment', '{}', ` +
    `?3 + ${LIFE_MS}, ?3, ?3, 2 FROM json_each(?4) WHERE true ON CONFLICT DO NOTHING`,
  attempts: "INSERT INTO attempts (id, checkout_id, status, phone, phone_index, phone_masked, evidence, request_ids, " +
    "polls, created_at, accepted_at) SELECT value ->> 1, value ->> 0, 'pending', unhex(value ->> 3), " +
    "unhex(value ->> 4), '2547•••••678', 0, unhex(value ->> 5), 0, ?1, ?1 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING",
  jobs: "INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at) " +
    `SELECT value ->> 6, 'checkout', value ->> 0, ?1, 'queued', ?2 + ${POLL_MS}, 0, ?2, ?2 FROM json_each(?3) WHERE true ON CONFLICT DO NOTHING`,
} as const;

/** A row: checkout, attempt, reference, phone, its index and Daraja's ids as hex, job. */
type Pending = readonly [string, string, string, string, string, string, string];

/**
 * Puts pending attempts into the database as the subject stores them (the product: sealed), with the rows that settling
 * them touches: checkout, attempt and the job that would ask. Answers the attempts' ids, of the n-th push and on.
 */
export async function insertPending(bench: Bench, from: number, many: number): Promise<readonly string[]> {
  const vault = bench.subject === "product" ? await vaultOfTests() : null;
  const now = Date.now();
  const ids: string[] = [];
  for (let start = 0; start < many; start += GROUP) {
    const size = Math.min(GROUP, many - start);
    const made = await Promise.all(Array.from({ length: size }, (_, i) => pending(vault, from + start + i)));
    const text = JSON.stringify(made);
    await retryWhileUnavailable(() =>
      bench.db.write([
        { sql: statements.checkouts, args: [DEMO_MERCHANT, registeredShortcodes[0].id, now, text] },
        { sql: statements.attempts, args: [now, text] },
        { sql: statements.jobs, args: [DEMO_MERCHANT, now, text] },
      ])
    );
    ids.push(...made.map(([, attempt]) => attempt));
  }
  return ids;
}

const utf8 = new TextEncoder();

async function pending(vault: Vault | null, n: number): Promise<Pending> {
  const attempt = newId("att");
  const number = `254${phone(n).slice(1)}`;
  const ids = idsOf(n);
  const [sealed, index, requestIds] = vault === null
    ? [utf8.encode(number), utf8.encode(number.padEnd(16, "\0")), utf8.encode(JSON.stringify(ids))]
    : [
      await vault.seal(number, { table: "attempts", column: "phone", row: attempt }),
      vault.index("phone", number),
      await sealRequestIds({ vault }, attempt, {
        checkoutRequestId: ids.CheckoutRequestID,
        merchantRequestId: ids.MerchantRequestID,
      }),
    ];
  return [
    newId("chk"),
    attempt,
    `order-${n}`,
    ...[sealed, index, requestIds].map((bytes) => bytes.toHex()) as [string, string, string], // three
    newId("job"),
  ];
}

async function vaultOfTests(): Promise<Vault> {
  const loaded = loadConfig({ APP_ENV: "test" }, "start");
  if (!loaded.ok) throw new Error("a test needs no settings");
  return await createVault(loaded.config.keys.encryption, createDenoAead);
}
