import assert from "node:assert/strict";
import { createCheckout } from "../support/checkouts.ts";
import { type Fleet, startFleet } from "../support/fleet.ts";
import { hasNginx } from "../support/nginx.ts";

const isInstalled = await hasNginx();
const isCi = Deno.env.get("CI") !== undefined;
const LIMIT = 15; // of each process; they compare their counts now and then, so together they allow twice that at most

/** Requests that a process has answered, by its log. */
const answered = (lines: readonly string[], path: string): number =>
  lines.filter((line) => line.includes('"event":"request"') && line.includes(path)).length;

const forged = (n: number) => ({ headers: { "x-forwarded-for": `41.90.${n}.1, 196.201.214.${n}` } });

async function status(fleet: Fleet, from: string, path: string, init?: RequestInit): Promise<number> {
  const response = await fleet.fetch(from)(`${fleet.url}${path}`, { redirect: "manual", ...init });
  await response.body?.cancel();
  return response.status;
}

async function paid(fleet: Fleet, id: string): Promise<void> {
  const read = async () => (await fleet.client.call<{ status: string }>("GET", `/v1/checkouts/${id}`)).body.status;
  while (await read() !== "succeeded") await new Promise((resolve) => setTimeout(resolve, 20));
}

Deno.test({
  name: isInstalled || isCi
    ? "two processes behind the nginx that we ship: paid, limited by the caller's own address, and one may die"
    : "nginx (skipped: it is not installed; apt-get install nginx-light)",
  ignore: !isInstalled && !isCi,
  async fn(t) {
    const fleet = await startFleet({ database: "file", env: { RATE_LIMIT_PAGES_PER_MINUTE: String(LIMIT) } });
    try {
      const [one, two] = await Promise.all([fleet.startApi(), fleet.startApi()]);
      await fleet.nginx.route([one, two].map(({ port }) => ({ port, weight: 1 })));

      await t.step("a payment succeeds through it, and both processes work", async () => {
        const ids = [];
        for (const phone of ["0712345671", "0712345672", "0712345673"]) {
          ids.push((await createCheckout(fleet.client, { phone_number: phone })).id);
        }
        for (const id of ids) await paid(fleet, id);
        for (const { child } of [one, two]) assert.ok(answered(child.lines, "/v1/checkouts") > 0);
        assert.equal((await fleet.transactions()).length, 3);
      });

      await t.step("a limit by address counts the real address, whatever X-Forwarded-For says", async () => {
        const seen = [];
        for (let n = 0; n < 2 * LIMIT + 2; n++) {
          seen.push(await status(fleet, "127.0.0.2", "/.well-known/jwks.json", forged(n)));
        }
        assert.deepEqual(seen.slice(0, LIMIT).filter((each) => each !== 200), [], "the limit itself is allowed");
        assert.deepEqual(seen.slice(-2), [429, 429]);
        assert.equal(
          await status(fleet, "127.0.0.3", "/.well-known/jwks.json", forged(99)),
          200,
          "another address is not limited",
        );
      });

      await t.step("a forged address does not use up the limit of its owner", async () => {
        const owner = { headers: { "x-forwarded-for": "127.0.0.5" } };
        for (let n = 0; n < 2 * LIMIT + 2; n++) await status(fleet, "127.0.0.4", "/.well-known/jwks.json", owner);
        assert.equal(await status(fleet, "127.0.0.5", "/.well-known/jwks.json"), 200);
      });

      await t.step(
        "plain http is redirected, metrics are hidden, and a body that is too large is refused",
        async () => {
          const plain = await fetch(`http://127.0.0.1:${fleet.nginx.plainPort}/pay/x?token=y`, { redirect: "manual" });
          await plain.body?.cancel();
          assert.equal(plain.status, 301);
          assert.match(plain.headers.get("location") ?? "", /^https:/);
          assert.equal(await status(fleet, "127.0.0.6", "/metrics"), 404);
          const large = { method: "POST", body: "x".repeat(4_000_000) };
          assert.equal(await status(fleet, "127.0.0.6", "/v1/checkouts", large), 413);
        },
      );

      await t.step("one process dies: requests and callbacks go to the other", async () => {
        await one.end("SIGKILL");
        for (const phone of ["0712345674", "0712345675", "0712345676", "0712345677"]) {
          await paid(fleet, (await createCheckout(fleet.client, { phone_number: phone })).id);
        }
        assert.equal((await fleet.transactions()).length, 7);
      });

      await t.step("its logs hold neither callback addresses nor tokens of pages", async () => {
        const { body } = await fleet.client.call<{ data: { hosted_url: string }[] }>("GET", "/v1/checkouts");
        const page = new URL(body.data[0]?.hosted_url ?? "");
        assert.equal(await status(fleet, "127.0.0.6", page.pathname + page.search), 200);
        assert.equal(await status(fleet, "127.0.0.6", "/console/sign-in/mls_secret"), 404);
        let log = "";
        while (!log.includes("/console/sign-in/")) { // nginx writes a line after its answer
          log = await Deno.readTextFile(`${fleet.nginx.folder}/malipo.log`);
        }
        const errors = await Deno.readTextFile(`${fleet.nginx.folder}/malipo-error.log`);
        assert.match(log, /POST \/notify\/- 200/);
        assert.match(log, /GET \/pay\/chk_\w+ 200/);
        assert.match(log, /GET \/console\/sign-in\/- 404/);
        assert.doesNotMatch(log + errors, /token=|mls_|\/notify\/[^-]/);
      });
    } finally {
      await fleet.stop();
    }
  },
});
