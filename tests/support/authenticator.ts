/** A passkey device in software: ES256, resident keys, the person always present and verified. */

const utf8 = new TextEncoder();
const base64url = { alphabet: "base64url", omitPadding: true } as const;
const encode = (bytes: Uint8Array): string => bytes.toBase64(base64url);

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** What a page asks of a browser, as far as this device reads it. */
interface Options {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string };
  readonly user?: { readonly id: string };
}

/** User present, user verified. */
const PRESENT_AND_VERIFIED = 0x05;
const HAS_CREDENTIAL = 0x40;

export class Authenticator {
  #counter = 0;
  /** Passkeys that several devices share, as Apple's and Google's, do not count. */
  isCounting = true;
  private constructor(readonly keys: CryptoKeyPair, readonly id: Uint8Array, public origin: string) {}

  static async create(origin: string): Promise<Authenticator> {
    const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    return new Authenticator(keys, crypto.getRandomValues(new Uint8Array(32)), origin);
  }

  /** What the script puts into the form for a new passkey. */
  async make(options: Options): Promise<string> {
    const clientData = this.#clientData("webauthn.create", options.challenge);
    const authData = await this.#authData(
      options.rp?.id ?? "",
      PRESENT_AND_VERIFIED | HAS_CREDENTIAL,
      await this.#credential(),
    );
    const attestation = concat(
      Uint8Array.of(0xa3),
      cborText("fmt"),
      cborText("none"),
      cborText("attStmt"),
      Uint8Array.of(0xa0),
      cborText("authData"),
      cborBytes(authData),
    );
    return JSON.stringify({
      id: encode(this.id),
      response: { clientDataJSON: encode(clientData), attestationObject: encode(attestation) },
    });
  }

  /** What the script puts into the form for a signature. */
  async sign(options: Options, flags: number = PRESENT_AND_VERIFIED): Promise<string> {
    if (this.isCounting) this.#counter++;
    const clientData = this.#clientData("webauthn.get", options.challenge);
    const authData = await this.#authData(options.rpId ?? "", flags);
    const signed = concat(authData, await sha256(clientData));
    const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, this.keys.privateKey, signed);
    return JSON.stringify({
      id: encode(this.id),
      response: {
        clientDataJSON: encode(clientData),
        authenticatorData: encode(authData),
        signature: encode(derOf(new Uint8Array(raw))),
      },
    });
  }

  #clientData(type: string, challenge: string): Uint8Array<ArrayBuffer> {
    return utf8.encode(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }

  async #authData(rpId: string, flags: number, more = new Uint8Array()): Promise<Uint8Array<ArrayBuffer>> {
    const counter = new Uint8Array(4);
    new DataView(counter.buffer).setUint32(0, this.#counter);
    return concat(await sha256(utf8.encode(rpId)), Uint8Array.of(flags), counter, more);
  }

  /** AAGUID, length and bytes of the id, and the public key in COSE. */
  async #credential(): Promise<Uint8Array<ArrayBuffer>> {
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", this.keys.publicKey));
    const cose = concat(
      Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21),
      cborBytes(point.slice(1, 33)),
      Uint8Array.of(0x22),
      cborBytes(point.slice(33)),
    );
    return concat(new Uint8Array(16), Uint8Array.of(0, this.id.length), this.id, cose);
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The head of a CBOR value of major type `kind` (2: bytes, 3: text). */
const head = (kind: 2 | 3, length: number): Uint8Array =>
  length < 24
    ? Uint8Array.of((kind << 5) | length)
    : length < 256
    ? Uint8Array.of((kind << 5) | 24, length)
    : Uint8Array.of((kind << 5) | 25, length >> 8, length & 255);

const cborBytes = (bytes: Uint8Array): Uint8Array => concat(head(2, bytes.length), bytes);
const cborText = (text: string): Uint8Array => concat(head(3, text.length), utf8.encode(text));

/** A signature of r and s as DER, which is how authenticators write it. */
function derOf(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array): Uint8Array => {
    let from = 0;
    while (from < bytes.length - 1 && bytes[from] === 0) from++;
    const trimmed = bytes.slice(from);
    const value = (trimmed[0] ?? 0) & 0x80 ? concat(Uint8Array.of(0), trimmed) : trimmed;
    return concat(Uint8Array.of(0x02, value.length), value);
  };
  const [r, s] = [integer(raw.slice(0, 32)), integer(raw.slice(32))];
  return concat(Uint8Array.of(0x30, r.length + s.length), r, s);
}
