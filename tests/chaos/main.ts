import { sabotageNames } from "./child/sabotage.ts";
import { readOptions, usage, UsageError } from "./options.ts";
import { chaos } from "./run.ts";

/** `deno task chaos`: see the usage in options.ts, and docs/operations.md. */
try {
  const options = readOptions(Deno.args);
  if (options === "help") console.log(usage);
  else if (options === "list") console.log(sabotageNames.join("\n"));
  else {
    const outcome = await chaos(options);
    console.log(outcome.text);
    if (!outcome.good) Deno.exitCode = 1;
  }
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : error);
  Deno.exitCode = isUsage ? 2 : 1;
}
