import type { Hono } from "hono";
import type { Env } from "../../http/env.ts";
import { createAsset, minifyCss } from "../assets/assets.ts";
import { CONTENT_SECURITY_POLICY } from "../headers.ts";
import type { Clock } from "../../platform/ports.ts";
import type { Markup } from "../markup.ts";
import { Layout } from "../reference/layout.tsx";
import { referenceCss } from "../reference/style.ts";

/** What the page shows: the state of each operation and its median time (ms). No figure of a merchant. */
interface PublicStatus {
  readonly operations: readonly {
    readonly operation: string;
    readonly state: keyof typeof states;
    readonly medianMs: number | null;
  }[];
  readonly measuredAt: string;
}

/** One reading serves everybody for this long, so that no visitor can load the database. */
const KEPT_MS = 15_000;

const operationNames: Readonly<Record<string, string>> = {
  stk_push: "Payment prompts",
  stk_query: "Questions about prompts",
  b2c: "Payouts to phones",
  b2b: "Payouts to businesses",
  reversal: "Reversals",
  transaction_status: "Questions about transactions",
  account_balance: "Balances",
};
const states = { ok: "works", failing: "fails", no_data: "not measured in the last 5 minutes" } as const;

function StatusPage({ status, style }: { status: PublicStatus; style: string }): Markup {
  return (
    <Layout title="Status - Malipo" style={style}>
      <main class="narrow">
        <h1>How M-Pesa answers</h1>
        <p>Measured by this service over the last 5 minutes, until {status.measuredAt}.</p>
        <table>
          <thead>
            <tr>
              <th>Service of M-Pesa</th>
              <th>State</th>
              <th>Usual time</th>
            </tr>
          </thead>
          <tbody>
            {status.operations.map(({ operation, state, medianMs }) => (
              <tr>
                <td>{operationNames[operation] ?? operation.replaceAll("_", " ")}</td>
                <td>{states[state]}</td>
                <td>{medianMs === null ? "-" : `up to ${medianMs} ms`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </main>
    </Layout>
  );
}

/** `GET /status`: the public page about Daraja's health. It shows no figure of a merchant. */
export function statusRoutes(app: Hono<Env>, clock: Clock, measure: () => Promise<PublicStatus>): void {
  let kept: { readonly at: number; readonly page: Promise<string> } | undefined;
  const read = async () => {
    const { path } = await createAsset("docs", "css", "text/css; charset=utf-8", minifyCss(referenceCss));
    const status = await measure();
    return `<!DOCTYPE html>${await <StatusPage status={status} style={`/docs${path}`} />}`;
  };
  app.get("/status", async (c) => {
    const now = clock.now();
    if (kept === undefined || now - kept.at >= KEPT_MS || now < kept.at) kept = { at: now, page: read() };
    const page = await kept.page.catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    c.header("Content-Security-Policy", CONTENT_SECURITY_POLICY.join("; "));
    c.header("Cache-Control", "public, max-age=15");
    return c.html(page);
  });
}
