import { readOptions, usage, UsageError } from "./options.ts";
import { rehearse } from "./run.ts";
import { table } from "./tally.ts";

/** `deno task rehearse`: see the usage in options.ts, and docs/rollout.md. */
try {
  const options = readOptions(Deno.args);
  if (options === "help") console.log(usage);
  else {
    const { from, migrations, phases, differences, moved } = await rehearse(options, (line) => console.error(line));
    console.log(`\nN is ${from.slice(0, 12)}; N+1 adds ${migrations.join(", ") || "no migration"}.\n`);
    console.log(table(phases));
    const failures = phases.flatMap(({ phase, problems }) => problems.map((problem) => `${phase}: ${problem}`));
    for (const failure of failures.slice(0, 20)) console.log(`FAILED ${failure}`);
    for (const difference of differences.slice(0, 20)) console.log(`DIFFERS ${difference}`);
    const isGood = failures.length === 0 && differences.length === 0;
    console.log(
      `\n${moved} movements of money; the books ${differences.length === 0 ? "are equal" : "differ"}. ` +
        (isGood ? "The rollout may begin." : "Do not roll out."),
    );
    if (!isGood) Deno.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error);
  Deno.exitCode = error instanceof UsageError ? 2 : 1;
}
