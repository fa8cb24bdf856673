import { Malipo, type MalipoOptions } from "../../src/client/mod.ts";
import type { InProcess } from "../support/in-process.ts";

export const baseUrl = "http://127.0.0.1:8000";

type Fetch = (request: Request) => Promise<Response>;

/** A client of a service in this process. `between` sees each request, and may answer in the service's stead. */
export const clientOf = (
  run: InProcess,
  between: (request: Request, next: Fetch) => Promise<Response> = (request, next) => next(request),
  options: Partial<MalipoOptions> = {},
): Malipo =>
  new Malipo({
    clientId: "cli_demo",
    clientSecret: "demo-secret",
    baseUrl,
    backoffMs: 1,
    fetch: (request) => between(request, async (passed) => await run.app.fetch(passed)),
    ...options,
  });

/** A service that answers what it is told to, in order, and then 200; tokens it issues itself. */
export class FakeService {
  readonly requests: Request[] = [];
  issued = 0;
  constructor(readonly answers: (() => Response | Promise<Response>)[] = []) {}

  readonly fetch: Fetch = async (request) => {
    if (new URL(request.url).pathname === "/oauth/token") {
      this.issued++;
      return Response.json({ access_token: `token-${this.issued}`, token_type: "Bearer", expires_in: 600, scope: "" });
    }
    this.requests.push(request);
    const answer = this.answers.shift();
    return answer === undefined ? Response.json({ id: "chk_1", status: "open", attempts: [] }) : await answer();
  };

  client(options: Partial<MalipoOptions> = {}): Malipo {
    return new Malipo({
      clientId: "cli_demo",
      clientSecret: "demo-secret",
      baseUrl,
      backoffMs: 1,
      fetch: this.fetch,
      ...options,
    });
  }

  keys(): (string | null)[] {
    return this.requests.map(({ headers }) => headers.get("idempotency-key"));
  }
}

/** A problem as the service answers it. */
export const problemAnswer = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json(
    { type: `${baseUrl}/problems/${code}`, title: code, status, detail: `About ${code}.`, code, request_id: "req_1" },
    { status, headers: { ...headers, "content-type": "application/problem+json" } },
  );

export const order = { amount: 150_000, currency: "KES", reference: "order-1001" } as const;
