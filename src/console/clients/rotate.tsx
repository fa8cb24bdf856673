import * as contract from "../../domain/merchants/contract.ts";
import type { ClientView, ClientWithSecret } from "../../domain/merchants/contract.ts";
import { getClient, rotateClientSecret } from "../../domain/merchants/clients.ts";
import { Problem } from "../../problems/problem.ts";
import type { LinkedAct } from "../kit/act.ts";
import { Field, inputProps, typedIn } from "../kit/form.tsx";
import { formPage } from "../kit/form-page.tsx";
import { type Page, parameter } from "../kit/page.ts";
import { parsed } from "../kit/parsed.ts";
import { hrefOf, type Look } from "../kit/visit.ts";
import { shownOnce } from "./create.tsx";
import { clientsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => clientsText[language];
/** How long the secret before may go on, in hours. */
const HOURS = ["24", "168", "0"] as const;

/** A client's row leads to the page with the new secret. */
export const rotateAct: LinkedAct<ClientView> = {
  name: "rotate",
  roles: ["admin"],
  scopes: ["operator"],
  label: (look) => words(look).rotate,
  offered: ({ status }) => status === "active",
  href: ({ id }, visit) => hrefOf(visit, `clients/${id}/rotate`),
};

/** A second secret for a client, shown once. */
export const rotateClientPage: Page = formPage<ClientView, ClientWithSecret>({
  path: "clients/:id/rotate",
  roles: ["admin"],
  title: (look) => words(look).rotate,
  load: (visit) => getClient(visit.ctx, { id: parameter(visit, "id") }),
  home: ({ id }) => `clients/${id}`,
  fields: ({ name, id }, visit, { form, errors }) => (
    <>
      <div class="about">
        <b>{name}</b>
        <span class="id">{id}</span>
      </div>
      <Field name="previous_hours" label={words(visit).oldSecretFor} errors={errors}>
        <select {...inputProps("previous_hours", errors)}>
          {HOURS.map((hours) => (
            <option value={hours} selected={typedIn(form, "previous_hours") === hours}>
              {words(visit).hours[hours]}
            </option>
          ))}
        </select>
      </Field>
      <p class="consequence">{words(visit).rotateSays}</p>
    </>
  ),
  button: (look) => words(look).rotate,
  isGrave: true,
  run(ctx, { id, status }, form) {
    if (status === "revoked") throw new Problem("wrong_state", "The client is revoked; create another one.");
    const hours = Number(form.get("previous_hours") ?? HOURS[0]);
    return rotateClientSecret(ctx, { id, ...parsed(contract.rotateClientSecret, { previous_hours: hours }) });
  },
  answer: (made, _row, visit) => shownOnce(made, visit),
  again: (_row, visit) => words(visit).secretGone,
});
