import type { Services } from "../../context/services.ts";
import { abortIfUnchanged, first } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry, type Author } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { selectPasskey, storePasskey } from "./passkey-rows.ts";

/** Removes a passkey of a person. What it signed before still counts. Errors: `not_found`. */
export async function removePasskey(
  { db, clock }: Services,
  author: Author,
  personId: string,
  id: string,
): Promise<void> {
  await retryOnConflict(async () => {
    const row = await first(db, selectPasskey(id));
    if (row === null || row.person_id !== personId || row.removed_at !== null) {
      throw new Problem("not_found", "You have no such passkey.");
    }
    await db.write([
      storePasskey({ ...row, removed_at: clock.now(), version: row.version + 1 }, id, row.version),
      abortIfUnchanged,
      auditEntry(author, "passkey.removed", id, { person: personId }),
    ]);
  });
}
