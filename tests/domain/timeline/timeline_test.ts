import assert from "node:assert/strict";
import type { TimelineEntry } from "../../../src/domain/timeline/contract.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type CallOptions, type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

async function timeline(run: InProcess, path: string, options: CallOptions = {}): Promise<readonly TimelineEntry[]> {
  const { status, body } = await run.call<{ data: TimelineEntry[] }>("GET", `/v1/${path}/timeline`, undefined, options);
  assert.equal(status, 200, JSON.stringify(body));
  const times = body.data.map(({ at }) => at);
  assert.deepEqual(times, times.toSorted(), "oldest first");
  return body.data;
}

const textsOf = (entries: readonly TimelineEntry[]): string[] => entries.map(({ text }) => text);

Deno.test("a paid checkout tells its prompt, M-Pesa's callback, that it is paid, and what the shop was told", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const entries = await timeline(run, `checkouts/${id}`);
    const texts = textsOf(entries);
    for (
      const text of [
        "cli_demo created the checkout.",
        "The phone 2547•••••678 was prompted.",
        "Safaricom accepted the prompt.",
        "Safaricom's callback about the prompt came and was used.",
        "The prompt was paid.",
        "It is paid.",
        "The event checkout.succeeded is stored. No webhook endpoint takes it.",
      ]
    ) assert.ok(texts.includes(text), `${text} in ${texts.join(" | ")}`);
    const swahili = textsOf(
      await timeline(run, `checkouts/${id}`, { headers: { "accept-language": "sw-KE,en;q=0.5" } }),
    );
    assert.ok(swahili.includes("Imelipwa."));
    assert.equal(swahili.length, texts.length);
    const [payment] = (await run.call<{ data: { id: string }[] }>("GET", "/v1/payments")).body.data;
    const ofPayment = textsOf(await timeline(run, `payments/${payment?.id}`));
    assert.match(ofPayment.join("|"), /KES\s1,500 came, with the receipt U/);
    assert.ok(ofPayment.some((text) => text.startsWith("Safaricom's callback")), ofPayment.join(" | "));
    assert.ok(!JSON.stringify(entries).includes("254712345678"));
  }));

Deno.test("a prompt that was not paid says why, and a checkout in review what happens next and what to quote", () =>
  inProcess(async (run) => {
    const cancelled = await createCheckout(run, { phone_number: "0700001032" });
    const differs = await createCheckout(run, { phone_number: "0700009005", reference: "order-9" });
    await run.pass();
    const texts = textsOf(await timeline(run, `checkouts/${cancelled.id}`));
    assert.ok(texts.some((text) => /^The prompt was not paid: .*cancelled/i.test(text)), texts.join(" | "));
    const last = (await timeline(run, `checkouts/${differs.id}`)).at(-1);
    assert.equal(last?.kind, "next");
    assert.match(last?.text ?? "", /quote order-9/);
  }));

Deno.test("a payout tells who acted and what M-Pesa said; in doubt it says when we ask again", () =>
  inProcess(async (run) => {
    const payout = (phone: string) => ({
      amount: 100_000,
      currency: "KES",
      phone_number: phone,
      reference: "emp-1",
      purpose: "salary",
      allow_duplicate: true,
    });
    const paid = await run.call<{ id: string }>("POST", "/v1/payouts", payout("0712345678"));
    const lost = await run.call<{ id: string }>("POST", "/v1/payouts", payout("0700009014"));
    await run.pass();
    const texts = textsOf(await timeline(run, `payouts/${paid.body.id}`));
    for (
      const text of [
        "cli_demo created the payout.",
        "We sent it to M-Pesa.",
        "M-Pesa took it; the result follows.",
        "It is paid out.",
      ]
    ) {
      assert.ok(texts.includes(text), `${text} in ${texts.join(" | ")}`);
    }
    await run.db.write([{ sql: "UPDATE payouts SET status = 'in_doubt' WHERE id = ?", args: [lost.body.id] }]);
    const last = (await timeline(run, `payouts/${lost.body.id}`)).at(-1);
    assert.match(last?.text ?? "", /^We ask M-Pesa again at \d\d:\d\d:\d\d and don't send it as new\.$/);
  }));

Deno.test("another merchant's timeline is not found, and each needs its scope", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const [payment] = (await run.call<{ data: { id: string }[] }>("GET", "/v1/payments")).body.data;
    for (const path of [`checkouts/${id}`, `payments/${payment?.id}`, "payouts/pyt_1", "refunds/rfd_1"]) {
      const other = await run.call<ProblemBody>("GET", `/v1/${path}/timeline`, undefined, { client: "cli_other" });
      assert.deepEqual([path, other.status], [path, 404]);
    }
  }));
