import assert from "node:assert/strict";

const script = new URL("./few-files.ts", import.meta.url);
const FILES = 64;

Deno.test("a process that runs out of files lives on, and serves again when there are some", async () => {
  const run = [Deno.execPath(), "run", "--quiet", "--frozen", "--allow-net=127.0.0.1", script.href];
  const child = new Deno.Command("sh", {
    args: ["-c", `ulimit -n ${FILES}; exec "$@"`, "sh", ...run],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  const heard = async (wanted: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = wanted.exec(said);
      if (found !== null) return found;
      const { value, done } = await reader.read();
      if (done) throw new Error(`The process ended without ${wanted}: ${said}`);
      said += value;
    }
  };
  try {
    const port = Number((await heard(/"port":(\d+)/))[1]);
    const held = await Promise.all(
      Array.from({ length: 2 * FILES }, () => Deno.connect({ hostname: "127.0.0.1", port }).catch(() => null)),
    );
    await heard(/"event":"server\.lost"/);
    for (const connection of held) connection?.close();
    await heard(/"event":"server\.back"/);
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } });
    assert.equal(await response.text(), "here");
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
  }
});
