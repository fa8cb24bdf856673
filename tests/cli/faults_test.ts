import assert from "node:assert/strict";
import type { Reached } from "../../src/cli/doctor/address.ts";
import { examine, type Surroundings } from "../../src/cli/doctor/examine.ts";
import type { DoctorCheck } from "../../src/cli/doctor/report.ts";
import type { Config } from "../../src/config/config.ts";
import { statement } from "../../src/db/query.ts";
import { createMemoryStore } from "../../src/platform/memory.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";

const PAYBILL = "sho_01kamcvd000000000000000001";
const TILL = "sho_01kamcvd000000000000000002";
const HOUR_MS = 3_600_000;
const TEN_YEARS_MS = 10 * 365 * 24 * HOUR_MS;
const LIVE = JSON.stringify({ status: "live" });

const at = (publicUrl: string, simulated: boolean) => ({ config }: Surroundings): Partial<Surroundings> => {
  const changed: Config = {
    ...config,
    server: { ...config.server, publicUrl },
    daraja: { ...config.daraja, simulated },
  };
  return { config: changed };
};
const reaching = (reached: Reached) => ({ outside }: Surroundings): Partial<Surroundings> => ({
  outside: { ...outside, reach: () => Promise.resolve(reached) },
});
const dated = (ms: number) => ({ fetch: send }: Surroundings): Partial<Surroundings> => ({
  fetch: async (input, init) => {
    const answer = await send(input, init);
    const date = new Date(Date.parse(answer.headers.get("date") ?? "") + ms).toUTCString();
    return new Response(answer.body, {
      status: answer.status,
      headers: { ...Object.fromEntries(answer.headers), date },
    });
  },
});
const run =
  (sql: string, ...args: (string | number)[]) => async ({ db }: Surroundings): Promise<Partial<Surroundings>> => {
    await db?.write([statement(sql, ...args)]);
    return {};
  };

interface Fault {
  readonly what: string;
  readonly plant: (sound: Surroundings) => Partial<Surroundings> | Promise<Partial<Surroundings>>;
  readonly undo?: (sound: Surroundings) => unknown;
  /** The check that finds it, what it says, and what it advises. */
  readonly finds: readonly [of: string, status: "warn" | "fail", detail: RegExp, remedy: RegExp];
}

