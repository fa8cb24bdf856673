import assert from "node:assert/strict";
import { classifyFetchError } from "../../src/daraja/http.ts";

function failed(message: string, code?: string): Error {
  const cause = Object.assign(new Error(message), code === undefined ? {} : { code });
  return new TypeError("fetch failed", { cause });
}

/** The wordings of Deno 2.9.6, and the codes of Node. */
Deno.test("only a failure to connect proves that nothing left", () => {
  const url = "error sending request for url (https://api.example.co.ke/)";
  const table: [Error, string][] = [
    [
      failed(`${url}: client error (Connect): tcp connect error: Connection refused (os error 111)`),
      "connection_refused",
    ],
    [failed(`${url}: client error (Connect): dns error: failed to lookup address information`), "name_not_found"],
    [failed(`${url}: client error (Connect): tls handshake eof`), "tls_failure"],
    [failed(`${url}: client error (Connect): invalid peer certificate: UnknownIssuer`), "tls_failure"],
    [failed(`${url}: client error (Connect): tcp connect error: No route to host (os error 113)`), "connect_failed"],
    [failed("connect", "ECONNREFUSED"), "connection_refused"],
    [failed("getaddrinfo", "ENOTFOUND"), "name_not_found"],
    [failed("getaddrinfo", "EAI_AGAIN"), "name_not_found"],
  ];
  for (const [error, reason] of table) assert.deepEqual(classifyFetchError(error), { kind: "not_sent", reason });
});

Deno.test("every other failure may have come after the request arrived", () => {
  const errors: unknown[] = [
    failed("client error (SendRequest): connection closed before message completed"),
    failed("client error (SendRequest): connection error: Connection reset by peer (os error 104)"),
    failed("socket hang up", "ECONNRESET"),
    failed("other side closed", "UND_ERR_SOCKET"),
    new TypeError("fetch failed"),
    new TypeError("error reading a body from connection"),
    new Error("connection refused"),
    new DOMException("aborted", "AbortError"),
    "text",
    null,
    undefined,
  ];
  for (const error of errors) {
    assert.deepEqual(classifyFetchError(error), { kind: "lost", reason: "connection_cut" }, String(error));
  }
});
