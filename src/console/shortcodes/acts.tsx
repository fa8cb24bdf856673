import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import * as contract from "../../domain/shortcodes/contract.ts";
import type { ShortcodeView } from "../../domain/shortcodes/contract.ts";
import { getShortcode } from "../../domain/shortcodes/read.ts";
import { Problem } from "../../problems/problem.ts";
import type { Act, LinkedAct, Offer, Subject } from "../kit/act.ts";
import { typedIn } from "../kit/form.tsx";
import { given } from "../kit/given.ts";
import { parsed } from "../kit/parsed.ts";
import { proposing } from "../kit/proposing.ts";
import { TextField } from "../kit/text-field.tsx";
import { hrefOf, type Look, type Visit } from "../kit/visit.ts";
import { addressesAct } from "./addresses-page.tsx";
import { KEY_FIELDS, KeyFields } from "./key-fields.tsx";
import { NameFields } from "./name-fields.tsx";
import { testAct } from "./test-page.tsx";
import { shortcodesText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => shortcodesText[language];
const base = { roles: ["admin"], scopes: ["shortcodes:write"] } as const;

/** What the acts on shortcodes are about. */
export const shortcodeSubject: Subject<ShortcodeView> = {
  path: "shortcodes",
  table: "shortcodes",
  load: (ctx, id) => getShortcode(ctx, { id }),
  summary: ({ number, name }) => (
    <>
      <b>{number}</b>
      <span class="soft">{name}</span>
    </>
  ),
};

const check: LinkedAct<ShortcodeView> = {
  ...base,
  name: "check",
  label: (look) => words(look).check,
  offered: () => true,
  href: ({ id }, visit) => hrefOf(visit, `shortcodes/${id}/check`),
};

/** What the form changes: an empty field takes a value away where there may be none. */
function changesIn(form: FormData, row: ShortcodeView): Readonly<Record<string, unknown>> {
  const typed: Record<string, unknown> = {
    name: typedIn(form, "name").trim(),
    store: typedIn(form, "store").trim() || null,
    ...row.kind === "paybill" ? { tariff: typedIn(form, "tariff") || null } : {},
    ...row.kind === "till" ? { store_number: typedIn(form, "store_number").trim() } : {},
  };
  const stored: Readonly<Record<string, unknown>> = { ...row };
  const changed = Object.entries(typed).filter(([name, value]) => value !== stored[name]);
  return { ...Object.fromEntries(changed), ...!row.default && form.get("default") === "1" ? { default: true } : {} };
}

/** The changes, unless there are none. Errors: `validation_failed`. */
function required<C extends object>(changes: C, visit: Visit): C {
  if (Object.keys(changes).length > 0) return changes;
  throw new Problem("validation_failed", words(visit).nothingChanged);
}

/** What an admin does with a shortcode. Two people change one, if the service is set so. */
export function shortcodeActs(kinds: ChangeKinds): readonly Offer<ShortcodeView>[] {
  const update = proposing(kinds, contract.updateShortcode);
  const edit: Act<ShortcodeView> = {
    ...base,
    name: "edit",
    label: (look) => words(look).edit,
    offered: () => true,
    fields(row, visit, form) {
      const typed = { form, errors: [] };
      return (
        <>
          <NameFields visit={visit} typed={typed} kind={row.kind} now={row} />
          {row.kind === "till" && (
            <TextField
              name="store_number"
              label={words(visit).storeLabel}
              hint={words(visit).storeHint}
              typed={typed}
              value={row.store_number ?? ""}
              maxlength={10}
              inputmode="numeric"
              isNeeded
            />
          )}
          {!row.default && (
            <label class="choice">
              <input type="checkbox" name="default" value="1" checked={form.get("default") === "1"} />
              <span>{words(visit).makeDefault}</span>
            </label>
          )}
        </>
      );
    },
    button: (_row, look) => look.text.save,
    run: (ctx, row, form, visit) => {
      const changes = required(changesIn(form, row), visit);
      return update.run(ctx, { id: row.id, ...parsed(contract.updateShortcode, changes) });
    },
    did: (look) => words(look).edited,
  };
  const keys: Act<ShortcodeView> = {
    ...base,
    name: "keys",
    label: (look) => words(look).changeKeys,
    offered: () => true,
    isGrave: true,
    fields: (_row, visit, form) => <KeyFields visit={visit} typed={{ form, errors: [] }} areNeeded={false} />,
    consequence: (_row, look) => words(look).keysSay,
    run: (ctx, { id }, form, visit) => {
      const changes = required(given(form, KEY_FIELDS), visit);
      return update.run(ctx, { id, ...parsed(contract.updateShortcode, changes) });
    },
    did: (look) => words(look).keysChanged,
  };
  return [check, addressesAct, testAct, edit, keys];
}
