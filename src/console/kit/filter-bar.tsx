import type { Markup } from "../../pages/markup.ts";
import { AMOUNT_FIELDS, type Filter, type Filtering } from "./filters.ts";
import { Errors, Field, inputProps } from "./form.tsx";
import { PERIODS } from "./period.ts";
import { type Visit, withParameters } from "./visit.ts";

interface FilterBarProps {
  readonly visit: Visit;
  readonly filters: readonly Filter[];
  readonly filtering: Filtering;
  /** Whether rows are found by the time that they came. */
  readonly hasWhen: boolean;
}

/** The filters of a list, as a form whose fields stand in the address. */
export function FilterBar({ visit, filters, filtering, hasWhen }: FilterBarProps): Markup {
  const { text } = visit;
  const hidden = filters.some(({ kind }) => kind === "payer") ? visit.url.searchParams.get("payer") : null;
  const shown = filters.filter((filter) => filter.kind === "choice" && filter.isRare !== true);
  const others = filters.filter((filter) =>
    filter.kind === "amount" || (filter.kind === "choice" && filter.isRare === true)
  );
  const isOpen = others.some((filter) => namesOf(filter).some((name) => visit.url.searchParams.has(name)));
  return (
    <>
      {filtering.errors.length > 0 && <Errors visit={visit} heading={text.errorsHeading} errors={filtering.errors} />}
      <form
        class="filters"
        method="get"
        action={visit.url.pathname}
        role="search"
        aria-label={text.filters}
        data-filters=""
      >
        {hasWhen && (
          <Field name="when" label={text.when.label}>
            <Select
              name="when"
              value={filtering.period}
              options={[["", text.when.all], ...PERIODS.map((period) => [period, text.when[period]] as const)]}
            />
          </Field>
        )}
        {shown.map((filter) => (
          <FilterField key={namesOf(filter)[0]} visit={visit} filter={filter} filtering={filtering} />
        ))}
        {others.length > 0 && (
          <details class="more" open={isOpen}>
            <summary>{text.moreFilters}</summary>
            <div>
              {others.map((filter) => (
                <FilterField key={namesOf(filter)[0]} visit={visit} filter={filter} filtering={filtering} />
              ))}
            </div>
          </details>
        )}
        {hidden !== null && filtering.payer !== null && <input type="hidden" name="payer" value={hidden} />}
        <button type="submit" class="quiet">{text.filter}</button>
        {filtering.words.length > 0 && <a class="clear" href={visit.url.pathname}>{text.clear}</a>}
        {filtering.payer !== null && (
          <a class="chip grey" href={withParameters(visit, { payer: null, cursor: null, trail: null })}>
            {text.payer}: {filtering.payer} <span aria-hidden="true">×</span>
            <span class="sr">{text.removePayer}</span>
          </a>
        )}
      </form>
    </>
  );
}

const namesOf = (filter: Filter): readonly string[] =>
  filter.kind === "amount" ? AMOUNT_FIELDS : filter.kind === "payer" ? ["payer"] : [filter.name];

interface FilterFieldProps {
  readonly visit: Visit;
  readonly filter: Filter;
  readonly filtering: Filtering;
}

function FilterField({ visit, filter, filtering }: FilterFieldProps): Markup | null {
  const { text } = visit;
  const typed = (name: string) => visit.url.searchParams.get(name) ?? "";
  if (filter.kind === "payer") return null;
  if (filter.kind === "choice") {
    const options = [["", text.any] as const, ...filtering.options.get(filter.name) ?? []];
    return (
      <Field name={filter.name} label={filter.label(visit)} errors={filtering.errors}>
        <Select name={filter.name} value={typed(filter.name)} options={options} />
      </Field>
    );
  }
  return (
    <>
      {([["amount_min_kes", text.amountFrom], ["amount_max_kes", text.amountTo]] as const).map(([name, label]) => (
        <Field name={name} label={label} errors={filtering.errors}>
          <input {...inputProps(name, filtering.errors)} value={typed(name)} inputmode="decimal" size={8} />
        </Field>
      ))}
    </>
  );
}

interface SelectProps {
  readonly name: string;
  readonly value: string | null;
  readonly options: readonly (readonly [value: string, label: string])[];
}

/** A choice of one. */
export function Select({ name, value, options }: SelectProps): Markup {
  return (
    <select {...inputProps(name)}>
      {options.map(([option, label]) => (
        <option key={option} value={option} selected={option === (value ?? "")}>{label}</option>
      ))}
    </select>
  );
}
