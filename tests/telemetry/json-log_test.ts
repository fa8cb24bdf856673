import assert from "node:assert/strict";

const script = new URL("./log-child.ts", import.meta.url);

/** What a process has written that logs `lines` and then ends by `end`. */
async function written(lines: string, end: "returns" | "exits"): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", "--allow-run", script.href, lines, end],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

Deno.test("every line is written, one an event, in order, however the process ends", async () => {
  for (const end of ["returns", "exits"] as const) {
    const lines = (await written("info,info,alert,info", end)).map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ level, n }) => `${level} ${n}`), ["info 0", "info 1", "alert 2", "info 3"], end);
  }
});

Deno.test("a warning is written at once, together with the lines before it", async () => {
  const lines = await written("info,warn,killed", "returns");
  assert.equal(lines.length, 2);
});
