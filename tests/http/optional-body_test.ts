import assert from "node:assert/strict";
import { inProcess, type ProblemBody } from "../support/in-process.ts";
import { act, batchCsv, createBatch, createPayout } from "../support/payouts.ts";
import { clientFor, nameOf, operations, pathOf } from "../support/routes.ts";

/* What a caller sends is read or refused, never ignored: also by an operation that needs no body. */

const DIGEST = "0".repeat(64);
const approver = { client: "cli_approver" } as const;
const row = batchCsv("0712345678,25000,pay-1,business,");

const withoutBody = operations.filter(({ method, body }) => method !== "GET" && body === undefined);

Deno.test("an operation that takes no body takes nothing or {}, and refuses a field, broken JSON and other types", () =>
  inProcess(async (run) => {
    assert.ok(withoutBody.length > 10);
    for (const operation of withoutBody) {
      const send = (options: { raw?: string; headers?: Record<string, string> }) =>
        run.call<ProblemBody>(operation.method, pathOf(operation), undefined, {
          client: clientFor(operation),
          ...options,
        });
      const name = nameOf(operation);
      const field = await send({ raw: '{"digest":"x"}' });
      assert.deepEqual([field.status, field.body.code, field.body.errors?.[0]?.pointer], [
        422,
        "validation_failed",
        "/digest",
      ], name);
      assert.equal((await send({ raw: "[]" })).body.code, "validation_failed", name);
      assert.equal((await send({ raw: "digest=x" })).body.code, "invalid_json", name);
      const form = await send({ raw: "digest=x", headers: { "content-type": "application/x-www-form-urlencoded" } });
      assert.equal(form.body.code, "unsupported_media_type", name);
      const nothing = await send({});
      for (const raw of ["{}", " "]) assert.equal((await send({ raw })).status, nothing.status, `${name} ${raw}`);
    }
  }, { withoutJobs: true }));

Deno.test("the digest of an approval counts in the body as in the query; two that differ are refused", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { amount: 2_500_000 });
    const batch = await createBatch(run, row);
    for (const path of [`/v1/payouts/${id}`, `/v1/payout-batches/${batch}`]) {
      const look = await run.call<{ digest: string }>("GET", `${path}/approval`, undefined, approver);
      const { digest } = look.body;
      const approve = (query: string, body?: unknown) =>
        run.call<ProblemBody>("POST", `${path}/approve${query}`, body, approver);

      const wrong = await approve("", { digest: DIGEST });
      assert.deepEqual([wrong.status, wrong.body.code], [409, "payout_changed"]);
      const both = await approve(`?digest=${digest}`, { digest: DIGEST });
      assert.deepEqual([both.status, both.body.code, both.body.errors?.[0]?.pointer], [
        400,
        "invalid_query",
        "digest",
      ]);
      const short = await approve("", { digest: "abc" });
      assert.deepEqual([short.status, short.body.errors?.[0]?.pointer], [422, "/digest"]);
      assert.equal((await approve("", { digests: digest })).status, 422);
      assert.equal((await approve(`?digest=${digest}`, { digest })).status, 200);
    }
  }, { withoutJobs: true }));

Deno.test("an approval without a body works, with and without a content type", () =>
  inProcess(async (run) => {
    for (const headers of [{}, { "content-type": "application/json" }, { "content-type": "text/plain" }]) {
      const { id } = await createPayout(run, { amount: 2_500_000 });
      const { status } = await act(run, id, "approve", { ...approver, raw: "", headers });
      assert.equal(status, 200);
    }
  }, { withoutJobs: true }));
