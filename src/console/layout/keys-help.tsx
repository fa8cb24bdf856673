import type { Markup } from "../../pages/markup.ts";
import { bilingual } from "../text/bilingual.ts";
import type { Look } from "../kit/visit.ts";

const words = bilingual({
  en: {
    "/": "Search",
    "?": "This help",
    "j k": "Next, previous row",
    "Enter": "Open the row",
    "x": "Select the row",
    "[ ]": "Previous, next record",
    "f": "Filters",
    "n p": "Older, newer page",
    "c": "Copy the ID",
    "Esc": "Back",
    "g h": "Home",
    "g a": "Needs attention",
    "g p": "Payments",
    "g o": "Payouts",
    "g u": "Unmatched",
    "g r": "Reconciliation",
    "g l": "Ledger",
    "g s": "Sell",
  },
  sw: {
    "/": "Tafuta",
    "?": "Msaada huu",
    "j k": "Mstari unaofuata, uliotangulia",
    "Enter": "Fungua mstari",
    "x": "Chagua mstari",
    "[ ]": "Rekodi iliyotangulia, inayofuata",
    "f": "Vichujio",
    "n p": "Ukurasa wa zamani, mpya zaidi",
    "c": "Nakili ID",
    "Esc": "Rudi",
    "g h": "Nyumbani",
    "g a": "Yanayokusubiri",
    "g p": "Malipo yaliyoingia",
    "g o": "Malipo yanayotoka",
    "g u": "Yasiyounganishwa",
    "g r": "Ulinganisho",
    "g l": "Leja",
    "g s": "Uza",
  },
});

/** The keyboard shortcuts. The key `?` opens it; without script it stays closed, as there are no shortcuts then. */
export function KeysHelp({ look: { text, language } }: { look: Look }): Markup {
  return (
    <dialog id="keys" class="keys" aria-label={text.keys}>
      <h2>{text.keys}</h2>
      <dl>
        {Object.entries(words[language]).map(([keys, what]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" class="quiet small">{text.back}</button>
      </form>
    </dialog>
  );
}
