import type { Services } from "../../context/services.ts";
import { VaultError } from "../../crypto/vault.ts";
import type { Visit } from "./visit.ts";

const LIFE_MS = 12 * 3_600_000;
const MAX_LENGTH = 3_000;

/** What a sealed parameter is for. It opens for nothing else. */
export type Purpose = "payer" | "done" | "search";

type Sealing = Pick<Visit, "viewer" | "now"> & { readonly ctx: Pick<Services, "vault"> };

const place = ({ viewer }: Pick<Visit, "viewer">, purpose: Purpose) => ({
  table: "console",
  column: purpose,
  row: viewer.merchantId,
});

/** Seals a value for an address, so that no history, log or screen shows it. It opens for 12 hours, for this merchant. */
export async function seal(visit: Sealing, purpose: Purpose, value: unknown): Promise<string> {
  const text = JSON.stringify({ value, until: visit.now + LIFE_MS });
  const bytes = await visit.ctx.vault.seal(text, place(visit, purpose));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The value of a sealed parameter. Null: it is none of ours, of another merchant, or too old. */
export async function unseal(visit: Sealing, purpose: Purpose, sealed: string | null): Promise<unknown> {
  if (sealed === null || sealed === "" || sealed.length > MAX_LENGTH) return null;
  try {
    const bytes = Uint8Array.fromBase64(sealed, { alphabet: "base64url" });
    const { value, until } = JSON.parse(await visit.ctx.vault.openText(bytes, place(visit, purpose)));
    return until > visit.now ? value : null;
  } catch (error) {
    if (error instanceof VaultError || error instanceof SyntaxError) return null;
    throw error;
  }
}
