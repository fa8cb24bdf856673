import assert from "node:assert/strict";
import type { ShortcodeView } from "../../../src/domain/shortcodes/contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

const TILL = "sho_01kamcvd000000000000000002";
const URL_CALL = /\/mpesa\/c2b\/v[12]\/registerurl/;

const register = <T = ShortcodeView>(run: InProcess, body: Record<string, unknown> = {}, id = TILL) =>
  run.call<T>("POST", `/v1/shortcodes/${id}/register-urls`, body);

const darajaError = (status: number, errorCode: string, errorMessage: string) => (request: Request) =>
  URL_CALL.test(request.url) ? Response.json({ requestId: "1", errorCode, errorMessage }, { status }) : null;

Deno.test("registered addresses bring customers' own payments, of a till under its store number", async () => {
  await inProcess(async (run) => {
    const { status, body } = await register(run, { version: "v1", response_type: "cancelled" });
    assert.deepEqual([status, body.urls?.version, body.urls?.response_type], [200, "v1", "cancelled"]);
    const asked = run.simulator.world.requests.list().filter(({ operation }) => operation === "c2b_register").at(-1);
    assert.equal((asked?.body as Record<string, unknown>)["ShortCode"], 500001); // the simulator's own entry
    assert.equal((asked?.body as Record<string, unknown>)["ResponseType"], "Cancelled");
    const response = await run.simulator.app.request("/_simulator/c2b", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ shortcode: "500000", amount: 70, phone: "254712345678" }),
    });
    assert.deepEqual((await response.json()).confirmed, true);
    await run.idle();
    const { body: payments } = await run.call<{ data: { amount: number }[] }>("GET", "/v1/payments");
    assert.deepEqual(payments.data.map(({ amount }) => amount), [7_000]);
    assert.deepEqual(await run.sql("SELECT count(*) FROM audit WHERE action = 'shortcode.urls_registered'"), [[1]]);
  });
});

Deno.test("a registration that is there already is explained", async () => {
  let answer: (request: Request) => Response | null = () => null; // the harness registers the paybill's own first
  await inProcess(async (run) => {
    answer = darajaError(500, "500.003.1001", "Urls are already registered.");
    const { status, body } = await register<ProblemBody>(run);
    assert.deepEqual([status, body.code], [409, "urls_already_registered"]);
    assert.match(body.detail, /Self Services, URL Management/);
  }, { daraja: (request) => answer(request) });
});

Deno.test("what Daraja refuses or does not answer is told apart", async () => {
  let answer: (request: Request) => Response | null = () => null;
  await inProcess(async (run) => {
    answer = darajaError(400, "400.003.02", "Bad Request - Invalid ConfirmationURL");
    const refused = await register<ProblemBody>(run);
    assert.deepEqual([refused.status, refused.body.code], [422, "daraja_refused"]);
    assert.match(refused.body.detail, /Invalid ConfirmationURL/);
    answer = (request) => URL_CALL.test(request.url) ? new Response("<html>", { status: 502 }) : null;
    const silent = await register<ProblemBody>(run);
    assert.deepEqual([silent.status, silent.body.code], [503, "daraja_unavailable"]);
    answer = () => null;
    assert.equal((await register(run)).status, 200);
  }, { daraja: (request) => answer(request) });
});

Deno.test("a wrong version or response type is refused at its field", async () => {
  await inProcess(async (run) => {
    for (
      const [body, pointer] of [[{ version: "v3" }, "/version"], [{ response_type: "x" }, "/response_type"]] as const
    ) {
      const { status, body: problem } = await register<ProblemBody>(run, body);
      assert.deepEqual([status, problem.errors?.[0]?.pointer], [422, pointer]);
    }
  });
});
