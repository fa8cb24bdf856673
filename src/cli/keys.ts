import { formatKeyring, newRingKey } from "../crypto/keyring.ts";
import { newSigningKey } from "../crypto/signing.ts";

/**
 * `deno task keys`: prints new keys as lines for the environment. To rotate a key, put the new one before the old ones in
 * the same variable.
 */
const id = new Date().toISOString().slice(0, 10);
console.log(`SIGNING_KEYS='${JSON.stringify([await newSigningKey(id)])}'`);
console.log(`ENCRYPTION_KEYS='${formatKeyring([newRingKey(id)])}'`);
console.log(`CALLBACK_SECRETS='${formatKeyring([newRingKey(id)])}'`);
