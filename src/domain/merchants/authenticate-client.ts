import type { Context as HonoContext } from "hono";
import { accessOf, type ClientAccess, isFromAllowed } from "../../auth/client-access.ts";
import { AssertionError, verifyAssertion } from "../../auth/client-assertion.ts";
import type { Services } from "../../context/context.ts";
import { hashSecret } from "../../crypto/secrets.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { first, statement } from "../../db/query.ts";
import type { Env } from "../../http/env.ts";
import type { Gates } from "../../http/gates.ts";
import { countRequest } from "../../http/rate-limit.ts";
import { readClientProof } from "./client-proof.ts";
import { type ClientRow, isSecretOf, noteUse, selectClient } from "./client-rows.ts";
import { OAuthError } from "./oauth-error.ts";

/** A client that has proven who it is. */
export interface KnownClient {
  readonly client: ClientRow;
  readonly access: ClientAccess;
}

/**
 * Authenticates the client of a request for a token: by its secret, or by `private_key_jwt`. Errors: {@link OAuthError}
 * `invalid_request`, `invalid_client`, `unauthorized_client` for an address that it may not call from.
 */
export async function authenticateClient(
  c: HonoContext<Env>,
  services: Services,
  { failures }: Pick<Gates, "failures">,
  form: URLSearchParams,
): Promise<KnownClient> {
  const proof = readClientProof(c.req.header("authorization"), form);
  const client = proof.id.includes("\0") ? null : await first(services.db, selectClient(proof.id));
  const refused = (description: string): OAuthError => {
    countRequest(c, failures, c.get("address")); // the right secret is never refused: nobody can lock a client out
    countRequest(c, failures, `client ${proof.id}`);
    services.log.write("warn", "client_refused", {
      client: client?.id ?? "unknown", // an unknown id is not logged, because it may be a secret that was sent by mistake
      request_id: c.get("requestId"),
    });
    return new OAuthError(401, "invalid_client", description);
  };
  const unknown = "The client id or secret is not right, or the client was revoked.";
  if (client === null || client.status !== "active") throw refused(unknown);
  const access = await accessOf(services.vault, client);
  if (access === null) throw refused(unknown);
  const now = services.clock.now();
  let use: Statement | null = null;
  if (proof.kind === "secret") {
    if (!isSecretOf(client, proof.secret, now)) throw refused(unknown);
    if (access.client_assertion === "required") {
      throw refused("This client has to send a client_assertion (private_key_jwt), not its secret.");
    }
  } else {
    const issuer = services.config.server.publicUrl;
    const audiences = [issuer, `${issuer}/oauth/token`];
    const { id, expiresAt } = await verifyAssertion(proof.assertion, client.id, access.assertion_keys, audiences, now)
      .catch((error: unknown) => {
        throw error instanceof AssertionError ? refused(`The client_assertion is not valid: ${error.message}.`) : error;
      });
    use = useOnce(id, expiresAt);
  }
  if (!await services.clientSeals.isGenuine(client)) throw refused(unknown);
  if (!isFromAllowed(access, c.get("address"))) {
    throw new OAuthError(400, "unauthorized_client", "This client may not call from this address.");
  }
  if (use !== null) await storeUse(services, use, refused);
  const note = noteUse(client, now);
  if (note !== null) await services.db.write([note]).catch(() => {}); // a token does not wait for its note
  return { client, access };
}

/** Statement: an assertion was used. A second time it fails. */
const useOnce = (id: string, expiresAt: number): Statement =>
  statement("INSERT INTO used_challenges (hash, expires_at) VALUES (?, ?)", hashSecret(id), expiresAt);

async function storeUse(
  { db }: Services,
  use: Statement,
  refused: (description: string) => OAuthError,
): Promise<void> {
  try {
    await db.write([use]);
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.kind !== "unique") throw error;
    throw refused("The client_assertion was used before; make one for each request.");
  }
}
