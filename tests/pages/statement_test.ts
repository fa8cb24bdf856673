import assert from "node:assert/strict";
import type { AccountLinkView } from "../../src/domain/accounts/link-contract.ts";
import { createAccount, payOpenly } from "../support/accounts.ts";
import { createCheckout } from "../support/checkouts.ts";
import type { CallOptions } from "../support/client.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { Shopper } from "./shopper.ts";

const DAY_MS = 86_400_000;

async function share(run: InProcess, account: string, body: Readonly<Record<string, unknown>> = {}) {
  const answer = await run.call<AccountLinkView>("POST", `/v1/accounts/${account}/links`, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  const { url } = answer.body;
  assert.ok(url !== null);
  return { link: answer.body, path: url.slice(url.indexOf("/s/")) };
}
const open = async (run: InProcess, path: string, language = "en") => {
  const reader = new Shopper((request) => run.app.fetch(request), { "accept-language": language });
  const { response, html } = await reader.go(path);
  return { status: response.status, headers: response.headers, html };
};
const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");

Deno.test("a shared statement shows balance, arrears and lines in both languages, and nobody who paid", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, {
      account_reference: "HSE12",
      expected_amount: 500_000,
      name: "Achieng O",
    });
    await createCheckout(run, { account_reference: "HSE12", reference: "november <b>", amount: 100_000 });
    await payOpenly(run, "HSE12", 1_500, "UKM0000001");
    await run.pass(40 * DAY_MS);
    const { path } = await share(run, account.id);
    const { status, headers, html } = await open(run, path);
    assert.deepEqual([status, headers.get("cache-control"), headers.get("x-robots-tag")], [200, "no-store", "noindex"]);
    const text = textOf(html);
    assert.match(text, /Account: HSE12 KES 500 Balance/);
    assert.match(text, /Received .* UKM0000001 \+KES 1,500/);
    assert.match(text, /Paid from the balance: november &lt;b&gt;/);
    assert.match(text, /Still to be paid by now: KES/);
    assert.doesNotMatch(html, /JANE|Achieng|2547\d|712345678/);
    assert.match(textOf((await open(run, path, "sw")).html), /Akaunti: HSE12 KES 500 Salio/);
    assert.match(textOf((await open(run, `${path}&lang=sw`)).html), /Imepokelewa/);
    assert.ok(run.lines.every((line) => !JSON.stringify(line).includes(path.slice(-64))), "no token is logged");
  }));

Deno.test("a link ends at its time or when it is revoked, and not by another link", () =>
  inProcess(async (run) => {
    const { id } = await createAccount(run, {});
    const [short, long] = [await share(run, id, { expires_in: 3_600 }), await share(run, id)];
    assert.equal((await open(run, short.path)).status, 200);
    run.time.skip(3_600_000);
    assert.deepEqual([(await open(run, short.path)).status, (await open(run, long.path)).status], [404, 200]);
    const revoke = () => run.call<AccountLinkView>("POST", `/v1/account-links/${long.link.id}/revoke`);
    const [first, again] = [await revoke(), await revoke()];
    assert.deepEqual([first.status, again.body], [200, first.body]);
    assert.deepEqual([first.body.url, typeof first.body.revoked_at, first.body.version], [null, "string", 2]);
    assert.equal((await open(run, long.path)).status, 404);
    const { body } = await run.call<{ data: AccountLinkView[] }>("GET", `/v1/accounts/${id}/links`);
    assert.deepEqual(body.data.map(({ id, url }) => [id, url]), [[long.link.id, null], [short.link.id, null]]);
    assert.equal(await run.count("audit WHERE action LIKE 'account.link_%'"), 3);
  }));

Deno.test("no token, another link's or a checkout's opens nothing, and all wrong links answer alike", () =>
  inProcess(async (run) => {
    const [one, two] = [await createAccount(run, {}), await createAccount(run, {})];
    const [mine, theirs] = [await share(run, one.id), await share(run, two.id)];
    const checkout = await createCheckout(run);
    const token = theirs.path.split("token=")[1] ?? "";
    const paths = [
      `/s/acl_01kamcvdf2ej5s2k8sxw9ggk70?${mine.path.split("?")[1]}`,
      `/s/${mine.link.id}`,
      `/s/${mine.link.id}?token=${token}`,
      `/s/${mine.link.id}?token=${run.services.capabilities.mint("hosted", checkout.id)}`,
      `/s/${one.id}?token=${token}`,
      `/s/acl_nothing?token=`,
      `${mine.path.slice(0, -1)}0`,
    ];
    for (const path of paths) {
      const { status, html } = await open(run, path);
      if (path === mine.path) continue;
      assert.equal(status, 404, path);
      assert.doesNotMatch(html, new RegExp(one.account_reference));
    }
    assert.equal((await open(run, `/pay/${checkout.id}?token=${token}`)).status, 404);
  }));

Deno.test("links need accounts:write and one's own account; a reader gets no address; a wrong time is named", () =>
  inProcess(async (run) => {
    const { id } = await createAccount(run, {});
    const { link } = await share(run, id);
    const code = async (method: string, path: string, options: CallOptions) => {
      const { status, body } = await run.call<ProblemBody>(method, path, method === "GET" ? undefined : {}, options);
      return [status, body.code];
    };
    const reader = { token: await run.token("cli_demo", "accounts:read") };
    for (const path of [`/v1/accounts/${id}/links`, `/v1/account-links/${link.id}/revoke`]) {
      assert.deepEqual(await code("POST", path, { client: null }), [401, "token_missing"]);
      assert.deepEqual(await code("POST", path, reader), [403, "insufficient_scope"]);
      assert.deepEqual(await code("POST", path, { client: "cli_other" }), [404, "not_found"]);
    }
    assert.deepEqual(await code("GET", `/v1/accounts/${id}/links`, { client: "cli_other" }), [404, "not_found"]);
    const list = await run.call<{ data: AccountLinkView[] }>("GET", `/v1/accounts/${id}/links`, undefined, reader);
    assert.deepEqual([list.status, list.body.data[0]?.url], [200, null]);
    const wrong = await run.call<ProblemBody>("POST", `/v1/accounts/${id}/links`, { expires_in: 5 });
    assert.deepEqual([wrong.status, wrong.body.errors?.[0]?.pointer], [422, "/expires_in"]);
  }));
