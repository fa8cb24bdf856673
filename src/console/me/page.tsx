import type { PasskeyRow } from "../../domain/people/passkey-rows.ts";
import type { SessionRow } from "../../domain/people/sessions.ts";
import type { Markup } from "../../pages/markup.ts";
import { Errors, Field, inputProps } from "../kit/form.tsx";
import { longTime } from "../kit/values.tsx";
import type { Visit } from "../kit/visit.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import { PasskeyForm } from "../signing/form.tsx";
import { browserName } from "./browser-name.ts";
import { type MyText, myText } from "./text.ts";

interface Props {
  readonly visit: Visit;
  readonly problem: string | null;
  readonly passkeys: readonly PasskeyRow[];
  readonly sessions: readonly SessionRow[];
  /** What the browser is asked for to make a passkey; null where that needs a fresh sign-in. */
  readonly adding: string | null;
}

/** Who is signed in, with their passkeys and sessions. */
export function Me({ visit, problem, passkeys, sessions, adding }: Props): Markup {
  const { viewer } = visit;
  const text = myText[viewer.language];
  return (
    <>
      <header class="head">
        <h1>{text.heading}</h1>
        <p class="soft">{viewer.person.name} · {viewer.person.email} · {viewer.merchantName}</p>
      </header>
      {problem !== null && <Errors visit={visit} heading={problem} errors={[]} />}
      <section class="card narrow">
        <h2>{text.passkeys}</h2>
        <p>{passkeys.length === 0 ? text.noPasskey : ""} {text.whatFor}</p>
        {passkeys.map(({ id, name, created_at }) => (
          <Row
            visit={visit}
            name={name}
            detail={text.since(longTime(created_at, visit))}
            action={`/console/me/passkeys/${id}/remove`}
            label={text.remove}
          />
        ))}
        {adding === null ? <p class="soft">{text.tooLate}</p> : <Adding visit={visit} text={text} options={adding} />}
      </section>
      <section class="card narrow">
        <h2>{text.sessions}</h2>
        {sessions.map(({ id, agent, address, created_at }) => (
          <Row
            visit={visit}
            name={browserName(agent)}
            detail={`${address} · ${text.since(longTime(created_at, visit))}`}
            action={id === viewer.sessionId ? "/console/sign-out" : `/console/me/sessions/${id}/end`}
            label={id === viewer.sessionId ? text.signOut : text.end}
          />
        ))}
      </section>
    </>
  );
}

const Adding = ({ visit, text, options }: { visit: Visit; text: MyText; options: string }): Markup => (
  <PasskeyForm
    language={visit.language}
    kind="create"
    options={options}
    action="/console/me/passkeys"
    csrfToken={visit.viewer.csrfToken}
    button={text.add}
  >
    <Field name="name" label={text.nameLabel}>
      <input {...inputProps("name")} maxlength={60} autocomplete="off" />
    </Field>
  </PasskeyForm>
);

interface RowProps {
  readonly visit: Visit;
  readonly name: string;
  readonly detail: string;
  readonly action: string;
  readonly label: string;
}

/** One thing with its one act. */
const Row = ({ visit, name, detail, action, label }: RowProps): Markup => (
  <form method="post" action={action} class="stack">
    <input type="hidden" name={CSRF_FIELD} value={visit.viewer.csrfToken} />
    <p>
      <b>{name}</b> <span class="soft">{detail}</span>
    </p>
    <p class="buttons">
      <button type="submit" class="quiet small">{label}</button>
    </p>
  </form>
);
