import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { ListReconciliations, Reconciliation, ReconciliationDetail, StartReconciliation } from "../types.ts";

/** Options of a reconciliation with a file. */
export interface StatementOptions extends ChangeOptions {
  /** The shortcode of a file that names none. */
  readonly shortcode?: string;
  /** Reads and compares the file, and writes nothing: the answer says what an import would do. */
  readonly dryRun?: boolean;
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/** An XLSX file is a ZIP file, which begins with these bytes. */
const isXlsx = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Comparing our payments with M-Pesa's lists, and with statements of the M-Pesa portal. */
export class Reconciliations extends Resource {
  /**
   * Starts a reconciliation: with M-Pesa's own list (a shortcode and a time, or `{}`), or with the bytes of a statement
   * file, CSV or XLSX. It runs in the background; read it again until it has ended. Needs `payments:write`. Errors:
   * `validation_failed`, `statement_shortcode_mismatch`.
   */
  create(
    from: StartReconciliation | Uint8Array<ArrayBuffer>,
    { shortcode, dryRun, ...options }: StatementOptions = {},
  ): Promise<ReconciliationDetail> {
    const query = { shortcode, dry_run: dryRun === undefined ? undefined : String(dryRun) };
    if (from instanceof Uint8Array) {
      return this.transport.postFile(
        this.path,
        query,
        { bytes: from, type: isXlsx(from) ? XLSX : "text/csv" },
        options,
      );
    }
    if (shortcode !== undefined || dryRun !== undefined) {
      throw new TypeError(
        "shortcode and dryRun are for a file; name the shortcode of M-Pesa's list in the first argument",
      );
    }
    return this.transport.post(this.path, from, options);
  }

  /** With its findings, and the rows of a file that were left out. Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<ReconciliationDetail> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListReconciliations = {}, options?: CallOptions): List<Reconciliation> {
    return this.listPages(query, options);
  }

  /** Undoes the import of a statement, while nothing was built on its payments. Errors: `wrong_state`, `payments_in_use`. */
  reverse(id: string, options?: ChangeOptions): Promise<ReconciliationDetail> {
    return this.act(id, "reverse", undefined, options);
  }
}
