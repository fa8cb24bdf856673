import ts from "typescript";

/** A module of the client: its path in src/client, and its text. */
export interface Module {
  readonly name: string;
  readonly text: string;
}

/** A file of the package: its path in the package, and its text. */
export type PackedFile = Module;

/**
 * Compiles a module to JavaScript and declarations, with TypeScript. The JavaScript names its declaration file for Deno
 * and JSR; Node finds it by its name. Errors: `Error` if a declaration needs type inference.
 */
export function compile({ name, text }: Module): PackedFile[] {
  const stem = name.replace(/\.ts$/, "");
  const types = `${stem.slice(stem.lastIndexOf("/") + 1)}.d.ts`;
  const compilerOptions: ts.CompilerOptions = {
    isolatedDeclarations: true,
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    verbatimModuleSyntax: true,
  };
  const code = ts.transpileModule(text, { compilerOptions: { ...compilerOptions, removeComments: true } });
  const declared = ts.transpileDeclaration(text, { fileName: name, reportDiagnostics: true, compilerOptions });
  const [wrong] = declared.diagnostics ?? [];
  if (wrong !== undefined) throw new Error(`${name}: ${ts.flattenDiagnosticMessageText(wrong.messageText, " ")}`);
  return [
    { name: `${stem}.js`, text: `/* @ts-self-types="./${types}" */\n${code.outputText}` },
    { name: `${stem}.d.ts`, text: fixDeclarations(declared.outputText) },
  ];
}

/** TypeScript keeps `.ts` in the imports of a declaration, and emits a method under a symbol twice (once as a property). */
const fixDeclarations = (declarations: string): string =>
  declarations.replaceAll(/(?<=(?:from |import\()")(\.[^"]+)\.ts(?=")/g, "$1.js")
    .replaceAll(/^ *\[Symbol\.\w+\]: \(\) => .*\n/gm, "");

/** The names of the types that a module of nothing but types exports. */
export const exportedTypes = (text: string): string[] =>
  [...text.matchAll(/^export type (?:\{ )?(\w+)/gm)].map(([, name = ""]) => name);
