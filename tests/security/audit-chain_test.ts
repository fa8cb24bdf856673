import assert from "node:assert/strict";
import { acceptTrail, reportLines, verifyTrail } from "../../src/cli/audit/trail.ts";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import type { Value } from "../../src/db/database.ts";
import type { ChainProblem } from "../../src/db/schema.ts";
import { type Anchor, createNotary, keptAnchors } from "../../src/domain/audit/anchor.ts";
import { atBeginning, entriesBetween, seal } from "../../src/domain/audit/chain.ts";
import { rows } from "../../src/db/query.ts";
import { chainNames, checkTriggers, verifyChain } from "../../src/domain/audit/verify.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { createPayout } from "../support/payouts.ts";

const HOUR_MS = 3_600_000;

/** The service with a trail of some hours, sealed and anchored. */
async function withTrail(test: (run: InProcess) => Promise<void>): Promise<void> {
  await inProcess(async (run) => {
    for (let i = 0; i < 3; i++) {
      await createCheckout(run, { phone_number: "0712345678", reference: `order ${i}` });
      await run.pass();
    }
    await seal1(run);
    run.time.skip(HOUR_MS);
    await seal1(run);
    assert.deepEqual(await problemsOf(run), []);
    await test(run);
  });
}

/** A run of the job, as a minute later. */
async function seal1(run: InProcess): Promise<void> {
  run.time.skip(60_000);
  await run.sweep();
  await run.pass(1_000);
}

/** What `audit verify` finds in the demo merchant's chain, and about the triggers. */
async function problemsOf(run: InProcess, more: readonly Anchor[] = []): Promise<readonly ChainProblem[]> {
  const notary = await createNotary(run.config.keys.signing);
  const anchors = [...await keptAnchors(run.kv), ...more];
  const { problems } = await verifyChain(run.db, DEMO_MERCHANT, notary, anchors);
  return [...problems, ...await checkTriggers(run.db)];
}

const kindsOf = async (run: InProcess): Promise<string[]> => (await problemsOf(run)).map(({ kind }) => kind);

/** Writes as somebody who has the database and no respect for triggers. */
async function tamper(run: InProcess, ...statements: readonly (readonly [sql: string, ...args: Value[]])[]) {
  const made = await run.sql(
    "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_seals')",
  );
  const names = ["audit_is_kept", "audit_is_final", "audit_seals_are_kept", "audit_seals_are_final"];
  await run.db.write([
    ...names.map((name) => ({ sql: `DROP TRIGGER ${name}`, args: [] })),
    ...statements.map(([sql, ...args]) => ({ sql, args })),
    ...made.map(([sql]) => ({ sql: String(sql), args: [] })),
  ]);
}

const middle = "(SELECT seq FROM audit WHERE merchant_id IS NOT NULL ORDER BY seq LIMIT 1 OFFSET 4)";

Deno.test("audit verify finds an entry that was changed, in any column, and names it", () =>
  withTrail(async (run) => {
    const [[seq]] = await run.sql(`SELECT ${middle}`) as [[number]];
    const columns = [
      "actor",
      "action",
      "subject_id",
      "request_id",
      "data",
      "at",
      "actor_merchant_id",
      "address",
      "before",
      "after",
    ];
    for (const column of columns) {
      const [[before = null] = []] = await run.sql(`SELECT ${column} FROM audit WHERE seq = ?`, seq);
      const value = column === "at" ? 7 : ["data", "before", "after"].includes(column) ? '{"amount":1}' : "someone";
      await tamper(run, [`UPDATE audit SET ${column} = ? WHERE seq = ?`, value, seq]);
      assert.deepEqual(await problemsOf(run), [{ kind: "changed", seq }], column);
      await tamper(run, [`UPDATE audit SET ${column} = ? WHERE seq = ?`, before, seq]);
      assert.deepEqual(await problemsOf(run), [], `${column} as it was`);
    }
    await tamper(run, [`UPDATE audit SET merchant_id = 'mer_other' WHERE seq = ?`, seq]);
    assert.deepEqual(await problemsOf(run), [{ kind: "removed", seq }], "given to another merchant");
  }));

Deno.test("audit verify finds an entry that was removed", () =>
  withTrail(async (run) => {
    const [[seq]] = await run.sql(`SELECT ${middle}`) as [[number]];
    await tamper(run, ["DELETE FROM audit WHERE seq = ?", seq]);
    assert.deepEqual(await problemsOf(run), [{ kind: "removed", seq }]);
  }));

