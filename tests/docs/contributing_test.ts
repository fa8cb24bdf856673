import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);
const guide = await Deno.readTextFile(new URL("CONTRIBUTING.md", root));
const codes = [...guide.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);

/** Paths of this repository; `NNNN_name` stands for a folder that is yet to be made. */
const paths = codes.filter((code) => /^(src|tests|docs|migrations|examples|\.github|\.ci)\/[\w./-]*$/.test(code))
  .filter((code) => !code.includes("NNNN"));

Deno.test("every path that CONTRIBUTING.md names exists", async () => {
  assert.ok(paths.length > 50);
  const missing: string[] = [];
  for (const path of new Set(paths)) {
    const info = await Deno.stat(new URL(path, root)).catch(() => null);
    if (info === null || info.isDirectory !== path.endsWith("/")) missing.push(path);
  }
  assert.deepEqual(missing, []);
});

Deno.test("ten files are to be read first, each with a reason", () => {
  const section = guide.split("## Ten files to read first")[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| `([^`]+)` +\| (.+?) +\|$/gm)];
  assert.equal(rows.length, 10);
  for (const [, file, why = ""] of rows) assert.ok(why.length > 20, file);
});

Deno.test("every task that CONTRIBUTING.md names is in deno.json", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const named = [...guide.matchAll(/deno(?:@[\d.]+)? task ([a-z:]+)/g)].map(([, task = ""]) => task);
  assert.ok(named.length > 8);
  assert.deepEqual([...new Set(named)].filter((task) => !(task in tasks)), []);
});

Deno.test("every task that a page for users or operators names is in deno.json", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const pages = [
    "README.md",
    "SECURITY.md",
    ".env.example",
    "docs/operations.md",
    "docs/rollout.md",
    "docs/settings.md",
  ];
  for await (const { name } of Deno.readDir(new URL("docs/guides/", root))) pages.push(`docs/guides/${name}`);
  const missing: string[] = [];
  for (const page of pages) {
    const text = await Deno.readTextFile(new URL(page, root));
    for (const [, task = ""] of text.matchAll(/deno(?:@[\d.]+)? task ([a-z:]+)/g)) {
      if (!(task in tasks)) missing.push(`${page}: ${task}`);
    }
  }
  assert.deepEqual(missing, []);
});
