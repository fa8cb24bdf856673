import type { Role } from "../../auth/roles.ts";

/** Who reads the lists of money that came in. */
export const READERS: readonly Role[] = ["viewer", "finance", "admin", "platform"];

/** Who acts on money that came in. */
export const KEEPERS: readonly Role[] = ["finance", "admin"];

/** Who asks customers for money. */
export const SELLERS: readonly Role[] = ["cashier", "finance", "admin"];

/** Who reads the lists of money that goes out. */
export const PAYOUT_READERS: readonly Role[] = ["viewer", "finance", "approver", "admin", "platform"];

/** Who decides about money that goes out. */
export const APPROVERS: readonly Role[] = ["approver", "admin"];

/** Who says what became of money in doubt, after a look into the M-Pesa portal. */
export const RESOLVERS: readonly Role[] = ["admin"];
