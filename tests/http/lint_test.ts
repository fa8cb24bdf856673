import assert from "node:assert/strict";
import { document } from "../support/document.ts";

const REDOCLY = "@redocly/cli@2.77.0";

async function run(command: string, args: readonly string[]): Promise<{ ok: boolean; text: string } | null> {
  try {
    const env = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], env, stdin: "null" })
      .output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { ok: success, text: decode(stdout) + decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const node = await run("npx", ["--version"]);

Deno.test({
  name: "redocly finds nothing to complain of in the document",
  ignore: node === null,
  fn: async () => {
    const file = await Deno.makeTempFile({ suffix: ".json" });
    try {
      await Deno.writeTextFile(file, JSON.stringify(document));
      const config = new URL("redocly.yaml", import.meta.url).pathname;
      const result = await run("npx", ["-y", REDOCLY, "lint", file, "--config", config, "--format", "stylish"]);
      assert.ok(result?.ok, result?.text);
    } finally {
      await Deno.remove(file);
    }
  },
});
