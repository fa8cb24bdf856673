import assert from "node:assert/strict";
import { consoleUrl, formOf, signIn, signInAs } from "../support/console.ts";
import { keptAnswers, send } from "../support/console-forms.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";

const KEYS = {
  consumer_key: "key-of-the-app-1",
  consumer_secret: "secret-of-the-app-1",
  passkey: "passkey-of-the-store-1",
};
const TILL = "shortcodes/new?kind=till&number=510000&store_number=510001";

const shortcodeId = async (run: InProcess, number: string): Promise<string> =>
  String((await run.sql("SELECT id FROM shortcodes WHERE number = ?", number))[0]?.[0]);

const isAnyIn = (texts: readonly string[]): boolean =>
  Object.values(KEYS).some((secret) => texts.some((text) => text.includes(secret)));

Deno.test("the numbers come first: a till needs both, and what is wrong is said there", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const first = await admin.go(consoleUrl("shortcodes/new"));
    assert.match(first.html, /A till has two numbers/);
    for (
      const [query, says] of [
        ["kind=till&number=510000", /is needed for a till/],
        ["kind=till&number=510000&store_number=510000", /is the same as the till number/],
        ["kind=paybill&number=12", /must be 5 to 7 digits/],
        ["kind=shop&number=510000", /must be a paybill or a till/],
      ] as const
    ) {
      const { response, html } = await admin.go(consoleUrl(`shortcodes/new?${query}`));
      assert.equal(response.status, 422, query);
      assert.match(html, says);
    }
    assert.match((await admin.go(consoleUrl(TILL))).html, /the store number in the Daraja portal/);
    const finance = await signInAs(run, ["finance"]);
    assert.equal((await finance.go(consoleUrl(TILL))).response.status, 403);
  }));

Deno.test("a till is added once; its keys are in no page, no refused form and no replay", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const fields = { ...KEYS, name: "Westlands", store: "Westlands" };
    const refused = await send(admin, consoleUrl(TILL), { ...fields, passkey: "two words" });
    assert.equal(refused.first.response.status, 422);
    assert.match(refused.first.html, /value="Westlands"/);
    const { first, press } = await send(admin, consoleUrl(TILL), fields);
    assert.equal(first.response.status, 303);
    const shown = (await admin.go(first.response.headers.get("location") ?? "")).html;
    assert.match(shown, /Added/);
    assert.match(shown, /510001/);
    assert.equal((await press()).response.status, 303);
    assert.equal((await run.sql("SELECT 1 FROM shortcodes WHERE number = '510000'")).length, 1);
    const keys = (await admin.go(consoleUrl(`shortcodes/${await shortcodeId(run, "510000")}/keys`))).html;
    assert.ok(!isAnyIn([refused.first.html, shown, keys, await keptAnswers(run)]));
    assert.equal((await send(admin, consoleUrl(TILL), fields, "forged")).first.response.status, 403);
  }));

Deno.test("where changes wait for a second person, a new number and new keys are proposed", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const id = await shortcodeId(run, "600000");
    for (
      const [path, fields] of [
        [TILL, { ...KEYS, name: "Westlands" }],
        [`shortcodes/${id}/keys`, { passkey: KEYS.passkey }],
      ] as const
    ) {
      const { first } = await send(admin, consoleUrl(path), fields);
      assert.equal(first.response.status, 303, first.html);
      const told = await admin.go(first.response.headers.get("location") ?? "");
      assert.match(told.html, /Proposed. It applies when another person/);
    }
    const [[version] = []] = await run.sql("SELECT version FROM shortcodes WHERE id = ?", id);
    assert.equal(version, 1);
    assert.deepEqual(await run.sql("SELECT 1 FROM shortcodes WHERE number = '510000'"), []);
    assert.equal(await run.count("change_requests"), 2);
    assert.ok(!isAnyIn([await keptAnswers(run), (await admin.go(consoleUrl("changes"))).html]));
  }, { env: { CHANGE_DELAY_HOURS: "24" } }));

Deno.test("name, shop and tariff are edited, only as the form showed them", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const id = await shortcodeId(run, "600000");
    const path = consoleUrl(`shortcodes/${id}/edit`);
    const old = formOf((await admin.go(path)).html, path);
    const nothing = await admin.submit(path, old);
    assert.equal(nothing.status, 422);
    const { first } = await send(admin, path, { name: "<i>Shop", store: "Westlands", tariff: "mgao" });
    assert.equal(first.response.status, 303);
    const read = () => run.sql("SELECT name, store, tariff FROM shortcodes WHERE id = ?", id);
    assert.deepEqual((await read()).map((row) => [...row]), [["<i>Shop", "Westlands", "mgao"]]);
    const stale = await admin.submit(path, { ...old, name: "Other" });
    assert.equal(stale.status, 409);
    assert.equal((await send(admin, path, { name: "Other" }, "forged")).first.response.status, 403);
    const emptied = await send(admin, path, { store: "", tariff: "" });
    assert.equal(emptied.first.response.status, 303);
    assert.deepEqual((await read()).map((row) => [...row]), [["<i>Shop", null, null]]);
    const foreign = await shortcodeId(run, "600001");
    assert.equal((await admin.go(consoleUrl(`shortcodes/${foreign}/edit`))).response.status, 404);
  }));

Deno.test("addresses are registered, and each line of the check says whether it works or is not set up", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const id = await shortcodeId(run, "500000");
    const check = consoleUrl(`shortcodes/${id}/check`);
    const before = (await send(admin, check, {})).first.html;
    assert.match(before, /Addresses<\/b>.*Register them, unless.*Not set up/s);
    const path = consoleUrl(`shortcodes/${id}/addresses`);
    const { first, press } = await send(admin, path, { response_type: "cancelled" });
    assert.equal(first.response.status, 303, first.html);
    assert.equal((await press()).response.status, 303);
    const [[type, version] = []] = await run.sql(
      "SELECT urls_response_type, version FROM shortcodes WHERE id = ?",
      id,
    );
    assert.deepEqual([type, version], ["cancelled", 2]);
    assert.match((await send(admin, check, {})).first.html, /Addresses<\/b>.*Works/s);
    assert.equal((await send(admin, path, { response_type: "never" })).first.response.status, 422);
  }));

Deno.test("KES 1 is asked of one's own phone once, and the page of its result leads back", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const id = await shortcodeId(run, "600000");
    const path = consoleUrl(`shortcodes/${id}/test`);
    const wrong = await send(admin, path, { phone_number: "12" });
    assert.equal(wrong.first.response.status, 422);
    const { first, press } = await send(admin, path, { phone_number: "0712345678" });
    const location = first.response.headers.get("location") ?? "";
    assert.match(location, /\/till\/chk_/);
    assert.equal((await press()).response.headers.get("location"), location);
    await run.pass();
    const result = await admin.go(location);
    assert.match(result.html, /KES\u00a01</);
    assert.ok(result.html.includes(`href="${consoleUrl(`shortcodes/${id}`)}"`));
    const paid = await run.sql("SELECT amount FROM payments");
    assert.deepEqual(paid.map((row) => [...row]), [[100]]);
    assert.equal((await send(admin, path, { phone_number: "0712345678" }, "no")).first.response.status, 403);
    assert.match((await admin.go(consoleUrl(`shortcodes/${id}`))).html, /First payment<\/a>.*Done/s);
  }));
