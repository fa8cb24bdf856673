import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "refunds";
const machine = ["tests/domain/refunds/rules_test.ts", "tests/domain/refunds/machine_test.ts"];
const reversal = [
  "tests/domain/refunds/decide_test.ts",
  "tests/domain/guards_test.ts",
  "tests/domain/refunds/notices_test.ts",
  "tests/domain/refunds/reversal_test.ts",
];
const decide = "tests/domain/refunds/decide_test.ts";
const byPayout = [decide, "tests/domain/guards_test.ts", "tests/domain/refunds/by-payout_test.ts"];
const takenBack = ["tests/domain/refunds/taken-back_test.ts"];
const late = ["tests/domain/refunds/late-truth_test.ts"];

/** Faults in refunds: money that goes back. */
export const refunds: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/refunds/machine.ts", tests: machine }, [
    ["if (report.foreign || (report.amount", "if ((report.amount", "a reversal of another payment is believed", [
      ...machine,
      ...reversal,
    ]],
    [
      "report.amount !== refund.amount)) {",
      "report.amount < refund.amount)) {",
      "more than was asked counts as refunded",
      [...machine, ...reversal],
    ],
    [
      "report.amount !== refund.amount)) {",
      "report.amount > refund.amount)) {",
      "less than was asked counts as refunded",
      [...machine, ...reversal],
    ],
    [
      "evidence: refund.evidence | Evidence.mismatch };",
      "evidence: refund.evidence };",
      "a reversal with another amount is not quarantined",
      [...machine, ...reversal],
    ],
    ["isSecondReceipt ? Evidence.twice : 0", "0", "money that went back twice raises no alert"],
    [
      "(isReversedBefore(next) && !isTakenBack);",
      "false;",
      "a payment that somebody else reversed can be refunded again",
      [
        ...machine,
        ...reversal,
      ],
    ],
    ['status !== "failed" || ', "", "a refund that failed keeps its part of the payment", [...machine, ...reversal]],
    ["return fact.n <= refund.requests.length", "return false", "one request counts twice"],
    [
      'return withAnswer(refund, fact.n, "unclear");',
      'return withAnswer(refund, fact.n, "unsent");',
      "an unclear request counts as never sent",
      [...machine, ...reversal],
    ],
    [
      "send_after: Math.max(refund.send_after, fact.retryAt)",
      "send_after: refund.send_after",
      "a refused request is sent again at once",
      [...machine, ...reversal],
    ],
    ['withResult(refund, report.conversation, "paid", now)', "refund", "the request that was paid counts as open"],
    ["if (evidence & Evidence.paid) return 4;", "", "a late failure hides that the money went back"],
    [
      "before !== null && before.at > next.at ? before : next;",
      "before ?? next;",
      "a person can't correct a verdict that M-Pesa contradicts",
      late,
    ],
    [
      "return withBit(Evidence.payoutInDoubt);",
      "return withBit(Evidence.payoutSubmitted);",
      "a payout in doubt leaves its refund submitted",
      [...machine, ...byPayout],
    ],
    [
      'case "rejected":',
      "",
      "a refund whose payout was rejected holds the payment for ever",
      [...machine, ...byPayout],
    ],
    [
      'case "cancelled":',
      "",
      "a refund whose payout was cancelled holds the payment for ever",
      [...machine, ...byPayout],
    ],
    ["polls: refund.polls + 1", "polls: refund.polls", "Daraja is asked for ever, and no person is called", [
      ...machine,
      ...reversal,
    ]],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/machine/status.ts", tests: machine }, [
    [
      "has(Evidence.paid | Evidence.reversedByUs)",
      "has(Evidence.paid)",
      "a reversal that we did is called failed",
    ],
    [
      "refund.resolution?.outcome ?? reported;",
      "reported;",
      "a refund that a person found done stays in doubt",
    ],
    [
      'if (has(Evidence.mismatch)) return "in_doubt";',
      "",
      "a reversal of another amount is called failed or sent again",
    ],
    ["if (isReversedBefore(refund)) return", "if (false) return", "what may have gone back is called failed", reversal],
    ["reported !== resolution.outcome", "false", "M-Pesa contradicts a person, and nobody looks", late],
    [
      'has(doubtful) || open.some(({ state }) => state === "unclear") ?',
      "has(doubtful) ?",
      "an unclear request leaves no doubt",
    ],
    [
      "const doubtful = Evidence.queueTimeout | Evidence.unclear",
      "const doubtful = Evidence.unclear",
      "a queue timeout leaves no doubt",
    ],
    [
      "const doubtful = Evidence.queueTimeout | Evidence.unclear",
      "const doubtful = Evidence.queueTimeout",
      "a code that proves nothing leaves no doubt",
    ],
    [
      "Evidence.overdue | Evidence.planEnded;",
      "Evidence.planEnded;",
      "a reversal without a result stays submitted for ever",
    ],
    ["if (open.length > 0) {", "if (open.length > 1) {", "a reversal under way is called failed"],
    [
      "(Evidence.planEnded | Evidence.mismatch)) !== 0",
      "Evidence.planEnded) !== 0",
      "a reversal of another amount is shown to nobody",
    ],
    [
      "Evidence.twice | Evidence.receiptShared",
      "Evidence.receiptShared",
      "money that went back twice is shown to nobody",
    ],
    [
      'requests.some(({ state }) => state !== "unsent") ? "failed" : "queued"',
      '"queued"',
      "a refused reversal is sent again for ever",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/machine/requests.ts", tests: machine }, [
    [
      'state === "calling" || state === "unclear" || state === "accepted";',
      'state === "calling" || state === "accepted";',
      "an unclear request counts as not taken",
    ],
    [
      'isOpen(old) || state === "paid" ? state : old.state',
      "isOpen(old) ? state : old.state",
      "a late proof that money went back is ignored",
    ],
    [
      'requests.some(({ state }) => state === "unclear") &&',
      "true &&",
      "a payment that somebody else reversed counts as our refund",
    ],
    [
      'state === "accepted" || state === "calling");',
      'state === "calling");',
      '"already reversed" counts while another request is under way',
    ],
    [
      'state === "accepted" || state === "calling");',
      'state === "accepted");',
      '"already reversed" counts while a request is being sent',
    ],
    ["if (withSameId !== -1) return withSameId;", "", "a result is booked on another request"],
    [
      'old.state === "calling" || (old.state === "unclear" && state === "accepted")',
      "true",
      "an answer that comes late hides the result",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/plan.ts", tests: [...machine, ...reversal] }, [
    [
      "const MOST_UNCLEAR_REQUESTS = 3;",
      "const MOST_UNCLEAR_REQUESTS = 300;",
      "unclear reversals are sent without end",
    ],
    ['requests.every(({ state }) => state !== "accepted")', "true", "a reversal that was taken is sent again", [
      ...machine,
      ...reversal,
    ]],
    [
      "(Evidence.planEnded | Evidence.mismatch)) !== 0) return NOTHING;",
      "Evidence.planEnded) !== 0) return NOTHING;",
      "a reversal of another amount is sent again",
      [...machine, ...reversal],
    ],
    [
      "(Evidence.planEnded | Evidence.mismatch)) !== 0) return NOTHING;",
      "Evidence.mismatch) !== 0) return NOTHING;",
      "a reversal that waits for a person is sent again",
      [...machine, ...reversal],
    ],
    ['if (refund.method === "payout") return NOTHING;', "", "a refund by payout is also reversed", [
      ...machine,
      ...byPayout,
    ]],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/store.ts", tests: reversal }, [
    [
      "promised = promised + excluded.promised",
      "promised = excluded.promised",
      "two refunds of one payment give back more than was paid",
      [...byPayout, ...reversal],
    ],
    [
      "sum(amount * promised) AS promised",
      "0 AS promised",
      "a refund that failed frees what another refund has promised",
      byPayout,
    ],
    [
      "sum(amount * promised) AS promised",
      "sum(amount) AS promised",
      "a refund that failed keeps its part of the payment",
    ],
    [
      "sum(CASE status WHEN 'succeeded' THEN amount ELSE 0 END)",
      "max(CASE status WHEN 'succeeded' THEN amount ELSE 0 END)",
      "only the largest part of a refund counts",
      byPayout,
    ],
    [
      "UPDATE checkouts SET version = version + 1,",
      "UPDATE checkouts SET version = version,",
      "a writer that loaded the checkout before the refund overwrites it",
      [...reversal, ...byPayout],
    ],
    [
      '"version",\n  ],\n  "WHERE id = ? AND version = ?",',
      '"version",\n  ],\n  "WHERE id = ? AND ? > 0",',
      "the version guard of a refund is dropped",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/save.ts", tests: reversal }, [
    ["abortIfUnchanged,\n", "", "the version guard of a refund is dropped: two writers overwrite each other"],
    [
      "...(moves || hasNewPromise ? [recountRefunds(after.payment_id)] : []),",
      "",
      "a refund that failed keeps its part of the payment",
    ],
    [
      "...(payment === null || found === null ? [] : storeRefunded(payment, found.payment.version)),",
      "",
      "a payment that went back does not count as refunded",
      [...reversal, ...byPayout],
    ],
    [
      "amount_refunded >= payment.amount;",
      "amount_refunded > 0;",
      "a payment counts as refunded after a part of it",
      byPayout,
    ],
    [
      "amount_refunded >= payment.amount;",
      "amount_refunded > payment.amount;",
      "a payment that went back in full does not count as refunded",
    ],
    [
      "amount_refunded + amount_taken_back > amount;",
      "amount_refunded + amount_taken_back < 0;",
      "nobody is told that too much went back",
      late,
    ],
    ['succeeded: "refund.succeeded"', "succeeded: null", "nobody is told that money went back"],
    [
      "if (!after.needs_person || before.needs_person) return;",
      "return;",
      "nobody is alerted when a refund needs a person",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/create-refund.ts", tests: [...reversal, ...byPayout] }, [
    [
      'requireScope(ctx, "payouts:write");\n  return await refundByPayout(',
      "return await refundByPayout(",
      "a client without the scope for payouts sends money by a refund",
      ["tests/domain/refunds/by-payout_test.ts", "tests/domain/refunds/rules_test.ts"],
    ],
    ["reserveRefund(payment, refund.amount),", "", "refunds of one payment together exceed what was paid"],
    [
      "if (refund.amount !== payment.amount) {",
      "if (refund.amount > payment.amount) {",
      "a reversal gives more back than was asked",
    ],
    [
      "- (totals?.promised ?? 0)",
      "- (totals?.refunded ?? 0)",
      "what is promised back is offered again",
    ],
    [
      'if (left < payment.amount && input.method === "reversal") throw alreadyReserved();',
      "",
      "a reversal gives back what a payout has given back already",
    ],
    [
      '"WHERE id = ? AND merchant_id = ?"',
      "\"WHERE id = ? AND ? <> ''\"",
      "a merchant refunds another merchant's payment",
      [...reversal, "tests/http/auth_test.ts"],
    ],
    ["if (receipt === null) {", "if (false) {", "a payment without a proven transfer is reversed"],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/settle-refund.ts", tests: reversal }, [
    [
      "return payment?.receipt !== originalTransactionId.value;",
      "return false;",
      "a reversal of another receipt is believed",
    ],
    [
      "use.reported !== null || await isOfAnotherPayment",
      "await isOfAnotherPayment",
      "one receipt proves two refunds",
    ],
    [
      "const facts = problemOfSubject(before, received) === null",
      "const facts = true",
      "an answer about another transaction settles the refund",
    ],
    [
      "paid: { amount, receipt, at, foreign, conversation, description }",
      "paid: { amount: null, receipt, at, foreign, conversation, description }",
      "another amount than was asked is not noticed",
    ],
    [
      'settlement.failure === "already_reversed" ? "already" : "failed"',
      '"failed"',
      "a reversal that we did is called failed",
    ],
    [
      'case "not_found":\n      return [{ kind: "not_found" }];',
      'case "not_found":\n      return [{ kind: "failed", conversation, failure: "transaction_not_found", resultCode: null, description: "" }];',
      "a reversal that Daraja does not find yet is called failed",
    ],
    [
      'case "in_doubt":\n      return { kind: "unclear", resultCode, description };',
      'case "in_doubt":\n      return { kind: "failed", conversation, failure: "unknown_failure", resultCode, description };',
      "a code that proves nothing makes the refund failed",
    ],
    [
      'if (decided === null || decided.problem !== null) return { kind: "mismatch" };',
      'if (decided === null) return { kind: "mismatch" };',
      "a reversal whose amount cannot be read counts as done",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/send.ts", tests: reversal }, [
    [
      'applyFact(before, { kind: "started", n }, ctx.clock.now())',
      "before",
      "nothing is stored before the request leaves, so a crash reverses twice",
    ],
    [
      'return { kind: "ambiguous", n };',
      'return unsent(ctx, refund, n, "unclear", undefined);',
      "an unclear reversal counts as never sent",
    ],
    [
      'if (answer.code === "daraja_busy") return unsent',
      "if (false) return unsent",
      "a rate limit makes a refund fail",
    ],
    ["    amount: refund.amount,", "    amount: refund.amount * 100,", "a hundred times the amount is reversed"],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/decide.ts", tests: [...reversal, ...byPayout] }, [
    [
      'refund.status !== "in_doubt" && !refund.needs_person',
      "false",
      "a person can call a refund that is under way failed",
    ],
    ["if (refund.payout_id !== null) {", "if (false) {", "a refund by payout is resolved apart from its payout"],
    [
      "requireUnused(await receiptUse(ctx.db, receipt, holder));",
      "",
      "two refunds are resolved with one receipt",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/by-payout.ts", tests: byPayout }, [
    ['&& source === "callback"', "", "a refund is paid to a phone that may not have paid", [
      "tests/domain/refunds/payer_test.ts",
    ]],
    ["    reserve(reservations),", "", "refunds by payout do not count towards the limits"],
    [
      'if (problem !== null) throw invalidField("/amount", problem);',
      "",
      "a refund by payout passes the limit for one payout",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/apply-reversal.ts", tests: takenBack }, [
    ["if (refund !== undefined) {", "if (false) {", "our own reversal counts as somebody else's"],
    ['|| r.state === "failed"', "", "a reversal that M-Pesa called failed at first counts twice"],
    [
      "if (reversal.amount > payment.amount - payment.amount_taken_back) {",
      "if (reversal.amount > payment.amount) {",
      "more is taken back than a payment has",
    ],
    ['{ kind: "taken_back" }', '{ kind: "polled" }', "a refund of what was taken back waits for ever"],
    [", 'submitted', 'in_doubt')", ")", "a payout in doubt is sent again though M-Pesa took its payment back"],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/take-back.ts", tests: takenBack }, [
    ["if (payment.checkout_id === null) {", "if (true) {", "the checkout of money that was taken back stays paid"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/refunds/refund-difference.ts",
    tests: ["tests/domain/refunds/difference-guards_test.ts", "tests/domain/refunds/difference_test.ts"],
  }, [
    ["if (decided !== null) {", "if (false) {", "what was decided about a difference is decided again"],
    ["abortIfMoved(id, version),\n    ", "", "two runs of the job both give the difference back"],
    [
      "    ...paymentsOfCheckout(state).map(abortIfPromised),\n",
      "",
      "money that a refund was promised goes back as the difference too",
    ],
    [
      "if (!isProven(difference)) {",
      "if (false) {",
      "the difference of money that may be another customer's goes back",
    ],
    [
      'payment.receipt !== null && payment.receipt_source !== "inferred"',
      "payment.receipt !== null",
      "a receipt that is a guess authorises money out",
    ],
    ["payment.receipt !== null && payment", "payment", "a difference goes back before the receipt is known"],
    ["if (mayWait) return later;", "", "a person is asked before M-Pesa could name the receipt"],
    [
      'if (error.code === "limit_exceeded" && mayWait) return later;',
      "",
      "a limit of one day keeps the difference for good",
    ],
    [
      'error.code === "limit_exceeded" && mayWait',
      'error.code === "limit_exceeded"',
      "the job asks for ever, and nobody is told",
    ],
    [
      '  ctx.log.write("alert", "difference_not_refunded", {',
      '  ctx.log.write("info", "difference_not_refunded", {',
      "nobody is told that the difference stays",
    ],
    [
      "differenceOf(state);",
      "state.payments[0] ? { payment: state.payments[0], amount: state.payments[0].amount } : null;",
      "all that was paid goes back",
    ],
  ]),
];
