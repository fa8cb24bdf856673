import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  CreateShortcode,
  ListShortcodes,
  RegisterShortcodeUrls,
  Shortcode,
  ShortcodeCheck,
  UpdateShortcode,
} from "../types.ts";

/** Paybills and tills. */
export class Shortcodes extends Resource {
  /** Asks Daraja whether its secrets work. Moves no money and rings no phone. */
  check(id: string, options?: ChangeOptions): Promise<ShortcodeCheck> {
    return this.act(id, "check", undefined, options);
  }

  /** Registers its C2B addresses at Daraja. */
  registerUrls(id: string, body: RegisterShortcodeUrls = {}, options?: ChangeOptions): Promise<Shortcode> {
    return this.act(id, "register-urls", body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Shortcode> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListShortcodes = {}, options?: CallOptions): List<Shortcode> {
    return this.listPages(query, options);
  }

  /** Adds a paybill or till. Its secrets are never shown again. Errors: `shortcode_taken`. */
  create(body: CreateShortcode, options?: ChangeOptions): Promise<Shortcode> {
    return this.transport.post(this.path, body, options);
  }

  /** Fields that are left out stay as they are. Errors: `not_found`. */
  update(id: string, body: UpdateShortcode, options?: CallOptions): Promise<Shortcode> {
    return this.transport.patch(this.at(id), body, options);
  }

  /** Removes one that was never used, and returns it. Errors: `not_found`, `wrong_state`. */
  delete(id: string, options?: CallOptions): Promise<Shortcode> {
    return this.transport.delete(this.at(id), options);
  }

  /** Ends the C2B addresses that were replaced. Errors: `not_found`, `wrong_state`. */
  revokeUrls(id: string, options?: ChangeOptions): Promise<Shortcode> {
    return this.act(id, "revoke-urls", undefined, options);
  }
}
