import { developmentKeys } from "../../src/config/config.ts";
import { demoShortcodes } from "../../src/simulator/demo.ts";
import { seededSecrets } from "./client.ts";

/** What no log line may hold, whatever happened. */
const forms: readonly (readonly [what: string, form: RegExp])[] = [
  ["a whole phone number", /(?<![0-9a-z])(?:\+?254|0)[17]\d{8}(?![0-9a-z])/i],
  ["a request id of Daraja's, which spells the phone", /ws_CO_/],
  ["an access token", /eyJ[\w-]{8,}\.[\w-]+/],
  ["a bearer header", /bearer +[\w-]{8}/i],
  ["a capability", /[0-9a-f]{98}/],
  ["a client secret", /mls_[\w-]{8}/],
];

const secrets: readonly string[] = [
  ...Object.values(seededSecrets),
  ...demoShortcodes.flatMap((s) => [s.consumerKey, s.consumerSecret, s.passkey, s.initiatorPassword]),
  ...Object.values(developmentKeys).flatMap((text) => text.match(/[\w-]{40,}/g) ?? []),
];

/** Random ids can look like anything. */
const withoutIds = (line: string): string =>
  line.replaceAll(/req_[0-9a-f]{32}/g, "req").replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "uuid");

/** What is wrong with the lines: personal data or secrets, including those given. */
export function leaksIn(lines: readonly string[], more: readonly string[] = []): string[] {
  const told = [...secrets, ...more].filter((secret) => secret.length >= 8);
  return lines.flatMap((line) => {
    const text = withoutIds(line);
    const found = forms.filter(([, form]) => form.test(text)).map(([what]) => what);
    if (told.some((secret) => line.includes(secret))) found.push("a secret");
    return found.map((what) => `${what} in: ${line}`);
  });
}

/** The keys that a JSON line holds more than once at its top; JSON.parse would keep the last one and say nothing. */
export function repeatedKeys(line: string): string[] {
  if (!line.startsWith("{")) return [];
  const keys: string[] = [];
  let depth = 0;
  for (const [token, key] of line.matchAll(/"((?:[^"\\]|\\.)*)"\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (key !== undefined && depth === 1) keys.push(key);
    else if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
  }
  return [...new Set(keys.filter((key, i) => keys.indexOf(key) !== i))];
}

/** Fails if a log line holds personal data or a secret, or repeats a key. */
export function assertCleanLogs(lines: readonly string[], more: readonly string[] = []): void {
  const leaks = leaksIn(lines, more);
  if (leaks.length > 0) throw new Error(`Log lines leak:\n${leaks.slice(0, 10).join("\n")}`);
  const repeats = lines.flatMap((line) => repeatedKeys(line).map((key) => `${key} in: ${line}`));
  if (repeats.length > 0) throw new Error(`Log lines repeat a key:\n${repeats.slice(0, 10).join("\n")}`);
}
