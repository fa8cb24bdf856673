import assert from "node:assert/strict";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const to = (last: string) => ({ phone_number: `2547000${last.padStart(5, "0")}`.slice(0, 8) + last });
const b2c = (run: InProcess) => run.simulator.world.requests.list().filter(({ operation }) => operation === "b2c");
const moved = (run: InProcess) => run.simulator.world.transactions.list().filter(({ kind }) => kind === "b2c");
const idsOf = (run: InProcess) =>
  new Set(b2c(run).map(({ body }) => (body as { OriginatorConversationID: string }).OriginatorConversationID));
const isB2c = (request: Request) => request.url.includes("/b2c/");

Deno.test("a payout is sent once, and succeeds by its result", () =>
  inProcess(async (run) => {
    const created = await createPayout(run, { remarks: "November pay", metadata: { run: "11" } });
    assert.equal(created.status, "queued");
    await run.pass(100);
    assert.equal((await getPayout(run, created.id)).status, "submitted");
    await run.pass();
    const paid = await getPayout(run, created.id);
    const [book] = moved(run);
    assert.deepEqual([paid.status, paid.receipt, paid.result_code, paid.failure], [
      "succeeded",
      book?.receipt,
      "0",
      null,
    ]);
    assert.equal(paid.originator_conversation_id, created.originator_conversation_id);
    assert.equal(book?.originator_conversation_id, created.originator_conversation_id);
    assert.deepEqual([book?.amount, book?.phone], [1_500, "254712345678"]);
    assert.equal(paid.phone_number, "2547•••••678");
    assert.deepEqual(await eventTypes(run, created.id), ["payout.created", "payout.submitted", "payout.succeeded"]);
    assert.deepEqual(await run.sql("SELECT count(*) FROM jobs WHERE kind = 'payout'"), [[0]]);
  }));

for (const last of ["9014", "9015", "9016"]) {
  Deno.test(`${last} ends succeeded with one transfer`, () =>
    inProcess(async (run) => {
      const { id, originator_conversation_id } = await createPayout(run, to(last));
      await run.pass(15 * MINUTE);
      const paid = await getPayout(run, id);
      assert.equal(paid.status, "succeeded");
      assert.deepEqual(moved(run).map((book) => [book.originator_conversation_id, book.receipt]), [
        [originator_conversation_id, paid.receipt],
      ]);
      assert.equal(b2c(run).length, 1);
    }));
}

Deno.test("a connection cut after the request was taken ends succeeded with one transfer", () => {
  const through: { simulator?: InProcess["simulator"] } = {};
  return inProcess(async (run) => {
    through.simulator = run.simulator;
    const { id } = await createPayout(run);
    await run.pass(100);
    assert.equal((await getPayout(run, id)).status, "in_doubt");
    await run.pass();
    assert.equal((await getPayout(run, id)).status, "succeeded");
    assert.equal(moved(run).length, 1);
    assert.deepEqual(await eventTypes(run, id), ["payout.created", "payout.in_doubt", "payout.succeeded"]);
  }, {
    daraja: async (request) => {
      if (!isB2c(request)) return null;
      await through.simulator?.app.fetch(request);
      throw new TypeError("error sending request: connection reset");
    },
  });
});

