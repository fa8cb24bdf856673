import ts from "typescript";

/** A regular expression of our source, and where it is. */
export interface Found {
  readonly file: string;
  readonly line: number;
  readonly expression: RegExp;
}

/** What the source says: its expressions, and the places that make one at run time, where no test can see it. */
export interface Expressions {
  readonly found: readonly Found[];
  readonly made: readonly string[];
}

const SOURCE = new URL("../../src/", import.meta.url);
/** No part of the service: they run on the machine of the person who calls them, or stand in for Daraja. */
const APART = /^(simulator|cli|client|pages\/demo)\//;

/** Reads every regular expression of the service from its source. */
export async function expressions(folder = ""): Promise<Expressions> {
  const found: Found[] = [];
  const made: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder, SOURCE))) {
    const path = folder + entry.name;
    if (entry.isDirectory) {
      const inner = await expressions(`${path}/`);
      found.push(...inner.found);
      made.push(...inner.made);
    } else if (/\.tsx?$/.test(path) && !path.endsWith(".d.ts") && !APART.test(path)) {
      readFile(path, await Deno.readTextFile(new URL(path, SOURCE)), found, made);
    }
  }
  return { found, made };
}

function readFile(path: string, text: string, found: Found[], made: string[]): void {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, kind);
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      const expression = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
      found.push({ file: path, line: lineOf(node), expression });
    } else if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(source) === "RegExp"
    ) {
      made.push(`${path}:${lineOf(node)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** Characters that the classes of our expressions are made of. */
const SINGLE = [..."aAzZ09 eEyJxX-_.,:;=+/\\\"'*<>{}[]()#%&@`~|$^?!", "\t", "\n", "\r", "\u0000", "\u00e9", "\u2013"];

/**
 * Texts that make an expression work as much as it can: a beginning that it likes, a long repetition, and an end that it
 * does not like. They are made of its own words and of single characters.
 */
export function* attacks({ source }: RegExp, length: number): Generator<string> {
  const words = [...new Set(source.replaceAll(/\\./g, " ").match(/\w{2,}/g) ?? [])].slice(0, 8);
  const own = [...new Set(source.replaceAll(/[^\x20-\x7e]/g, ""))].filter((char) => /[^\w\s]/.test(char));
  const pumps = [...SINGLE, "a0", "0a", "a ", " a", "0 ", " 00", "\\\\", "\\u", '"a', "a.", "0.", "a-", ...words];
  for (const word of words) pumps.push(`${word} `, `${word}a`, `${word}0`);
  const starts = [
    "",
    ...words,
    ...words.map((word) => `${word} `),
    ...own,
    ...own.flatMap((char) => words.slice(0, 2).map((word) => word + char)),
  ];
  for (const pump of new Set(pumps)) {
    const long = pump.repeat(Math.ceil(length / pump.length));
    for (const start of starts) for (const end of ["", "\u0000"]) yield start + long + end;
  }
}
