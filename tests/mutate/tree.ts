/** A copy of what the tests need, in which one worker puts one mutation after the other. */
const PARTS = ["src", "tests", "migrations", "docs", "examples", "deno.json", "deno.lock", "README.md"] as const;

/** Copies the tree at `root` into a new folder of the system's temporary folder. Answers its path. */
export async function copyTree(root: string): Promise<string> {
  const copy = await Deno.makeTempDir({ prefix: "malipo-mutate-" });
  for (const part of PARTS) await copyPath(`${root}/${part}`, `${copy}/${part}`);
  await Deno.symlink(await Deno.realPath(`${root}/node_modules`), `${copy}/node_modules`);
  return copy;
}

async function copyPath(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copyPath(`${from}/${name}`, `${to}/${name}`);
}
