import type { z } from "zod";
import { validationProblem } from "../../http/respond.ts";

/** What a form says, by the body that the API takes. Errors: `validation_failed`, with the fields. */
export function parsed<B extends z.ZodType>({ body }: { readonly body?: B | undefined }, value: unknown): z.output<B> {
  if (body === undefined) throw new Error("the operation takes no body");
  const read = body.safeParse(value);
  if (!read.success) throw validationProblem(read.error, "json");
  return read.data;
}
