import assert from "node:assert/strict";
import { ID_PREFIXES, idOfUuidHex, isId, newId, prefixOf, uuidHex } from "../../src/crypto/ids.ts";

Deno.test("a new id is a TypeID over a UUIDv7 of its kind", () => {
  for (const prefix of ID_PREFIXES) {
    const before = Date.now();
    const id = newId(prefix);
    const after = Date.now();
    assert.ok(isId(prefix, id));
    assert.equal(prefixOf(id), prefix);
    assert.equal(uuidHex(id)[12], "7");
    assert.equal(idOfUuidHex(prefix, uuidHex(id)), id);
    const at = parseInt(uuidHex(id).slice(0, 12), 16);
    assert.ok(before <= at && at <= after, `${before} <= ${at} <= ${after}`);
  }
});

Deno.test("ids rise strictly within a process", () => {
  const ids = Array.from({ length: 5000 }, () => newId("chk"));
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

Deno.test("only the one spelling of an id of the kind asked for is an id", () => {
  const id = newId("chk");
  const suffix = id.slice(4);
  const wrong = [
    "",
    "chk",
    "chk_",
    suffix,
    `att_${suffix}`,
    `chk_${suffix.toUpperCase()}`,
    `chk_8${suffix.slice(1)}`,
    `chk_${suffix}0`,
    `chk_${suffix.slice(1)}`,
    `chk_${suffix.slice(1)}u`,
    `chk-${suffix}`,
    `${id}\n`,
    `chk__${suffix.slice(1)}`,
  ];
  for (const text of wrong) assert.equal(isId("chk", text), false, text);
  assert.equal(prefixOf(`xyz_${suffix}`), null);
  assert.equal(prefixOf("chk_1"), null);
});
