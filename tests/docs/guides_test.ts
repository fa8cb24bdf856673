import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { type Product, withProduct } from "../support/product.ts";

const guides = new URL("../../docs/guides/", import.meta.url);
const fast = { env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } };

/** The blocks of a guide that are meant to be run, joined, and aimed at the product. */
async function blocks(guide: string, language: string, product: Product): Promise<string> {
  const text = await Deno.readTextFile(new URL(guide, guides));
  const found = [...text.matchAll(new RegExp("```" + language + " run\\n([^]*?)```", "g"))].map(([, code]) => code);
  assert.ok(found.length > 0, `${guide} has no ${language} to run`);
  return found.join("\n").replaceAll("http://127.0.0.1:8000", product.api);
}

/** Runs a file that a test has written, in a folder of its own. */
async function inFolder<T>(name: string, code: string, use: (file: URL) => Promise<T>): Promise<T> {
  const folder = new URL(`file://${await Deno.makeTempDir({ prefix: "malipo-guide-" })}/`);
  const map = { imports: { "@malipo/client": new URL("../../src/client/mod.ts", import.meta.url).href } };
  try {
    await Deno.writeTextFile(new URL("import-map.json", folder), JSON.stringify(map));
    await Deno.writeTextFile(new URL(name, folder), code);
    return await use(new URL(name, folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" }).output();
  const said = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`${command} ${args[0]}: ${said}${new TextDecoder().decode(stderr)}`);
  return said;
}

const deno = (file: URL): Promise<string> =>
  run(Deno.execPath(), [
    "run",
    "--quiet",
    "--no-config",
    "--no-check",
    `--import-map=${new URL("import-map.json", file).pathname}`,
    "--allow-net=127.0.0.1",
    file.pathname,
  ]);

const has = async (command: string): Promise<boolean> =>
  await run(command, ["--version"]).then(() => true, () => false);

Deno.test("take a payment: the shell lines do what the guide says", async () => {
  await withProduct(fast, async (product) => {
    const script = (await blocks("take-a-payment.md", "sh", product)).replaceAll("sleep 3", "sleep 1");
    const said = await inFolder("guide.sh", `set -eu\n${script}`, ({ pathname }) => run("bash", [pathname]));
    assert.match(said, /"status":"pending"/);
    assert.match(said, /"status":"succeeded"[^]*"receipt":"[A-Z0-9]{10}"/);
    assert.match(said, /"code":"cancelled_by_customer"/);
  });
});

Deno.test("take a payment: the shop's code is paid", async () => {
  await withProduct(fast, async (product) => {
    const said = await inFolder("guide.js", await blocks("take-a-payment.md", "js", product), deno);
    assert.match(said, /^succeeded [A-Z0-9]{10}\n$/);
  });
});

Deno.test("pay out safely: one key pays once, and a large payout waits for a second person", async () => {
  await withProduct(fast, async (product) => {
    const said = await inFolder("guide.js", await blocks("pay-out-safely.md", "js", product), deno);
    assert.match(said, /^true\nsucceeded [A-Z0-9]{10}\nawaiting_approval\ncli_approver\n$/);
    const [first, ...more] = await product.waitFor(async () => {
      const moved = await product.transactions({ kind: "b2c" });
      return moved.length >= 2 && moved;
    });
    assert.deepEqual([first?.amount, more.map(({ amount }) => amount)], [1200, [20_000]]);
  });
});

Deno.test("plain HTML: the shopper is sent to the page, greeted by a signed result, and served by the webhook", async () => {
  await withProduct(fast, async (product) => {
    const server = await blocks("plain-html.md", "js", product);
    const secret = /whsec_[\w+/=]+/.exec(server)?.[0] ?? "";
    const drive = `${server}
const shop = { fetch: (request) => server.fetch(request) };
const server = (await import(import.meta.url)).default;
const sold = await shop.fetch(new Request("https://shop.example/buy", { method: "POST" }));
const [order] = orders.values();
console.log(JSON.stringify({ status: sold.status, hosted: sold.headers.get("location"), ...order }));
const answers = [];
for (const line of (await new Response(Deno.stdin.readable).text()).split("\\n")) {
  const { url, ...init } = JSON.parse(line);
  const answer = await shop.fetch(new Request(url, init));
  answers.push([answer.status, await answer.text()]);
}
console.log(JSON.stringify({ answers, order: order.status }));
`;
    await inFolder("shop.js", drive, async (file) => {
      const map = `--import-map=${new URL("import-map.json", file).pathname}`;
      const args = ["run", "--quiet", "--no-config", "--no-check", map, "--allow-net=127.0.0.1", file.pathname];
      const child = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
        .spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const first = JSON.parse((await reader.read()).value ?? "");
      assert.equal(first.status, 303);
      const page = new URL(first.hosted);
      assert.equal((await product.request(new Request(page))).status, 200);
      await product.call("POST", `/v1/checkouts/${first.checkout}/attempts`, { phone_number: "0712345678" });
      await product.waitFor(async () => {
        const { body } = await product.call("GET", `/v1/checkouts/${first.checkout}`);
        return body.status === "succeeded";
      });
      const back = await fetch(`${page.origin}${page.pathname}/return${page.search}`, { redirect: "manual" });
      await back.body?.cancel();
      const event = JSON.stringify({
        type: "checkout.succeeded",
        subject: first.checkout,
        data: { reference: first.number },
      });
      const signature = new Webhook(secret).sign("evt_1", new Date(), event);
      const hook = (value: string) => ({
        url: "https://shop.example/hooks/malipo",
        method: "POST",
        body: event,
        headers: {
          "webhook-id": "evt_1",
          "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
          "webhook-signature": value,
        },
      });
      const asked = [
        { url: back.headers.get("location") },
        { url: "https://shop.example/thanks?status=succeeded&signature=made.up.bythem" },
        hook("v1,AAAA"),
        hook(signature),
        hook(signature),
      ];
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(asked.map((one) => JSON.stringify(one)).join("\n")));
      await writer.close();
      let said = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) said += part.value;
      await child.status;
      const { answers, order } = JSON.parse(said);
      assert.match(answers[0][1], /Thank you! order-\w+ is paid\./);
      assert.match(answers[1][1], /too old/);
      assert.deepEqual(answers.slice(2).map(([status]: [number]) => status), [400, 204, 204]);
      assert.equal(order, "paid");
    });
  });
});

