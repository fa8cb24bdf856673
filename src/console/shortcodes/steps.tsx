import { listPayments } from "../../domain/payments/read.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import { Label } from "../kit/chip.tsx";
import { When } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { shortcodesText } from "./text.ts";

interface Step {
  readonly name: string;
  readonly isDone: boolean;
  /** The last part of the address of the page where it is done. */
  readonly page: string;
}

/** When money came to a shortcode last; null: never. RFC 3339. */
async function lastMoneyAt({ number }: ShortcodeView, { ctx }: Pick<Visit, "ctx">): Promise<string | null> {
  const { data: [last] } = await listPayments(ctx, { shortcode: number, limit: 1 });
  return last === undefined ? null : last.paid_at ?? last.created_at;
}

/** When money came to a shortcode last. */
export async function LastMoney({ row, visit }: { row: ShortcodeView; visit: Visit }): Promise<Markup> {
  const at = await lastMoneyAt(row, visit);
  return at === null ? <span class="soft">{shortcodesText[visit.language].never}</span> : <When at={at} look={visit} />;
}

/** What is set up, and where the next step is. */
export async function Steps({ row, visit }: { row: ShortcodeView; visit: Visit }): Promise<Markup> {
  const words = shortcodesText[visit.language];
  const steps: readonly Step[] = [
    { name: words.stepNumbers, isDone: true, page: "edit" },
    { name: words.stepKeys, isDone: row.proven_at !== null, page: row.proven_at === null ? "check" : "keys" },
    { name: words.stepAddresses, isDone: row.urls !== null, page: "addresses" },
    { name: words.stepTest, isDone: await lastMoneyAt(row, visit) !== null, page: "test" },
  ];
  return (
    <section class="card">
      <h2>{words.setUp}</h2>
      <ol class="links plain">
        {steps.map(({ name, isDone, page }, i) => (
          <li>
            <span>
              {i + 1}. {visit.knows(`shortcodes/:id/${page}`)
                ? <a href={hrefOf(visit, `shortcodes/${row.id}/${page}`)}>{name}</a>
                : name}
            </span>
            <Label icon={isDone ? "tick" : "dash"} word={isDone ? words.stepDone : words.skipped} />
          </li>
        ))}
      </ol>
    </section>
  );
}
