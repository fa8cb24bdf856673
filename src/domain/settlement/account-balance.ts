/** SQL: what of an allocation `l` of the payment `p` is still held. What goes back takes the last places first. */
export const KEPT =
  "max(0, min(l.amount, p.amount - max(p.amount_promised, p.amount_refunded) - p.amount_taken_back - l.before))";
/** SQL: what is left of the allocations to the account with the id `id`. */
export const allocatedSql = (id: string): string =>
  `coalesce((SELECT sum(${KEPT}) FROM allocations l JOIN payments p ON p.id = l.payment_id WHERE l.account_id = ${id}), 0)`;
/** SQL: the balance of the account with the id `id`, in cents. It may be below zero for a moment: see `accounts/settle-account.ts`. */
export const balanceSql = (id: string): string =>
  `(${allocatedSql(id)} - coalesce((SELECT sum(amount) FROM account_applications WHERE account_id = ${id}), 0))`;
