/** Where the pages of records are, by the beginning of their ids. */
const PATHS: Readonly<Record<string, string>> = {
  pay: "payments",
  chk: "checkouts",
  pyt: "payouts",
  bat: "batches",
  rfd: "refunds",
  rec: "reconciliation",
  whe: "webhooks",
  sho: "shortcodes",
  chg: "changes",
  cli: "clients",
  per: "people",
};

/** The path of the pages of a record's kind; null for a kind that has none. */
export const recordPath = (id: string): string | null => PATHS[id.slice(0, 3)] ?? null;
