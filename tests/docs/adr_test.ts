import assert from "node:assert/strict";

const folder = new URL("../../docs/adr/", import.meta.url);
const read = (name: string): Promise<string> => Deno.readTextFile(new URL(name, folder));

const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
const records = names.filter((name) => name !== "README.md" && name !== "template.md");

const sectionsOf = (text: string): string[] => [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);

Deno.test("records are numbered from 0001 without a gap", () => {
  assert.ok(records.length > 0);
  for (const [i, name] of records.entries()) {
    assert.match(name, new RegExp(`^${String(i + 1).padStart(4, "0")}-[a-z0-9-]+\\.md$`));
  }
});

Deno.test("the index lists every record, by its number and its own title", async () => {
  const listed = [...(await read("README.md")).matchAll(/^\| \[(\d{4})\]\((\S+)\) +\| (.+?) +\|$/gm)]
    .map(([, number, name, title]) => `${name}: # ${number} ${title}`);
  const titled = await Promise.all(records.map(async (name) => `${name}: ${(await read(name)).split("\n")[0]}`));
  assert.deepEqual(listed, titled);
});

Deno.test("every record has the headings of the template, each with a text", async () => {
  const headings = sectionsOf(await read("template.md"));
  assert.deepEqual(headings, ["Decision", "Why", "Cost"]);
  for (const name of records) {
    const text = await read(name);
    assert.deepEqual(sectionsOf(text), headings, name);
    for (const part of text.split(/^## .+$/m).slice(1)) assert.ok(part.trim().length > 20, `${name} has an empty part`);
  }
});