const faults: readonly Fault[] = [
  {
    what: "a clock that is five minutes off",
    plant: dated(300_000),
    finds: ["clock", "fail", /300 s away/, /NTP/],
  },
  {
    what: "a public URL whose name has no address",
    plant: ({ outside }) => ({ outside: { ...outside, resolve: () => Promise.reject(new Error("no such name")) } }),
    finds: ["dns", "fail", /has no address/, /PUBLIC_URL/],
  },
  {
    what: "a certificate that is not valid for the name",
    plant: (sound) => ({
      ...at("https://pay.shop.co.ke", true)(sound),
      ...reaching({ kind: "tls", why: "NotValidForName" })(sound),
    }),
    finds: ["tls", "fail", /not valid: NotValidForName/, /public authority/],
  },
  {
    what: "a word in the URL that Daraja refuses",
    plant: at("https://mpesa.shop.co.ke", false),
    finds: ["address", "fail", /contains "mpesa"/, /PUBLIC_URL/],
  },
  {
    what: "a proxy that answers in the service's place",
    plant: reaching({ kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" }),
    finds: ["callback path", "fail", /something else \(502\)/, /proxy/],
  },
  {
    what: "Daraja that can't be reached",
    plant: () => ({ fetch: () => Promise.reject(new TypeError("refused")) }),
    finds: ["daraja", "fail", /does not answer/, /DARAJA_BASE_URL/],
  },
  {
    what: "a till whose two numbers are swapped",
    plant: run("UPDATE shortcodes SET store_number = number WHERE id = ?", TILL),
    undo: run("UPDATE shortcodes SET store_number = '500001' WHERE id = ?", TILL),
    finds: ["500000 passkey", "fail", /refuses 500000/, /swapped/],
  },
  {
    what: "a certificate of Daraja's that has ended",
    plant: ({ clock }) => ({ clock: { now: () => clock.now() + TEN_YEARS_MS } }),
    finds: ["600000 certificate", "fail", /Ended on 2036-11-19/, /new certificate/],
  },
  {
    what: "a migration that has not been applied",
    plant: ({ migrations }) => ({ migrations: [...migrations, { ...migrations[0], name: "9999_next" } as never] }),
    finds: ["schema", "fail", /9999_next/, /deno task migrate/],
  },
  {
    what: "a KV store that keeps nothing",
    plant: ({ store, config }) => ({
      config: { ...config, kv: { path: "/data/kv.db" } },
      store: { ...store, keyValue: { ...store.keyValue, set: () => Promise.reject(new Error("read-only")) } },
    }),
    finds: ["kv", "fail", /Does not keep/, /KV_PATH/],
  },
  {
    what: "jobs that nobody runs",
    plant: run(
      "INSERT INTO jobs (id, kind, subject_id, status, run_at, attempts, created_at, updated_at) " +
        "VALUES ('job_1', 'notice', 'ntc_1', 'queued', 1, 0, 1, 1)",
    ),
    undo: run("DELETE FROM jobs WHERE id = 'job_1'"),
    finds: ["queue", "fail", /1 jobs are due/, /logs --level warn/],
  },
  {
    what: "a cron that has stopped",
    plant: (sound) =>
      run("INSERT OR REPLACE INTO alert_runs (name, at) VALUES ('rules', ?)", sound.clock.now() - HOUR_MS)(sound),
    undo: run("DELETE FROM alert_runs"),
    finds: ["cron", "fail", /not run for 60 min/, /Start the service/],
  },
  {
    what: "a webhook endpoint that fails",
    plant: run("UPDATE webhook_endpoints SET failing_since = created_at"),
    undo: run("UPDATE webhook_endpoints SET failing_since = NULL"),
    finds: ["webhooks", "warn", /whe_\w+ does not take its events/, /redeliver/],
  },
  {
    what: "a database that others on the machine may read",
    plant: ({ machine }) => ({ machine: { ...machine, modeOf: () => 0o100644 } }),
    finds: ["permissions", "fail", /Others on this machine may read/, /chmod 600/],
  },
  {
    what: "a disk that is nearly full",
    plant: ({ machine }) => ({ machine: { ...machine, freeBytes: () => 50 * 1_048_576 } }),
    finds: ["disk", "fail", /50 MiB are free/, /Make room/],
  },
  {
    what: "another encryption key than the one that sealed the secrets",
    plant: ({ config }) => ({
      config: { ...config, keys: { ...config.keys, encryption: config.keys.callback } as Config["keys"] },
    }),
    finds: ["600000", "fail", /can't be opened/, /ENCRYPTION_KEYS/],
  },
  {
    what: "an app whose secret Daraja refuses", // last: the change stays
    plant: () => ({}),
    finds: ["600000 token", "fail", /./, /./],
  },
];

Deno.test("the doctor finds each planted fault, says what to do, and finds nothing in a sound installation", async (t) => {
  await inProcess(async (product) => {
    await product.call("POST", "/v1/webhook-endpoints", {
      url: "http://127.0.0.1:9/hooks",
      events: ["checkout.succeeded"],
    });
    await product.sweep();
    const sound = await surroundingsOf(product);
    const bad = await wrongIn(sound);
    assert.deepEqual(bad, []);
    for (const { what, plant, undo, finds: [of, status, detail, remedy] } of faults) {
      await t.step(what, async () => {
        if (of === "600000 token") await product.call("PATCH", `/v1/shortcodes/${PAYBILL}`, { consumer_secret: "no" });
        const planted = { ...sound, ...await plant(sound) };
        try {
          const found = (await look(planted, planted.store === sound.store)).find((check) => check.of === of);
          assert.equal(found?.status, status, JSON.stringify(found));
          assert.match(found?.detail ?? "", detail);
          assert.match(found?.remedy ?? "", remedy);
        } finally {
          await undo?.(sound);
        }
      });
    }
  });
});

/** Each look has a store of its own, unless the store is the fault: a token of an earlier look would hide one. */
async function look(surroundings: Surroundings, fresh = true): Promise<DoctorCheck[]> {
  const store = fresh ? createMemoryStore(surroundings.clock, { write: () => {} }) : surroundings.store;
  return await examine({ ...surroundings, store }, { numbers: [], urls: false });
}

const wrongIn = async (surroundings: Surroundings): Promise<DoctorCheck[]> =>
  (await look(surroundings)).filter(({ status }) => status === "fail");

async function surroundingsOf({ config, time, db, simulator }: InProcess): Promise<Surroundings> {
  const clock = { now: () => time.now() };
  return {
    config,
    clock,
    fetch: async (input, init) => {
      const answer = await simulator.app.fetch(new Request(input, init));
      const headers = { ...Object.fromEntries(answer.headers), date: new Date(time.now()).toUTCString() };
      return new Response(answer.body, { status: answer.status, headers });
    },
    outside: {
      resolve: () => Promise.resolve(["127.0.0.1"]),
      reach: () => Promise.resolve({ kind: "answer", status: 200, body: LIVE }),
    },
    machine: { freeBytes: () => 2 ** 40, modeOf: () => 0o100600, isWritable: () => true },
    store: createMemoryStore(clock, { write: () => {} }),
    db,
    migrations: await loadMigrations(),
  };
}
