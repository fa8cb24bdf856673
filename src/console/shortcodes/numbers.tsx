import { shortcodeNumber } from "../../http/fields.ts";
import type { Markup } from "../../pages/markup.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import { Errors } from "../kit/form.tsx";
import { Framed } from "../kit/framed.tsx";
import type { View } from "../kit/page.ts";
import { TextField } from "../kit/text-field.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { shortcodesText } from "./text.ts";

/** The numbers of a paybill or till, as they stand in the address of the second step. */
export interface Numbers {
  readonly kind: "paybill" | "till";
  readonly number: string;
  readonly store_number?: string;
}

/** The numbers in the address. Null: not asked yet. Errors: `validation_failed`. */
export function numbersOf({ url, language }: Visit): Numbers | null {
  const typed = (name: string): string => url.searchParams.get(name)?.trim() ?? "";
  const kind = typed("kind");
  if (kind === "") return null;
  if (kind !== "paybill" && kind !== "till") throw invalidField("/kind", shortcodesText[language].kindNeeded);
  const store = kind === "till" ? typed("store_number") : "";
  const numbers = { kind, number: typed("number"), ...store === "" ? {} : { store_number: store } } as const;
  for (const name of ["number", "store_number"] as const) {
    const value = numbers[name];
    if (value === undefined) continue;
    const read = shortcodeNumber.safeParse(value);
    if (!read.success) throw invalidField(`/${name}`, read.error.issues[0]?.message ?? "must be a number");
  }
  const words = shortcodesText[language];
  if (kind === "till" && store === "") throw invalidField("/store_number", words.storeNeeded);
  if (store === numbers.number) throw invalidField("/store_number", words.storeSame);
  return numbers;
}

/** The first step: which kind, and its numbers. They are no secrets, so the next step has them in its address. */
export function numbersView(visit: Visit, problem: Problem | null): View {
  const { text, url, language } = visit;
  const words = shortcodesText[language];
  const form = new FormData();
  for (const [name, value] of url.searchParams) form.append(name, value);
  const errors = problem?.errors ?? [];
  const typed = { form, errors };
  return {
    title: problem === null ? words.create : text.error(words.create),
    ...problem === null ? {} : { status: 422 as const },
    body: (
      <Framed visit={visit} title={words.create} back={hrefOf(visit, "shortcodes")}>
        {problem !== null && <Errors visit={visit} heading={text.errorsHeading} errors={errors} />}
        <form method="get" class="stack" action={url.pathname}>
          <h2>{words.stepNumbers}</h2>
          <KindField visit={visit} chosen={url.searchParams.get("kind") ?? "paybill"} />
          <TextField
            name="number"
            label={words.numberLabel}
            hint={words.numberHint}
            typed={typed}
            maxlength={10}
            inputmode="numeric"
            isNeeded
          />
          <TextField
            name="store_number"
            label={words.storeLabel}
            hint={words.storeHint}
            typed={typed}
            maxlength={10}
            inputmode="numeric"
          />
          <div class="buttons">
            <button type="submit">{text.next}</button>
            <a class="button quiet" href={hrefOf(visit, "shortcodes")}>{text.cancel}</a>
          </div>
        </form>
      </Framed>
    ),
  };
}

function KindField({ visit, chosen }: { visit: Visit; chosen: string }): Markup {
  const words = shortcodesText[visit.language];
  return (
    <fieldset id="f-kind" class="choices">
      <legend>{words.kind}</legend>
      {(["paybill", "till"] as const).map((kind) => (
        <label class="choice">
          <input type="radio" name="kind" value={kind} checked={chosen === kind} />
          <span>
            <b>{words.kinds[kind]}</b> <span class="soft">{words.kindSays[kind]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
