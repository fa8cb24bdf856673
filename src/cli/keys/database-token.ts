import { exportJWK, generateKeyPair, SignJWT } from "jose";

/**
 * A token for a libSQL server of your own, which may read and write, and the public key by which the server knows it
 * (base64url). The token does not expire; a new pair replaces it. The private key is kept nowhere.
 */
export async function newDatabaseToken(): Promise<{ readonly token: string; readonly publicKey: string }> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { x } = await exportJWK(publicKey);
  if (x === undefined) throw new Error("The host made a key without a public part.");
  const token = await new SignJWT({ a: "rw" }).setProtectedHeader({ alg: "EdDSA" }).sign(privateKey);
  return { token, publicKey: x };
}
