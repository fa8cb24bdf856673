import type { MigrationFile } from "../ports.ts";

const folder = new URL("../../../migrations/", import.meta.url);

/** Reads the migrations from disk. Throws when a folder has no `up.sql` or no `down.sql`. */
export async function loadMigrations(from: URL = folder): Promise<MigrationFile[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(from)) if (entry.isDirectory) names.push(entry.name);
  return await Promise.all(
    names.sort().map(async (name) => {
      const [up, down] = await Promise.all([
        Deno.readTextFile(new URL(`${name}/up.sql`, from)),
        Deno.readTextFile(new URL(`${name}/down.sql`, from)),
      ]);
      return { name, up, down };
    }),
  );
}
