import assert from "node:assert/strict";
import { checkoutBody, createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";

const body = (i: number) => checkoutBody({ phone_number: `0700000${100 + i}`, reference: `held-${i}` });

/** Pushes that Daraja keeps waiting, until they are released. */
class SlowPushes {
  #arrived: PromiseWithResolvers<void> | null = null;
  readonly #released = Promise.withResolvers<void>();

  readonly daraja = async (request: Request): Promise<null> => {
    const arrived = this.#arrived;
    if (arrived !== null && request.url.includes("/stkpush/")) {
      arrived.resolve();
      await this.#released.promise;
    }
    return null;
  };

  /** So many checkouts under way, each waiting for Daraja. */
  async begin(run: InProcess, count: number): Promise<readonly ReturnType<InProcess["call"]>[]> {
    const slow = [];
    for (let i = 0; i < count; i++) {
      this.#arrived = Promise.withResolvers<void>();
      slow.push(run.call("POST", "/v1/checkouts", body(i)));
      await this.#arrived.promise;
    }
    this.#arrived = null;
    return slow;
  }

  release(): void {
    this.#released.resolve();
  }
}

async function refusedAtOnce(run: InProcess): Promise<void> {
  const refused = await run.call<ProblemBody>("POST", "/v1/checkouts", body(9));
  assert.deepEqual([refused.status, refused.body.code], [503, "unavailable"]);
  assert.equal(refused.headers.get("retry-after"), "1");
}

Deno.test("past the limit of calls to Daraja nothing that could call is taken; reads and callbacks still are", async () => {
  const pushes = new SlowPushes();
  await inProcess(async (run) => {
    const waiting = await createCheckout(run, { phone_number: "0712345678" });
    const slow = await pushes.begin(run, 3);
    const before = await run.count("checkouts");
    await refusedAtOnce(run);
    assert.equal(await run.count("checkouts"), before);
    await run.pass(); // the first checkout's callback comes
    assert.equal((await getCheckout(run, waiting.id)).status, "succeeded");
    pushes.release();
    assert.deepEqual((await Promise.all(slow)).map(({ status }) => status), [201, 201, 201]);
    assert.equal((await run.call("POST", "/v1/checkouts", body(10))).status, 201);
  }, { env: { DARAJA_CALLS_AT_ONCE: "3" }, daraja: pushes.daraja });
});

Deno.test("requests that wait for Daraja take no place of those that don't", async () => {
  const pushes = new SlowPushes();
  await inProcess(async (run) => {
    await run.token();
    const slow = await pushes.begin(run, 5);
    assert.equal((await run.call("GET", "/v1/checkouts")).status, 200);
    pushes.release();
    assert.deepEqual(new Set((await Promise.all(slow)).map(({ status }) => status)), new Set([201]));
  }, { env: { REQUESTS_AT_ONCE: "2" }, daraja: pushes.daraja });
});

Deno.test("past the limit of requests one is turned away at once, and callbacks and health still answered", async () => {
  const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let held = 0;
  await inProcess(async (run) => {
    await run.token();
    const waiting = await createCheckout(run, { phone_number: "0712345678" });
    held = 2;
    const slow = Array.from({ length: 2 }, () => run.call("GET", "/v1/checkouts"));
    await arrived.promise;
    await refusedAtOnce(run);
    assert.equal((await run.request(new Request("http://127.0.0.1:8000/health/live"))).status, 200);
    await run.pass();
    released.resolve();
    assert.deepEqual((await Promise.all(slow)).map(({ status }) => status), [200, 200]);
    assert.equal((await getCheckout(run, waiting.id)).status, "succeeded");
  }, {
    env: { REQUESTS_AT_ONCE: "2" },
    wrapDatabase: (db) => ({
      write: (statements) => db.write(statements),
      async read(statements) {
        if (held > 0 && /from checkouts .*limit/is.test(statements[0]?.sql ?? "")) {
          if (--held === 0) arrived.resolve();
          await released.promise;
        }
        return await db.read(statements);
      },
      close: () => db.close(),
    }),
  });
});
