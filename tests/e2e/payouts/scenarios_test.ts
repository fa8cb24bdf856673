import assert from "node:assert/strict";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import { databases } from "../../support/database.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";
import { type Product, withProduct } from "../../support/product.ts";
import { withCut } from "./cut.ts";

/** Asked after at 1.2 s, in doubt at 6 s, then asked at 0.3, 1.2, 3, 9 and 36 s. */
const env = { PLAN_SCALE: "0.01", SIMULATOR_CALLBACK_DELAY_MS: "150" };

const until = (product: Product, id: string, is: (payout: PayoutView) => boolean): Promise<PayoutView> =>
  product.waitFor(async () => {
    const payout = await getPayout(product, id);
    return is(payout) && payout;
  }, { what: `the end of ${id}` });

const ended = ({ status }: PayoutView) => status === "succeeded" || status === "failed";

async function oneTransfer(product: Product, last: string): Promise<void> {
  const phone = `25471234${last}`;
  const { id } = await createPayout(product, { phone_number: phone });
  const paid = await until(product, id, ended);
  assert.equal(paid.status, "succeeded", last);
  const books = await product.transactions({ phone });
  assert.deepEqual(
    books.map((book) => [book.originator_conversation_id, book.receipt]),
    [[paid.originator_conversation_id, paid.receipt]],
  );
  assert.equal((await eventTypes(product, id)).filter((type) => type === "payout.succeeded").length, 1);
}

async function fails(product: Product, last: string, failure: string): Promise<void> {
  const phone = `25471234${last}`;
  const { id } = await createPayout(product, { phone_number: phone });
  const failed = await until(product, id, ended);
  assert.deepEqual([failed.status, failed.failure?.code, failed.result_code], [
    "failed",
    failure,
    String(Number(last)),
  ]);
  assert.deepEqual(await product.transactions({ phone }), []);
}

/** Taken, never found: sent again with the same id, refused as a duplicate, and then left to a person. */
async function lost(product: Product): Promise<void> {
  const phone = "254712349017";
  const { id } = await createPayout(product, { phone_number: phone });
  const asked = async () => (await product.requests({ phone, operation: "b2c" })).map(({ body }) => body);
  await product.waitFor(async () => (await asked()).length === 2);
  assert.equal((await until(product, id, ({ status }) => status === "in_doubt")).status, "in_doubt");
  const ids = (await asked()).map((body) => (body as { OriginatorConversationID: string }).OriginatorConversationID);
  assert.equal(new Set(ids).size, 1);
  const operator = { client: "cli_operator" } as const;
  const listed = await product.call<{ data: PayoutView[] }>("GET", "/v1/payouts?status=in_doubt", undefined, operator);
  assert.ok(listed.body.data.some((payout) => payout.id === id));
  const resolved = await act(product, id, "resolve", operator, {
    outcome: "failed",
    evidence: "Portal statement of 22 November: no such transaction",
  });
  assert.deepEqual([resolved.status, resolved.body.status], [200, "failed"]);
  assert.deepEqual(await product.transactions({ phone }), []);
}

/** M-Pesa names another payee than was given: held until a person confirms the name; the next one with that name leaves. */
async function named(product: Product): Promise<void> {
  const listed = await product.call<{ data: { id: string; number: string }[] }>("GET", "/v1/shortcodes");
  const paybill = listed.body.data.find(({ number }) => number === "600000")?.id;
  assert.equal((await product.call("PATCH", `/v1/shortcodes/${paybill}`, { name_check: true })).status, 200);
  const phone_number = "254722000888";
  const { id } = await createPayout(product, { phone_number, payee: { given_name: "Zuhura Xaba" } });
  const held = await until(product, id, ({ needs_person }) => needs_person);
  assert.deepEqual([held.status, held.payee.match], ["queued", "mismatch"]);
  assert.deepEqual(await product.transactions({ phone: phone_number }), []);
  const confirmed = await act(product, id, "confirm-payee", { client: "cli_approver" });
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
  const paid = await until(product, id, ended);
  assert.equal(paid.status, "succeeded");
  const next = { phone_number, amount: 70_000, payee: { given_name: paid.payee.name } };
  const matching = await until(product, (await createPayout(product, next)).id, ended);
  assert.deepEqual([matching.status, matching.payee.match], ["succeeded", "match"]);
  const receipts = (await product.transactions({ phone: phone_number })).map(({ receipt }) => receipt);
  assert.deepEqual(receipts.toSorted(), [paid.receipt, matching.receipt].toSorted());
}

for (const database of databases()) {
  Deno.test(`every scenario of a payout ends where it must (${database})`, () =>
    withProduct({ database, env }, async (product) => {
      await Promise.all([
        ...["5678", "9014", "9015", "9016"].map((last) => oneTransfer(product, last)),
        lost(product),
        fails(product, "0001", "insufficient_float"),
        fails(product, "2001", "initiator_rejected"),
        fails(product, "2040", "recipient_not_registered"),
        fails(product, "8006", "initiator_locked"),
      ]);
    }));

  Deno.test(`a payee whom M-Pesa names otherwise is paid once a person has confirmed the name (${database})`, () =>
    withProduct({ database, env }, named));

  Deno.test(`a connection cut once the request is taken ends succeeded with one transfer (${database})`, () =>
    withCut((cut) =>
      withProduct({ database, env, daraja: cut.to }, async (product) => {
        cut.next("/b2c/");
        await oneTransfer(product, "5678");
        cut.next("/b2c/");
        await oneTransfer(product, "9014");
      })
    ));
}
