import { type ProblemCode, problems } from "./problem.ts";

/** The explanation of a problem code, for its page. */
export interface Help {
  /** What happened, and why. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** An example of `detail`. */
  readonly detail: string;
  /** An example of an entry in `errors`, if the code has entries. */
  readonly field?: { readonly pointer: string; readonly detail: string };
  /** Whether the same request may succeed if it is sent again. */
  readonly retry: "no" | "after the remedy" | "same key";
}

/** The explanation of each code. Its page, the examples of the OpenAPI document and /llms.txt are made from it. */
const problemHelp: Readonly<Partial<Record<ProblemCode, Help>>> = {
  invalid_json: {
    cause: "The body could not be parsed as JSON, or is not encoded in UTF-8.",
    remedy: "Build the body with a JSON library rather than by joining strings, and send one JSON object.",
    detail: "The body could not be read as JSON. Send one JSON object, encoded in UTF-8.",
    retry: "after the remedy",
  },
  duplicate_keys: {
    cause:
      "An object in the body has the same key twice. Parsers disagree about which one counts, so we accept neither.",
    remedy: "Send each key once.",
    detail: "An object in the body has the same key twice. Send each key once.",
    retry: "after the remedy",
  },
  invalid_query: {
    cause: "A query parameter is unknown, is sent twice, or has a value that is not allowed. Or a cursor was changed.",
    remedy: "`errors` names the parameter. Send `next_cursor` of the page before as cursor, unchanged.",
    detail: "limit: must be a whole number from 1 to 100",
    field: { pointer: "limit", detail: "must be a whole number from 1 to 100" },
    retry: "after the remedy",
  },
  idempotency_key_missing: {
    cause: "This call moves money or prompts a phone. The key shows whether a request is a retry or a new request.",
    remedy:
      "Make one Idempotency-Key for each thing you want done (a UUID, or your order number with a counter). Store it before you call, and send the same key when you retry.",
    detail:
      "This call moves money, so it needs an Idempotency-Key header. Make one per intent (a UUID will do) and send the same one when you retry.",
    retry: "after the remedy",
  },
  idempotency_key_invalid: {
    cause: "The key is empty, longer than 255 characters, or contains spaces or characters outside ASCII.",
    remedy: "Send 1 to 255 visible ASCII characters, bare or in double quotes.",
    detail: "Idempotency-Key must be 1 to 255 visible ASCII characters, without spaces.",
    retry: "after the remedy",
  },
  token_missing: {
    cause: "The request has no Authorization header, or one that is not a Bearer token.",
    remedy:
      "Get a token from POST /oauth/token with your client id and secret, and send `Authorization: Bearer <token>`.",
    detail: "Send an access token: Authorization: Bearer <token>, from POST /oauth/token.",
    retry: "after the remedy",
  },
  token_invalid: {
    cause:
      "The token was cut or changed, was issued by another service, or was signed with a key that is no longer valid.",
    remedy: "Get a new token, and check that the base URL is the one that issued it.",
    detail: "The access token was not issued for this service. Get one from POST /oauth/token; they live 10 minutes.",
    retry: "after the remedy",
  },
  token_expired: {
    cause: "A token is valid for 10 minutes, and this one has expired.",
    remedy: "Get a new token and send the request again. Use a token for `expires_in` seconds, less half a minute.",
    detail: "The access token has expired. Get one from POST /oauth/token; they live 10 minutes.",
    retry: "after the remedy",
  },
  token_revoked: {
    cause: "The client was revoked after it had got this token, or somebody ended all of its tokens.",
    remedy: "Use a client that is active. If nobody of yours revoked it, look at GET /v1/audit.",
    detail:
      "The client of this access token was revoked or blocked, or its tokens were ended. Use a client that is active.",
    retry: "after the remedy",
  },
  dpop_invalid: {
    cause:
      "The access token is bound to a key (DPoP, RFC 9449), or the client has to use such tokens. The header DPoP is missing, or is not a valid proof for this request.",
    remedy:
      "Send `Authorization: DPoP <token>`, and in the header DPoP a new proof for each request: a JWT with `htm`, `htu` (the URL without query), `iat`, a new `jti`, and `ath`, the hash of the token. A library such as oauth4webapi makes them. Check your clock.",
    detail: "The DPoP proof is not valid: htu is not https://pay.example.com/v1/checkouts.",
    retry: "after the remedy",
  },
  signature_invalid: {
    cause:
      "The client has to sign its payouts (`access.payout_signature`), or the request has a signature that does not hold: another key, another body, a part that is not covered, or a time that is not of the last 5 minutes.",
    remedy:
      "Sign `@method`, `@target-uri`, `content-digest` and `idempotency-key` by RFC 9421, with `created` and the `keyid` of a key of the client, and send `Content-Digest` (RFC 9530) of the very bytes of the body. Sign anew when you repeat a request after 5 minutes.",
    detail:
      "The request is not signed as this client has to sign it: Content-Digest is not that of the body. Sign @method, @target-uri, content-digest, idempotency-key (RFC 9421).",
    retry: "after the remedy",
  },
  address_not_allowed: {
    cause: "The client may call from certain addresses only (`access.addresses`), and this request comes from another.",
    remedy:
      "Call from one of these addresses, or let an operator change them (PATCH /v1/clients/{id}). If the address that we see is that of a proxy of the service, its operator has to set TRUSTED_PROXIES.",
    detail: "This client may not call from 192.0.2.7.",
    retry: "after the remedy",
  },
  merchant_disabled: {
    cause: "The people who run this service have disabled the merchant.",
    remedy: "Ask them why. Nothing is lost: what waits to be sent goes on when the merchant is enabled again.",
    detail:
      "This merchant is disabled: its clients can do nothing, and no money leaves. Ask the people who run this service.",
    retry: "after the remedy",
  },
  insufficient_scope: {
    cause: "The token lacks the scope of this call: the scope was not asked for, or the client does not have it.",
    remedy:
      "Ask for a token without `scope` (it then has all scopes of the client), or ask an operator for a client that has the scope.",
    detail:
      "This needs the scope payouts:approve. Ask for a token with this scope, or ask an operator for a client that has it.",
    retry: "after the remedy",
  },
  scope_not_held: {
    cause: "The new client would have a scope that the token of this request does not have.",
    remedy: "Leave the scope out, or let the people who run this service make the client on the command line.",
    detail: "This token does not have: payouts:write. A client grants only scopes that it has.",
    retry: "after the remedy",
  },
  own_lineage: {
    cause:
      "The client that decides and the one that created this come from the same first client, so one person may hold both.",
    remedy: "Use a client that the people who run this service have made apart (`deno task clients create`).",
    detail:
      "This client, and the one that created this, come from the same first client. One that the command line made apart from it must decide.",
    retry: "after the remedy",
  },
  other_lineage: {
    cause:
      "The client may send money or decide about it, and comes from another first client than the one of this request. Whoever had both secrets would be two people.",
    remedy: "Let the client that owns it (`owner`) do this. To stop it at once, revoke it.",
    detail:
      "This client comes from another first client, cli_01kamcvdf2ej5s2k8sxw9ggk6s; a client of that lineage gives it a new secret.",
    retry: "no",
  },
  own_payout: {
    cause: "A payout needs two people: the client that created it can't approve or reject it.",
    remedy: "Use the token of another client that has `payouts:approve`. The creator can still cancel the payout.",
    detail: "A payout is approved or rejected by another client than the one that made it.",
    retry: "after the remedy",
  },
  signature_required: {
    cause: "A person approves, resolves and confirms with their passkey, which signs payee, amount and reference.",
    remedy: "Do it in the console, on a device that has your passkey. Programs use a client, which signs nothing.",
    detail: "A person signs this by passkey, in the console. Programs use a client.",
    retry: "no",
  },
  not_found: {
    cause:
      "Nothing has this id, or there is no such address. An object of another merchant is reported in the same way.",
    remedy:
      "Check the id, the path, and whether the client and the object belong to the same merchant. /docs lists every call.",
    detail: "There is no checkout with this id. GET /v1/checkouts lists yours.",
    retry: "no",
  },
  method_not_allowed: {
    cause: "The address exists, but does not accept this method.",
    remedy: "The Allow header lists the methods that it accepts.",
    detail: "This address takes other methods; see the Allow header.",
    retry: "no",
  },
  idempotency_in_progress: {
    cause: "The first request with this key is still running, or was interrupted less than a minute ago.",
    remedy: "Wait a second and send the same request with the same key. You get the answer of the first request.",
    detail: "The first request with this key is still running. Retry in a moment with the same key.",
    retry: "same key",
  },
  checkout_not_open: {
    cause:
      "The checkout is paid, expired, cancelled or in review, or one of its prompts is still waiting for an answer.",
    remedy:
      "Read the checkout. If it ended without a payment, make a new one. While it is pending, wait for the answer.",
    detail: "The checkout is succeeded, so no phone can be prompted for it.",
    retry: "no",
  },
  phone_busy: {
    cause:
      "M-Pesa shows one prompt at a time on a phone, and another prompt of yours is still waiting there. A second prompt would fail, and the customer might pay twice by mistake.",
    remedy: "Wait until the other checkout is no longer pending (usually less than a minute), then try again.",
    detail: "This phone already has a prompt that has not been answered. Wait a minute and try again.",
    retry: "after the remedy",
  },
  change_stale: {
    cause:
      "Since the change was proposed, what it would change was changed, its proposer was revoked, or it became impossible in another way. Nothing was applied.",
    remedy: "Read `reason` of the change request, and propose the change again if it is still wanted.",
    detail: "The change was not applied. What it would change was changed meanwhile. Propose it again if it is wanted.",
    retry: "no",
  },
  refunded_already: {
    cause: "A part of this payment was given or promised back to the customer, and less than that would be left.",
    remedy: "Read the payment and its refunds. If the money was for another checkout, a person must sort it out.",
    detail:
      "A part of the payment was given or promised back for its checkout, so the payment can't be moved from there.",
    retry: "no",
  },
  wrong_state: {
    cause: "This is not possible in the current state. For example, a cancelled payout can't be approved.",
    remedy: "Read the object. Its status says what has happened. Often there is nothing left to do.",
    detail: "The checkout is succeeded, so it can't be cancelled.",
    retry: "no",
  },
  payout_changed: {
    cause:
      "The digest that was sent is not that of the payout, or of the payouts of the batch that await approval. One of them was cancelled, rejected, approved or changed since it was looked at.",
    remedy: "Read the approval again (`GET .../approval`), look at it, and send the digest of what you saw.",
    detail: "The digest is not that of what is stored now. Look again: GET /v1/payouts/{id}/approval.",
    retry: "after the remedy",
  },
  payments_in_use: {
    cause:
      "A payment that this run recorded has been refunded, matched by a person, used to settle a prompt, or moved in the ledger since. Undoing the run would take the ground from under that.",
    remedy:
      "`errors` names each payment and what was built on it. Decide about those payments one by one: what a person matched can be matched elsewhere, and money that should not be there can be refunded.",
    detail:
      "UKM9X2A1BC was matched by a person: chk_01kamcvdf2ej5s2k8sxw9ggk6p. A run can be undone only while nothing was built on its payments.",
    field: {
      pointer: "/payments/pay_01kamcvdf2ej5s2k8sxw9ggk6r",
      detail: "UKM9X2A1BC was matched by a person: chk_01kamcvdf2ej5s2k8sxw9ggk6p",
    },
    retry: "after the remedy",
  },
  shortcode_taken: {
    cause: "A paybill or till can be connected only once in this service, and this number is connected already.",
    remedy:
      "Check the number. If it is yours and GET /v1/shortcodes does not list it, write to us: it may be connected to another account.",
    detail: "600000 is connected already. If it is yours and GET /v1/shortcodes does not list it, write to us.",
    retry: "no",
  },
  urls_already_registered: {
    cause: "In production Safaricom accepts the addresses of a shortcode once. It refuses every later call.",
    remedy:
      "If they are our addresses, there is nothing to do. If another system registered its own, change them in the M-Pesa portal under Self Services, URL Management (two operators), or write to apisupport@safaricom.co.ke; the operator of this service can list ours.",
    detail:
      "This shortcode already has registered URLs. Change them in the M-Pesa portal under Self Services, URL Management, or write to Daraja support.",
    retry: "no",
  },
  email_taken: {
    cause: "A person of this merchant who was not removed has this e-mail address.",
    remedy: "Find them with GET /v1/people?q=, and change their roles instead of inviting them again.",
    detail: "Somebody of this merchant has this e-mail address already. GET /v1/people?q= finds them.",
    retry: "no",
  },
  last_admin: {
    cause: "Without an admin nobody could invite people or change roles, other than from the command line.",
    remedy: "Invite another admin, or make one of somebody. Once they have signed in, repeat the request.",
    detail: "This is the last admin of the merchant. Make somebody else an admin first.",
    retry: "after the remedy",
  },
  conflict: {
    cause: "Another request changed the same object at the same moment. Your change was not stored.",
    remedy: "Read the object again. If you still want the change, repeat it.",
    detail: "The object changed while the request ran. Read it again and retry.",
    retry: "after the remedy",
  },
  body_too_large: {
    cause: "The body is larger than this call accepts: 64 KiB, unless its description says otherwise.",
    remedy: "Send less, or split it into several requests.",
    detail: "The body may have at most 65536 bytes. Send less, or split it into several requests.",
    retry: "after the remedy",
  },
  unsupported_media_type: {
    cause:
      "The Content-Type is missing, or this call does not accept it, or the body is compressed (Content-Encoding).",
    remedy: "Send `Content-Type: application/json`, and the body as it is.",
    detail: "Send the body as JSON, with Content-Type: application/json.",
    retry: "after the remedy",
  },
  validation_failed: {
    cause: "The body is valid JSON, but a field is missing or unknown, or has a value that is not allowed.",
    remedy:
      "`errors` lists every wrong field, with a JSON Pointer and what is expected. A frequent mistake: amounts are in cents, so KES 1,500 is `150000`.",
    detail: "/amount: must be whole shillings: a multiple of 100 cents, since M-Pesa moves no cents",
    field: {
      pointer: "/amount",
      detail: "must be whole shillings: a multiple of 100 cents, since M-Pesa moves no cents",
    },
    retry: "after the remedy",
  },
  statement_shortcode_mismatch: {
    cause:
      "The lines before the header of the statement name a shortcode that is not yours, or another one than `shortcode` in the request, or several. Nothing was imported.",
    remedy:
      "Export the statement of the right shortcode. If the file is right, leave `shortcode` out: the number in the file decides.",
    detail:
      "Line 2 of the statement names 777777, which is not a shortcode of yours. Nothing was imported. GET /v1/shortcodes lists yours.",
    retry: "after the remedy",
  },
  idempotency_key_reused: {
    cause: "This key was used before, with another method, path or body. A key belongs to one request, for 7 days.",
    remedy:
      "To retry, repeat the body unchanged. For a new request, make a new key. If the body contains the time or a random value, store the body with the key.",
    detail:
      "This Idempotency-Key was used before, with a different request. For a new request use a new key. To retry, repeat the same body.",
    retry: "no",
  },
  daraja_refused: {
    cause: "M-Pesa refused the request and changed nothing. Usually a credential, a number or an address is wrong.",
    remedy: "POST /v1/shortcodes/{id}/check finds what is wrong and says what to do.",
    detail:
      "Daraja refused the app's consumer key or secret. Check both, and that they belong to this environment (sandbox or production).",
    retry: "after the remedy",
  },
  looks_like_a_duplicate: {
    cause:
      "A payout with the same payee, amount and reference was created in the last days, or stands twice in the same file. `duplicate_of` names the earlier payout or batch. Nothing was created.",
    remedy:
      "Look at the earlier one. If this one is meant as well, repeat it with `allow_duplicate: true` and a new Idempotency-Key. PATCH /v1/merchant changes the rule.",
    detail:
      "This payout: repeats pyt_01kamcvdf2ej5s2k8sxw9ggk6r, created at 2026-11-22T09:30:00.000Z. Payee, amount and reference are the same. Nothing was created. If it is meant, send it with allow_duplicate: true.",
    retry: "after the remedy",
  },
  limit_exceeded: {
    cause: "The amount exceeds a limit: for one transaction, for this phone in a day, or for the merchant in a day.",
    remedy:
      "Use a smaller amount, wait for the next day (daily limits are reset at midnight in Nairobi), or have the limit raised.",
    detail: "This request would exceed a transaction limit. Lower the amount, or wait until the limit is reset.",
    retry: "after the remedy",
  },
  request_timeout: {
    cause: "The body did not arrive in time: within 10 s, and at 8 KiB a second or faster. Nothing was done.",
    remedy: "Send the request again with the same key, and the whole body at once.",
    detail: "The body did not arrive within 11 s. Nothing was done. Send it again, without a pause.",
    retry: "same key",
  },
  request_aborted: {
    cause: "The connection ended before the whole body had arrived. Nothing was done. Only our log shows this code.",
    remedy: "Send the request again with the same key, and keep the connection open until the answer comes.",
    detail: "The connection ended before the whole body had arrived. Nothing was done.",
    retry: "same key",
  },
  rate_limited: {
    cause: "There were too many requests in a short time.",
    remedy: "Wait as many seconds as `Retry-After` says, then send the same request with the same key.",
    detail: "More than 600 requests a minute. Wait 2 s and retry.",
    retry: "same key",
  },
  prompts_limited: {
    cause:
      "The number of prompts is limited: per phone and hour, by all shops together, and per checkout. Otherwise anyone could disturb a stranger's phone. Nothing was sent or stored.",
    remedy:
      "Wait as many seconds as `Retry-After` says, or let the customer pay by paybill: the hosted page shows the number and the account.",
    detail:
      "2547•••••678 has had 5 prompts within an hour, the most that a phone gets from all shops together. Wait 1860 s, or have the customer pay by paybill.",
    retry: "after the remedy",
  },
  internal_error: {
    cause: "An unexpected error happened on our side. It has been logged.",
    remedy:
      "Repeat the request with the same Idempotency-Key. If the first request was completed, you get its answer. If the error stays, write to us and quote the `request_id`.",
    detail:
      "Something failed on our side. It has been logged with this request id. Retry with the same Idempotency-Key.",
    retry: "same key",
  },
  daraja_unavailable: {
    cause: "M-Pesa gave no answer, or no clear one. The request may or may not have been carried out there.",
    remedy: "Wait a minute and repeat the request. This is safe even if M-Pesa has carried it out already.",
    detail: "M-Pesa could not be reached. Try again in a few minutes.",
    retry: "after the remedy",
  },
  issuer_unavailable: {
    cause:
      "The token is from an outside issuer of this service, and that issuer's public keys can't be read. So nobody can say whether the token is valid. Tokens of POST /oauth/token are not affected.",
    remedy: "Wait a few seconds and repeat the request. If it stays, tell the people who run the issuer.",
    detail:
      "The keys of https://login.example.com/ can't be read at the moment, so its tokens can't be checked. Retry in a few seconds.",
    retry: "same key",
  },
  unavailable: {
    cause:
      "The database can't be reached at the moment, or the service is restarting or overloaded. Nothing was changed.",
    remedy: "Wait as many seconds as `Retry-After` says, then repeat the request with the same Idempotency-Key.",
    detail: "The database does not answer at the moment. Retry with the same Idempotency-Key.",
    retry: "same key",
  },
};

/** The explanation of a code. */
export function helpOf(code: ProblemCode): Help {
  const { title } = problems[code];
  return problemHelp[code] ?? { cause: `${title}.`, remedy: "See detail.", detail: `${title}.`, retry: "no" };
}

/** The codes that have an explanation. A test checks that every code has one. */
export const EXPLAINED_CODES: ReadonlySet<string> = new Set(Object.keys(problemHelp));
