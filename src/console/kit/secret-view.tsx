import { Framed } from "./framed.tsx";
import type { View } from "./page.ts";
import { hrefOf, type Visit } from "./visit.ts";

interface SecretProps {
  readonly title: string;
  /** Where it belongs, and that it is not shown again. */
  readonly says: string;
  /** What stands beside it, such as the client's id. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly secret: { readonly label: string; readonly value: string };
  /** The path of the page that the person goes to, and what leads there. */
  readonly next: { readonly path: string; readonly label: string };
}

/** A new secret. It is in this answer only: no address holds it, and no page shows it again. */
export function secretView(visit: Visit, { title, says, facts, secret, next }: SecretProps): View {
  const href = hrefOf(visit, next.path);
  return {
    title,
    body: (
      <Framed visit={visit} title={title} back={href}>
        <p>{says}</p>
        <dl class="facts">
          {[...facts, secret].map(({ label, value }) => (
            <>
              <dt>{label}</dt>
              <dd class="id">{value}</dd>
            </>
          ))}
        </dl>
        <div class="buttons">
          <button type="button" data-copy={secret.value}>{visit.text.copy}</button>
          <a class="button quiet" href={href}>{next.label}</a>
        </div>
      </Framed>
    ),
  };
}
