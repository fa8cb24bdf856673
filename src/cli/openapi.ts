import { openApiDocument } from "../http/openapi/document.ts";
import type { Document } from "../http/openapi/types.ts";
import { routes } from "../app/routes.ts";
import { taskOptions } from "./frame/task.ts";
import { findBreaks } from "./compare-documents.ts";

const file = new URL("../../docs/openapi.json", import.meta.url);

/** The document in docs/openapi.json: the interface of the last release. */
export const releasedDocument = async (): Promise<Document> => JSON.parse(await Deno.readTextFile(file));

/** The document of this code. */
export const currentDocument = (): Document => openApiDocument("https://api.malipo.example", routes);

/** Whether the newer version number announces a break: a new major version, or a new minor version while it is `0.x`. */
export function announcesBreak(older: string, newer: string): boolean {
  const [before = [], after = []] = [older, newer].map((version) => version.split(/[.-]/).map(Number));
  const major = (after[0] ?? 0) - (before[0] ?? 0);
  return major > 0 || (major === 0 && before[0] === 0 && (after[1] ?? 0) > (before[1] ?? 0));
}

/** The breaks that the version number does not announce. Empty: there are none. */
export const unannouncedBreaks = (older: Document, newer: Document): string[] =>
  announcesBreak(older.info.version, newer.info.version) ? [] : findBreaks(older, newer);

/** Removes the examples. They are most of the document, and not part of the contract. */
function withoutExamples(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutExamples);
  if (node === null || typeof node !== "object") return node;
  const entries = Object.entries(node).filter(([key, value]) => key !== "examples" || typeof value !== "object");
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutExamples(value)]));
}

/** `deno task openapi`: writes docs/openapi.json, unless that would break the released interface. */
if (import.meta.main) {
  taskOptions("deno task openapi", {
    summary: "writes docs/openapi.json, unless that would break the released interface",
  });
  const current = currentDocument();
  const kept = await releasedDocument().catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  const refused = kept === null ? [] : unannouncedBreaks(kept, current);
  if (refused.length > 0) {
    console.error(`This breaks programs written for ${kept?.info.version}:\n- ${refused.join("\n- ")}`);
    console.error("Keep it compatible, or raise the version in deno.json (docs/versioning.md).");
    Deno.exit(1);
  }
  await Deno.writeTextFile(file, `${JSON.stringify(withoutExamples(current), null, 2)}\n`);
  console.log(`docs/openapi.json is ${current.info.version} now.`);
}
