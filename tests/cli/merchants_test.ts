import assert from "node:assert/strict";
import { withStore } from "../support/database.ts";

const script = new URL("../../src/cli/merchants.ts", import.meta.url);

Deno.test("merchants answers --help and refuses an unknown flag, instead of creating a merchant of that name", () =>
  withStore("file", async (url) => {
    for (const [flag, code] of [["--help", 0], ["--nonsense", 2]] as const) {
      const { code: ended, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "-P=database",
          "--config",
          new URL("../../deno.json", import.meta.url).pathname,
          script.href,
          flag,
        ],
        env: { DATABASE_URL: url },
      }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(ended, code, text);
      assert.match(text, /deno task merchants NAME/);
      assert.doesNotMatch(text, /client_secret/);
    }
  }));
