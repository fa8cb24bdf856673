import type { Document } from "./types.ts";

const PRUNED = ["schemas", "parameters", "responses", "headers", "examples"] as const;

/** Removes components that nothing refers to. */
export function prune(document: Document): Document {
  const used = new Set<string>();
  const follow = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== "$ref" || typeof value !== "string") follow(value);
      else if (!used.has(value)) {
        used.add(value);
        const [, , kind, name] = value.split("/");
        const parts = document.components as unknown as Record<string, Record<string, unknown>>; // by the name of its kind
        follow(parts[kind ?? ""]?.[name ?? ""]);
      }
    }
  };
  follow(document.paths);
  follow(document.webhooks);
  const components = Object.fromEntries(
    PRUNED.map((kind) => [
      kind,
      Object.fromEntries(
        Object.entries(document.components[kind]).filter(([name]) => used.has(`#/components/${kind}/${name}`)),
      ),
    ]),
  );
  return { ...document, components: { ...document.components, ...components } };
}
