import ipaddr from "ipaddr.js";
import { z } from "zod";

/* How a client proves who it is, and where it may call from. */

const MAX_KEYS = 4;
const MAX_NETWORKS = 50;
const NETWORK_OF_A_CUSTOMER = 64; // bits; see src/http/client-address.ts

const use = z.enum(["allowed", "required"], { error: "must be allowed or required" });
const base64url = (min: number, max: number) =>
  z.string().regex(/^[\w-]+$/, { error: "must be base64url" }).min(min, { error: "is too short" }).max(max, {
    error: "is too long",
  });
const kid = z.string().min(1, { error: "must not be empty" }).max(64, { error: "must be at most 64 characters" });
/** Members that name a purpose are taken and not kept: JWKs of libraries have them. */
const purpose = { alg: z.string().max(32).optional(), use: z.literal("sig").optional() };
const coordinate = base64url(43, 43);
const RSA_2048 = 342;

/** Public keys only: a member of a private key is refused by its name. */
const jwk = z.discriminatedUnion("kty", [
  z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), kid, x: coordinate, ...purpose }),
  z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), kid, x: coordinate, y: coordinate, ...purpose }),
  z.strictObject({ kty: z.literal("RSA"), kid, n: base64url(RSA_2048, 700), e: base64url(2, 8), ...purpose }),
], { error: "must be a public JWK: OKP Ed25519, EC P-256, or RSA of 2048 bits or more" }).meta({
  id: "PublicKey",
  examples: [{ kty: "OKP", crv: "Ed25519", kid: "2026-12", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }],
});

const keys = z.array(jwk).max(MAX_KEYS, { error: `must be at most ${MAX_KEYS} keys` })
  .refine((list) => new Set(list.map((key) => key.kid)).size === list.length, { error: "must name each kid once" });

const network = z.string().max(64).refine((text) => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return true;
  const read = ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : null;
  return read !== null && (read[0].kind() === "ipv4" || read[1] <= NETWORK_OF_A_CUSTOMER);
}, { error: "must be an IPv4 address or network, or an IPv6 network of /64 or wider" });

const fields = {
  client_assertion: use.meta({
    description:
      "`private_key_jwt` (RFC 7523) at POST /oauth/token, with a key of `assertion_keys`. `required`: the secret is refused.",
  }),
  assertion_keys: keys,
  dpop: use.meta({
    description: "Tokens that are bound to a key (DPoP, RFC 9449). `required`: other tokens are refused.",
  }),
  payout_signature: use.meta({
    description:
      "Signatures (RFC 9421) of POST /v1/payouts and /v1/payout-batches, with a key of `signature_keys`. `required`: a request without one is refused.",
  }),
  signature_keys: keys,
  addresses: z.array(network).max(MAX_NETWORKS, { error: `must be at most ${MAX_NETWORKS} networks` }).meta({
    description:
      "Where the client may call from. Empty: from anywhere. The address is that of the connection, or what your own proxies say (`TRUSTED_PROXIES`).",
    examples: [["192.0.2.0/24"]],
  }),
};

export const clientAccess = z.strictObject(fields).meta({ id: "ClientAccess" });
/** A part of it: what is left out stays. */
export const accessChange = z.strictObject(fields).partial().meta({ id: "ClientAccessChange" });
export type AccessChange = z.output<typeof accessChange>;
