import { decodeBase64 } from "./base64.ts";
import { MalipoError } from "./error.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** Something signed that must not be believed. */
export const invalidSignature = (why: string): MalipoError =>
  new MalipoError(`signature_invalid: ${why}`, { code: "signature_invalid" });

/** A part of a JWT. */
export function decodeJwtPart(part: string): Claims {
  const bytes = decodeBase64(part);
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes ?? new Uint8Array()));
    if (typeof value === "object" && value !== null) return value as Claims; // an object by the check
  } catch {
    // said below
  }
  throw invalidSignature("This can't be read.");
}
