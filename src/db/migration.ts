import type { MigrationFile } from "../platform/ports.ts";

/** A step of the schema. The names give the order. Its two texts hold statements, separated by lines `--> statement`. */
export type Migration = MigrationFile;

export type MigrationErrorCode =
  | "checksum_mismatch"
  | "invalid_name"
  | "late_migration"
  | "lock_lost"
  | "locked"
  | "missing_migration"
  | "statement_failed"
  | "wrong_timeline"
  | "unavailable"
  | "unknown_migration";

/** The schema was not changed. `code` says why, and never changes its meaning. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  constructor(readonly code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

const normalized = (text: string): string => text.replaceAll("\r\n", "\n").trim();

/** SHA-256 in hex over both texts. LF and CRLF line ends give the same. */
export async function checksumOf(migration: Migration): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([normalized(migration.up), normalized(migration.down)]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The statements of an `up` or `down` text. */
export function statementsOf(text: string): string[] {
  return normalized(text).split(/^--> statement[ \t]*$/m).map((part) => part.trim()).filter((part) => part !== "");
}

/** Sorted by name. Errors: `invalid_name` when a name is not `NNNN_name`, or a number is used twice. */
export function sortedByName(migrations: readonly Migration[]): Migration[] {
  const sorted = migrations.toSorted((a, b) => a.name < b.name ? -1 : 1);
  sorted.forEach(({ name }, i) => {
    if (!/^\d{4}_[a-z0-9_]+$/.test(name)) {
      throw new MigrationError(
        "invalid_name",
        `${name} is not the name of a migration. A name looks like 0001_ground.`,
      );
    }
    if (sorted[i + 1]?.name.slice(0, 4) === name.slice(0, 4)) {
      throw new MigrationError("invalid_name", `${name} and ${sorted[i + 1]?.name} have the same number.`);
    }
  });
  return sorted;
}
