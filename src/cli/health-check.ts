/**
 * Asks `/health/ready` of the process on this machine's `PORT`, for the health check of a container and for systemd. It
 * exits with 0 when the process can take work, else with 1 and the reason. `--wait SECONDS` asks until then.
 */

const POLL_MS = 250;
const ANSWER_MS = 4_000;

const words = [...Deno.args];
const waits = words[0] === "--wait" && /^\d{1,4}$/.test(words[1] ?? "") && words.length === 2;
if (words.length > 0 && !waits) {
  console.error(
    "health-check [--wait SECONDS]\n\nAsks 127.0.0.1:PORT/health/ready. Exits with 0 when ready, else with 1.",
  );
  Deno.exit(words[0] === "--help" ? 0 : 2);
}
const deadline = Date.now() + (waits ? Number(words[1]) * 1_000 : 0);
const url = `http://127.0.0.1:${Deno.env.get("PORT") || "8000"}/health/ready`;

/** Null when the process is ready, else what it answers. */
async function problem(): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    const said = await response.text();
    return response.ok ? null : said;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

for (;;) {
  const found = await problem();
  if (found === null) Deno.exit(0);
  if (Date.now() + POLL_MS >= deadline) {
    console.error(`${url} is not ready: ${found}`);
    Deno.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
