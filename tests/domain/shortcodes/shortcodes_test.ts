import assert from "node:assert/strict";
import type { ShortcodeView } from "../../../src/domain/shortcodes/contract.ts";
import { DEMO_CERTIFICATE_PEM } from "../../../src/simulator/demo.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

const PAYBILL = "sho_01kamcvd000000000000000001";
const TILL = "sho_01kamcvd000000000000000002";

const body = (changes: Record<string, unknown> = {}) => ({
  kind: "paybill",
  number: "700123",
  name: "Third Shop",
  consumer_key: "key-of-the-app",
  consumer_secret: "secret-of-the-app",
  passkey: "passkey-of-the-paybill",
  ...changes,
});

const till = (changes: Record<string, unknown> = {}) => body({ kind: "till", store_number: "700124", ...changes });

const add = (run: InProcess, changes: Record<string, unknown> = {}, options: CallOptions = {}) =>
  run.call<ShortcodeView>("POST", "/v1/shortcodes", body(changes), options);
const patch = (run: InProcess, id: string, changes: unknown, options: CallOptions = {}) =>
  run.call<ShortcodeView>("PATCH", `/v1/shortcodes/${id}`, changes, options);
const list = async (run: InProcess, options: CallOptions = {}) =>
  (await run.call<{ data: ShortcodeView[] }>("GET", "/v1/shortcodes", undefined, options)).body.data;

/** Status, and the first field or else the code of the problem. */
async function refused(answer: Promise<{ status: number; body: unknown }>): Promise<[number, string | undefined]> {
  const { status, body } = await answer;
  const { code, errors } = body as ProblemBody; // of a refusal
  return [status, errors?.[0]?.pointer ?? code];
}

Deno.test("a paybill is added with its secrets sealed, and shows only which it has", async () => {
  await inProcess(async (run) => {
    const secrets = {
      initiator_name: "till-operator",
      initiator_password: "Initiator#2026",
      certificate: DEMO_CERTIFICATE_PEM,
      nominated_number: "0712345678",
    };
    const { status, body: made } = await add(run, secrets);
    assert.equal(status, 201);
    assert.deepEqual(
      [made.has_passkey, made.has_initiator, made.has_certificate, made.has_security_credential],
      [true, true, true, false],
    );
    assert.deepEqual([made.number, made.store_number, made.default, made.urls], ["700123", null, false, null]);
    assert.equal(made.nominated_number, "2547•••••678");
    const told = JSON.stringify(made);
    const stored = JSON.stringify(await run.sql("SELECT * FROM shortcodes")) +
      JSON.stringify(await run.sql("SELECT * FROM audit"));
    for (const secret of [...Object.values(body()).slice(3), "till-operator", "Initiator#2026", "254712345678"]) {
      assert.ok(!told.includes(secret), secret);
      assert.ok(!stored.includes(secret), secret);
    }
    const known = await run.services.shortcodes.byId(made.id);
    assert.deepEqual([known.credentials.passkey, known.pullPhone], ["passkey-of-the-paybill", "254712345678"]);
    const [audit] = await run.sql("SELECT action, data FROM audit WHERE subject_id = ?", made.id);
    assert.equal(audit?.[0], "shortcode.created");
    assert.ok(String(audit?.[1]).includes('"initiator_password"'));
  });
});

Deno.test("till and store number are told apart, and a mix-up is explained", async () => {
  await inProcess(async (run) => {
    const made = await run.call<ShortcodeView>("POST", "/v1/shortcodes", till());
    assert.deepEqual([made.status, made.body.number, made.body.store_number], [201, "700123", "700124"]);
    const mixed = async (given: Record<string, unknown>, pointer: string, says: RegExp) => {
      const { status, body } = await run.call<ProblemBody>("POST", "/v1/shortcodes", given);
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, pointer]);
      assert.match(body.detail, says);
      assert.match(body.detail, /customers type/);
    };
    await mixed(till({ number: "700200", store_number: undefined }), "/store_number", /is needed for a till/);
    await mixed(till({ number: "700200", store_number: "700200" }), "/store_number", /same as the till number/);
    await mixed(body({ number: "700200", store_number: "700201" }), "/store_number", /one number only/);
    await mixed(till({ number: "700124", store_number: "700123" }), "/number", /store number of your till 700123/);
    await mixed(till({ number: "700200", store_number: "700123" }), "/store_number", /number of your till/);
    const wrong = await refused(run.call("POST", "/v1/checkouts", {
      amount: 100,
      currency: "KES",
      reference: "r",
      shortcode: "700124",
    }));
    assert.deepEqual(wrong, [422, "/shortcode"]);
  });
});

