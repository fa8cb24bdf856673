import assert from "node:assert/strict";
import { type Database, DatabaseUnavailable } from "../../src/db/database.ts";
import { statement } from "../../src/db/query.ts";
import { openRemote } from "../../src/db/remote.ts";
import { databases, withStore } from "../support/database.ts";
import type { Sqld } from "../support/sqld.ts";

const create = statement("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT");
const add = (n: number) => statement("INSERT INTO t VALUES (?)", n);
const count = statement("SELECT count(*) FROM t");
const unavailable = (unapplied: boolean) => (error: unknown): boolean =>
  error instanceof DatabaseUnavailable && error.unapplied === unapplied;

function onSqld(name: string, test: (server: Sqld) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !databases().includes("sqld"),
    fn: () => withStore("sqld", (_url, server) => server === undefined ? Promise.reject() : test(server)),
  });
}

/** A proxy that counts the round trips, and can break them. */
function withProxy(target: string, spoil: (count: number) => Response | "cut" | "lose" | null = () => null) {
  let requests = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => undefined }, async (request) => {
    const spoilt = spoil(++requests);
    const body = await request.arrayBuffer();
    if (spoilt instanceof Response) return spoilt;
    if (spoilt === "cut") throw new Error("cut");
    const { pathname } = new URL(request.url);
    const answer = await fetch(target + pathname, { method: request.method, headers: request.headers, body });
    const bytes = await answer.arrayBuffer();
    if (spoilt === "lose") return new Response("lost", { status: 502 });
    return new Response(bytes, { status: answer.status, headers: { "content-type": "application/json" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    get requests() {
      return requests;
    },
    stop: () => server.shutdown(),
  };
}

async function withRemote(url: string, test: (db: Database) => Promise<void>): Promise<void> {
  const db = openRemote(url);
  await test(db).finally(() => db.close());
}

onSqld("writes that come while one is under way share one round trip", async (server) => {
  const proxy = withProxy(server.url);
  await withRemote(proxy.url, async (db) => {
    await db.write([create]);
    const before = proxy.requests;
    await Promise.all(Array.from({ length: 60 }, (_, i) => db.write([add(2 * i), add(2 * i + 1)])));
    assert.ok(proxy.requests - before <= 2, `${proxy.requests - before} round trips`);
    const [result] = await db.read([count, count]);
    assert.deepEqual(result?.rows, [[120]]);
    assert.ok(proxy.requests - before <= 3);
  });
  await proxy.stop();
});

onSqld("a batch that fails costs one more round trip, not one for each batch of its group", async (server) => {
  const proxy = withProxy(server.url);
  await withRemote(proxy.url, async (db) => {
    await db.write([create, add(7)]);
    const before = proxy.requests;
    const settled = await Promise.allSettled(Array.from({ length: 30 }, (_, i) => db.write([add(i), add(i + 100)])));
    assert.deepEqual(settled.flatMap(({ status }, i) => status === "rejected" ? [i] : []), [7]);
    assert.ok(proxy.requests - before <= 3, `${proxy.requests - before} round trips`);
  });
  await proxy.stop();
});

onSqld("a server that is away is unavailable with nothing stored, and used again when back", async (server) => {
  await withRemote(server.url, async (db) => {
    await db.write([create]);
    await server.kill();
    await assert.rejects(db.write([add(1)]), unavailable(true));
    await assert.rejects(db.read([count]), unavailable(true));
    await server.restart();
    await db.write([add(2)]);
    assert.deepEqual((await db.read([count]))[0]?.rows, [[1]]);
  });
});

onSqld("a write whose answer is lost is in doubt, and is never sent again", async (server) => {
  const proxy = withProxy(server.url, (n) => n === 2 ? "lose" : null);
  await withRemote(proxy.url, async (db) => {
    await db.write([create]);
    await assert.rejects(db.write([add(1)]), unavailable(false));
    assert.equal(proxy.requests, 2);
    assert.deepEqual((await db.read([count]))[0]?.rows, [[1]]);
  });
  await proxy.stop();
});

onSqld("a read is tried a second time, and not a third", async (server) => {
  const proxy = withProxy(server.url, (n) => n === 2 || n >= 4 ? new Response("bad", { status: 502 }) : null);
  await withRemote(proxy.url, async (db) => {
    await db.write([create]);
    assert.deepEqual((await db.read([count]))[0]?.rows, [[0]]);
    assert.equal(proxy.requests, 3);
    await assert.rejects(db.read([count]), DatabaseUnavailable);
    assert.equal(proxy.requests, 5);
  });
  await proxy.stop();
});

Deno.test("an answer of another kind of server is unavailable, and its text is not shown", async () => {
  const answers: [Response, boolean][] = [
    [new Response("<html>secret</html>", { headers: { "content-type": "text/html" } }), false],
    [new Response("{}", { headers: { "content-type": "application/json" } }), false],
    [
      new Response(`{"message":"no","code":"AUTH_JWT_INVALID"}`, {
        status: 401,
        headers: { "content-type": "application/json" },
      }),
      true,
    ],
    [new Response("no", { status: 404 }), true],
    [new Response("busy", { status: 503 }), false],
  ];
  for (const [answer, unapplied] of answers) {
    const proxy = withProxy("", () => answer);
    await withRemote(proxy.url, async (db) => {
      await assert.rejects(db.write([add(1)]), (error) => {
        assert.ok(unavailable(unapplied)(error), `${answer.status}: ${error}`);
        assert.doesNotMatch(String(error), /127\.0\.0\.1/);
        if (answer.status === 401) assert.match(String(error), /refused our token.*DATABASE_AUTH_TOKEN/);
        return true;
      });
    });
    await proxy.stop();
  }
});
