import { z } from "zod";
import {
  callbackSecretLength,
  encryptionKeyLength,
  type KeyLength,
  type Keyring,
  parseKeyring,
} from "../crypto/keyring.ts";
import { parseRetiredKeys, parseSigningKeys, type PublicKey, type SigningKeys } from "../crypto/signing.ts";
import { weakness } from "./weakness.ts";

/** Everybody can read these keys here, so only `APP_ENV` development and test accept them. */
export const developmentKeys = {
  SIGNING_KEYS: JSON.stringify([{
    kty: "OKP",
    crv: "Ed25519",
    kid: "development",
    x: "3wx0a-VQzMfbE5p8X_Q4U_NwqjRMsGICc2C4NzSGo0U",
    d: "FrFfiRq3zLTxJtf-iSoE3uWJUIR8_DsxGpbijM3KQJI",
  }]),
  // The bytes spell "malipo-development-encryption-00" and "malipo-development-callbacks-000".
  ENCRYPTION_KEYS: "development:bWFsaXBvLWRldmVsb3BtZW50LWVuY3J5cHRpb24tMDA",
  CALLBACK_SECRETS: "development:bWFsaXBvLWRldmVsb3BtZW50LWNhbGxiYWNrcy0wMDA",
} as const;

const knownTexts = Object.values(developmentKeys).join(" ");

/** Whether a key (base64url) is one of the public ones above. */
const isDevelopmentKey = (encoded: string) => knownTexts.includes(encoded);

const PUBLIC_KEY_PROBLEM = "holds the development key, which is public";

/** `SIGNING_KEYS`. */
export const signingKeys = (strict: boolean): z.ZodType<SigningKeys, string> =>
  z.string().transform((text, context) => {
    const parsed = parseSigningKeys(text);
    const problems = parsed.ok ? [] : [...parsed.problems];
    if (strict && parsed.ok && parsed.value.some((key) => isDevelopmentKey(key.d))) problems.push(PUBLIC_KEY_PROBLEM);
    else if (strict && parsed.ok) problems.push(...weaknesses(parsed.value.map(({ d }) => decode(d))));
    for (const problem of problems) context.addIssue(problem);
    return parsed.ok ? parsed.value : z.NEVER;
  });

/** `RETIRED_SIGNING_KEYS`. */
export const retiredSigningKeys: z.ZodType<readonly PublicKey[], string> = z.string().transform((text, context) => {
  const parsed = parseRetiredKeys(text);
  if (parsed.ok) return parsed.value;
  for (const problem of parsed.problems) context.addIssue(problem);
  return z.NEVER;
});

const decode = (text: string) => Uint8Array.fromBase64(text, { alphabet: "base64url" });

const weaknesses = (keys: readonly Uint8Array[]): string[] =>
  keys.flatMap((bytes, i) => {
    const found = weakness(bytes);
    return found === null ? [] : [`key ${i + 1} ${found}; make a random one with \`deno task keys\``];
  });

const keyring = (strict: boolean, length: KeyLength): z.ZodType<Keyring, string> =>
  z.string().transform((text, context) => {
    const parsed = parseKeyring(text, length);
    const problems = parsed.ok ? [] : [...parsed.problems];
    if (strict && parsed.ok && parsed.value.some(({ bytes }) => isDevelopmentKey(encode(bytes)))) {
      problems.push(PUBLIC_KEY_PROBLEM);
    } else if (strict && parsed.ok) problems.push(...weaknesses(parsed.value.map(({ bytes }) => bytes)));
    for (const problem of problems) context.addIssue(problem);
    return parsed.ok ? parsed.value : z.NEVER;
  });

const encode = (bytes: Uint8Array) => bytes.toBase64({ alphabet: "base64url", omitPadding: true });

/** `ENCRYPTION_KEYS`. */
export const encryptionKeys = (strict: boolean): z.ZodType<Keyring, string> => keyring(strict, encryptionKeyLength);

/** `CALLBACK_SECRETS`. */
export const callbackSecrets = (strict: boolean): z.ZodType<Keyring, string> => keyring(strict, callbackSecretLength);

/** `INDEX_KEYS`. */
export const indexKeys = (strict: boolean): z.ZodType<Keyring, string> => keyring(strict, callbackSecretLength);
