const chromium = "/usr/bin/chromium";
const installed = await Deno.stat(chromium).then(() => true, () => false);
const skipped = !installed && (Deno.env.get("CI") ?? "") === "";

const PERMISSIONS = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
  "--allow-ffi=node_modules",
];

Deno.test(
  "the 25 tasks of the console, within their step counts, with a script and without",
  { ignore: skipped },
  async () => {
    if (!installed) throw new Error(`There is no ${chromium}; .ci/run installs it.`);
    const flow = new URL("./flows/tasks.flow.ts", import.meta.url).href;
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--quiet", "--frozen", "--no-check", "--no-prompt", ...PERMISSIONS, flow],
      env: { CHROMIUM: chromium, __IS_WSL_TEST__: "1" }, // else Playwright looks into /proc, which takes every permission
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (Deno.env.get("SHOW_FLOWS") !== undefined) console.log(said);
    if (!success) throw new Error(`Tasks failed:\n${said}`);
  },
);
