import type { Services } from "../../context/context.ts";
import { rows, select } from "../../db/query.ts";
import { shortcodes } from "../../db/schema.ts";
import { runChecks } from "../../domain/shortcodes/run-checks.ts";
import type { Shortcode, ShortcodeRow } from "../../context/shortcode.ts";
import { openShortcode } from "../../domain/shortcodes/lookup.ts";
import { c2bUrls } from "../../domain/shortcodes/urls.ts";
import type { Finding } from "../../domain/shortcodes/contract.ts";
import { certificateExpiry } from "../../daraja/certificate.ts";
import { type DoctorCheck, failed, passed, warned } from "./report.ts";

const SOON_MS = 30 * 86_400_000;

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
  const checks = [...found.map((finding) => gradeOf(row.number, finding)), ...checkCertificate(services, shortcode)];
  if (!urls) return checks;
  const { confirmation, validation } = c2bUrls(services, row.id, row.url_number);
  return [
    ...checks,
    passed(`${row.number} confirmation`, confirmation),
    passed(`${row.number} validation`, validation),
  ];
}

function gradeOf(number: string, { check, ok, detail, remedy }: Finding): DoctorCheck {
  const of = `${number} ${check === "numbers" ? "kind" : check}`;
  if (ok === true) return passed(of, detail);
  return ok === null
    ? warned(of, detail, remedy ?? "Nothing is to be done, unless you need it.")
    : failed(of, detail, remedy ?? "Set it anew: PATCH /v1/shortcodes/{id}.");
}

/** A certificate that was already over when it was set is one of Daraja's old ones, which Daraja still takes. */
function checkCertificate({ clock }: Services, { row, credentials }: Shortcode): DoctorCheck[] {
  const at = credentials.certificate === undefined ? null : certificateExpiry(credentials.certificate);
  if (at === null || at <= row.updated_at) return [];
  const [of, day] = [`${row.number} certificate`, new Date(at).toISOString().slice(0, 10)];
  const remedy = "Fetch Safaricom's new certificate from the Daraja portal, and set it: PATCH /v1/shortcodes/{id}.";
  if (at < clock.now()) return [failed(of, `Ended on ${day}.`, remedy)];
  return [at < clock.now() + SOON_MS ? warned(of, `Ends on ${day}.`, remedy) : passed(of, `Valid until ${day}.`)];
}

async function tryOpen(services: Services, row: ShortcodeRow): Promise<Shortcode | null> {
  try {
    return await openShortcode(services.vault, row);
  } catch {
    return null;
  }
}
