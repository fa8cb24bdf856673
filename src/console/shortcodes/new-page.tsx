import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import * as contract from "../../domain/shortcodes/contract.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import { Proposal } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { backWith } from "../kit/done.ts";
import { formPage } from "../kit/form-page.tsx";
import { given } from "../kit/given.ts";
import type { Page } from "../kit/page.ts";
import { parsed } from "../kit/parsed.ts";
import { proposing } from "../kit/proposing.ts";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { KEY_FIELDS, KeyFields } from "./key-fields.tsx";
import { NameFields } from "./name-fields.tsx";
import { type Numbers, numbersOf, numbersView } from "./numbers.tsx";
import { shortcodesText } from "./text.ts";

/** Adds a paybill or till in two steps: numbers, then names and keys. Its own page leads through the rest. */
export function newShortcodePage(kinds: ChangeKinds): Page {
  const keys = keysPage(kinds);
  return {
    ...keys,
    get(visit) {
      try {
        return numbersOf(visit) === null ? Promise.resolve(numbersView(visit, null)) : keys.get(visit);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "validation_failed") throw error;
        return Promise.resolve(numbersView(visit, error));
      }
    },
  };
}

/** The numbers that the first step has put into the address. Errors: `validation_failed`. */
function requireNumbers(visit: Visit): Numbers {
  const numbers = numbersOf(visit);
  if (numbers === null) throw new Problem("validation_failed", shortcodesText[visit.language].kindNeeded);
  return numbers;
}

function keysPage(kinds: ChangeKinds): Page {
  const create = proposing(kinds, contract.createShortcode);
  return formPage<Numbers, ShortcodeView>({
    path: "shortcodes/new",
    roles: ["admin"],
    title: ({ language }) => shortcodesText[language].create,
    load: (visit) => Promise.resolve(requireNumbers(visit)),
    home: () => "shortcodes",
    fields(numbers, visit, typed) {
      const words = shortcodesText[visit.language];
      return (
        <>
          <h2>{words.stepKeys}</h2>
          <p>
            <b>{words.kinds[numbers.kind]} {numbers.number}</b>
            {numbers.store_number !== undefined && <>, {words.storeNumber} {numbers.store_number}</>}{" "}
            <a href={visit.url.pathname}>{words.otherNumbers}</a>
          </p>
          <NameFields visit={visit} typed={typed} kind={numbers.kind} />
          <p class="hint">{words.keysHint[numbers.kind]}</p>
          <KeyFields visit={visit} typed={typed} areNeeded />
          <p class="consequence">{words.createSays}</p>
        </>
      );
    },
    button: ({ language }) => shortcodesText[language].create,
    async run(ctx, numbers, form) {
      const input = { ...numbers, ...given(form, ["name", "store", "tariff", ...KEY_FIELDS]) };
      const made = await create.run(ctx, parsed(contract.createShortcode, input));
      return made instanceof Proposal ? made : made as ShortcodeView; // what the operation answers
    },
    async answer({ id }, _numbers, visit) {
      const own = hrefOf(visit, `shortcodes/${id}`);
      return visit.c.redirect(
        await backWith(visit, own, own, { id, text: shortcodesText[visit.language].created }),
        303,
      );
    },
  });
}
