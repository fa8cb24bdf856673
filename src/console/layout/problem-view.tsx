import { type Problem, problems } from "../../problems/problem.ts";
import type { Role } from "../../auth/roles.ts";
import type { View } from "../kit/page.ts";
import type { Text } from "../text/texts.ts";

/** A page that says why there is no page. */
export function messageView(title: string, detail: string, status: NonNullable<View["status"]>): View {
  return {
    title,
    status,
    body: (
      <section class="card narrow">
        <h1>{title}</h1>
        <p>{detail}</p>
      </section>
    ),
  };
}

/** The page is for other roles (c34). */
export function forbiddenView(text: Text, roles: readonly Role[]): View {
  const names = roles.map((role) => text.roles[role]);
  const list = names.length > 1 ? `${names.slice(0, -1).join(", ")} ${text.and} ${names.at(-1)}` : names.join("");
  return messageView(text.forbiddenTitle, text.forbidden(list, text.anAdmin), 403);
}

/** What a problem is for a person who looks at a page. `requestId` is what they quote. */
export function problemView(text: Text, problem: Problem, requestId: string): View {
  switch (problems[problem.code].status) {
    case 400:
    case 422:
      return messageView(text.errorsHeading, problem.detail, 400);
    case 403:
      return messageView(text.forbiddenTitle, problem.detail, 403);
    case 404:
      return messageView(text.notFoundTitle, text.notFound, 404);
    case 413:
      return messageView(text.tooLargeTitle, text.tooLarge, 413);
    case 429:
      return messageView(text.busyTitle, text.busy, 429);
    case 503:
      return messageView(text.busyTitle, text.busy, 503);
    default:
      return messageView(text.brokenTitle, text.broken(requestId), 500);
  }
}
