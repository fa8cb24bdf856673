import assert from "node:assert/strict";
import { createCheckout } from "../support/checkouts.ts";
import { type Client, type InProcess, inProcess } from "../support/in-process.ts";

interface Drift {
  readonly data: readonly { kind: string; name: string; count: number; first_at: string; last_at: string }[];
}

const read = (run: InProcess, client: Client = "cli_operator") =>
  run.call<Drift>("GET", "/v1/drift", undefined, { client });

async function tell(run: InProcess, code: string, extra: Record<string, unknown> = {}): Promise<void> {
  const { attempts } = await createCheckout(run, { phone_number: "0700009009" });
  const text = JSON.stringify({ Body: { stkCallback: { ResultCode: code, ResultDesc: "new", ...extra } } });
  const answer = await run.notify(run.services.capabilities.mint("stk", attempts[0]?.id ?? ""), text);
  assert.equal(answer.status, 200);
  await run.idle();
}

Deno.test("codes and fields that no table knows are counted by name, with the first and the last time", () =>
  inProcess(async (run) => {
    assert.deepEqual((await read(run)).body, { data: [] });
    await tell(run, "1999", { Fee: "1" });
    run.time.skip(60_000);
    await tell(run, "1999");
    await tell(run, "1032");
    const { status, body } = await read(run);
    assert.equal(status, 200);
    const [code, field, ...more] = body.data;
    assert.deepEqual([code?.kind, code?.name, code?.count], ["stk_result_code", "1999", 2]);
    assert.deepEqual([field?.kind, field?.name, field?.count], ["stk_field", "Fee", 1]);
    assert.deepEqual(more, []);
    assert.equal(Date.parse(code?.last_at ?? "") - Date.parse(code?.first_at ?? ""), 60_000);
  }));

Deno.test("an error code of an answer that no table knows is counted with the next sweep", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.sweep();
    assert.deepEqual((await read(run)).body.data.map(({ kind, name, count }) => [kind, name, count]), [
      ["error_code", "400.777.01", 1],
    ]);
  }, {
    daraja: ({ url }) =>
      url.includes("stkpush")
        ? Response.json({ requestId: "1-2-3", errorCode: "400.777.01", errorMessage: "New" }, { status: 400 })
        : null,
  }));

Deno.test("a name never holds a phone number, and no more than 500 names are kept", () =>
  inProcess(async (run) => {
    const fields = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`F${i}x254712345678`, "1"]));
    await tell(run, "0254712345678", fields);
    const names = (await read(run)).body.data.map(({ name }) => name);
    assert.ok(names.length >= 15);
    assert.ok(names.every((name) => !/\d{7}/.test(name)), names.join());
    const rows = Array.from({ length: 500 }, (_, i) => `('x', 'n${i}', 1, 1, 1)`).join(", ");
    await run.db.write([{ sql: `INSERT INTO drift (kind, name, count, first_at, last_at) VALUES ${rows}`, args: [] }]);
    const count = await run.count("drift");
    await tell(run, "1998");
    assert.equal(await run.count("drift"), count);
  }));

Deno.test("drift is for operators: without the scope 403, without a token 401; each merchant's operator sees the same", () =>
  inProcess(async (run) => {
    await tell(run, "1999");
    assert.equal((await read(run, "cli_demo")).status, 403);
    assert.equal((await run.app.request("http://127.0.0.1:8000/v1/drift")).status, 401);
    assert.equal((await read(run, "cli_platform")).body.data.length, 1);
  }));
