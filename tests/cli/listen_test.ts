import assert from "node:assert/strict";
import { verifyWebhook } from "../../src/client/mod.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { withProduct } from "../support/product.ts";
import { malipo, malipoCommand } from "./run.ts";

Deno.test("listen prints events and forwards them signed, trigger makes them, explain and logs tell of them", async () => {
  const received: { type: string; id: string }[] = [];
  let secret = "";
  const receiver = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const event = await verifyWebhook(await request.text(), request.headers, secret);
    received.push({ type: event.type, id: event.id });
    return new Response(null, { status: event.type === "checkout.created" ? 500 : 204 });
  });
  await withProduct({ env: { SIMULATOR_CALLBACK_DELAY_MS: "200" } }, async (product) => {
    const to = `http://127.0.0.1:${receiver.addr.port}/hooks`;
    const listening = malipoCommand(product.env, ["listen", "--to", to]).spawn();
    let said = "";
    const reading = (async () => {
      for await (const text of listening.stdout.pipeThrough(new TextDecoderStream())) {
        said += text;
        secret ||= /whsec_\S+/.exec(said)?.[0] ?? "";
      }
    })();
    await product.waitFor(() => secret !== "", { what: "the greeting of listen" });

    const played = await malipo(product.env, "trigger", "paid", "--json", "--wait", "200");
    assert.equal(played.code, 0, played.err);
    const { id, status } = JSON.parse(played.out);
    assert.equal(status, "succeeded");
    await product.waitFor(() => received.some(({ type }) => type === "checkout.succeeded"), { what: said });
    await product.waitFor(() => said.includes("checkout.succeeded"));
    listening.kill("SIGINT");
    assert.equal((await listening.status).code, 0);
    await reading;
    await listening.stderr.cancel();
    assert.match(said, /checkout\.created +KES 100 +paid-\d{4} +chk_\w+ +-> 500 \d+ ms/);
    assert.match(said, /checkout\.succeeded +KES 100 .*-> 204/);
    assert.doesNotMatch(said, /2547\d{8}/, "no whole phone number");

    const first = received[0]?.id ?? "";
    const again = await malipo(product.env, "listen", "--from", first, "--once", "--json");
    const replayed = again.out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(replayed.map((event) => event.id), received.map((event) => event.id), again.err);
    assert.equal(new Set(received.map((event) => event.id)).size, received.length, "each event once");

    const { payment, reference } = await getCheckout(product, id);
    for (const name of [id, reference, payment?.receipt ?? ""]) {
      const { code, out, err } = await malipo(product.env, "explain", name);
      assert.equal(code, 0, err);
      assert.match(out, new RegExp(`Checkout ${id}: KES 100`));
      assert.match(out, /The phone 2547•••••\d{3} was prompted\. +attempt att_/);
      assert.match(out, /Safaricom's callback about the prompt came and was used\. +notice ntc_/);
      assert.match(out, /It is paid\./);
    }
    const partial = await malipo(product.env, "trigger", "partial");
    assert.equal(partial.code, 0, partial.err);
    assert.match(partial.out, /Money came by paybill or till\./, "the part has come when the story is told");
    const late = await malipo(product.env, "trigger", "late", "--wait", "1");
    assert.deepEqual([late.code, /has not ended so in 1 s/.test(late.err)], [1, true], late.err);
    const guide = await Deno.readTextFile(new URL("../../docs/guides/command-line.md", import.meta.url));
    const list = (await malipo({}, "trigger", "--list")).out;
    assert.ok(guide.includes(list), list);
    const log = await Deno.makeTempFile({ suffix: ".log" });
    await Deno.writeTextFile(log, product.logs().join("\n"));
    const filtered = await malipo({}, "logs", log, "--event", "request", "--id", "/v1/checkouts");
    assert.match(filtered.out, /POST +\/v1\/checkouts +201 +\d+ ms/);
    assert.equal((await malipo({}, "logs", log, "--level", "alert")).out, "");
    await Deno.remove(log);
  }).finally(() => receiver.shutdown());
});

Deno.test("the commands that call the API say what is wrong and end with 1, or 2 after a wrong use", async () => {
  await withProduct({}, async (product) => {
    const cases: readonly [words: string[], code: number, says: RegExp][] = [
      [["explain", "nobody"], 1, /Nothing here is called nobody/],
      [["trigger", "what"], 2, /There is no scenario what; --list shows them/],
      [["trigger", "paid", "--simulator", "http://127.0.0.1:1"], 1, /deno task dev/],
      [["listen", "--from", "yesterday", "--once"], 2, /is no time/],
      [["listen", "--once", "--url", "http://127.0.0.1:1"], 1, /network_error: the service does not answer/],
      [["listen", "--once", "--merchant", "all"], 1, /insufficient_scope/],
      [["payouts", "get", "pyt_01kamcvdf2ej5s2k8sxw9ggk6q"], 1, /not_found/],
      [["payouts", "list", "--as", "cli_nobody"], 2, /has no client cli_nobody/],
      [["logs", "/nowhere/at/all.log"], 1, /There is no log at/],
    ];
    const ended = await Promise.all(cases.map(([words]) => malipo(product.env, ...words)));
    for (const [i, [words, code, says]] of cases.entries()) {
      assert.equal(ended[i]?.code, code, `${words.join(" ")}: ${ended[i]?.err}`);
      assert.match(ended[i]?.err ?? "", says);
      assert.doesNotMatch(ended[i]?.err ?? "", /\n\s+at /);
    }
    const payout = {
      amount: 10_000,
      currency: "KES",
      reference: "pay-1",
      phone_number: "0712345678",
      purpose: "business",
    };
    await product.call("POST", "/v1/payouts", payout);
    const listed = JSON.parse((await malipo(product.env, "payouts", "list")).out.trim());
    assert.equal(listed.reference, "pay-1");
    assert.match((await malipo(product.env, "payouts", "pause", "--reason", "a test")).out, /Paused: .* \(a test\)\./);
    assert.match((await malipo(product.env, "payouts", "resume")).out, /are sent/);
    await createCheckout(product);
    const numbers = (await malipo(product.env, "shortcodes", "list")).out.trim().split("\n").map((line) =>
      JSON.parse(line).number
    );
    assert.deepEqual(numbers.sort(), ["500000", "600000"]);
  });
});
