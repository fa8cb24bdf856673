import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "checkouts";
const placing = ["tests/domain/checkouts/place_test.ts"];
const machine = [
  "tests/domain/checkouts/held_test.ts",
  "tests/domain/checkouts/rules_test.ts",
  "tests/domain/checkouts/machine_test.ts",
  "tests/domain/checkouts/parts_test.ts",
  "tests/domain/checkouts/refunded_test.ts",
  "tests/domain/checkouts/machine-property_test.ts",
];
const lifecycle = ["tests/domain/checkouts/lifecycle_test.ts"];
const limits = ["tests/domain/checkouts/allowance_test.ts", "tests/domain/checkouts/limits_test.ts"];
const money = ["tests/e2e/money/money_test.ts"];
const merge = ["tests/e2e/paybill/merge_test.ts"];
const merging = [
  "tests/domain/payments/inferred-and-refunded_test.ts",
  "tests/domain/payments/one-transfer_test.ts",
  "tests/domain/payments",
];
const guards = ["tests/domain/guards_test.ts"];
const paybill = ["tests/e2e/paybill/matching_test.ts"];
const due = ["tests/domain/checkouts/due_test.ts"];
const duplicates = ["tests/domain/checkouts/possible-duplicate_test.ts"];
const prompts = ["tests/pages/prompt-limits_test.ts"];

