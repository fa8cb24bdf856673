import type { Answer, Context, IdempotencyClaim } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import type { Route } from "../../http/operation.ts";

/** Ends a preview where the operation would write. */
class EndOfPreview extends Error {
  override readonly name = "EndOfPreview";
}

/** Takes the answer of an operation at the moment when it commits. It stands in the place of an Idempotency-Key. */
export class AnswerTaker implements IdempotencyClaim {
  readonly state = "free";
  subjectId = "";
  answer: Answer | undefined;
  /** `first` becomes the first statement of the operation's batch. */
  constructor(readonly first: Statement) {}

  claimStatement(subjectId: string, answer?: Answer): Promise<Statement> {
    this.subjectId = subjectId;
    this.answer = answer;
    return Promise.resolve(this.first);
  }

  answerStatement(): Promise<Statement> {
    return Promise.resolve(this.first);
  }

  markStored(): void {}
}

/** Made anew or counted by each run, or shown once. */
const NOT_OF_A_PREVIEW: ReadonlySet<string> = new Set(["secret", "sign_in_url", "updated_at", "version"]);
const NOT_OF_A_NEW_ROW: ReadonlySet<string> = new Set(["id", "created_at", "parent", "owner"]);

/** What the API shows of an answer in a change request. */
export function shownOf(answer: unknown, isNew: boolean): Record<string, unknown> {
  const fields = Object.entries(answer as object); // operations that are proposed answer an object
  return Object.fromEntries(
    fields.filter(([name]) => !NOT_OF_A_PREVIEW.has(name) && !(isNew && NOT_OF_A_NEW_ROW.has(name))),
  );
}

/**
 * Runs an operation up to its write, so that a request that could not be applied is refused when it is proposed. Answers
 * what it would answer, and changes nothing. Errors: those of the operation.
 */
export async function preview(ctx: Context, route: Route, input: unknown): Promise<unknown> {
  const taker = new AnswerTaker({ sql: "SELECT 1", args: [] });
  const db: Database = {
    read: (statements) => ctx.db.read(statements),
    write: () => Promise.reject(new EndOfPreview()),
    close: () => Promise.resolve(),
  };
  try {
    await route.run({ ...ctx, db, claim: taker, note: () => {} }, input);
  } catch (error) {
    if (!(error instanceof EndOfPreview)) throw error;
  }
  return taker.answer?.body ?? {};
}
