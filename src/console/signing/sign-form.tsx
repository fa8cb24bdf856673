import type { Child } from "hono/jsx";
import { lineageOf } from "../../domain/merchants/lineage.ts";
import { signingChallenge } from "../../domain/people/signing.ts";
import type { Markup } from "../../pages/markup.ts";
import { Problem, problems } from "../../problems/problem.ts";
import { BACK_FIELD } from "../kit/form.tsx";
import type { Visit } from "../kit/visit.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import { PasskeyForm } from "./form.tsx";
import { knownPasskeys, signOptions } from "./options.ts";
import type { Agreement, Signable } from "./signable.ts";
import type { SigningText } from "./text.ts";

/** The field with the digest of what the page shows. */
export const DIGEST_FIELD = "digest";

/** The first step. It is posted, because what a person has seen is not for an address. */
export function AskForm(
  { visit, text, back, children }: { visit: Visit; text: SigningText; back: string; children: Child },
): Markup {
  return (
    <form method="post" class="stack" action={visit.url.pathname}>
      <input type="hidden" name={CSRF_FIELD} value={visit.viewer.csrfToken} />
      <input type="hidden" name={BACK_FIELD} value={back} />
      {children}
      <button type="submit">{text.next}</button>
    </form>
  );
}

/** What {@link signForm} shows. */
export interface Asked {
  readonly visit: Visit;
  readonly signable: Signable;
  readonly form: FormData;
  readonly back: string;
  readonly text: SigningText;
  readonly id: string;
}

/** What is agreed to, and the form that signs it; or why this person can't sign. */
export async function signForm({ visit, signable, form, back, text, id }: Asked): Promise<Markup> {
  const { ctx, viewer } = visit;
  const agreement = await agreementOrWhy(visit, signable, text, id, form);
  if (agreement instanceof Problem) return <p>{agreement.detail}</p>;
  const { madeBy } = agreement;
  if (madeBy !== null && await lineageOf(ctx, madeBy) === viewer.person.id) {
    return <Facts {...agreement} why={text.own} />;
  }
  const known = await knownPasskeys(ctx, viewer.person.id);
  if (known.length === 0) {
    return (
      <>
        <Facts {...agreement} why={text.noPasskey} />
        <p>
          <a class="button" href="/console/me">{text.addPasskey}</a>
        </p>
      </>
    );
  }
  const challenge = signingChallenge(ctx, viewer.person.id, agreement.signed);
  return (
    <>
      <Facts {...agreement} why={agreement.consequence} />
      <PasskeyForm
        language={visit.language}
        kind="get"
        options={signOptions(ctx, challenge, known)}
        action={visit.url.pathname}
        csrfToken={viewer.csrfToken}
        button={agreement.button}
      >
        <input type="hidden" name={BACK_FIELD} value={back} />
        <input type="hidden" name={DIGEST_FIELD} value={agreement.signed.digest} />
        {(signable.fields ?? []).map((name) => (
          <input
            type="hidden"
            name={name}
            value={String(form.get(name) ?? "")}
          />
        ))}
      </PasskeyForm>
    </>
  );
}

/** What can be agreed to, or why nothing can be any more. */
async function agreementOrWhy(
  visit: Visit,
  signable: Signable,
  text: SigningText,
  id: string,
  form: FormData,
): Promise<Agreement | Problem> {
  try {
    return await signable.agreement(visit, text, id, form);
  } catch (error) {
    if (error instanceof Problem && problems[error.code].status === 409) return error;
    throw error;
  }
}

function Facts({ facts, more, why }: Pick<Agreement, "facts" | "more"> & { readonly why: string }): Markup {
  return (
    <>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {more}
      <p class="consequence">{why}</p>
    </>
  );
}
