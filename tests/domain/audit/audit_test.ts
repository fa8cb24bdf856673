import assert from "node:assert/strict";
import type { AuditEntryView } from "../../../src/domain/audit/contract.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type Client, type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

interface Listed {
  readonly data: readonly AuditEntryView[];
  readonly next_cursor: string | null;
}

async function audit(run: InProcess, query: string, client: Client = "cli_operator"): Promise<Listed> {
  const { status, body } = await run.call<Listed>("GET", `/v1/audit${query}`, undefined, { client });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

Deno.test("the audit trail says who did what to what, newest first, page by page", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const { data } = await audit(run, `?subject=${id}`);
    assert.deepEqual(data.map(({ act }) => act).toReversed().slice(0, 2), ["checkout.created", "attempt.accepted"]);
    assert.equal(data.at(-1)?.who, "cli_demo");
    assert.equal(data[0]?.who, "daraja");
    assert.deepEqual((await audit(run, "?act=checkout.created")).data.map(({ subject }) => subject), [id]);
    assert.ok((await audit(run, "?who=daraja")).data.every(({ who }) => who === "daraja"));
    const all = await audit(run, "");
    const first = await audit(run, "?limit=1");
    const second = await audit(run, `?limit=1&cursor=${first.next_cursor}`);
    assert.deepEqual([first.data[0], second.data[0]], all.data.slice(0, 2));
    assert.deepEqual((await audit(run, `?created_to=${new Date(run.time.now() - 60_000).toISOString()}`)).data, []);
    assert.ok(!JSON.stringify(all).includes("254712345678"));
  }));

Deno.test("audit:read and operator read it, nobody else does, and nobody another merchant's", () =>
  inProcess(async (run) => {
    await createCheckout(run);
    for (const scope of ["audit:read", "operator"]) {
      const token = await run.token("cli_operator", scope);
      assert.equal((await run.call("GET", "/v1/audit", undefined, { client: null, token })).status, 200, scope);
    }
    const refused = await run.call<ProblemBody>("GET", "/v1/audit", undefined, {
      client: null,
      token: await run.token("cli_operator", "checkouts:read"),
    });
    assert.deepEqual([refused.status, refused.body.code], [403, "insufficient_scope"]);
    const other = await run.call<ProblemBody>("GET", "/v1/audit?merchant=all", undefined, { client: "cli_operator" });
    assert.equal(other.status, 403);
    const all = await audit(run, "?merchant=all", "cli_platform");
    assert.ok(all.data.some(({ act }) => act === "checkout.created"));
    assert.ok(!(await audit(run, "", "cli_platform")).data.some(({ act }) => act === "payout.created"));
  }));
