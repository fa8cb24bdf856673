import assert from "node:assert/strict";

const root = new URL("../../", import.meta.url);

/** The documents that are cited, by the name that a citation gives them. */
const CITED = ["daraja.md", "design.md"] as const;
type Cited = typeof CITED[number];
type Headings = Readonly<Record<Cited, ReadonlySet<string>>>;

const NUMBER = String.raw`\d+(?:\.\d+)*`;
/** `daraja.md section 4`, `design.md sections 5.6, 7 and 8`, also after a link: `[daraja.md](daraja.md) section 4`. */
const SECTIONS = String
  .raw`\b(?:section\s+(${NUMBER})|sections\s+(${NUMBER}(?:(?:,\s+and|,|\s+and|\s+to)\s+${NUMBER})*))`;
const CITATION = new RegExp(String.raw`\b(daraja|design)\.md\)?\s+${SECTIONS}`, "gi");
/** A section of no named document. */
const BARE = new RegExp(String.raw`(?<!\.md\)?\s+)(?<!\bRFC\s+\d+,?\s+)${SECTIONS}`, "gi");
/** Forms that were used before the documents had names here. */
const OLD = /\b(?:spec|design),?\s+(?:section|rule)s?\s+\d|\bspec\s+\d/gi;

interface Found {
  readonly citations: number;
  readonly problems: readonly string[];
}

/** What one file cites, and what is wrong with it. A comment's line breaks count as spaces. */
function check(path: string, text: string, headings: Headings): Found {
  const flat = text.replaceAll(/\n[ \t]*(?:\*(?!\/)|\/\/|--|>)?/g, (gap) => " ".repeat(gap.length));
  const where = (index: number) => `${path}:${text.slice(0, index).split("\n").length}`;
  const missing = (document: Cited, { index, 0: all }: RegExpExecArray, sections: string | undefined) =>
    (sections ?? "").match(new RegExp(NUMBER, "g"))?.filter((section) => !headings[document].has(section))
      .map((section) => `${where(index)}: ${document} has no section ${section} (${all.trim()})`) ?? [];

  const citations = [...flat.matchAll(CITATION)];
  const problems = citations.flatMap((found) =>
    missing(`${found[1]?.toLowerCase()}.md` as Cited, found, found[2] ?? found[3]) // the expression names no other
  );
  const own = CITED.find((name) => path === `docs/${name}`);
  for (const found of flat.matchAll(BARE)) {
    if (own === undefined) problems.push(`${where(found.index)}: name the document of "${found[0].trim()}"`);
    else problems.push(...missing(own, found, found[1] ?? found[2]));
  }
  for (const { index, 0: all } of flat.matchAll(OLD)) {
    problems.push(`${where(index)}: write "${all}" as "daraja.md" or "design.md", then "section"`);
  }
  return { citations: citations.length, problems };
}

/** The numbers of a document's headings, each of which stands once. */
async function headingsOf(document: Cited): Promise<ReadonlySet<string>> {
  const text = await Deno.readTextFile(new URL(`docs/${document}`, root));
  const numbers = [...text.matchAll(new RegExp(String.raw`^#{2,} (${NUMBER})\.? \S`, "gm"))].map(([, n]) => n ?? "");
  assert.equal(new Set(numbers).size, numbers.length, `${document} uses a section's number twice: ${numbers}`);
  return new Set(numbers);
}

/** Files under a folder that may hold citations, as paths from the root. */
async function* filesOf(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, root))) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      if (path !== "tests/fixtures") yield* filesOf(path);
    } else if (/\.(ts|tsx|sql|md)$/.test(name)) yield path;
  }
}

async function all(): Promise<{ readonly files: readonly string[]; readonly headings: Headings }> {
  const files = ["README.md"];
  for (const folder of ["src", "tests", "migrations", "docs"]) {
    for await (const path of filesOf(folder)) files.push(path);
  }
  const [daraja, design] = await Promise.all(CITED.map(headingsOf));
  assert.ok(daraja !== undefined && design !== undefined);
  return { files, headings: { "daraja.md": daraja, "design.md": design } };
}

Deno.test("every citation names a section that exists", async () => {
  const { files, headings } = await all();
  const found = await Promise.all(
    files.map(async (path) => check(path, await Deno.readTextFile(new URL(path, root)), headings)),
  );
  assert.deepEqual(found.flatMap(({ problems }) => problems), []);
  const citations = found.reduce((sum, { citations }) => sum + citations, 0);
  assert.ok(citations >= 100, `${citations} citations were found`);
});

Deno.test("a citation of a section that does not exist is found, in any form", async () => {
  const { headings } = await all();
  // Put together here, or the test above would find them in this file.
  const s = "section";
  const wrong = [
    `/** Rule (daraja.md ${s} 99). */`,
    `/** Rule (design.md ${s}s 5.6, 7 and 5.99). */`,
    `/**\n * A rule of daraja.md\n * ${s} 4.1.\n */`,
    `// daraja.md ${s}s 2.1 to\n// 2.9`,
    `See [daraja.md](daraja.md) ${s} 0.11.`,
    `/** Rule (spec ${s} 4). */`,
    `// ${"spec"} 7.3`,
    `/** design ${s} 5.6 */`,
    `/** As ${s} 4 says. */`,
  ];
  for (const text of wrong) assert.notDeepEqual(check("src/made-up.ts", text, headings).problems, [], text);
  const right = [
    [`/** Rules (daraja.md ${s}s 0.6, 7.10 and 8; design.md ${s} 5.6). */`, 2],
    [`/**\n * A rule of daraja.md\n * ${s} 4.\n */`, 1],
    [`/** RFC 6749, ${s} 5.2, and RFC 9110\n * ${s} 12.5.4. */`, 0],
    [`const ${s} = 4; // <${s} class="card">`, 0],
  ] as const;
  for (const [text, citations] of right) {
    assert.deepEqual(check("src/made-up.ts", text, headings), { citations, problems: [] }, text);
  }
});
