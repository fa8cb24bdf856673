import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { Balance, BalanceAlert, BalanceRefresh, ListBalances, RefreshBalance, SetBalanceAlert } from "../types.ts";

/** What M-Pesa says that your shortcodes hold. */
export class Balances extends Resource {
  /** The newest of each shortcode; with `history: "true"` all of them. */
  list(query: ListBalances = {}, options?: CallOptions): List<Balance> {
    return this.listPages(query, options);
  }

  /** Asks M-Pesa. The answer comes later: read the list again. Errors: `daraja_refused`, `daraja_unavailable`. */
  refresh(body: RefreshBalance = {}, options?: ChangeOptions): Promise<BalanceRefresh> {
    return this.transport.post(`${this.path}/refresh`, body, options);
  }

  /** Sets from which amount on you are told that a balance is low. */
  setAlert(body: SetBalanceAlert, options?: CallOptions): Promise<BalanceAlert> {
    return this.transport.patch(this.path, body, options);
  }
}
