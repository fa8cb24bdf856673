import assert from "node:assert/strict";
import { demoShortcodes } from "../../src/simulator/demo.ts";
import { Child, freePort } from "../support/child.ts";

const root = new URL("../../", import.meta.url);
const guide = await Deno.readTextFile(new URL("docs/guides/self-host.md", root));

/** The blocks that need neither root nor the network, up to a heading and from it on. */
function blocks(text: string): string {
  const found = [...text.matchAll(/```sh run\n([^]*?)```/g)].map(([, code]) => code);
  assert.ok(found.length > 0);
  return found.join("\n");
}

/** Where Deno keeps packages. The script has a home of its own, and would download them again. */
async function packageCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: "/" }).output();
  const { denoDir }: { denoDir: string } = JSON.parse(new TextDecoder().decode(stdout));
  return denoDir;
}

/** What `git clone` leaves, of that which runs. */
async function cleanCopy(folder: string): Promise<void> {
  const names = ["deno.json", "deno.lock", "docs", "migrations", "ops", "src"].map((name) =>
    new URL(name, root).pathname
  );
  const copied = await new Deno.Command("cp", { args: ["-r", ...names, folder] }).output();
  assert.ok(copied.success);
}

const [paybill] = demoShortcodes;

Deno.test("self-host: the commands that need no root and no network lead from a clean folder to a paid checkout", async () => {
  const folder = await Deno.makeTempDir({ prefix: "malipo-self-host-" });
  const simulator = Child.start(new URL("src/simulator/main.ts", root), {
    HOST: "127.0.0.1",
    SIMULATOR_PORT: "0",
    SIMULATOR_CALLBACK_DELAY_MS: "50",
  });
  try {
    await Promise.all(["app", "etc", "state", "home"].map((name) => Deno.mkdir(`${folder}/${name}`)));
    await cleanCopy(`${folder}/app`);
    const daraja = await simulator.line((line) => /"simulator":"([^"]+)"/.exec(line)?.[1] ?? null) ?? "";
    const port = freePort();
    const [before, after] = guide.split("## 5. ");
    const start = `
      deno run --quiet --env-file=/etc/malipo/malipo.env -P=start src/main.ts > ${folder}/log & API=$!
      trap 'kill $API; wait $API' EXIT
      deno run --quiet --allow-net=127.0.0.1 --allow-env=PORT src/cli/health-check.ts --wait 120`;
    const paid = `until curl -s "$PUBLIC_URL/v1/checkouts?reference=first-1" -H "Authorization: Bearer $TOKEN" |
      grep -q '"status":"succeeded"'; do sleep 0.1; done`;
    const script = `set -eu\ncd ${folder}/app\ndeno install --quiet --frozen\n${blocks(before ?? "")}\n${start}\n${
      blocks(after ?? "")
    }`
      .replaceAll("sudo -u malipo env DENO_DIR=/var/cache/malipo ", "").replaceAll("sudo ", "")
      .replace("APP_ENV=staging", "APP_ENV=test\nCHANGE_DELAY_HOURS=24\nHOST=127.0.0.1")
      .replace("https://sandbox.safaricom.co.ke", daraja)
      .replaceAll("https://pay.example.com", `http://127.0.0.1:${port}`)
      .replaceAll("/etc/malipo", `${folder}/etc`).replaceAll("/var/lib/malipo", `${folder}/state`)
      .replace("174379", paybill?.number ?? "").replace("CONSUMER-KEY", paybill?.consumerKey ?? "")
      .replace("CONSUMER-SECRET", paybill?.consumerSecret ?? "").replace("PASSKEY", paybill?.passkey ?? "")
      .replace("sleep 15", paid);
    const ran = await new Deno.Command("bash", {
      args: ["-c", script],
      env: { HOME: `${folder}/home`, PORT: String(port), DENO_DIR: await packageCache() },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(ran.stdout);
    assert.ok(ran.success, said + new TextDecoder().decode(ran.stderr).slice(-3_000));
    assert.match(said, /"client_id":"cli_\w+"/);
    assert.match(said, /"status":"proposed"/);
    assert.match(said, /"reference":"first-1"[^\n]*"status":"succeeded"|"status":"succeeded"[^\n]*"receipt":"\w{10}"/);
    assert.match(await Deno.readTextFile(`${folder}/log`), /"event":"stopped"/);
  } finally {
    await simulator.end("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
});