Deno.test("audit verify finds entries that changed places", () =>
  withTrail(async (run) => {
    const [[a], [b]] = await run.sql(
      "SELECT seq FROM audit WHERE merchant_id = ? ORDER BY seq LIMIT 2 OFFSET 3",
      DEMO_MERCHANT,
    ) as [[number], [number]];
    await tamper(
      run,
      ["UPDATE audit SET seq = -1 WHERE seq = ?", a],
      ["UPDATE audit SET seq = ? WHERE seq = ?", a, b],
      ["UPDATE audit SET seq = ? WHERE seq = -1", b],
    );
    assert.deepEqual(await problemsOf(run), [{ kind: "reordered", seq: a }, { kind: "reordered", seq: b }]);
  }));

Deno.test("audit verify finds an entry that was put in between, before the first and after the last sealed one", () =>
  withTrail(async (run) => {
    const insert = "INSERT INTO audit (seq, merchant_id, actor, action, subject_id, data, at) " +
      "VALUES (?, ?, 'cli_x', 'payout.approved', 'pyt_x', '{}', 1)";
    await run.db.write([{ sql: insert, args: [-5, DEMO_MERCHANT] }]);
    assert.deepEqual(await problemsOf(run), [{ kind: "inserted", seq: -5 }]);
    await tamper(run, ["DELETE FROM audit WHERE seq = -5"]);
    const [[seq]] = await run.sql(`SELECT ${middle}`) as [[number]];
    await tamper(
      run,
      ["UPDATE audit SET merchant_id = 'mer_other' WHERE seq = ?", seq],
      ["UPDATE audit_sealing SET last_seq = last_seq + 1000"],
      [insert, 900, DEMO_MERCHANT],
    );
    assert.deepEqual(await problemsOf(run), [{ kind: "removed", seq }, { kind: "inserted", seq: 900 }]);
  }));

Deno.test("audit verify finds a tail that was cut off with its seals and its signed head, by the anchor outside", () =>
  withTrail(async (run) => {
    const [[head]] = await run.sql(
      "SELECT json_object('kid', kid, 'signature', signature, 'at', at) FROM audit_heads WHERE merchant_id = ?",
      DEMO_MERCHANT,
    ) as [[string]];
    const old = JSON.parse(head) as { kid: string; signature: string; at: number };
    const [[entries, seq, hash]] = await run.sql(
      "SELECT entries, last_seq, hash FROM audit_seals WHERE merchant_id = ? ORDER BY entries DESC LIMIT 1",
      DEMO_MERCHANT,
    ) as [[number, number, Uint8Array]];
    await createPayout(run);
    await run.pass();
    run.time.skip(HOUR_MS);
    await seal1(run);
    assert.equal(
      (await keptAnchors(run.kv)).find(({ merchant }) => merchant === DEMO_MERCHANT)!.entries > entries,
      true,
    );
    await tamper(
      run,
      ["DELETE FROM audit WHERE seq > ?", seq],
      ["DELETE FROM audit_seals WHERE last_seq > ?", seq],
      [
        "UPDATE audit_heads SET entries = ?, seq = ?, hash = ?, at = ?, kid = ?, signature = ?, anchored_entries = 0 WHERE merchant_id = ?",
        ...[entries, seq, hash, old.at, old.kid, old.signature, DEMO_MERCHANT],
      ],
      ["UPDATE audit_sealing SET last_seq = ?", seq],
    );
    const notary = await createNotary(run.config.keys.signing);
    assert.deepEqual((await verifyChain(run.db, DEMO_MERCHANT, notary, [])).problems, [], "alone it looks whole");
    assert.deepEqual(await kindsOf(run), ["truncated"]);
    const logged = run.logged("audit_anchor").map(({ fields }) => fields.anchor as Anchor);
    const own = logged.filter(({ merchant }) => merchant === DEMO_MERCHANT);
    assert.deepEqual((await verifyChain(run.db, DEMO_MERCHANT, notary, own)).problems.map(({ kind }) => kind), [
      "truncated",
    ]);
  }));

