/** One row that a rule has answered. */
export interface Finding {
  readonly rule: string;
  readonly merchantId: string | null;
  readonly subject: string;
  readonly value: number;
  /** What the number means for this subject, in words. Not stored, so what has ended has none. */
  readonly detail?: string | null;
}

/** An alert as the table holds it while it is firing. */
export interface Firing extends Finding {
  /** When it began, in ms since the epoch. */
  readonly since: number;
  /** When a message about it was last stored. */
  readonly sentAt: number;
}

export interface Decision {
  /** What fires now and did not before. */
  readonly fired: readonly Finding[];
  /** What fires still and has to be sent again. */
  readonly repeated: readonly Firing[];
  readonly resolved: readonly Firing[];
}

const key = ({ rule, subject }: Pick<Finding, "rule" | "subject">): string => `${rule} ${subject}`;

/**
 * Compares what the rules answered with what is firing. A rule in `unread` could not be read or was not asked: what it
 * said before stays, because not knowing is no resolution.
 */
export function decide(
  found: readonly Finding[],
  firing: readonly Firing[],
  unread: ReadonlySet<string>,
  now: number,
  repeatMs: number,
): Decision {
  const before = new Map(firing.map((alert) => [key(alert), alert]));
  const current = new Map(found.map((finding) => [key(finding), finding]));
  return {
    fired: found.filter((finding) => !before.has(key(finding))),
    repeated: firing.flatMap((alert) => {
      const finding = current.get(key(alert)) ?? (unread.has(alert.rule) ? alert : undefined);
      if (finding === undefined || now - alert.sentAt < repeatMs) return [];
      return [{ ...alert, value: finding.value, detail: finding.detail ?? null }];
    }),
    resolved: firing.filter((alert) => !current.has(key(alert)) && !unread.has(alert.rule)),
  };
}
