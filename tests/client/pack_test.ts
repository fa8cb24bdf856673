import assert from "node:assert/strict";
import ts from "typescript";
import { packClient } from "../../src/cli/pack.ts";
import { exportedTypes } from "../../src/cli/pack/compile.ts";
import { typesOf } from "../../src/cli/pack/types.ts";
import { VERSION } from "../../src/lib/version.ts";
import { document } from "../support/document.ts";
import { type Product, withProduct } from "../support/product.ts";

const root = new URL("../../", import.meta.url);
const readme = await Deno.readTextFile(new URL("src/client/README.md", root));
const blocks = [...readme.matchAll(/```js\n([^]*?)```/g)].map(([, code = ""]) => code);

async function run(command: string, args: readonly string[], cwd: URL): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd, stdin: "null" }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`${command} ${args.join(" ")}:\n${text}${new TextDecoder().decode(stderr)}`);
  return text;
}

/** A fresh Node project with the package installed, as a tarball and without any network. */
async function withProject(test: (project: URL, packed: URL) => Promise<void>): Promise<void> {
  const folder = new URL(`file://${await Deno.makeTempDir({ prefix: "malipo-pack-" })}/`);
  try {
    const packed = new URL("packed/", folder);
    const project = new URL("shop/", folder);
    await packClient(packed);
    await Deno.mkdir(project);
    const tarball = (await run("npm", ["pack", "--silent", "--pack-destination", "."], packed)).trim();
    await Deno.writeTextFile(new URL("package.json", project), '{ "name": "shop", "private": true, "type": "module" }');
    const install = ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    await run("npm", [...install, `../packed/${tarball}`], project);
    await test(project, packed);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const exampleAt = (product: Product): string => (blocks[0] ?? "").replace("http://127.0.0.1:8000", product.api);

async function runsExample(project: URL, packed: URL): Promise<void> {
  const installed = JSON.parse(
    await Deno.readTextFile(new URL("node_modules/@malipo/client/package.json", project)),
  );
  assert.deepEqual([installed.version, installed.dependencies], [VERSION, undefined]);
  await withProduct({ env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } }, async (product) => {
    const example = exampleAt(product);
    await Deno.writeTextFile(new URL("example.js", project), example);
    const inNode = await run("node", ["example.js"], project);
    assert.match(inNode, /^succeeded [A-Z0-9]{10}\norder-1001 succeeded\nalready succeeded\n$/);

    const again = example.replace("@malipo/client", "./mod.js").replaceAll("order-1001", "order-1002")
      .replace("0712345678", "0700001032");
    await Deno.writeTextFile(new URL("example.js", packed), again);
    const inDeno = await run(Deno.execPath(), ["run", "--no-config", "--allow-net=127.0.0.1", "example.js"], packed);
    assert.match(inDeno, /^open The payment was cancelled on the phone\.\norder-1002 open\n$/);
  });
}

/** Writes the README's examples with the types they leave out. A type that is lost would allow the last line. */
async function writeExamples(folder: URL, module: string): Promise<string[]> {
  const paths = blocks.map((_, i) => new URL(`example${i}.ts`, folder).pathname);
  for (const [i, code] of blocks.entries()) {
    const typed = code.replace("(request) =>", "(request: Request) =>")
      .replaceAll("@malipo/client", module);
    const wrong = `import type { Checkout } from "${module}";
// @ts-expect-error -- an amount is a number
export const amount: Checkout["amount"] = "1500";
`;
    await Deno.writeTextFile(paths[i] ?? "", `${typed}\n${wrong}`);
  }
  return paths;
}

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: [],
};

/** Right and wrong names, one a line. */
const WRONG_NAMES = `
import { type Checkout, type Event, isMalipoError, type FailureCode, Malipo, Webhooks } from "@malipo/client";
const malipo = new Malipo();
export function read(event: Event): string {
  if (event.type === "checkout.succeeded") return event.data.reference;
  if (event.type === "checkout.succeded") return ""; // wrong
  if (event.type === "payout.failed") return event.data.failure?.code ?? "";
  if (event.type === "standing_order.active") return event.data.name;
  if (event.type === "payment.received") return event.data.reference; // wrong
  return "";
}
export const known: FailureCode = "wrong_pin";
export const unknown: FailureCode = "wrong_pim"; // wrong
export const isWrongPin = ({ last_failure: failure }: Checkout) => failure?.code === "wrong_pin";
export const isTypo = ({ last_failure: failure }: Checkout) => failure?.code === "wrongpin"; // wrong
export const isState = (error: unknown) => isMalipoError(error, "wrong_state", "not_configured");
export const isNothing = (error: unknown) => isMalipoError(error, "wrong_stat"); // wrong
malipo.webhooks.on("checkout.succeeded", ({ data }) => console.log(data.payment?.receipt));
malipo.webhooks.on("checkout.paid", () => {}); // wrong
new Webhooks("whsec_").on("payout.succeeded", ({ data }) => console.log(data.hosted_url)); // wrong
malipo.payouts.list({ status: "in_doubt" });
malipo.payouts.list({ status: "doubtful" }); // wrong
malipo.checkouts.create({ amount: 100, currency: "KES", referense: "a" }); // wrong
`;

async function checksTypes(project: URL, packed: URL): Promise<void> {
  const files = await writeExamples(project, "@malipo/client");
  const wrong = ts.getPreEmitDiagnostics(ts.createProgram(files, options)).map(({ file, messageText }) =>
    `${file?.fileName.split("/").at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`
  );
  assert.deepEqual(wrong, []);
  const wrongNames = new URL("wrong-names.ts", project);
  await Deno.writeTextFile(wrongNames, WRONG_NAMES);
  const refused = ts.getPreEmitDiagnostics(ts.createProgram([wrongNames.pathname], options));
  const lineOf = ({ file, start }: ts.Diagnostic) => (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? -1) + 1;
  const marked = WRONG_NAMES.split("\n").flatMap((line, i) => line.includes("// wrong") ? [i + 1] : []);
  assert.deepEqual([...new Set(refused.map(lineOf))], marked, "tsc refuses the wrong names, and nothing else");
  await run(Deno.execPath(), ["check", "--quiet", "--no-config", ...await writeExamples(packed, "./mod.js")], packed);
}

Deno.test("the package installs in a fresh Node project", async (t) => {
  await withProject(async (project, packed) => {
    await t.step("the README's example runs in Node and in Deno", () => runsExample(project, packed));
    await t.step(
      "its declarations are complete, and its examples are of their types",
      () => checksTypes(project, packed),
    );
  });
});

Deno.test("the package's types are the contracts' types", async () => {
  const folder = new URL(`file://${await Deno.makeTempDir({ prefix: "malipo-types-" })}/`);
  try {
    const text = await Deno.readTextFile(new URL("src/client/types.ts", root));
    const names = exportedTypes(text);
    assert.ok(names.length > 20);
    await Deno.writeTextFile(new URL("packed.ts", folder), typesOf(document));
    const same = names.map((name) => `same<Contract.${name}, Packed.${name}>("${name}");`).join("\n");
    await Deno.writeTextFile(
      new URL("same.ts", folder),
      `import type * as Contract from "${new URL("src/client/types.ts", root)}";
import type * as Packed from "./packed.ts";
const same = <A, B>(..._: [A] extends [B] ? [B] extends [A] ? [string] : [never] : [never]): void => {};
${same}
`,
    );
    await run(
      Deno.execPath(),
      ["check", "--quiet", "--config", new URL("deno.json", root).pathname, "same.ts"],
      folder,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
