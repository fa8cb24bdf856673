import assert from "node:assert/strict";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import type { CrashPoint } from "../../chaos/child/control.ts";
import { ApiProcess } from "../../chaos/api-process.ts";
import type { DatabaseKind } from "../../support/database.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";
import { type Product, withProduct } from "../../support/product.ts";

/** The points around the B2C call where the process is killed. The row is written before the call, and after the answer. */
const points: readonly { readonly name: string; readonly last: string; readonly crash: CrashPoint }[] = [
  {
    name: "before anything of the call is stored",
    last: "1001",
    crash: { when: "before", what: "write", match: "UPDATE payouts", nth: 1 },
  },
  {
    name: "before the call",
    last: "1002",
    crash: { when: "after", what: "write", match: "UPDATE payouts", nth: 1 },
  },
  {
    name: "during the call: taken, and the answer not read",
    last: "1003",
    crash: { when: "after", what: "daraja", match: "/b2c/", nth: 1 },
  },
  {
    name: "after the answer, before it is stored",
    last: "1004",
    crash: { when: "before", what: "write", match: "UPDATE payouts", nth: 2 },
  },
  {
    name: "after the answer is stored",
    last: "1005",
    crash: { when: "after", what: "write", match: "UPDATE payouts", nth: 2 },
  },
];

const ORDERS = { clockFile: null, refuse: null, sabotage: null };

/** Starts the API with a crash point, makes a payout, waits until the process has killed itself, and starts it again. */
async function crashOnce(product: Product, crash: CrashPoint, phone: string): Promise<string> {
  await product.kill("SIGTERM");
  const doomed = new ApiProcess(product.env, { ...ORDERS, crash }, []);
  await doomed.ready;
  const reference = `crash-${phone}`;
  await createPayout(product, { phone_number: phone, reference }).catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error; // the process may be gone before it has answered
  });
  await doomed.ended;
  await product.restart();
  const { data } = (await product.call<{ data: PayoutView[] }>("GET", "/v1/payouts")).body;
  const made = data.find((payout) => payout.reference === reference);
  assert.ok(made, "the payout was stored before the process was killed");
  return made.id;
}

/** Kills the API at every point, and compares what is left with the simulator's books. */
export function killAtEveryPoint(database: DatabaseKind): void {
  Deno.test(`killed at any point around the call, a payout is one transfer and succeeds (${database})`, async (t) => {
    const env = { PLAN_SCALE: "0.01", SIMULATOR_CALLBACK_DELAY_MS: "300" };
    await withProduct({ database, env }, async (product) => {
      for (const { name, last, crash } of points) {
        await t.step(name, async () => {
          const phone = `25471234${last}`;
          const id = await crashOnce(product, crash, phone);
          if (crash.when === "before" && crash.nth === 1) await act(product, id, "refresh"); // else its lease runs a minute
          const paid = await product.waitFor(async () => {
            const read = await getPayout(product, id);
            return read.status === "succeeded" && read;
          }, { what: `the success of ${id}` });
          const books = await product.transactions({ phone });
          assert.deepEqual(
            books.map((book) => [book.kind, book.originator_conversation_id, book.receipt, book.amount]),
            [["b2c", paid.originator_conversation_id, paid.receipt, 1_500]],
          );
          const asked = (await product.requests({ phone, operation: "b2c" })).map(({ body }) =>
            (body as { OriginatorConversationID: string }).OriginatorConversationID
          );
          assert.deepEqual([...new Set(asked)], [paid.originator_conversation_id]);
          const told = (await eventTypes(product, id)).filter((type) => type === "payout.succeeded");
          assert.equal(told.length, 1);
        });
      }
      assert.equal((await product.transactions({ kind: "b2c" })).length, points.length);
    });
  });
}
