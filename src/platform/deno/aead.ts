import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Aead } from "../../crypto/aead.ts";

const CIPHER = "aes-256-gcm";
const TAG_BYTES = 16;

/** AES-256-GCM in the calling thread. WebCrypto moves each value to another thread and back, which takes four times as long. */
export const createDenoAead = (key: Uint8Array<ArrayBuffer>): Aead => ({
  encrypt(nonce, plain, associated) {
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associated);
    const sealed = new Uint8Array(plain.length + TAG_BYTES);
    sealed.set(cipher.update(plain));
    cipher.final(); // returns no bytes, because GCM is a stream cipher
    sealed.set(cipher.getAuthTag(), plain.length);
    return sealed;
  },
  decrypt(nonce, sealed, associated) {
    const end = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associated);
    decipher.setAuthTag(sealed.subarray(end));
    const plain = new Uint8Array(decipher.update(sealed.subarray(0, end)));
    decipher.final(); // throws when the tag does not match
    return plain;
  },
});
