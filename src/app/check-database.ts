import type { Deployment } from "../config/deployment.ts";
import { type Database, DatabaseUnavailable } from "../db/database.ts";
import { MigrationError } from "../db/migration.ts";
import { status } from "../db/migrator.ts";
import { checkTimeline } from "../db/timeline-owner.ts";
import type { MigrationFile } from "../platform/ports.ts";

/** The service can't work with this database. The message is for the person who starts it. */
export class StartRefused extends Error {
  override readonly name = "StartRefused";
}

/**
 * Checks that every migration of this release has been applied, and that the database belongs to the timeline. A database
 * that does not answer passes: it may come back, and `/health/ready` tells of it. One that refuses our token does not.
 * Errors: {@link StartRefused}.
 */
export async function checkDatabase(
  db: Database,
  migrations: readonly MigrationFile[],
  deployment: Deployment | null,
): Promise<void> {
  try {
    if (deployment !== null) await checkTimeline(db, deployment.timeline);
    const waiting = (await status(db, migrations)).filter(({ appliedAt }) => appliedAt === null);
    if (waiting.length === 0) return;
    const names = waiting.map(({ name }) => name);
    const lacks = names.length === migrations.length ? "has no schema" : `lacks ${names.join(", ")}`;
    throw new StartRefused(
      `The database ${lacks}. Run \`deno task migrate\` with the same DATABASE_URL, and start again.`,
    );
  } catch (error) {
    if (error instanceof DatabaseUnavailable && error.isTokenRefused) throw new StartRefused(error.message);
    if (error instanceof DatabaseUnavailable) return;
    throw error instanceof MigrationError ? new StartRefused(error.message) : error;
  }
}
