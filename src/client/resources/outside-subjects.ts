import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { ListOutsideSubjects, OutsideSubject } from "../types.ts";

/** Who acts with tokens of an issuer outside. Needs `operator`. */
export class OutsideSubjects extends Resource {
  /** Newest first. */
  list(query: ListOutsideSubjects = {}, options?: CallOptions): List<OutsideSubject> {
    return this.listPages(query, options);
  }

  /** Its tokens are refused from now on. Errors: `not_found`, `wrong_state`. */
  block(id: string, options?: ChangeOptions): Promise<OutsideSubject> {
    return this.act(id, "block", undefined, options);
  }

  /** Lets it act again. Errors: `not_found`, `wrong_state`. */
  unblock(id: string, options?: ChangeOptions): Promise<OutsideSubject> {
    return this.act(id, "unblock", undefined, options);
  }
}
