import { z } from "zod";
import { FAILURE_CODES, type FailureCode } from "../daraja/codes.ts";

type Codes<T extends string> = z.ZodEnum<{ [K in T]: K }>;

/** Our name for a reason of failure, as answers have it. `more` are reasons of this resource that are not M-Pesa's. */
export const failureCode = <More extends string = never>(
  example: FailureCode,
  ...more: readonly More[]
): Codes<FailureCode | More> =>
  z.enum<(FailureCode | More)[]>([...FAILURE_CODES, ...more]).meta({
    description: "Our name for the reason. New ones may come.",
    examples: [example],
  }) as Codes<FailureCode | More>; // zod types an enum by its tuple, and this is a list
