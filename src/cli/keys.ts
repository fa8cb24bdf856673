import { formatKeyring, newRingKey } from "../crypto/keyring.ts";
import { newSigningKey } from "../crypto/signing.ts";

/**
 * `deno task keys`: new keys for a new deployment, as lines for its secret store. To rotate, put a new key in front of the
 * old ones of the same variable.
 */
const id = new Date().toISOString().slice(0, 10);
console.log(`SIGNING_KEYS='${JSON.stringify([await newSigningKey(id)])}'`);
console.log(`ENCRYPTION_KEYS='${formatKeyring([newRingKey(id)])}'`);
console.log(`CALLBACK_SECRETS='${formatKeyring([newRingKey(id)])}'`);