Deno.test({
  name: "WooCommerce: the plugin sells, believes signed webhooks only, and completes what the API confirms",
  ignore: !await has("php"),
  fn: async () => {
    await withProduct(fast, async (product) => {
      const plugin = await blocks("woocommerce.md", "php", product);
      const shop = new URL("woocommerce.php", import.meta.url).pathname;
      const said = await inFolder("malipo.php", plugin, ({ pathname }) => run("php", [shop, pathname, product.api]));
      const { redirect, ...rest } = JSON.parse(said);
      assert.match(redirect, /\/pay\/chk_\w+\?token=/);
      const expected = { same: true, paid: null, signed: true, forged: false, altered: false, old: false };
      assert.deepEqual(rest, expected);
    });
  },
});

Deno.test("every link of the documents leads to a file or heading that is there", async () => {
  const docs = new URL("../", guides);
  const missing: string[] = [];
  for (const folder of [docs, guides, new URL("adr/", docs)]) {
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".md")) continue;
      const text = await Deno.readTextFile(new URL(name, folder));
      for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|mailto:|#)/.test(link)) continue;
        const target = new URL(link.split("#")[0] ?? "", new URL(name, folder));
        const there = await Deno.stat(target).then(() => true, () => false);
        if (!there) missing.push(`${name}: ${link}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});
