import type { CaseKind, CaseView } from "../../domain/attention/contract.ts";
import { listAttention } from "../../domain/attention/list-attention.ts";
import type { Context } from "../../context/context.ts";
import { Problem } from "../../problems/problem.ts";
import type { IconName } from "../kit/icons.tsx";
import { recordPath } from "../kit/record-path.ts";
import type { Visit } from "../kit/visit.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const AGES = ["1h", "1d", "3d", "7d", "old"] as const;
/** How old a case is. */
export type Age = typeof AGES[number];

const LIMITS: readonly (readonly [Age, number])[] = [["1h", HOUR_MS], ["1d", DAY_MS], ["3d", 3 * DAY_MS], [
  "7d",
  7 * DAY_MS,
]];

/** The class of an age in ms. */
export const ageOf = (elapsed: number): Age => LIMITS.find(([, below]) => elapsed < below)?.[0] ?? "old";

/** How many cases are read at most: the page filters them itself, and its chart counts them. */
export const MOST_CASES = 500;

/** The cases that this person sees, the oldest first. */
export const readCases = async (ctx: Context): Promise<readonly CaseView[]> =>
  (await listAttention(ctx, { limit: MOST_CASES })).data;

/** One case. Errors: `not_found`. */
export async function loadCase(ctx: Context, id: string): Promise<CaseView> {
  const { data } = await listAttention(ctx, { q: id.slice(0, 64), limit: 1 });
  const found = data.find((one) => one.id === id);
  if (found === undefined) throw new Problem("not_found", "There is no such case any more.");
  return found;
}

/** The icon of a kind, which gives its chip the colour. */
export const kindIcons: Readonly<Record<CaseKind, IconName>> = {
  review: "alert",
  in_doubt: "question",
  unmatched: "question",
  mismatch: "alert",
  approval: "person",
  endpoint_failing: "cross",
  dead_job: "cross",
  drift: "alert",
  low_balance: "alert",
  change_request: "person",
};

/** What the acts of the API are called in the addresses of the console. */
const ACTS = { match: "match", refund: "give-back", refresh: "ask-now", cancel: "cancel", resolve: "resolve" } as const;

/** Where a person signs what became of money in doubt. */
const RESULTS: Readonly<Record<string, string>> = { payouts: "sign/payout-results", refunds: "sign/refund-results" };

/** An act of a case's subject that the console has a page for. */
export interface CaseAct {
  readonly name: keyof typeof ACTS;
  readonly path: string;
}

/** What can be done with a case's subject, the usual first. */
export function actsOf({ subject, actions }: CaseView, visit: Pick<Visit, "knows">): readonly CaseAct[] {
  const path = recordPath(subject);
  if (path === null) return [];
  return actions.flatMap((name) => {
    if (!Object.hasOwn(ACTS, name)) return [];
    const act = name as keyof typeof ACTS; // it is a key
    const signed = act === "resolve" ? RESULTS[path] : undefined;
    if (signed !== undefined) return visit.knows(`${signed}/:id`) ? [{ name: act, path: `${signed}/${subject}` }] : [];
    return visit.knows(`${path}/:id/${ACTS[act]}`) ? [{ name: act, path: `${path}/${subject}/${ACTS[act]}` }] : [];
  });
}

/** The page of a case's subject; null where there is none. */
export function subjectPath({ subject }: CaseView, visit: Pick<Visit, "knows">): string | null {
  const path = recordPath(subject);
  return path !== null && visit.knows(`${path}/:id`) ? `${path}/${subject}` : null;
}
