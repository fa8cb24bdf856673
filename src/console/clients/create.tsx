import { MERCHANT_SCOPES } from "../../auth/scopes.ts";
import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import * as contract from "../../domain/merchants/contract.ts";
import type { ClientWithSecret } from "../../domain/merchants/contract.ts";
import { Proposal } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import { formPage, type Typed } from "../kit/form-page.tsx";
import { given } from "../kit/given.ts";
import type { Page, View } from "../kit/page.ts";
import { parsed } from "../kit/parsed.ts";
import { proposing } from "../kit/proposing.ts";
import { secretView } from "../kit/secret-view.tsx";
import { TextField } from "../kit/text-field.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { clientsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => clientsText[language];

/** Makes a program's access. Where its scopes send money or decide about it, another person confirms it first. */
export function createClientPage(kinds: ChangeKinds): Page {
  const create = proposing(kinds, contract.createClient);
  return formPage<null, ClientWithSecret>({
    path: "clients/new",
    roles: ["admin"],
    title: (look) => words(look).create,
    load: () => Promise.resolve(null),
    home: () => "clients",
    fields: (_row, visit, typed) => (
      <>
        <TextField
          name="name"
          label={words(visit).name}
          hint={words(visit).nameHint}
          typed={typed}
          maxlength={100}
          isNeeded
        />
        <ScopeField visit={visit} typed={typed} />
        <p class="hint">{words(visit).createSays}</p>
      </>
    ),
    button: (look) => words(look).create,
    async run(ctx, _row, form) {
      const scopes = form.getAll("scopes").map(String);
      const input = parsed(contract.createClient, { ...given(form, ["name"]), scopes });
      const made = await create.run(ctx, input);
      return made instanceof Proposal ? made : made as ClientWithSecret; // what the operation answers
    },
    answer: (made, _row, visit) => shownOnce(made, visit),
    again: (_row, visit) => words(visit).secretGone,
  });
}

/** The page with the secret of a client. */
export const shownOnce = ({ id, name, secret }: ClientWithSecret, visit: Visit): View =>
  secretView(visit, {
    title: name,
    says: words(visit).secretOnce,
    facts: [{ label: "client_id", value: id }],
    secret: { label: "client_secret", value: secret },
    next: { path: `clients/${id}`, label: words(visit).toClient },
  });

/** The scopes that this person holds: nobody grants more. */
function ScopeField({ visit, typed }: { visit: Visit; typed: Typed }): Markup {
  const { scopesLabel, scopeNames } = words(visit);
  const chosen = typed.form.getAll("scopes");
  return (
    <fieldset id="f-scopes" class="choices two">
      <legend>{scopesLabel}</legend>
      {typed.errors.some(({ pointer }) => pointer.startsWith("/scopes")) && (
        <p class="error">{words(visit).scopesNeeded}</p>
      )}
      {MERCHANT_SCOPES.filter((scope) => visit.viewer.scopes.has(scope)).map((scope) => (
        <label class="choice">
          <input type="checkbox" name="scopes" value={scope} checked={chosen.includes(scope)} />
          <span>
            {scopeNames[scope]} <span class="id soft">{scope}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
