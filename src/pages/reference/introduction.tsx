import { EXPLAINED_CODES } from "../../problems/help.ts";
import { type ProblemCode, problems } from "../../problems/problem.ts";
import type { Document } from "../../http/openapi/types.ts";
import type { Markup } from "../markup.ts";
import { failureRows } from "./failure-table.ts";
import { Panel } from "./operation.tsx";
import { Shell, Text } from "./text.tsx";

/** The start of the reference: a first payment in three calls, and the rules that hold for every call. */
export function Introduction({ document }: { document: Document }): Markup {
  const url = document.servers[0]?.url ?? "";
  return (
    <>
      <section class="intro" id="introduction">
        <h1>Malipo API</h1>
        <p class="lead">
          M-Pesa payments for storefronts. Money that moved is recorded exactly once, money that may have moved is never
          called failed, and nothing is paid twice.
        </p>
        <div class="prose">
          <p>
            Base address <code>{url}</code>, version{" "}
            <code>{document.info.version}</code>. The machine-readable description is at{" "}
            <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1), a short one for language models at{" "}
            <a href="/llms.txt">/llms.txt</a>.
          </p>
        </div>
      </section>
      <Start url={url} />
      <Conventions />
    </>
  );
}

function Start({ url }: { url: string }): Markup {
  return (
    <section class="intro" id="start">
      <h2>Take a payment</h2>
      <div class="prose">
        <p>Get a token with your client's id and secret; it lives 10 minutes.</p>
        <Panel title="1. A token">
          <Shell
            text={`TOKEN=$(curl -s ${url}/oauth/token -u $CLIENT_ID:$CLIENT_SECRET \\
  -d grant_type=client_credentials | jq -r .access_token)`}
          />
        </Panel>
        <p>
          Prompt the customer's phone for KES 1,500. The answer is <code>pending</code>: nothing is paid yet.
        </p>
        <Panel title="2. A checkout">
          <Shell
            text={`curl ${url}/v1/checkouts \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Idempotency-Key: order-1001-1" \\
  -H "Content-Type: application/json" \\
  -d '{"amount": 150000, "currency": "KES",
       "reference": "order-1001", "phone_number": "0712345678"}'`}
          />
        </Panel>
        <p>
          Deliver when a webhook says <code>checkout.succeeded</code>, or when you read it:
        </p>
        <Panel title="3. The end">
          <Shell
            text={`curl "${url}/v1/checkouts?reference=order-1001" \\
  -H "Authorization: Bearer $TOKEN"`}
          />
        </Panel>
      </div>
    </section>
  );
}

const conventions: readonly (readonly [string, string, string])[] = [
  [
    "Amounts",
    "amounts",
    "Integers in cents of KES: `150000` is KES 1,500.00. M-Pesa moves whole shillings, so an amount is a multiple of 100.",
  ],
  [
    "Phones",
    "phones",
    "Any usual form of a Kenyan mobile number is taken, such as `0712345678` or `+254 712 345 678`. Answers carry it masked.",
  ],
  ["Times", "times", "RFC 3339 in UTC, such as `2026-11-22T09:30:00.000Z`."],
  [
    "Repeating safely",
    "idempotency",
    "A call that moves money takes an `Idempotency-Key`: make one for each intent, store it before you call, and send the same key with the same body whenever you are not sure. You get the first answer again, marked `Idempotent-Replayed: true`, for 7 days.",
  ],
  [
    "Lists",
    "lists",
    "Newest first. `limit` is 1 to 100; `cursor` takes the `next_cursor` of the page before, which is null on the last.",
  ],
  [
    "Errors",
    "errors",
    "Problem details (RFC 9457), `application/problem+json`. Switch on `code`; `errors` names each wrong field by JSON Pointer; `type` resolves to a page that says what to do; quote `request_id` when you ask for help.",
  ],
  [
    "What may have happened",
    "doubt",
    "`pending`, `unknown`, `in_doubt` and `review` never mean that money did not move. Wait for the event, ask with `/refresh`, and don't make a second one.",
  ],
  [
    "Versions",
    "versions",
    "`/v1` stays compatible; every answer carries `API-Version`. Fields, event types and codes may be added: let pass what you don't know. What will go away says so by `Deprecation` and `Sunset`.",
  ],
];

const Conventions = (): Markup => (
  <section class="intro" id="conventions">
    <h2>What holds everywhere</h2>
    <div class="prose">
      {conventions.map(([title, id, text]) => (
        <div id={id}>
          <h3>{title}</h3>
          <p>
            <Text text={text} />
          </p>
        </div>
      ))}
    </div>
  </section>
);

/** The tables at the end: events, problems, and why M-Pesa did not move money. */
export function Tables({ document }: { document: Document }): Markup {
  return (
    <>
      <section class="intro" id="event-types">
        <h2>Event types</h2>
        <div class="table">
          <table>
            <thead>
              <tr>
                <th>Type</th>
                <th>Says</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(document.webhooks).map(([type, { post }]) => (
                <tr>
                  <td>
                    <code>{type}</code>
                  </td>
                  <td>
                    <Text text={post?.summary ?? ""} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section class="intro" id="failures">
        <h2>Why money did not move</h2>
        <p class="lead">
          The <code>code</code> of <code>last_failure</code> and{" "}
          <code>failure</code>. M-Pesa's own numbers are for support.
        </p>
        <div class="table">
          <table>
            <thead>
              <tr>
                <th>Code</th>
                <th>Means</th>
                <th>What to do</th>
                <th>M-Pesa's</th>
              </tr>
            </thead>
            <tbody>
              {failureRows.map(({ code, message, advice, prompts, payouts }) => (
                <tr>
                  <td>
                    <code>{code}</code>
                  </td>
                  <td>{message}</td>
                  <td>{advice}</td>
                  <td>{[...new Set([...prompts, ...payouts])].join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section class="intro" id="problems">
        <h2>Problem codes</h2>
        <div class="table">
          <table>
            <thead>
              <tr>
                <th>Status</th>
                <th>Code</th>
                <th>Means</th>
              </tr>
            </thead>
            <tbody>
              {(Object.entries(problems) as [ProblemCode, { status: number; title: string }][])
                .filter(([code]) => EXPLAINED_CODES.has(code)).map(([code, { status, title }]) => (
                  <tr>
                    <td>{status}</td>
                    <td>
                      <a href={`/problems/${code}`}>{code}</a>
                    </td>
                    <td>{title}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}
