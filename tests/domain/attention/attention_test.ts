import assert from "node:assert/strict";
import { jobHandlers } from "../../../src/app/job-handlers.ts";
import type { CaseKind, CaseView } from "../../../src/domain/attention/contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import {
  type Answer,
  type CallOptions,
  type InProcess,
  inProcess,
  type ProblemBody,
} from "../../support/in-process.ts";
import { checkLedger, paidCheckout, payPaybill } from "../../support/money.ts";
import { act, createPayout, getPayout } from "../../support/payouts.ts";
import { register } from "../../webhooks/support.ts";

const MINUTE_MS = 60_000;
const operator = { client: "cli_operator" } as const;

const list = async (run: InProcess, query = "", options: CallOptions = operator): Promise<readonly CaseView[]> => {
  const { status, body } = await run.call<{ data: CaseView[] }>("GET", `/v1/attention${query}`, undefined, options);
  assert.equal(status, 200, JSON.stringify(body));
  return body.data;
};

const does = <T = CaseView>(
  run: InProcess,
  id: string,
  verb: string,
  body?: unknown,
  options: CallOptions = operator,
): Promise<Answer<T>> => run.call<T>("POST", `/v1/attention/${id}/${verb}`, body, options);

interface Cause {
  /** Makes a case, as it happens in life. */
  readonly cause: (run: InProcess) => Promise<unknown>;
  readonly text: RegExp;
  readonly amount: number | null;
  readonly isMoney: boolean;
  /** Ends its cause. */
  readonly end: (run: InProcess, subject: string) => Promise<unknown>;
}

const done = async (answer: Promise<Answer<unknown>>): Promise<void> => {
  const { status, body } = await answer;
  assert.ok(status < 300, JSON.stringify(body));
};

const causes: Readonly<Record<CaseKind, Cause>> = {
  review: {
    cause: async (run) => {
      const { id } = await createCheckout(run, { phone_number: "0700009009", expires_in: 60 });
      await run.pass(90 * MINUTE_MS);
      assert.equal((await getCheckout(run, id)).status, "review");
    },
    text: /^We don't know yet whether order-1001 was paid\.$/,
    amount: 150_000,
    isMoney: true,
    end: async (run, checkout) => {
      await payPaybill(run);
      const [[payment]] = await run.sql("SELECT id FROM payments WHERE status = 'unmatched'") as [[string]];
      await done(run.call("POST", `/v1/payments/${payment}/match`, { checkout }));
    },
  },
  in_doubt: {
    cause: async (run) => {
      const { id } = await createPayout(run, { phone_number: "0700009017" });
      for (let i = 0; i < 40 && (await getPayout(run, id)).status !== "in_doubt"; i++) await run.pass(5 * MINUTE_MS);
    },
    text: /^KES.1,500 to 2547•••••017 may have gone\. Don't send it again\.$/,
    amount: 150_000,
    isMoney: true,
    end: async (run, id) => {
      for (let i = 0; i < 40 && !(await getPayout(run, id)).needs_person; i++) await run.pass(60 * MINUTE_MS);
      await done(act(run, id, "resolve", operator, { outcome: "failed", evidence: "The portal shows no transfer." }));
    },
  },
  unmatched: {
    cause: (run) => payPaybill(run, { reference: "1O01" }),
    text: /^KES.1,500 came for account 1O01; no order has it\.$/,
    amount: 150_000,
    isMoney: true,
    end: async (run, payment) => {
      const { id } = await createCheckout(run);
      await done(run.call("POST", `/v1/payments/${payment}/match`, { checkout: id }));
    },
  },
  mismatch: {
    cause: async (run) => {
      await createCheckout(run, { phone_number: "0700009005" });
      await run.pass();
    },
    text: /^A message of M-Pesa was set aside: its amount is not the one that we know\.$/,
    amount: null,
    isMoney: true,
    end: async (run) => {
      await payPaybill(run);
      const [[payment]] = await run.sql("SELECT id FROM payments WHERE status = 'unmatched'") as [[string]];
      const [[checkout]] = await run.sql("SELECT id FROM checkouts") as [[string]];
      await done(run.call("POST", `/v1/payments/${payment}/match`, { checkout }));
    },
  },
  approval: {
    cause: (run) => createPayout(run, { amount: 15_000_000 }),
    text: /^cli_demo asks you to approve KES.150,000\.$/,
    amount: 15_000_000,
    isMoney: true,
    end: (run, id) => done(act(run, id, "reject", { client: "cli_approver" }, { reason: "Not now" })),
  },
  endpoint_failing: {
    cause: async (run) => {
      const { id } = await register(run);
      await run.db.write([{
        sql: "UPDATE webhook_endpoints SET failing_since = ? WHERE id = ?",
        args: [run.time.now(), id],
      }]);
    },
    text: /^Your server has not answered since 20\d\d-\d\d-\d\d \d\d:\d\d; 0 messages wait\.$/,
    amount: null,
    isMoney: false,
    end: (run) => run.db.write([{ sql: "UPDATE webhook_endpoints SET failing_since = NULL", args: [] }]),
  },
  dead_job: {
    cause: async (run) => {
      const { attempts: [attempt] } = await createCheckout(run, { phone_number: "0700009009" });
      await run.services.jobs.stop(100);
      await run.notify(run.services.capabilities.mint("stk", attempt?.id ?? ""), "{}");
      await run.db.write([{ sql: "UPDATE jobs SET status = 'dead', attempts = 12 WHERE kind = 'notice'", args: [] }]);
    },
    text: /^A task \(notice\) is stuck after 12 tries\.$/,
    amount: null,
    isMoney: true,
    end: async (run, job) => {
      await done(run.call("POST", `/v1/jobs/${job}/retry`, undefined, operator));
      run.services.jobs.start(jobHandlers(run.services));
      await run.pass(10_000);
    },
  },
  drift: {
    cause: async (run) => {
      await paidCheckout(run);
      await run.db.write([{ sql: "UPDATE ledger_accounts SET balance = balance + 1", args: [] }]);
      assert.ok((await checkLedger(run)).length > 0);
    },
    text: /^The check of the ledger found \d+ differences\.$/,
    amount: null,
    isMoney: true,
    end: async (run) => {
      await run.db.write([{ sql: "UPDATE ledger_accounts SET balance = balance - 1", args: [] }]);
      assert.deepEqual(await checkLedger(run), []);
    },
  },
  low_balance: {
    cause: async (run) => {
      await run.call("PATCH", "/v1/balances", { alert_below: 20_000_000_000 });
      await run.call("POST", "/v1/balances/refresh", {});
      await run.pass();
    },
    text: /^Float of 600000 is KES.[\d,]+\.$/,
    amount: 100_000_000,
    isMoney: false,
    end: (run) => done(run.call("PATCH", "/v1/balances", { alert_below: 100 })),
  },
  change_request: {
    cause: (run) => {
      const body = { url: "https://shop.example/hooks", events: ["*"] };
      return done(run.call("POST", "/v1/webhook-endpoints", body));
    },
    text: /^A change waits for a second person: /,
    amount: null,
    isMoney: false,
    end: (run, id) => done(run.call("POST", `/v1/change-requests/${id}/reject`, { reason: "No" }, operator)),
  },
};

