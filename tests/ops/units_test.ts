import assert from "node:assert/strict";

const units = new URL("../../ops/systemd/", import.meta.url);
const manifest: { tasks: Record<string, string> } = JSON.parse(
  await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
);
const LEAST_SAFE = 20; // tenths of the exposure level of systemd-analyze security; 10 is the most exposed

async function analyze(...args: string[]): Promise<{ code: number; text: string } | null> {
  try {
    const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", { args }).output();
    return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const names: string[] = [];
for await (const { name } of Deno.readDir(units)) names.push(name);
const services = names.filter((name) => name.endsWith(".service"));
const read = (name: string) => Deno.readTextFile(new URL(name, units));

const isInstalled = await analyze("--version") !== null;
const isCi = Deno.env.get("CI") !== undefined;

/** The units with the programs of this machine: a unit that names a program that is missing is refused. */
async function inFolder(test: (paths: string[]) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-units-" });
  try {
    for (const name of names) {
      const text = (await read(name)).replaceAll(/\/usr\/local\/bin\/(deno|sqld)/g, "/bin/true");
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await test(names.map((name) => `${folder}/${name}`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: isInstalled || isCi
    ? "systemd accepts each unit, and each service is shut in"
    : "systemd's units (skipped: systemd-analyze is not installed; apt-get install systemd)",
  ignore: !isInstalled && !isCi,
  fn: () =>
    inFolder(async (paths) => {
      const verified = await analyze("verify", "--man=no", ...paths);
      assert.deepEqual(verified, { code: 0, text: "" });
      for (const path of paths.filter((each) => each.endsWith(".service"))) {
        const shut = await analyze("security", "--offline=true", "--no-pager", `--threshold=${LEAST_SAFE}`, path);
        assert.equal(shut?.code, 0, shut?.text.slice(-200));
      }
    }),
});

Deno.test("the unit starts what `deno task start` starts, from the installed packages only", async () => {
  const started = /^ExecStart=\/usr\/local\/bin\/(.*)$/m.exec(await read("malipo@.service"))?.[1];
  const [settings, command] = manifest.tasks.start?.split(" deno ") ?? [];
  assert.equal(started?.replace("--cached-only --node-modules-dir=manual ", ""), `deno ${command}`);
  assert.ok((await read("malipo@.service")).includes(`Environment=${settings}\n`));
});

Deno.test("each service runs as its own user and holds no setting of its own", async () => {
  assert.ok(services.length >= 4);
  for (const name of services) {
    const text = await read(name);
    assert.match(text, /^User=malipo$/m, name);
    assert.match(text, /^NoNewPrivileges=yes$/m, name);
    assert.doesNotMatch(text, /_KEYS|_SECRETS|TOKEN=|PASSWORD/, name);
  }
});
