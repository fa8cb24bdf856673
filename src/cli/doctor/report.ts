import type { Paint } from "../frame/output.ts";

/** `warn`: not set up, could not be checked, or soon wrong. */
export type Grade = "ok" | "warn" | "fail";

/** The result of one check. `remedy` is what to do; null where nothing is. */
export interface DoctorCheck {
  readonly of: string;
  readonly status: Grade;
  readonly detail: string;
  readonly remedy: string | null;
}

export const passed = (of: string, detail: string): DoctorCheck => ({ of, status: "ok", detail, remedy: null });
export const failed = (of: string, detail: string, remedy: string): DoctorCheck => ({
  of,
  status: "fail",
  detail,
  remedy,
});
export const warned = (of: string, detail: string, remedy: string): DoctorCheck => ({
  of,
  status: "warn",
  detail,
  remedy,
});

export const isWrong = ({ status }: DoctorCheck): boolean => status === "fail";

const colours = { ok: "green", warn: "yellow", fail: "red" } as const;

/** The report as text: one line for each check, and under it what to do. */
export function formatReport(checks: readonly DoctorCheck[], paint: Paint): string {
  const width = Math.max(...checks.map(({ of }) => of.length));
  const lines = checks.flatMap(({ of, status, detail, remedy }) => [
    `${paint[colours[status]](status.padEnd(4))} ${of.padEnd(width)}  ${detail}`,
    ...(remedy === null ? [] : [`     ${"".padEnd(width)}  ${paint.dim(`-> ${remedy}`)}`]),
  ]);
  const [bad, doubtful] = (["fail", "warn"] as const).map((grade) =>
    checks.filter(({ status }) => status === grade).length
  );
  const verdict = bad === 0 ? paint.green("Nothing is wrong.") : paint.red(`${bad} wrong.`);
  return [...lines, doubtful === 0 ? verdict : `${verdict} ${doubtful} to look at.`].join("\n");
}
