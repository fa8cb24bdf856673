import { type ProblemCode, problems } from "./problem.ts";

/** What a reader of a problem's page wants to know. */
export interface Help {
  /** What happened, and why. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** A `detail` as callers see it. */
  readonly detail: string;
  /** An entry of `errors`, where the code has some. */
  readonly field?: { readonly pointer: string; readonly detail: string };
  /** Whether the same request, sent again, may succeed. */
  readonly retry: "no" | "after the remedy" | "same key";
}

/** The longer explanation of each code: its page, the examples of the document and /llms.txt are made of it. */
const problemHelp: Readonly<Partial<Record<ProblemCode, Help>>> = {
  invalid_json: {
    cause: "The body could not be parsed as JSON, or is not encoded in UTF-8.",
    remedy: "Build the body with a JSON library rather than by joining strings, and send one JSON object.",
    detail: "The body could not be read as JSON. Send one JSON object, encoded in UTF-8.",
    retry: "after the remedy",
  },
  duplicate_keys: {
    cause:
      "An object in the body has the same key twice. Parsers disagree on which one counts, so with money neither may.",
    remedy: "Send each key once.",
    detail: "An object in the body has the same key twice. Send each key once.",
    retry: "after the remedy",
  },
  invalid_query: {
    cause:
      "A query parameter is unknown, is given twice, or has a value that it can't have; a cursor was made up or cut.",
    remedy: "`errors` names the parameter. Send cursors unchanged, as `next_cursor` of the page before.",
    detail: "limit: must be a whole number from 1 to 100",
    field: { pointer: "limit", detail: "must be a whole number from 1 to 100" },
    retry: "after the remedy",
  },
  idempotency_key_missing: {
    cause:
      "This call moves money or makes a phone ring, so a repeat must be told from a second wish. That takes a key.",
    remedy:
      "Make one Idempotency-Key per intent (a UUID, or your order number with a counter), store it before you call, and send the same one whenever you retry.",
    detail:
      "This call moves money, so it needs an Idempotency-Key header. Make one per intent (a UUID will do) and send the same one when you retry.",
    retry: "after the remedy",
  },
  idempotency_key_invalid: {
    cause: "The key is empty, longer than 255 characters, or holds spaces or characters outside ASCII.",
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
    cause: "The token was cut, altered, made by another service, or signed with a key that has been withdrawn.",
    remedy: "Get a new token, and check that the base URL is the one that issued it.",
    detail: "The access token was not issued for this service. Get one from POST /oauth/token; they live 10 minutes.",
    retry: "after the remedy",
  },
  token_expired: {
    cause: "Tokens live 10 minutes; this one's time is over.",
    remedy:
      "Get a new one and send the request again. Keep a token for as long as `expires_in` says, less half a minute.",
    detail: "The access token has expired. Get one from POST /oauth/token; they live 10 minutes.",
    retry: "after the remedy",
  },
  insufficient_scope: {
    cause:
      "The token does not carry the scope of this call: it was asked for with less, or the client does not have it.",
    remedy:
      "Ask for a token without `scope` (it then carries all that the client has), or have an operator make a client that has the scope.",
    detail:
      "This needs the scope payouts:approve. Ask for a token that carries it, or have an operator grant it to the client.",
    retry: "after the remedy",
  },
  own_payout: {
    cause: "Two pairs of eyes: whoever makes a payout can't also approve or reject it.",
    remedy: "Approve with the token of another client that has `payouts:approve`. The creator can still cancel it.",
    detail: "A payout is approved or rejected by another client than the one that made it.",
    retry: "after the remedy",
  },
  not_found: {
    cause: "There is nothing with this id or at this address. Another merchant's objects look the same as none.",
    remedy:
      "Check the id, whether client and object belong to the same merchant, and the path; /docs lists every call.",
    detail: "There is no checkout with this id. GET /v1/checkouts lists yours.",
    retry: "no",
  },
  method_not_allowed: {
    cause: "The address is right but does not take this method.",
    remedy: "The Allow header lists the methods it takes.",
    detail: "This address takes other methods; see the Allow header.",
    retry: "no",
  },
  idempotency_in_progress: {
    cause: "An earlier request with this key is still being answered, or was cut off less than a minute ago.",
    remedy: "Wait a second and send the same request with the same key: you get the first one's answer.",
    detail: "The first request with this key is still running. Retry in a moment with the same key.",
    retry: "same key",
  },
  checkout_not_open: {
    cause:
      "The checkout has been paid, has expired, was cancelled, is under review, or already has a prompt under way.",
    remedy: "Read the checkout. When it has ended unpaid, make a new one; while it is pending, wait for the answer.",
    detail: "The checkout is succeeded, so no phone can be prompted for it.",
    retry: "no",
  },
  phone_busy: {
    cause:
      "M-Pesa shows a phone one prompt at a time, and another one of yours is still out. A second would fail, and might confuse the customer into paying twice.",
    remedy: "Wait until the other checkout is no longer pending, a minute at most as a rule, and try again.",
    detail: "This phone already has a prompt that has not been answered. Wait a minute and try again.",
    retry: "after the remedy",
  },
  wrong_state: {
    cause: "What you ask for is only possible in another state, for example approving a payout that was cancelled.",
    remedy: "Read the object; its status says what has happened. Most often nothing is left to do.",
    detail: "The checkout is succeeded, so it can't be cancelled.",
    retry: "no",
  },
  shortcode_taken: {
    cause: "A paybill or till is connected once in the whole service, and this number is already.",
    remedy:
      "Check the number. If GET /v1/shortcodes does not list it and it is yours, write to us: it may have been connected under another account.",
    detail: "600000 is connected already. If it is yours and GET /v1/shortcodes does not list it, write to us.",
    retry: "no",
  },
  urls_already_registered: {
    cause:
      "In production Safaricom takes the addresses of a shortcode once; later calls are refused whatever they hold.",
    remedy:
      "If they are ours, nothing is to be done. If another system registered its own, change them in the M-Pesa portal under Self Services, URL Management (two operators), or write to apisupport@safaricom.co.ke; the operator of this service can list ours.",
    detail:
      "This shortcode already has registered URLs. Change them in the M-Pesa portal under Self Services, URL Management, or write to Daraja support.",
    retry: "no",
  },
  conflict: {
    cause: "Two changes of the same object came at the same moment, and the other one won. Yours has not been stored.",
    remedy: "Read the object again, see whether you still want the change, and repeat it.",
    detail: "This changed while the request ran. Read it again and retry.",
    retry: "after the remedy",
  },
  body_too_large: {
    cause: "The body is larger than this call takes: 64 KiB, unless its description says otherwise.",
    remedy: "Send less, or split it into several requests.",
    detail: "The body may hold at most 65536 bytes. Send less, or split it into several requests.",
    retry: "after the remedy",
  },
  unsupported_media_type: {
    cause: "The Content-Type is missing or is not one that this call takes.",
    remedy: "Send `Content-Type: application/json`.",
    detail: "Send the body as JSON, with Content-Type: application/json.",
    retry: "after the remedy",
  },
  validation_failed: {
    cause: "The body is readable JSON, but a field is missing, unknown, or has a value that it can't have.",
    remedy:
      "`errors` lists every field at once, each with a JSON Pointer and what is expected. A frequent one: amounts are cents, so KES 1,500 is `150000`.",
    detail: "/amount: must be whole shillings: a multiple of 100 cents, since M-Pesa moves no cents",
    field: {
      pointer: "/amount",
      detail: "must be whole shillings: a multiple of 100 cents, since M-Pesa moves no cents",
    },
    retry: "after the remedy",
  },
  idempotency_key_reused: {
    cause: "This key came before with another method, path or body. One key stands for one intent, for 7 days.",
    remedy:
      "To retry, repeat the body unchanged. For a new wish, make a new key. Beware of bodies that hold the time or a random value: store the body with the key.",
    detail:
      "This Idempotency-Key came with another request before. Use a new key for a new request; repeat the same body to retry.",
    retry: "no",
  },
  daraja_refused: {
    cause: "M-Pesa said no, and nothing was changed there: most often a credential, a number or an address is wrong.",
    remedy: "POST /v1/shortcodes/{id}/check finds out what is wrong and says what to do.",
    detail:
      "Daraja refused the app's consumer key or secret. Check both, and that they belong to this environment (sandbox or production).",
    retry: "after the remedy",
  },
  limit_exceeded: {
    cause: "The amount passes a limit: of one transaction, of this phone's day, or of the merchant's day.",
    remedy:
      "Use a smaller amount, wait until the day's counter renews at midnight in Nairobi, or have the limit raised.",
    detail: "A transaction limit would be exceeded by this request. Lower the amount or wait until it renews.",
    retry: "after the remedy",
  },
  rate_limited: {
    cause: "Too many requests in too short a time.",
    remedy: "Wait as many seconds as `Retry-After` says, then send the same request with the same key.",
    detail: "More than 600 requests a minute. Wait 2 s and retry.",
    retry: "same key",
  },
  prompts_limited: {
    cause:
      "A phone may be prompted only so often in an hour, by all shops together, and a checkout may prompt only so often: else anyone could make a stranger's phone ring. Nothing was sent or stored.",
    remedy:
      "Wait as many seconds as `Retry-After` says, or let the customer pay by paybill: number and account are on the hosted page.",
    detail:
      "2547•••••678 has had 5 prompts within an hour, the most that a phone gets from all shops together. Wait 1860 s, or have the customer pay by paybill.",
    retry: "after the remedy",
  },
  internal_error: {
    cause: "Something failed on our side that we did not foresee. It has been logged.",
    remedy:
      "Repeat the request with the same Idempotency-Key: if the first one had its effect, you get its answer. If it goes on, write to us with the `request_id`.",
    detail:
      "Something failed on our side; it has been logged under this request id. Retry with the same Idempotency-Key.",
    retry: "same key",
  },
  daraja_unavailable: {
    cause: "M-Pesa did not answer, or not clearly. What was asked may or may not have been done there.",
    remedy: "Wait a minute and repeat the request; what had been done already does no harm.",
    detail: "M-Pesa could not be reached. Try again in a few minutes.",
    retry: "after the remedy",
  },
  unavailable: {
    cause: "The store can't be reached just now, or the service is being restarted. Nothing has been changed.",
    remedy: "Wait as `Retry-After` says and repeat the request with the same Idempotency-Key.",
    detail: "The store does not answer just now. Retry with the same Idempotency-Key.",
    retry: "same key",
  },
};

/** The explanation of a code. */
export function helpOf(code: ProblemCode): Help {
  const { title } = problems[code];
  return problemHelp[code] ?? { cause: `${title}.`, remedy: "See detail.", detail: `${title}.`, retry: "no" };
}

/** The codes that have an explanation of their own; a test holds that all do. */
export const explainedCodes: ReadonlySet<string> = new Set(Object.keys(problemHelp));
