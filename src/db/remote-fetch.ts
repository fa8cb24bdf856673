/**
 * A `fetch` that gives up after `limitMs`, the body included: the libSQL client has no deadline of its own and a lost
 * answer would hold the writer for ever.
 */
export function fetchWithin(limitMs: number): (request: Request) => Promise<Response> {
  return async (request) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${limitMs} ms`)), limitMs);
    try {
      const response = await fetch(request, { signal: controller.signal });
      const body = await response.arrayBuffer();
      return new Response(body, { status: response.status, headers: response.headers });
    } finally {
      clearTimeout(timer);
    }
  };
}
