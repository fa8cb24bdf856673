import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "payouts";
const machine = [
  "tests/domain/payouts/rules_test.ts",
  "tests/domain/payouts/machine_test.ts",
  "tests/domain/payouts/machine-property_test.ts",
];
const scenarios = [
  "tests/domain/payouts/early-and-late_test.ts",
  "tests/domain/guards_test.ts",
  "tests/domain/payouts/scenarios_test.ts",
];
const notices = [
  "tests/domain/payouts/early-and-late_test.ts",
  "tests/domain/payouts/unreadable_test.ts",
  "tests/domain/payouts/notices_test.ts",
  "tests/domain/payouts/verdicts_test.ts",
];
const business = ["tests/domain/payouts/business_test.ts"];
const seen = ["tests/security/approvals_test.ts"];
const approvals = ["tests/domain/payouts/early-and-late_test.ts", "tests/domain/payouts/approvals_test.ts"];
const limits = [
  "tests/domain/payouts/allowance_test.ts",
  "tests/domain/payouts/verdicts_test.ts",
  "tests/domain/payouts/limits_test.ts",
];
const batches = ["tests/domain/payouts/early-and-late_test.ts", "tests/domain/payouts/batches_test.ts"];
const pause = ["tests/domain/payouts/pause_test.ts", "tests/domain/money-out/gate_test.ts"];
const create = ["tests/domain/payouts/create_test.ts"];
const verdicts = ["tests/domain/payouts/verdicts_test.ts"];

