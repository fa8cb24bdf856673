import type { FC } from "hono/jsx";
import type { Viewer } from "../../context/viewer.ts";
import type { PasskeyRow } from "../../domain/people/passkey-rows.ts";
import type { SessionRow } from "../../domain/people/sessions.ts";
import type { Markup } from "../../pages/markup.ts";
import { dateTime } from "../../pages/pay/format.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import { PasskeyForm } from "../signing/form.tsx";
import { myText } from "./text.ts";

interface Props {
  readonly viewer: Viewer;
  readonly problem: string | null;
  readonly passkeys: readonly PasskeyRow[];
  readonly sessions: readonly SessionRow[];
  /** What the browser is asked for to make a passkey; null where that needs a fresh sign-in. */
  readonly adding: string | null;
}

/** Who is signed in, with their passkeys and sessions. */
export function Me({ viewer, problem, passkeys, sessions, adding }: Props): Markup {
  const text = myText[viewer.language];
  return (
    <>
      <p>{viewer.person.email} · {viewer.merchantName}</p>
      {problem !== null && <p role="alert">{problem}</p>}
      <h2>{text.passkeys}</h2>
      <p>{passkeys.length === 0 ? text.noPasskey : ""} {text.whatFor}</p>
      <ul class="lines">
        {passkeys.map(({ id, name, created_at }) => (
          <li>
            <span>
              {name} <small>{text.since(dateTime(viewer.language, created_at))}</small>
            </span>
            <Button viewer={viewer} action={`/console/me/passkeys/${id}/remove`} label={text.remove} />
          </li>
        ))}
      </ul>
      {adding === null ? <p class="hint">{text.tooLate}</p> : (
        <PasskeyForm
          language={viewer.language}
          kind="create"
          options={adding}
          action="/console/me/passkeys"
          csrfToken={viewer.csrfToken}
          button={text.add}
        >
          <label>
            {text.nameLabel} <input name="name" maxlength={60} autocomplete="off" />
          </label>
        </PasskeyForm>
      )}
      <h2>{text.sessions}</h2>
      <ul class="lines">
        {sessions.map(({ id, agent, address, created_at }) => (
          <li>
            <span>
              {agent} <small>{address} · {text.since(dateTime(viewer.language, created_at))}</small>
            </span>
            {id === viewer.sessionId
              ? <span>{text.thisOne}</span>
              : <Button viewer={viewer} action={`/console/me/sessions/${id}/end`} label={text.end} />}
          </li>
        ))}
      </ul>
      <Button viewer={viewer} action="/console/sign-out" label={text.signOut} />
    </>
  );
}

const Button: FC<{ viewer: Viewer; action: string; label: string }> = ({ viewer, action, label }) => (
  <form method="post" action={action}>
    <input type="hidden" name={CSRF_FIELD} value={viewer.csrfToken} />
    <button type="submit" class="quiet">{label}</button>
  </form>
);
