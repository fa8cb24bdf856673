/** One thing that was looked at. `ok` null: not set up, or could not be found out. */
export interface Look {
  readonly of: string;
  readonly ok: boolean | null;
  readonly detail: string;
  readonly remedy: string | null;
}

export const good = (of: string, detail: string): Look => ({ of, ok: true, detail, remedy: null });
export const wrong = (of: string, detail: string, remedy: string): Look => ({ of, ok: false, detail, remedy });
export const open = (of: string, detail: string, remedy: string | null): Look => ({ of, ok: null, detail, remedy });

const marks = new Map<boolean | null, string>([[true, "ok   "], [false, "WRONG"], [null, "-    "]]);

/** What was found, for people. */
export function format(looks: readonly Look[]): string {
  const width = Math.max(...looks.map(({ of }) => of.length));
  const lines = looks.flatMap(({ of, ok, detail, remedy }) => [
    `${marks.get(ok)} ${of.padEnd(width)}  ${detail}`,
    ...(remedy === null ? [] : [`      ${"".padEnd(width)}  -> ${remedy}`]),
  ]);
  const bad = looks.filter(({ ok }) => ok === false).length;
  return [...lines, bad === 0 ? "Nothing is wrong." : `${bad} wrong.`].join("\n");
}
