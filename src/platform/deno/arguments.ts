const HELP = `deno task start

Starts the API, configured by the environment alone: docs/settings.md lists the settings, and deno task doctor says which
are missing. It ends in order at SIGTERM or SIGINT. deno task dev starts it with a simulator for development.

Options
  --help  prints this text`;

/** The service takes no arguments. `--help` prints its help and ends the process with 0, anything else with 2. */
export function refuseArguments(): void {
  const [first] = Deno.args;
  if (first === undefined) return;
  if (first === "--help" || first === "-h") {
    console.log(HELP);
    Deno.exit(0);
  }
  console.error(`There is no option ${first}.\n\n${HELP}`);
  Deno.exit(2);
}