Deno.test("a number is added once in the whole service, and who has it is not told", async () => {
  await inProcess(async (run) => {
    const own = await run.call<ProblemBody>("POST", "/v1/shortcodes", body({ number: "600000" }));
    assert.deepEqual([own.status, own.body.code], [409, "shortcode_taken"]);
    assert.match(own.body.detail, new RegExp(PAYBILL));
    const theirs = await run.call<ProblemBody>("POST", "/v1/shortcodes", body({ number: "600001" }));
    assert.deepEqual([theirs.status, theirs.body.code], [409, "shortcode_taken"]);
    assert.doesNotMatch(theirs.body.detail, /sho_|mer_|other/i);
    const answers = await Promise.all([add(run), add(run, {}, { client: "cli_other" })]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409]);
  });
});

Deno.test("a merchant has exactly one default shortcode, whatever is added, changed or removed", async () => {
  await inProcess(async (run) => {
    const defaults = async () => (await list(run)).filter((shortcode) => shortcode.default).map(({ number }) => number);
    assert.deepEqual(await defaults(), ["600000"]);
    const made = await add(run, { default: true });
    assert.deepEqual(await defaults(), ["700123"]);
    await Promise.all([patch(run, TILL, { default: true }), patch(run, PAYBILL, { default: true })]);
    assert.equal((await defaults()).length, 1);
    assert.equal((await patch(run, PAYBILL, { default: true })).body.default, true);
    assert.deepEqual(await defaults(), ["600000"]);
    assert.deepEqual(await refused(patch(run, PAYBILL, { default: false })), [422, "/default"]);
    assert.deepEqual(await refused(run.call("DELETE", `/v1/shortcodes/${PAYBILL}`)), [409, "wrong_state"]);
    const { body: checkout } = await run.call<{ shortcode: string }>("POST", "/v1/checkouts", {
      amount: 100,
      currency: "KES",
      reference: "r",
    });
    assert.equal(checkout.shortcode, "600000");
    assert.equal((await run.call("DELETE", `/v1/shortcodes/${made.body.id}`)).status, 200);
    assert.deepEqual(await defaults(), ["600000"]);
  });
});

Deno.test("a change is known at once, keeps what it leaves out, and null removes", async () => {
  await inProcess(async (run) => {
    await run.services.shortcodes.byId(PAYBILL);
    const changed = await patch(run, PAYBILL, { name: "New name", passkey: "another-passkey" });
    assert.deepEqual([changed.status, changed.body.name, changed.body.has_initiator], [200, "New name", true]);
    const known = await run.services.shortcodes.byId(PAYBILL);
    assert.deepEqual([known.credentials.passkey, known.credentials.consumer_key], [
      "another-passkey",
      "demo-consumer-key",
    ]);
    const without = await patch(run, PAYBILL, {
      initiator_password: null,
      certificate: null,
      nominated_number: null,
    });
    assert.deepEqual([without.body.has_initiator, without.body.has_certificate, without.body.nominated_number], [
      false,
      false,
      null,
    ]);
    const [audit] = await run.sql("SELECT data FROM audit WHERE action = 'shortcode.updated' ORDER BY seq");
    assert.deepEqual(JSON.parse(String(audit?.[0])), { changed: ["name", "passkey"] });
  });
});

