import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "ledger";
const ledgerTest = ["tests/domain/ledger/ledger_test.ts"];
const books = ["tests/domain/ledger/books_test.ts"];
const byPayout = ["tests/domain/refunds/by-payout_test.ts"];
const nightly = ["tests/domain/ledger/nightly-check_test.ts"];
const takenBack = ["tests/domain/refunds/taken-back_test.ts", "tests/domain/ledger"];
const merged = ["tests/domain/payments/survivor_test.ts", "tests/domain/payments", "tests/domain/ledger"];
const business = ["tests/domain/payouts/business_test.ts"];

/** Faults in the ledger: books that do not say where the money is, and a check that finds nothing. */
export const ledger: readonly Mutation[] = [
  ...mutationsOf({
    area,
    file: "src/domain/ledger/comparisons.ts",
    tests: [...ledgerTest, "tests/domain/ledger/find-differences_test.ts"],
  }, [
    ["HAVING sum(a.balance) <> 0", "HAVING false", "accounts that do not add up to zero are not found"],
    ["HAVING sum(e.amount) <> a.balance", "HAVING false", "a balance that is not the sum of its entries is not found"],
    [
      `WHERE expected <> found"`,
      `WHERE expected > found"`,
      "money that the books have and the payments lack is not found",
    ],
    [
      'postedSql("payment_received")',
      '"(SELECT sum(amount) FROM payments WHERE merchant_id = ?1 AND shortcode_id = s.id)"',
      "a payment that was never posted is not found",
    ],
    [
      "openPaymentsSql(\"'unmatched', 'partial'\")",
      "openPaymentsSql(\"'unmatched'\")",
      "partial payments are left out of the comparison",
    ],
    [
      'openPaymentsSql("\'duplicate_payment\'"), heldSql("refunds")',
      'heldSql("refunds"), heldSql("refunds")',
      "duplicate payments are not compared",
    ],
    ["- p.amount_taken_back - coalesce(t.refunded, 0)", "- p.amount_taken_back", "parts that went back count as held"],
    [
      "AND status = 'succeeded'), 0)\",\n      leftSql(\"payout\", \"'mpesa_utility', 'mpesa_working'\")",
      "AND status = 'succeeded'), 0)\",\n      \"(SELECT sum(amount) FROM payouts WHERE merchant_id = ?1 AND shortcode_id = s.id AND status = 'succeeded')\"",
      "a payout that was never posted is not found",
    ],
    ["\"AND method = 'reversal'), 0)\"", '"), 0)"', "refunds by payout count as reversals"],
    [
      'leftSql("refund", "\'mpesa_utility\'")',
      "leftSql(\"refund\", \"'mpesa_utility', 'merchant_available'\")",
      "refunds by payout count as reversals",
    ],
    [
      "- then_.ledger_${account} <> now_.${account}`",
      "- then_.ledger_${account} > now_.${account} + 1000000000`",
      "a balance of M-Pesa that differs is not found",
    ],
    [
      "then_.${account} + now_.ledger_${account} - then_.ledger_${account}, now_",
      "then_.${account}, now_",
      "a finding names the wrong amount",
    ],
    [
      'kind: "mpesa_working", sql: driftSql("working")',
      'kind: "mpesa_working", sql: driftSql("utility")',
      "the working account is not compared",
    ],
    [
      '"(SELECT max(id) FROM balances WHERE shortcode_id = s.id AND received_at <= "',
      '"(SELECT max(id) FROM balances WHERE shortcode_id = s.id AND received_at > "',
      "a difference is compared with itself",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/ledger/rules.ts", tests: ["tests/domain/ledger/rules_test.ts"] }, [
    ["q.merchant_id = p.merchant_id AND q.id < p.id", "q.id < p.id", "a merchant is told about another one's receipts"],
    ["AND q.id < p.id)", "AND q.id < p.id AND false)", "a receipt that counts twice is not found"],
    ["AND balance > 0", "AND balance < 0", "an account that holds less than nothing is not found"],
    [
      "amount_refunded + amount_taken_back > amount",
      "amount_refunded + amount_taken_back > 3 * amount",
      "more than was paid went back, and nobody is told",
    ],
    [
      "t.promised > p.amount - p.amount_taken_back AND",
      "t.promised > 2 * p.amount AND",
      "more is promised back than was paid, and nobody is told",
    ],
    [
      "WHERE done <> shown OR promised <> reserved OR promised <> total",
      "WHERE done <> shown",
      "what is promised back is not compared with the refunds",
    ],
    ["WHERE done <> shown OR promised", "WHERE promised", "what went back is not compared with the refunds"],
    ["WHERE held < amount", "WHERE held < 0", "a checkout that succeeded without its money is not found"],
    [
      "iif(p.receipt_source = 'person', c.amount, p.amount)",
      "p.amount",
      "what a person decided is reported as a fault",
    ],
    ["AND p.status IN ('matched', 'refunded')), 0) AS held", "), 0) AS held", "parts count as the whole"],
    ["WHERE arrived <> received OR", "WHERE", "a payment that was never posted is not found"],
    [
      "OR suspense <> iif(status = 'duplicate_payment', 0, waits)",
      "",
      "money of no checkout that is not in suspense is not found",
    ],
    [
      "OR refunds <> iif(status = 'duplicate_payment', waits, 0)",
      "",
      "a duplicate that is not in the account of refunds is not found",
    ],
    [
      "(SELECT p.id UNION ALL SELECT id FROM refunds WHERE payment_id = p.id)",
      "(SELECT p.id)",
      "money that went back counts as held",
      ["tests/domain/ledger/find-differences_test.ts"],
    ],
    ["AND p.created_at < ?2", "AND p.created_at < ?2 - 86400000", "a payment without a receipt is told days later"],
    ["AND p.receipt IS NULL WHERE", "WHERE", "every payment counts as one without a receipt"],
    ["AND l.id > k.id ", "", "what the newest list says is not found"],
    [
      "AND r.paid_at BETWEEN l.window_from",
      "AND false AND r.paid_at BETWEEN l.window_from",
      "what a later list has put right is told for ever",
    ],
    ["OR p.amount <> r.theirs", "OR true", "a receipt that was put right is told for ever"],
    ["WHERE (p.id IS NULL OR p.amount", "WHERE (p.amount", "a receipt that could not be read is not found"],
    [
      "(status <> 'in_doubt' OR (evidence & ${mismatch}) <> 0)",
      "status <> 'in_doubt'",
      "money that left with another amount is not found",
    ],
    [
      "`needs_person = 1 AND (status <> 'in_doubt' OR (evidence & ${mismatch}) <> 0)`",
      '"needs_person = 1"',
      "a payout that only waits for a person counts as a fault of the books",
    ],
    [
      'of("refunds", RefundEvidence.mismatch)',
      'of("refunds", PayoutEvidence.mismatch)',
      "a refund that left with another amount is not found",
    ],
    [
      "receipt IS NOT NULL AND status <> 'succeeded' AND needs_person",
      "false AND needs_person",
      "a payout that M-Pesa paid and that is not paid here is not found",
    ],
    ["FILTER (WHERE w.n <= ${MAX_SUBJECTS})", "", "a finding lists all that is wrong, however much", [
      "tests/domain/ledger/rules_test.ts",
    ], false],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/ledger/run-check.ts",
    tests: [...ledgerTest, "tests/domain/ledger/rules_test.ts"],
  }, [
    [
      "for (const finding of row.findings) {",
      "for (const finding of row.findings.slice(0, 0)) {",
      "nobody is alerted when the books differ",
    ],
    [
      "startedAt - planLengthMs(config.plans.scale) - 2 *",
      "startedAt - 2 *",
      "a payment is told to lack its receipt while it is still looked for",
    ],
    [
      "- 2 * reconciliationIntervalMs({ config })",
      "",
      "a payment is told to lack its receipt before M-Pesa's list was read",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/ledger/accounts.ts", tests: ledgerTest }, [
    [
      '=== "liability" ? 0 - debitsLessCredits',
      '=== "liability" ? debitsLessCredits',
      "liabilities are shown with the wrong sign",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/ledger/find-differences.ts", tests: nightly }, [
    [
      "if (end !== undefined) return { findings, next: { kind, after: end } };",
      "",
      "only the first part of the payments is held to the rules",
    ],
    [
      "next: { kind, after: end }",
      "next: { kind, after: LAST_ID }",
      "a part of the payments is never held to the rules",
    ],
    [
      "kind: following.kind, after: FIRST.after",
      "kind: following.kind, after",
      "a step begins where the last one stood",
    ],
    [
      "expected: a.expected + b.expected,",
      "expected: b.expected,",
      "a finding names the amount of its last part alone",
    ],
    ["found: a.found + b.found,", "found: b.found,", "a finding names the amount of its last part alone"],
    ["count: (a.count ?? 0) + (b.count ?? 0),", "count: b.count ?? 0,", "a finding counts its last part alone"],
    [
      "kind === one.kind && shortcode === one.shortcode",
      "kind === one.kind",
      "what differs at two shortcodes is one sum, which may be zero",
      ["tests/domain/ledger/nightly-check_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/ledger/nightly-check.ts", tests: [...nightly, ...ledgerTest] }, [
    [
      "return { runAt: services.clock.now() };",
      'return "finished";',
      "the nightly check ends after the first merchant",
    ],
    ["AND day = ? AND started_by = 'system')", "AND day = ?)", "a check by hand replaces the nightly one"],
    ["    await services.db.write([saveProgress(progress)]);\n", "", "a check that is cut off begins again each time"],
    [
      "const found = addFindings(progress.findings, findings);",
      "const found = findings;",
      "what was found before a run died is forgotten",
    ],
    [
      "while (services.clock.now() - begun < MAX_RUN_MS)",
      "while (services.clock.now() - begun < 100 * MAX_RUN_MS)",
      "a check of many payments outlives its lease, and is never done",
    ],
    [
      "[insertCheck(row), deleteProgress(merchant_id)]",
      "[insertCheck(row)]",
      "what a check has left is kept for ever",
      nightly,
      false,
    ],
    [
      "overdueBefore(services, progress.started_at)",
      "overdueBefore(services, 0)",
      "a payment that lacks its receipt for days is not told",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "migrations/0010_one_transfer/up.sql",
    tests: [...ledgerTest, "tests/domain/ledger/rollback_test.ts", ...books],
  }, [
    [
      "CREATE TRIGGER ledger_is_final BEFORE UPDATE ON ledger_entries\nBEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
      "CREATE TRIGGER ledger_is_final BEFORE UPDATE ON ledger_entries\nBEGIN SELECT 1; END",
      "an entry can be changed",
    ],
    [
      "CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger_entries\nBEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
      "CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger_entries\nBEGIN SELECT 1; END",
      "an entry can be deleted",
    ],
    [
      "AFTER UPDATE OF status ON payouts\nWHEN NEW.status = 'succeeded' AND",
      "AFTER UPDATE OF status ON payouts\nWHEN NEW.status = 'submitted' AND",
      "a payout is posted before it was paid",
      [...ledgerTest, ...business],
    ],
    [
      "CASE NEW.destination WHEN 'phone' THEN 'mpesa_utility' ELSE 'mpesa_working' END",
      "'mpesa_utility'",
      "payments to businesses are taken from the wrong account",
      business,
    ],
    [
      "WHERE NEW.destination = 'b2c_account' AND merchant_id = NEW.merchant_id AND",
      "WHERE NEW.destination = 'b2c_account' AND",
      "a top-up of another merchant's account is booked",
      business,
    ],
    [
      "'fee', NEW.id, 'fees', 'mpesa_charges', NEW.fee",
      "'fee', NEW.id, 'fees', 'mpesa_charges', NEW.amount",
      "the fee is booked with the amount of the payout",
      business,
    ],
  ]),
  ...mutationsOf({
    area,
    file: "migrations/0011_what_left/up.sql",
    tests: ["tests/domain/payouts/verdicts_test.ts", "tests/domain/ledger", "tests/domain/refunds"],
  }, [
    [
      "WHERE subject_id = NEW.id AND cause = 'payout' ORDER BY entry DESC LIMIT 1;",
      "WHERE subject_id = NEW.id AND cause = 'payout' AND false ORDER BY entry DESC LIMIT 1;",
      "a payout that a person called paid and that failed stays in the books",
    ],
    [
      "AFTER UPDATE OF status ON payouts\nWHEN NEW.status <> 'succeeded' AND OLD.status = 'succeeded'",
      "AFTER UPDATE OF status ON payouts\nWHEN false",
      "a payout that a person called paid and that failed stays in the books",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "migrations/0016_taken_back/up.sql",
    tests: [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
  }, [
    [
      "(NEW.shortcode_id, NEW.credit, NEW.merchant_id, -NEW.amount)",
      "(NEW.shortcode_id, NEW.credit, NEW.merchant_id, NEW.amount)",
      "the books do not balance",
    ],
    [
      "DO UPDATE SET balance = balance + excluded.balance;",
      "DO UPDATE SET balance = excluded.balance;",
      "a balance forgets what came before",
    ],
    [
      "WHEN NEW.amount > 0 AND (NEW.cause IN ('payment_moved', 'taken_back') OR NOT EXISTS (\n  SELECT 1 FROM ledger_entries e WHERE e.subject_id = NEW.subject_id AND e.cause = NEW.cause AND e.debit = NEW.debit\n    AND e.entry = (SELECT max(entry) FROM ledger_entries WHERE subject_id = NEW.subject_id AND cause = NEW.cause)\n))",
      "WHEN NEW.amount > 0",
      'the guard "posted once" is dropped: a fee or a payout is posted each time that a notice brings it',
      [...business, "tests/domain/payouts/notices_test.ts"],
    ],
    [
      "WHERE cause NOT IN ('payment_moved', 'payout', 'fee', 'top_up_received', 'refund', 'taken_back')",
      "WHERE cause NOT IN ('payment_received', 'payment_moved', 'payout', 'fee', 'top_up_received', 'refund', 'taken_back')",
      "two postings of one payment are possible",
    ],
  ]),
  ...mutationsOf({ area, file: "migrations/0032_accounts/up.sql", tests: ledgerTest }, [
    [
      "CONSTRAINT refund_exceeds_payment CHECK (promised <= cap)",
      "CONSTRAINT refund_exceeds_payment CHECK (promised <= 2 * cap)",
      "two refunds of one payment give back more than was paid",
      [...byPayout, "tests/domain/refunds"],
    ],
    [
      "INSERT ON payments\nBEGIN",
      "INSERT ON payments\nWHEN NEW.status <> 'unmatched'\nBEGIN",
      "unmatched money is not in the books",
      [...ledgerTest, "tests/domain/ledger/rollback_test.ts", ...books],
    ],
    [
      "CASE NEW.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END,\n    NEW.amount, NEW.created_at",
      "'merchant_available',\n    NEW.amount, NEW.created_at",
      "money that belongs to no checkout counts as the merchant's own",
      [...ledgerTest, "tests/domain/ledger/rollback_test.ts", ...books],
    ],
    [
      "    'mpesa_utility', OLD.amount, OLD.updated_at\n",
      "    'mpesa_utility', OLD.amount + 1, OLD.updated_at\n",
      "a payment that was another one's transfer leaves money in the books",
      merged,
    ],
    [
      "OLD.merchant_id, OLD.shortcode_id, 'payment_merged', OLD.id,\n    CASE OLD.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END,",
      "OLD.merchant_id, OLD.shortcode_id, 'payment_merged', OLD.id,\n    'merchant_available',",
      "a payment that was another one's transfer is taken from the wrong account",
      merged,
    ],
    [
      "UPDATE payments SET amount_refunded = NEW.refunded WHERE id = NEW.payment_id;",
      "SELECT 1;",
      "what was given back of a payment is not shown at it",
      ["tests/domain/ledger/find-differences_test.ts", ...byPayout],
    ],
    [
      "AFTER INSERT ON refund_totals\nBEGIN\n  UPDATE payments SET amount_promised = NEW.promised WHERE id = NEW.payment_id;",
      "AFTER INSERT ON refund_totals\nBEGIN\n  SELECT 1;",
      "a part under refund still helps to pay its checkout",
      [...byPayout, "tests/domain/checkouts/refunded_test.ts"],
    ],
    [
      "WHEN NEW.promised <> OLD.promised\nBEGIN\n  UPDATE payments SET amount_promised = NEW.promised WHERE id = NEW.payment_id;",
      "WHEN NEW.promised <> OLD.promised\nBEGIN\n  SELECT 1;",
      "a part whose refund failed is lost to its checkout",
      ["tests/domain/refunds", "tests/domain/checkouts/refunded_test.ts"],
    ],
    [
      "NEW.status NOT IN ('refunded', 'taken_back') AND OLD.status NOT IN ('refunded', 'taken_back')",
      "OLD.status NOT IN ('refunded', 'taken_back')",
      "a refund moves the payment to suspense as well",
      [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
    ],
    [
      "NEW.amount - NEW.amount_taken_back - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0),\n    NEW.updated_at",
      "NEW.amount - NEW.amount_taken_back,\n    NEW.updated_at",
      "a part that went back is moved as well",
      [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
    ],
    [
      "NEW.amount - NEW.amount_taken_back - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0),\n    NEW.updated_at",
      "NEW.amount - coalesce((SELECT refunded FROM refund_totals WHERE payment_id = NEW.id), 0),\n    NEW.updated_at",
      "a part that M-Pesa took back is moved as well",
      takenBack,
    ],
    [
      "CASE NEW.method WHEN 'reversal' THEN 'mpesa_utility' ELSE 'merchant_available' END AS paid_from",
      "'mpesa_utility' AS paid_from",
      "a refund by payout leaves M-Pesa twice in the books",
      [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
    ],
    [
      "CASE WHEN status IN ('unmatched', 'partial') THEN 'suspense' WHEN",
      "CASE WHEN",
      "a refund of unmatched money is taken from the merchant's own",
      [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
    ],
    [
      "WHEN status = 'duplicate_payment' THEN 'refunds'\n",
      "WHEN status = 'duplicate_payment' THEN 'suspense'\n",
      "a refund of a duplicate payment is taken from the wrong account",
      [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
    ],
    [
      "AFTER UPDATE OF status ON refunds\nWHEN NEW.status = 'succeeded' AND",
      "AFTER UPDATE OF status ON refunds\nWHEN NEW.status = 'failed' AND",
      "refunds are not in the books",
      [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
    ],
    [
      "(SELECT sum(amount) FROM refunds WHERE payment_id = NEW.payment_id AND status = 'succeeded') - p.amount + p.amount_taken_back",
      "(SELECT sum(amount) FROM refunds WHERE payment_id = NEW.payment_id AND status = 'succeeded')",
      "a refund counts as the merchant's own money although it waited in suspense",
      [...ledgerTest, ...books, "tests/domain/refunds/reversal_test.ts", ...byPayout],
    ],
    [
      "AFTER UPDATE OF status ON refunds\nWHEN NEW.status <> 'succeeded' AND OLD.status = 'succeeded'",
      "AFTER UPDATE OF status ON refunds\nWHEN false",
      "a refund that a person called done and that failed stays in the books",
      ["tests/domain/payouts/verdicts_test.ts", "tests/domain/refunds"],
    ],
    [
      "AFTER UPDATE OF amount_taken_back ON payments\nWHEN NEW.amount_taken_back > OLD.amount_taken_back",
      "AFTER UPDATE OF amount_taken_back ON payments\nWHEN false",
      "what M-Pesa took back stays in the books",
      takenBack,
    ],
    [
      "'taken_back', NEW.id, home, 'mpesa_utility', min(taken, held), NEW.updated_at",
      "'taken_back', NEW.id, home, 'mpesa_utility', taken, NEW.updated_at",
      "what M-Pesa took back counts twice where more was taken than was held",
      takenBack,
    ],
    [
      "AFTER INSERT ON payments\nWHEN NEW.receipt IS NOT NULL",
      "AFTER INSERT ON payments\nWHEN false",
      "a reversal that came before its payment is never applied",
      takenBack,
    ],
    [
      "WHEN NEW.receipt IS NOT NULL AND OLD.receipt IS NOT NEW.receipt",
      "WHEN false",
      "a reversal that came before the receipt of its payment is never applied",
      takenBack,
    ],
  ]),
];
