import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);
const skipped = new Set(["node_modules", "dist", "fixtures"]);

/** Every Markdown file of the repository. */
async function markdownFiles(folder: URL): Promise<URL[]> {
  const found: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (skipped.has(name) || name.startsWith(".")) continue;
    if (isDirectory) found.push(...await markdownFiles(new URL(`${name}/`, folder)));
    else if (name.endsWith(".md")) found.push(new URL(name, folder));
  }
  return found;
}

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-");

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

/** Null where the link leads somewhere. */
async function problemOf(link: string, from: URL): Promise<string | null> {
  const target = new URL(link, from);
  const file = new URL(target.pathname, target);
  const info = await Deno.stat(file).catch(() => null);
  if (info === null) return "no such file";
  if (target.hash === "" || info.isDirectory || !file.pathname.endsWith(".md")) return null;
  const anchors = anchorsOf(await Deno.readTextFile(file));
  return anchors.includes(decodeURIComponent(target.hash.slice(1))) ? null : "no such heading";
}

Deno.test("every link of the documents leads to a file and a heading that exist", async () => {
  const files = await markdownFiles(root);
  assert.ok(files.length > 20);
  const wrong: string[] = [];
  for (const file of files) {
    for (const [, link = ""] of (await Deno.readTextFile(file)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|mailto:)/.test(link)) continue;
      const problem = await problemOf(link, file);
      if (problem !== null) wrong.push(`${file.pathname.slice(root.pathname.length)}: ${link}: ${problem}`);
    }
  }
  assert.deepEqual(wrong, []);
});
