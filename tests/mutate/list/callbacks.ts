import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "callbacks";
const notices = ["tests/callbacks/kept-apart_test.ts", "tests/callbacks/notices_test.ts"];
const spill = ["tests/callbacks/spill_test.ts"];
const money = ["tests/e2e/money/money_test.ts"];
const payoutNotices = ["tests/domain/payouts/notices_test.ts"];
const reversal = ["tests/domain/refunds/notices_test.ts", "tests/domain/refunds/reversal_test.ts"];

/** Faults in callbacks: news of money that is lost, believed twice, or applied to the wrong row. */
export const callbacks: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/callbacks/accept-notice.ts", tests: [...notices, ...spill] }, [
    [
      "await services.jobs.storeFirst(() => storeNotice(services, target, body));",
      "void services.jobs.storeFirst(() => storeNotice(services, target, body)).catch(() => {});",
      "a notice is acknowledged before it is stored",
    ],
    ["if (!isKept) throw cause;", "", "a notice that nothing could keep is acknowledged"],
    ["await kv.delete(key);", "", "a restored notice is restored for ever"],
    [
      "await storeNotice(services, spilled.capability, spilled.body);\n",
      "",
      "a notice that waited outside the database is thrown away",
    ],
    ["insertedJob !== undefined && insertedJob.changes > 0", "true", "a copy of a notice is processed again"],
    [
      "if (!(error instanceof DatabaseUnavailable) || kv === null) throw error;",
      "if (kv === null) throw error;",
      "a notice that the database refuses for good waits outside it for ever",
      [...spill, ...notices],
      false,
    ],
    [
      "    await kv.set([SET_ASIDE, ...key.slice(1)], value);\n",
      "",
      "a notice that cannot be opened is deleted",
    ],
  ]),
  ...mutationsOf({ area, file: "src/callbacks/inbox.ts", tests: notices }, [
    [
      "sha256(`${kind}\\n${subjectId}\\n${body}`)",
      "sha256(`${kind}\\n${body}`)",
      "the same text about another row counts as a copy, and is dropped",
    ],
    [
      "sha256(`${kind}\\n${subjectId}\\n${body}`)",
      "sha256(`${subjectId}\\n${body}`)",
      "the same text of another kind counts as a copy, and is dropped",
    ],
    [
      "sha256(`${kind}\\n${subjectId}\\n${body}`)",
      "sha256(`${kind}\\n${subjectId}`)",
      "only the first notice about a row counts",
    ],
    [
      "ON CONFLICT (digest) DO UPDATE SET copies = copies + 1, version = version + 1, source_known = max(source_known, excluded.source_known)",
      "ON CONFLICT (digest) DO NOTHING",
      "copies of a notice are not counted",
      notices,
      false,
    ],
  ]),
  ...mutationsOf({ area, file: "src/callbacks/process-notice.ts", tests: [...notices, ...money] }, [
    [
      'if (row === null || row.status !== "stored") return null;',
      "if (row === null) return null;",
      "a notice that was applied is applied again",
    ],
    ["    deleteFinished(job),\n", "", "a notice is processed again after it was applied"],
    ['if (outcome.status !== "applied") {', "if (false) {", "nobody is alerted about a notice that contradicts"],
  ]),
  ...mutationsOf({ area, file: "src/callbacks/handlers.ts", tests: [...notices, ...payoutNotices] }, [
    [
      'settlePayout(ctx, id, { at: "status", notice: result }, finish)',
      'settlePayout(ctx, id, { at: "result", notice: result }, finish)',
      '"the query ran" counts as "the payout was paid"',
      [...payoutNotices, "tests/domain/payouts/scenarios_test.ts"],
    ],
    [
      'settleRefund(ctx, id, { at: "status", notice: result }, finish)',
      'settleRefund(ctx, id, { at: "result", notice: result }, finish)',
      '"the query ran" counts as "the money went back"',
      reversal,
    ],
    [
      'settlePayout(ctx, subjectId, { at: "timeout", notice: parseQueueTimeout(body) }, finish)',
      'settlePayout(ctx, subjectId, { at: "status_timeout" }, finish)',
      "a queue timeout leaves no doubt",
      [...payoutNotices, "tests/domain/payouts/scenarios_test.ts"],
    ],
    [
      'settleRefund(ctx, subjectId, { at: "timeout", notice: parseQueueTimeout(body) }, finish)',
      'settleRefund(ctx, subjectId, { at: "status_timeout" }, finish)',
      "a queue timeout of a reversal leaves no doubt",
      reversal,
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payments/prove-confirmation.ts",
    tests: ["tests/security/callback-sources_test.ts"],
  }, [
    [
      "if (notice.sourceKnown === true && message.amount < verifyFrom)",
      "if (message.amount < verifyFrom)",
      "a small payment that nobody made is believed",
    ],
    ["amount.value === message.amount && !isOther", "!isOther", "a real receipt proves any amount"],
    [
      "isSourceBelieved(ctx, notice) || message.phoneForm",
      "true || message.phoneForm",
      "a stranger says where a refund goes",
    ],
    ['!== "verify" || sourceKnown === true;', '!== "verify" || true;', "a stranger says which order a receipt pays"],
    ["AND p.amount = ? ", "AND p.amount <> ? ", "a receipt that is known with another amount proves a confirmation"],
    ["AND s.merchant_id = ? ", "AND s.merchant_id <> ? ", "a receipt of another merchant proves a confirmation"],
    [
      "await namesOf(ctx, shortcode, message.shortcode)",
      "[shortcode.number, shortcode.storeNumber]",
      "money of a till is compared with the paybill of the address",
    ],
    [
      'if (row === null || row.proof === "proven") return "settle";',
      'return "settle";',
      "a confirmation from anywhere is believed",
    ],
  ]),
];
