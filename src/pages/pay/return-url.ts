import { SignJWT } from "jose";
import type { Checkout } from "../../domain/checkouts/machine.ts";
import type { Services } from "../../context/context.ts";
import { activePlace } from "../../crypto/keyring.ts";
import { type ImportedSigningKey, importSigningKey } from "../../crypto/signing.ts";

/** How long (s) a shop may accept a signed result. */
const LIFETIME_S = 600;

type ReturnUrlOf = (checkout: Checkout) => Promise<URL | null>;

/**
 * Creates the URLs that lead shoppers back to the shop, with a signed result: a JWT of type `result+jwt`, signed with the
 * active key of `SIGNING_KEYS`. Its audience is the merchant and its subject the checkout. The shop may show the result; it
 * delivers goods only after the webhook or `GET /v1/checkouts/{id}` has confirmed the payment.
 */
export function createReturnUrls({ config, clock }: Pick<Services, "config" | "clock">): ReturnUrlOf {
  const { signing: keys } = config.keys;
  let imported: Promise<ImportedSigningKey> | undefined;

  async function sign({ id, merchant_id, status, reference, amount, currency }: Checkout): Promise<string> {
    const { kid, signing } = await (imported ??= importSigningKey(keys[activePlace(keys)] ?? keys[0]));
    const now = Math.floor(clock.now() / 1000);
    return await new SignJWT({ status, reference, amount, currency })
      .setProtectedHeader({ alg: "EdDSA", typ: "result+jwt", kid })
      .setIssuer(config.server.publicUrl).setAudience(merchant_id).setSubject(id)
      .setIssuedAt(now).setExpirationTime(now + LIFETIME_S).setJti(crypto.randomUUID())
      .sign(signing);
  }

  return async (checkout) => {
    const url = checkout.return_url === null ? null : URL.parse(checkout.return_url);
    if (url === null) return null;
    url.searchParams.set("checkout", checkout.id);
    url.searchParams.set("status", checkout.status);
    url.searchParams.set("reference", checkout.reference);
    url.searchParams.set("signature", await sign(checkout));
    return url;
  };
}
