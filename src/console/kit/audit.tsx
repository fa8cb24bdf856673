import type { Markup } from "../../pages/markup.ts";
import { WhenLong } from "./values.tsx";
import type { Visit } from "./visit.ts";

/** An entry of the audit trail, as far as a record's page shows it. */
export interface AuditLine {
  readonly who: string;
  readonly act: string;
  readonly created_at: string;
}

interface AuditProps {
  readonly visit: Visit;
  readonly lines: readonly AuditLine[];
}

/** Who did what to a record, newest first, with the words of the audit trail. */
export function Audit({ visit, lines }: AuditProps): Markup | null {
  if (lines.length === 0) return null;
  return (
    <details class="card">
      <summary>{visit.text.audit}</summary>
      <ol class="timeline">
        {lines.map(({ who, act, created_at }) => (
          <li>
            <span class="id">{act}</span>
            <span class="id">{who}</span>
            <span class="source">
              <WhenLong at={created_at} look={visit} />
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
