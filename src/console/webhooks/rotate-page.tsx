import { getEndpoint } from "../../webhooks/endpoints/read-endpoints.ts";
import { rotateSecret } from "../../webhooks/endpoints/change-endpoint.ts";
import type { Markup } from "../../pages/markup.ts";
import { Guard } from "../kit/form.tsx";
import { type Page, parameter, type View } from "../kit/page.ts";
import { runForm } from "../kit/run-act.ts";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { webhooksText } from "./text.ts";

/** A new signing secret. It is in the answer to the form only: no address holds it, and a second press shows none. */
export const rotatePage: Page = {
  path: "webhooks/:id/rotate",
  area: "merchant",
  roles: ["admin"],
  async get(visit) {
    const { url, id } = await getEndpoint(visit.ctx, { id: parameter(visit, "id") });
    const { rotate, rotateSays } = webhooksText[visit.language];
    const back = hrefOf(visit, `webhooks/${id}`);
    return view(
      visit,
      <form method="post" class="stack">
        <Guard visit={visit} back={back} version={null} />
        <p class="id">{url}</p>
        <p class="consequence">{rotateSays}</p>
        <div class="buttons">
          <button type="submit" class="grave">{rotate}</button>
          <a class="button quiet" href={back}>{visit.text.cancel}</a>
        </div>
      </form>,
    );
  },
  async post(visit, form) {
    const { id } = await getEndpoint(visit.ctx, { id: parameter(visit, "id") });
    const { secretOnce, toEndpoint } = webhooksText[visit.language];
    const back = hrefOf(visit, `webhooks/${id}`);
    let secret: string | null = null;
    await runForm(visit, form, async (ctx) => {
      const made = await rotateSecret(ctx, { id });
      secret = made.secret;
      return { ...made, secret: "" };
    });
    if (secret === null) return visit.c.redirect(back, 303); // an earlier press has shown it
    return view(
      visit,
      <>
        <p>{secretOnce}</p>
        <p class="id">{secret}</p>
        <div class="buttons">
          <button type="button" data-copy={secret}>{visit.text.copy}</button>
          <a class="button quiet" href={back}>{toEndpoint}</a>
        </div>
      </>,
    );
  },
};

const view = (visit: Visit, body: Markup): View => ({
  title: webhooksText[visit.language].rotate,
  body: (
    <>
      <header class="head">
        <h1>{webhooksText[visit.language].rotate}</h1>
      </header>
      <section class="card narrow">{body}</section>
    </>
  ),
});