Deno.test("audit verify finds a trigger that was dropped, or that does nothing", () =>
  withTrail(async (run) => {
    for (const table of ["audit", "audit_seals"]) {
      const name = table === "audit" ? "audit_is_kept" : "audit_seals_are_kept";
      const [[sql]] = await run.sql("SELECT sql FROM sqlite_schema WHERE name = ?", name) as [[string]];
      await run.db.write([{ sql: `DROP TRIGGER ${name}`, args: [] }]);
      assert.deepEqual(await kindsOf(run), ["trigger_dropped"]);
      await run.db.write([{ sql: `CREATE TRIGGER ${name} BEFORE DELETE ON ${table} BEGIN SELECT 1; END`, args: [] }]);
      assert.deepEqual(await kindsOf(run), ["trigger_dropped"]);
      await run.db.write([{ sql: `DROP TRIGGER ${name}`, args: [] }, { sql, args: [] }]);
      assert.deepEqual(await kindsOf(run), []);
    }
  }));

Deno.test("who rewrites an entry and every seal after it can't sign the new end", () =>
  withTrail(async (run) => {
    const [[seq]] = await run.sql(`SELECT ${middle}`) as [[number]];
    await tamper(run, ["UPDATE audit SET actor = 'cli_x' WHERE seq = ?", seq]);
    const [entries] = await rows(run.db, entriesBetween(DEMO_MERCHANT, 0, 1_000_000));
    const made = seal(atBeginning(DEMO_MERCHANT), entries, 1);
    await tamper(
      run,
      ["DELETE FROM audit_seals WHERE merchant_id = ?", DEMO_MERCHANT],
      [
        "INSERT INTO audit_seals (merchant_id, entries, last_seq, digests, hash, at) VALUES (?, ?, ?, ?, ?, 1)",
        ...[DEMO_MERCHANT, made.entries, made.last_seq, made.digests, made.hash],
      ],
      ["UPDATE audit_heads SET hash = ? WHERE merchant_id = ?", made.hash, DEMO_MERCHANT],
    );
    const found = await kindsOf(run);
    assert.deepEqual(new Set(found), new Set(["seal_changed"]));
  }));

Deno.test("two processes that seal at once make one chain", () =>
  inProcess(async (run) => {
    for (let i = 0; i < 5; i++) await createCheckout(run);
    const { sealEntries } = await import("../../src/domain/audit/seal.ts");
    const notary = await createNotary(run.config.keys.signing);
    const sealing = () => sealEntries(run.services, notary, run.time.now() + 1_000);
    const results = await Promise.allSettled([sealing(), sealing(), sealing()]);
    assert.ok(results.some(({ status }) => status === "fulfilled"));
    for (const name of await chainNames(run.db, [])) {
      const report = await verifyChain(run.db, name, notary, []);
      assert.deepEqual(report.problems, [], name);
    }
    const [[sealed]] = await run.sql("SELECT sum(entries) FROM audit_heads") as [[number]];
    assert.equal(sealed, await run.count("audit"));
  }, { withoutJobs: true }));

Deno.test("the anchor goes to the log, to the KV store, and as a signed event to the merchant, once an hour", () =>
  withTrail(async (run) => {
    const events = await run.sql(
      "SELECT data FROM events WHERE type = 'audit.checkpoint' AND merchant_id = ?",
      DEMO_MERCHANT,
    );
    assert.equal(events.length, 1);
    const told = JSON.parse(String(events[0]?.[0])) as Anchor;
    const kept = (await keptAnchors(run.kv)).find(({ merchant }) => merchant === DEMO_MERCHANT);
    assert.deepEqual(kept, told);
    assert.ok(run.logged("audit_anchor").some(({ fields }) => JSON.stringify(fields.anchor) === JSON.stringify(told)));
    const { body } = await run.call<{ keys: JsonWebKey[] }>("GET", "/.well-known/jwks.json", undefined, {
      client: null,
    });
    const key = await crypto.subtle.importKey("jwk", body.keys[0]!, "Ed25519", false, ["verify"]);
    const { merchant, entries, seq, hash, sealed_at, signature } = told;
    const text = ["malipo/audit-anchor/v1", merchant, entries, seq, hash, sealed_at].join("\n");
    const bytes = Uint8Array.fromBase64(signature, { alphabet: "base64url" });
    assert.ok(await crypto.subtle.verify("Ed25519", key, bytes, new TextEncoder().encode(text)));
  }));

