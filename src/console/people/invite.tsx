import type { InvitedPerson } from "../../domain/people/contract.ts";
import * as contract from "../../domain/people/contract.ts";
import { linkPerson } from "../../domain/people/link-person.ts";
import { getPerson } from "../../domain/people/read.ts";
import { Proposal, type Route } from "../../http/operation.ts";
import { validationProblem } from "../../http/respond.ts";
import type { Markup } from "../../pages/markup.ts";
import { type FieldError, Problem, problems } from "../../problems/problem.ts";
import { Errors, Field, inputProps } from "../kit/form.tsx";
import { type Page, parameter, type View } from "../kit/page.ts";
import { firstForm, hrefOf, type Visit } from "../kit/visit.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import { RoleField, rolesIn } from "./role-field.tsx";
import { peopleText } from "./text.ts";

/** Invites a person. `invite`: the operation, which proposes what needs a second person. */
export const invitePage = (invite: Route): Page => ({
  path: "people/invite",
  area: "merchant",
  roles: ["admin"],
  get: (visit) => Promise.resolve(formView(visit, firstForm(visit), null)),
  async post(visit, form) {
    const read = contract.invitePerson.body?.safeParse({
      email: form.get("email"),
      name: form.get("name"),
      roles: rolesIn(form),
    });
    if (!read?.success) return formView(visit, form, read === undefined ? null : validationProblem(read.error, "json"));
    try {
      const answer = await invite.run(visit.ctx, read.data);
      return answer instanceof Proposal ? waitsView(visit) : linkView(visit, answer as InvitedPerson); // what the operation answers
    } catch (error) {
      if (!(error instanceof Problem) || ![409, 422].includes(problems[error.code].status)) throw error;
      return formView(visit, form, error);
    }
  },
});

/** A new link for somebody who has not used theirs. */
export const linkPage: Page = {
  path: "people/:id/link",
  area: "merchant",
  roles: ["admin"],
  async get(visit) {
    const text = peopleText[visit.language];
    const { name } = await getPerson(visit.ctx, { id: parameter(visit, "id") });
    return page(
      text.newLink,
      <form method="post" class="stack">
        <input type="hidden" name={CSRF_FIELD} value={visit.viewer.csrfToken} />
        <p>
          <b>{name}</b>
        </p>
        <p class="consequence">{text.newLinkSays}</p>
        <button type="submit">{text.newLink}</button>
      </form>,
    );
  },
  post: async (visit) => linkView(visit, await linkPerson(visit.ctx, { id: parameter(visit, "id") })),
};

const page = (title: string, body: Markup, status?: 422): View => ({
  title,
  ...(status === undefined ? {} : { status }),
  body: (
    <>
      <header class="head">
        <h1>{title}</h1>
      </header>
      <section class="card narrow">{body}</section>
    </>
  ),
});

interface InviteFormProps {
  readonly visit: Visit;
  /** What was typed. */
  readonly form: FormData;
  readonly errors: readonly FieldError[];
}

/** The form to invite a person, on its own page and under the list of people. */
export function InviteForm({ visit, form, errors }: InviteFormProps): Markup {
  const text = peopleText[visit.language];
  const typed = (name: string) => String(form.get(name) ?? "");
  return (
    <form method="post" class="stack" action={hrefOf(visit, "people/invite")}>
      <input type="hidden" name={CSRF_FIELD} value={visit.viewer.csrfToken} />
      <Field name="email" label={text.email} errors={errors}>
        <input
          {...inputProps("email", errors)}
          type="email"
          value={typed("email")}
          maxlength={254}
          autocomplete="off"
          required
        />
      </Field>
      <Field name="name" label={text.name} errors={errors}>
        <input {...inputProps("name", errors)} value={typed("name")} maxlength={100} autocomplete="off" required />
      </Field>
      <RoleField text={text} chosen={rolesIn(form)} />
      <button type="submit">{text.inviteButton}</button>
    </form>
  );
}

function formView(visit: Visit, form: FormData, problem: Problem | null): View {
  const text = peopleText[visit.language];
  const errors = problem?.errors ?? [];
  const detail = problem === null || errors.length > 0 ? {} : { detail: problem.detail };
  return page(
    problem === null ? text.invite : visit.text.error(text.invite),
    <>
      {problem !== null && <Errors visit={visit} heading={visit.text.errorsHeading} errors={errors} {...detail} />}
      <InviteForm visit={visit} form={form} errors={errors} />
    </>,
    ...(problem === null ? [] : [422 as const]),
  );
}

/** The link stands in this answer only: nobody finds it in an address or in the history. */
function linkView(visit: Visit, { name, sign_in_url }: InvitedPerson): View {
  const text = peopleText[visit.language];
  return page(
    text.invited(name),
    <>
      <p>{text.sendLink}</p>
      <Field name="link" label={text.link}>
        <input {...inputProps("link")} value={sign_in_url} readonly />
      </Field>
      <BackToList visit={visit} />
    </>,
  );
}

function waitsView(visit: Visit): View {
  const text = peopleText[visit.language];
  return page(
    text.invite,
    <>
      <p>{text.waits}</p>
      <BackToList visit={visit} />
    </>,
  );
}

const BackToList = ({ visit }: { visit: Visit }): Markup => (
  <p>
    <a class="button quiet" href={hrefOf(visit, "people")}>{peopleText[visit.language].toList}</a>
  </p>
);
