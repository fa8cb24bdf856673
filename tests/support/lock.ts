/** A child process that holds a lock on a database file. */
export interface HeldLock {
  /** Rolls back, closes and ends the child. */
  release(): Promise<void>;
  /** Kills the child where it stands. */
  kill(): Promise<void>;
}

const holder = new URL("./lock-holder.ts", import.meta.url);

/** Starts the child and waits until it has run `sql`. */
export async function holdLock(url: string, sql = "BEGIN IMMEDIATE"): Promise<HeldLock> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-write", "--allow-env", "--allow-ffi", "--allow-sys", holder.href, url, sql],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  if (!new TextDecoder().decode(value).startsWith("held")) throw new Error("The lock could not be taken.");
  const ended = async (): Promise<void> => {
    await child.status;
    await reader.cancel();
  };
  return {
    async release() {
      await child.stdin.close();
      await ended();
    },
    async kill() {
      child.kill("SIGKILL");
      await child.stdin.abort().catch(() => undefined);
      await ended();
    },
  };
}
