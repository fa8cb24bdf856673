import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "crypto";
const capability = ["tests/crypto/capability_test.ts"];
const vault = ["tests/crypto/vault_test.ts"];

/** Faults in what proves where a message comes from, and in what hides personal data. */
export const crypto: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/crypto/capability.ts", tests: capability }, [
    [
      "if (!kind || !macs.some((mac) => equalBytes(mac(messageOf(claim)), given))) return null;",
      "if (!kind) return null;",
      "anybody can report that a payment was made",
    ],
    ["if (!isId(prefix, id)) throw", "if (false) throw", "a URL is made for the wrong kind of row"],
    [
      "text.slice(0, -MAC_DIGITS), Uint8Array",
      '`${text.slice(0, 2)}${text.slice(2, -MAC_DIGITS).replaceAll("f", "0")}`, Uint8Array',
      "a URL is not bound to its row",
    ],
    ["const claim = number + uuidHex(id) +", 'const claim = "01" + uuidHex(id) +', "a URL is not bound to its kind"],
    [
      "const minted = createLru<string, string>(MAX_CACHED);",
      "const cached = createLru<string, string>(MAX_CACHED);\n  const minted = {\n" +
      "    get: (key: string) => cached.get(key.slice(2)),\n" +
      "    set: (key: string, made: string) => cached.set(key.slice(2), made),\n  };",
      "a URL of one kind is given for another",
    ],
    [
      "macs.some((mac) => equalBytes(mac(",
      "[newest].some((mac) => equalBytes(mac(",
      "URLs of an older key are refused, and their news is lost",
    ],
    ['payout_result: { number: "04"', 'payout_result: { number: "05"', "a queue timeout counts as a result"],
    [
      "const FORM = /^[0-9a-f]{98}(?:[0-9a-f]{4})?$/;",
      "const FORM = /^[0-9a-f]{98}(?:[0-9a-f]{4})?/;",
      "more than one URL stands for one row",
    ],
  ]),
  ...mutationsOf({ area, file: "src/crypto/keyring.ts", tests: vault }, [
    [
      "encryption.findLast(({ isNew }) => isNew !== true) ?? encryption[0]",
      "encryption[0]",
      "after a new key, phone limits start anew",
    ],
  ]),
  ...mutationsOf({ area, file: "src/crypto/vault.ts", tests: vault }, [
    [
      "JSON.stringify([table, column, row])",
      "JSON.stringify([table, column])",
      "a sealed value can be moved to another row",
    ],
    [
      "JSON.stringify([table, column, row])",
      "table + column + row",
      "a sealed value can be moved to another place of the same name",
    ],
    ["mac(JSON.stringify([kind, value]))", "mac(JSON.stringify([value]))", "values of two kinds have one index"],
    [
      "crypto.getRandomValues(new Uint8Array(NONCE_BYTES))",
      "new Uint8Array(NONCE_BYTES)",
      "two sealed values can be compared and opened",
    ],
    [
      'if (!sealer) throw new VaultError("unknown_key");\n  const nonce',
      'if (!sealer) throw new VaultError("tampered");\n  const nonce',
      "a missing key is reported as a forgery",
      vault,
      false,
    ],
  ]),
];