for (const [kind, { cause, text, amount, isMoney, end }] of Object.entries(causes)) {
  Deno.test(`a case of kind ${kind} comes with its cause, is noted and taken, and leaves only with its cause`, () =>
    inProcess(async (run) => {
      assert.deepEqual(await list(run), [], "nothing needs a person before");
      await cause(run);
      const [found] = (await list(run)).filter((one) => one.kind === kind);
      assert.ok(found !== undefined, JSON.stringify(await list(run)));
      assert.match(found.text, text);
      if (kind !== "low_balance") assert.equal(found.amount, amount);
      assert.deepEqual([found.id, found.taken_by, found.notes], [`case_${found.subject}`, null, []]);
      assert.ok(found.actions.length > 0);
      const noted = await does(run, found.id, "note", { text: "Called 0712345678" });
      assert.deepEqual([noted.status, noted.body.notes.map((note) => [note.text, note.by])], [200, [
        ["Called 0712345678", "cli_operator"],
      ]]);
      const taken = await does(run, found.id, "take");
      assert.deepEqual([taken.status, taken.body.taken_by], [200, "cli_operator"]);
      assert.deepEqual((await list(run)).find(({ id }) => id === found.id), taken.body);
      const sleep = await does<ProblemBody>(run, found.id, "sleep", { hours: 4 });
      assert.deepEqual([sleep.status, sleep.body.code], isMoney ? [409, "wrong_state"] : [200, undefined]);
      assert.equal((await list(run)).some(({ id }) => id === found.id), isMoney);
      if (!isMoney) {
        run.time.skip(4 * 60 * MINUTE_MS);
        const [back] = (await list(run)).filter(({ id }) => id === found.id);
        assert.equal(back?.taken_by, "cli_operator");
      }
      await end(run, found.subject);
      assert.deepEqual((await list(run)).filter(({ id }) => id === found.id), [], "it leaves with its cause");
      assert.equal((await does(run, found.id, "take")).status, 404);
    }, { env: kind === "change_request" ? { CHANGE_DELAY_HOURS: "24" } : {} }));
}

