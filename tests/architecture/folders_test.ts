import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);

/** The folders that docs/architecture.md draws, as paths from `src/`. */
async function drawn(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("docs/architecture.md", root));
  const tree = /```\nsrc\/\n(.*?)```/s.exec(text)?.[1] ?? "";
  const found: string[] = [];
  let parent = "";
  for (const line of tree.split("\n").filter((line) => line !== "")) {
    const [, indent = "", name = "", what = ""] = /^( +)([\w.-]+\/?) +(\S.*)$/.exec(line) ?? [];
    assert.notEqual(what, "", `each entry of the tree has a line that explains it: ${line}`);
    if (!name.endsWith("/")) continue;
    if (indent.length === 2) parent = name;
    found.push(indent.length === 2 ? name : parent + name);
  }
  return found.sort();
}

async function foldersIn(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(new URL(`src/${path}`, root))) {
    if (entry.isDirectory) found.push(`${path}${entry.name}/`);
  }
  return found;
}

Deno.test("docs/architecture.md draws the folders of src/, domain/ and webhooks/, each with one line", async () => {
  const existing = [...await foldersIn(""), ...await foldersIn("domain/"), ...await foldersIn("webhooks/")].sort();
  assert.deepEqual(await drawn(), existing);
});

Deno.test("no file lies loose at the top of src/ but main.ts", async () => {
  const loose: string[] = [];
  for await (const entry of Deno.readDir(new URL("src/", root))) if (entry.isFile) loose.push(entry.name);
  assert.deepEqual(loose, ["main.ts"]);
});
