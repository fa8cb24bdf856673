import assert from "node:assert/strict";
import { type Import, sourceFiles, sourceImports } from "./imports.ts";

const imports = await sourceImports();
const broken = (rule: (one: Import) => boolean): string[] =>
  imports.filter((one) => !rule(one)).map(({ from, to }) => `${from} -> ${to}`);

/** From the ground up: routes stand on verbs, verbs on machines, http, jobs, db, daraja and crypto. First match counts. */
const layers: readonly (readonly [name: string, files: RegExp])[] = [
  ["command line", /^cli\//],
  ["start", /^(main|start)\.ts$/],
  ["app", /^app\.ts$/],
  ["table of routes", /^routes\.ts$/],
  ["routes", /(^|\/)([\w-]+-)?routes\.tsx?$|^pages\/|^merchants\/oauth\.ts$/],
  ["composition", /^services\.ts$/],
  ["dispatch", /^callbacks\/(?!contract|list-)/],
  ["machine", /\/machine\.ts$/],
  [
    "ground",
    /^(crypto|daraja|db|platform|config|http)\/|^jobs\/(?!operate|contract)|^merchants\/(scopes|tokens)\.ts$/,
  ],
  ["ground", /^(config|context|problem|problem-help|log|version)\.(ts|json)$/],
  ["contract", /\/([\w-]+-)?(contract|examples|fields|accounts)\.ts$/],
  ["verb", /^[\w-]+\//],
];
const order = ["ground", "machine", "contract", "verb", "dispatch", "composition", "routes", "table of routes", "app"]
  .concat("start", "command line");

function rankOf(path: string): number {
  const layer = layers.find(([, files]) => files.test(path))?.[0];
  assert.ok(layer !== undefined, `${path} is in no layer`);
  return order.indexOf(layer);
}

const ofSimulator = (path: string) => path.startsWith("simulator/");

Deno.test("imports point one way: routes, verbs, machines, ground", () => {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  const limits = ({ from, to }: Import) => from.endsWith("contract.ts") && folderOf(from) === folderOf(to); // a schema's
  const values = ({ from, to, typesOnly }: Import) => typesOnly || ofSimulator(from) || ofSimulator(to);
  assert.deepEqual(broken((one) => values(one) || limits(one) || rankOf(one.to) <= rankOf(one.from)), []);
});

Deno.test("no file imports itself by way of others", () => {
  const next = Map.groupBy(imports.filter(({ typesOnly }) => !typesOnly), ({ from }) => from);
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): string[] => {
    if (way.includes(path)) return [[...way.slice(way.indexOf(path)), path].join(" -> ")];
    if (done.has(path)) return [];
    const found = (next.get(path) ?? []).flatMap(({ to }) => visit(to, [...way, path]));
    done.add(path);
    return found;
  };
  assert.deepEqual([...next.keys()].flatMap((path) => visit(path, [])), []);
});

Deno.test("a machine imports nothing but types", () => {
  assert.deepEqual(broken(({ from, typesOnly }) => !from.endsWith("/machine.ts") || typesOnly), []);
});

Deno.test("the Daraja client knows no database, no HTTP server and no resource", () => {
  assert.deepEqual(broken(({ from, to }) => !/^daraja\//.test(from) || /^(daraja|platform)\//.test(to)), []);
});

Deno.test("crypto stands alone", () => {
  assert.deepEqual(broken(({ from, to }) => !from.startsWith("crypto/") || to.startsWith("crypto/")), []);
});

Deno.test("the simulator imports nothing from outside, and only the command line imports it", () => {
  assert.deepEqual(broken(({ from, to }) => !ofSimulator(from) || ofSimulator(to)), []);
  assert.deepEqual(broken(({ from, to }) => !ofSimulator(to) || ofSimulator(from) || from.startsWith("cli/")), []);
});

Deno.test("only the start knows the host", () => {
  const host = /^platform\/deno(\.ts|\/)/;
  const knowing = /^(cli\/|(main|start)\.ts$|platform\/deno)/;
  assert.deepEqual(broken(({ from, to }) => !host.test(to) || knowing.test(from)), []);
});

Deno.test("the files that are checked are all there are", async () => {
  const files = await sourceFiles();
  assert.ok(files.includes("app.ts") && files.length > 100);
  assert.ok(imports.length > files.length);
});
