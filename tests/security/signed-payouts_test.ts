import assert from "node:assert/strict";
import { exportJWK, generateKeyPair } from "jose";
import { erasePerson } from "../../src/domain/privacy/erase.ts";
import { findPerson } from "../../src/domain/privacy/person.ts";
import { newId } from "../../src/crypto/ids.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";
import { createPayout, getPayout, payoutBody } from "../support/payouts.ts";

/* Whoever can only write to the database invents no payout, and a client that signs can show what it has asked for. */

const keys = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
const stranger = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
const jwk = { ...await exportJWK(keys.publicKey), kid: "payouts-1" };
const sent = (run: InProcess) => run.simulator.world.transactions.list().length;

/** Makes signatures of `cli_demo` required. */
async function requireSignatures(run: InProcess): Promise<void> {
  await run.db.write([{
    sql:
      "UPDATE clients SET scopes = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(scopes) UNION " +
      "SELECT j.value FROM clients d, json_each(d.scopes) j WHERE d.id = 'cli_demo')) WHERE id = 'cli_operator'",
    args: [],
  }]);
  const access = { payout_signature: "required", signature_keys: [jwk] };
  const { status } = await run.call("PATCH", "/v1/clients/cli_demo", { access }, { client: "cli_operator" });
  assert.equal(status, 200);
}

interface Signing {
  readonly path?: string;
  readonly covers?: readonly string[];
  readonly created?: number;
  readonly params?: string;
  readonly key?: CryptoKey;
  readonly keyId?: string;
  readonly signedBody?: string;
  readonly signedKey?: string;
}

/** The headers of a signed request, by hand, as RFC 9421 says. */
async function sign(run: InProcess, body: string, idempotencyKey: string, how: Signing = {}) {
  const signedBody = how.signedBody ?? body;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(signedBody)));
  const digest = `sha-256=:${hash.toBase64()}:`;
  const values: Record<string, string> = {
    "@method": "POST",
    "@target-uri": publicUrl + (how.path ?? "/v1/payouts"),
    "content-digest": digest,
    "idempotency-key": how.signedKey ?? idempotencyKey,
  };
  const covers = how.covers ?? Object.keys(values);
  const created = how.created ?? Math.floor(run.time.now() / 1000);
  const params = `(${covers.map((name) => `"${name}"`).join(" ")});created=${created}` +
    `;keyid="${how.keyId ?? "payouts-1"}"${how.params ?? ""}`;
  const base = [...covers.map((name) => `"${name}": ${values[name]}`), `"@signature-params": ${params}`].join("\n");
  const signature = await crypto.subtle.sign("Ed25519", how.key ?? keys.privateKey, new TextEncoder().encode(base));
  return {
    "content-digest": digest,
    "signature-input": `sig1=${params}`,
    "signature": `sig1=:${new Uint8Array(signature).toBase64()}:`,
  };
}

async function pay(run: InProcess, how: Signing = {}, headers: Record<string, string> = {}) {
  const raw = JSON.stringify(payoutBody({ reference: `wage ${crypto.randomUUID().slice(0, 8)}` }));
  const key = crypto.randomUUID();
  const signed = await sign(run, raw, key, how);
  return await run.call<ProblemBody & { id: string }>("POST", "/v1/payouts", undefined, {
    raw,
    key,
    headers: { ...signed, ...headers },
  });
}

Deno.test("a client that has to sign is refused without a signature, and with one that does not hold", () =>
  inProcess(async (run) => {
    await requireSignatures(run);
    const plain = await run.call<ProblemBody>("POST", "/v1/payouts", payoutBody());
    assert.deepEqual([plain.status, plain.body.code], [403, "signature_invalid"]);
    const now = Math.floor(run.time.now() / 1000);
    const bad: readonly [string, Signing][] = [
      ["another key under this id", { key: stranger.privateKey }],
      ["a key that the client does not have", { keyId: "payouts-2" }],
      ["another body", { signedBody: "{}" }],
      ["another Idempotency-Key", { signedKey: "another" }],
      ["another address", { path: "/v1/payout-batches" }],
      ["no digest", { covers: ["@method", "@target-uri", "idempotency-key"] }],
      ["no Idempotency-Key", { covers: ["@method", "@target-uri", "content-digest"] }],
      ["old", { created: now - 301 }],
      ["of the future", { created: now + 60 }],
      ["expired", { params: `;expires=${now - 1}` }],
      ["another algorithm", { params: ';alg="hmac-sha256"' }],
    ];
    for (const [what, how] of bad) {
      const { status, body } = await pay(run, how);
      assert.deepEqual([status, body.code], [403, "signature_invalid"], what);
    }
    assert.equal((await pay(run, {}, { signature: "nonsense(" })).body.code, "signature_invalid");
    assert.equal(await run.count("payouts"), 0);
    const good = await pay(run);
    assert.equal(good.status, 202, JSON.stringify(good.body));
    await run.pass();
    assert.equal((await getPayout(run, good.body.id)).status, "succeeded");
    const other = await createPayout(run, {}, { client: "cli_treasurer" });
    assert.ok(other.id, "other clients sign nothing");
    const [row] = await run.sql(
      "SELECT count(*), max(instr(content, '254')), max(instr(content, 'wage')) FROM signed_requests",
    );
    assert.deepEqual(row, [1, 0, 0], "kept once, and sealed");
  }));

