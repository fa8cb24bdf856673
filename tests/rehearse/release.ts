/** Another release of this repository, in a folder of its own. */
export interface Release {
  readonly folder: URL;
  readonly commit: string;
  readonly migrations: readonly string[];
  remove(): Promise<void>;
}

const here = new URL("../../", import.meta.url);

async function run(command: string, cwd: URL, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd, stdin: "null" }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}

/** The names of the migrations in a folder, in order. */
export async function migrationsIn(folder: URL): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL("migrations/", folder))) {
    if (isDirectory) names.push(name);
  }
  return names.sort();
}

/** The newest commit that lacks one of these migrations. `list` answers the names at a commit. */
export async function lastBefore(
  commits: readonly string[],
  now: readonly string[],
  list: (commit: string) => Promise<readonly string[]>,
): Promise<string | null> {
  for (const commit of commits) {
    const then = await list(commit);
    if (now.some((name) => !then.includes(name))) return commit;
  }
  return null;
}

/** Finds the release that runs now. Errors: when git knows none. */
export async function find(from: string | null): Promise<string> {
  if (from !== null) return await run("git", here, "rev-parse", "--verify", `${from}^{commit}`);
  const changed = (await run("git", here, "log", "--format=%H %P", "--", "migrations")).split("\n");
  const commits = ["HEAD", ...changed.map((line) => line.split(" ")[1] ?? "").filter((parent) => parent !== "")];
  const list = async (commit: string) =>
    (await run("git", here, "ls-tree", "--name-only", commit, "migrations/"))
      .split("\n").map((path) => path.replace("migrations/", ""));
  const found = await lastBefore(commits, await migrationsIn(here), list);
  if (found === null) throw new Error("No commit has fewer migrations than this folder. Name one with --from.");
  return await run("git", here, "rev-parse", found);
}

/** Unpacks a commit into a new folder, whose path it answers. */
export async function extract(commit: string): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "malipo-release-" });
  const archive = `${path}.tar`;
  await run("git", here, "archive", "--output", archive, commit);
  await run("tar", new URL(`file://${path}/`), "-xf", archive);
  await Deno.remove(archive);
  return path;
}

/** Unpacks a release into a new folder and installs its packages. Errors: when git does not know it. */
export async function unpack(from: string | null): Promise<Release> {
  const commit = await find(from);
  const path = await extract(commit);
  const folder = new URL(`file://${path}/`);
  await run(Deno.execPath(), folder, "install", "--quiet", "--frozen");
  return {
    folder,
    commit,
    migrations: await migrationsIn(folder),
    remove: () => Deno.remove(path, { recursive: true }),
  };
}
