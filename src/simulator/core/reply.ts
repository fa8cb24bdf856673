/** The answer of an operation, before it becomes an HTTP response. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON, a string unchanged; null for an empty body. */
  readonly body: unknown;
  readonly html?: boolean;
  /** Breaks the connection instead of answering. */
  readonly cutsConnection?: boolean;
}

/** An error answer of the form `{requestId, errorCode, errorMessage}` (daraja.md section 1). */
export class DarajaError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

/** `400.002.02 Bad Request - Invalid <Field>`, the answer to most wrong input (daraja.md section 2.3). */
export function invalid(field: string): DarajaError {
  return new DarajaError(400, "400.002.02", `Bad Request - Invalid ${field}`);
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** Turns a reply into an HTTP response. */
export function toResponse(reply: Reply): Response {
  if (reply.cutsConnection) return cutResponse();
  const type = reply.html ? "text/html; charset=utf-8" : "application/json";
  const body = reply.body === null ? null : typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
  return new Response(body, { status: reply.status, headers: { "content-type": type } });
}

/** Announces a body and sends none. The server then has to break the connection, and the client fails to read. */
function cutResponse(): Response {
  const empty = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  return new Response(empty, { headers: { "content-type": "application/json", "content-length": "200" } });
}
