/** One import between two files of `src/`. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Erased at build: types only. */
  readonly typesOnly: boolean;
}

const root = new URL("../../src/", import.meta.url);
const STATEMENT = /^(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"/gm;
const LAZY = /\bimport\("([^"]+)"\)/g;

/** Every file under `src/`, as its path from there. */
export async function sourceFiles(folder: URL = root): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory) found.push(...await sourceFiles(url));
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) found.push(pathOf(url));
  }
  return found.sort();
}

export const readSource = (path: string): Promise<string> => Deno.readTextFile(new URL(path, root));

/** All imports between the files of `src/`. */
export async function sourceImports(): Promise<Import[]> {
  const all = await Promise.all((await sourceFiles()).map(async (from) => {
    const text = await readSource(from);
    const plain = [...text.matchAll(STATEMENT)].map(([statement, target]) => ({ target, statement }));
    const lazy = [...text.matchAll(LAZY)].map(([statement, target]) => ({ target, statement }));
    return [...plain, ...lazy].filter(({ target }) => target?.startsWith(".")).map(({ target, statement }) => ({
      from,
      to: pathOf(new URL(target ?? "", new URL(from, root))),
      typesOnly: isTypesOnly(statement),
    }));
  }));
  return all.flat().filter(({ to }) => to !== OUTSIDE);
}

const OUTSIDE = "";
const pathOf = (url: URL): string => url.href.startsWith(root.href) ? url.href.slice(root.href.length) : OUTSIDE;

function isTypesOnly(statement: string): boolean {
  if (/^(?:import|export)\s+type\s/.test(statement)) return true;
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  const listed = (names ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  return listed.length > 0 && listed.every((name) => name.startsWith("type ")) &&
    /^(?:import|export)\s*\{/.test(statement);
}
