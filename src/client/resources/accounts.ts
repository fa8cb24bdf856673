import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { AccountDetail, AccountStatement, CreateAccount, ListAccounts, UpdateAccount } from "../types.ts";

/** RFC 3339: lines from a time on, and before a time. */
export type StatementPeriod = { readonly from?: string; readonly to?: string };

/** Standing accounts of tenants, pupils and members. */
export class Accounts extends Resource {
  /** Without `account_reference` the answer has a new number. Errors: `wrong_state`. */
  create(body: CreateAccount, options?: ChangeOptions): Promise<AccountDetail> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<AccountDetail> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListAccounts = {}, options?: CallOptions): List<AccountDetail> {
    return this.listPages(query, options);
  }

  /** Errors: `not_found`. */
  update(id: string, body: UpdateAccount, options?: CallOptions): Promise<AccountDetail> {
    return this.transport.patch(this.at(id), body, options);
  }

  /** All that came to the account and left it. Errors: `not_found`. */
  statement(id: string, period: StatementPeriod = {}, options?: CallOptions): Promise<AccountStatement> {
    return this.transport.get(this.at(id, "statement"), period, options);
  }
}
