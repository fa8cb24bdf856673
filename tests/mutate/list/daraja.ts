import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "daraja";
const codes = ["tests/daraja/codes_test.ts", "tests/daraja/result-codes_test.ts", "tests/daraja/readings_test.ts"];
const moneyTest = ["tests/daraja/money_test.ts", "tests/daraja/readings_test.ts"];
const time = ["tests/daraja/time_test.ts", "tests/daraja/readings_test.ts"];
const token = ["tests/daraja/sent-once_test.ts", "tests/daraja/token_test.ts"];
const notices = ["tests/daraja/readings_test.ts", "tests/daraja/notices_test.ts", "tests/daraja/samples_test.ts"];
const query = ["tests/daraja/query_test.ts"];
const push = ["tests/daraja/sent-once_test.ts", "tests/daraja/push_test.ts"];
const payouts = ["tests/daraja/sent-once_test.ts", "tests/daraja/payouts_test.ts"];
const collections = [
  "tests/daraja/sent-once_test.ts",
  "tests/daraja/readings_test.ts",
  "tests/daraja/collections_test.ts",
];

/** Faults in what we read of Daraja's messages: a meaning that they do not have. */
export const daraja: readonly Mutation[] = [
  ...mutationsOf({
    area,
    file: "src/daraja/result-codes.ts",
    tests: [...codes, "tests/domain/payouts/notices_test.ts"],
  }, [
    [
      'if (notice.queueTimeout || notice.resultType === "1") return',
      "if (notice.queueTimeout) return",
      "a result that another one follows counts as final",
    ],
    [
      'if (notice.queueTimeout || notice.resultType === "1") return',
      'if (notice.resultType === "1") return',
      "a queue timeout counts as a result",
    ],
    ["return row?.terminal ? {", "return row !== undefined ? {", "a code that only others claim makes a payout failed"],
    [
      '["15", notTerminal("duplicate_request"',
      '["15", terminal("duplicate_request"',
      "a duplicate of our own request makes the payout failed",
    ],
    [
      'if (notice.queueTimeout) return { outcome: "query_failed", failure: null };',
      "",
      "a query that timed out counts as an answer",
    ],
    [
      'if (status === "completed") return',
      "if (status !== undefined) return",
      "a transaction that is not completed counts as paid",
    ],
    ['status === "cancelled" || status === "declined" ||', "", "a declined transaction stays in doubt"],
    [
      '  }\n  return { outcome: "pending" };',
      '  }\n  return { outcome: "failed", failure: "transaction_declined" };',
      "an unknown status counts as failed",
    ],
    [
      "readSettlement(notice, reversalResultTable)",
      "readSettlement(notice, payoutResultTable)",
      "the codes of payouts are applied to reversals",
    ],
    [
      '["R000001", terminal("already_reversed"',
      '["R000001", terminal("unknown_failure"',
      "a reversal that we did is called failed",
      [...codes, "tests/domain/refunds/reversal_test.ts"],
    ],
    [
      "if (payoutResultTable.has(resultCode)) return false;",
      "",
      'the text "The operator does not exist." counts as "transaction not found", and the payout is sent again',
    ],
    [
      "return MISSING_TRANSACTION.test(resultDescription) ||",
      "return /not found|does not exist/i.test(resultDescription) ||",
      'a text about something else counts as "transaction not found", and the payout is sent again',
    ],
    [
      'if (field.kind === "unreadable") return { outcome: "unclear" };',
      'if (field.kind === "unreadable") return { outcome: "completed" };',
      "a state that cannot be read counts as paid",
    ],
    [
      '  if (notice.resultType === "1") return { outcome: "pending" };\n',
      "",
      "a status result that another one follows counts as final",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/stk-codes.ts", tests: codes }, [
    [
      'if (resultCode === "0") return { outcome: "paid" };',
      'if (Number(resultCode) === 0) return { outcome: "paid" };',
      "an empty or odd code counts as paid",
    ],
    ["if (row?.terminal) return", "if (row) return", "a prompt that is still open is called failed"],
    [
      '["4999", notTerminal("unknown_failure", "[V]: still under processing")],',
      '["4999", terminal("unknown_failure", "now", "[V]")],',
      "a prompt that is still open is called failed",
    ],
    [
      'resultCode === "4999" || resultCode === "26" ||',
      'resultCode === "4999" ||',
      "a busy gateway calls for a person",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/error-codes.ts", tests: [...codes, ...push, ...payouts] }, [
    [
      'return { kind: "ambiguous", duplicate: false };',
      'return rejected("unknown_failure");',
      "a request that is being processed counts as refused, and is sent again",
    ],
    [
      'return { kind: "ambiguous", duplicate: code === "500.002.1001" && text.includes("duplicate") };',
      'return rejected("unknown_failure");',
      "an unknown error counts as refused, and is sent again",
    ],
    [
      'duplicate: code === "500.002.1001" && text.includes("duplicate")',
      "duplicate: false",
      "a request that Daraja knows already is sent again",
    ],
    [
      'return code === "500.003.02" && /spike ?arrest|rate ?limit|quota/.test(text);',
      'return code === "500.003.02";',
      "a busy service counts as a rate limit, and the request is sent again",
    ],
    [
      "if (status === 429 ||",
      "if (status >= 429 ||",
      "a server error counts as a rate limit, and the request is sent again",
    ],
    [
      '(error.status === 401 ? "credentials_rejected" : undefined)',
      '(error.status >= 401 ? "credentials_rejected" : undefined)',
      "a server error counts as a bad token, and the request is sent again",
    ],
    [
      'if (from === "url_registration" && alreadyRegistered(error.message)) return rejected("urls_already_registered");',
      "",
      "URLs that are registered count as unknown",
      [...codes, ...collections],
      false,
    ],
    [
      'if (code === "500.001.1001" && from === "stk")',
      'if (code === "500.001.1001")',
      "an unclear payout counts as refused, because of a text that only a prompt has",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/money.ts", tests: moneyTest }, [
    ['(parts[3] ?? "").padEnd(2, "0")', '(parts[3] ?? "")', "whole shillings are read as cents"],
    ["(?:\\.(\\d{1,2})0*)?$/", "(?:\\.(\\d{1,2})\\d*)?$/", "fractions of a cent are cut off"],
    ["cents !== null && cents > 0 ? cents : null", "cents", "a customer pays less than nothing"],
    ["return cents === basic ? cents : null;", "return cents;", "of two amounts that differ, one is believed"],
    ["const agrees = known === undefined ||", "const agrees = true ||", "an account with two balances is believed"],
    [
      "cents !== null && cents > 0 ? cents : null",
      "cents !== null && cents >= 0 ? cents : null",
      "a payment of nothing cannot be stored, and kills its job",
    ],
    [
      "cents % 100 === 0 ? cents / 100 : null",
      "true ? Math.floor(cents / 100) : null",
      "cents are cut off in a request",
    ],
    ['parts[1] === "-" && cents !== 0 ? -cents : cents', "cents", "a negative balance counts as positive"],
    ["if (hasUnreadable) return null;", "", "an amount that cannot be read counts as absent"],
  ]),
  ...mutationsOf({ area, file: "src/daraja/time.ts", tests: time }, [
    [
      "const NAIROBI_OFFSET_MS = 3 * 60 * 60 * 1000;",
      "const NAIROBI_OFFSET_MS = 0;",
      "daily limits renew at 03:00, and payments have wrong times",
    ],
    ["const [day, month, year, ...time] =", "const [month, day, year, ...time] =", "days and months are exchanged"],
    [
      "return exists ? utc - NAIROBI_OFFSET_MS : null;",
      "return utc - NAIROBI_OFFSET_MS;",
      "a day that does not exist counts as another",
    ],
    [
      'zone.startsWith("-") ? -minutes : minutes',
      "minutes",
      "a time west of Greenwich is read hours wrong",
      time,
      false,
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/acks.ts", tests: [...payouts, ...push] }, [
    [
      'if (codeAt(json, "ResponseCode") !== "0" || checkoutRequestId === null) return null;',
      "if (checkoutRequestId === null) return null;",
      "a refused push counts as accepted",
    ],
    [
      'if (codeAt(json, "ResponseCode") !== "0" || conversationId === null) return null;',
      "if (conversationId === null) return null;",
      "a refused payout counts as accepted",
    ],
    [
      'if (called.outcome !== "answered") return called;',
      'if (called.outcome !== "answered") return { outcome: "unreachable", reason: "connect_failed" };',
      "a request that may have been taken counts as never sent",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/stk.ts", tests: [...query, ...push] }, [
    [
      "resultCode === null || about !== query.checkoutRequestId",
      "resultCode === null",
      "an answer about another prompt is believed",
    ],
    [
      'if (codeAt(json, "ResponseCode") !== "0" || resultCode',
      "if (resultCode",
      "a query that did not run is believed",
    ],
    ["isSafeToRepeat: false,", "isSafeToRepeat: true,", "a prompt is sent twice"],
    [
      'push.transactionType === "till" ? "CustomerBuyGoodsOnline"',
      'push.transactionType === "till" ? "CustomerPayBillOnline"',
      "a till is prompted as a paybill",
    ],
    ["      Amount: amount,", "      Amount: amount * 100,", "a customer is asked for a hundred times the amount"],
    ["bucket.resetPauses(query.businessShortcode);", "", "after one rate limit, queries stay slow", query, false],
  ]),
  ...mutationsOf({ area, file: "src/daraja/payouts.ts", tests: payouts }, [
    [
      "{ OriginatorConversationID: payment.originatorConversationId }",
      "{}",
      "a payout carries no id of ours, so a second request pays twice",
    ],
    [
      "path: `/mpesa/b2c/${version}/paymentrequest`,\n    shortcode: payment.shortcode,\n    timeoutMs: defaultTimeoutMs(deps),\n    isSafeToRepeat: false,",
      "path: `/mpesa/b2c/${version}/paymentrequest`,\n    shortcode: payment.shortcode,\n    timeoutMs: defaultTimeoutMs(deps),\n    isSafeToRepeat: true,",
      "a payout is sent twice when its answer is lost",
    ],
    [
      'path: "/mpesa/b2b/v1/paymentrequest",\n      shortcode: payment.shortcode,\n      timeoutMs: defaultTimeoutMs(deps),\n      isSafeToRepeat: false,',
      'path: "/mpesa/b2b/v1/paymentrequest",\n      shortcode: payment.shortcode,\n      timeoutMs: defaultTimeoutMs(deps),\n      isSafeToRepeat: true,',
      "a payment to a business is sent twice when its answer is lost",
    ],
    ['const KRA_SHORTCODE = "572572";', 'const KRA_SHORTCODE = "572573";', "taxes go to another business"],
    ['till: "BusinessBuyGoods",', 'till: "BusinessPayBill",', "a till is paid by the wrong command"],
    [
      'if (waitMs > 0) return { outcome: "unreachable", reason: "paced", retryAfterMs: waitMs };',
      "",
      "requests leave faster than Daraja allows",
      payouts,
      false,
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/call.ts", tests: [...payouts, ...push] }, [
    [
      'first.kind !== "answer" && operation.isSafeToRepeat ?',
      'first.kind !== "answer" ?',
      "a request that may have been taken is sent again",
    ],
    [
      'if (result.kind === "lost") return ambiguous(result.reason, null, "");',
      'if (result.kind === "lost") return { outcome: "unreachable", reason: "connect_failed" };',
      "a request that may have been taken counts as never sent",
    ],
    [
      "if (!tokenRefusal(first)) return outcomeOf(first, app, token.token);",
      'if (first.kind === "answer" && first.status < 400) return outcomeOf(first, app, token.token);',
      "any error sends the request a second time",
    ],
  ]),
  ...mutationsOf(
    { area, file: "src/daraja/http.ts", tests: ["tests/daraja/fetch-error_test.ts", ...payouts, ...push] },
    [
      [
        'if (!text.includes("client error (Connect)")) return { kind: "lost", reason: "connection_cut" };',
        'if (!text.includes("client error (Connect)")) return notSent("connect_failed");',
        "a request that may have arrived counts as never sent",
      ],
      [
        'abort.signal.aborted ? { kind: "lost", reason: "timeout" }',
        'abort.signal.aborted ? { kind: "not_sent", reason: "connect_failed" }',
        "a request without an answer counts as never sent",
      ],
      ['redirect: "manual",', 'redirect: "follow",', "a redirect sends the request a second time"],
      [
        '{ body: new Blob([request.body], { type: "application/json" }) }',
        "{ body: request.body }",
        "a broken connection sends the request a second time",
      ],
    ],
  ),
  ...mutationsOf({ area, file: "src/daraja/pull.ts", tests: collections }, [
    ['if (code !== "1000") return null;', 'if (code === "0") return null;', "a refused pull counts as an empty list"],
    ["return { rows, unreadable };", "return { rows, unreadable: [] };", "rows that cannot be read are lost unnoticed"],
    [
      'listAt(json, "Response").flatMap(asList)',
      'listAt(json, "Response").slice(0, 1).flatMap(asList)',
      "only the first part of a pulled page is read",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/ids.ts", tests: notices }, [
    [
      "!isPlaceholder(text) ? text.toUpperCase() : null",
      "!isPlaceholder(text) ? text : null",
      "a receipt in small letters counts as another one",
    ],
    ["return /^[A-Za-z0-9]{3}0{7}$/.test(text);", "return false;", "a placeholder counts as a receipt"],
    ['if (text.includes("*")) return "masked";', "", "a masked number counts as a hash", notices, false],
  ]),
  ...mutationsOf({
    area,
    file: "src/daraja/json.ts",
    tests: [...notices, "tests/daraja/notices-fuzz_test.ts", ...moneyTest],
  }, [
    ["context?.source ?? String(value)", "String(value)", "an amount is rounded as a floating-point number"],
    [
      "return isArray(json) ? json : [json];",
      "return isArray(json) ? json : [];",
      "a single parameter of a notice is not read",
    ],
    ['?.replace(/^(\\d+)\\.0+$/, "$1")', "", "the code 0.0 is not read as success"],
  ]),
  ...mutationsOf({ area, file: "src/daraja/notices/parameters.ts", tests: notices }, [
    [
      "return found.length === 0 ? this.lost : found;",
      "return found;",
      "an amount in a part that cannot be read counts as absent",
    ],
    [
      "wanted.includes(normalizeKey(key)) && !isBlank(value) ? [value] : []",
      "wanted[0] === normalizeKey(key) && !isBlank(value) ? [value] : []",
      "two amounts under two names are not compared",
    ],
    [
      "if (!isObject(holder)) lost.push([holder]);",
      "if (!isObject(holder)) continue;",
      "an amount in a part that cannot be read counts as absent",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/notices/result.ts", tests: notices }, [
    [
      'facts.receipt.kind === "absent" ? transactionId : facts.receipt',
      "transactionId",
      "a receipt among the parameters is not read",
    ],
    [
      'amount: fieldFrom(parameters.all("TransactionAmount", "Amount"), parseAmount)',
      'amount: fieldFrom(parameters.firstOf("TransactionAmount", "Amount"), parseAmount)',
      "of two amounts that differ, the first is believed",
    ],
    [
      'receipt: receiptField(parameters.all("TransactionReceipt", "ReceiptNo"))',
      'receipt: receiptField(parameters.firstOf("TransactionReceipt", "ReceiptNo"))',
      "of two receipts that differ, the first is believed",
    ],
    [
      '&& codeAt(result, "ResultCode") !== "0"',
      "",
      "a success whose text names a timeout is not believed",
      notices,
      false,
    ],
    ["?? second ?? null", "?? null", "the receiver of a payout is not known", notices, false],
  ]),
  ...mutationsOf({ area, file: "src/daraja/token.ts", tests: token }, [
    [
      "state.pending ??= getSharedOrNew",
      "state.pending = getSharedOrNew",
      "two token requests at once make each other's token invalid",
    ],
    ["deps.clock.now() < state.cached.expiresAt) return", "true) return", "a token that has expired is sent"],
    ["stored.token !== state.rejected && deps", "deps", "a token that Daraja refused is sent again"],
    [
      "if (state.cached !== null && state.cached.token !== rejected) return;",
      "",
      "a good token is thrown away because of an older one",
    ],
    [
      "[baseUrl, app.consumerKey, app.consumerSecret]",
      "[baseUrl, app.consumerKey]",
      "an app with a wrong secret gets the token of the right one",
    ],
    [
      "const shared = await readSharedToken(deps, store, state);\n    if (shared !== null) return cacheToken(state, shared);\n    const answer",
      "const answer",
      "a token that another process has just fetched is made invalid",
    ],
  ]),
  ...mutationsOf({ area, file: "src/daraja/token-store.ts", tests: token }, [
    [
      "ifVersion: current.version });\n      return isTaken",
      "});\n      return isTaken",
      "two processes hold the lease for a token at once",
    ],
    [
      'current.value !== null && clock.now() < readNumber(current.value, "until")',
      "false",
      "a lease that is held is taken",
    ],
    ["!equalBytes(current.value, ownLease)", "false", "a process releases the lease of another"],
  ]),
  ...mutationsOf({
    area,
    file: "src/daraja/field.ts",
    tests: ["tests/daraja/fields_test.ts", ...notices, ...moneyTest],
  }, [
    [
      "others.every((other) => JSON.stringify(other) === JSON.stringify(first))",
      "true",
      "of two amounts that differ, the first is believed",
    ],
    [
      'return agree ? readAs(first) : unreadableField(texts.join(" | "));',
      "return agree ? readAs(first) : ABSENT;",
      'an amount that cannot be read counts as "as asked"',
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/daraja/field-readers.ts",
    tests: ["tests/daraja/fields_test.ts", ...notices, ...moneyTest],
  }, [
    [
      "return fieldFrom(values, parsePaidCents);",
      "return fieldFrom(values, parseCents);",
      "a payment of zero or less is read",
    ],
    [
      "fieldFrom(values.filter((value) => isBlank(value) || !isPlaceholder(textOf(value))), parseReceipt)",
      "fieldFrom(values, parseReceipt)",
      "a placeholder makes a result unreadable",
    ],
  ]),
];
