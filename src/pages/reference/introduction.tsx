import type { Markup } from "../markup.ts";
import { type Frame, TOPICS } from "./layout.tsx";
import { Method, Panel } from "./operation.tsx";
import { callPath, callsOf, guidePath, tagPath } from "./places.ts";
import { Shell } from "./text.tsx";

/** `/docs`: a first payment in three calls, the guides, and every operation by its group. */
export function Introduction({ frame: { document, guides } }: { frame: Frame }): Markup {
  const url = document.servers[0]?.url ?? "";
  return (
    <>
      <section class="intro">
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
      <FirstPayment url={url} />
      <section class="intro">
        <h2>Guides</h2>
        <ul class="cards">
          {guides.map(({ name, title }) => (
            <li>
              <a href={guidePath(name)}>{title}</a>
            </li>
          ))}
          {TOPICS.map(([path, title]) => (
            <li>
              <a href={path}>{title}</a>
            </li>
          ))}
        </ul>
      </section>
      <section class="intro">
        <h2>Operations</h2>
        {document.tags.filter(({ name }) => callsOf(document, name).length > 0).map(({ name, description }) => (
          <section class="group">
            <h3>
              <a href={tagPath(name)}>{name}</a>
            </h3>
            <p>{description}</p>
            <Operations calls={callsOf(document, name)} />
          </section>
        ))}
      </section>
    </>
  );
}

/** The operations of a group. The ids keep addresses of earlier versions working, such as `/docs#createCheckout`. */
export const Operations = ({ calls }: { calls: ReturnType<typeof callsOf> }): Markup => (
  <ul class="operations">
    {calls.map(({ method, operation }) => (
      <li id={operation.operationId}>
        <Method method={method} /> <a href={callPath(operation)}>{operation.summary}</a>
      </li>
    ))}
  </ul>
);

function FirstPayment({ url }: { url: string }): Markup {
  return (
    <section class="intro">
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
