import assert from "node:assert/strict";
import { fixture, samples } from "./support.ts";
import { ACKS } from "./samples/acks.ts";
import { ERRORS } from "./samples/errors.ts";
import { OTHERS } from "./samples/others.ts";
import { legible, READERS, UNREAD } from "./samples/readers.ts";
import { RESULTS } from "./samples/results.ts";
import { STK } from "./samples/stk.ts";

const EXPECTED: Readonly<Record<string, unknown>> = { ...STK, ...RESULTS, ...ACKS, ...OTHERS, ...ERRORS };

for (const { file, kind } of samples().filter((sample) => !UNREAD.includes(sample.kind))) {
  Deno.test(`the sample ${file} is read as what it is`, async () => {
    const reader = READERS[kind];
    assert.ok(reader, `no reader for ${kind}`);
    assert.ok(file in EXPECTED, "no expectation");
    assert.deepEqual(legible(await reader(fixture(file), file)), EXPECTED[file]);
  });
}

Deno.test("every sample is listed, and every expectation has its sample", () => {
  const listed = samples().map((sample) => sample.file).sort();
  const present = [...Deno.readDirSync(new URL("../fixtures/daraja", import.meta.url))].map((entry) => entry.name);
  assert.deepEqual(listed, present.filter((name) => name.endsWith(".json")).sort());
  assert.deepEqual(Object.keys(EXPECTED).filter((file) => !listed.includes(file)), []);
});
