import type { Place } from "../../crypto/vault.ts";

/** Where the sealed number of a payout's payee is stored. */
export const phonePlace = (id: string): Place => ({ table: "payouts", column: "phone", row: id });
