import { decodeBase64 } from "./base64.ts";
import { MalipoError } from "./error.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** The error for a signature or token that must not be trusted. */
export const invalidSignature = (why: string): MalipoError =>
  new MalipoError(`signature_invalid: ${why}`, { code: "signature_invalid" });

/** Decodes one part of a JWT. */
export function decodeJwtPart(part: string): Claims {
  const bytes = decodeBase64(part);
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes ?? new Uint8Array()));
    if (typeof value === "object" && value !== null) return value as Claims; // an object by the check
  } catch {
    // reported below
  }
  throw invalidSignature("This can't be read.");
}
