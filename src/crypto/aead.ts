/** AES-256-GCM with one key. The authentication tag (16 bytes) follows the ciphertext. */
export interface Aead {
  encrypt(nonce: Bytes, plain: Bytes, associated: Bytes): Bytes | Promise<Bytes>;
  /** Throws or rejects when the value was changed, or `associated` is not the same as at the encryption. */
  decrypt(nonce: Bytes, sealed: Bytes, associated: Bytes): Bytes | Promise<Bytes>;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Makes a cipher of a key of 32 bytes. */
export type CreateAead = (key: Bytes) => Aead | Promise<Aead>;

/** The cipher of WebCrypto, which every host has. A host may bring its own, which can be faster for short values. */
export async function webAead(raw: Bytes): Promise<Aead> {
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const params = (iv: Bytes, additionalData: Bytes) => ({ name: "AES-GCM", iv, additionalData });
  return {
    encrypt: async (nonce, plain, associated) =>
      new Uint8Array(await crypto.subtle.encrypt(params(nonce, associated), key, plain)),
    decrypt: async (nonce, sealed, associated) =>
      new Uint8Array(await crypto.subtle.decrypt(params(nonce, associated), key, sealed)),
  };
}
