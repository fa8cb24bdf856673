import { type ProblemCode, problems } from "../../problems/problem.ts";
import type { Markup } from "../markup.ts";
import { Layout } from "./layout.tsx";

const codes = Object.keys(problems) as ProblemCode[]; // keys of a const record

const List = (): Markup => (
  <ul>
    {codes.map((code) => (
      <li>
        <a href={`/problems/${code}`}>
          <code>{code}</code>
        </a>{" "}
        {problems[code].title} ({problems[code].status})
      </li>
    ))}
  </ul>
);

/** `/problems`: every code of the API. `unknown`: the page of a code that there is not. */
export function ProblemList({ style, unknown }: { style: string; unknown: boolean }): Markup {
  const title = unknown ? "This problem is not known" : "Problems";
  return (
    <Layout title={`${title} - Malipo`} style={style}>
      <main class="narrow">
        <p>
          <a class="brand" href="/docs">Malipo</a>
        </p>
        <h1>{title}</h1>
        <p>
          {unknown
            ? "No error of this version has this code. A newer version may; check the address, or look for it here."
            : "Every error answers with one of these codes. Decide by the code, not by the text."}
        </p>
        <List />
      </main>
    </Layout>
  );
}

/** `/` in a browser: what runs at this address. */
export function LandingPage({ style, version }: { style: string; version: string }): Markup {
  return (
    <Layout title="Malipo" style={style}>
      <main class="narrow">
        <h1>Malipo</h1>
        <p>M-Pesa checkout and payout for shops, version {version}. This address serves:</p>
        <ul>
          <li>
            <a href="/docs">Documentation</a> of the API, and <a href="/openapi.json">openapi.json</a>
          </li>
          <li>
            <a href="/console">Console</a> for the people of a merchant
          </li>
          <li>
            <a href="/status">Status</a> of M-Pesa as measured here
          </li>
          <li>
            <a href="/problems">Problems</a>: what each error means and what to do
          </li>
        </ul>
      </main>
    </Layout>
  );
}
