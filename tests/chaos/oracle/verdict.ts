/** What must never be: each kind a column of the report. */
export const wrongs = [
  "lost",
  "recorded twice",
  "recorded though not paid",
  "paid twice",
  "paid while paused",
  "held differs",
  "called failed though paid",
  "stuck",
  "ledger differs",
] as const;
export type Wrong = typeof wrongs[number];

/** One thing that is wrong, and what to look at: ids and phones whose history tells how it came. */
export interface Finding {
  readonly wrong: Wrong;
  readonly what: string;
  readonly about: readonly string[];
}

export class Verdict {
  readonly findings: Finding[] = [];
  /** Money that nobody ever told Malipo of and nothing could be asked about: rightly `unknown`. */
  unheard = 0;

  add(wrong: Wrong, what: string, ...about: (string | null | undefined)[]): void {
    this.findings.push({ wrong, what, about: about.filter((id) => typeof id === "string") });
  }

  count(wrong: Wrong): number {
    return this.findings.filter((finding) => finding.wrong === wrong).length;
  }
}
