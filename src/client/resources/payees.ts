import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions } from "../transport.ts";
import type { ListPayees, Payee } from "../types.ts";

/** The payee book: the phones that you pay, with the names that M-Pesa returned. */
export class Payees extends Resource {
  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Payee> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListPayees = {}, options?: CallOptions): List<Payee> {
    return this.listPages(query, options);
  }
}
