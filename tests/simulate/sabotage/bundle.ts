import * as esbuild from "esbuild";
import type * as Release from "../service/release.ts";
import type { Sabotage } from "./list.ts";

const root = new URL("../../../", import.meta.url);
const pathOf = (url: URL): string => decodeURIComponent(url.pathname);

/**
 * The service with a bug planted, as a module of its own: its sources are bundled with one text replaced. Nothing in `src/`
 * changes. Errors: when a text does not occur exactly once.
 */
export async function bundleWith(sabotage: Sabotage): Promise<typeof Release> {
  const files = new Map<string, { text: string; to: string }[]>();
  for (const { file, text, to } of sabotage.changes) {
    const path = pathOf(new URL(file, root));
    files.set(path, [...files.get(path) ?? [], { text, to }]);
  }
  const plant: esbuild.Plugin = {
    name: "sabotage",
    setup(build) {
      build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        const changes = files.get(path);
        if (changes === undefined) return null;
        let contents = await Deno.readTextFile(path);
        for (const { text, to } of changes) contents = replaceOnce(sabotage.name, contents, text, to);
        return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
  return await bundled(root, [plant]);
}

/** The service whose sources lie in a folder, as a module of its own. */
export async function bundled(folder: URL, plugins: esbuild.Plugin[] = []): Promise<typeof Release> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [pathOf(new URL("tests/simulate/service/release.ts", folder))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    packages: "external",
    external: ["node:*"],
    target: "esnext",
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    logLevel: "silent",
    define: { "import.meta.url": JSON.stringify(new URL("src/app/services.ts", folder).href) },
    plugins,
  });
  const code = outputFiles[0]?.text ?? "";
  const file = await Deno.makeTempFile({ prefix: "malipo-sabotage-", suffix: ".js" });
  try {
    await Deno.writeTextFile(file, code);
    return await import(`file://${file}`);
  } finally {
    await Deno.remove(file);
  }
}

/** Ends the bundler, which is a process of its own. */
export const endBundler = (): Promise<void> => esbuild.stop();

function replaceOnce(name: string, source: string, text: string, to: string): string {
  const times = source.split(text).length - 1;
  if (times !== 1) throw new Error(`${name}: its text occurs ${times} times, and must occur once: ${text}`);
  return source.replace(text, () => to);
}