Deno.test("9017 stays in doubt from the first 'not found' on, is listed for a person, whose word settles it, audited", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, to("9017"));
    await run.pass(3 * MINUTE);
    assert.equal((await getPayout(run, id)).status, "in_doubt");
    assert.equal(b2c(run).length, 2); // sent again, with the same id: refused as a duplicate, and then never again
    await run.pass(30 * HOUR);
    assert.equal(b2c(run).length, 2);
    assert.equal(idsOf(run).size, 1);
    const doubt = await getPayout(run, id);
    assert.deepEqual([doubt.status, doubt.needs_person], ["in_doubt", true]);
    assert.ok(run.logged("payout_needs_person").some(({ level }) => level === "alert"));
    const listed = await run.call<{ data: { id: string }[] }>(
      "GET",
      "/v1/payouts?needs_person=true&merchant=all",
      undefined,
      { client: "cli_platform" },
    );
    assert.deepEqual(listed.body.data.map((payout) => payout.id), [id]);

    const resolution = { outcome: "failed", evidence: "Portal statement of 22 November: no such transaction" };
    const resolved = await act(run, id, "resolve", { client: "cli_operator" }, resolution);
    assert.deepEqual([resolved.status, resolved.body.status, resolved.body.resolution?.by], [
      200,
      "failed",
      "cli_operator",
    ]);
    const [audited] = await run.sql("SELECT actor, data FROM audit WHERE action = 'payout.resolved'");
    assert.equal(audited?.[0], "cli_operator");
    // free text stays with the row, because nothing can be erased from the trail
    assert.doesNotMatch(String(audited?.[1]), /Portal statement/);
    const [[kept] = []] = await run.sql("SELECT resolution FROM payouts WHERE id = ?", id);
    assert.match(String(kept), /Portal statement of 22 November/);
    assert.equal((await act(run, id, "resolve", { client: "cli_operator" }, resolution)).status, 409);
    assert.equal((await eventTypes(run, id)).at(-1), "payout.failed");
  }));

for (
  const [last, failure] of [
    ["0001", "insufficient_float"],
    ["0004", "daily_limit"],
    ["0008", "recipient_limit"],
    ["0011", "account_inactive"],
    ["0021", "initiator_not_allowed"],
    ["2001", "initiator_rejected"],
    ["2028", "shortcode_misconfigured"],
    ["2040", "recipient_not_registered"],
    ["8006", "initiator_locked"],
  ] as const
) {
  Deno.test(`result code ${Number(last)} is failed as ${failure}, and nothing moved`, () =>
    inProcess(async (run) => {
      const { id } = await createPayout(run, to(last));
      await run.pass();
      const failed = await getPayout(run, id);
      assert.deepEqual([failed.status, failed.failure?.code, failed.result_code, failed.receipt], [
        "failed",
        failure,
        String(Number(last)),
        null,
      ]);
      assert.equal(moved(run).length, 0);
    }));
}

Deno.test("what never left is sent again later, with the same id", () => {
  let refusals = 0;
  return inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(100);
    assert.equal((await getPayout(run, id)).status, "queued");
    await run.pass(MINUTE);
    assert.equal((await getPayout(run, id)).status, "succeeded");
    assert.equal(refusals, 3);
    assert.equal(moved(run).length, 1);
  }, {
    daraja: (request) => {
      if (!isB2c(request) || refusals === 3) return null;
      refusals++;
      throw Object.assign(new TypeError("error sending request"), { cause: { code: "ECONNREFUSED" } });
    },
  });
});

Deno.test("a rate limit turned it away: it is queued, not failed", () => {
  let refusals = 0;
  return inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(5 * MINUTE);
    assert.equal((await getPayout(run, id)).status, "succeeded");
    assert.equal(moved(run).length, 1);
  }, {
    daraja: (request) => {
      if (!isB2c(request) || refusals++ > 1) return null;
      const fault = { fault: { faultstring: "Spike arrest violation", detail: { errorcode: "policies.ratelimit.X" } } };
      return Response.json(fault, { status: 429 });
    },
  });
});

Deno.test("a refusal that proves nothing was taken is failed at once", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(100);
    const failed = await getPayout(run, id);
    assert.deepEqual([failed.status, failed.failure?.code, failed.result_code], [
      "failed",
      "phone_invalid",
      "400.002.02",
    ]);
    assert.deepEqual(await eventTypes(run, id), ["payout.created", "payout.failed"]);
  }, {
    daraja: (request) =>
      isB2c(request)
        ? Response.json(
          { requestId: "1", errorCode: "400.002.02", errorMessage: "Bad Request - Invalid PhoneNumber" },
          { status: 400 },
        )
        : null,
  }));

