import { decodeProtectedHeader, importJWK, jwtVerify, type JWTVerifyGetKey, SignJWT } from "jose";
import type { Services } from "../../context/context.ts";
import { activePlace } from "../../crypto/keyring.ts";
import { type ImportedSigningKey, importSigningKey, type PublicKey, publicKeys } from "../../crypto/signing.ts";
import { type ReceiptClaims, receiptClaims } from "./claims.ts";

const TYPE = "receipt+jwt";
const ALGORITHM = "EdDSA";
/** More than any receipt has: 50 items of 80 characters, in base64. */
const MAX_LENGTH = 40_000;

/**
 * Signs receipts with the active key of `SIGNING_KEYS`, and verifies those of every key of the service, also of the keys
 * that sign nothing more. A receipt has no end: it says what was true at its time.
 */
export class ReceiptSigner {
  #active: Promise<ImportedSigningKey> | undefined;
  constructor(readonly services: Pick<Services, "config">) {}

  /** The receipt as a compact JWS. The same claims give the same text. */
  async sign({ iss, sub, iat, ...claims }: ReceiptClaims): Promise<string> {
    const { signing: keys } = this.services.config.keys;
    const key = keys[activePlace(keys)] ?? keys[0];
    const { kid, signing } = await (this.#active ??= importSigningKey(key));
    return await new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
      .setIssuer(iss).setSubject(sub).setIssuedAt(iat).sign(signing);
  }

  /** What a text says, if this service has signed it as a receipt; otherwise null. */
  verify(text: string): Promise<ReceiptClaims | null> {
    const { keys, server } = this.services.config;
    return verifyReceipt(text, publicKeys(keys.signing, keys.retired), server.publicUrl);
  }
}

/** What a text says, if one of the keys has signed it as a receipt of the issuer; otherwise null. Never throws. */
export async function verifyReceipt(
  text: string,
  keys: readonly PublicKey[],
  issuer: string,
): Promise<ReceiptClaims | null> {
  if (text.length > MAX_LENGTH) return null;
  const keyOf: JWTVerifyGetKey = async ({ kid }) => {
    const key = keys.find((one) => one.kid === kid); // only these keys: `jwk` and `jku` of the header are ignored
    if (key === undefined) throw new TypeError("no such key");
    return await importJWK({ ...key }, ALGORITHM);
  };
  try {
    const { payload } = await jwtVerify(text, keyOf, { algorithms: [ALGORITHM], typ: TYPE, issuer });
    const claims = receiptClaims.safeParse(payload);
    return claims.success ? claims.data : null;
  } catch {
    return null;
  }
}

/** Whether a text looks like a signed receipt, whoever signed it. */
export function isReceiptText(text: string): boolean {
  try {
    return decodeProtectedHeader(text).typ === TYPE;
  } catch {
    return false;
  }
}

const IN_PAGE = /<meta name="malipo-receipt" content="([\w.-]+)"/;
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The signed receipt in what somebody has of it: its text, the address in its QR code, or the saved page. */
export function receiptIn(given: string): string | null {
  const found = IN_PAGE.exec(given)?.[1] ?? given.trim().replace(/^\S*#/, "");
  return COMPACT.test(found) ? found : null;
}
