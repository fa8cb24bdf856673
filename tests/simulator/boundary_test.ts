import assert from "node:assert/strict";

const root = new URL("../../src/simulator/", import.meta.url);

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* sources(new URL(`${entry.name}/`, folder));
    else yield new URL(entry.name, folder);
  }
}

Deno.test("the simulator imports nothing of ours, so that a misreading of Daraja shows", async () => {
  for await (const file of sources(root)) {
    const text = await Deno.readTextFile(file);
    for (const [, specifier = ""] of text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
      const target = specifier.startsWith(".") ? new URL(specifier, file).href : "";
      assert.ok(target === "" || target.startsWith(root.href), `${file.pathname} imports ${specifier}`);
      assert.ok(target !== "" || /^(hono(\/|$)|node:|uqr$)/.test(specifier), `${file.pathname} imports ${specifier}`);
    }
  }
});
