import type { Services } from "../../context/context.ts";
import { rows, select } from "../../db/query.ts";
import { shortcodes } from "../../db/schema.ts";
import { runChecks } from "../../domain/shortcodes/run-checks.ts";
import type { Shortcode, ShortcodeRow } from "../../context/shortcode.ts";
import { openShortcode } from "../../domain/shortcodes/lookup.ts";
import { c2bUrls } from "../../domain/shortcodes/urls.ts";
import { type DoctorCheck, failed, passed } from "./report.ts";

const selectAll = select(shortcodes, "ORDER BY id");

/** Runs every check of all shortcodes, or of those named. `urls`: list their callback URLs too, which are secret. */
export async function checkShortcodes(
  services: Services,
  numbers: readonly string[],
  urls: boolean,
): Promise<DoctorCheck[]> {
  const [all] = await rows(services.db, selectAll());
  const chosen = numbers.length === 0 ? all : all.filter(({ number }) => numbers.includes(number));
  const unknown = numbers.filter((number) => all.every((row) => row.number !== number));
  const checks = unknown.map((number) =>
    failed(number, "There is no such shortcode.", "POST /v1/shortcodes adds one.")
  );
  for (const row of chosen) checks.push(...await checkShortcode(services, row, urls));
  return checks;
}

async function checkShortcode(services: Services, row: ShortcodeRow, urls: boolean): Promise<DoctorCheck[]> {
  const shortcode = await tryOpen(services, row);
  if (shortcode === null) {
    const remedy = "Put the key that sealed them back into ENCRYPTION_KEYS, or set the secrets anew by PATCH.";
    return [failed(row.number, "Its secrets can't be opened.", remedy)];
  }
  const found = await runChecks(services, shortcode);
  const checks = found.map(({ check, ok, detail, remedy }) => ({ of: `${row.number} ${check}`, ok, detail, remedy }));
  if (!urls) return checks;
  const { confirmation, validation } = c2bUrls(services, row.id, row.url_number);
  return [
    ...checks,
    passed(`${row.number} confirmation`, confirmation),
    passed(`${row.number} validation`, validation),
  ];
}

async function tryOpen(services: Services, row: ShortcodeRow): Promise<Shortcode | null> {
  try {
    return await openShortcode(services.vault, row);
  } catch {
    return null;
  }
}
