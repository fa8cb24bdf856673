import type { Document } from "../../http/openapi/types.ts";
import type { Markup } from "../markup.ts";
import { failureRows } from "./failure-table.ts";
import { Text } from "./text.tsx";

/** `/docs/event-types`: what webhooks tell. */
export function EventTypes({ document }: { document: Document }): Markup {
  return (
    <section class="intro">
      <h1>Event types</h1>
      <div class="table" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th>Type</th>
              <th>Says</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(document.webhooks).map(([type, { post }]) => (
              <tr id={type}>
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
  );
}

/** `/docs/failures`: our codes, and those of M-Pesa. */
export function Failures(): Markup {
  return (
    <section class="intro">
      <h1>Why money did not move</h1>
      <p class="lead">
        The <code>code</code> of <code>last_failure</code> and{" "}
        <code>failure</code>. M-Pesa's own numbers are for support.
      </p>
      <div class="table" tabindex={0}>
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
              <tr id={code}>
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
  );
}
