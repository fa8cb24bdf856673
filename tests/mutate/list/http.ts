import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "http";
const idempotency = ["tests/http/idempotency_test.ts"];
const badInput = ["tests/http/bad-input_test.ts"];
const create = ["tests/domain/payouts/create_test.ts"];

/** Faults in what all calls share: a retry that moves money a second time, and input that is not refused. */
export const http: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/http/idempotency.ts", tests: idempotency }, [
    [
      "sha256(`${method} ${path}\\n${body}`)",
      "sha256(`${method}\\n${body}`)",
      "the path is left out of the fingerprint: a key answers another call",
    ],
    [
      "sha256(`${method} ${path}\\n${body}`)",
      "sha256(`${method} ${path}`)",
      "the body is left out of the fingerprint: a key answers another request",
    ],
    [
      "if (!row.fingerprint.every((byte, i) => byte === this.fingerprint[i])) {",
      "if (false) {",
      "a key that was used for another request answers with that one",
    ],
    [
      "selectKey(this.merchantId, this.key)",
      "selectKey(this.merchantId, this.key.toLowerCase())",
      "a retry moves money again, or fails",
    ],
    [
      'const updateKey = update(idempotencyKeys, ["status", "body"], "WHERE merchant_id = ? AND key = ?");',
      'const updateKey = update(idempotencyKeys, ["status", "body"], "WHERE ? <> \'\' AND key = ?");',
      "the answer to one merchant is stored for another",
    ],
    [
      'const selectKey = select(idempotencyKeys, "WHERE merchant_id = ? AND key = ?");',
      "const selectKey = select(idempotencyKeys, \"WHERE ? <> '' AND key = ?\");",
      "a merchant gets the answer to another merchant's request",
    ],
    [
      "if (wait <= 0 && row.subject_id !== null) return",
      "if (row.subject_id !== null) return",
      "a retry answers for a request that still runs",
    ],
    [
      "if (wait <= 0 && row.subject_id !== null) return",
      "if (false) return",
      "a request that died keeps its key locked",
    ],
    ["if (!required) return null;", "return null;", "a call that moves money needs no key"],
    [
      'error.kind === "unique" && error.rule',
      'error.kind === "check" && error.rule',
      "two requests at once with one key: the second gets an error in place of the answer",
    ],
    ["if (row.status !== null && row.body !== null) {", "if (false) {", "a retry does not get the first answer"],
    [
      "/^[\\x21-\\x7e]{1,255}$/",
      "/^.{1,255}$/s",
      "keys with spaces are accepted",
      [...idempotency, ...badInput],
      false,
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/http/fields.ts",
    tests: [...create, ...badInput, "tests/domain/checkouts/lifecycle_test.ts"],
  }, [
    [".multipleOf(100, {", ".multipleOf(1, {", "cents are promised that M-Pesa cannot move"],
    ['.positive({ error: "must be more than 0 cents" })', "", "an amount of zero or less is accepted"],
    ['phone?.country === "KE" && phone.isValid()', "phone?.isValid()", "money goes to a number outside Kenya"],
    [
      'phone?.country === "KE" && phone.isValid()',
      'phone?.country === "KE"',
      "money goes to a number that does not exist",
    ],
  ]),
];
