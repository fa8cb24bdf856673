import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);

/** The rows of the glossary's table: term, meaning, places. */
async function rows(): Promise<(readonly [term: string, meaning: string, places: string])[]> {
  const text = await Deno.readTextFile(new URL("docs/glossary.md", root));
  return [...text.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].slice(1)
    .map(([, term = "", meaning = "", places = ""]) => [term, meaning, places]);
}

/** Folders (with a slash at the end) and files under `src/`, as paths from there with a slash before. */
async function* paths(folder: URL, base = "/"): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${base}${name}${isDirectory ? "/" : ""}`;
    yield path;
    if (isDirectory) yield* paths(new URL(`${name}/`, folder), path);
  }
}

Deno.test("the glossary is in alphabetical order, and names each term once", async () => {
  const terms = (await rows()).map(([term]) => term.toLowerCase()).filter((term) => !/^-+$/.test(term));
  assert.ok(terms.length >= 90, `${terms.length} terms`);
  assert.deepEqual(terms, [...new Set(terms)].sort((a, b) => a < b ? -1 : 1));
});

Deno.test("the glossary's places in the code exist", async () => {
  const known = await Array.fromAsync(paths(new URL("src/", root)));
  const missing = (await rows()).flatMap(([term, , places]) =>
    [...places.matchAll(/`([^`]+)`/g)].map(([, place = ""]) => place)
      .filter((place) => !known.some((path) => path.endsWith(`/${place}`)))
      .map((place) => `${term}: ${place}`)
  );
  assert.deepEqual(missing, []);
});
