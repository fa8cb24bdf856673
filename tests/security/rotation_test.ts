import assert from "node:assert/strict";
import { type NextStep, nextStep } from "../../src/cli/keys/rotation.ts";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import { createApp } from "../../src/app/app.ts";
import { createServices } from "../../src/app/services.ts";
import { sweep } from "../../src/app/sweep.ts";
import { createTokens } from "../../src/auth/tokens.ts";
import type { Config } from "../../src/config/config.ts";
import { encryptionKeyLength, parseKeyring } from "../../src/crypto/keyring.ts";
import { parseSigningKeys } from "../../src/crypto/signing.ts";
import type { RingName } from "../../src/db/schema.ts";
import { INDEXED } from "../../src/domain/keys/indexed.ts";
import { RINGS } from "../../src/domain/keys/known-keys.ts";
import { nameOf, SEALED } from "../../src/domain/keys/places.ts";
import { GONE_MS, reportKeys } from "../../src/domain/keys/report.ts";
import { ApiClient } from "../support/client.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";
import { createPayout } from "../support/payouts.ts";
import { payPaybill } from "../support/money.ts";

const MINUTE_MS = 60_000;

type Keys = Config["keys"];

/** The processes that M-Pesa's callbacks come to, by turns; without one they come to the process of the test. */
let reached: Process[] = [];

/** A process on the database of `run`, with keys of its own. */
class Process {
  private constructor(
    readonly services: Awaited<ReturnType<typeof createServices>>,
    readonly client: ApiClient,
    readonly app: ReturnType<typeof createApp>,
  ) {}

  static async start(run: InProcess, keys: Keys): Promise<Process> {
    const config = { ...run.config, keys };
    const services = await createServices({
      config,
      clock: run.time,
      db: run.db,
      kv: run.kv,
      queue: { enqueue: () => Promise.resolve(), listen: () => {} },
      log: run.services.log,
      fetch: async (input, init) => await run.simulator.app.fetch(new Request(input, init)),
    });
    services.jobs.start(jobHandlers(services));
    const tokens = await createTokens({ keys: keys.signing, issuer: publicUrl, clock: run.time });
    const app = createApp({
      services,
      tokens,
      kv: run.kv,
      health: { db: run.db, migrations: [], isAccepting: () => true },
    });
    const client = new ApiClient(() => publicUrl, async (request) => await app.fetch(request), () => run.time.now());
    await sweep(services, run.kv);
    return new Process(services, client, app);
  }

  async sweep(run: InProcess): Promise<void> {
    await sweep(this.services, run.kv);
    this.services.jobs.claimNow();
    await this.services.jobs.idle();
  }

  async stop(run: InProcess): Promise<void> {
    await this.services.jobs.stop(1_000);
    this.services.daraja.close?.();
    await run.db.write([{
      sql: "DELETE FROM key_processes WHERE process = ?",
      args: [this.services.sweepState.process],
    }]);
  }
}

/** The keys with another value of one setting. */
function withSetting(keys: Keys, ring: RingName, value: string): Keys {
  if (ring === "signing") {
    const parsed = parseSigningKeys(value);
    assert.ok(parsed.ok);
    return { ...keys, signing: parsed.value };
  }
  const parsed = parseKeyring(value, encryptionKeyLength);
  assert.ok(parsed.ok);
  return { ...keys, [ring]: parsed.value };
}

