import assert from "node:assert/strict";
import { withStore } from "../support/database.ts";

const script = new URL("../../src/cli/migrate.ts", import.meta.url);
const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-ffi", "--allow-sys"];

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", ...permissions, script.href, ...args],
    env,
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout).trim(), error: decoder.decode(stderr).trim() };
}

Deno.test("the migrate task applies, lists and rolls back, and says what it did", () =>
  withStore("file", async (url) => {
    const env = { DATABASE_URL: url };
    assert.match((await run(["status"], env)).out, /0001_ground {2}waits/);
    const applied = await run([], env);
    assert.deepEqual([applied.code, applied.error], [0, ""]);
    assert.match(applied.out, /^Applied 0001_ground/);
    assert.equal((await run(["--database", url])).out, "Nothing to do.");
    assert.match((await run(["rollback", "--all"], env)).out, /Rolled back 0001_ground$/);
    assert.equal((await run(["rollback", "--steps", "1"], env)).out, "Nothing to do.");
  }));

Deno.test("the migrate task fails with one clear line", async () => {
  const cases: [string[], RegExp, number][] = [
    [["--database", "mysql://db"], /^unavailable: DATABASE_URL must begin with file:, http:, https: or libsql:$/, 1],
    [["--database", "http://127.0.0.1:9"], /^unavailable: .+$/, 1],
    [["rollback", "--steps", "0"], /^Give either --steps/, 2],
    [["upgrade"], /^There is no command upgrade/, 2],
  ];
  for (const [args, line, expected] of cases) {
    const { code, out, error } = await run(args);
    assert.deepEqual([code, out], [expected, ""]);
    assert.match(error, line);
    assert.doesNotMatch(error, /\n\s+at /);
  }
});
