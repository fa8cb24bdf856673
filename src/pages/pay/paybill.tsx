import type { Markup } from "../markup.ts";
import { raw } from "hono/html";
import type { FC } from "hono/jsx";
import { qrSvg } from "../../lib/qr.ts";
import { kes } from "./format.ts";
import type { PageState } from "./page-state.ts";
import { OPEN_PAYBILL_MS } from "./waiting.ts";
import { pageUrl, type View } from "./view.ts";

/** How to pay without a prompt: the numbers to type in the M-Pesa menu, and a QR code with the same numbers. */
export function Paybill(
  { view, pageState, open = false }: { view: View; pageState: PageState; open?: boolean },
): Markup | null {
  const { text } = view;
  const { paybill } = pageState;
  if (paybill === null) return null;
  const amount = pageState.split === null ? pageState.due : pageState.ask;
  const shillings = String(amount / 100);
  const waits = pageState.waitsSince !== null;
  return (
    <details class="card" id="paybill" open={open} data-open-after={waits ? OPEN_PAYBILL_MS : undefined}>
      <summary>{text.paybill}</summary>
      <div class="inside">
        <p>{text.paybillText}</p>
        <ol class="steps">
          <li>
            <span>{text.paybillSteps[0]}</span>
          </li>
          <li>
            <div>
              {text.paybillSteps[1]}
              <dl class="rows numbers">
                <Row view={view} name={text.businessNumber} value={paybill.number} copy={paybill.number} />
                <Row view={view} name={text.accountNumber} value={grouped(paybill.account)} copy={paybill.account} />
                <Row view={view} name={text.amount} value={kes(amount)} copy={shillings} />
              </dl>
            </div>
          </li>
          <li>
            <span>{text.paybillSteps[2]}</span>
          </li>
        </ol>
        <div class="qr">
          <div role="img" aria-label={text.qrLabel}>
            {raw(qrSvg(`M-PESA Pay Bill\n${paybill.number}\n${paybill.account}\nKES ${shillings}`, { border: 1 }))}
          </div>
          <p>{text.qrText}</p>
        </div>
        <a class="button quiet" href={pageUrl(pageState.id, view)} data-nojs>{text.paidByPaybill}</a>
      </div>
    </details>
  );
}

/** From this length on an account is read in groups of four. */
const GROUPED_FROM = 7;

/** An account in groups that the eye can hold. The gap is only drawn, so that who selects the text copies the account. */
function grouped(account: string): Markup | string {
  if (account.length < GROUPED_FROM || !/^[0-9A-Za-z]+$/.test(account)) return account;
  const groups = account.match(/.{1,4}/g) ?? [];
  return <span class="groups">{groups.map((group) => <span>{group}</span>)}</span>;
}

const Row: FC<{ view: View; name: string; value: Markup | string; copy: string }> = ({ view, name, value, copy }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {value}
      <button
        type="button"
        class="quiet small"
        data-js
        hidden
        data-copy={copy}
        data-done={view.text.copied}
        aria-label={`${view.text.copy}: ${name}`}
      >
        {view.text.copy}
      </button>
    </dd>
  </div>
);
