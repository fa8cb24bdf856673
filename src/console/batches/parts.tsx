import type { BatchView } from "../../domain/payouts/batch-contract.ts";
import { payoutStatus } from "../../domain/payouts/contract.ts";
import { shillingFigure } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { Chip } from "../kit/chip.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { isOwn } from "../payouts/own.ts";
import { batchesText } from "./text.ts";

const MOST_LEFT_OUT = 50;

/** How far a batch is, by the states of its payouts, and what was left out of it. */
export function BatchParts({ row, visit }: { row: BatchView; visit: Visit }): Markup {
  const words = batchesText[visit.language];
  const states = payoutStatus.options.filter((status) => (row.counts[status] ?? 0) > 0);
  return (
    <>
      {(row.counts.awaiting_approval ?? 0) > 0 && isOwn(row, visit) && <p class="note">{words.own}</p>}
      <section class="card">
        <h2>{words.states}</h2>
        <ul class="links">
          {states.map((status) => (
            <li>
              <a href={hrefOf(visit, `payouts?${new URLSearchParams({ batch: row.id, status })}`)}>
                <Chip kind="payout" status={status} language={visit.language} />
                <b>{shillingFigure((row.counts[status] ?? 0) * 100)}</b>
              </a>
            </li>
          ))}
        </ul>
        <p>
          <a href={hrefOf(visit, `payouts?${new URLSearchParams({ batch: row.id })}`)}>{words.allPayouts}</a>
        </p>
      </section>
      {row.problems.length > 0 && (
        <section class="card">
          <h2>{words.leftOut}</h2>
          <ul class="links plain">
            {row.problems.slice(0, MOST_LEFT_OUT).map(({ pointer, detail }) => (
              <li>
                <span class="id">{pointer}</span>
                <span>{detail}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