/** Faults in payouts: money that leaves. */
export const payouts: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/payouts/plan.ts", tests: [...machine, ...business] }, [
    [
      'if (payout.destination !== "phone") return Infinity;',
      "",
      "a payment to a business that Transaction Status does not find is sent again, and paid twice",
    ],
    [
      "payout.missed >= payout.sends",
      "true",
      "a payout is sent again on the word of a status query from before the last request",
    ],
    [
      "if (!idempotent || !notFoundSinceSent",
      "if (!notFoundSinceSent",
      "without our id in the request, a second one pays twice",
    ],
    [
      "Evidence.duplicate | Evidence.mismatch | Evidence.unclear | Evidence.altered",
      "Evidence.mismatch | Evidence.unclear | Evidence.altered",
      "a payout that Daraja took is sent again",
    ],
    [
      "Evidence.duplicate | Evidence.mismatch | Evidence.unclear | Evidence.altered",
      "Evidence.duplicate | Evidence.unclear | Evidence.altered",
      "a payout with another amount is sent again",
    ],
    [
      "Evidence.duplicate | Evidence.mismatch | Evidence.unclear | Evidence.altered",
      "Evidence.duplicate | Evidence.mismatch",
      "a payout with an unclear result is sent again",
    ],
    [
      "(payout.first_sent_at ?? 0) + RESEND_WINDOW_MS",
      "(payout.sent_at ?? 0) + RESEND_WINDOW_MS",
      "the window in which Daraja remembers an id starts anew with each request",
    ],
    [
      "const RESEND_WINDOW_MS = 60 * MINUTE_MS",
      "const RESEND_WINDOW_MS = 24 * 60 * MINUTE_MS",
      "a payout is sent again after Daraja has forgotten its id",
    ],
    ["Math.max(at, now) < (payout", "at < (payout", "a job that is late sends again after Daraja has forgotten the id"],
    [
      "plan.paused ? pausedCheckAt(now) : payout.send_after",
      "payout.send_after",
      "the kill switch does not stop queued payouts",
      [...machine, ...pause],
    ],
    [
      "plan.paused ? Infinity : resendAt(payout, plan, now)",
      "resendAt(payout, plan, now)",
      "the kill switch does not stop a second request",
      [...machine, ...pause],
    ],
    ["payout.created_at + plan.approvalExpiresMs", "Infinity", "an approval never expires", [...machine, ...approvals]],
    [
      "if ((payout.evidence & Evidence.planEnded) !== 0) return NOTHING;",
      "",
      "a payout that waits for a person is asked about for ever, or sent again",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/machine.ts", tests: machine }, [
    ["if (report.foreign || (report.amount", "if ((report.amount", "a receipt of another payout is believed", [
      ...machine,
      ...notices,
    ]],
    ["report.amount !== payout.amount)) {", "report.amount > payout.amount)) {", "less than was asked counts as paid", [
      ...machine,
      ...notices,
    ]],
    [
      "evidence: payout.evidence | Evidence.mismatch };",
      "evidence: payout.evidence };",
      "a payout with another amount is not quarantined",
      [...machine, ...notices],
    ],
    ["isSecondReceipt ? Evidence.twice : 0", "0", "money that left under two receipts raises no alert"],
    ["if (n <= payout.sends) return payout;", "", "an older request counts as the newest"],
    [
      "first_sent_at: payout.first_sent_at ?? now",
      "first_sent_at: now",
      "the window in which Daraja remembers an id starts anew with each request",
    ],
    [
      "missed: payout.sends }",
      "missed: payout.sends + 1 }",
      "a finding of a query covers a request that was sent after it",
    ],
    [
      "receipt: smaller(payout.receipt, report.receipt)",
      "receipt: report.receipt",
      "a notice without a receipt removes the receipt",
    ],
    [
      "before !== null && before.at > next.at ? before : next;",
      "before ?? next;",
      "a person can't correct a verdict that M-Pesa contradicts",
      [...verdicts],
    ],
    ["Math.max(payout.unsent, fact.n)", "fact.n", "an older request that never left hides a newer one"],
    [
      "send_after: Math.max(payout.send_after, fact.retryAt)",
      "send_after: payout.send_after",
      "a refused request is sent again at once",
      [...machine, ...scenarios],
    ],
    [
      'const held = status !== "failed" && status',
      "const held = status",
      "a payout that failed keeps its part of the limits",
      [...machine, ...limits],
    ],
    [
      '&& status !== "rejected" && status !== "cancelled"',
      '&& status !== "cancelled"',
      "a rejected payout keeps its part of the limits",
      [...machine, ...approvals, ...limits],
    ],
    ["fee: payout.fee ?? report.fee ?? null", "fee: null", "M-Pesa's fee is lost", [
      ...machine,
      ...notices,
      ...business,
    ]],
    [
      "if (evidence & Evidence.failedByResult) return 4;",
      "",
      "the reason of a failure depends on the order of the notices",
    ],
    [
      "? displayedFailure(withBit(Evidence.failedByResult)",
      "? displayedFailure(withBit(Evidence.unclear)",
      "a proven failure leaves the payout in doubt",
    ],
    ["polls: payout.polls + 1", "polls: payout.polls", "Daraja is asked for ever, and no person is called", [
      ...machine,
      ...scenarios,
    ]],
    [
      'fact.resolution.outcome === "succeeded" ? Evidence.resolvedSucceeded',
      'fact.resolution.outcome === "failed" ? Evidence.resolvedSucceeded',
      "a person's verdict is turned round",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/machine/status.ts", tests: machine }, [
    [
      'return reported === "succeeded" ? reported : payout.resolution?.outcome ?? reported;',
      'return reported === "succeeded" ? reported : reported;',
      "a payout that a person found paid stays in doubt",
    ],
    [
      "if (has(Evidence.refused) && !has(MAY_BE_TAKEN)) return",
      "if (has(Evidence.refused)) return",
      "a payout of which one request may have been taken is called failed",
    ],
    [
      "if (has(DOUBTFUL)) return",
      "if (has(MAY_BE_TAKEN & ~Evidence.accepted)) return",
      "a payout without a result stays submitted for ever",
    ],
    [
      "const MAY_BE_TAKEN = Evidence.accepted | Evidence.ambiguous",
      "const MAY_BE_TAKEN = Evidence.accepted",
      "an unclear request counts as not taken",
    ],
    [
      "Evidence.accepted | Evidence.ambiguous | Evidence.duplicate",
      "Evidence.accepted | Evidence.ambiguous",
      "a request that Daraja knows counts as not taken",
    ],
    [
      "Evidence.queueTimeout | Evidence.notFound;",
      "Evidence.notFound;",
      "a request that waits in M-Pesa's queue counts as not taken",
    ],
    [
      "Evidence.queueTimeout | Evidence.notFound;",
      "Evidence.queueTimeout;",
      '"not found" makes a refused payout failed',
    ],
    ["payout.approval_required && !has(Evidence.approved)", "false", "a payout is sent without approval", [
      ...machine,
      ...approvals,
    ]],
    [
      'if (has(Evidence.mismatch)) return "in_doubt";',
      "",
      "a payout with another amount is sent again or called failed",
    ],
    ["Evidence.twice | Evidence.receiptShared", "Evidence.receiptShared", "money that left twice is shown to nobody"],
    ["reported !== resolution.outcome", "false", "M-Pesa contradicts a person, and nobody looks", verdicts],
    [
      "(Evidence.planEnded | Evidence.mismatch | Evidence.altered)) !== 0",
      "(Evidence.planEnded | Evidence.altered)) !== 0",
      "a payout with another amount is shown to nobody",
    ],
    [
      'return reported === "succeeded" ? reported : payout.resolution?.outcome ?? reported;',
      "return payout.resolution?.outcome ?? reported;",
      "what proves to be paid stays failed, because a person said so",
      verdicts,
    ],
    ["payout.sends > payout.unsent && (payout", "(payout", "a payout whose requests never left counts as under way"],
    [
      "(payout.evidence & (MAY_BE_TAKEN | Evidence.refused)) === 0;",
      "true;",
      "an answered request counts as a lost one",
    ],
    ['if (has(Evidence.cancelled)) return "cancelled";', "", "a cancelled payout is sent"],
    ['if (has(Evidence.rejected)) return "rejected";', "", "a rejected payout is sent", [...machine, ...approvals]],
    [
      'const ENDED: readonly PayoutStatus[] = ["succeeded", ',
      "const ENDED: readonly PayoutStatus[] = [",
      "a paid payout counts as open",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/limits.ts", tests: limits }, [
    [
      "Math.min(value, other ?? Infinity)",
      "Math.max(value, other ?? 0)",
      "of two limits the laxer one counts, also for approvals",
    ],
    ["Math.min(value, other ?? Infinity)", "other ?? value", "a merchant's own limit lifts the limit of the service"],
    ["own?.approval_from)", "undefined)", "a merchant's own threshold for approvals has no effect", [
      ...limits,
      ...approvals,
    ]],
    ["own?.daily_amount)", "undefined)", "a merchant's own daily limit has no effect"],
    ["own?.daily_amount_per_phone)", "undefined)", "a merchant's own daily limit per phone has no effect"],
    ["own?.hourly_count_per_phone)", "undefined)", "a merchant's own count per phone has no effect"],
    [
      "Math.max(service.minAmount, own?.min_amount ?? 0)",
      "service.minAmount",
      "a merchant's own least amount has no effect",
    ],
    ["own?.max_amount)", "undefined)", "a merchant's own largest amount has no effect"],
    [
      "if (amount > maxAmount) return",
      "if (amount > 10 * maxAmount) return",
      "a payout above the limit for one payout is sent",
    ],
    ["if (amount < minAmount) return", "if (false) return", "a payout below the least amount is sent", [
      ...limits,
      ...create,
    ]],
    [
      "const phone = `${merchant_id}/${phone_index.toHex()}`",
      "const phone = phone_index.toHex()",
      "limits per phone are shared between merchants",
    ],
    ["`payout/day/${merchant_id}/${day}`", "`payout/day/${day}`", "the daily limit is shared between merchants"],
    [
      "`payout/phone-day/${phone}/${day}`",
      "`payout/phone-day/${day}`",
      "the daily limit of one phone counts for all phones",
    ],
    [
      "const day = nairobiDay(created_at);",
      "const day = new Date(created_at).toISOString().slice(0, 10);",
      "the daily limit renews at 03:00 in Nairobi",
    ],
    ["Math.floor(created_at / HOUR_MS)", "Math.floor(created_at / DAY_MS)", "the hourly count is counted by day"],
    ["known.amount += next.amount;", "", "only the first payout of a batch counts towards the limits", [
      ...limits,
      ...batches,
    ]],
    [
      "SET total = total + excluded.total, cap",
      "SET total = excluded.total, cap",
      "only the last payout counts towards the limits",
    ],
    ["cap = excluded.cap", "cap = cap", "a limit that was lowered has no effect on the same day"],
    [
      "SET cap = max(cap, total + ?1), total = total + ?1 WHERE name = ?2",
      "SET total = total + ?1 WHERE name = ?2",
      "a late success past the daily cap cannot be stored",
    ],
    [
      "SET cap = max(cap, total + ?1), total = total + ?1 WHERE name = ?2",
      "SET total = total + 0 * ?1 WHERE name = ?2",
      "a late success does not count towards the limits",
    ],
    [
      "UPDATE counters SET total = max(0, total - ?1) WHERE name = ?2",
      "UPDATE counters SET total = max(0, total - 2 * ?1) WHERE name = ?2",
      "a payout that failed gives back more than it took",
    ],
    [
      "total = max(0, total - ?1) WHERE",
      "total = max(0, total - 0 * ?1) WHERE",
      "a payout that failed keeps its part of the limits",
    ],
    ["statement(sql, payout.amount, phone),", "", "a payout that failed keeps its part of the phone's limit"],
    ["statement(sql, 1, count),", "", "a payout that failed still counts towards the phone's hour"],
    ["cap: limits.daily, pointers", "cap: Number.MAX_SAFE_INTEGER, pointers", "there is no daily limit"],
    ["cap: limits.dailyPerPhone, pointers", "cap: limits.daily, pointers", "there is no daily limit per phone"],
    ["cap: limits.hourlyCountPerPhone,", "cap: 1_000_000,", "there is no hourly limit per phone"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/save.ts", tests: scenarios }, [
    [
      "...(before.held === after.held ? [] : adjustReserved(after, after.held)),",
      "...adjustReserved(after, after.held),",
      "each further failure notice gives the allowance back again",
      limits,
    ],
    ["abortIfUnchanged,\n", "", "the version guard of a payout is dropped: two writers overwrite each other", [
      ...scenarios,
      ...notices,
    ]],
    [
      "...(refundToUpdate(before, after) === null ? [] : [scheduleRefundJob(ctx, after)]),",
      "",
      "a refund by payout never learns that it was paid",
      ["tests/domain/refunds/by-payout_test.ts"],
    ],
    [
      "if (!after.needs_person || before.needs_person || isHeldForName(after)) return;",
      "return;",
      "nobody is alerted when a payout needs a person",
      [...notices, ...scenarios],
    ],
    ['succeeded: "payout.succeeded"', "succeeded: null", "nobody is told that a payout was paid"],
    ['failed: "payout.failed"', "failed: null", "nobody is told that a payout failed"],
  ]),
  ...mutationsOf({ area, file: "src/domain/settlement/next-version.ts", tests: [...scenarios, ...notices] }, [
    [
      "version: before.version + 1,",
      "version: before.version,",
      "the version of a payout does not grow, so its guard has no effect",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/store.ts", tests: scenarios }, [
    ['"WHERE id = ? AND version = ?",', '"WHERE id = ? AND ? > 0",', "the version guard of a payout is dropped", [
      ...scenarios,
      ...notices,
    ]],
    [
      'pausesOf("(SELECT merchant_id FROM payouts WHERE id = ?1)")',
      'pausesOf("?1")',
      "a merchant's kill switch does not stop the jobs",
      pause,
    ],
    ['config.daraja.b2cVersion === "v3"', "true", "payouts without our id are sent again", [
      ...scenarios,
      "tests/e2e/payouts/scenarios_test.ts",
    ]],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/payouts/still-owed.ts",
    tests: ["tests/domain/refunds/difference_test.ts"],
  }, [
    ["received >= state.checkout.amount || isGivenBack", "true", "more goes back than was too much"],
    [" || isGivenBack", "", "of an order that is given back the difference stays"],
    [
      " && state.payments.every((payment) => payment.amount_taken_back === 0)",
      "",
      "what M-Pesa took back goes back again",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/send.ts", tests: scenarios }, [
    [
      '"payout.sending", { statements: [guard, ...guards, ...statements] }',
      '"payout.sending", { statements }',
      "a pause that comes at the last moment does not stop the request",
      pause,
    ],
    ["guard, ...guards,", "guard,", "a refund at the last moment does not stop a difference that it has lowered", [
      "tests/domain/refunds/difference_test.ts",
    ]],
    [
      'applyFact(before, { kind: "started", n }, ctx.clock.now())',
      "before",
      "nothing is stored before the request leaves, so a crash sends it twice",
      [...scenarios, "tests/e2e/payouts/crash-file_test.ts"],
    ],
    [
      'return { kind: answer.duplicate ? "duplicate" : "ambiguous" };',
      'return unsent(ctx, payout, n, "unclear", undefined);',
      "an unclear request counts as never sent, and is sent again",
    ],
    [
      'if (answer.code === "daraja_busy") return unsent',
      "if (false) return unsent",
      "a rate limit makes a payout fail",
    ],
    [
      'answer.duplicate ? "duplicate" : "ambiguous"',
      '"ambiguous"',
      "a request that Daraja knows already is sent again",
    ],
    [
      "originatorConversationId: payout.originator_conversation_id,",
      "originatorConversationId: crypto.randomUUID(),",
      "each request has a new id, so Daraja pays each of them",
    ],
    [
      "      amount: payout.amount,\n      phone,",
      "      amount: payout.amount * 100,\n      phone,",
      "a payout of a hundred times the amount",
      [...create, ...scenarios],
    ],
    [
      "if (content === null || !await isGenuine(ctx, content)) return await",
      "if (false) return await",
      "what nobody approved is sent",
      seen,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/settle-payout.ts", tests: notices }, [
    [
      "return problemOfSubject(payout, received.notice) === null ? statusFacts(received.notice, decided, foreign) : [];",
      "return statusFacts(received.notice, decided, foreign);",
      "an answer about another transaction settles the payout",
    ],
    [
      "paid: { amount, receipt, paidAt, foreign, fee, description }",
      "paid: { amount: null, receipt, paidAt, foreign, fee, description }",
      "another amount than was asked is not noticed",
    ],
    [
      'case "in_doubt":\n      return { kind: "unclear", resultCode, description };',
      'case "in_doubt":\n      return { kind: "failed", via: "result", failure: "unknown_failure", resultCode, description };',
      "a code that proves nothing makes the payout failed",
    ],
    [
      'case "not_found":\n      return [{ kind: "not_found" }];',
      'case "not_found":\n      return [{ kind: "failed", via: "status", failure: "transaction_not_found", resultCode: null, description: "" }];',
      "a payout that Daraja does not find yet is called failed",
    ],
    [
      'case "timeout":\n      return [...acceptedFact(received.notice.conversationId), { kind: "queue_timeout" }];',
      'case "timeout":\n      return [];',
      "a queue timeout leaves no doubt",
    ],
    [
      'if (decided === null || decided.problem !== null) return { kind: "mismatch" };',
      'if (decided === null) return { kind: "mismatch" };',
      "a payout whose amount cannot be read counts as paid",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/decide.ts", tests: approvals }, [
    [
      'requireStatus(payout, ["awaiting_approval"], "only one that awaits approval can be approved");',
      "",
      "an ended payout can be approved",
    ],
    [
      'requireStatus(payout, ["awaiting_approval"], "only one that awaits approval or is held can be rejected");',
      "",
      "a payout that was sent can be rejected",
    ],
    [
      'requireStatus(payout, ["awaiting_approval", "queued"], "only one that has not been submitted can be cancelled");',
      "",
      "a payout that was sent can be cancelled",
      [...approvals, ...create],
    ],
    [
      'payout.status !== "in_doubt" && !payout.needs_person',
      "false",
      "a person can call a payout that is under way failed",
      [...approvals, ...scenarios],
    ],
    [
      "requireUnused(await receiptUse(ctx.db, receipt, holder));",
      "",
      "two payouts are resolved with one receipt",
      [...approvals, ...notices],
    ],
    [
      'requireScope(ctx, "payouts:approve");\n  return await decide(ctx, () => loadOwn(ctx, id), "payout.approved"',
      'return await decide(ctx, () => loadOwn(ctx, id), "payout.approved"',
      "a client without the scope may approve",
      [...approvals, "tests/http/auth_test.ts"],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/approval-rules.ts", tests: seen }, [
    ["if (creator === ctx.actor) {", "if (false) {", "who created a payout may approve it"],
    ["await requireOtherLineage(ctx, creator);", "", "the lineage of a batch's maker approves it"],
    ["if (seen === undefined || seen === stored) return;", "return;", "another thing than was looked at is approved"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/digest.ts", tests: seen }, [
    ["  payout.amount,\n", "", "an amount that was changed after the approval is sent"],
    ["  payee,\n  payout.receiver,", "  payout.receiver,", "a payee that was changed after the approval is paid"],
    [
      "if (approvals.length === 0) return !approval_required;",
      "if (approvals.length === 0) return true;",
      "an approval that was removed is not missed",
    ],
    [" && isProven(ctx, each)", "", "an approval that was written into the database is believed"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/bulk.ts", tests: seen }, [
    ["AND ${name}.version = line.value ->> 1", "", "a batch's decision undoes another one"],
    ["WHERE changes() <> ?", "WHERE changes() < 0 * ?", "half of a batch is decided"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/new-payout.ts", tests: approvals }, [
    [
      "input.amount >= limits.approvalFrom",
      "input.amount > limits.approvalFrom",
      "a payout of exactly the threshold needs no approval",
    ],
    [
      "return { ...payout, status: statusOf(payout) };",
      "return payout;",
      "a payout that needs approval is sent at once",
    ],
    ['if (shortcode.kind === "till") {', "if (false) {", "a till pays out", create],
    [
      "  held: true,",
      "  held: false,",
      "a payout that failed gives back nothing, and one that succeeds takes twice",
      limits,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/create-batch.ts", tests: batches }, [
    [
      "validRows.length > 0 && !hasUnclosedQuote",
      "validRows.length > 0",
      "after a quote that is never closed, the rest of the file is trusted",
    ],
    ['input.accept_valid === "true" && ', "", "a batch with wrong rows is created in part without being asked to"],
    [
      "...guard.statements, reserve(reservations), ...sums",
      "...guard.statements, ...sums",
      "batches do not count towards the limits",
      [...batches, ...limits],
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/plan-batch.ts", tests: batches }, [
    [
      "if (amount !== null) problems.push(",
      "if (false) problems.push(",
      "a row with a forbidden amount is dropped silently",
    ],
    ["else if (amount === null) validRows.push", "else validRows.push", "a row with a forbidden amount is paid"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/batch-rows.ts", tests: batches }, [
    ["? Number(amount) * 100 : 100", "? Number(amount) : 100", "shillings are read as cents"],
    [
      "const SHILLINGS = /^[0-9]{1,9}$/;",
      "const SHILLINGS = /^[0-9]{1,9}/;",
      "an amount with separators is read in part",
    ],
    [
      "if (broken.length > 0) return { request: null, problems: broken, pointer, at };",
      "",
      "a row with a broken quote is paid",
    ],
    [
      "if (cells.length !== columns.length) {",
      "if (cells.length < columns.length) {",
      "a row with too many cells is paid",
    ],
    [
      "const surplus = rest[MAX_ROWS];",
      "const surplus = undefined as typeof rest[number] | undefined;",
      "a file beyond the limit is accepted",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/send-business.ts", tests: business }, [
    ["amount: payout.amount,", "amount: payout.amount * 100,", "a hundred times the amount goes to the business"],
    ["accountReference: account,", 'accountReference: "",', "the money goes to no account at the business"],
    [
      'payout.destination === "paybill" || payout.destination === "till" ? payout.destination : "bulk"',
      'payout.destination === "till" ? payout.destination : "bulk"',
      "a paybill is paid by the wrong command",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/pause.ts", tests: pause }, [
    [
      'statement("DELETE FROM payout_pauses WHERE scope = ?", scope),',
      "statement(\"DELETE FROM payout_pauses WHERE ? <> ''\", scope),",
      "the end of one merchant's pause ends all pauses",
    ],
    [
      'asked ?? (ctx.reach.kind === "every" ? "all" : undefined)',
      "asked",
      "the kill switch of the service stops one merchant only",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/follow-payout.ts", tests: scenarios }, [
    ["if (at > now) {", "if (false) {", "every step of the plan is taken at once"],
    [
      'mark_ambiguous: { fact: { kind: "ambiguous" }',
      'mark_ambiguous: { fact: { kind: "unsent", n: 1, retryAt: 0 }',
      "a request that died with its process counts as never sent",
      ["tests/e2e/payouts/crash-file_test.ts"],
    ],
    ["if (turn > now) return { runAt: turn };", "", "requests leave faster than Daraja allows", [
      "tests/domain/payouts",
      "tests/e2e/payouts/batch_test.ts",
    ]],
  ]),
  ...mutationsOf({
    area,
    file: "src/domain/settlement/decide-result.ts",
    tests: ["tests/domain/payouts/unreadable_test.ts", ...notices],
  }, [
    [
      'if (isUnreadable(facts.amount)) return "amount_unreadable";',
      "",
      'an amount that cannot be read counts as "as asked"',
    ],
    ['(currency.kind === "read" && currency.value !== "KES")', "false", "another currency counts as shillings"],
    [
      'if (isUnreadable(receipt)) return "receipt_unreadable";',
      "",
      "a receipt that cannot be read counts as absent, so one transfer may pay two payouts",
    ],
    [
      'if (isUnreadable(foundConversationId) || isUnreadable(foundOriginatorConversationId)) return "unclear";',
      "",
      "a status answer that names two transactions is believed",
    ],
    [
      'return found.some((id) => id !== null && ours.includes(id)) ? "ours" : "another";',
      'return "ours";',
      "an answer about another transaction settles the payout",
    ],
  ]),
  ...mutationsOf(
    { area, file: "src/domain/payouts/duplicates.ts", tests: ["tests/domain/payouts/duplicates_test.ts"] },
    [
      [
        "CROSS JOIN payouts p ON p.merchant_id = ?2 ",
        "CROSS JOIN payouts p ON p.merchant_id >= ?2 AND ?2 <> '' ",
        "the payouts of another merchant stop one of this merchant",
      ],
      ["AND p.created_at > ?3 AND", "AND ?3 > 0 AND", "a payout of last year stops one of today"],
      ["AND p.amount = line.value ->> 1 ", "", "another amount to the same payee counts as a repetition"],
      ["AND p.reference = line.value ->> 2 AND", "AND", "another reference counts as a repetition"],
      ["p.status NOT IN ('failed', 'rejected', 'cancelled')", "true", "a payout that failed can't be made again"],
      [
        "p.status NOT IN ('failed', 'rejected', 'cancelled')",
        "p.status IN ('succeeded')",
        "a payout that is under way is sent again",
      ],
      ["statements: [refuseAlike(ctx, payouts)],", "statements: [],", "the same payout is sent twice"],
      [
        "if (repeated.size > 0) throw await refusal(ctx, payouts, repeated);",
        "",
        "a file that has a line twice pays it twice",
      ],
      ['if (policy === "off") return free;', "return free;", "the same payout is sent twice"],
      [
        "possible_duplicate_of: alike.get(position)?.id ?? within",
        "possible_duplicate_of: within",
        "a payout that repeats an earlier one does not say so",
      ],
    ],
  ),
  ...mutationsOf({ area: "money-out", file: "src/domain/money-out/send-money.ts", tests: pause }, [
    [
      "SELECT 'conflict' FROM (${pausesOf(\"?1\")})",
      "SELECT 'conflict' FROM (${pausesOf(\"?1\")}) WHERE false",
      "money leaves while it is paused",
    ],
    [
      "UNION ALL SELECT id FROM merchants WHERE id = ${merchant} AND status = 'disabled'",
      "UNION ALL SELECT id FROM merchants WHERE id = ${merchant} AND status = 'none'",
      "money of a disabled merchant leaves",
      [...pause, "tests/domain/merchants", "tests/security/standing_test.ts"],
    ],
    ["WHERE scope IN ('*', ${merchant}) ", "WHERE scope IN (${merchant}) ", "the pause of all merchants stops nobody"],
    ["WHERE scope IN ('*', ${merchant}) ", "WHERE scope IN ('*') ", "a merchant's own pause stops nothing"],
    ["ctx.clock.now() - begunAt > longest", "false", "a request that a stopped process began is sent much later", [
      "tests/jobs/stale-runner_test.ts",
      "tests/jobs/takeover_test.ts",
    ]],
    [
      "reversal: async (app, request) => isLate() ? late : await",
      "reversal: async (app, request) => await",
      "a reversal that a stopped process began is sent much later",
      ["tests/jobs/stale-runner_test.ts", "tests/jobs/takeover_test.ts"],
    ],
    [
      "b2c: async (app, payment) => isLate() ? late : await",
      "b2c: async (app, payment) => await",
      "a payout that a stopped process began is sent much later",
      ["tests/jobs/stale-runner_test.ts", "tests/jobs/takeover_test.ts"],
    ],
  ]),
  ...mutationsOf(
    { area, file: "src/domain/payouts/approval-sums.ts", tests: ["tests/security/approval-sums_test.ts"] },
    [
      [
        "batch_id !== null) && sum >= limits",
        "batch_id !== null) && sum > limits",
        "a batch of exactly the sum needs no approval",
      ],
      [
        "    return payouts.map(awaiting);\n  }\n  const large",
        "    return payouts;\n  }\n  const large",
        "a large batch needs no approval",
      ],
      [
        "&& !known.has(payout.phone_index.toHex()) ? awaiting",
        "&& known.has(payout.phone_index.toHex()) ? awaiting",
        "a large payout to somebody new needs no approval",
      ],
      [
        "AND p.phone_index = unhex(line.value ->> 1) AND p.status = 'succeeded')",
        "AND p.phone_index = unhex(line.value ->> 1))",
        "who was only tried to be paid is known",
      ],
      [
        '"WHERE p.merchant_id = ? AND p.phone_index',
        "\"WHERE ? <> '' AND p.phone_index",
        "who another merchant has paid is known",
      ],
      ["if (approval_required) continue;", "", "what a second person approves counts as unapproved"],
      ["amount: (sums.get(name)?.amount ?? 0) + amount,", "amount,", "of a batch only the last payout counts"],
      [
        "DO UPDATE SET total = total + excluded.total",
        "DO UPDATE SET total = excluded.total",
        "the sum of an hour is that of its last request",
      ],
      [">= line.value ->> 4", "> line.value ->> 4", "a sum that reaches its threshold needs no approval"],
      ["name + (hour - WINDOW_HOURS)", "name + hour", "the sum begins anew each hour"],
      ["(hour + WINDOW_HOURS + 2) * HOUR_MS", "(hour + 1) * HOUR_MS", "the sum of an hour is deleted after it", [
        "tests/domain/payouts/approval-sums_test.ts",
      ]],
      [
        "`unapproved/maker/${merchant_id}/${created_by}/`",
        "`unapproved/maker/${merchant_id}/${phone_index.toHex()}/`",
        "a maker who pays many people needs no approval",
      ],
      [
        "`unapproved/payee/${merchant_id}/${phone_index.toHex()}/`",
        "`unapproved/payee/${phone_index.toHex()}/`",
        "what another merchant pays somebody counts",
        ["tests/domain/payouts/approval-sums_test.ts"],
      ],
      [
        "`unapproved/maker/${merchant_id}/${created_by}/`, limits.approvalFromPerMaker",
        "`unapproved/maker/${merchant_id}/${created_by}/`, limits.approvalFromPerPayee",
        "the threshold of a payee is that of a maker",
      ],
      [
        "return await write(payouts.map(awaiting), []);",
        "return await write(payouts, []);",
        "a sum past its threshold needs no approval",
      ],
      [
        "return await write(payouts, countUnapproved(payouts, limits));",
        "return await write(payouts, []);",
        "sums are not counted",
      ],
    ],
  ),
  ...mutationsOf({
    area: "money-out",
    file: "src/domain/money-out/receipts.ts",
    tests: [...verdicts, "tests/domain/money-out/receipts_test.ts"],
  }, [
    [
      "UNION ALL SELECT id FROM refunds WHERE receipt = ?1",
      "UNION ALL SELECT id FROM refunds WHERE false AND receipt = ?1",
      "a payout is resolved by the receipt of a refund",
    ],
    [
      "`SELECT id FROM payouts WHERE receipt = ?1",
      "`SELECT id FROM payouts WHERE false AND receipt = ?1",
      "two payouts are resolved by one receipt",
    ],
    ["AND merchant_id = ?3`", "AND ?3 <> ''`", "what another merchant gave refuses a receipt"],
    ["    ...abortIfReceiptUsed(receipt, holder, UNUSED),\n", "", "two payouts are resolved by one receipt at once"],
    [
      '  const removeOld = statement("DELETE FROM given_receipts WHERE subject_id = ?", id);',
      '  const removeOld = statement("DELETE FROM given_receipts WHERE false AND subject_id = ?", id);',
      "a receipt that a person took back stays used",
    ],
    [
      "evidence = evidence | ?, needs_person = 1",
      "evidence = evidence | ?, needs_person = 0",
      "nobody looks at a receipt that two payouts have",
    ],
    ["if (other === null) return;", "return;", "two payouts are resolved by one receipt"],
    [
      "JSON.stringify(holder.ids); // without null",
      "JSON.stringify([...holder.ids, null]); // without null",
      "a guard that compares with null refuses nothing: two payouts are resolved by one receipt at once",
    ],
    [
      "...use.reported !== null",
      "...use.reported !== null && false",
      "a notice that names the receipt of a payout and its refund can't be stored",
    ],
    [
      "...use.given !== null",
      "...use.given !== null || true",
      "two people resolve two payouts with one receipt at once",
    ],
  ]),
];
