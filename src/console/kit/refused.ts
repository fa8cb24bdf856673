import { Problem, problems } from "../../problems/problem.ts";

/** A refusal that a person can do something about: a wrong state or value, or too much at once. Null: something else. */
export function refusedProblem(error: unknown): Problem | null {
  if (!(error instanceof Problem)) return null;
  const { status } = problems[error.code];
  return status === 409 || status === 422 || status === 429 || status === 503 ? error : null;
}
