import { Buffer } from "node:buffer";
import { constants, privateDecrypt } from "node:crypto";
import type { Account } from "./accounts.ts";
import { DEVELOPMENT_KEY_PEM } from "./development-key.ts";
import { type Fields, required, text } from "./fields.ts";
import { RecentMap } from "./recent.ts";

/** Decryption takes 1 ms. Clients send the same credentials again, so the passwords are kept in memory. */
const decryptedCredentials = new RecentMap<string>(1_000);

/** Reads the fields that every asynchronous operation requires. Throws `400.002.02` if one is missing. */
export function initiatorFields(fields: Fields, nameField: "Initiator" | "InitiatorName"): Initiator {
  return { name: required(fields, nameField), credential: required(fields, "SecurityCredential") };
}

export interface Initiator {
  readonly name: string;
  readonly credential: string;
}

/** Whether the credential is the account's initiator password, encrypted for our certificate (daraja.md section 8). */
export function isInitiator(account: Account, initiator: Initiator): boolean {
  const { initiatorName, initiatorPassword } = account.shortcode;
  return initiator.name === initiatorName && decryptCached(initiator.credential) === initiatorPassword;
}

/** A required remark of 2 to 100 characters. */
export function remarksField(fields: Fields): string {
  return required(fields, "Remarks", /^[^]{2,100}$/);
}

/** An optional remark of up to 100 characters; "" if it is absent. */
export function optionalRemark(fields: Fields, name: string): string {
  return text(fields, name) === undefined ? "" : required(fields, name, /^[^]{1,100}$/);
}

function decryptCached(credential: string): string {
  const cached = decryptedCredentials.get(credential);
  if (cached !== undefined) return cached;
  const plain = decrypt(credential);
  decryptedCredentials.set(credential, plain);
  return plain;
}

function decrypt(credential: string): string {
  try {
    const key = { key: DEVELOPMENT_KEY_PEM, padding: constants.RSA_PKCS1_PADDING };
    return privateDecrypt(key, Buffer.from(credential, "base64")).toString("utf8");
  } catch {
    return "";
  }
}
