import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);
const read = (path: string): Promise<string> => Deno.readTextFile(new URL(path, root));

Deno.test("LICENSE is the text of the Apache License 2.0, byte for byte", async () => {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(new URL("LICENSE", root)));
  assert.equal(new Uint8Array(digest).toHex(), "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30");
  assert.match(await read("docs/openapi.json"), /"identifier": "Apache-2.0"/);
});

Deno.test("editors format as deno fmt does", async () => {
  const { fmt } = JSON.parse(await read("deno.json"));
  const [, everyFile = ""] = (await read(".editorconfig")).split("[*]\n");
  const rules = new Map(everyFile.split("\n\n")[0]?.split("\n").map((line) => line.split(" = ") as [string, string]));
  assert.equal(rules.get("max_line_length"), String(fmt.lineWidth));
  assert.equal(rules.get("indent_style"), fmt.useTabs === true ? "tab" : "space");
  assert.equal(rules.get("indent_size"), String(fmt.indentWidth ?? 2));
  assert.deepEqual([rules.get("end_of_line"), rules.get("charset")], ["lf", "utf-8"]);
});

Deno.test("the public workflow runs the gate, may only read, and pins each action to a full version", async () => {
  const workflow = await read(".github/workflows/ci.yml");
  assert.match(workflow, /^permissions:\n {2}contents: read\n\n/m);
  assert.equal(workflow.match(/permissions:/g)?.length, 1, "no job raises its permissions");
  assert.match(workflow, /runs-on: ubuntu-latest/);
  assert.match(workflow, /run: \.ci\/run$/m);
  const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = ""]) => action);
  assert.ok(actions.length > 0);
  for (const action of actions) assert.match(action, /^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/);
  assert.doesNotMatch(workflow, /secrets\.|pull_request_target/);
});

Deno.test("the security policy tells of every release line and leads to the list of threats", async () => {
  const policy = await read("SECURITY.md");
  for (const heading of ["How to report", "Supported versions", "What is in scope", "What we promise"]) {
    assert.ok(policy.includes(`\n## ${heading}\n`), heading);
  }
  assert.ok(policy.includes("(docs/security.md)"));
  assert.doesNotMatch(policy, /[\w.]+@[\w.]+\.\w+|TODO|example\.com/, "no address that belongs to somebody else");
});