Deno.test("a signed batch is paid, as CSV with a byte-order mark too, and its rows share one signed request", () =>
  inProcess(async (run) => {
    await requireSignatures(run);
    const csv =
      "\ufeffphone_number,amount_kes,reference,purpose,remarks\r\n0712345601,100,a,salary,pay\r\n0712345602,100,b,salary,pay\r\n";
    const key = crypto.randomUUID();
    const path = "/v1/payout-batches";
    const made = await run.call<{ id: string; total: number }>("POST", path, undefined, {
      raw: csv,
      key,
      headers: { ...await sign(run, csv, key, { path }), "content-type": "text/csv" },
    });
    assert.deepEqual([made.status, made.body.total], [202, 2], JSON.stringify(made.body));
    await run.pass();
    assert.equal(sent(run), 2);
    const [counts] = await run.sql("SELECT count(DISTINCT signed_request), count(DISTINCT origin) FROM payouts");
    assert.deepEqual(counts, [1, 2]);
  }));

Deno.test("a signed request that was changed or removed in the database sends nothing, and somebody is told", async (t) => {
  const changes: readonly [string, string][] = [
    ["removed", "DELETE FROM signed_requests"],
    ["of another client", "UPDATE signed_requests SET client_id = 'cli_treasurer'"],
    ["changed", "UPDATE signed_requests SET content = zeroblob(200)"],
    ["not named any more", "UPDATE payouts SET signed_request = NULL"],
    ["another client's payout", "UPDATE payouts SET created_by = 'cli_treasurer'"],
  ];
  for (const [name, sql] of changes) {
    await t.step(name, () =>
      inProcess(async (run) => {
        await requireSignatures(run);
        await run.call("POST", "/v1/payouts/pause", { reason: "test" }, { client: "cli_operator" });
        const { body } = await pay(run);
        await run.db.write([{ sql, args: [] }]);
        await run.call("POST", "/v1/payouts/resume", {}, { client: "cli_operator" });
        await run.pass();
        assert.equal(sent(run), 0);
        assert.equal((await getPayout(run, body.id)).needs_person, true);
        assert.equal(run.logged("payout_altered").length, 1);
      }));
  }
});

Deno.test("a payout that is invented or changed in the database is not sent", async (t) => {
  const columns = (run: InProcess) =>
    run.sql("SELECT group_concat(name) FROM pragma_table_info('payouts')").then(([row]) => String(row?.[0]));
  const changes: readonly [string, (run: InProcess, id: string) => Promise<void>][] = [
    ["a copy under a new id", async (run, id) => {
      const names = (await columns(run)).split(",");
      const made = newId("pyt");
      const values = names.map((name) =>
        name === "id" ? `'${made}'` : name === "originator_conversation_id" ? `'${crypto.randomUUID()}'` : name
      );
      await run.db.write([
        {
          sql: `INSERT INTO payouts (${names.join(",")}) SELECT ${values.join(",")} FROM payouts WHERE id = ?`,
          args: [id],
        },
        {
          sql:
            "INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at) " +
            "SELECT ?, kind, ?, merchant_id, status, run_at, attempts, created_at, updated_at FROM jobs WHERE subject_id = ?",
          args: [newId("job"), made, id],
        },
        { sql: "UPDATE payouts SET status = 'cancelled' WHERE id = ?", args: [id] },
      ]);
    }],
    ["no proof of origin", (run) => write(run, "UPDATE payouts SET origin = NULL")],
    ["a larger amount", (run) => write(run, "UPDATE payouts SET amount = amount + 100")],
    ["another reference", (run) => write(run, "UPDATE payouts SET reference = 'x'")],
    ["another originator id", (run) => write(run, "UPDATE payouts SET originator_conversation_id = 'x'")],
    ["no approval needed", (run) => write(run, "UPDATE payouts SET approval_required = 0, status = 'queued'")],
  ];
  for (const [name, change] of changes) {
    await t.step(name, () =>
      inProcess(async (run) => {
        await run.call("POST", "/v1/payouts/pause", { reason: "test" }, { client: "cli_operator" });
        const large = name === "no approval needed";
        const { id } = await createPayout(run, large ? { amount: 1_000_000 } : {});
        await change(run, id);
        if (large) await write(run, "UPDATE jobs SET run_at = 1 WHERE kind = 'payout'");
        await run.call("POST", "/v1/payouts/resume", {}, { client: "cli_operator" });
        await run.pass();
        await run.sweep();
        await run.pass();
        assert.equal(sent(run), 0);
        assert.ok(run.logged("payout_altered").length >= 1, "somebody is told");
      }));
  }
});

