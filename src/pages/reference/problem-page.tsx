import { helpOf } from "../../problems/help.ts";
import { type ProblemCode, problems } from "../../problems/problem.ts";
import { problemExample } from "../../http/openapi/problems.ts";
import type { Markup } from "../markup.ts";
import { Panel } from "./operation.tsx";
import { Layout } from "./layout.tsx";
import { Json, Text } from "./text.tsx";

const retryTexts = {
  "no": "Sending the same request again will not help.",
  "after the remedy": "Once that is done, send the request again.",
  "same key": "Sending the same request again, with the same Idempotency-Key, is safe and may succeed.",
} as const;

/** The page at the `type` URL of a problem. */
export function ProblemPage(
  { code, publicUrl, style }: { code: ProblemCode; publicUrl: string; style: string },
): Markup {
  const { status, title } = problems[code];
  const { cause, remedy, retry } = helpOf(code);
  return (
    <Layout title={`${title} - Malipo`} style={style}>
      <main class="narrow">
        <p>
          <a class="brand" href="/docs">Malipo</a>
        </p>
        <section>
          <h1>{title}</h1>
          <p>
            <code>{code}</code> <span class="status">HTTP {status}</span>
          </p>
        </section>
        <section>
          <h2>What happened</h2>
          <p>
            <Text text={cause} />
          </p>
        </section>
        <section>
          <h2>What to do</h2>
          <p>
            <Text text={remedy} />
          </p>
          <p>{retryTexts[retry]}</p>
        </section>
        <section>
          <h2>What the answer looks like</h2>
          <Panel title={String(status)} note="application/problem+json">
            <Json value={problemExample(code, publicUrl)} />
          </Panel>
          <p>
            <code>detail</code>{" "}
            is about your request: what was wrong, what was expected, and what to do. When you ask for help, quote{" "}
            <code>request_id</code>.
          </p>
        </section>
        <p>
          <a href="/problems">All problem codes</a>
        </p>
      </main>
    </Layout>
  );
}
