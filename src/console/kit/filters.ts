import { z } from "zod";
import { validationProblem } from "../../http/respond.ts";
import type { FieldError } from "../../problems/problem.ts";
import type { Words } from "./page.ts";
import { isPeriod, type Period, rangeOf } from "./period.ts";
import { unseal } from "./sealed.ts";
import { phoneText, shortTime } from "./values.tsx";
import type { Visit } from "./visit.ts";

type Option = readonly [value: string, label: string];

/** A filter of a list, besides `when`. Its name is the parameter of the API. */
export type Filter =
  | {
    readonly kind: "choice";
    readonly name: string;
    readonly label: Words;
    /** It stands behind "More". */
    readonly isRare?: true;
    readonly options: (visit: Visit) => readonly Option[] | Promise<readonly Option[]>;
  }
  /** From and to in shillings: `amount_min` and `amount_max` of the API in another unit, so under other names. */
  | { readonly kind: "amount" }
  /** A whole phone, sealed in the address. Only the search writes it. */
  | { readonly kind: "payer" };

/** What the address asks for, of one filter or of `when`. */
interface Asked {
  /** Parameters of the API. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The filter in words, for the sentence that says what is shown. */
  readonly words: string;
}

/** The filters of a visit. */
export interface Filtering {
  /** The input of the list's operation, without the cursor. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
  readonly period: Period | null;
  /** The phone of the payer, masked. */
  readonly payer: string | null;
  readonly errors: readonly FieldError[];
  /** The options of each choice, by its name. */
  readonly options: ReadonlyMap<string, readonly Option[]>;
}

/** Reads the filters of an address. What the list does not take is an error of its field. */
export async function readFilters(
  visit: Visit,
  filters: readonly Filter[],
  query: z.ZodType = z.object({}),
): Promise<Filtering> {
  const parameter = (name: string) => visit.url.searchParams.get(name) || null;
  const when = parameter("when");
  const period = isPeriod(when) ? when : null;
  const options = new Map<string, readonly Option[]>();
  const asked: Asked[] = period === null ? timesAsked(visit, parameter) : [whenAsked(visit, period)];
  const errors: FieldError[] = [];
  let payer: string | null = null;
  for (const filter of filters) {
    if (filter.kind === "choice") {
      const all = await filter.options(visit);
      options.set(filter.name, all);
      const value = parameter(filter.name);
      const label = all.find(([option]) => option === value)?.[1] ?? value;
      if (value !== null) {
        asked.push({ input: { [filter.name]: value }, words: `${filter.label(visit)}: ${label}` });
      }
    } else if (filter.kind === "amount") {
      asked.push(...amountsAsked(visit, parameter, errors));
    } else {
      const phone = await unseal(visit, "payer", parameter("payer"));
      if (typeof phone !== "string") continue;
      payer = phoneText(`${phone.slice(0, 4)}•••••${phone.slice(-3)}`);
      asked.push({ input: { phone }, words: `${visit.text.payer}: ${payer}` });
    }
  }
  const input = Object.assign({}, ...asked.map((one) => one.input));
  const checked = query.safeParse(input);
  if (!checked.success) errors.push(...validationProblem(checked.error, "query").errors);
  return {
    input: checked.success ? checked.data as Readonly<Record<string, unknown>> : {}, // the query of an operation is an object
    words: asked.map(({ words }) => words),
    period,
    payer,
    errors,
    options,
  };
}

function whenAsked({ now, text }: Visit, period: Period): Asked {
  const { from, to } = rangeOf(period, now);
  const input = { created_from: iso(from), ...to === undefined ? {} : { created_to: iso(to) } };
  return { input, words: text.when[period] };
}

/** A time by the API's own parameters, as a report links to its lists. */
function timesAsked(visit: Visit, parameter: (name: string) => string | null): Asked[] {
  return TIMES.flatMap(([name, sign]) => {
    const text = parameter(name);
    if (text === null) return [];
    const ms = Date.parse(text);
    return [{ input: { [name]: text }, words: `${sign} ${Number.isNaN(ms) ? text : shortTime(ms, visit)}` }];
  });
}

const TIMES = [["created_from", "≥"], ["created_to", "<"]] as const;

const iso = (ms: number): string => new Date(ms).toISOString();

const AMOUNTS = [["amount_min_kes", "amount_min"], ["amount_max_kes", "amount_max"]] as const;

/** The fields of the filter by amount. */
export const AMOUNT_FIELDS: readonly string[] = AMOUNTS.map(([name]) => name);

function amountsAsked({ text }: Visit, parameter: (name: string) => string | null, errors: FieldError[]): Asked[] {
  return AMOUNTS.flatMap(([name, apiName]) => {
    const typed = parameter(name);
    if (typed === null) return [];
    const cents = centsOf(typed);
    if (cents === null) {
      errors.push({ pointer: name, detail: "must be an amount in KES, such as 1500" });
      return [];
    }
    const label = name === "amount_min_kes" ? text.amountFrom : text.amountTo;
    return [{ input: { [apiName]: String(cents) }, words: `${label} ${typed}` }];
  });
}

/** Shillings as people type them (`1,500`, `1500.50`), in cents. Null: no amount. */
export function centsOf(typed: string): number | null {
  const plain = typed.trim().replace(/^(kes|ksh)\s*/i, "").replaceAll(/[,\s]/g, "");
  const [, whole, fraction = ""] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(plain) ?? [];
  return whole === undefined ? null : Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}
