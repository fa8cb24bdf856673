/** A number above zero that was given on the command line. Says what is wrong and ends the process with 1 otherwise. */
export function above0(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  console.error(`--${name} must be a number above zero, not ${text}.`);
  Deno.exit(1);
}

/** Which database was asked for. Says what is wrong and ends the process with 1 where it is none of ours. */
export function databaseOf(text: string): "file" | "sqld" {
  if (text === "file" || text === "sqld") return text;
  console.error(`--database must be file or sqld, not ${text}.`);
  Deno.exit(1);
}