for (
  const [name, answer] of [
    ["an HTML 503", () => new Response("<html>Service Unavailable</html>", { status: 503 })],
    [
      "500.002.1001",
      () =>
        Response.json({ requestId: "1", errorCode: "500.002.1001", errorMessage: "System internal error." }, {
          status: 500,
        }),
    ],
    ["an empty 200", () => new Response("")],
  ] as const
) {
  Deno.test(`${name}, and nothing was taken: asked after, then sent again with the same id`, () => {
    let answered = 0;
    return inProcess(async (run) => {
      const { id } = await createPayout(run);
      await run.pass(100);
      assert.equal((await getPayout(run, id)).status, "in_doubt");
      await run.pass(2 * MINUTE);
      assert.equal((await getPayout(run, id)).status, "succeeded");
      assert.equal(moved(run).length, 1);
      assert.equal(idsOf(run).size, 1);
    }, { daraja: (request) => isB2c(request) && answered++ === 0 ? answer() : null });
  });
}

Deno.test("an unclear answer is never followed by a second request once the id is an hour old", () => {
  let sent = 0;
  return inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(30 * HOUR);
    assert.deepEqual([(await getPayout(run, id)).status, sent], ["in_doubt", 5]); // at 0 and 30 s, 2, 5, 15 min; not at 60
  }, {
    daraja: (request) => {
      if (!isB2c(request)) return null;
      sent++;
      return new Response("<html></html>", { status: 502 });
    },
  });
});

Deno.test("with B2C v1, which carries no id of ours, nothing is ever sent twice", () => {
  let sent = 0;
  return inProcess(async (run) => {
    const { id } = await createPayout(run);
    await run.pass(3 * HOUR);
    assert.deepEqual([(await getPayout(run, id)).status, sent], ["in_doubt", 1]);
  }, {
    env: { DARAJA_B2C_VERSION: "v1" },
    daraja: (request) => {
      if (!isB2c(request)) return null;
      assert.match(request.url, /\/b2c\/v1\//);
      sent++;
      return new Response("<html></html>", { status: 502 });
    },
  });
});

Deno.test("with B2C v1 the status is asked by the id that Daraja made", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, to("9014"));
    await run.pass(3 * MINUTE);
    assert.equal((await getPayout(run, id)).status, "succeeded");
  }, { env: { DARAJA_B2C_VERSION: "v1" } }));

Deno.test("a payout with no result is asked after at 2 min, and in doubt from 10 min on", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run);
    const asked = () => run.simulator.world.requests.list().filter(({ operation }) => operation === "status").length;
    await run.pass(110_000);
    assert.equal(asked(), 0);
    await run.pass(30_000);
    assert.equal(asked(), 1);
    await run.pass(9 * MINUTE);
    assert.equal((await getPayout(run, id)).status, "in_doubt");
  }, {
    callback: () => new Response(null, { status: 500 }), // no notice ever arrives
  }));

Deno.test("refresh asks at once; on what has ended it changes nothing", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, to("9014"));
    await run.pass(100);
    const refreshed = await act(run, id, "refresh");
    assert.deepEqual([refreshed.status, refreshed.body.status], [200, "submitted"]);
    await run.pass();
    const paid = await getPayout(run, id);
    assert.equal(paid.status, "succeeded");
    const requests = run.simulator.world.requests.list().length;
    const again = await act(run, id, "refresh");
    assert.deepEqual([again.status, again.body], [200, paid]);
    assert.equal(run.simulator.world.requests.list().length, requests);
  }));

Deno.test("an empty utility account refuses, and the payout says so", () =>
  inProcess(async (run) => {
    const account = run.simulator.world.accounts.find("600000");
    if (account) account.utilityCents = 100_000;
    const { id } = await createPayout(run);
    await run.pass();
    assert.equal((await getPayout(run, id)).failure?.code, "insufficient_float");
  }));
