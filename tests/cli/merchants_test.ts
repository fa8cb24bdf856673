import assert from "node:assert/strict";
import { statement } from "../../src/db/query.ts";
import { withDatabase, withStore } from "../support/database.ts";

const root = new URL("../../", import.meta.url);

/** Runs `deno task merchants` or `clients` on a database. */
async function command(url: string, script: "merchants" | "clients", ...words: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "-P=service",
      "--config",
      new URL("deno.json", root).pathname,
      new URL(`src/cli/${script}.ts`, root).href,
      ...words,
    ],
    env: { DATABASE_URL: url },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out ?? "", err: err ?? "" };
}

Deno.test("merchants answers --help and refuses what it does not know, instead of creating a merchant of that name", () =>
  withStore("file", async (url) => {
    for (
      const [words, code] of [[["--help"], 0], [["--nonsense"], 2], [["Duka la Mama"], 2], [["create"], 2]] as const
    ) {
      const { code: ended, out, err } = await command(url, "merchants", ...words);
      assert.equal(ended, code, out + err);
      assert.match(out + err, /deno task merchants create NAME/);
      assert.doesNotMatch(out, /client_secret/);
    }
  }));

Deno.test("a merchant is created, listed, renamed, disabled and enabled; its first client has all but platform", () =>
  withDatabase("file", async (db, url) => {
    const made = JSON.parse((await command(url, "merchants", "create", "Duka", "la", "Mama")).out);
    assert.match(made.client_secret, /^mls_/);
    const id: string = made.merchant;
    const said = async (...words: string[]) => JSON.parse((await command(url, "merchants", ...words)).out);
    assert.deepEqual(await said("list"), { id, name: "Duka la Mama", status: "active" });
    assert.deepEqual(await said("rename", id, "Duka"), { id, name: "Duka", status: "active" });
    assert.deepEqual(await said("disable", id), { id, name: "Duka", status: "disabled" });
    assert.deepEqual(await said("disable", id), { id, name: "Duka", status: "disabled" });
    assert.deepEqual(await said("enable", id), { id, name: "Duka", status: "active" });
    const unknown = await command(url, "merchants", "disable", "mer_x");
    assert.deepEqual([unknown.code, /There is no merchant mer_x/.test(unknown.err)], [2, true]);
    const [clients, audit] = await db.read([
      statement("SELECT id, scopes FROM clients"),
      statement("SELECT action FROM audit ORDER BY rowid"),
    ]);
    assert.equal(clients?.rows[0]?.[0], made.client_id);
    assert.doesNotMatch(String(clients?.rows[0]?.[1]), /platform/);
    assert.deepEqual(audit?.rows.map(([action]) => action), [
      "client.created",
      "merchant.created",
      "merchant.renamed",
      "merchant.disabled",
      "merchant.enabled",
    ]);
  }));

Deno.test("clients makes one with platform, which no API does, lists and revokes", () =>
  withDatabase("file", async (_db, url) => {
    const { merchant, client_id: first } = JSON.parse((await command(url, "merchants", "create", "Duka")).out);
    const made = JSON.parse(
      (await command(url, "clients", "create", merchant, "people", "platform", "audit:read")).out,
    );
    assert.deepEqual(made.scopes, ["platform", "audit:read"]);
    const wrong = await command(url, "clients", "create", merchant, "people", "root");
    assert.deepEqual([wrong.code, /There is no scope root/.test(wrong.err)], [2, true]);
    await command(url, "clients", "revoke", first);
    const listed = (await command(url, "clients", "list", merchant)).out.trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    assert.deepEqual(listed.map(({ id, status }) => [id, status]), [[first, "revoked"], [made.client_id, "active"]]);
  }));
