import { build, stop } from "esbuild";
import { openApiDocument } from "../http/document.ts";
import { routes } from "../routes.ts";
import { version } from "../version.ts";
import { declarationsOf, exportedNames, type Module } from "./pack/declarations.ts";
import { typesOf } from "./pack/types.ts";

const NAME = "@malipo/client";
const source = new URL("../client/", import.meta.url);

/** `deno task pack`: the client as a package for npm and JSR, without any dependency, in `folder`. */
export async function packClient(folder: URL): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const modules = await modulesOf(source, "");
  const types = typesOf(openApiDocument("https://api.malipo.example", routes));
  const names = exportedNames(modules.find(({ name }) => name === "types.ts")?.text ?? "");
  const packed = modules.map(({ name, text }) => ({ name, text: name === "types.ts" ? types : text }));
  const code = await bundle();
  const write = (name: string, text: string) => Deno.writeTextFile(new URL(name, folder), text);
  await write("mod.js", `/* @ts-self-types="./mod.d.ts" */\n${code}`);
  await write("mod.d.ts", declarationsOf(packed, "mod.ts", names));
  await write("README.md", await Deno.readTextFile(new URL("README.md", source)));
  await write("LICENSE", await Deno.readTextFile(new URL("../../LICENSE", source)));
  await write("package.json", json(npmManifest));
  await write("jsr.json", json({ name: NAME, version, exports: "./mod.js", publish: { include: [...files] } }));
}

const files = ["mod.js", "mod.d.ts", "README.md", "LICENSE", "package.json", "jsr.json"] as const;

const npmManifest = {
  name: NAME,
  version,
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

async function modulesOf(folder: URL, prefix: string): Promise<Module[]> {
  const found: Module[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await modulesOf(new URL(`${name}/`, folder), `${prefix}${name}/`));
    else if (name.endsWith(".ts")) {
      found.push({ name: prefix + name, text: await Deno.readTextFile(new URL(name, folder)) });
    }
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

async function bundle(): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [new URL("mod.ts", source).pathname],
      bundle: true,
      write: false,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      charset: "utf8",
      logLevel: "silent",
      banner: { js: `// Malipo ${version}` },
    });
    return outputFiles[0]?.text ?? "";
  } finally {
    await stop();
  }
}

if (import.meta.main) {
  const folder = new URL("../../dist/client/", import.meta.url);
  await packClient(folder);
  console.log(`${NAME} ${version} is in ${folder.pathname}; publish it from there with npm publish or deno publish.`);
}
