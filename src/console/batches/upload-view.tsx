import type { Child } from "hono/jsx";
import { COLUMNS, MORE_COLUMNS } from "../../domain/payouts/batch-contract.ts";
import type { BatchCheck } from "../../domain/payouts/check-batch.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import type { FieldError } from "../../problems/problem.ts";
import { Errors, Field, Guard, inputProps } from "../kit/form.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { mistakesIn } from "./corrections.ts";
import { Mistakes, MOST_MISTAKES } from "./mistakes.tsx";
import { batchesText } from "./text.ts";

const figure = (count: number): string => shillingFigure(count * 100);
const backOf = (visit: Visit): string => hrefOf(visit, "batches");

function Head({ visit }: { visit: Visit }): Markup {
  return (
    <header class="head">
      <p>
        <a href={backOf(visit)} data-back="">{visit.text.back}</a>
      </p>
      <h1>{batchesText[visit.language].uploadTitle}</h1>
    </header>
  );
}

interface FormProps {
  readonly visit: Visit;
  readonly step: "check" | "send";
  readonly csv?: string;
  readonly formKey?: string;
  readonly children: Child;
}

/** A form that carries a file, so it is sent in parts. */
function FileForm({ visit, step, csv, formKey, children }: FormProps): Markup {
  return (
    <form method="post" action={visit.url.pathname} enctype="multipart/form-data" class="stack">
      <Guard visit={visit} back={backOf(visit)} version={null} {...formKey === undefined ? {} : { formKey }} />
      <input type="hidden" name="step" value={step} />
      {csv !== undefined && <input type="hidden" name="csv" value={csv} />}
      {children}
    </form>
  );
}

/** The first step: choose a file. */
export function UploadForm({ visit, errors }: { visit: Visit; errors: readonly FieldError[] }): Markup {
  const words = batchesText[visit.language];
  return (
    <>
      <Head visit={visit} />
      {errors.length > 0 && <Errors visit={visit} heading={visit.text.errorsHeading} errors={errors} />}
      <section class="card narrow">
        <FileForm visit={visit} step="check">
          <FileField visit={visit} errors={errors} />
          <div class="buttons">
            <button type="submit" data-busy={visit.text.working}>{words.check}</button>
            <a class="button quiet" href={backOf(visit)}>{visit.text.cancel}</a>
          </div>
          <p class="hint">{words.checkHint}</p>
        </FileForm>
      </section>
    </>
  );
}

function FileField({ visit, errors }: { visit: Visit; errors: readonly FieldError[] }): Markup {
  const words = batchesText[visit.language];
  return (
    <Field name="file" label={words.file} errors={errors}>
      <p class="hint">
        {words.fileHint} <code>{[...COLUMNS, ...MORE_COLUMNS].join(",")}</code>
      </p>
      <p class="hint">{words.columnHelp}</p>
      <input {...inputProps("file", errors)} type="file" accept=".csv,text/csv" required />
    </Field>
  );
}

interface CheckedProps {
  readonly visit: Visit;
  readonly csv: string;
  readonly found: BatchCheck;
  readonly formKey: string;
}

/** The second step: what the file would do, or what is wrong with it. */
export function CheckedFile({ visit, csv, found, formKey }: CheckedProps): Markup {
  const words = batchesText[visit.language];
  const { refusal, problems } = found;
  const isGood = problems.length === 0;
  return (
    <>
      <Head visit={visit} />
      {refusal !== null && (
        <Errors visit={visit} heading={visit.text.errorsHeading} detail={refusal.detail} errors={[]} />
      )}
      {isGood
        ? <p class="note good" role="status">{words.good(figure(found.payouts), shillings(found.amount))}</p>
        : <Corrections visit={visit} csv={csv} found={found} />}
      {(isGood || found.canLeaveOut) && (
        <section class="card narrow">
          <FileForm visit={visit} step="send" csv={csv} formKey={formKey}>
            {!isGood && <input type="hidden" name="leave_out" value="1" />}
            {refusal?.code === "looks_like_a_duplicate" && (
              <label class="choice">
                <input type="checkbox" name="allow_duplicate" value="1" />
                <span>{words.allowRepeats}</span>
              </label>
            )}
            <p class="consequence">{saysOf(visit, found)}</p>
            <p class="hint">{words.mayWait}</p>
            <div class="buttons">
              <button type="submit" class="grave" data-busy={visit.text.working}>{buttonOf(visit, found)}</button>
              {isGood && <a class="button quiet" href={visit.url.pathname}>{words.otherFile}</a>}
            </div>
          </FileForm>
        </section>
      )}
    </>
  );
}

const wrongLines = ({ problems }: BatchCheck): number =>
  new Set(problems.map(({ pointer }) => pointer.split("/")[2])).size;

function saysOf({ language }: Visit, found: BatchCheck): string {
  const words = batchesText[language];
  const [count, sum] = [figure(found.payouts), shillings(found.amount)];
  return found.problems.length === 0
    ? words.sendSays(count, sum)
    : words.leaveOutSays(figure(wrongLines(found)), count, sum);
}

function buttonOf({ language }: Visit, found: BatchCheck): string {
  const words = batchesText[language];
  return found.problems.length === 0
    ? words.sendButton(figure(found.payouts), shillings(found.amount))
    : words.leaveOutButton(figure(wrongLines(found)), shillings(found.amount));
}

function Corrections({ visit, csv, found }: Omit<CheckedProps, "formKey">): Markup {
  const words = batchesText[visit.language];
  const mistakes = mistakesIn(csv, found.problems);
  const hidden = mistakes.length - MOST_MISTAKES;
  return (
    <FileForm visit={visit} step="check" csv={csv}>
      <p class="note bad" role="alert">{words.wrong(figure(wrongLines(found)), figure(found.rows))}</p>
      <Mistakes visit={visit} mistakes={mistakes.slice(0, MOST_MISTAKES)} />
      {hidden > 0 && <p>{words.tooMany(figure(hidden))}</p>}
      <div class="buttons">
        {mistakes.some(({ field }) => field !== null) && (
          <button type="submit" class="wide-only" data-busy={visit.text.working}>{words.checkAgain}</button>
        )}
        <a class="button quiet" href={visit.url.pathname}>{words.otherFile}</a>
      </div>
      <p class="hint narrow-only">{words.onPhone}</p>
    </FileForm>
  );
}
