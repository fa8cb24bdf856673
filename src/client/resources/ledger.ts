import type { List, Page } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { LedgerAccount, LedgerCheck, LedgerEntry, ListLedger, ListLedgerChecks } from "../types.ts";

/** A page of the ledger also says what each account holds, and how the last check ended. */
export interface LedgerPage extends Page<LedgerEntry> {
  readonly accounts: readonly LedgerAccount[];
  readonly last_check: LedgerCheck | null;
}

/** Every settled movement of money, as balanced postings. */
export class Ledger extends Resource {
  /** Newest first. */
  list(query: ListLedger = {}, options?: CallOptions): List<LedgerEntry, LedgerPage> {
    return this.listPages(query, options);
  }

  /** The nightly checks, newest first. */
  checks(query: ListLedgerChecks = {}, options?: CallOptions): List<LedgerCheck> {
    return this.listPages(query, options, `${this.path}/checks`);
  }

  /** Checks the ledger now. Needs `operator`. */
  check(options?: ChangeOptions): Promise<LedgerCheck> {
    return this.transport.post(`${this.path}/checks`, undefined, options);
  }
}
