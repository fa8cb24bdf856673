import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  AccountDetail,
  AccountLink,
  AccountStatement,
  CreateAccount,
  CreateAccountLink,
  ListAccounts,
  UpdateAccount,
} from "../types.ts";

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

  /** Makes a page with the statement to share; it expires, and can be revoked. Errors: `not_found`. */
  share(id: string, body: CreateAccountLink = {}, options?: ChangeOptions): Promise<AccountLink> {
    return this.act(id, "links", body, options);
  }

  /** The pages that were shared, newest first. Errors: `not_found`. */
  links(id: string, options?: CallOptions): Promise<{ readonly data: readonly AccountLink[] }> {
    return this.transport.get(this.at(id, "links"), {}, options);
  }

  /** Ends a shared page at once. Errors: `not_found`. */
  revokeLink(link: string, options?: ChangeOptions): Promise<AccountLink> {
    return this.transport.post(`/v1/account-links/${encodeURIComponent(link)}/revoke`, undefined, options);
  }
}