Deno.test("a refusal of what moves money or administers is in the trail, once a minute, with its address", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { amount: 2_000_000 });
    const refused = async (
      method: "GET" | "POST",
      path: string,
      client: "cli_demo" | "cli_other" | "cli_approver",
      body?: unknown,
    ) => (await run.call<ProblemBody>(method, path, body, { client })).status;
    for (let i = 0; i < 3; i++) {
      assert.equal(await refused("POST", `/v1/payouts/${id}/approve`, "cli_demo", {}), 403);
    }
    assert.equal(await refused("POST", `/v1/payouts/${id}/cancel`, "cli_other", {}), 404, "another merchant's");
    assert.equal(await refused("GET", "/v1/clients", "cli_approver"), 403);
    assert.equal(await refused("GET", `/v1/payouts/pyt_01kamcvd000000000000000001`, "cli_demo"), 404);
    run.time.skip(60_000);
    assert.equal(await refused("POST", `/v1/payouts/${id}/approve`, "cli_demo", {}), 403);
    const denied = await run.sql(
      "SELECT actor, subject_id, data, address, actor_merchant_id = merchant_id FROM audit WHERE action = 'access.denied' ORDER BY seq",
    );
    const other = "cli_other";
    assert.deepEqual(denied.map(([actor, subject, data]) => [actor, subject, JSON.parse(String(data))]), [
      ["cli_demo", id, { operation: "approvePayout", code: "insufficient_scope" }],
      [other, id, { operation: "cancelPayout", code: "not_found" }],
      ["cli_approver", "listClients", { operation: "listClients", code: "insufficient_scope" }],
      ["cli_demo", id, { operation: "approvePayout", code: "insufficient_scope", repeats: 2 }],
    ]);
    assert.ok(denied.every(([, , , address, same]) => address === "unknown" && same === 1));
  }));

Deno.test("a change of settings is in the trail with what was before and after, whose client it was, and its address", () =>
  inProcess(async (run) => {
    const change = (max_amount: number) =>
      run.call("PATCH", "/v1/payout-limits", { merchant: DEMO_MERCHANT, max_amount }, { client: "cli_platform" });
    for (const amount of [7_000_000, 9_000_000]) assert.equal((await change(amount)).status, 200);
    const { body } = await run.call<{ data: { before: unknown; after: unknown; who_merchant: string }[] }>(
      "GET",
      "/v1/audit?act=payout_limits.updated",
      undefined,
      { client: "cli_operator" },
    );
    assert.deepEqual(body.data.map(({ before, after }) => [before, after]), [
      [{ max_amount: 7_000_000 }, { max_amount: 9_000_000 }],
      [{ max_amount: null }, { max_amount: 7_000_000 }],
    ]);
    assert.ok(body.data.every(({ who_merchant }) => who_merchant.startsWith("mer_")));
  }));

Deno.test("the command verifies every chain, with the anchors of a log, and a person can accept a restore", () =>
  withTrail(async (run) => {
    const trail = { db: run.db, kv: run.kv, keys: run.config.keys.signing, clock: run.time };
    const whole = await verifyTrail(trail);
    assert.ok(whole.isWhole && reportLines(whole).at(-1) === "The audit trail is whole.");
    const lines = run.lines.map(({ event, fields }) => JSON.stringify({ event, ...fields }));
    assert.ok((await verifyTrail(trail, lines)).chains.some(({ anchors }) => anchors >= 2));
    const seq = (await keptAnchors(run.kv)).find(({ merchant }) => merchant === DEMO_MERCHANT)?.seq;
    await tamper(
      run,
      ["DELETE FROM audit WHERE merchant_id = ?", DEMO_MERCHANT],
      [
        "DELETE FROM audit_seals WHERE merchant_id = ?",
        DEMO_MERCHANT,
      ],
      ["DELETE FROM audit_heads WHERE merchant_id = ?", DEMO_MERCHANT],
      [
        "UPDATE audit_sealing SET last_seq = (SELECT coalesce(max(seq), 0) FROM audit)",
      ],
    );
    const restored = await verifyTrail(trail);
    assert.deepEqual(restored.chains.flatMap(({ problems }) => problems), [{ kind: "truncated", seq }]);
    assert.deepEqual(await acceptTrail(trail, "cli", "a test"), [DEMO_MERCHANT]);
    assert.ok((await verifyTrail(trail)).isWhole);
    const [[data]] = await run.sql("SELECT data FROM audit WHERE action = 'audit.accepted'") as [[string]];
    assert.equal(JSON.parse(data).reason, "a test");
  }));
