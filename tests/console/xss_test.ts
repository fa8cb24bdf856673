import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { consoleUrl, signIn } from "../support/console.ts";
import { inProcess } from "../support/in-process.ts";
import { payPaybill } from "../support/money.ts";

const EVIL = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
const EMOJI = "👩‍👩‍👧‍👦".repeat(60).slice(0, 64);

Deno.test("no field of a merchant or a customer becomes markup, and long names break no page", () =>
  inProcess(async (run) => {
    await run.db.write([
      { sql: "UPDATE merchants SET name = ? WHERE id = ?", args: [EVIL, DEMO_MERCHANT] },
      { sql: "UPDATE shortcodes SET name = ? WHERE merchant_id = ?", args: [EVIL, DEMO_MERCHANT] },
    ]);
    const checkout = await createCheckout(run, {
      reference: EVIL.slice(0, 64),
      items: [{ name: EVIL, quantity: 1, amount: 150_000 }],
      metadata: { x: EVIL },
      phone_number: "0700001032",
    });
    const emoji = await createCheckout(run, { reference: EMOJI });
    await payPaybill(run, { reference: `<b>"'&` });
    await run.pass();
    const [[payment] = []] = await run.sql("SELECT id FROM payments WHERE status = 'unmatched'");
    const visitor = await signIn(run, "admin@demo.test");
    assert.equal((await getCheckout(run, emoji.id)).reference, EMOJI);
    for (
      const path of [
        "home",
        "home?charts=all",
        "attention",
        "payments",
        "checkouts",
        `checkouts/${checkout.id}`,
        `checkouts/${checkout.id}/cancel`,
        `checkouts/${emoji.id}`,
        `payments/${payment}`,
        `payments/${payment}/match`,
        `payments?status=${encodeURIComponent(EVIL)}&amount_min_kes=${encodeURIComponent(EVIL)}`,
        `payments/${payment}/match?order=${encodeURIComponent(EVIL)}`,
        `payments/${payment}/match?back=${encodeURIComponent(EVIL)}`,
      ]
    ) {
      const { html } = await visitor.go(consoleUrl(path));
      assert.doesNotMatch(html, /<script>|<img src=x|<b>"/, path);
      assert.match(html, /<\/html>/, path);
    }
  }));
