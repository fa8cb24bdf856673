import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "accounts";
const expected = ["tests/domain/accounts/expected_test.ts"];
const balance = ["tests/domain/accounts/balance_test.ts", "tests/domain/accounts/race_test.ts"];
const validation = ["tests/domain/accounts/validation_test.ts"];
const operations = ["tests/domain/accounts/operations_test.ts"];
const allocate = ["tests/domain/payments/allocate_test.ts"];

/** Faults in standing accounts and in the distribution of payments: a balance that nobody has paid, or that is spent twice. */
export const accounts: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/accounts/check-digit.ts", tests: [...expected, ...validation] }, [
    ["/^\\d{2,}$/.test(number) && interimOf(number) === 0", "/^\\d{2,}$/.test(number)", "a mistyped number is paid"],
    ["digits + interimOf(digits)", 'digits + "0"', "our own numbers are refused"],
    ["text.length === NUMBER_LENGTH && ", "", "numbers of other lengths are refused"],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/expected.ts", tests: [...expected, ...balance] }, [
    [
      "Date.UTC(1970, month, dueDay + 1) - NAIROBI",
      "Date.UTC(1970, month, dueDay) - NAIROBI",
      "rent is due a day early",
    ],
    ["dueDay + 1) - NAIROBI_OFFSET_MS", "dueDay + 1)", "the due day ends at midnight in London"],
    ["return own > after ? own", "return own >= after ? own", "a due day is counted twice"],
    ["account.expected_before +\n", "0 +\n", "what was expected before a change is forgotten"],
    ["Math.max(0, expectedBy(account, at) - received)", "expectedBy(account, at)", "who has paid is in arrears"],
    [
      "duesBetween(account.expected_since, at, account.due_day)",
      "duesBetween(0, at, account.due_day)",
      "rent is due for the time before the account",
    ],
    ["at < due - REMINDER_MS ? due - REMINDER_MS : due", "due", "nobody is reminded", undefined, false],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/choose-account.ts", tests: balance }, [
    ["if (exact !== undefined) return exact;", "", "money goes to no account because another is spelt alike"],
    ["same.length === 1 ? same[0] ?? null : null", "same[0] ?? null", "money goes to one of two accounts by a guess"],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/find-account.ts", tests: [...balance, ...operations] }, [
    [
      "WHERE shortcode_id = ? AND account_key",
      "WHERE ? <> '' AND account_key",
      "money of another shortcode is credited",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/apply-balance.ts", tests: balance }, [
    ["balance < due ? 0 : Math.min(due, balance)", "balance < due ? 0 : balance", "a checkout takes more than it asks"],
    ['partial === "refuse" && balance < due ? 0', "false ? 0", "a checkout that takes no parts gets one"],
    [
      "const due = state.checkout.amount - receivedOf(state);",
      "const due = state.checkout.amount;",
      "a part is paid twice",
    ],
    [
      "balance: before.balance - amount }",
      "balance: before.balance }",
      "the event tells a balance that is spent",
    ],
    ["-Math.min(applied, -state.balance)", "-applied", "a checkout loses more than the account lacks"],
    [
      "${IS_PAID_TWICE} DESC, ",
      "",
      "an order that only the account has paid loses its money to one that is paid twice",
      ["tests/domain/accounts/taken-back-by-prompt_test.ts"],
    ],
    [
      "amount > 0 ? [abortIfOverdrawn(account.id)] : []",
      "[]",
      "a balance is spent twice by two checkouts at once",
      ["tests/domain/accounts/race_test.ts"],
    ],
    [
      "WHERE shortcode_id = ? AND account_key = ? AND status",
      "WHERE ? <> '' AND account_key = ? AND status",
      "a balance pays a checkout of another shortcode",
    ],
    [
      "if (!isSameAccount(checkout.checkout.account_reference, account_reference)) continue;",
      "",
      "a balance pays the checkout of another account with the same key",
    ],
    ["status = 'open' AND expires_at > ?", "status = 'open' AND expires_at < ?", "only expired checkouts are paid"],
    ['"ORDER BY id LIMIT 100"', '"ORDER BY id DESC LIMIT 100"', "the newest bill is paid first"],
    [
      "Math.max(0, checkout.checkout.amount_allocated + amount)",
      "amount",
      "a second part from the account replaces the first",
    ],
    [
      "AND c.amount_received > c.amount GROUP",
      "AND false GROUP",
      "what an account paid into an order stays there when a prompt pays all of it",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/settle-account.ts", tests: balance }, [
    [
      "if (state.balance < 0) return await releaseOverdraft(ctx, state);",
      "",
      "money that the account lost stays at checkouts",
    ],
    [
      'state.balance > 0 && state.account.apply === "oldest_first"',
      "state.balance > 0",
      "a balance is applied though the merchant applies it by hand",
    ],
    ["if (await takeIn(ctx, state)) return true;", "", "money that came before the account is never credited"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/settlement/account-balance.ts",
    tests: [...balance, ...allocate, ...operations],
  }, [
    [
      "- max(p.amount_promised, p.amount_refunded) - p.amount_taken_back",
      "- p.amount_taken_back",
      "what was given back stays a balance",
    ],
    ["p.amount_refunded) - p.amount_taken_back", "p.amount_refunded)", "what M-Pesa took back stays a balance"],
    ["- p.amount_taken_back - l.before))", "- p.amount_taken_back))", "of two places both keep what went back"],
    [
      "coalesce((SELECT sum(amount) FROM account_applications",
      "coalesce((SELECT 0 FROM account_applications",
      "what was applied is still a balance",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/checkouts/release-taken.ts",
    tests: ["tests/domain/accounts/kept-share_test.ts"],
  }, [
    ["Math.max(part - balance, tooMuch)", "part", "an order loses what its account paid of other money"],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/store.ts", tests: [...balance, ...allocate, ...operations] }, [
    [
      "version: account.version + 1,\n  told_version",
      "version: account.version,\n  told_version",
      "two changes at once overwrite one another",
    ],
    [
      "  updateRow(after, after.id, after.version - 1),\n  abortIfUnchanged,",
      "  updateRow(after, after.id, after.version - 1),",
      "a change that came too late is half stored",
      ["tests/domain/accounts/race_test.ts"],
    ],
    ["within(ctx.reach, state.account) !== null", "true", "a merchant reads another's account"],
    ['WHERE ${balanceSql("?1")} < 0', 'WHERE ${balanceSql("?1")} < -1000000000', "an account is overdrawn", [
      ...allocate,
      "tests/domain/accounts/race_test.ts",
    ]],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/take-in.ts", tests: balance }, [
    [
      "?.id !== state.account.id) continue;",
      "?.id === undefined) continue;",
      "money of an account spelt alike is taken",
    ],
    ["if (blocked === true) continue;", "", "a prompt's own money becomes a balance"],
    ['AND amount_promised = 0 " +', '" +', "money that is being given back becomes a balance", [
      "tests/domain/accounts/race_test.ts",
    ]],
    [
      "AND status = 'unmatched' AND checkout_id IS NULL",
      "AND status <> 'matched' AND checkout_id IS NULL",
      "money that is gone becomes a balance",
      ["tests/domain/accounts/race_test.ts"],
    ],
    [
      "    updatePayment(stored, stored.id, payment.version),\n    abortIfUnchanged,",
      "    updatePayment(stored, stored.id, payment.version),",
      "a payment is credited that somebody else has just placed",
      ["tests/domain/accounts/race_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/credit.ts", tests: balance }, [
    [
      "balance: before.balance + payment.amount,",
      "balance: before.balance,",
      "the event tells a balance without the payment",
    ],
    [
      "const pushedTo = moved + CLOCK_SKEW_MS;",
      "const pushedTo = moved - 100 * CLOCK_SKEW_MS;",
      "a prompt's own money becomes a balance",
    ],
    [
      "w.receipt IS NULL ",
      "w.receipt IS NULL AND 1 = 0 ",
      "money that a callback without a receipt meant becomes a balance, and pays another order",
      ["tests/domain/accounts/race_test.ts"],
    ],
    ["AND t.status IN ('pending', 'unknown')", "AND t.status IN ('unknown')", "a prompt's own money becomes a balance"],
    ["AND coalesce(t.amount, c.amount) = ?", "AND c.amount = ?", "a part that a prompt asks for becomes a balance", [
      "tests/domain/accounts/race_test.ts",
    ]],
    [
      "[{ account: account.id, amount: payment.amount }]",
      "[{ account: account.id, amount: payment.amount * 2 }]",
      "a payment is credited twice",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/due.ts", tests: operations }, [
    [
      "if (checkAt === null || checkAt > now) return false;",
      "if (checkAt === null) return false;",
      "arrears are told before they are due",
      [...operations, ...balance],
    ],
    ["next_check_at: next };", "next_check_at: checkAt };", "arrears are told again and again", [
      ...operations,
      ...balance,
    ]],
    [
      "WHERE next_check_at <= ? AND NOT EXISTS",
      "WHERE next_check_at < ? - 999999999999 AND NOT EXISTS",
      "arrears are never told",
      [...operations, ...balance],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/statement.ts", tests: [...operations, ...balance] }, [
    [
      'if (line.kind !== "paid_checkout") balance += line.amount;',
      "balance += line.amount;",
      "a bill that a prompt paid is in the balance",
    ],
    ["if (to !== undefined && line.at >= to) break;", "", "a statement shows what came after its end"],
    [
      "line.at < from) opening = balance;",
      "line.at < from) opening += balance;",
      "the opening balance counts lines twice",
    ],
    ["'released'), -s.amount,", "'released'), s.amount,", "what was applied raises the balance"],
    ["`${KEPT} - l.amount, p.id", "`l.amount - ${KEPT}, p.id", "what went back raises the balance"],
  ]),
  ...mutationsOf({ area, file: "src/domain/accounts/update-account.ts", tests: operations }, [
    [
      "expected_before: expectedBy(account, now),",
      "expected_before: 0,",
      "what was expected before a change is forgotten",
      ["tests/domain/accounts/race_test.ts"],
    ],
    [
      "expected_since: now,",
      "expected_since: account.expected_since,",
      "what was expected before a change is expected twice",
      ["tests/domain/accounts/race_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payments/allocate-payment.ts", tests: allocate }, [
    ["if (sum > payment.amount) throw", "if (false) throw", "more is distributed than was paid"],
    [
      "if (payment.checkout_id !== null) checkouts.add(payment.checkout_id);",
      "",
      "a duplicate pays another order and stays where it was",
    ],
    [
      "const gone = Math.max(payment.amount_promised, payment.amount_refunded) + payment.amount_taken_back;",
      "const gone = payment.amount_taken_back;",
      "what was given back is distributed as well",
    ],
    ["sum > payment.amount - gone ||", "", "what was given back is distributed as well"],
    ["if (more > Math.max(0, free)) {", "if (false) {", "a checkout gets more than it needs"],
    [
      "if (payment.version !== (seen ??= payment.version)) {",
      "if (false) {",
      "of two people at once the later wins in silence",
      [...allocate, "tests/domain/accounts/race_test.ts"],
    ],
    ["if (again >= 0) throw", "if (false) throw", "one place is named twice, and gets one of the amounts"],
    ["if (before.balance + more < 0) {", "if (false) {", "money is taken from an account that has applied it"],
    ["state.checkout.merchant_id !== ctx.merchantId", "false", "a payment is put to another merchant's checkout"],
    [
      "state.checkout.shortcode_id !== payment.shortcode_id",
      "false",
      "money of one shortcode pays a checkout of another",
      ["tests/domain/accounts/race_test.ts"],
    ],
    [
      "before.account.shortcode_id !== payment.shortcode_id",
      "false",
      "money of one shortcode is in an account of another",
      ["tests/domain/accounts/race_test.ts"],
    ],
    ['sum === held ? "matched" : "partial"', '"matched"', "a part that nobody has is forgotten"],
    [
      "  abortIfPromised(before),\n  updatePayment",
      "  updatePayment",
      "a refund that is asked for at the same time pays money that was placed",
      ["tests/domain/accounts/race_test.ts"],
    ],
    ["if (payment.attempt_id !== null) {", "if (false) {", "a prompt's own money is distributed", [
      "tests/domain/accounts/race_test.ts",
    ]],
    [
      "const more = amountAt(parts, id) - amountAt(given, id);",
      "const more = amountAt(parts, id);",
      "a share is counted again with each distribution",
    ],
    [
      "await accountStatements(ctx, id, payment, amountAt(parts, id) - amountAt(given, id))",
      "await accountStatements(ctx, id, payment, amountAt(parts, id))",
      "the event tells a balance that counts a share twice",
      ["tests/domain/accounts/race_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/checkouts/allocated.ts", tests: [...allocate, ...balance] }, [
    [
      "`(SELECT coalesce(sum(amount), 0) FROM account_applications WHERE checkout_id = ${id}))`",
      "`0)`",
      "what an account has paid is lost",
    ],
    [
      "`((SELECT coalesce(sum(amount), 0) FROM allocations WHERE checkout_id = ${id}) + `",
      "`(0 + `",
      "what a person has given is lost",
    ],
    ["return counted === stored ? state", "return stored >= 0 ? state", "money that left a checkout goes on paying it"],
  ]),
  ...mutationsOf({ area, file: "migrations/0032_accounts/up.sql", tests: [...balance, ...allocate] }, [
    [
      "AFTER INSERT ON payments\nWHEN NEW.allocations IS NOT NULL AND NEW.checkout_id IS NULL",
      "AFTER INSERT ON payments\nWHEN false",
      "money of an account is in no balance",
    ],
    [
      "WHEN OLD.allocations IS NOT NULL\nBEGIN\n  DELETE FROM allocations WHERE payment_id = OLD.id;",
      "WHEN OLD.allocations IS NOT NULL\nBEGIN\n  SELECT 1;",
      "a payment that is withdrawn stays a balance",
      [...balance, "tests/domain/accounts/race_test.ts"],
    ],
    [
      "WHEN NEW.allocations IS NOT NULL AND NEW.amount_promised + NEW.amount_refunded",
      "WHEN false AND NEW.amount_promised + NEW.amount_refunded",
      "checkouts keep what a refund took from the account",
    ],
    [
      "AFTER DELETE ON allocations\nWHEN OLD.account_id IS NOT NULL",
      "AFTER DELETE ON allocations\nWHEN false",
      "checkouts keep what a callback took from the account",
    ],
    [
      "AFTER DELETE ON allocations\nWHEN OLD.checkout_id IS NOT NULL",
      "AFTER DELETE ON allocations\nWHEN false",
      "a checkout keeps what a callback took from it",
      ["tests/domain/accounts/race_test.ts"],
    ],
    [
      "WHEN NEW.status = 'open' AND EXISTS (SELECT 1 FROM standing_accounts",
      "WHEN false AND EXISTS (SELECT 1 FROM standing_accounts",
      "a new bill is not paid by the balance",
    ],
    [
      "(OLD.status = 'pending' OR NEW.status = 'open')",
      "false",
      "a bill whose prompt failed is not paid by the balance",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/accounts/links.ts",
    tests: ["tests/pages/statement_test.ts", "tests/domain/accounts/statement_test.ts"],
  }, [
    [
      'if (capability === null || capability.kind !== "account") return null;',
      "if (capability === null) return null;",
      "a link to a checkout opens an account",
    ],
    ["link.account_id !== capability.id || ", "", "the token of one account opens another"],
    [" || !isOpen(link, services.clock.now())) return null;", ") return null;", "a revoked link shows the account"],
    ["revoked_at === null && now < expires_at", "revoked_at === null", "a link never ends"],
    ["revoked_at === null && now < expires_at", "now < expires_at", "a revoked link shows the account"],
    ['ctx.scopes.has("accounts:write") && isOpen', "isOpen", "who may only read gets links to share"],
    [
      "within(ctx.reach, await first(ctx.db, selectById(id)))",
      "await first(ctx.db, selectById(id))",
      "another merchant's link is ended",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/accounts/create-account.ts",
    tests: ["tests/domain/accounts/operations_test.ts", "tests/domain/accounts/balance_test.ts"],
  }, [
    ["account_key: accountKey(reference),", "account_key: reference,", "money for A-1 misses the account a1"],
    [
      'ctx.jobs.schedule("account", id, ctx.merchantId, now), // money may have come before',
      "",
      "money that came before its account waits for ever",
    ],
    ["is_generated: input.account_reference === undefined,", "is_generated: false,", "a wrong check digit is taken"],
    [
      "if (input.account_reference !== undefined) {",
      "if (false) {",
      "an account that there is already is a fault of ours",
      undefined,
      false,
    ],
  ]),
];
