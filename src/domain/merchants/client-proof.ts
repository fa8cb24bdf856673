import { ASSERTION_TYPE, claimedClient } from "../../auth/client-assertion.ts";
import { OAuthError } from "./oauth-error.ts";

/** What a client has sent to prove who it is. */
export type ClientProof =
  | { readonly kind: "secret"; readonly id: string; readonly secret: string }
  | { readonly kind: "assertion"; readonly id: string; readonly assertion: string };

const invalidRequest = (description: string): OAuthError => new OAuthError(400, "invalid_request", description);

/**
 * Reads how a client wants to prove who it is: by its secret (HTTP Basic or the form) or by an assertion, not by both.
 * Errors: {@link OAuthError} `invalid_request`, `invalid_client`.
 */
export function readClientProof(header: string | undefined, form: URLSearchParams): ClientProof {
  const type = form.get("client_assertion_type");
  const assertion = form.get("client_assertion");
  if (type === null && assertion === null) return { kind: "secret", ...readCredentials(header, form) };
  if (type !== ASSERTION_TYPE || assertion === null) {
    throw invalidRequest(`client_assertion needs client_assertion_type=${ASSERTION_TYPE}, and the other way round.`);
  }
  if (header !== undefined || form.has("client_secret")) {
    throw invalidRequest("Send either a client_assertion or a secret, not both.");
  }
  const id = claimedClient(assertion);
  if (id === null) throw new OAuthError(401, "invalid_client", "The client_assertion is not readable.");
  if (form.has("client_id") && form.get("client_id") !== id) {
    throw invalidRequest("client_id of the form is not the client of the client_assertion. Leave it out.");
  }
  return { kind: "assertion", id, assertion };
}

function readCredentials(header: string | undefined, form: URLSearchParams): { id: string; secret: string } {
  const basic = header === undefined ? null : parseBasic(header);
  const id = form.get("client_id");
  const secret = form.get("client_secret");
  if (header !== undefined && secret !== null) {
    throw invalidRequest(
      "Send the secret either in the Authorization header or in the form, not in both.",
    );
  }
  if (header !== undefined && id !== null && id !== basic?.id) {
    throw invalidRequest(
      "client_id of the form is not the client of the Authorization header. Leave it out of the form.",
    );
  }
  if (basic !== null) return basic;
  if (header === undefined && id !== null && secret !== null) return { id, secret };
  throw new OAuthError(
    401,
    "invalid_client",
    "Send client id and secret, by HTTP Basic or as client_id and client_secret in the form.",
  );
}

/** Reads HTTP Basic. Inside it, both parts are form-encoded (RFC 6749 section 2.3.1). */
function parseBasic(header: string): { id: string; secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  try {
    const text = atob(encoded);
    const colon = text.indexOf(":");
    const decode = (part: string) => decodeURIComponent(part.replaceAll("+", " "));
    return colon < 0 ? null : { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
  } catch {
    return null;
  }
}
