import { z } from "zod";

/** One small fault that is put into a copy of the code on purpose. Some test must fail because of it. */
export const mutation = z.strictObject({
  id: z.string().min(1),
  area: z.string().min(1),
  /** The file, as a path from the root. */
  file: z.string().min(1),
  /** The text that is replaced. It must occur exactly once in the file. */
  text: z.string().min(1),
  to: z.string(),
  /** What goes wrong with the money, in one line. */
  why: z.string().min(1),
  /** The test files or folders that should notice, as paths from the root. The quickest come first. */
  tests: z.array(z.string().min(1)).min(1),
  /** Whether a survivor concerns money, and fails the run whatever the score is. */
  money: z.boolean(),
});
export type Mutation = z.output<typeof mutation>;

/** A mutation in a list from a file. What is missing there is filled in: a hidden list may know only file, text and replacement. */
const listed = z.object({
  id: z.string().optional(),
  area: z.string().optional(),
  file: z.string(),
  text: z.string(),
  to: z.string(),
  why: z.string().default("from a list"),
  tests: z.array(z.string()).optional(),
  money: z.boolean().default(true),
});

/** Reads a list of mutations from JSON: an array of objects with at least `file`, `text` and `to`. Throws on any other shape. */
export function readList(json: string): Mutation[] {
  return z.array(listed).parse(JSON.parse(json)).map((entry, index) => {
    const area = entry.area ?? areaOf(entry.file);
    return mutation.parse({
      ...entry,
      area,
      id: entry.id ?? `${area}-${index + 1}`,
      tests: entry.tests ?? testsOf(entry.file),
    });
  });
}

/** The area of a file where a list names none: the folder of its resource, or of its layer. */
export const areaOf = (file: string): string => {
  const [top = "", second = "", third = ""] = file.split("/");
  if (top === "migrations") return "ledger";
  return second === "domain" ? third : second;
};

/** Tests that notice faults of an area beside those in its own folder, the quickest first. */
const FURTHER: Readonly<Record<string, readonly string[]>> = {
  accounts: ["tests/domain/payments/allocate_test.ts"],
  callbacks: ["tests/daraja", "tests/e2e/money"],
  "change-requests": ["tests/security/changes_test.ts"],
  checkouts: ["tests/domain/payments", "tests/domain/accounts", "tests/e2e/paybill", "tests/e2e/money"],
  daraja: ["tests/domain/payouts/notices_test.ts", "tests/domain/refunds/notices_test.ts"],
  db: ["tests/domain/guards_test.ts", "tests/jobs"],
  ledger: ["tests/domain/refunds", "tests/domain/payouts/verdicts_test.ts", "tests/domain/accounts", "tests/db"],
  lib: ["tests/domain/reconciliations", "tests/http/csv_test.ts"],
  merchants: ["tests/security"],
  "money-out": ["tests/domain/payouts/verdicts_test.ts", "tests/domain/refunds"],
  payments: ["tests/domain/checkouts", "tests/domain/accounts", "tests/e2e/paybill"],
  payouts: [
    "tests/domain/guards_test.ts",
    "tests/domain/money-out",
    "tests/security/approval-sums_test.ts",
    "tests/e2e/payouts",
  ],
  reconciliations: ["tests/domain/refunds/taken-back_test.ts", "tests/jobs/takeover_test.ts", "tests/e2e/paybill"],
  refunds: ["tests/domain/guards_test.ts", "tests/domain/money-out", "tests/domain/payouts/verdicts_test.ts"],
};
/** Where a file has no tests in a folder of its own: what moves money on the usual ways. */
const USUAL = ["tests/domain", "tests/e2e/money"];

const root = new URL("../../", import.meta.url);
const exists = (path: string): boolean => {
  try {
    Deno.statSync(new URL(path, root));
    return true;
  } catch {
    return false;
  }
};

/** The tests of a file where a list names none: the folder of its area, and what else tests it. */
export function testsOf(file: string): string[] {
  const area = areaOf(file);
  const [, second = ""] = file.split("/");
  const own = second === "domain" || file.startsWith("migrations/") ? `tests/domain/${area}` : `tests/${area}`;
  const found = [own, ...(FURTHER[area] ?? [])].filter(exists);
  return found.length === 0 ? USUAL : found;
}

/** The text of a file with the mutation in it. Throws where the text to replace does not occur exactly once. */
export function applyMutation(source: string, { id, file, text, to }: Mutation): string {
  const times = source.split(text).length - 1;
  if (times !== 1) {
    throw new Error(`mutation ${id}: its text occurs ${times} times in ${file}, and must occur exactly once: ${text}`);
  }
  return source.replace(text, () => to);
}
