import assert from "node:assert/strict";
import * as esbuild from "esbuild";

/** What only one host has. */
const ofHosts: readonly (readonly [what: string, form: RegExp])[] = [
  ["Deno", /\bDeno\s*\.\s*\w+/],
  ["a Node module", /["']node:\w+/],
  [
    "a bare Node module",
    /\b(?:from|import|require)\s*\(?\s*["'](?:fs|path|crypto|http|https|net|os|stream|buffer|util|events|tls|url)["']/,
  ],
];

/** hono/jsx asks whether there is such a module, in a way that any host survives. */
const PROBE = /process\?\.(getBuiltinModule|mainModule)\?\.(require\?\.)?\("(node:)?async_hooks"\)/g;

/** The guides are text, in which the names of hosts may stand. */
const withoutGuides: esbuild.Plugin = {
  name: "guides",
  setup: (build) => build.onLoad({ filter: /\.md$/ }, () => ({ contents: "", loader: "text" })),
};

const entry = new URL("../../src/app/app.ts", import.meta.url);

// esbuild's service is a process that it ends in its own time.
const unwatched = { sanitizeOps: false, sanitizeResources: false };

Deno.test("the app bundles for any host: web standards only", unwatched, async () => {
  try {
    const { outputFiles, warnings } = await esbuild.build({
      entryPoints: [decodeURIComponent(entry.pathname)],
      bundle: true,
      write: false,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["import", "browser", "worker"],
      target: "es2024",
      jsx: "automatic",
      jsxImportSource: "hono/jsx",
      legalComments: "none",
      plugins: [withoutGuides],
    });
    const text = (outputFiles[0]?.text ?? "").replaceAll(PROBE, "");
    assert.deepEqual(warnings.map((warning) => warning.text), []);
    assert.ok(text.length > 100_000, "it is the whole app");
    for (const [what, form] of ofHosts) {
      const at = text.search(form);
      assert.equal(at, -1, `${what}: ...${text.slice(Math.max(0, at - 80), at + 80)}...`);
    }
  } finally {
    await esbuild.stop();
  }
});
