import assert from "node:assert/strict";
import { whySetAside } from "../../../src/domain/timeline/set-aside.ts";

Deno.test("why a message was set aside stands in words; a code of a newer release stands as it is", () => {
  assert.equal(whySetAside("amount_differs", "en"), "its amount is not the one that we know");
  assert.equal(whySetAside("amount_differs", "sw"), "kiasi chake si kile tunachokijua");
  for (const code of ["new_problem", "constructor"]) assert.equal(whySetAside(code, "en"), code);
  assert.equal(whySetAside(null, "en"), "?");
});
