import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "fields";

/** Faults in what absent, unreadable and unstorable values lead to (daraja.md section 15, design.md sections 5.9 to 5.11). */
export const fields: readonly Mutation[] = [
  ...mutationsOf({
    area,
    file: "src/daraja/field.ts",
    tests: ["tests/daraja/fields_test.ts", "tests/domain/checkouts/unreadable_test.ts"],
  }, [
    [
      'return agree ? readAs(first) : unreadableField(texts.join(" | "));',
      'return first !== null ? readAs(first) : unreadableField(texts.join(" | "));',
      "of two different amounts the first is believed",
    ],
    ["values.filter((value) => !isBlank(value))", "values", "a blank field counts as unreadable"],
    [
      'return agree ? readAs(first) : unreadableField(texts.join(" | "));',
      "return agree ? readAs(first) : ABSENT;",
      'an amount that cannot be read counts as "as asked"',
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/notices/parameters.ts", tests: ["tests/daraja/fields_test.ts"] }, [
    [
      "return found.length === 0 ? this.lost : found;",
      "return found;",
      "a field in a lost part of a list counts as absent",
    ],
    [
      "if (!isObject(holder)) lost.push([holder]);",
      "if (!isObject(holder)) continue;",
      "metadata that cannot be read counts as none",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/field-readers.ts", tests: ["tests/daraja/fields_test.ts"] }, [
    ["return fieldFrom(values, parsePaidCents);", "return fieldFrom(values, parseCents);", "an amount of zero is read"],
  ]),
  ...mutationsOf({ area, file: "src/daraja/notices/result.ts", tests: ["tests/daraja/fields_test.ts"] }, [
    ["return cents !== null && cents > 0 ? cents : null;", "return cents;", "an amount of zero in braces is read"],
    [
      'parameters.all("TransactionAmount", "Amount")',
      'parameters.firstOf("TransactionAmount", "Amount")',
      "of two names with two amounts the first is believed",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/notices/ratiba.ts", tests: ["tests/daraja/fields_test.ts"] }, [
    [
      'if (second !== resultCode) return unreadable("result_codes_differ");',
      "",
      "of two result codes the first is believed",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/daraja/money.ts",
    tests: ["tests/daraja/money_test.ts", "tests/daraja/fields_test.ts"],
  }, [
    [
      "return cents !== null && cents >= 0 ? cents : null;",
      "return cents;",
      "a fee below zero is stored, and its job dies",
    ],
    [
      "byKey.set(key, { name, balance: agrees ? balance : null });",
      "byKey.set(key, { name, balance });",
      "of an account that is named twice the second balance is believed",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/daraja/result-codes.ts",
    tests: ["tests/daraja/fields_test.ts", "tests/domain/payouts/unreadable_test.ts"],
  }, [
    [
      "if (payoutResultTable.has(resultCode)) return false;",
      "",
      'a code that means something else counts as "not found"',
    ],
    ['if (notice.resultType === "1") return { outcome: "pending" };', "", "a status before the last one counts"],
    [
      'if (field.kind === "unreadable") return { outcome: "unclear" };',
      "",
      "of two states the payout takes none, and nobody hears of it",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/error-codes.ts", tests: ["tests/daraja/fields_test.ts"] }, [
    [
      'code === "500.001.1001" && from === "stk"',
      'code === "500.001.1001"',
      "a text of STK rejects a request that sends money",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/checkouts/decide-fields.ts",
    tests: ["tests/domain/checkouts/unreadable_test.ts"],
  }, [
    [
      "receipt: problem === null ? valueOrNull(notice.receipt) : null,",
      "receipt: valueOrNull(notice.receipt),",
      "the receipt of a callback with an unreadable amount is used",
    ],
    [
      "const problem = !isPaid\n    ? null\n    :",
      "const problem =",
      "a failed callback is quarantined for its amount",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/checkouts/settle-attempt.ts",
    tests: ["tests/domain/checkouts/unreadable_test.ts"],
  }, [
    [
      "if (notice.problem !== null) return quarantined(notice.problem);",
      "",
      "a callback that cannot be read counts as applied",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/checkouts/machine/evidence.ts",
    tests: ["tests/domain/checkouts/unreadable_test.ts"],
  }, [
    [
      'case "unreadable":\n      return addEvidence(attempt, Evidence.mismatch);',
      'case "unreadable":\n      return attempt;',
      "a callback that cannot be read leaves no trace on the attempt",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payments/account-of.ts",
    tests: ["tests/domain/payments/unreadable_test.ts"],
  }, [
    [
      'return field.kind === "read" ? field.value : field.text;',
      'return field.kind === "read" ? field.value : null;',
      "money with an unreadable account takes a till prompt's place",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/settlement/decide-result.ts",
    tests: ["tests/domain/payouts/unreadable_test.ts", "tests/domain/refunds/unreadable_test.ts"],
  }, [
    [
      'if (isUnreadable(foundConversationId) || isUnreadable(foundOriginatorConversationId)) return "unclear";',
      "",
      "an answer about two transactions is believed",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payouts/settle-payout.ts",
    tests: ["tests/domain/payouts/unreadable_test.ts"],
  }, [
    [
      "decideResult(received.notice, received.notice.facts.receipt)",
      "decideResult(received.notice, receiptOf(received.notice))",
      "the status query's own id counts as the payout's receipt",
    ],
    ['return quarantined("status_unreadable");', "return APPLIED;", "an answer with two states raises no alert"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/send.ts", tests: ["tests/domain/payouts/token-refused_test.ts"] }, [
    ["if (answer.isTokenRefused) {", "if (false) {", "two refused tokens fail a payout"],
  ]),
  ...mutationsOf({
    area: "fields-refunds",
    file: "src/domain/refunds/send.ts",
    tests: ["tests/domain/payouts/token-refused_test.ts"],
  }, [
    ["if (answer.isTokenRefused) {", "if (false) {", "two refused tokens fail a refund"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/reconciliations/set-aside.ts",
    tests: ["tests/domain/reconciliations/set-aside_test.ts"],
  }, [
    [
      'else if (known !== undefined && known.amount !== row.amount) setAside.set(row.receipt, "two_amounts");',
      "",
      "of two amounts of one receipt the last is recorded",
    ],
    [
      'if (row.amount <= 0) setAside.set(row.receipt, "amount_unreadable");',
      "if (false) {}",
      "a stored row of zero is not named",
    ],
    ["for (const receipt of setAside.keys()) money.delete(receipt);", "", "a row that is set aside is recorded too"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/reconciliations/record-rows.ts",
    tests: ["tests/domain/reconciliations/set-aside_test.ts"],
  }, [
    ["if (!cannotBeStored(error)) throw error;", "throw error;", "one row that cannot be stored stops the others"],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/reconciliations/reconcile.ts",
    tests: ["tests/domain/reconciliations/set-aside_test.ts"],
  }, [
    [
      "const pause = await processOrFail(ctx, row);",
      "const pause = await processPages(ctx, row);",
      "a reconciliation that breaks kills the job of its shortcode",
    ],
    [
      "return fresh === 0 && withReceipt > 0;",
      "return fresh === 0;",
      "a page without receipts ends the reconciliation",
    ],
  ]),
  ...mutationsOf({ area, file: "src/callbacks/accept-notice.ts", tests: ["tests/callbacks/spill_test.ts"] }, [
    ["if (key[0] === SET_ASIDE) return;", "", "an entry that cannot be read alerts at each sweep"],
  ]),
  ...mutationsOf({ area, file: "src/db/cannot-store.ts", tests: ["tests/db/cannot-store_test.ts"] }, [
    [
      'error.kind === "check" && /\\W/.test(error.rule)',
      'error.kind === "check"',
      "a guard that failed counts as bad values",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/balances/receive-balance.ts",
    tests: ["tests/domain/balances/balances_test.ts"],
  }, [
    [
      "if (unreadableAccounts.some((account) => names.includes(account.toLowerCase()))) return null;",
      "",
      "the balance of another account counts as the utility",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/ledger/nightly-check.ts", tests: ["tests/domain/ledger/ledger_test.ts"] }, [
    ["after = merchantId;", "throw error;", "one ledger that cannot be checked stops the others"],
  ]),
];