Deno.test("cases are listed oldest first, page by page, and narrowed by kind, amount, subject and who took them", () =>
  inProcess(async (run) => {
    const receipts = [];
    for (const amount of [100, 200, 300]) {
      receipts.push(await payPaybill(run, { amount, reference: `acct-${amount}` }));
      await run.pass(MINUTE_MS);
    }
    const all = await list(run, "?kind=unmatched");
    assert.deepEqual(all.map(({ amount }) => amount), [10_000, 20_000, 30_000]);
    const pages: CaseView[] = [];
    let query = "?limit=1";
    for (let i = 0; i < 4 && query !== ""; i++) {
      const { body } = await run.call<{ data: CaseView[]; next_cursor: string | null }>(
        "GET",
        `/v1/attention${query}`,
        undefined,
        operator,
      );
      pages.push(...body.data);
      query = body.next_cursor === null ? "" : `?limit=1&cursor=${encodeURIComponent(body.next_cursor)}`;
    }
    assert.deepEqual(pages, all);
    assert.deepEqual((await list(run, "?amount_min=20000&amount_max=20000")).map(({ amount }) => amount), [20_000]);
    assert.deepEqual(await list(run, `?q=${all[1]?.subject}`), [all[1]]);
    assert.deepEqual(await list(run, "?kind=review"), []);
    await does(run, all[2]?.id ?? "", "take");
    assert.deepEqual((await list(run, "?taken_by=cli_operator")).map(({ amount }) => amount), [30_000]);
    const bad = await run.call<ProblemBody>("GET", "/v1/attention?cursor=eA==", undefined, operator);
    assert.deepEqual([bad.status, bad.body.code], [400, "invalid_query"]);
    const csv = await run.call<string>("GET", "/v1/attention", undefined, {
      ...operator,
      headers: { accept: "text/csv" },
    });
    assert.equal(csv.body.trim().split("\r\n").length, 4, csv.body);
  }));

Deno.test("a case speaks Swahili to who asks for it, and a note is stored encrypted", () =>
  inProcess(async (run) => {
    await payPaybill(run, { reference: "1O01" });
    const [found] = await list(run, "", { ...operator, headers: { "accept-language": "sw" } });
    assert.match(found?.text ?? "", /^KES.1,500 zimeingia kwa akaunti 1O01; haina oda\.$/);
    await does(run, found?.id ?? "", "note", { text: "Amina says it is hers" });
    const stored = await run.sql("SELECT instr(text, CAST('Amina' AS BLOB)) FROM attention_notes");
    assert.deepEqual(stored, [[0]]);
    const audit = await run.sql("SELECT action, data FROM audit WHERE action = 'attention.noted'");
    assert.equal(audit.length, 1);
    assert.ok(!JSON.stringify(audit).includes("Amina"));
  }));

Deno.test("who lacks the scope of a kind does not see it, and another merchant sees and touches nothing", () =>
  inProcess(async (run) => {
    await payPaybill(run);
    await createPayout(run, { amount: 15_000_000 });
    const all = await list(run);
    assert.deepEqual(all.map(({ kind }) => kind).toSorted(), ["approval", "unmatched"]);
    const money = all.find(({ kind }) => kind === "unmatched")?.id ?? "";
    const approval = all.find(({ kind }) => kind === "approval")?.id ?? "";
    assert.equal((await run.call("GET", "/v1/attention", undefined, { client: null })).status, 401);
    assert.equal((await run.call("GET", "/v1/attention", undefined, { client: "cli_approver" })).status, 403);
    assert.deepEqual(await list(run, "", { client: "cli_other" }), []);
    for (const verb of ["take", "note", "sleep"]) {
      const body = verb === "note" ? { text: "mine" } : verb === "sleep" ? { hours: 1 } : undefined;
      assert.equal((await does(run, money, verb, body, { client: "cli_other" })).status, 404);
      assert.equal((await does(run, money, verb, body, { client: null })).status, 401);
      assert.equal((await does(run, "case_pay_x", verb, body)).status, 404);
    }
    // cli_demo writes payments, but it doesn't approve payouts.
    assert.equal((await does(run, money, "take", undefined, { client: "cli_demo" })).status, 200);
    const refused = await does<ProblemBody>(run, approval, "take", undefined, { client: "cli_demo" });
    assert.deepEqual([refused.status, refused.body.code], [403, "insufficient_scope"]);
    const platform = await list(run, "?merchant=all", { client: "cli_platform" });
    assert.equal(platform.length, 2);
    assert.equal((await run.call("GET", "/v1/attention?merchant=all", undefined, operator)).status, 403);
  }));

Deno.test("a wrong note or sleep is a 422 and changes nothing", () =>
  inProcess(async (run) => {
    await payPaybill(run);
    const [found] = await list(run);
    for (
      const [verb, body] of [["note", { text: "" }], ["note", {}], ["sleep", { hours: 0 }], ["sleep", { hours: 25 }]]
    ) {
      const { status, body: problem } = await does<ProblemBody>(run, found?.id ?? "", String(verb), body);
      assert.deepEqual([status, problem.code], [422, "validation_failed"]);
    }
    assert.deepEqual(await list(run), [found]);
  }));