async function write(run: InProcess, sql: string): Promise<void> {
  await run.db.write([{ sql, args: [] }]);
}

Deno.test("PAYOUT_ORIGIN=accept_missing sends what an earlier version has created, and no forgery", () =>
  inProcess(async (run) => {
    await run.call("POST", "/v1/payouts/pause", { reason: "test" }, { client: "cli_operator" });
    const old = await createPayout(run, { reference: "old" });
    const forged = await createPayout(run, { reference: "forged" });
    await run.db.write([
      { sql: "UPDATE payouts SET origin = NULL WHERE id = ?", args: [old.id] },
      { sql: "UPDATE payouts SET amount = amount + 100 WHERE id = ?", args: [forged.id] },
    ]);
    await run.call("POST", "/v1/payouts/resume", {}, { client: "cli_operator" });
    await run.pass();
    assert.deepEqual([(await getPayout(run, old.id)).status, sent(run)], ["succeeded", 1]);
  }, { env: { PAYOUT_ORIGIN: "accept_missing" } }));

Deno.test("the signed request of a person's payout goes when the person is erased", () =>
  inProcess(async (run) => {
    await requireSignatures(run);
    await pay(run);
    await run.pass();
    const [sealed] = await run.sql("SELECT phone, id FROM payouts");
    const place = { table: "payouts", column: "phone", row: String(sealed?.[1]) };
    const phone = await run.services.vault.openText(sealed?.[0] as Uint8Array, place); // a blob
    const { db, vault } = run.services;
    const person = await findPerson(run.services, phone, null);
    await erasePerson({ db, vault, clock: run.time, by: "amina", because: "asked for it" }, person);
    assert.deepEqual([await run.count("signed_requests"), await run.count("payouts")], [0, 1]);
  }));

Deno.test("an erased person is in no signed batch any more, what was signed is kept, and the rest of the batch is sent", () =>
  inProcess(async (run) => {
    await requireSignatures(run);
    const raw = JSON.stringify({
      payouts: [
        payoutBody({ phone_number: "0712345678", reference: "wage 1" }),
        payoutBody({ phone_number: "0712345699", reference: "wage 2", amount: 2_500_000 }),
      ],
    });
    const key = crypto.randomUUID();
    const headers = await sign(run, raw, key, { path: "/v1/payout-batches" });
    const batch = await run.call<{ id: string; data: { id: string }[] }>("POST", "/v1/payout-batches", undefined, {
      raw,
      key,
      headers,
    });
    assert.equal(batch.status, 202);
    await run.pass(10_000);
    const person = await findPerson(run.services, "254712345678", null);
    await erasePerson({ ...run.services, by: "dpo", because: "asked" }, person);

    const [[id, content] = []] = await run.sql("SELECT id, content FROM signed_requests");
    assert.ok(content instanceof Uint8Array);
    const place = { table: "signed_requests", column: "content", row: String(id) };
    const kept = JSON.parse(await run.services.vault.openText(content, place));
    assert.equal(kept.body, null);
    assert.match(kept.base, /"content-digest": sha-256=/);
    assert.equal(kept.key.kid, "payouts-1");

    const { body } = await run.call<{ data: { id: string; status: string }[] }>(
      "GET",
      `/v1/payout-batches/${batch.body.id}`,
    );
    const waiting = body.data.find(({ status }) => status === "awaiting_approval")?.id ?? "";
    const approved = await run.call("POST", `/v1/payouts/${waiting}/approve`, undefined, { client: "cli_approver" });
    assert.equal(approved.status, 200);
    await run.pass(10_000);
    assert.equal((await getPayout(run, waiting)).status, "succeeded");
    assert.equal(sent(run), 2);
  }));
