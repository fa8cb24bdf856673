import { sha256 } from "../crypto/hash.ts";
import { equalBytes } from "../crypto/secrets.ts";
import { type Place, type Vault, VaultError } from "../crypto/vault.ts";
import type { Database, Statement } from "../db/database.ts";
import { statement } from "../db/query.ts";
import type { clients } from "../db/schema.ts";
import { auditEntry } from "../db/trail.ts";
import { createLru } from "../lib/lru.ts";
import type { Clock } from "../platform/ports.ts";
import { errorText, type Log } from "../telemetry/log.ts";

type ClientRow = typeof clients.$inferSelect;

/** What holds for a client whose row this service has not written: `adopt` takes it as it is, and seals it. */
export type SealPolicy = "require" | "adopt";

const placeOf = (id: string): Place => ({ table: "clients", column: "row_seal", row: id });

/** Everything that decides what a client may do: who knows its secret, its scopes, its merchant, its lineage. */
const textOf = (row: ClientRow): string =>
  JSON.stringify([
    row.id,
    row.merchant_id,
    row.secret_hash.toHex(),
    row.previous_secret_hash?.toHex() ?? null,
    row.previous_secret_until,
    row.scopes,
    row.status,
    row.epoch,
    row.parent_id,
    row.owner_id,
    row.access,
  ]);

/** The row with its seal: the last step before it is stored. */
export const sealClient = async (vault: Vault, row: ClientRow): Promise<ClientRow> => ({
  ...row,
  row_seal: await vault.seal(sha256(textOf(row)), placeOf(row.id)),
});

const MAX_KNOWN = 2_000;
const TOLD_EACH_MS = 60_000;

interface Parts {
  readonly db: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: SealPolicy;
}

/**
 * Whether this service has written the rows of clients (ADR 0050). Whoever can only write to the database can't make a
 * seal, and so neither a client nor more rights for one.
 */
export class ClientSeals {
  /** The rows that were found whole, as text: the same text is not decrypted again. */
  readonly #whole = createLru<string, string>(MAX_KNOWN);
  readonly #told = createLru<string, number>(MAX_KNOWN);
  constructor(readonly parts: Parts) {}

  /** Whether the client counts. If not, somebody is told, and it is in the audit trail. */
  async isGenuine(row: ClientRow): Promise<boolean> {
    if (await this.isWhole(row) || this.parts.policy === "adopt") return true;
    await this.#tell(row);
    return false;
  }

  /** Whether the row is as this service wrote it, whatever the setting says. */
  async isWhole(row: ClientRow): Promise<boolean> {
    const { row_seal: seal } = row;
    if (seal === null) return false;
    const text = textOf(row);
    const known = seal.toHex() + text;
    if (this.#whole.get(row.id) === known) return true;
    try {
      if (!equalBytes(await this.parts.vault.open(seal, placeOf(row.id)), sha256(text))) return false;
    } catch (error) {
      if (error instanceof VaultError) return false;
      throw error;
    }
    this.#whole.set(row.id, known);
    return true;
  }

  /** Once a minute for each client in each process. */
  async #tell({ id, merchant_id }: ClientRow): Promise<void> {
    const { db, clock, log } = this.parts;
    const now = clock.now();
    if (now < (this.#told.get(id) ?? 0)) return;
    this.#told.set(id, now + TOLD_EACH_MS);
    log.write("alert", "client_altered", { client: id, merchant: merchant_id });
    const author = { merchantId: merchant_id, actor: "system", requestId: "system", clock };
    await db.write([auditEntry(author, "client.altered", id, {})]) // its merchant may be invented as well
      .catch((error: unknown) => log.write("warn", "denial_not_recorded", { error: errorText(error) }));
  }
}

/** Statements: the row of a client is taken as it is, and sealed. They change nothing if it was changed meanwhile. */
export async function adoption(
  { vault, clock }: Pick<Parts, "vault" | "clock">,
  row: ClientRow,
  actor = "system",
): Promise<readonly Statement[]> {
  const { row_seal } = await sealClient(vault, row);
  const author = { merchantId: row.merchant_id, actor, requestId: actor, clock };
  return [
    statement("UPDATE clients SET row_seal = ? WHERE id = ? AND version = ?", row_seal, row.id, row.version),
    auditEntry(author, "client.adopted", row.id, { scopes: row.scopes }),
  ];
}
