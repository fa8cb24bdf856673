import { type FieldError, Problem, problems } from "../../problems/problem.ts";
import type { Visit } from "./visit.ts";

/** Refusals of this one record, not of the page: its person can read why. */
const ABOUT_RECORD: ReadonlySet<string> = new Set(["other_lineage", "scope_not_held"]);

/** A refusal that a person can do something about: a wrong state or value, or too much at once. Null: something else. */
export function refusedProblem(error: unknown): Problem | null {
  if (!(error instanceof Problem)) return null;
  const { status } = problems[error.code];
  const isShown = status === 409 || status === 422 || status === 429 || status === 503;
  return isShown || ABOUT_RECORD.has(error.code) ? error : null;
}

/** Why a form is shown again. */
export interface Refused {
  readonly heading: string;
  readonly detail?: string;
  readonly errors: readonly FieldError[];
  readonly status: 409 | 422 | 429 | 503;
}

/** The refusal as the form says it. Null: the page can't be shown at all. */
export function refusalOf(error: unknown, { text }: Pick<Visit, "text">): Refused | null {
  const problem = refusedProblem(error);
  if (problem === null) return null;
  if (problem.code === "idempotency_in_progress") return { heading: text.stillWorking, errors: [], status: 409 };
  const { status } = problems[problem.code];
  return {
    heading: text.errorsHeading,
    ...problem.errors.length > 0 ? {} : { detail: problem.detail },
    errors: problem.errors,
    status: status === 429 || status === 503 ? status : 422, // to a person a wrong state is wrong input
  };
}
