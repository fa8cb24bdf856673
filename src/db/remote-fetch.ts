/**
 * A `fetch` that fails after `timeoutMs`, the body included. The libSQL client has no timeout of its own, and a lost
 * response would block the writer for ever.
 */
export function fetchWithin(timeoutMs: number): (request: Request) => Promise<Response> {
  return async (request) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const response = await fetch(request, { signal: controller.signal });
      const body = await response.arrayBuffer();
      return new Response(body, { status: response.status, headers: response.headers });
    } finally {
      clearTimeout(timer);
    }
  };
}
