import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "checkouts";
const machine = [
  "tests/domain/checkouts/machine_test.ts",
  "tests/domain/checkouts/parts_test.ts",
  "tests/domain/checkouts/refunded_test.ts",
  "tests/domain/checkouts/machine-property_test.ts",
];
const lifecycle = ["tests/domain/checkouts/lifecycle_test.ts"];
const limits = ["tests/domain/checkouts/limits_test.ts"];
const money = ["tests/e2e/money/money_test.ts"];
const merge = ["tests/e2e/paybill/merge_test.ts"];
const prompts = ["tests/pages/prompt-limits_test.ts"];

/** Faults in checkouts: an order that counts as paid and is not, or the other way round. */
export const checkouts: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/checkouts/limits.ts", tests: [...limits, ...lifecycle] }, [
    ["if (amount > limit) {", "if (amount > 10 * limit) {", "a checkout above M-Pesa's limit is created"],
    [
      "`checkout/${hex(attempt.phone_index)}/${nairobiDay(attempt.created_at)}`",
      "`checkout/${hex(attempt.phone_index)}`",
      "the daily limit of a phone never renews",
    ],
    [
      "`checkout/${hex(attempt.phone_index)}/${nairobiDay(attempt.created_at)}`",
      "`checkout/${nairobiDay(attempt.created_at)}`",
      "the daily limit of one phone counts for all phones",
    ],
    [
      "SET total = total + excluded.total, cap",
      "SET total = excluded.total, cap",
      "only the last attempt counts towards the daily limit",
    ],
    [
      "SET total = max(0, total - ?) WHERE",
      "SET total = max(0, total - 0 * ?) WHERE",
      "an attempt that failed keeps its part of the daily limit",
    ],
    [
      "SET total = max(0, total - ?) WHERE",
      "SET total = max(0, total - 2 * ?) WHERE",
      "an attempt that failed gives back more than it took",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/prompt-limits.ts", tests: prompts }, [
    ["LIMIT ?)) >= ?`;", "LIMIT ?)) > ?`;", "a phone gets one prompt more than the limit"],
    [
      "`AND evidence & ${Evidence.refused} = 0`",
      "`AND evidence & ${Evidence.refused} >= 0`",
      "a prompt that was refused counts towards the limit",
    ],
    ["if (attempts.length < limit) return;", "return;", "a checkout prompts phones without end"],
    ["const HOUR_MS = 3_600_000;", "const HOUR_MS = 60_000;", "a phone gets the prompts of an hour within a minute"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/plan.ts", tests: [...lifecycle, ...money] }, [
    [
      "(attempt.evidence & (Evidence.mismatch | Evidence.second)) === 0",
      "true",
      "a query settles what a person has to decide",
      [...machine, ...lifecycle, ...merge],
    ],
    [
      "Math.min(Infinity, ...polls, ...(ended ? [] : [checkout.expires_at]))",
      "Math.min(Infinity, ...polls)",
      "a checkout never expires",
    ],
    ["last: step === POLLS_S.length - 1,", "last: false,", "Daraja is asked for ever, and no person is called"],
    [
      "attempts.filter(isPolled).map(",
      "attempts.filter(() => false).map((a: Attempt) => a).map(",
      "a paid prompt whose callback is lost is never found",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/create-attempt.ts", tests: [...lifecycle, ...prompts] }, [
    ["    checkOpen(ctx, before);\n", "", "a phone is prompted for a paid checkout"],
    ["    checkNotBusy(ctx, before, attempt);\n", "", "a phone is prompted twice at once"],
    [
      "[promptLimitGuard(ctx, attempt), reserveDaily(ctx, attempt, before.checkout.amount)]",
      "[promptLimitGuard(ctx, attempt)]",
      "later prompts do not count towards the daily limit",
      [...limits, ...lifecycle],
    ],
    [
      "[promptLimitGuard(ctx, attempt), reserveDaily(ctx, attempt, before.checkout.amount)]",
      "[reserveDaily(ctx, attempt, before.checkout.amount)]",
      "later prompts do not count towards the phone's hour",
      prompts,
    ],
    ["!isOver && (checkout.status", "(checkout.status", "a phone is prompted for an expired checkout"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/create-checkout.ts", tests: [...lifecycle, ...limits] }, [
    [
      "[promptLimitGuard(ctx, attempt), reserveDaily(ctx, attempt, amount)]",
      "[promptLimitGuard(ctx, attempt)]",
      "first prompts do not count towards the daily limit",
    ],
    [
      "[promptLimitGuard(ctx, attempt), reserveDaily(ctx, attempt, amount)]",
      "[reserveDaily(ctx, attempt, amount)]",
      "first prompts do not count towards the phone's hour",
      prompts,
    ],
    ["  checkAmount(ctx, input.amount);\n", "", "a checkout above M-Pesa's limit is created", [
      ...limits,
      ...lifecycle,
    ]],
    [
      "expires_at: now + input.expires_in * 1000,",
      "expires_at: now + input.expires_in * 1000 * 60,",
      "a checkout stays open too long",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/cancel-checkout.ts", tests: lifecycle }, [
    ['if (status !== "open" && status !== "pending") {', "if (false) {", "a paid checkout is cancelled"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/send-push.ts", tests: [...lifecycle, ...money] }, [
    [
      "amount: checkout.amount,",
      "amount: checkout.amount * 100,",
      "a customer is asked for a hundred times the amount",
    ],
    [
      "      return null;\n",
      '      return { kind: "refused", failure: "daraja_unreachable", resultCode: null, description: "" };\n',
      "a prompt that may be open is called failed",
    ],
    [
      "partyB: shortcode.number,",
      "partyB: shortcode.storeNumber ?? shortcode.number,",
      "the money goes to another account",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/query-attempt.ts", tests: [...lifecycle, ...money, ...merge] }, [
    [
      'case "pending":\n      return {\n        fact: null,',
      'case "pending":\n      return {\n        fact: { kind: "failed", via: "query", failure: "unknown_failure", resultCode: "", description: "" },',
      "a prompt that is still open is called failed",
    ],
    [
      "businessShortcode: shortcode.storeNumber ?? shortcode.number,",
      "businessShortcode: shortcode.number,",
      "the prompts of tills are never found",
      [...merge, ...money, "tests/domain/checkouts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/follow-checkout.ts", tests: [...lifecycle, ...money] }, [
    ["expire(next, now)", "next", "a checkout never expires"],
    [
      'last && fact === null ? [...counted, { kind: "plan_ended" }] : counted',
      "counted",
      "Daraja is asked for ever, and no person is called",
    ],
    [
      "if (retryAfterMs !== undefined) return { attemptId: attempt.id, facts: [], retryAfterMs };",
      "",
      "a query that was put off counts as asked, so the plan ends too soon",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/evidence.ts", tests: machine }, [
    [
      "has(evidence, Evidence.claimed) && !has(evidence, Evidence.mismatch)",
      "has(evidence, Evidence.claimed)",
      "a prompt that was paid with another amount counts as paid",
    ],
    [
      'if (has(evidence, Evidence.mismatch)) return "unknown";',
      "",
      "a prompt that was paid with another amount is called failed",
    ],
    [
      'return has(evidence, Evidence.second) ? "unknown" : "succeeded";',
      'return "succeeded";',
      "two payments for one order raise no question",
    ],
    [
      "if (isProven(evidence)) return",
      "if (isProven(evidence) && !has(evidence, Evidence.failedByCallback)) return",
      "a failure outranks a payment",
    ],
    [
      'return has(evidence, Evidence.planEnded) ? "unknown" : "pending";',
      'return has(evidence, Evidence.planEnded) ? "failed" : "pending";',
      "a prompt without an answer is called failed",
    ],
    [
      "nextRank > displayedRank ||",
      "nextRank < displayedRank ||",
      "the reason of a failure depends on the order of the notices",
    ],
    [
      "Evidence.failedByCallback | Evidence.failedByQuery | Evidence.refused",
      "Evidence.failedByCallback | Evidence.refused",
      "a prompt that a query found failed stays pending",
    ],
  ]),
];
