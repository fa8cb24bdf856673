/** The result of one check. `ok` is null if it is not set up, or could not be checked. */
export interface DoctorCheck {
  readonly of: string;
  readonly ok: boolean | null;
  readonly detail: string;
  readonly remedy: string | null;
}

export const passed = (of: string, detail: string): DoctorCheck => ({ of, ok: true, detail, remedy: null });
export const failed = (of: string, detail: string, remedy: string): DoctorCheck => ({ of, ok: false, detail, remedy });
export const undecided = (of: string, detail: string, remedy: string | null): DoctorCheck => ({
  of,
  ok: null,
  detail,
  remedy,
});

const marks = new Map<boolean | null, string>([[true, "ok   "], [false, "WRONG"], [null, "-    "]]);

/** The report as text. */
export function formatReport(looks: readonly DoctorCheck[]): string {
  const width = Math.max(...looks.map(({ of }) => of.length));
  const lines = looks.flatMap(({ of, ok, detail, remedy }) => [
    `${marks.get(ok)} ${of.padEnd(width)}  ${detail}`,
    ...(remedy === null ? [] : [`      ${"".padEnd(width)}  -> ${remedy}`]),
  ]);
  const bad = looks.filter(({ ok }) => ok === false).length;
  return [...lines, bad === 0 ? "Nothing is wrong." : `${bad} wrong.`].join("\n");
}
