import { EVENT_TYPES } from "../../db/event-types.ts";
import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import { Proposal } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import * as contract from "../../webhooks/endpoints/contract.ts";
import type { EndpointWithSecret } from "../../webhooks/endpoints/contract.ts";
import { formPage, type Typed } from "../kit/form-page.tsx";
import { given } from "../kit/given.ts";
import type { Page, View } from "../kit/page.ts";
import { parsed } from "../kit/parsed.ts";
import { proposing } from "../kit/proposing.ts";
import { secretView } from "../kit/secret-view.tsx";
import { TextField } from "../kit/text-field.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { webhooksText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => webhooksText[language];

/** Registers an address that is told of what happens. Where changes are proposed, another person confirms it first. */
export function createEndpointPage(kinds: ChangeKinds): Page {
  const create = proposing(kinds, contract.createEndpoint);
  return formPage<null, EndpointWithSecret>({
    path: "webhooks/new",
    roles: ["admin"],
    title: (look) => words(look).create,
    load: () => Promise.resolve(null),
    home: () => "webhooks",
    fields: (_row, visit, typed) => (
      <>
        <TextField
          name="url"
          label={words(visit).url}
          hint={words(visit).urlHint}
          typed={typed}
          maxlength={2048}
          inputmode="url"
          isNeeded
        />
        <TextField name="description" label={words(visit).description} typed={typed} maxlength={200} />
        <EventsField visit={visit} typed={typed} />
        <p class="hint">{words(visit).createSays}</p>
      </>
    ),
    button: (look) => words(look).create,
    async run(ctx, _row, form) {
      const named = form.getAll("events").map(String);
      const events = form.get("which") === "some" ? named : ["*"];
      const input = parsed(contract.createEndpoint, { ...given(form, ["url", "description"]), events });
      const made = await create.run(ctx, input);
      return made instanceof Proposal ? made : made as EndpointWithSecret; // what the operation answers
    },
    answer: (made, _row, visit) => endpointSecret(made, visit),
    again: (_row, visit) => words(visit).secretGone,
  });
}

/** The page with the secret of an endpoint. */
export const endpointSecret = ({ id, url, secret }: EndpointWithSecret, visit: Visit): View =>
  secretView(visit, {
    title: new URL(url).host,
    says: words(visit).secretOnce,
    facts: [{ label: words(visit).url, value: url }],
    secret: { label: words(visit).secret, value: secret },
    next: { path: `webhooks/${id}`, label: words(visit).toEndpoint },
  });

/** All events, or those that are ticked. */
function EventsField({ visit, typed }: { visit: Visit; typed: Typed }): Markup {
  const text = words(visit);
  const isSome = typed.form.get("which") === "some";
  const chosen = typed.form.getAll("events");
  const isWrong = typed.errors.some(({ pointer }) => pointer.startsWith("/events"));
  return (
    <fieldset id="f-events" class="choices">
      <legend>{text.events}</legend>
      {isWrong && <p class="error">{text.eventsNeeded}</p>}
      <label class="choice">
        <input type="radio" name="which" value="all" checked={!isSome} />
        <span>{text.everyEvent}</span>
      </label>
      <label class="choice">
        <input type="radio" name="which" value="some" checked={isSome} />
        <span>{text.someEvents}</span>
      </label>
      <details open={isSome}>
        <summary>{text.eventList}</summary>
        <div class="choices two">
          {EVENT_TYPES.map((type) => (
            <label class="choice">
              <input type="checkbox" name="events" value={type} checked={chosen.includes(type)} />
              <span class="id">{type}</span>
            </label>
          ))}
        </div>
      </details>
    </fieldset>
  );
}
