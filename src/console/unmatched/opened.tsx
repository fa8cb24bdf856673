import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { offeredActs } from "../kit/act.ts";
import { CaseNotes } from "../attention/notes.tsx";
import { hrefOf, type Visit, withParameters } from "../kit/visit.ts";
import { candidatesOf } from "../payments/candidates.ts";
import { matchAct } from "../payments/match.tsx";
import { paymentsText } from "../payments/text.ts";

/** Under a row: the places that the money may be for, each with its fit, and what people wrote about it. */
export async function Opened({ row, visit }: { row: PaymentView; visit: Visit }): Promise<Markup> {
  const words = paymentsText[visit.language];
  const candidates = await candidatesOf(row, visit);
  const mayMatch = offeredActs([matchAct], row, visit).length > 0;
  const back = withParameters(visit, { done: null });
  return (
    <div class="stack">
      {candidates.length === 0 ? <p class="soft">{words.noCandidates}</p> : (
        <ul class="links plain">
          {candidates.map(({ id, reference, amount, reason }) => (
            <li>
              <span>
                <b>{words.candidate(reference, shillings(amount))}</b> <span class="soft">· {reason}</span>
              </span>
              {mayMatch && (
                <a
                  class="act"
                  href={`${hrefOf(visit, `payments/${row.id}/match`)}?${new URLSearchParams({ candidate: id, back })}`}
                >
                  {words.match}
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
      <CaseNotes row={row} visit={visit} />
    </div>
  );
}
