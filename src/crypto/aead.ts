/** AES-256-GCM under one key. The tag of 16 bytes stands behind the ciphertext. */
export interface Aead {
  encrypt(nonce: Bytes, plain: Bytes, associated: Bytes): Bytes | Promise<Bytes>;
  /** Throws, or rejects, when it was changed or belongs elsewhere. */
  decrypt(nonce: Bytes, sealed: Bytes, associated: Bytes): Bytes | Promise<Bytes>;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Makes the cipher of a key of 32 bytes. */
export type CreateAead = (key: Bytes) => Aead | Promise<Aead>;

/** By WebCrypto, which every host has. A host with a cipher of its own may bring that: a short field costs it less. */
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
