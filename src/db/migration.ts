import type { MigrationFile } from "../platform/ports.ts";
/** A step of the schema. Its name orders it. Its two texts hold statements, separated by lines `--> statement`. */
export type Migration = MigrationFile;

export type MigrationErrorCode =
  | "checksum_mismatch"
  | "invalid_name"
  | "late_migration"
  | "lock_lost"
  | "locked"
  | "missing_migration"
  | "statement_failed"
  | "unavailable"
  | "unknown_migration";

/** Why the schema was left as it is. `code` is stable. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  constructor(readonly code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

const normal = (text: string): string => text.replaceAll("\r\n", "\n").trim();

/** SHA-256 in hex over both texts, the same whatever the line ends. */
export async function checksumOf(migration: Migration): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([normal(migration.up), normal(migration.down)]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The statements of an `up` or `down` text. */
export function statementsOf(text: string): string[] {
  return normal(text).split(/^--> statement[ \t]*$/m).map((part) => part.trim()).filter((part) => part !== "");
}

/** In order of name. Errors: `invalid_name` when a name is not `NNNN_name` or comes twice. */
export function sortedByName(migrations: readonly Migration[]): Migration[] {
  const sorted = migrations.toSorted((a, b) => a.name < b.name ? -1 : 1);
  sorted.forEach(({ name }, i) => {
    if (!/^\d{4}_[a-z0-9_]+$/.test(name)) {
      throw new MigrationError("invalid_name", `${name} is no name of a migration: it must read like 0001_ground.`);
    }
    if (sorted[i + 1]?.name.slice(0, 4) === name.slice(0, 4)) {
      throw new MigrationError("invalid_name", `${name} and ${sorted[i + 1]?.name} have the same number.`);
    }
  });
  return sorted;
}
