import { VERSION } from "../lib/version.ts";
import { currentDocument } from "./openapi.ts";
import { taskOptions } from "./frame/task.ts";
import { compile, exportedTypes, type Module, type PackedFile } from "./pack/compile.ts";
import { typesOf } from "./pack/types.ts";

const NAME = "@malipo/client";
const source = new URL("../client/", import.meta.url);

/** `deno task pack`: writes the client into `folder`, as a package for npm and JSR without dependencies. */
export async function packClient(folder: URL): Promise<void> {
  const packed: PackedFile[] = [];
  for (const module of await modulesOf(source, "")) packed.push(...compile(module));
  const code = packed.map(({ name }) => name);
  const files: PackedFile[] = [
    ...packed,
    { name: "README.md", text: await Deno.readTextFile(new URL("README.md", source)) },
    { name: "LICENSE", text: await Deno.readTextFile(new URL("../../LICENSE", source)) },
    { name: "package.json", text: json({ ...npmManifest, files: code }) },
    {
      name: "jsr.json",
      text: json({
        name: NAME,
        version: VERSION,
        exports: "./mod.js",
        publish: { include: [...code, ...EXTRA_FILES] },
      }),
    },
  ];
  for (const { name, text } of files) {
    const file = new URL(name, folder);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
}

const EXTRA_FILES = ["README.md", "LICENSE", "package.json", "jsr.json"];

const npmManifest = {
  name: NAME,
  version: VERSION,
  description: "M-Pesa payments by Malipo: checkouts, payouts, webhooks.",
  type: "module",
  exports: { ".": { types: "./mod.d.ts", default: "./mod.js" } },
  types: "./mod.d.ts",
  files: ["mod.js", "mod.d.ts", "LICENSE"],
  sideEffects: false,
  engines: { node: ">=20" },
  license: "Apache-2.0",
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The modules of the client in `folder`. `types.ts` is replaced by types made from the OpenAPI document. */
async function modulesOf(folder: URL, prefix: string): Promise<Module[]> {
  const types = await Deno.readTextFile(new URL("types.ts", source));
  const found: Module[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await modulesOf(new URL(`${name}/`, folder), `${prefix}${name}/`));
    else if (name === "types.ts") found.push({ name, text: typesOf(currentDocument()) });
    else if (name.endsWith(".ts")) {
      const text = await Deno.readTextFile(new URL(name, folder));
      const exported = `export type { ${exportedTypes(types).join(", ")} }`;
      found.push({ name: prefix + name, text: text.replace("export type *", exported) });
    }
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

if (import.meta.main) {
  taskOptions("deno task pack", { summary: "builds the typed client for npm and JSR into dist/client" });
  const folder = new URL("../../dist/client/", import.meta.url);
  await packClient(folder);
  console.log(`${NAME} ${VERSION} is in ${folder.pathname}; publish it from there with npm publish or deno publish.`);
}
