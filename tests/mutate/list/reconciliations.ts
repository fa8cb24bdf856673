import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "reconciliations";
const known = ["tests/domain/reconciliations/known_test.ts"];
const schedule = ["tests/domain/reconciliations/schedule_test.ts"];
const statement = [
  "tests/domain/reconciliations/statement-amounts_test.ts",
  "tests/domain/reconciliations/statement_test.ts",
  "tests/domain/reconciliations/statement-words_test.ts",
];
const imports = ["tests/e2e/paybill/statement-import_test.ts", "tests/e2e/paybill/statement-shortcode_test.ts"];
const pulls = [
  "tests/domain/reconciliations/set-aside_test.ts",
  "tests/domain/reconciliations/edges_test.ts",
  "tests/e2e/paybill/reconciliation_test.ts",
];
const reverses = ["tests/e2e/paybill/statement-reverse_test.ts"];
const takeover = ["tests/jobs/takeover_test.ts"];
const windows = ["tests/domain/reconciliations/edges_test.ts", "tests/domain/reconciliations/window_test.ts"];

/** Faults in reconciliations: money that a statement or M-Pesa's list names, and that we do not record. */
export const reconciliations: readonly Mutation[] = [
  ...mutationsOf({
    area,
    file: "src/domain/reconciliations/statement/amounts.ts",
    tests: [...known, ...statement, ...imports],
  }, [
    [
      'Number(shillings) * 100 + Number(cents.padEnd(2, "0"))',
      "Number(shillings) * 100",
      "the cents of a statement are dropped",
    ],
    ['cents.padEnd(2, "0")', "cents", "1,500.5 counts as 1,500.05"],
    ['text.replaceAll(/[, ]/g, "")', 'text.replace(/[, ]/, "")', "an amount of a million is not read"],
    [
      "cents === null ? null : isNegative ? -cents : cents",
      "cents",
      "money that went out counts as money that came in",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/statement/times.ts", tests: [...statement, ...imports] }, [
    [
      "{ dayFirst: at(year, two, one, time), monthFirst: at(year, one, two, time) }",
      "{ dayFirst: at(year, one, two, time), monthFirst: at(year, two, one, time) }",
      "days and months are exchanged",
    ],
    ["time !== null && !isFuture(time, now)", "time !== null", "a date in the future is believed"],
    ["hour % 12 + (isAfternoon ? 12 : 0)", "hour", "an afternoon counts as a morning"],
    ["minority > 1 ||", "minority > 9 ||", "a file of two orders of dates is read by one of them"],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/statement/rows.ts", tests: [...statement, ...imports] }, [
    [
      'if (!/^complete(d)?$/.test(status)) return "not_completed";',
      "",
      "a failed transaction counts as a payment",
    ],
    ['cell("receipt_no").toUpperCase()', 'cell("receipt_no")', "a receipt in small letters counts as another one"],
    ['if (own !== "") return own.slice(0, 64);', "", "the account of a payment is read from the wrong column"],
    ["if (mine !== null) return mine;", "", "a transfer between own accounts counts as a payment"],
    ['if (status === "") return "status_unreadable";', "", "a row without a status is left out in silence"],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/statement/kinds.ts", tests: [...statement, ...imports] }, [
    ["const kind = spaced(reasonType);", "const kind = spaced(reasonType + details);", "the words of a payer decide"],
    ['if (party !== undefined && own.includes(party)) return "own_transfer";', "", "money of our own counts as paid"],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/parse-statement.ts", tests: [...statement, ...imports] }, [
    [
      'size ?? 0) > 1 ? "two_amounts" : null',
      'size ?? 0) > 2 ? "two_amounts" : null',
      "of two amounts under one receipt the last one is believed",
    ],
    [
      "to: times.reduce((a, b) => Math.max(a, b))",
      "to: times.reduce((a, b) => Math.min(a, b))",
      "our payments that the statement does not list are not found",
    ],
    ["if (errors.length > 0) throw wrongFile(errors);", "", "the wrong cells of a file are not named"],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/statement/columns.ts", tests: [...statement, ...imports] }, [
    ["if (rest.length > MAX_ROWS) {", "if (false) {", "a file without end is read", known, false],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/choose-shortcode.ts", tests: imports }, [
    ["if (found === undefined) {", "if (false) {", "a statement of nobody's shortcode is imported"],
    ["requested !== null && found.id !== requested.id", "false", "a file that contradicts the request is imported"],
    ["chosen !== null && found.id !== chosen.id", "false", "a file of two shortcodes is imported for one"],
    ["if (number === null) {", "if (false) {", "a number that can't be read counts as none"],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/record-rows.ts", tests: [...known, ...pulls, ...imports] }, [
    ["payment.amount === money.amount && payment", "payment", "another amount under the same receipt is not reported"],
    [
      "WHERE shortcode_id = ? AND receipt IN",
      "WHERE ? <> '' AND receipt IN",
      "a receipt of another shortcode counts as matched",
    ],
    ["&& payment.paid_at !== null", "", "a payment never learns when it was paid"],
    ['amount_differs: "differs"', 'amount_differs: "matched"', "another amount under the same receipt is not reported"],
    [
      'receipt_of_another_shortcode: "differs"',
      'receipt_of_another_shortcode: "matched"',
      "a receipt of another shortcode is not reported",
    ],
    [
      'payment_id: outcome === "receipt_of_another_shortcode" ? null : paymentId',
      "payment_id: paymentId",
      "a merchant sees the id of another merchant's payment",
    ],
    [
      "    money.delete(receipt);\n    setAside.delete(receipt);",
      "",
      "an API that ignores the offset is asked for ever",
    ],
    ['created: "created",', 'created: "matched",', "money that was missed is not reported"],
    ["      if (!cannotBeStored(error)) throw error;\n", "", "a row that met a busy database is set aside for good"],
    [
      "if (unreadable > 0) await reportSetAside(ctx, reconciliation, setAside, withoutReceipt);",
      "",
      "nobody is alerted about rows that were set aside",
    ],
  ]),
  ...mutationsOf(
    { area, file: "src/domain/reconciliations/reconcile.ts", tests: [...schedule, ...pulls, ...imports] },
    [
      [
        "return fresh === 0 && withReceipt > 0;",
        "return fresh === 0;",
        "a page of unreadable rows ends the reconciliation",
      ],
      [
        "if (isEnd(row, page, fresh, pages === 0)) {",
        "if (fresh < 100) {",
        "a reconciliation ends after the first page",
      ],
      [
        "next_offset: row.next_offset + items,",
        "next_offset: row.next_offset + page.rows.length,",
        "rows are skipped or read twice after an unreadable one",
      ],
      ["unreadable: row.unreadable + unreadable,", "unreadable: 0,", "unreadable rows are not reported"],
      ["row.tries + 1 >= MAX_TRIES", "true", "a reconciliation ends at the first trouble"],
      [
        "amount: row.theirs ?? 0,",
        "amount: (row.theirs ?? 0) * 100,",
        "an imported payment has a hundred times its amount",
      ],
      [
        "now < last.created_at + reconciliationIntervalMs(ctx)",
        "now < last.created_at - reconciliationIntervalMs(ctx)",
        "M-Pesa is asked all the time",
        schedule,
        false,
      ],
      [
        "lastEnd: completed?.window_to ?? null",
        "lastEnd: last?.window_to ?? null",
        "a failed reconciliation counts as done, and its time is skipped",
      ],
      [
        'source === "statement" || isFirst || items === 0',
        'source === "statement" || items === 0',
        "a pull that goes on after a crash ends with the page that was recorded before it",
        takeover,
      ],
    ],
  ),
  ...mutationsOf({ area, file: "src/domain/reconciliations/end-reconciliation.ts", tests: [...pulls, ...imports] }, [
    [
      "insertMissing(row.id, row.shortcode_id, from, to),",
      "",
      "our payments that M-Pesa does not list are not reported",
    ],
    [
      'if (source === "pull" ? fresh.length === 0 : differing === 0) return;',
      'if (source === "pull" || differing === 0) return;',
      "nobody is alerted about differences that a pull has found",
    ],
    [
      'ctx.log.write("alert", "reconciliation_differs"',
      'ctx.log.write("info", "reconciliation_differs"',
      "nobody is alerted about differences",
    ],
    [
      'ctx.log.write("alert", "reconciliation_failed"',
      'ctx.log.write("info", "reconciliation_failed"',
      "nobody is alerted when a reconciliation fails",
    ],
    [
      "    abortIfWaiting(row.id),\n    updateProgress(row, row.id),\n    insertContradicted(row.id, row.shortcode_id),\n    insertMissing(row.id, row.shortcode_id, from, to),\n    updateCounts(row.id),\n  ]);\n  await reportDifferences(ctx, row);\n  await ctx.db.write([\n    abortIfWaiting(row.id),\n",
      "    updateProgress(row, row.id),\n    insertContradicted(row.id, row.shortcode_id),\n    insertMissing(row.id, row.shortcode_id, from, to),\n    updateCounts(row.id),\n  ]);\n  await reportDifferences(ctx, row);\n  await ctx.db.write([\n",
      "an import is completed while rows of it wait",
      takeover,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/store.ts", tests: [...schedule, ...imports, ...pulls] }, [
    ['AND receipt IS NOT NULL " +', '" +', "a payment without a receipt counts as missing"],
    [
      '"AND paid_at BETWEEN ? AND ? AND NOT EXISTS',
      '"AND paid_at < ? + 0 * ? AND NOT EXISTS',
      "payments outside the time of the reconciliation count as missing",
    ],
    [
      "ours = excluded.ours WHERE outcome = 'waiting'\"",
      'ours = excluded.ours"',
      "a row that has an outcome gets another one",
    ],
    ["countSql(\"'differs', 'missing'\")", "countSql(\"'differs'\")", "missing payments are not counted"],
    ["countSql(\"'created'\")", "countSql(\"'completed'\")", "money that was missed is not counted"],
    [
      '"created_at < ? AND NOT EXISTS " +\n      "(SELECT 1 FROM reconciliation_rows WHERE reconciliation_id = reconciliations.id)"',
      '"created_at < ?"',
      "a reconciliation with findings is deleted",
    ],
    [
      "AND status IN ('queued', 'running') ORDER BY id LIMIT 1",
      "AND status = 'running' ORDER BY id LIMIT 1",
      "an import that waits is never run",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/window.ts", tests: windows }, [
    ["Math.min(until, now) - OVERLAP_MS", "Math.min(until, now)", "payments that M-Pesa lists late are missed"],
    ["now - fullAt >= DAY_MS", "now - fullAt >= 100 * DAY_MS", "the whole 48 hours are never read again"],
    ["to: to - LISTING_DELAY_MS }", "to }", "a payment that M-Pesa lists late counts as missing"],
    [
      "Math.max(earliest, Math.min(until, now) - OVERLAP_MS)",
      "Math.min(until, now) - OVERLAP_MS",
      "M-Pesa is asked for more than it keeps",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/pull-page.ts", tests: [...schedule, ...pulls] }, [
    ["offset: row.next_offset,", "offset: 0,", "only the first page is ever read"],
    ['isRetryable: answer.code === "daraja_busy"', "isRetryable: false", "a rate limit ends a reconciliation"],
    ["amount: row.amount,", "amount: row.amount * 100,", "a pulled payment has a hundred times its amount"],
    [
      'if (answer.outcome !== "accepted") return failureOf(answer);\n  const { rows',
      'if (answer.outcome !== "accepted") return { kind: "page", rows: [], unreadable: [] };\n  const { rows',
      "an answer that failed counts as an empty list",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/reconciliations/reported.ts",
    tests: ["tests/domain/reconciliations/set-aside_test.ts"],
  }, [
    [
      "WHERE shortcode_id = ? AND finding IN",
      "WHERE ? = '' AND finding IN",
      "each run tells the same rows again",
      undefined,
      false,
    ],
    [
      "AND NOT EXISTS (SELECT 1 FROM reconciliation_reported WHERE shortcode_id = ? AND finding =",
      "AND NOT EXISTS (SELECT 1 FROM reconciliation_reported WHERE shortcode_id = ? AND '' =",
      "each run tells the same difference again",
      undefined,
      false,
    ],
    ["r.outcome IN ('differs', 'missing')", "r.outcome IN ('missing')", "another amount is not told"],
    [
      "WHERE shortcode_id = ? AND at < ?",
      "WHERE shortcode_id = ? AND at < 0 * ?",
      "what was told is kept for ever",
      undefined,
      false,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/reconciliations/reverse-reconciliation.ts", tests: reverses }, [
    [
      "  await refuseIfBuiltOn(ctx, row);\n",
      "",
      "a run is undone on which a refund was built, or the error does not name it",
    ],
    ["    abortIfBuiltOn(id),\n", "", "a refund that is made while a run is undone is lost"],
    ["  checkState(row);\n", "", "what M-Pesa itself listed is undone"],
    [
      '    ctx.jobs.schedule("undo_import", id, ctx.merchantId, now + TAKE_OVER_MS),\n',
      "",
      "a run whose undoing was cut off stays half undone",
    ],
    [
      "    ...forgetWaitingReversals(id),\n",
      "",
      "a reversal that only a file named is applied after the file was undone",
    ],
    [
      "payment === null || !payment.uploaded",
      "payment === null",
      "a payment that M-Pesa itself has reported since is withdrawn",
    ],
    [
      'payment.receipt_source === "person" || payment.attempt_id !== null',
      "false",
      "a payment that a person has matched meanwhile is withdrawn",
    ],
    ["if (row.reversing_at !== null) return;", "", "the same call again is refused", reverses, false],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/reconciliations/preview-statement.ts",
    tests: [...known, ...imports],
  }, [
    [
      "WHERE receipt IN (SELECT value FROM json_each(?)) AND merchant_id = ?",
      "WHERE receipt IN (SELECT value FROM json_each(?)) AND ? <> ''",
      "a dry run shows a merchant what another one was paid",
    ],
    [
      'elsewhere.has(receipt) ? "differs" : "created"',
      '"created"',
      "a dry run promises a payment that another shortcode has",
    ],
    ['payment.amount === amount ? "matched" : "differs"', '"matched"', "a dry run hides another amount"],
    ['created: count("created"),', "created: 0,", "a dry run says that nothing would be recorded"],
  ]),
  ...mutationsOf({
    area,
    file: "src/lib/xlsx.ts",
    tests: ["tests/lib/xlsx_test.ts", "tests/domain/reconciliations/statement-formats_test.ts"],
  }, [
    [
      "Number(Number(number.toPrecision(15)).toFixed(10))",
      "Math.floor(number)",
      "the cents of an XLSX statement are dropped",
    ],
    [
      'while (cells.length < column - 1) cells.push("");\n      cells[column - 1] =',
      "cells[cells.length] =",
      "an empty cell moves the columns: a balance counts as money paid in",
    ],
    ['if (type === "s") return strings[Number(value)] ?? "";', "", "the number of a text counts as the text"],
    [
      "if (isText && !phonetic) text += content;",
      "if (isText && !phonetic) text = content;",
      "a text in pieces loses its beginning: another receipt",
    ],
    ["if (unpacked > MAX_UNPACKED_BYTES) throw", "if (false) throw", "a small file fills the memory", undefined, false],
    [
      "sum * 26 + letter.charCodeAt(0) - 64",
      "sum + letter.charCodeAt(0) - 64",
      "columns behind Z are read as others",
      undefined,
      false,
    ],
    ["if (isWanted(sheet)) break;", "break;", "a statement on the second sheet is not found", undefined, false],
  ]),
];
