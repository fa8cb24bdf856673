import assert from "node:assert/strict";
import { type Import, sourceFiles, sourceImports } from "./imports.ts";

const imports = await sourceImports();
const files = await sourceFiles();
const breaking = (allowed: (one: Import) => boolean): string[] =>
  imports.filter((one) => !allowed(one)).map(({ from, to }) => `${from} -> ${to}`);

/** The folders of `src/` from the ground up. A file imports from its own line and from the lines above it, never below. */
const FOLDERS = [
  ["lib"],
  ["telemetry", "problems"],
  ["crypto"],
  ["platform"],
  ["config"],
  ["daraja", "db"],
  ["auth", "flags"],
  ["context"],
  ["http"],
  ["jobs"],
  ["domain"],
  ["callbacks", "webhooks", "pages", "monitoring"],
  ["console"],
  ["client"],
  ["app"],
  ["cli", "main.ts"],
] as const;

/** The resources of `domain/`, in the same manner. */
const RESOURCES = [
  "merchants",
  "people",
  "flags",
  "change-requests",
  "settlement",
  "shortcodes",
  "checkouts",
  "payment-links",
  "accounts",
  "payments",
  "receipts",
  "money-out",
  "payees",
  "payouts",
  "refunds",
  "standing-orders",
  "balances",
  "qr-codes",
  "ledger",
  "reconciliations",
  "audit",
  "keys",
  "privacy",
  "search",
  "timeline",
  "attention",
  "reports",
  "retention",
] as const;

/** The folders of `webhooks/`, in the same manner. `webhooks/routes.ts` imports from all. */
const WEBHOOK_FOLDERS = ["events", "endpoints", "deliveries", "routes.ts"] as const;

/** Inside a resource, by the path. A large machine has a folder `machine/` beside its `machine.ts`. The first match counts. */
const MACHINE = /\/machine(\.ts$|\/)/;
const KINDS: readonly (readonly [kind: string, file: RegExp])[] = [
  ["machine", MACHINE],
  ["routes", /\/([\w-]+-)?routes\.tsx?$/],
  ["contract", /\/(([\w-]+-)?(contract|examples|fields)|accounts|order)\.ts$/],
  ["verb", /./],
];
const KIND_ORDER = ["machine", "contract", "verb", "routes"];

const folderOf = (path: string): string => path.split("/")[0] ?? "";
const resourceOf = (path: string): string => path.split("/")[1] ?? "";
const kindOf = (path: string): number => KIND_ORDER.indexOf(KINDS.find(([, file]) => file.test(path))?.[0] ?? "");
const lineOf = (path: string): number =>
  FOLDERS.findIndex((line) => (line as readonly string[]).includes(folderOf(path)));
const isSimulator = (path: string): boolean => path.startsWith("simulator/");

Deno.test("imports between folders point one way, types included", () => {
  const unknown = files.filter((path) => lineOf(path) === -1 && !isSimulator(path));
  assert.deepEqual(unknown, [], "each folder of src/ has its place in the order");
  const sideways = ({ from, to }: Import) => lineOf(from) > lineOf(to) || folderOf(from) === folderOf(to);
  assert.deepEqual(breaking((one) => isSimulator(one.from) || isSimulator(one.to) || sideways(one)), []);
});

Deno.test("imports between resources point one way, types included", () => {
  const rank = (path: string) => (RESOURCES as readonly string[]).indexOf(resourceOf(path));
  const inDomain = files.filter((path) => folderOf(path) === "domain");
  assert.deepEqual(inDomain.filter((path) => rank(path) === -1), [], "each resource has its place in the order");
  const both = ({ from, to }: Import) => folderOf(from) === "domain" && folderOf(to) === "domain";
  assert.deepEqual(breaking((one) => !both(one) || rank(one.from) >= rank(one.to)), []);
});

Deno.test("imports between events, endpoints and deliveries of webhooks point one way, types included", () => {
  const rank = (path: string) => (WEBHOOK_FOLDERS as readonly string[]).indexOf(resourceOf(path));
  const inWebhooks = files.filter((path) => folderOf(path) === "webhooks");
  assert.ok(inWebhooks.length > 0);
  assert.deepEqual(inWebhooks.filter((path) => rank(path) === -1), [], "each folder has its place in the order");
  const both = ({ from, to }: Import) => folderOf(from) === "webhooks" && folderOf(to) === "webhooks";
  assert.deepEqual(breaking((one) => !both(one) || rank(one.from) >= rank(one.to)), []);
});

Deno.test("inside a resource: routes, verbs, contracts, machine", () => {
  const same = ({ from, to }: Import) => folderOf(from) === "domain" && resourceOf(from) === resourceOf(to);
  assert.deepEqual(breaking((one) => !same(one) || kindOf(one.from) >= kindOf(one.to)), []);
});

Deno.test("no file imports itself by way of others, types included", () => {
  const next = Map.groupBy(imports, ({ from }) => from);
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

Deno.test("machines and settlement are pure: what they import from elsewhere is types, and the fields of notices", () => {
  const FIELDS = "daraja/field.ts"; // reads a value; no I/O
  const isPure = (path: string) => MACHINE.test(path) || path.startsWith("domain/settlement/");
  assert.deepEqual(
    breaking(({ from, to, typesOnly }) => !isPure(from) || typesOnly || isPure(to) || to === FIELDS),
    [],
  );
});

Deno.test("the Daraja client knows no database, no HTTP server and no resource", () => {
  assert.deepEqual(
    breaking(({ from, to }) => folderOf(from) !== "daraja" || /^(daraja|platform|telemetry|lib)\//.test(to)),
    [],
  );
});

Deno.test("crypto imports nothing of ours but lib", () => {
  const allowed = ["crypto", "lib"];
  assert.deepEqual(breaking(({ from, to }) => folderOf(from) !== "crypto" || allowed.includes(folderOf(to) ?? "")), []);
});

Deno.test("the simulator imports nothing of ours, and only the command line imports it", () => {
  assert.deepEqual(breaking(({ from, to }) => !isSimulator(from) || isSimulator(to)), []);
  assert.deepEqual(breaking(({ from, to }) => !isSimulator(to) || isSimulator(from) || from.startsWith("cli/")), []);
});

Deno.test("only the start knows the host", () => {
  const host = /^platform\/deno(\.ts|\/)/;
  const knows = /^(cli\/|main\.ts$|app\/start\.ts$|platform\/deno)/;
  assert.deepEqual(breaking(({ from, to }) => !host.test(to) || knows.test(from)), []);
});

Deno.test("the graph is whole: every file is in it, type-only imports too", () => {
  assert.ok(files.includes("app/app.ts") && files.length > 400, `${files.length} files`);
  assert.ok(imports.length > files.length, `${imports.length} imports`);
  assert.ok(
    imports.some(({ from, to, typesOnly }) => typesOnly && from === "context/services.ts" && to === "config/config.ts"),
  );
});