/** Faults in checkouts: an order that counts as paid and is not, or the other way round. */
const shares = ["tests/domain/payments/allocate_test.ts"];

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
    ["LIMIT ?)) >= ?`", "LIMIT ?)) > ?`", "a phone gets one prompt more than the limit"],
    [
      "AND evidence & ${Evidence.refused} = 0`",
      "AND evidence & ${Evidence.refused} >= 0`",
      "a prompt that was refused counts towards the limit",
    ],
    ["if (attempts.length < limit) return;", "return;", "a checkout prompts phones without end"],
    ["const HOUR_MS = 3_600_000;", "const HOUR_MS = 60_000;", "a phone gets the prompts of an hour within a minute"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/checkouts/plan.ts",
    tests: ["tests/domain/checkouts/plan_test.ts", ...lifecycle, ...money],
  }, [
    [
      "(evidence & (Evidence.exact | Evidence.claimed | Evidence.second)) === 0",
      "true",
      "Daraja is asked about what is known",
    ],
    [
      "((evidence & Evidence.mismatch) !== 0 && (evidence & FINAL_WORD) === 0)",
      "false",
      "after a callback with another amount the order decides what a query may still say",
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
      "reserveDaily(ctx, attempt, amount ?? before.checkout.amount),",
      "",
      "later prompts do not count towards the daily limit",
      [...limits, ...lifecycle],
    ],
    [
      "promptLimitGuard(ctx, attempt),\n",
      "\n",
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
    ["  checkSplit(ctx, input);\n", "", "a checkout above M-Pesa's limit is created", [
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
      "amount: attempt.amount ?? checkout.amount,",
      "amount: (attempt.amount ?? checkout.amount) * 100,",
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
    ["expire(settleAgain(applied.after, now), now)", "settleAgain(applied.after, now)", "a checkout never expires"],
    [
      "settleAgain(applied.after, now)",
      "applied.after",
      "a checkout is not settled again when a refund changed what is held",
    ],
    [
      'last && fact === null ? [...counted, { kind: "plan_ended" }] : counted',
      "counted",
      "Daraja is asked for ever, and no person is called",
    ],
    [
      "if (retryAfterMs !== undefined) {",
      "if (false) {",
      "a query that was put off counts as asked, so the plan ends too soon",
    ],
    ["ctx.clock.now() > attempt.created_at + 2 *", "false && 0 > 2 *", "a prompt is asked after for ever", [
      "tests/domain/checkouts/put-off_test.ts",
    ]],
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
  ...mutationsOf({ area, file: "src/domain/checkouts/transition.ts", tests: [...guards, ...lifecycle] }, [
    ["    abortIfUnchanged,\n", "", "the version guard of a checkout is dropped: two writers overwrite each other"],
    [
      "updatePayment(after, after.id, before.version), abortIfUnchanged];",
      "updatePayment(after, after.id, before.version)];",
      "a payment that moved to another checkout meanwhile is counted twice",
    ],
    [
      'change.before !== undefined && change.before.status !== "failed"',
      "change.before !== undefined",
      "each further failure notice gives the allowance back again",
      [...limits, ...lifecycle],
    ],
    [
      "...failed.map((change) => releaseDaily(change.after, change.after.amount ?? after.checkout.amount)),",
      "",
      "an attempt that failed keeps its part of the daily limit",
      [...limits, ...lifecycle],
    ],
    ['succeeded: "checkout.succeeded"', "succeeded: null", "a shop is not told that its order is paid", lifecycle],
    [
      'if (becomes("duplicate_payment")) list.push(',
      "if (false) list.push(",
      "a shop is not told of money that it has to give back",
      lifecycle,
    ],
    ['review: "checkout.review"', "review: null", "a shop is not told of an order that needs a person", [
      ...lifecycle,
      "tests/callbacks/notices_test.ts",
    ]],
    [
      "...placeSpareLater(ctx, payments.map((change) => change.after)),",
      "",
      "money at a till that loses its prompt counts beside the prompt that it paid",
      ["tests/domain/payments/same-moment_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine.ts", tests: machine }, [
    [
      "if (contradicts(before, paid, asked) || (paid.amount",
      "if ((paid.amount",
      "a receipt that paid another checkout pays this one as well",
    ],
    ["paid.amount !== asked)) {", "paid.amount < asked)) {", "more than was asked counts as exact"],
    ["paid.amount !== asked)) {", "paid.amount > asked)) {", "less than was asked pays the order"],
    [
      "const bit = paid.amount === null ? Evidence.claimed : Evidence.exact;",
      "const bit = Evidence.exact;",
      "a query without an amount outweighs a callback with another one",
    ],
    [
      "if (before.payments.some((p) => p.receipt === payment.receipt)) return before;",
      "",
      "one receipt is booked twice",
      [...machine, ...merge],
    ],
    [
      "status: statusOfArrival(before, payment.amount) };",
      'status: payment.amount < checkout.amount ? "partial" : "matched" };',
      "the second payment of an order is not offered to be given back",
      [...machine, ...paybill],
    ],
    [
      'if (p.status !== "partial" || p.amount > due) return p.status;',
      'if (p.status !== "partial") return p.status;',
      "more than was asked is matched",
    ],
    [
      "now < checkout.expires_at) return before;",
      "now < checkout.expires_at - 1e9) return before;",
      "a checkout expires too soon",
      [...machine, ...lifecycle],
    ],
    [
      "((p.checkout_id !== null && p.checkout_id !== checkout.id) || p.amount !== asked)",
      "p.checkout_id !== null && p.checkout_id !== checkout.id",
      "a receipt that is known with another amount pays the order",
    ],
    [
      'if (inferred?.receipt_source !== "inferred") return before;',
      "if (inferred === undefined) return before;",
      "a proven receipt gives way to a guess",
    ],
    ["const before = withoutShareOf(loaded, chosen);", "const before = loaded;", "a match counts money twice", shares],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/find-money.ts", tests: [...machine, ...merge] }, [
    [
      "const MERGE_WINDOW_MS = 30 * 60_000;",
      "const MERGE_WINDOW_MS = 24 * 60 * 60_000;",
      "money of the next day counts as the money of a query",
    ],
    [
      "p.amount === askedBy(state, attemptId) &&\n",
      "true &&\n",
      "money of another amount counts as the money of a query",
    ],
    [
      "if (withoutReceipt.amount !== seen.amount) return false;",
      "",
      "money of another amount counts as the money of a query",
    ],
    ["seen.paid_at >= pushedAt - CLOCK_SKEW_MS && ", "", "money from before the prompt counts as its payment"],
    [
      " && seen.paid_at <= withoutReceipt.created_at + CLOCK_SKEW_MS",
      "",
      "money from after the query counts as its payment",
    ],
    [
      "isOfSameAccount(p, account)) &&\n      p.amount === askedBy(state, attemptId) && p.paid_at !== null &&",
      "isOfSameAccount(p, account)) &&\n      p.paid_at !== null &&",
      "money of another amount counts as the money of a prompt",
    ],
    [
      'isOfAccount(p) && isExactAccount(p.account_reference ?? "", account)',
      "isOfAccount(p)",
      "an account loses money that names only it to a prompt whose account is spelt alike",
      ["tests/domain/accounts/taken-back-by-prompt_test.ts"],
    ],
    [
      "p.paid_at >= since && p.paid_at <= now + CLOCK_SKEW_MS",
      "p.paid_at <= now + CLOCK_SKEW_MS",
      "money from before the prompt counts as its payment",
    ],
    [
      "p.paid_at !== null && fitsAccount(p, account) &&",
      "p.paid_at !== null &&",
      "money for another account counts as the money of a prompt",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/link.ts", tests: [...machine, ...merge] }, [
    [
      "if (share === 0) return state;",
      "if (share >= 0) return state;",
      "what was allocated counts beside the payment",
      shares,
    ],
    [
      "const state = withoutShareOf(before, payment);",
      "const state = before;",
      "a callback's own money counts twice",
      shares,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/payments.ts", tests: [...machine, ...merge] }, [
    [
      'return linkPayment(before, { ...free, receipt_source: "inferred" }, attemptId, noDetails, now);',
      "return linkPayment(before, free, attemptId, noDetails, now);",
      "a guess at a till counts as proof",
    ],
    ["if (placeholder !== undefined && loser === null) {", "if (false) {", "one transfer counts as two payments"],
    [
      'heir === null && payment.receipt_source === "inferred"',
      "false",
      "money that was only inferred stays with the order",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/derive.ts", tests: machine }, [
    [
      "if (proven === undefined) return state;",
      "return state;",
      "a payment in doubt keeps a proven one from settling the order",
    ],
    [
      'if (payments.some((p) => p.status === "matched" || p.status === "partial")) return evidence & ~Evidence.second;',
      "return evidence & ~Evidence.second;",
      "two payments for one order raise no question",
    ],
    [
      "if (matched === undefined) return matchDuplicate(state, payments, inDoubt, now);",
      "if (matched === undefined) return state;",
      "an order whose money was another's is not settled by its own",
    ],
    [
      'if (payments.some((p) => p.status === "refunded" && p.amount >= amount)) return state;',
      "",
      "an order that was settled and given back takes a second payment",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/place.ts", tests: placing }, [
    [
      "if (target === payment.checkout_id || made.has(move)) continue;",
      "if (target !== null) continue;",
      "money finds no place",
    ],
    [
      '(p.status === "duplicate_payment" || isPaidByPrompt(state))',
      "true",
      "what settled an order leaves it for another one",
    ],
    ["!isGone(p) && !isGoingBack(p) &&", "", "money that goes back is moved to another order"],
    ['p.receipt_source === "notice" && p.attempt_id === null', "p.attempt_id === null", "a person's word is undone"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/seat.ts", tests: placing }, [
    [
      "if (lacking.length === 0) return pool;",
      "return pool;",
      "a prompt finds no money, and its transfer counts twice",
    ],
    [
      "|| namesAnother(pool, checkout.account_reference, p)) return false;",
      ") return false;",
      "money of one account pays the prompt of one that is spelt alike",
    ],
    ["p.paid_at <= known + CLOCK_SKEW_MS", "true", "money that came long after a prompt was paid is put to it"],
    ["mergePayment(state, placeholder, money.id)", "state", "a placeholder stays beside the money that it stands for"],
    [
      'placeholder?.status === "matched" && isGoingBack(money)',
      "false",
      "an order stays settled by money of which a part had gone back before",
      ["tests/domain/checkouts/place_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/parts.ts", tests: machine }, [
    [
      "const held = parts.map(heldOf);",
      "const held = parts.map(({ amount }) => amount);",
      "a part under refund counts whole",
    ],
    ['setStatus(changed, brokenSum(changed), "partial")', "changed", "the rest of broken parts still pays the order"],
    [
      "if (total < amount) return [];",
      "if (total < amount) return [...parts];",
      "parts that do not add up pay the order",
    ],
    [
      'if (statusOfCheckout(state) === "succeeded") return setStatus(state, openParts(state), "duplicate_payment");',
      'if (statusOfCheckout(state) === "succeeded") return state;',
      "a part that is left over is not offered to be given back",
    ],
    [
      'return setStatus(settled, openParts(settled), "duplicate_payment");',
      "return settled;",
      "a part that is left over is not offered to be given back",
    ],
    [
      'setStatus(setStatus(state, inDoubt, "duplicate_payment"), parts, "matched")',
      'setStatus(state, parts, "matched")',
      "more than was asked is matched",
    ],
    [
      "p.amount < state.checkout.amount && !isInDoubt(state, p);",
      "p.amount < state.checkout.amount;",
      "a part whose prompt is in doubt helps to pay the order",
      due,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/status.ts", tests: machine }, [
    [
      "(checkout.amount_lost === 0 && !payments.some(isTaken))",
      "!payments.some(isTaken)",
      "an order whose account lost its money is open again, or expires",
      ["tests/domain/accounts/lost_test.ts"],
    ],
    ["heldOf(p) >= checkout.amount", "heldOf(p) > 0", "money that is partly promised back pays the order"],
    [
      "counted.reduce((sum, { amount, amount_taken_back: taken }) => sum + amount - taken, 0) >= due",
      "counted.length > 0",
      "a part that went back keeps an order paid",
    ],
    [
      '(p.status === "refunded" && checkout.status === "succeeded")',
      'p.status === "refunded"',
      "money that went back before it settled anything pays the order",
    ],
    [
      'if (attempts.some((a) => has(a.evidence, Evidence.mismatch))) return "review";',
      "",
      "another amount than was asked needs nobody",
    ],
    [
      'return hasParts || attempts.some((a) => a.status === "unknown") ? "review" : "expired";',
      'return attempts.some((a) => a.status === "unknown") ? "review" : "expired";',
      "an order that expires with a part of its money needs nobody",
    ],
    [
      'return hasParts || attempts.some((a) => a.status === "unknown") ? "review" : "expired";',
      'return hasParts ? "review" : "expired";',
      "an order that expires with an unanswered prompt needs nobody",
    ],
    [
      'paymentsOfCheckout(before).some((p) => p.status === "matched")',
      "false",
      "two payments of one order are matched",
    ],
    [
      'return isHeld(checkout, payments) ? "succeeded" : "review";',
      'return "succeeded";',
      "money that went back before it settled anything pays the order",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/due.ts", tests: due }, [
    [
      "?.amount ?? checkout.amount;",
      "?.amount && checkout.amount;",
      "a prompt of a part is judged by the whole amount",
    ],
    ['if (status === "succeeded") return 0;', "", "a paid order asks for money that went back"],
    ["Math.max(0, amount - received)", "amount", "the next prompt asks again for what has come"],
    ['partial === "refuse" ? amount :', "", "a checkout that refuses parts prompts for a part"],
    ['({ status }) => status === "matched" || status === "partial"', "() => true", "a duplicate counts as received"],
    ["sum + heldOf(payment)", "sum + payment.amount", "what was given back counts as received"],
    ['overpayment === "park" ? amount :', "", "more than was asked pays an order whose merchant wants a person"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/duplicates.ts", tests: duplicates }, [
    ['policy === "refuse" ? [statement(REFUSE, merchant_id, reference)] : []', "[]", "a repeated order is not refused"],
    [
      "`WHERE merchant_id = ? AND reference = ? ORDER",
      "`WHERE ? <> '' AND reference = ? ORDER",
      "another merchant's order is named",
    ],
    ["WHERE status IN ('open', 'pending')", "WHERE true", "an order that has ended is called a duplicate"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/merge.ts", tests: merging }, [
    ["    deletePayment(payment),\n    abortIfUnchanged,\n", "", "one transfer stays two payments"],
    [
      "const isGone = amount_refunded >= p.amount &&",
      "const isGone = amount_refunded > p.amount &&",
      "a payment that was given back whole settles an order",
    ],
    [
      "const amount_refunded = p.amount_refunded + more;",
      "const amount_refunded = p.amount_refunded;",
      "what was given back before two rows became one is forgotten",
    ],
    [
      "refunded = t.refunded + was.refunded, ",
      "refunded = t.refunded, ",
      "what was given back before two rows became one is forgotten",
    ],
    [
      "SET promised = t.promised + was.promised,",
      "SET promised = t.promised,",
      "what is promised back before two rows became one is forgotten",
    ],
    [
      "if (survivor.amount_refunded <= survivor.amount) continue;",
      "continue;",
      "more went back than was paid, and nobody is told",
    ],
    ["AND amount_refunded = 0 AND amount_taken_back = 0", "", "a payment of which something went back is replaced"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/pool.ts", tests: [...placing, ...merging] }, [
    [
      "AND status IN ('unmatched', 'matched', 'refunded', 'taken_back') AND (receipt_source = 'notice'",
      "AND status IN ('unmatched', 'matched', 'refunded', 'taken_back') AND (1 = 1",
      "what a person or a callback decided is given to another prompt",
    ],
    [
      "AND account_key <> '' \" +\n    `AND status = 'unmatched'",
      "\" +\n    `AND status = 'unmatched'",
      "money of tills is given to whoever has no account",
    ],
    [
      "free: [...money.values()].filter((p) => p.checkout_id === null),",
      "free: [],",
      "money that waits is never given to the prompt that it paid",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/checkouts/waiting-prompts.ts",
    tests: [
      "tests/domain/checkouts/waiting-prompts_test.ts",
      "tests/domain/payments/one-transfer_test.ts",
      "tests/domain/payments/inferred-and-refunded_test.ts",
    ],
  }, [
    [
      "WHERE p.shortcode_id = ? AND p.amount = ? AND ${knownAt} >= ? `",
      "WHERE ? <> '' AND p.amount = ? AND ${knownAt} >= ? `",
      "a prompt takes money of another shortcode",
    ],
    [
      "p.shortcode_id = ? AND p.amount = ? AND ${knownAt}",
      "p.shortcode_id = ? AND ? > 0 AND ${knownAt}",
      "a prompt takes money of another amount",
    ],
    [
      "paidAt <= prompt.knownPaidAt + CLOCK_SKEW_MS;",
      "paidAt <= prompt.knownPaidAt + 1000 * CLOCK_SKEW_MS;",
      "money that moved after the query is the prompt's",
    ],
    [
      "return paidAt >= prompt.pushedAt - CLOCK_SKEW_MS && ",
      "return ",
      "money that moved before the push is the prompt's",
    ],
    ["Math.abs(now - prompt.knownPaidAt) < MERGE_WINDOW_MS", "true", "money without a time is any prompt's"],
    [
      "const MERGE_WINDOW_MS = 30 * 60_000;",
      "const MERGE_WINDOW_MS = 24 * 60 * 60_000;",
      "money without a time is the prompt's of a day ago",
    ],
    [
      "&& !isSameAccount(typed, prompt.account)) return false;",
      "&& false) return false;",
      "money of another account is the prompt's",
    ],
    ["fitting.length > 1 || !isNamed", "false", "a guess among prompts counts as proof, and can be given back"],
    ["isInferred: isInferred || isContested", "isInferred", "money that may be another order's counts as proven"],
    ["(exact.length > 0 ? exact : alike)", "alike", "money whose account is exactly one order's goes to another"],
    [
      "a.knownPaidAt - b.knownPaidAt ||",
      "b.knownPaidAt - a.knownPaidAt ||",
      "which prompt takes money depends on the order of the notices",
    ],
    [
      ": a.paidAt > b.paidAt || (a.paidAt",
      ": a.paidAt < b.paidAt || (a.paidAt",
      "later money takes the place of earlier money",
    ],
    ["? Boolean(a.isGoingBack)\n", "? Boolean(b.isGoingBack)\n", "money that is going back stays a prompt's"],
    [
      "isInferred: true, displaces: takes",
      "isInferred: true, displaces: null",
      "the money that gives way counts a second time",
    ],
    [
      "isInferred: true, displaces: takes",
      "isInferred: false, displaces: takes",
      "a guess among prompts counts as proof",
    ],
    [
      "guard: abortIfUnseenPrompt(place, waiting.map(({ paymentId }) => paymentId)),",
      'guard: statement("SELECT 1"),',
      "one transfer is two payments where a query and a confirmation meet",
    ],
    [
      "filter(({ checkoutId }) => checkoutId !== except)",
      "filter(() => true)",
      "money that is moved away comes back to where it was",
    ],
    [
      "AND p.receipt IS NOT NULL AND p.receipt_source <> 'inferred')",
      "AND p.receipt IS NOT NULL)",
      "a prompt whose receipt is a guess is no rival",
    ],
    [
      "${Evidence.failedByCallback | Evidence.refused} = 0",
      "${Evidence.failedByCallback} = 0",
      "a prompt that never left makes money contested",
    ],
    [
      "rival.checkoutId !== checkoutId && isAlike(rival)",
      "isAlike(rival)",
      "a prompt is its own rival, so its money can't be given back",
    ],
    [
      'displaces === null ? taken?.receipt === null : taken?.receipt_source === "inferred"',
      "true",
      "two transfers take one prompt's place at the same moment, and another prompt's counts twice",
      ["tests/domain/payments/same-moment_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/place-money.ts", tests: placing }, [
    [
      "return [...leaving, ...coming];",
      "return [...coming, ...leaving];",
      "money can't leave one checkout for another",
    ],
    [
      "(state.payments.length < was.payments.length ? leaving : coming)",
      "(state.payments.length < was.payments.length ? coming : leaving)",
      "money can't leave one checkout for another",
    ],
    ["if (isSame) continue;", "", "checkouts that did not change get new versions"],
    [
      "const payments = [...state.payments, ...freed];",
      "const payments = [...state.payments];",
      "money that a checkout gives up is lost",
    ],
    ["if (!await mayMove(ctx, state)) return;", "return;", "money stays where it was put by a guess"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/checkouts/as-stored.ts",
    tests: ["tests/domain/checkouts/lifecycle_test.ts", "tests/domain/checkouts/held_test.ts", ...merging],
  }, [
    ["{ ...checkout, amount_received }", "{ ...checkout }", "what a checkout has received is not shown"],
    ["return { ...after, version: before.version + 1 };", "return after;", "an attempt that changed keeps its version"],
    [
      "merged.length > 0 || hasNew(before.attempts, attempts) || hasNew(before.payments, payments)",
      "false",
      "a checkout whose payment changed keeps its version",
    ],
    [
      "payment.checkout_id === null || payment.allocations === null ? payment",
      "true ? payment",
      "money that came to one checkout keeps its shares elsewhere",
      ["tests/domain/accounts/race_test.ts", ...merging],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/split.ts", tests: ["tests/domain/checkouts/split_test.ts"] }, [
    ["  refuseSecondPrompt(state, now);\n", "", "two phones are asked for the same part at once"],
    ["if (amountToSplit(state) === 0) throw allAsked(state);", "", "more is asked for than is due"],
    ["if (part >= SHILLING) return", "if (true) return", "a prompt of 0 is sent when the phone's day is used up"],
    ["part === state.checkout.amount ? null : part", "part", "a whole amount is stored as a part", undefined, false],
    [
      '({ status }) => status === "pending"',
      '({ status }) => status === "created"',
      "two prompts for parts run at once",
    ],
    ['if (partial === "refuse") throw', "if (false) throw", "an order that takes no parts is collected in parts"],
    ["if (amount > most) {", "if (false) {", "an order needs more prompts than anybody confirms"],
    [
      "if (split !== true) return checkAmount(ctx, amount);",
      "if (split !== true) return;",
      "an order above M-Pesa's limit is prompted whole",
    ],
    ["left, now });", "left: Infinity, now });", "a phone is asked for more than it may pay today"],
  ]),
];
