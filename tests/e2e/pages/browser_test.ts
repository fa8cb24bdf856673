import { Child, freePort } from "../../support/child.ts";

const chromium = "/usr/bin/chromium";
const installed = await Deno.stat(chromium).then(() => true, () => false);
const skipped = !installed && (Deno.env.get("CI") ?? "") === "";
if (skipped) console.warn(`Browser tests are skipped: there is no ${chromium} (Debian: apt-get install chromium).`);

/** `deno task dev` on ports and files of its own, its times cut short. */
async function startDev(
  folder: string,
): Promise<{ child: Child; url: string; simulator: string; links: Record<string, string> }> {
  const [port, simulatorPort] = [freePort(), freePort()];
  const child = Child.start(new URL("../../../src/cli/dev.ts", import.meta.url), {
    APP_ENV: "development",
    HOST: "127.0.0.1",
    PORT: String(port),
    SIMULATOR_PORT: String(simulatorPort),
    DATABASE_URL: `file:${folder}/malipo.db`,
    KV_PATH: `${folder}/kv.db`,
    SIMULATOR_CALLBACK_DELAY_MS: "2000",
    SIMULATOR_LATE_MS: "600000",
    PLAN_SCALE: "0.05",
  });
  const url = await child.line((line) => /Demo shop +(http\S+)\/demo/.exec(line)?.[1] ?? null);
  if (url === null) throw new Error(`deno task dev did not start:\n${child.lines.join("\n")}`);
  const linkOf = async (role: string) =>
    await child.line((line) => new RegExp(`${role}@demo\\.test +(http\\S+)`).exec(line)?.[1] ?? null) ?? "";
  const links = { APPROVER_LINK: await linkOf("approver"), ADMIN_LINK: await linkOf("admin") };
  return { child, url, simulator: `http://127.0.0.1:${simulatorPort}`, links };
}

const PERMISSIONS = [
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];

/** The flows run in a process of their own, with what Playwright needs to start a browser. */
async function runFlows(env: Record<string, string>): Promise<Deno.CommandOutput> {
  const folder = new URL("./flows/", import.meta.url);
  const flows = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".flow.ts")) flows.push(new URL(name, folder).href);
  }
  return await new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--frozen", "--no-check", "--parallel", "--no-prompt", ...PERMISSIONS, ...flows.sort()],
    env: { ...env, __IS_WSL_TEST__: "1" }, // else Playwright looks into /proc, which takes every permission there is
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
}

Deno.test(
  "a person buys in a browser: every flow of the demo shop and the hosted page",
  { ignore: skipped },
  async () => {
    if (!installed) throw new Error(`There is no ${chromium}; .ci/run installs it.`);
    const folder = await Deno.makeTempDir({ prefix: "malipo-browser-" });
    try {
      const { child, url, simulator, links } = await startDev(folder);
      try {
        const { success, stdout, stderr } = await runFlows({
          SHOP_URL: url,
          SIMULATOR_URL: simulator,
          ...links,
          CHROMIUM: chromium,
        });
        const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
        if (Deno.env.get("SHOW_FLOWS") !== undefined) console.log(said);
        if (!success) {
          throw new Error(
            `Flows failed:\n${said}\nThe service said last:\n${child.lines.slice(-15).join("\n")}`,
          );
        }
      } finally {
        await child.end("SIGTERM");
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
