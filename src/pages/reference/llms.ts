import type { Document } from "../../http/openapi/types.ts";
import { helpOf } from "../../problems/help.ts";
import { type ProblemCode, problems } from "../../problems/problem.ts";
import { failureRows } from "./failure-table.ts";
import type { Guide } from "./markdown.ts";
import { guidePath, tagPath } from "./places.ts";

/** `/llms.txt`: what a language model needs to write a correct integration, in plain text. */
export function llmsText(document: Document, guides: readonly Guide[]): string {
  const url = document.servers[0]?.url ?? "";
  const calls = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary, security }]) => {
      const scope = security?.[0]?.oauth?.[0];
      return `- ${method.toUpperCase()} ${path}: ${summary}${scope === undefined ? "" : ` (${scope})`}`;
    })
  );
  const events = Object.entries(document.webhooks).map(([type, { post }]) => `- ${type}: ${post?.summary ?? ""}`);
  const codes = (Object.entries(problems) as [ProblemCode, { status: number }][]).map(([code, { status }]) =>
    `- ${code} (${status}): ${helpOf(code).cause} ${helpOf(code).remedy}`
  );
  const failures = failureRows.map(({ code, message, advice, prompts, payouts }) => {
    const resultCodes = [
      prompts.length === 0 ? "" : `prompt ${prompts.join(", ")}`,
      payouts.length === 0 ? "" : `payout ${payouts.join(", ")}`,
    ].filter((part) => part !== "").join("; ");
    return `- ${code}${resultCodes === "" ? "" : ` (M-Pesa: ${resultCodes})`}: ${message} ${advice}`;
  });
  return `# Malipo ${document.info.version}

> M-Pesa payments for storefronts: take money by STK push (checkouts), send money by B2C (payouts).

- [OpenAPI 3.1 description](${url}/openapi.json): every call, with schemas and examples
- [Documentation](${url}/docs): the same for people, a page for each call, such as ${url}${
    tagPath("Checkouts")
  }/create-checkout
- [Test numbers](${url}/docs/test-numbers): the phones of the simulator
- Every problem's page: ${url}/problems/{code}

## Rules

- Base URL: ${url}. All calls are JSON over HTTPS with Authorization: Bearer <token>.
- Token: POST ${url}/oauth/token, HTTP Basic client_id:client_secret, form grant_type=client_credentials. It lives 10 minutes; keep it, and get a new one on 401.
- Amounts are integers in cents of KES and multiples of 100: 150000 is KES 1,500.
- Phones go in as any usual Kenyan form (0712345678, +254712345678) and come out masked.
- POST of checkouts, attempts, payouts and refunds needs an Idempotency-Key. One key per intent, stored before the call; repeat the same key and body after a timeout, 409 idempotency_in_progress, 429 or 5xx. Never make a new key because you are not sure.
- HTTP 201 or 202 means asked for, never paid. Paid is status succeeded, by webhook, GET or event.
- Statuses pending, unknown, in_doubt and review never mean that money did not move. Do not charge or pay again.
- A checkout that is open after a failed attempt can be prompted again: POST /v1/checkouts/{id}/attempts.
- Errors are application/problem+json (RFC 9457). Switch on code, not on title or detail.
- Lists: ?limit=1..100&cursor=<next_cursor>, newest first. Ignore fields and event types that you do not know.
- Webhooks follow Standard Webhooks 1.0: verify webhook-signature over the raw body, process each webhook-id once, answer 2xx within 15 s.
- The JavaScript client does all of that: new Malipo({ clientId, clientSecret, baseUrl }) from @malipo/client.

## Guides

${guides.map(({ name, title }) => `- [${title}](${url}${guidePath(name)})`).join("\n")}

## Calls

${calls.join("\n")}

## Event types

${events.join("\n")}

## Failure codes of checkouts and payouts

${failures.join("\n")}

## Problem codes

${codes.join("\n")}
`;
}