/** What a shop does, half of it with one process and half with the other: nothing may fail. */
async function traffic(run: InProcess, a: Process, b: Process, round: number): Promise<number> {
  let requests = 0;
  const ok = (answer: { readonly status: number; readonly body: unknown }, what: string) => {
    requests++;
    assert.ok(answer.status < 300, `round ${round}: ${what} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  for (const [one, other] of [[a, b], [b, a]] as const) {
    const token = await one.client.token("cli_demo"); // issued by one, used at the other
    const call: ApiClient["call"] = (method, path, body, options) =>
      other.client.call(method, path, body, { client: null, token, ...options });
    const phone = `0712345${600 + round}`;
    const made = ok(
      await call("POST", "/v1/checkouts", {
        amount: 100_000,
        currency: "KES",
        reference: `round ${round}`,
        phone_number: phone,
      }),
      "create",
    ) as { id: string; hosted_url: string };
    const page = await one.app.fetch(new Request(made.hosted_url));
    assert.equal(page.status, 200, "a page's link works at the other process");
    reached = [one, other]; // the callback comes to the process that has not prompted
    await run.pass(5_000);
    for (let i = 0; i < 2; i++) { // the callback may come after the jobs have ended
      await run.pass(1_000);
      for (const process of [one, other]) await process.services.jobs.idle();
    }
    const read = ok(await one.client.call("GET", `/v1/checkouts/${made.id}`), "read") as { status: string };
    assert.equal(read.status, "succeeded", `round ${round}`);
    const found = ok(await one.client.call("GET", `/v1/checkouts?phone=${phone}`), "search") as { data: unknown[] };
    assert.ok(found.data.length > 0, "found by its phone at the other process");
    run.time.skip(61_000);
  }
  return requests;
}

Deno.test("all four rings are rotated under load, two processes at a time: nothing fails, and the old keys go", () =>
  inProcess(async (run) => {
    await payPaybill(run, { reference: "X1" });
    await createPayout(run);
    await run.pass();
    const first = run.config.keys;
    let keys: Keys = first;
    let a = await Process.start(run, keys);
    let b = await Process.start(run, keys);
    await run.services.jobs.stop(1_000);
    let round = 0;
    let requests = 0;
    /** Deploys a value to one process after the other, with traffic between. */
    const deploy = async (ring: RingName, value: string) => {
      keys = withSetting(keys, ring, value);
      await b.stop(run);
      b = await Process.start(run, keys);
      requests += await traffic(run, a, b, ++round);
      const early = await nextStep({ db: run.db, keys, now: run.time.now() }, ring);
      await a.stop(run);
      a = await Process.start(run, keys);
      requests += await traffic(run, a, b, ++round);
      for (const process of [a, b]) await process.sweep(run);
      return early;
    };
    const step = async (ring: RingName): Promise<Exclude<NextStep, { refused: unknown }>> => {
      let next = await nextStep({ db: run.db, keys, now: run.time.now() }, ring);
      for (let i = 0; "refused" in next && i < 20; i++) {
        run.time.skip(MINUTE_MS);
        for (const process of [a, b]) await process.sweep(run);
        await endOldWork(run);
        next = await nextStep({ db: run.db, keys, now: run.time.now() }, ring);
      }
      if ("refused" in next) assert.fail(`${ring}: ${next.step} is refused: ${next.refused}`);
      return next;
    };
    for (const ring of ["index", "encryption", "signing", "callback"] as const) {
      const add = await step(ring);
      assert.equal(add.step, "add");
      const early = await deploy(ring, add.value);
      assert.ok("refused" in early && early.step === "activate", "one process does not know it yet");
      const activate = await step(ring);
      assert.equal(activate.step, "activate");
      const tooSoon = await deploy(ring, activate.value);
      assert.ok("refused" in tooSoon && tooSoon.step === "remove", "one process still works with the old key");
      const remove = await step(ring);
      assert.equal(remove.step, "remove");
      await deploy(ring, remove.value);
      assert.equal(keys[ring].length, 1);
      assert.notDeepEqual(keys[ring], first[ring]);
    }
    assert.ok(requests >= 48, `${requests} requests`);
    for (const column of SEALED) {
      const rows = await run.sql(
        `SELECT ${column.key}, ${column.column} FROM ${column.table} WHERE ${column.column} IS NOT NULL`,
      );
      for (const [row, value] of rows) {
        await a.services.vault.open(value as Uint8Array, {
          table: column.table,
          column: column.column,
          row: String(row),
        });
      }
    }
    await a.stop(run);
    await b.stop(run);
    reached = [];
  }, { callback: (request) => reached[0]?.app.fetch(request) ?? null }));

/** What waits for an address of before: its shop registers the addresses again, and open checkouts expire. */
async function endOldWork(run: InProcess): Promise<void> {
  await run.db.write([
    {
      sql: "UPDATE shortcodes SET urls_registered_at = ? WHERE urls_registered_at IS NOT NULL",
      args: [run.time.now()],
    },
    { sql: "UPDATE checkouts SET status = 'expired' WHERE status IN ('open', 'pending')", args: [] },
  ]);
}

Deno.test("every column with sealed values or blind indexes is known to the rotation", () =>
  inProcess(async (run) => {
    await Promise.resolve();
    const others = [
      "clients.secret_hash",
      "clients.previous_secret_hash",
      "notices.digest",
      "idempotency_keys.fingerprint",
      "audit_seals.digests",
      "audit_seals.hash",
      "audit_heads.hash",
      "audit_checks.hash",
      "sign_in_links.token_hash",
      "sessions.token_hash",
      "merchant_logos.content",
      "outside_subjects.subject_hash",
      "passkeys.credential_hash",
      "used_challenges.hash",
      "signatures.challenge",
      "signatures.client_data",
      "signatures.authenticator_data",
      "signatures.signature",
    ];
    const blobs = await run.sql(
      "SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c " +
        "WHERE t.type = 'table' AND c.type = 'BLOB'",
    );
    const known = new Set([...SEALED.map(nameOf), ...INDEXED.map(nameOf), ...others]);
    assert.deepEqual(blobs.map(([name]) => String(name)).filter((name) => !known.has(name)), []);
  }));

Deno.test("a process that is gone stops nobody, and one that ended at once neither", () =>
  inProcess(async (run) => {
    await reportKeys(run.services);
    const lost = await Process.start(run, { ...run.config.keys });
    const add = await nextStep({ db: run.db, keys: run.config.keys, now: run.time.now() }, "encryption");
    assert.ok("value" in add);
    const keys = withSetting(run.config.keys, "encryption", add.value);
    const step = async () => await nextStep({ db: run.db, keys, now: run.time.now() }, "encryption");
    const refused = await step();
    assert.ok("refused" in refused && refused.refused.length === 2, "both lack the new key");
    run.time.skip(GONE_MS + 1);
    assert.ok("value" in await step(), "both are gone");
    await lost.services.jobs.stop(100);
    lost.services.daraja.close?.();
  }, { withoutJobs: true }));

Deno.test("a key that is new makes nothing, and a setting without an active key is refused", () => {
  for (const text of ["a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:verify", ""]) {
    assert.equal(parseKeyring(text, encryptionKeyLength).ok, false);
  }
  assert.equal(RINGS.length, 4);
});

Deno.test("seals are counted by key, and the count survives the process", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await reportKeys(run.services);
    const [[id, seals]] = await run.sql("SELECT key_id, seals FROM key_seals") as [[string, number]];
    assert.equal(id, run.services.vault.activeKey);
    assert.ok(seals >= 3);
    await createCheckout(run, { phone_number: "0712345679" });
    await reportKeys(run.services);
    const [[, more]] = await run.sql("SELECT key_id, seals FROM key_seals") as [[string, number]];
    assert.ok(more > seals);
  }));
