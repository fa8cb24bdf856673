import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const csv = ["tests/lib/csv_test.ts"];
const lists = ["tests/http/csv_test.ts"];
const filters = ["tests/http/list-filters_test.ts"];

/** Faults in files and lists: rows that are lost, doubled, in the wrong unit, or another merchant's. */
export const files: readonly Mutation[] = [
  ...mutationsOf({ area: "lib", file: "src/lib/csv.ts", tests: csv }, [
    ["if (!this.#skip('\"')) break;", "break;", "a quote in a cell ends it, and the columns move"],
    ["char === this.separator || char ===", 'char === "," || char ===', "a file with semicolons is one column"],
    ["this.#hasUnclosedQuote = true;", "", "the end of a file is lost in silence"],
    ['if (this.#unquoted() !== "") this.#problem', "if (false) this.#problem", "a cell is read without its end"],
  ]),
  ...mutationsOf({ area: "lib", file: "src/lib/csv-writer.ts", tests: lists }, [
    [
      "FORMULA.test(value) ? `'${value}` : value",
      "value",
      "a customer's text runs in the shop's spreadsheet",
      undefined,
      false,
    ],
    ["harmless.replaceAll('\"', '\"\"')", "harmless", "a quote in a name moves the columns"],
    ["NEEDS_QUOTES.test(harmless) ?", "false ?", "a comma in a name moves the columns"],
  ]),
  ...mutationsOf({ area: "http", file: "src/http/csv-columns.ts", tests: lists }, [
    ["cents === null ? null : cents / 100", "cents", "cents are shown as shillings"],
    ["cents === null ? null : cents / 100", "cents === null ? 0 : cents / 100", "what is not known is shown as zero"],
    ["nairobiDateTime(Date.parse(text))", "text", "times are shown in London's", undefined, false],
    ["|fees?|net|", "|net|", "fees are shown in cents"],
  ]),
  ...mutationsOf({ area: "http", file: "src/http/csv.ts", tests: lists }, [
    [
      "page.next_cursor == null ? null : await read({ cursor: page.next_cursor })",
      "null",
      "only the first rows of a list are in the file",
    ],
    ["controller.error(error);", "controller.close();", "a part of a list looks like all of it"],
    ["isFirst = false;", "", "the header comes again among the rows", undefined, false],
  ]),
  ...mutationsOf({ area: "http", file: "src/http/list-filters.ts", tests: filters }, [
    ["lt(at, to), prefix &&", "lte(at, to), prefix &&", "a payment at midnight is in two days"],
    [
      "min !== undefined && gte(amount, min)",
      "min !== undefined && lte(amount, min)",
      "a filter by amount is turned round",
    ],
    [
      "max !== undefined && lte(amount, max)",
      "max !== undefined && lt(amount, max)",
      "a filter by amount leaves its end out",
    ],
    ["and(gte(at, from), prefix", "and(lte(at, from), prefix", "a filter by time is turned round"],
    [
      "prefix && gte(id, idAt(prefix, from - CLOCK_MARGIN_MS))",
      "prefix && gte(id, idAt(prefix, from + CLOCK_MARGIN_MS))",
      "rows at the beginning of the time are lost",
    ],
    ["lt(id, idBeforeCursor(input.cursor)),", "", "each page of a list is the first one", [
      "tests/http/pagination_test.ts",
      ...lists,
    ]],
  ]),
];
