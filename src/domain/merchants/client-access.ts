import type { ClientAccess, PublicJwk } from "../../auth/client-access.ts";
import { invalidField } from "../../problems/problem.ts";
import type { AccessChange } from "./access-contract.ts";
import type { ClientView } from "./contract.ts";

export const accessView = (access: ClientAccess): ClientView["access"] => ({
  ...access,
  assertion_keys: [...access.assertion_keys],
  signature_keys: [...access.signature_keys],
  addresses: [...access.addresses],
});

/** The access with a change; what the change leaves out stays. Errors: `validation_failed` where a key is missing. */
export function changedAccess(before: ClientAccess, change: AccessChange): ClientAccess {
  // Each name stands here, so that the stored text has always the same order.
  const after: ClientAccess = {
    client_assertion: change.client_assertion ?? before.client_assertion,
    assertion_keys: change.assertion_keys?.map(bare) ?? before.assertion_keys,
    dpop: change.dpop ?? before.dpop,
    payout_signature: change.payout_signature ?? before.payout_signature,
    signature_keys: change.signature_keys?.map(bare) ?? before.signature_keys,
    addresses: change.addresses?.map(asNetwork) ?? before.addresses,
  };
  const needed = [
    ["assertion_keys", after.client_assertion === "required"],
    ["signature_keys", after.payout_signature === "required"],
  ] as const;
  for (const [name, isRequired] of needed) {
    if (isRequired && after[name].length === 0) {
      throw invalidField(`/access/${name}`, "must have a key where it is required");
    }
  }
  return after;
}

type GivenKey = NonNullable<AccessChange["assertion_keys"]>[number];

/** The members of a key that make it; always in the same order. */
function bare(key: GivenKey): PublicJwk {
  const { kid } = key;
  if (key.kty === "OKP") return { kty: "OKP", crv: "Ed25519", kid, x: key.x };
  if (key.kty === "EC") return { kty: "EC", crv: "P-256", kid, x: key.x, y: key.y };
  return { kty: "RSA", kid, n: key.n, e: key.e };
}

const asNetwork = (text: string): string => text.includes("/") ? text : `${text}/32`;
