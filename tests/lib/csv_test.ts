import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCsv } from "../../src/lib/csv.ts";

const cells = (text: string) => parseCsv(text).records.map((record) => record.cells);
const lines = (text: string) => parseCsv(text).records.map((record) => record.line);

Deno.test("CRLF and LF, a byte-order mark and empty lines at the end are all fine", () => {
  const expected = [["a", "b"], ["1", "2"]];
  for (const text of ["a,b\r\n1,2", "a,b\n1,2\n", "\ufeffa,b\r\n1,2\r\n", "a,b\n1,2\r\n\r\n\n"]) {
    const { records, problems } = parseCsv(text);
    assert.deepEqual(records.map((record) => record.cells), expected);
    assert.deepEqual(problems, []);
  }
});

Deno.test("a quoted cell holds commas, doubled quotes and line breaks; lines are those of the file", () => {
  const text = 'a,b\r\n"x, y","say ""hi"""\r\n"two\r\nlines",1\r\nlast,2\r\n';
  assert.deepEqual(cells(text), [["a", "b"], ["x, y", 'say "hi"'], ["two\r\nlines", "1"], ["last", "2"]]);
  assert.deepEqual(lines(text), [1, 2, 3, 5]);
});

Deno.test("empty cells are cells, and an empty line in the middle is a record of one", () => {
  assert.deepEqual(cells("a,,b\n,\n\nx"), [["a", "", "b"], ["", ""], [""], ["x"]]);
});

for (
  const [name, text, line, cell] of [
    ["a quote inside an unquoted cell", 'a,b\n1,x"y\n3,4\n', 2, 1],
    ["text after a closing quote", 'a,b\n"1"x,2\n3,4\n', 2, 0],
    ["a quote that is never closed", 'a,b\n1,2\n3,"4\n5,6\n', 3, 1],
  ] as const
) {
  Deno.test(`${name} is named by its line and cell`, () => {
    const { problems } = parseCsv(text);
    assert.deepEqual(problems.map((problem) => [problem.line, problem.cell]), [[line, cell]]);
  });
}

Deno.test("only a quote that is never closed hides the end of the file", () => {
  assert.equal(parseCsv('a\n"x').hasUnclosedQuote, true);
  assert.equal(parseCsv('a\n"x"y\nz"').hasUnclosedQuote, false);
});

const cell = fc.string({ unit: fc.constantFrom("a", "7", ",", '"', "\n", "\r\n", " ", "é", "=", ";"), maxLength: 8 });
const write = (rows: string[][], eol: string) =>
  rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")).join(eol) + eol;

Deno.test("what is written by the rules is read back cell by cell", () => {
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, eol) => {
      const { records, problems } = parseCsv(write(rows, eol));
      assert.deepEqual(records.map((record) => record.cells), rows);
      assert.deepEqual(problems, []);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("no text makes it throw or lose a line: records begin on rising lines of the file", () => {
  const noise = fc.string({
    unit: fc.constantFrom("a", ",", '"', "\n", "\r", "\r\n", "\ufeff", "\u0000"),
    maxLength: 60,
  });
  fc.assert(
    fc.property(noise, (text) => {
      const { records, problems } = parseCsv(text);
      const last = text.split("\n").length;
      for (const { line } of [...records, ...problems]) assert.ok(line >= 1 && line <= last);
      for (const [i, { line }] of records.entries()) assert.ok(i === 0 || line > (records[i - 1]?.line ?? 0));
    }),
    { numRuns: 3_000 },
  );
});
