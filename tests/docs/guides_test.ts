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

Deno.test("deposits and instalments: a part comes, a prompt asks for the rest, and the checkout is paid", async () => {
  await withProduct(fast, async (product) => {
    const { body } = await product.call<{ data: { id: string; number: string }[] }>("GET", "/v1/shortcodes");
    const id = body.data.find(({ number }) => number === "600000")?.id;
    assert.equal((await product.call("POST", `/v1/shortcodes/${id}/register-urls`, {})).status, 200);
    const script = (await blocks("deposits-and-instalments.md", "sh", product))
      .replaceAll("http://127.0.0.1:8001", product.simulator);
    const said = await inFolder("guide.sh", `set -eu\n${script}`, ({ pathname }) => run("bash", [pathname]));
    assert.match(said, /"amount_received":0,"amount_due":150000/);
    assert.match(said, /"amount_received":50000,"amount_due":100000/);
    assert.match(said, /"amount":100000/);
    assert.match(said, /"status":"succeeded"[^]*"amount_received":150000,"amount_due":0/);
    const moved = await product.transactions();
    assert.deepEqual(moved.map(({ kind, amount }) => [kind, amount]), [["c2b", 500], ["stk", 1000]]);
  });
});

Deno.test("collect rent and fees: early money is a balance, pays the bill, and is on the statement", async () => {
  await withProduct(fast, async (product) => {
    const { body } = await product.call<{ data: { id: string; number: string }[] }>("GET", "/v1/shortcodes");
    const id = body.data.find(({ number }) => number === "600000")?.id;
    assert.equal((await product.call("POST", `/v1/shortcodes/${id}/register-urls`, {})).status, 200);
    const script = (await blocks("collect-rent-and-fees.md", "sh", product))
      .replaceAll("http://127.0.0.1:8001", product.simulator);
    const said = await inFolder("guide.sh", `set -eu\n${script}`, ({ pathname }) => run("bash", [pathname]));
    assert.match(said, /"balance":2000000/);
    assert.match(said, /"status":"succeeded"[^]*"amount_allocated":1500000/);
    assert.match(said, /,received,20000,20000,[^]*,applied,-15000,5000,/);
    const [, url = ""] = /"url":"([^"]+)"/.exec(said) ?? [];
    const page = await fetch(`${product.api}${url.slice(url.indexOf("/s/"))}`);
    assert.match(await page.text(), /KES 5,000/);
    assert.deepEqual((await product.transactions()).map(({ kind, amount }) => [kind, amount]), [["c2b", 20_000]]);
    const check = await product.call<{ findings: unknown[] }>("POST", "/v1/ledger/checks", undefined, {
      client: "cli_operator",
    });
    assert.deepEqual([check.status, check.body.findings], [200, []]);
  });
});

Deno.test("payment links and receipts: a link is paid once, and the payment has a signed receipt", async () => {
  await withProduct(fast, async (product) => {
    const script = await blocks("payment-links-and-receipts.md", "sh", product);
    const said = await inFolder("guide.sh", `set -eu\n${script}`, ({ pathname }) => run("bash", [pathname]));
    assert.match(said, /"display_name":"Mama Njeri Stores"/);
    assert.match(said, /"status":"active"[^]*"status":"paid"[^]*"times_paid":1,"amount_received":150000/);
    assert.match(said, /name="malipo-receipt"\n$/);
  });
});

Deno.test("pay out safely: one key pays once, and a large payout waits for a second person", async () => {
  await withProduct(fast, async (product) => {
    const said = await inFolder("guide.js", await blocks("pay-out-safely.md", "js", product), deno);
    assert.match(
      said,
      /^true\nsucceeded [A-Z0-9]{10}\nawaiting_approval\n254712345678 2000000\ncli_approver\nlooks_like_a_duplicate\nMercy Achieng\n$/,
    );
    const [first, ...more] = await product.waitFor(async () => {
      const moved = await product.transactions({ kind: "b2c" });
      return moved.length >= 3 && moved;
    });
    assert.deepEqual([first?.amount, more.map(({ amount }) => amount).sort()], [1200, [1500, 20_000]]);
  });
});

interface Shop {
  readonly default: { fetch(request: Request): Promise<Response> };
}

/** The guide's shop, in this process. */
async function shopOf(
  product: Product,
): Promise<{ ask: (path: string, init?: RequestInit) => Promise<Response>; secret: string }> {
  const client = new URL("../../src/client/mod.ts", import.meta.url).href;
  const code = (await blocks("plain-html.md", "js", product)).replaceAll('"@malipo/client"', JSON.stringify(client));
  const { default: server }: Shop = await inFolder("shop.js", code, (file) => import(file.href));
  return {
    ask: (path, init) => server.fetch(new Request(new URL(path, "https://shop.example"), init)),
    secret: /whsec_[\w+/=]+/.exec(code)?.[0] ?? "",
  };
}

Deno.test("plain HTML: the shopper is sent to the page, greeted by a signed result, and served by the webhook", async () => {
  await withProduct(fast, async (product) => {
    const { ask, secret } = await shopOf(product);
    const sold = await ask("/buy", { method: "POST" });
    const page = new URL(sold.headers.get("location") ?? "");
    assert.equal(sold.status, 303);
    assert.equal((await product.request(new Request(page))).status, 200);

    const id = page.pathname.split("/").at(-1) ?? "";
    await product.call("POST", `/v1/checkouts/${id}/attempts`, { phone_number: "0712345678" });
    const paid = await product.waitFor(async () => {
      const { body } = await product.call("GET", `/v1/checkouts/${id}`);
      return body.status === "succeeded" && body;
    });
    const back = await fetch(`${page.origin}${page.pathname}/return${page.search}`, { redirect: "manual" });
    await back.body?.cancel();
    assert.match(await (await ask(back.headers.get("location") ?? "")).text(), /Thank you! order-\w+ is paid\./);
    assert.match(await (await ask("/thanks?status=succeeded&signature=made.up.bythem")).text(), /too old/);

    const event = JSON.stringify({ type: "checkout.succeeded", subject: id, data: { reference: paid.reference } });
    const at = new Date();
    const hook = (signature: string) => ({
      method: "POST",
      body: event,
      headers: {
        "webhook-id": "evt_1",
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": signature,
      },
    });
    const signature = new Webhook(secret).sign("evt_1", at, event);
    assert.equal((await ask("/hooks/malipo", hook("v1,AAAA"))).status, 400);
    assert.equal((await ask("/hooks/malipo", hook(signature))).status, 204);
    assert.equal((await ask("/hooks/malipo", hook(signature))).status, 204);
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

Deno.test("a guide whose code uses the client says how to install it", async () => {
  const folder = new URL("../../docs/guides/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    if (!/^import .* from "@malipo\/client"/m.test(text)) continue;
    assert.match(text, /npm install REPOSITORY\/dist\/client|take-a-payment\.md#5-from-your-shop/, name);
  }
});
