import type { Vault } from "../../crypto/vault.ts";
import { formatTime, formatTimeOrNull, maskPhone } from "../../http/fields.ts";
import type { ShortcodeView } from "./contract.ts";
import type { ShortcodeRow } from "../../context/shortcode.ts";
import { openShortcode } from "./lookup.ts";

/** A shortcode as the API shows it: which secrets are set, never their values. */
export async function shortcodeView(ctx: { readonly vault: Vault }, row: ShortcodeRow): Promise<ShortcodeView> {
  const { credentials: has, pullPhone } = await openShortcode(ctx.vault, row);
  const initiator = has.initiator_name !== undefined &&
    (has.initiator_password !== undefined || has.security_credential !== undefined);
  return {
    id: row.id,
    kind: row.kind,
    number: row.number,
    store_number: row.store_number,
    name: row.name,
    store: row.store,
    tariff: row.tariff,
    default: row.is_default,
    has_passkey: has.passkey !== "",
    has_initiator: initiator,
    has_certificate: has.certificate !== undefined,
    has_security_credential: has.security_credential !== undefined,
    name_check: row.name_check,
    nominated_number: pullPhone === null ? null : maskPhone(pullPhone),
    validation: { rule: row.validation, accounts: row.known_accounts, when_down: row.validation_when_down },
    urls: row.urls_version === null || row.urls_response_type === null || row.urls_registered_at === null ? null : {
      version: row.urls_version,
      response_type: row.urls_response_type,
      registered_at: formatTime(row.urls_registered_at),
    },
    url_number: row.url_number,
    urls_revoked: row.urls_revoked,
    proven_at: formatTimeOrNull(row.proven_at),
    created_at: formatTime(row.created_at),
    updated_at: formatTime(row.updated_at),
    version: row.version,
  };
}
