import { noteAttention, sleepAttention, takeAttention } from "../../domain/attention/act.ts";
import type { CaseView } from "../../domain/attention/contract.ts";
import { freeText } from "../../http/fields.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Act, Subject } from "../kit/act.ts";
import { Field, inputProps } from "../kit/form.tsx";
import { KEEPERS } from "../kit/roles.ts";
import type { Visit } from "../kit/visit.ts";
import { loadCase } from "./cases.ts";
import { attentionText } from "./text.ts";

const wordsOf = ({ language }: Pick<Visit, "language">) => attentionText[language];
const DAY_HOURS = 24;
const MAX_NOTE = 500;
const noteText = freeText(1, MAX_NOTE);

/** What the acts on cases are about. */
export const caseSubject: Subject<CaseView> = {
  path: "attention",
  load: loadCase,
  summary: (row) => <b>{row.text}</b>,
};

const base = { roles: KEEPERS, scopes: ["checkouts:read"], offered: () => true } as const;

const take: Act<CaseView> = {
  ...base,
  name: "take",
  label: (look) => wordsOf(look).take,
  run: (ctx, { id }) => takeAttention(ctx, { id }),
  did: (look) => wordsOf(look).taken,
};

/**
 * Writes a note to a case, from its card or from the page of what it is about. `caseIdOf`: the case's id. `offered`: whether
 * there is a case.
 */
export const noteAct = <R,>(caseIdOf: (row: R) => string, offered: (row: R) => boolean): Act<R> => ({
  roles: KEEPERS,
  scopes: ["checkouts:read"],
  offered,
  name: "note",
  label: (look) => wordsOf(look).note,
  fields(_row, visit, form) {
    const words = wordsOf(visit);
    const typed = form.get("text");
    return (
      <Field name="text" label={words.noteLabel} hint={words.noteHint}>
        <textarea {...inputProps("text")} maxlength={MAX_NOTE} required>
          {typeof typed === "string" ? typed : ""}
        </textarea>
      </Field>
    );
  },
  async run(ctx, row, form) {
    const text = noteText.safeParse(form.get("text"));
    if (!text.success) throw invalidField("/text", text.error.issues[0]?.message ?? "must be a text");
    return await noteAttention(ctx, { id: caseIdOf(row), text: text.data });
  },
  did: (look) => wordsOf(look).noted,
});

const note = noteAct<CaseView>(({ id }) => id, () => true);

/** Kinds that move no money. The others leave only with their cause. */
const QUIET: ReadonlySet<CaseView["kind"]> = new Set(["endpoint_failing", "low_balance", "change_request"]);

const sleep: Act<CaseView> = {
  ...base,
  name: "sleep",
  label: (look) => wordsOf(look).sleep,
  offered: ({ kind }) => QUIET.has(kind),
  run: (ctx, { id }) => sleepAttention(ctx, { id, hours: DAY_HOURS }),
  did: (look) => wordsOf(look).slept,
};

/** What can be done with a case itself. */
export const caseActs: readonly Act<CaseView>[] = [take, note, sleep];
