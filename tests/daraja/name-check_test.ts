import assert from "node:assert/strict";
import { readNameAck } from "../../src/daraja/name-check.ts";

const header = { status: "200", message: "Success" };

Deno.test("readNameAck() joins the names that are there", () => {
  const body = { firstName: "john", middleName: "M******", lastName: "M******" };
  assert.deepEqual(readNameAck({ header, body }), { name: "john M****** M******" });
  assert.deepEqual(readNameAck({ header, body: { firstName: " john ", lastName: "" } }), { name: "john" });
});

Deno.test("readNameAck() takes nothing but a success with a letter for a name", () => {
  const body = { firstName: "john" };
  for (
    const answer of [
      {},
      { header },
      { body },
      { header: { status: "404" }, body },
      { header: {}, body },
      { header: "200", body },
      { header, body: "john" },
      { header, body: {} },
      { header, body: { firstName: "****", lastName: "***" } },
      { header, body: { firstName: null } },
      { header, body: { firstName: ["john"] } },
    ]
  ) assert.equal(readNameAck(answer), null, JSON.stringify(answer));
});
