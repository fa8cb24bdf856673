import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const oneTransfer = ["tests/domain/payments/one-transfer_test.ts"];
const payer = ["tests/domain/payments/payer_test.ts"];
const moved = ["tests/domain/payments/moved_test.ts"];
const area = "payments";
const takenBack = ["tests/domain/refunds/taken-back_test.ts"];
const inferred = ["tests/domain/payments/inferred-and-refunded_test.ts"];
const outranked = ["tests/domain/payments/outranked_test.ts"];
const sameReceipt = ["tests/domain/payments/same-receipt_test.ts"];
const matching = ["tests/domain/payments/choice_test.ts", "tests/domain/payments/matching_test.ts"];
const paybill = ["tests/e2e/paybill/matching_test.ts"];
const merge = ["tests/e2e/paybill/merge_test.ts"];
const validation = ["tests/domain/payments/c2b-validation_test.ts"];
const views = ["tests/domain/payments/views_test.ts"];

/** Faults in payments: money that is booked on the wrong checkout, twice, or not at all. */
export const payments: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/payments/validate-payment.ts", tests: validation }, [
    [
      'if (notice.shortcode !== shortcode.number && notice.shortcode !== shortcode.storeNumber) return verdict("C2B00015");',
      "",
      "a payment to another shortcode is accepted",
    ],
    [
      'verdict(isAwaited(awaited, notice.amount) ? "0" : "C2B00013")',
      'verdict("0")',
      "a payment of another amount is accepted",
    ],
    [
      "(status = 'open' AND expires_at > ?)",
      "(status = 'open' AND ? > 0)",
      "a payment for an expired checkout is accepted",
    ],
    [
      'if (rule === "known_accounts") return verdict("C2B00012");',
      'if (rule === "known_accounts") return verdict("0");',
      "a payment to an unknown account is accepted",
    ],
    [
      'if (awaited.length === 0) return verdict("C2B00012");',
      'if (awaited.length === 0) return verdict("0");',
      "a payment to an unknown account is accepted",
    ],
    [
      'whenDown === "accept" ? "0" : "C2B00016"',
      'whenDown === "accept" ? "C2B00016" : "0"',
      "the rule for an outage is turned round",
    ],
    [
      "FROM checkouts WHERE shortcode_id = ? AND account_key = ? AND",
      "FROM checkouts WHERE ? <> '' AND account_key = ? AND",
      "an account at another shortcode counts",
    ],
    [
      'reason === "no_shortcode" || reason === "shortcode_unreadable" ? "C2B00015" : "C2B00016"',
      '"0"',
      "a payment that cannot be read is accepted",
    ],
    [
      'reject(new DatabaseUnavailable("The database takes too long for a validation.", true))',
      "void reject",
      "a slow database leaves M-Pesa without an answer",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payments/receive-confirmation.ts", tests: [...paybill, ...merge] }, [
    ["amount: notice.amount,", "amount: notice.amount * 100,", "a payment has a hundred times its amount"],
    [
      'notice.phoneForm === "clear" ? valueOrNull(notice.phone) : null',
      "valueOrNull(notice.phone)",
      "a hashed number counts as a phone that money can be sent to",
      ["tests/domain/refunds/by-payout_test.ts", ...paybill, ...views],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payments/match-payment.ts", tests: [...views, ...paybill] }, [
    [
      "if (state.checkout.shortcode_id !== payment.shortcode_id) {",
      "if (false) {",
      "money of one shortcode pays a checkout of another",
    ],
    [
      "state === null || state.checkout.merchant_id !== ctx.merchantId",
      "state === null",
      "a payment is matched to another merchant's checkout",
    ],
    ['if (checkout.status === "succeeded" && !isPlaced) {', "if (false) {", "a paid checkout is paid again by hand"],
    [
      'if (payment.attempt_id !== null && payment.receipt_source === "callback") {',
      "if (false) {",
      "what a callback has proven is moved to another checkout",
      moved,
    ],
    ["first: away.statements,", "", "the checkout that loses a payment is not told"],
    ["if (isGone(payment))", "if (false)", "a payment that went back settles a checkout", [
      ...views,
      ...paybill,
      "tests/domain/refunds/taken-back_test.ts",
    ]],
    [
      "if (isMoved && payment.amount_promised > 0) {",
      "if (false) {",
      "what was given back is missing at its checkout",
      moved,
    ],
    [
      "requireSame(seen ??= payment,",
      "requireSame(seen = payment,",
      "of two people one undoes the other unseen",
      moved,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/by-person.ts", tests: moved }, [
    ["mergePayment(before, placeholder, chosen.id)", "before", "a receipt is counted beside the payment that it is"],
    ['receipt_source: "person", status', "status", "a person's word counts as a guess"],
    ["p.amount === chosen.amount &&", "", "a prompt's payment gives way to money of another amount"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payments/typo.ts", tests: [...matching, ...views] }, []),
  ...mutationsOf({ area, file: "src/domain/payments/add-missing-details.ts", tests: payer }, [
    [
      "paid_at: known.paid_at ?? money.paidAt,",
      "paid_at: money.paidAt ?? known.paid_at,",
      "the time of a payment changes with each notice",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payments/find-checkout.ts", tests: matching }, [
    [
      "`WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`",
      "`WHERE ? <> '' AND account_key = ? ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`",
      "money of one shortcode pays an order of another",
      oneTransfer,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/choose.ts", tests: matching }, [
    [
      'status === "open" || status === "pending"',
      'status === "open"',
      "money for an order that is being prompted is not matched",
    ],
    ["best.length === 1 ? best[0] : undefined", "best[0]", "of two orders that fit, any one is paid"],
    [
      'return amount <= mostAccepted(chosen) || chosen.status === "succeeded" ? chosen : null;',
      "return chosen;",
      "more than was asked pays the order without a person",
    ],
    ["paidAt === null || checkout.created_at <= paidAt + CLOCK_SKEW_MS", "true", "old money pays a new order"],
    [
      "paidAt > newest.expires_at + MAX_LATENESS_MS",
      "paidAt < newest.expires_at - MAX_LATENESS_MS",
      "money long after an order pays it",
    ],
    [
      "[unpaid.filter((checkout) => checkout.amount === amount), unpaid]",
      "[unpaid]",
      "an order of this amount does not come first",
    ],
    ["exact.length > 0 ? exact : alike", "alike", "an account that is spelt alike goes before the exact one"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payments/record-money.ts",
    tests: [...oneTransfer, ...outranked, ...moved, ...merge],
  }, [
    ["known.amount === money.amount", "true", "another amount under a known receipt is not noticed"],
    [
      'event(ctx, "payment.received", payment.id, await paymentView(ctx, payment)),',
      "",
      "a shop is not told of unmatched money",
    ],
    [
      "found.find((payment) => payment.shortcode_id === shortcode.id)",
      "found[0]",
      "a receipt of another shortcode counts as known",
    ],
    [
      "WHERE receipt = ? AND merchant_id = ? ORDER",
      "WHERE receipt = ? AND ? <> '' ORDER",
      "a receipt of another merchant counts as known",
    ],
    [
      "    if (contradicted.length > 0) alertContradiction(ctx, contradicted, payment);\n",
      "",
      "nobody is alerted about a receipt that is contradicted",
    ],
    [
      "[guard, abortIfReceiptUnseen(payment, found)]",
      "[guard]",
      "a receipt counts at two shortcodes where M-Pesa and a file name it at the same moment",
      sameReceipt,
    ],
    [
      "    abortIfReceiptUnseen(stored, found),\n",
      "",
      "a receipt counts for nobody and at a shortcode where both are named at the same moment",
      sameReceipt,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/receipt-once.ts", tests: sameReceipt }, [
    ["AND merchant_id = ? AND", "AND ? <> '' AND", "another merchant's file keeps money from being recorded"],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/settle-attempt.ts", tests: sameReceipt }, [
    [
      "hasIt(before) || !hasIt(after) ? []",
      "hasIt(before) || hasIt(after) ? []",
      "a callback's receipt counts at a second shortcode too, where a file names it at the same moment",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/waiting-prompts.ts", tests: inferred }, [
    [
      "isInferred: isInferred || isContested",
      "isInferred",
      "the refund of one order gives another customer's money back",
    ],
    [
      "${Evidence.failedByCallback | Evidence.refused} = 0",
      "${Evidence.failedByCallback | Evidence.refused} >= 0",
      "a prompt that its callback calls failed makes the receipt of another one a guess",
      inferred,
      false,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/machine/derive.ts", tests: takenBack }, [
    [
      "payments.some(isGone) && !isLate && !isReplaced ?",
      "payments.some(isGone) && !isLate ?",
      "what somebody else reversed is never recorded where a second payment settles the order",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/store.ts", tests: takenBack }, [
    [
      "status IN ('unmatched', 'refunded', 'taken_back', 'matched',",
      "status IN ('unmatched', 'refunded', 'matched',",
      "an order is paid by money that somebody else has reversed",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/refunds/reversals.ts", tests: takenBack }, [
    [
      "...isUploaded ? [] : [statement(UPDATE_WAITING, of, amount, at, reconciliationId, shortcodeId, receipt)],",
      "",
      "undoing an import forgets a reversal that M-Pesa lists",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payments/outranked.ts", tests: outranked }, [
    [
      "(isOfNobody(known) || (!payment.uploaded &&",
      "(isOfNobody(known) || (true &&",
      "a file outranks Daraja, or one notice removes another's money",
    ],
    [
      "if (statements.length === 0) replaced.push(await freePayment(ctx, known));",
      "if (statements.length === 0) continue;",
      "a refund that failed keeps a wrong upload beside M-Pesa's own row",
    ],
    [
      "isOfNobody(known) ? [] : await withdrawPayment",
      "await withdrawPayment",
      "a crash while money is booked loses it",
      [
        "tests/domain/payments/book_test.ts",
      ],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/withdraw-payment.ts", tests: outranked }, [
    [
      "given + taken === 0;",
      "given + taken >= 0;",
      "a payment of which some went back is removed, and its refund counts for another amount",
    ],
    [
      "payments: [...released.payments, toFree(payment)]",
      "payments: released.payments",
      "what M-Pesa contradicts keeps paying its order while its refund waits",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/take-receipt.ts", tests: outranked }, [
    [
      "else if (payment.uploaded && hasGivenNothingBack(payment)) replaced.push(await freePayment(ctx, payment));",
      "",
      "a receipt that a callback proves stays at another shortcode too, because a refund of it failed",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payments/allocate-payment.ts",
    tests: ["tests/domain/payments/book_test.ts"],
  }, [
    ['sum === 0 ? sourceOfFree(payment, "person") : "person"', '"person"', "money of nobody pays whatever fits it"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payments/book-payment.ts", tests: ["tests/domain/payments/book_test.ts"] }, [
    [
      'outcome === "created" || outcome === "completed"\n        ? [audit',
      'outcome === "known"\n        ? [audit',
      "nobody can tell who booked money",
    ],
    ["    uploaded: true,", "    uploaded: false,", "an operator's word outranks what M-Pesa says later"],
    [
      "if (booked.shortcode_id !== shortcode.id) {",
      "if (false) {",
      "a booking that was refused looks as if it were done",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payments/suggestions.ts",
    tests: ["tests/domain/payments/suggestions_test.ts"],
  }, [
    ["a.due > 0 && b.due > 0 && ", "", "an order that is paid is suggested with another"],
    ["amount: Math.min(money.left, c.due)", "amount: money.left", "a suggestion puts the same money to two orders"],
    ["a.due + b.due === left", "a.due + b.due <= left", "two orders that need less are said to add up"],
    ["JSON.stringify([id, allocations])", "JSON.stringify([id])", "the id of one suggestion accepts another"],
    [
      "JSON.stringify([id, allocations])",
      "JSON.stringify([id, allocations.length])",
      "the id of a suggestion of before accepts another place",
    ],
    ["equal.filter(({ id }) => samePhone.has(id))", "equal", "another phone's order is suggested as the payer's"],
    [
      '...money.key === "" ? equal',
      "...true ? equal",
      "an order of the same amount is suggested whatever was typed",
      undefined,
      false,
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payments/suggest-places.ts",
    tests: ["tests/domain/payments/suggestions_test.ts"],
  }, [
    [
      "amount - Math.max(amount_promised, amount_refunded) - amount_taken_back,",
      "amount,",
      "money that went back is suggested for an order",
    ],
    ["(left, part) => left - part.amount,", "(left) => left,", "money that is placed already is suggested again"],
    [
      "amount - Math.max(amount_promised, amount_refunded)",
      "amount - amount_refunded",
      "money that a refund was promised is suggested",
    ],
    ['sameAccount: key === "" ? [] : sameAccount', "sameAccount", "no account is the same as no account"],
    [
      'WHERE shortcode_id = ?";\nconst SELECT_SAME',
      'WHERE shortcode_id = shortcode_id OR shortcode_id = ?";\nconst SELECT_SAME',
      "another shortcode's orders are suggested",
    ],
    ["max(0, amount - amount_received)", "amount", "an order that has a part is suggested for all of it"],
  ]),
];
