import ts from "typescript";

/** A module of the client: its name in imports, and its text. */
export interface Module {
  readonly name: string;
  readonly text: string;
}

/**
 * One declaration file out of many modules. `entry` says what is exported; what that needs stays inside, all else is
 * left out; `typeNames` are what its `export type *` stands for. Errors: `Error` where a declaration can't be made without inference, or two modules declare the same name.
 */
export function declarationsOf(modules: readonly Module[], entry: string, typeNames: readonly string[]): string {
  const declared = new Map<string, Declaration>();
  const names: string[] = [];
  for (const { name, text } of modules) {
    const file = parse(emit(name, text));
    if (name === entry) names.push(...exportsOf(file, typeNames));
    else for (const one of declarations(name, file)) declare(one, declared);
  }
  const needed = new Set<Declaration>();
  for (const name of names) {
    if (!declared.has(name)) throw new Error(`${name} is exported but declared nowhere`);
    need(name, declared, needed);
  }
  const parts = [...new Set(declared.values())].filter((one) => needed.has(one)).map(({ text }) => text);
  return `${parts.join("\n\n")}\n\nexport { ${[...new Set(names)].sort().join(", ")} };\n`;
}

interface Declaration {
  readonly module: string;
  readonly names: readonly string[];
  readonly text: string;
  /** Every identifier in it. */
  readonly words: ReadonlySet<string>;
}

const declarations = (module: string, file: ts.SourceFile): Declaration[] =>
  file.statements.filter((s) => !ts.isImportDeclaration(s) && !ts.isExportDeclaration(s)).map((statement) => ({
    module,
    names: namesOf(statement),
    text: statement.getFullText(file).trim().replace(/^(\/\*\*[^]*?\*\/\s*)?export /, "$1"),
    words: wordsOf(statement),
  }));

function declare(one: Declaration, declared: Map<string, Declaration>): void {
  for (const name of one.names) {
    const other = declared.get(name);
    if (other !== undefined) throw new Error(`${name} is declared by ${other.module} and by ${one.module}`);
    declared.set(name, one);
  }
}

function need(name: string, declared: ReadonlyMap<string, Declaration>, needed: Set<Declaration>): void {
  const one = declared.get(name);
  if (one === undefined || needed.has(one)) return;
  needed.add(one);
  for (const word of one.words) need(word, declared, needed);
}

function wordsOf(node: ts.Node, into = new Set<string>()): Set<string> {
  if (ts.isIdentifier(node)) into.add(node.text);
  node.forEachChild((child) => void wordsOf(child, into));
  return into;
}

const parse = (text: string): ts.SourceFile =>
  ts.createSourceFile("module.d.ts", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);

function emit(name: string, text: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    fileName: name,
    reportDiagnostics: true,
    compilerOptions: { isolatedDeclarations: true, strict: true, target: ts.ScriptTarget.ES2022 },
  });
  const [first] = diagnostics;
  if (first !== undefined) throw new Error(`${name}: ${ts.flattenDiagnosticMessageText(first.messageText, " ")}`);
  // TypeScript emits a method under a symbol twice, once as a property
  return outputText.replaceAll(/^ *\[Symbol\.\w+\]: \(\) => .*\n/gm, "");
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const named = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement);
  if (!named || statement.name === undefined) throw new Error(`${statement.getText()} has no name`);
  return [statement.name.text];
}

const exportsOf = (entry: ts.SourceFile, typeNames: readonly string[]): readonly string[] =>
  entry.statements.filter(ts.isExportDeclaration).flatMap(({ exportClause }) =>
    exportClause !== undefined && ts.isNamedExports(exportClause)
      ? exportClause.elements.map(({ name }) => name.text)
      : typeNames
  );

/** The names that a module exports. */
export function exportedNames(text: string): string[] {
  return parse(text).statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return exportsOf(parse(statement.getText()), []);
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) ?? [] : [];
    return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ? namesOf(statement) : [];
  });
}
