import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

Deno.test("each threat of docs/security.md has a test, and the test exists", async () => {
  const page = await Deno.readTextFile(new URL("docs/security.md", ROOT));
  const table = /## Threats\n(.*?)\n## /s.exec(page)?.[1] ?? "";
  const rows = table.split("\n").filter((line) => line.startsWith("|")).slice(2);
  assert.ok(rows.length > 30, "the table was read");
  for (const row of rows) {
    const cells = row.split("|").slice(1, -1).map((cell) => cell.trim());
    assert.equal(cells.length, 5, row);
    assert.ok(cells.every((cell) => cell !== ""), `each cell is filled: ${row}`);
    const [, name = "", file = ""] = /^\[(.+)\]\(\.\.\/(tests\/[\w./-]+_test\.ts)\)$/.exec(cells[4] ?? "") ?? [];
    const source = await Deno.readTextFile(new URL(file, ROOT)).catch(() => "");
    assert.ok(source.includes(`"${name}"`), `${file} has no test named: ${name}`);
  }
});
