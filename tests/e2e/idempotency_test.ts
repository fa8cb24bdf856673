import assert from "node:assert/strict";
import { checkoutBody } from "../support/checkouts.ts";
import { databases } from "../support/database.ts";
import { type ProblemBody, withProduct } from "../support/product.ts";

for (const database of databases()) {
  Deno.test(`100 concurrent creates with one key send one push (${database})`, async () => {
    await withProduct({ database, env: { SIMULATOR_CALLBACK_DELAY_MS: "400" } }, async (product) => {
      const body = checkoutBody({ phone_number: "0712345678" });
      const key = "order-1001-first-try";
      const answers = await Promise.all(
        Array.from(
          { length: 100 },
          () => product.call<{ id?: string; code?: string }>("POST", "/v1/checkouts", body, { key }),
        ),
      );
      const created = answers.filter(({ status }) => status === 201);
      const busy = answers.filter(({ status }) => status === 409);
      assert.equal(created.length + busy.length, 100);
      assert.equal(new Set(created.map((answer) => answer.body.id)).size, 1);
      assert.equal(created.filter(({ headers }) => !headers.has("idempotent-replayed")).length, 1);
      for (const { body } of busy) assert.equal(body.code, "idempotency_in_progress");
      assert.equal((await product.requests({ operation: "stk" })).length, 1);

      const first = created.find(({ headers }) => !headers.has("idempotent-replayed"));
      const again = await product.call("POST", "/v1/checkouts", body, { key });
      assert.deepEqual([again.status, again.headers.get("idempotent-replayed")], [201, "true"]);
      assert.deepEqual(again.body, first?.body);
      const other = await product.call<ProblemBody>("POST", "/v1/checkouts", { ...body, amount: 200 }, { key });
      assert.deepEqual([other.status, other.body.code], [422, "idempotency_key_reused"]);
      assert.equal((await product.requests({ operation: "stk" })).length, 1);
    });
  });
}
