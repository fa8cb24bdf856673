import type { Role } from "../../auth/roles.ts";
import { type MinuteState, readMinutes, readStatus } from "../../monitoring/health/read-status.ts";
import type { Markup } from "../../pages/markup.ts";
import { MinutesChart } from "../charts/minutes.tsx";
import { Chip } from "../kit/chip.tsx";
import type { Page, View } from "../kit/page.ts";
import { clockText } from "../kit/values.tsx";
import type { Visit } from "../kit/visit.ts";
import { bilingual } from "../text/bilingual.ts";

const EVERYBODY: readonly Role[] = ["viewer", "cashier", "finance", "approver", "admin", "platform"];

const words = bilingual({
  en: {
    question: "Is M-Pesa well?",
    measured: (time: string) => `Measured by this service, until ${time}.`,
    chart: (shortcode: string, bad: number) =>
      bad === 0
        ? `Prompts of ${shortcode}: no trouble in the last hour`
        : `Prompts of ${shortcode}: trouble in ${bad} of the last 60 minutes`,
    unasked: (shortcode: string) => `Prompts of ${shortcode}: none was sent in the last hour`,
    minute: "Minute",
    state: "State",
    states: { ok: "well", slow: "slow", failing: "failing", none: "not asked" },
    operation: "Asked of M-Pesa",
    calls: "Calls in the last hour",
    answered: "Answered",
    accepted: "Accepted",
    usual: "Usual time",
    within: (ms: number) => `within ${ms} ms`,
    none: "Nothing was asked of M-Pesa in the last hour.",
  },
  sw: {
    question: "M-Pesa iko salama?",
    measured: (time) => `Imepimwa na huduma hii, hadi ${time}.`,
    chart: (shortcode, bad) =>
      bad === 0
        ? `Maombi ya ${shortcode}: hakuna shida kwa saa moja iliyopita`
        : `Maombi ya ${shortcode}: shida kwa dakika ${bad} kati ya 60 zilizopita`,
    unasked: (shortcode) => `Maombi ya ${shortcode}: hakuna lililotumwa kwa saa moja iliyopita`,
    minute: "Dakika",
    state: "Hali",
    states: { ok: "salama", slow: "polepole", failing: "haifanyi kazi", none: "haikuulizwa" },
    operation: "Kilichoulizwa",
    calls: "Maswali kwa saa moja",
    answered: "Yaliyojibiwa",
    accepted: "Yaliyokubaliwa",
    usual: "Muda wa kawaida",
    within: (ms) => `ndani ya ms ${ms}`,
    none: "Hakuna kilichoulizwa M-Pesa kwa saa moja iliyopita.",
  },
});

const operations: Readonly<Record<string, readonly [en: string, sw: string]>> = {
  register_urls: ["Registering addresses", "Kusajili anwani"],
  stk_push: ["Prompts", "Maombi kwenye simu"],
  stk_query: ["Questions about prompts", "Maswali kuhusu maombi"],
  b2c: ["Payouts", "Malipo yanayotoka"],
  b2b: ["Payouts to businesses", "Malipo kwa biashara"],
  reversal: ["Reversals", "Kurudisha malipo"],
  transaction_status: ["Questions about payouts", "Maswali kuhusu malipo"],
  account_balance: ["Balances", "Salio"],
};

/** Status: is M-Pesa well? */
export const statusPages: readonly Page[] = [
  { path: "status", area: "merchant", roles: EVERYBODY, nav: { name: "status", group: "service", icon: "pulse" }, get },
];

async function get(visit: Visit): Promise<View> {
  const [status, minutes] = await Promise.all([readStatus(visit.ctx), readMinutes(visit.ctx)]);
  const text = words[visit.language];
  const rows = status.operations.filter((one) => one.minutes === 60);
  return {
    title: visit.text.nav.status,
    body: (
      <>
        <header class="head">
          <div class="line">
            <h1>{visit.text.nav.status}</h1>
            <Chip kind="health" status={status.status} language={visit.language} />
          </div>
          <p class="soft">{text.question} {text.measured(clockText(Date.parse(status.measured_at)))}</p>
        </header>
        {[...Map.groupBy(minutes, ({ shortcode }) => shortcode)].map(([shortcode, cells]) => (
          <Minutes visit={visit} shortcode={shortcode} cells={cells} />
        ))}
        {rows.length === 0
          ? <p>{text.none}</p>
          : (
            <div class="wide" tabindex={0} role="region" aria-label={text.question}>
              <table class="sums">
                <caption class="sr">{text.question}</caption>
                <thead>
                  <tr>
                    <th scope="col">{text.operation}</th>
                    <th scope="col">{visit.text.shortcode}</th>
                    <th scope="col" class="end">{text.calls}</th>
                    <th scope="col" class="end">{text.answered}</th>
                    <th scope="col" class="end">{text.accepted}</th>
                    <th scope="col" class="end">{text.usual}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr>
                      <th scope="row">
                        {operations[row.operation]?.[visit.language === "sw" ? 1 : 0] ?? row.operation}
                      </th>
                      <td>{row.shortcode}</td>
                      <td class="end">{row.calls}</td>
                      <td class="end">{row.answered}</td>
                      <td class="end">{row.accepted}</td>
                      <td class="end">{row.median_ms === null ? "—" : text.within(row.median_ms)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
      </>
    ),
  };
}

interface MinutesProps {
  readonly visit: Visit;
  readonly shortcode: string;
  readonly cells: readonly MinuteState[];
}

function Minutes({ visit, shortcode, cells }: MinutesProps): Markup {
  const text = words[visit.language];
  const bad = cells.filter(({ state }) => state === "failing" || state === "slow").length;
  const isUnasked = cells.every(({ state }) => state === "none");
  return (
    <MinutesChart
      look={visit}
      caption={isUnasked ? text.unasked(shortcode) : text.chart(shortcode, bad)}
      cells={cells}
      states={text.states}
      heads={[text.minute, text.state]}
    />
  );
}