Deno.test("what was pasted wrong is refused at its field", async () => {
  await inProcess(async (run) => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ kind: "wallet" }, "/kind"],
      [{ number: "12" }, "/number"],
      [{ number: 700123 }, "/number"],
      [{ name: "" }, "/name"],
      [{ consumer_key: "two words" }, "/consumer_key"],
      [{ consumer_secret: "" }, "/consumer_secret"],
      [{ passkey: undefined }, "/passkey"],
      [{ certificate: "MIIDazCC" }, "/certificate"],
      [{ certificate: "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----" }, "/certificate"],
      [{ security_credential: "plain password" }, "/security_credential"],
      [{ nominated_number: "+1 202 555 0100" }, "/nominated_number"],
      [{ validation: { rule: "known_accounts" } }, "/validation/accounts"],
      [{ validation: { rule: "accept_all", accounts: ["A-1"] } }, "/validation/accounts"],
      [{ validation: { rule: "maybe" } }, "/validation/rule"],
      [{ secret: "x" }, "/secret"],
    ];
    for (const [changes, pointer] of wrong) {
      assert.deepEqual(await refused(add(run, changes)), [422, pointer], JSON.stringify(changes));
    }
    assert.deepEqual(
      await refused(run.call("POST", "/v1/shortcodes", till({ validation: { rule: "open_checkout" } }))),
      [422, "/validation/rule"],
    );
    assert.deepEqual(await refused(patch(run, PAYBILL, { number: "700123" })), [422, "/number"]);
  });
});

Deno.test("one that was used stays, one that was not goes", async () => {
  await inProcess(async (run) => {
    await run.call("POST", "/v1/checkouts", { amount: 100, currency: "KES", reference: "r", shortcode: "500000" });
    assert.deepEqual(await refused(run.call("DELETE", `/v1/shortcodes/${TILL}`)), [409, "wrong_state"]);
    const { body: made } = await add(run, { nominated_number: "0712345678" });
    assert.equal((await run.call("DELETE", `/v1/shortcodes/${made.id}`)).status, 200);
    assert.equal((await run.call("GET", `/v1/shortcodes/${made.id}`)).status, 404);
    const jobs = await run.sql("SELECT count(*) FROM jobs WHERE subject_id = ?", made.id);
    assert.deepEqual(jobs, [[0]]);
  });
});

Deno.test("another merchant's shortcode is not there to read, change, remove, register or check", async () => {
  await inProcess(async (run) => {
    const options = { client: "cli_other" as const };
    const calls = [
      run.call("GET", `/v1/shortcodes/${PAYBILL}`, undefined, options),
      patch(run, PAYBILL, { name: "mine" }, options),
      run.call("DELETE", `/v1/shortcodes/${PAYBILL}`, undefined, options),
      run.call("POST", `/v1/shortcodes/${PAYBILL}/register-urls`, {}, options),
      run.call("POST", `/v1/shortcodes/${PAYBILL}/check`, undefined, options),
    ];
    for (const call of calls) assert.deepEqual(await refused(call), [404, "not_found"]);
    assert.deepEqual((await list(run, options)).map(({ number }) => number), ["600001"]);
  });
});

Deno.test("writing takes shortcodes:write", async () => {
  await inProcess(async (run) => {
    const token = await run.token("cli_demo", "shortcodes:read");
    const calls = (options: CallOptions) => [
      add(run, {}, options),
      patch(run, PAYBILL, { name: "x" }, options),
      run.call("DELETE", `/v1/shortcodes/${PAYBILL}`, undefined, options),
      run.call("POST", `/v1/shortcodes/${PAYBILL}/register-urls`, {}, options),
      run.call("POST", `/v1/shortcodes/${PAYBILL}/check`, undefined, options),
    ];
    for (const call of calls({ token })) assert.equal((await call).status, 403);
    for (const call of calls({ client: null })) assert.equal((await call).status, 401);
  });
});

Deno.test("a repeated POST with one key adds one shortcode", async () => {
  await inProcess(async (run) => {
    const key = crypto.randomUUID();
    const answers = [await add(run, {}, { key }), await add(run, {}, { key })];
    assert.deepEqual(answers.map(({ status }) => status), [201, 201]);
    assert.equal(answers[0]?.body.id, answers[1]?.body.id);
  });
});
