import { rotateSecret } from "../../webhooks/endpoints/change-endpoint.ts";
import type { EndpointView, EndpointWithSecret } from "../../webhooks/endpoints/contract.ts";
import { getEndpoint } from "../../webhooks/endpoints/read-endpoints.ts";
import { formPage } from "../kit/form-page.tsx";
import { type Page, parameter } from "../kit/page.ts";
import { endpointSecret } from "./create-page.tsx";
import { webhooksText } from "./text.ts";

/** A new signing secret. It is in the answer to the form only: no address holds it, and a second press shows none. */
export const rotatePage: Page = formPage<EndpointView, EndpointWithSecret>({
  path: "webhooks/:id/rotate",
  roles: ["admin"],
  title: ({ language }) => webhooksText[language].rotate,
  load: (visit) => getEndpoint(visit.ctx, { id: parameter(visit, "id") }),
  home: ({ id }) => `webhooks/${id}`,
  fields: ({ url }, { language }) => (
    <>
      <p class="id">{url}</p>
      <p class="consequence">{webhooksText[language].rotateSays}</p>
    </>
  ),
  button: ({ language }) => webhooksText[language].rotate,
  isGrave: true,
  run: (ctx, { id }) => rotateSecret(ctx, { id }),
  answer: (made, _row, visit) => endpointSecret(made, visit),
  again: (_row, { language }) => webhooksText[language].secretGone,
});
