import assert from "node:assert/strict";
import { newId } from "../../src/crypto/ids.ts";
import { statement } from "../../src/db/query.ts";
import { subjectsOf } from "../../src/db/subjects.ts";

const [merchant, checkout, attempt] = [newId("mer"), newId("chk"), newId("att")];
const sql = "SELECT 1";

Deno.test("a batch is about the ids that it names, and not about its merchant", () => {
  const batch = [statement(sql, merchant, checkout, 5), statement(sql, attempt, checkout, null, new Uint8Array(2))];
  assert.deepEqual(subjectsOf(batch), [checkout, attempt]);
});

Deno.test("a batch about nothing else is about its merchant, and one without ids about the rest", () => {
  assert.deepEqual(subjectsOf([statement(sql, merchant, "open")]), [merchant]);
  assert.deepEqual(subjectsOf([statement(sql, "notices", 7), statement(sql)]), ["*"]);
  assert.deepEqual(subjectsOf([statement(sql, checkout.toUpperCase(), `${checkout}x`)]), ["*"], "no ids");
});
