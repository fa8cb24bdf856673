import type { Keyring } from "../crypto/keyring.ts";
import type { SigningKeys } from "../crypto/signing.ts";
import { developmentKeys } from "./keys.ts";
import { isLoopback } from "./values.ts";

/** The settings that are judged together. */
interface Judged {
  readonly HOST: string;
  readonly SIGNING_KEYS: SigningKeys;
  readonly ENCRYPTION_KEYS: Keyring;
  readonly CALLBACK_SECRETS: Keyring;
}

export type KeySetting = Exclude<keyof Judged, "HOST">;

/** Problems that no setting has alone, by the name of the setting that is to be changed. They contain no value. */
export function problemsBetween(
  read: Judged,
  strict: boolean,
): { readonly name: keyof Judged; readonly problem: string }[] {
  if (!strict) {
    return isThisMachine(read.HOST) || !hasDevelopmentKeys(read) ? [] : [{
      name: "HOST",
      problem:
        "other machines could reach it, and it has the development keys, which are public; make keys of your own " +
        "with `deno task keys`, or listen on 127.0.0.1",
    }];
  }
  const seen = new Map<string, KeySetting>();
  const problems: { name: KeySetting; problem: string }[] = [];
  for (const [name, keys] of keysOf(read)) {
    for (const key of keys) {
      const before = seen.get(key);
      if (before === undefined) seen.set(key, name);
      else {problems.push({
          name,
          problem: `holds a key that ${before} holds too; each purpose needs a key of its own`,
        });}
    }
  }
  return problems;
}

/** As addresses to listen on these two mean all addresses; as addresses to call they mean this machine. */
const ALL_ADDRESSES: readonly string[] = ["0.0.0.0", "::"];

const isThisMachine = (host: string): boolean =>
  !ALL_ADDRESSES.includes(host) && isLoopback(host.includes(":") ? `[${host}]` : host);

const hasDevelopmentKeys = (read: Judged): boolean => {
  const known = Object.values(developmentKeys).join(" ");
  return keysOf(read).some(([, keys]) => keys.some((key) => known.includes(key)));
};

const base64url = (bytes: Uint8Array): string => bytes.toBase64({ alphabet: "base64url", omitPadding: true });

const keysOf = ({ SIGNING_KEYS, ENCRYPTION_KEYS, CALLBACK_SECRETS }: Judged): [KeySetting, string[]][] => [
  ["SIGNING_KEYS", SIGNING_KEYS.map(({ d }) => d)],
  ["ENCRYPTION_KEYS", ENCRYPTION_KEYS.map(({ bytes }) => base64url(bytes))],
  ["CALLBACK_SECRETS", CALLBACK_SECRETS.map(({ bytes }) => base64url(bytes))],
];
