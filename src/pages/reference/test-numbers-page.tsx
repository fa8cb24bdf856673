import type { Markup } from "../markup.ts";
import { failureRows } from "./failure-table.ts";
import { payoutFaults, phoneOf, promptFaults, type TestNumber } from "./test-numbers.ts";
import { Text } from "./text.tsx";

interface Row {
  readonly phone: string;
  readonly what: string;
  readonly ends: string;
}

const faultRows = (faults: readonly TestNumber[]): readonly Row[] =>
  faults.map(({ lastFour, what, ends }) => ({ phone: `25470000${lastFour}`, what, ends }));

const resultRows = (kind: "prompts" | "payouts"): readonly Row[] =>
  failureRows.flatMap((row) =>
    row[kind].flatMap((result) => {
      const phone = phoneOf(kind, result);
      return phone === null ? [] : [{ phone, what: row.message, ends: `\`${row.code}\` (M-Pesa: ${result})` }];
    })
  );

/** `/docs/test-numbers`: the phones of the simulator and of `deno task dev`. */
export const TestNumbers = (): Markup => (
  <section class="intro">
    <h1>Test numbers</h1>
    <div class="prose">
      <p>
        For <code>deno task dev</code> and{" "}
        <code>deno task simulator</code>, where no money moves. The last four digits of the phone choose what happens;
        any other number, such as <code>254712345678</code>, pays. Safaricom's own sandbox does not know them.
      </p>
      <p>
        The demo paybill is <code>600000</code>, the demo till <code>500000</code>.
      </p>
    </div>
    <Table title="Prompts that are not paid" rows={resultRows("prompts")} last="Failure" />
    <Table title="Prompts with faults" rows={faultRows(promptFaults)} last="Checkout ends" />
    <Table title="Payouts that fail" rows={resultRows("payouts")} last="Failure" />
    <Table title="Payouts with faults" rows={faultRows(payoutFaults)} last="Payout ends" />
  </section>
);

const Table = ({ title, rows, last }: { title: string; rows: readonly Row[]; last: string }): Markup => (
  <>
    <h2>{title}</h2>
    <div class="table" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th>Phone</th>
            <th>What happens</th>
            <th>{last}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ phone, what, ends }) => (
            <tr>
              <td>
                <code>{phone}</code>
              </td>
              <td>
                <Text text={what} />
              </td>
              <td>
                <Text text={ends} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
);
