/** One import between two files of `src/`, of values or of types only. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
}

const root = new URL("../../", import.meta.url);
const src = new URL("src/", root).href;

/** Every file under `src/`, as its path from there. Declarations of packages (`.d.ts`) do not count. */
export async function sourceFiles(folder: URL = new URL(src)): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory) found.push(...await sourceFiles(url));
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) found.push(url.href.slice(src.length));
  }
  return found.sort();
}

interface Resolved {
  readonly specifier?: string;
}

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly { readonly code?: Resolved; readonly type?: Resolved }[];
  }[];
}

/** All imports between the files of `src/`, type-only ones too, as Deno itself resolves them (`deno info --json`). */
export async function sourceImports(): Promise<Import[]> {
  const files = await sourceFiles();
  const entry = await Deno.makeTempFile({ suffix: ".ts" }); // imports every file, so that one call answers for all
  try {
    await Deno.writeTextFile(entry, files.map((file) => `import ${JSON.stringify(src + file)};`).join("\n"));
    const args = ["info", "--json", "--config", new URL("deno.json", root).pathname, entry];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
    if (!success) throw new Error(`deno info failed: ${new TextDecoder().decode(stderr)}`);
    const info: Info = JSON.parse(new TextDecoder().decode(stdout));
    return info.modules.filter(({ specifier }) => specifier.startsWith(src)).flatMap(importsOf);
  } finally {
    await Deno.remove(entry);
  }
}

function importsOf({ specifier, error, dependencies = [] }: Info["modules"][number]): Import[] {
  if (error !== undefined) throw new Error(`${specifier}: ${error}`);
  return dependencies.flatMap(({ code, type }) => {
    const to = code?.specifier ?? type?.specifier;
    if (to === undefined || !to.startsWith(src)) return [];
    return [{ from: specifier.slice(src.length), to: to.slice(src.length), typesOnly: code === undefined }];
  });
}
