import assert from "node:assert/strict";
import type { PaymentDetail } from "../../src/domain/payments/contract.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { inProcess, publicUrl } from "../support/in-process.ts";
import { malipo } from "./run.ts";

/** A saved receipt and the keys of the service, in a folder of their own. */
async function withReceipt(test: (page: string, keys: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await inProcess(async (run) => {
      const { id } = await createCheckout(run, { phone_number: "0712345678" });
      await run.pass();
      const { payment } = await getCheckout(run, id);
      const { body } = await run.call<PaymentDetail>("GET", `/v1/payments/${payment?.id}`);
      const page = await run.app.request(`${body.receipt_url}?save=1`);
      await Deno.writeTextFile(`${folder}/receipt.html`, await page.text());
      await Deno.writeTextFile(`${folder}/keys.json`, await (await run.app.request("/.well-known/jwks.json")).text());
    });
    await test(`${folder}/receipt.html`, `${folder}/keys.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("receipt verify: a saved receipt is real without a network, a changed one is not, and wrong uses say why", async () => {
  await withReceipt(async (page, keys) => {
    const verify = (given: string, ...more: string[]) =>
      malipo({}, "receipt", "verify", given, "--url", publicUrl, "--keys", keys, "--offline", ...more);
    const good = await verify(page);
    assert.deepEqual([good.code, good.err], [0, ""]);
    assert.match(
      good.out,
      /The receipt is real: http:\/\/127\.0\.0\.1:8000 has signed it\.\n +from +Demo Shop\n +paid +KES\s1,500/,
    );
    assert.match(good.out, /now +not asked/);
    const html = await Deno.readTextFile(page);
    const text = /name="malipo-receipt" content="([\w.-]+)"/.exec(html)?.[1] ?? "";
    const json = await verify(text, "--json");
    assert.deepEqual([json.code, JSON.parse(json.out).receipt.amount], [0, 150_000]);
    const [head = "", body = "", signature = ""] = text.split(".");
    const changed = await verify(`${head}.${body.slice(0, -2)}AA.${signature}`);
    assert.deepEqual([changed.code, changed.out], [1, ""]);
    assert.match(changed.err, /not real: .* has not signed it, or it was changed/);
    const another = await malipo(
      {},
      "receipt",
      "verify",
      page,
      "--url",
      "https://pay.example",
      "--keys",
      keys,
      "--offline",
    );
    assert.equal(another.code, 1, "another service has not signed it");
    const uses = await Promise.all([
      malipo({}, "receipt", "verify", page, "--offline"),
      malipo({}, "receipt", "verify", "nowhere.html", "--url", publicUrl, "--keys", keys, "--offline"),
      malipo({}, "receipt", "verify", "https://evil.example/r/1", "--url", publicUrl, "--keys", keys),
    ]);
    assert.deepEqual(uses.map(({ code }) => code), [2, 1, 1]);
    assert.match(uses[1]?.err ?? "", /no such file/);
    assert.match(uses[2]?.err ?? "", /not one of http:\/\/127\.0\.0\.1:8000/);
  });
});
