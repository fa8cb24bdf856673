import assert from "node:assert/strict";
import { cannotBeStored } from "../../src/db/cannot-store.ts";
import { ConstraintError, DatabaseUnavailable } from "../../src/db/database.ts";

Deno.test("values that a table refuses can't be stored; a guard that failed says nothing about the values", () => {
  const values = [
    new ConstraintError("check", "amount > 0"),
    new ConstraintError("check", "payments.amount"),
    new ConstraintError("not_null", "payments.receipt"),
    new RangeError("Invalid time value"),
    new TypeError("not a number"),
  ];
  const circumstances = [
    new ConstraintError("check", "conflict"),
    new ConstraintError("check", "limit_exceeded"),
    new ConstraintError("unique", "payments.receipt"),
    new ConstraintError("foreign_key", "foreign key"),
    new ConstraintError("trigger", "the ledger is append only"),
    new DatabaseUnavailable("away", true),
    new Error("anything"),
  ];
  for (const error of values) assert.equal(cannotBeStored(error), true, error.message);
  for (const error of circumstances) assert.equal(cannotBeStored(error), false, error.message);
});
