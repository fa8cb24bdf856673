import assert from "node:assert/strict";
import { checkoutBody, createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { timesOfDay } from "../support/time.ts";
import { shopping } from "./shopper.ts";

const HOUR_MS = 3_600_000;
const limited = { env: { PROMPTS_PER_PHONE_PER_HOUR: "5" } };
const pushes = (run: InProcess) =>
  run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length;
const create = (run: InProcess, phone: string, client: "cli_demo" | "cli_other" = "cli_demo") =>
  run.call<ProblemBody>("POST", "/v1/checkouts", checkoutBody({ phone_number: phone }), { client });

for (const [when, startMs] of timesOfDay) {
  Deno.test(`a phone rings at most five times an hour, over all merchants, by API and page alike, ${when}`, () =>
    inProcess(async (run) => {
      for (const client of ["cli_demo", "cli_other", "cli_demo", "cli_other"] as const) {
        assert.equal((await create(run, "0712345678", client)).status, 201);
      }
      const visit = await shopping(run);
      assert.equal((await visit.prompt("+254 712 345 678")).response.status, 200);
      const before = await run.count("checkouts");
      for (const client of ["cli_demo", "cli_other"] as const) {
        const { status, body, headers } = await create(run, "254712345678", client);
        assert.equal(status, 429);
        assert.equal(body.code, "prompts_limited");
        assert.match(headers.get("retry-after") ?? "", /^3600$/);
      }
      assert.equal(await run.count("checkouts"), before);
      assert.equal(pushes(run), 5);
      assert.equal((await create(run, "0712345679")).status, 201);
      const open = await createCheckout(run);
      const attempt = await run.call<ProblemBody>("POST", `/v1/checkouts/${open.id}/attempts`, {
        phone_number: "0712345678",
      });
      assert.equal(attempt.status, 429);
      assert.equal((await run.call("GET", `/v1/checkouts/${open.id}`)).status, 200);
    }, { ...limited, startMs }));

  Deno.test(`the hour slides: a prompt is free again an hour after the first, not at the turn of the clock, ${when}`, () =>
    inProcess(async (run) => {
      await create(run, "0712345678");
      await run.pass(40 * 60_000);
      for (let i = 0; i < 4; i++) await create(run, "0712345678");
      await run.pass(15 * 60_000);
      const refused = await create(run, "0712345678");
      assert.equal(refused.status, 429);
      const seconds = Number(refused.headers.get("retry-after"));
      assert.ok(seconds > 4 * 60 && seconds <= 5 * 60, `${seconds}`);
      await run.pass(seconds * 1000);
      assert.equal((await create(run, "0712345678")).status, 201);
      assert.equal((await create(run, "0712345678")).status, 429);
      await run.pass(HOUR_MS);
      assert.equal((await create(run, "0712345678")).status, 201);
    }, { ...limited, startMs }));

  Deno.test(`of twenty at once exactly five ring, ${when}`, () =>
    inProcess(async (run) => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => create(run, "0712345678")));
      assert.equal(answers.filter(({ status }) => status === 201).length, 5);
      assert.equal(answers.filter(({ status }) => status === 429).length, 15);
      assert.equal(pushes(run), 5);
    }, { ...limited, startMs }));

  Deno.test(`a push that never left does not count, ${when}`, () => {
    let down = true;
    return inProcess(async (run) => {
      for (let i = 0; i < 7; i++) assert.equal((await create(run, "0712345678")).status, 201);
      down = false;
      await run.pass(60_000); // a breaker may have opened
      for (let i = 0; i < 5; i++) assert.equal((await create(run, "0712345678")).status, 201);
      assert.equal((await create(run, "0712345678")).status, 429);
    }, {
      ...limited,
      startMs,
      daraja: (request) => {
        if (down && request.url.includes("stkpush")) {
          throw new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });
        }
        return null;
      },
    });
  });

  Deno.test(`a checkout prompts at most ten times, also when asked twenty times at once, ${when}`, () =>
    inProcess(async (run) => {
      const { id } = await createCheckout(run, { expires_in: 3_600 });
      const prompt = (i: number) =>
        run.call<ProblemBody>("POST", `/v1/checkouts/${id}/attempts`, { phone_number: `07123450${10 + i}` });
      const attempts = await Promise.all(Array.from({ length: 20 }, (_, i) => prompt(i)));
      for (let i = 20; i < 32; i++) attempts.push(await prompt(i)); // those at once may lose to each other: 409
      assert.equal((await getCheckout(run, id)).attempts.length, 10);
      const refused = attempts.filter(({ status }) => status === 429);
      assert.ok(refused.length >= 2);
      for (const { body, headers } of refused) {
        assert.equal(body.code, "prompts_limited");
        assert.ok(Number(headers.get("retry-after")) > 3_000);
      }
      assert.equal(pushes(run), 10);
    }, { startMs, env: { PROMPTS_PER_CHECKOUT: "10" } }));

  Deno.test(`a refusal claims no Idempotency-Key: the same request is taken when its time has come, ${when}`, () =>
    inProcess(async (run) => {
      await create(run, "0712345678");
      const body = checkoutBody({ phone_number: "0712345678" });
      const refused = await run.call("POST", "/v1/checkouts", body, { key: "once" });
      assert.equal(refused.status, 429);
      await run.pass(Number(refused.headers.get("retry-after")) * 1000);
      assert.equal((await run.call("POST", "/v1/checkouts", body, { key: "once" })).status, 201);
    }, { startMs, env: { PROMPTS_PER_PHONE_PER_HOUR: "1" } }));
}
