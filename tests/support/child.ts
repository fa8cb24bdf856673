const decoder = () => new TextDecoderStream();

/** A process that takes longer to stop hangs: it takes 5 s at most, and longer only on a machine that is very busy. */
const HANGS_MS = 60_000;

/** A process that was started, and every line that it has said on either stream. */
export class Child {
  readonly lines: string[];
  readonly #process: Deno.ChildProcess;
  readonly #read: Promise<unknown>;
  readonly #watchers = new Set<() => void>();
  #ended = false;

  private constructor(process: Deno.ChildProcess, lines: string[]) {
    this.lines = lines;
    this.#process = process;
    this.#read = Promise.all([this.#follow(process.stdout), this.#follow(process.stderr), process.status]).then(() => {
      this.#ended = true;
      this.#tell();
    });
  }

  /** Runs a script of this repository with the given environment on top of this one's. */
  static start(script: URL, env: Readonly<Record<string, string>>, lines: string[] = []): Child {
    const allow = ["--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-write", "--allow-ffi"];
    allow.push("--allow-sys=cpus,hostname,networkInterfaces"); // the libsql addon asks which C library there is
    return Child.run(Deno.execPath(), ["run", "--quiet", "--frozen", ...allow, script.href], { env }, lines);
  }

  /** Runs any command. */
  static run(
    command: string,
    args: readonly string[],
    options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: URL },
    lines: string[] = [],
  ): Child {
    const process = new Deno.Command(command, {
      args: [...args],
      ...options,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new Child(process, lines);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** The first line that `wanted` finds something in; null when the process ends before. */
  async line<T>(wanted: (line: string) => T | null): Promise<T | null> {
    for (let seen = 0;;) {
      for (; seen < this.lines.length; seen++) {
        const found = wanted(this.lines[seen] ?? "");
        if (found !== null) return found;
      }
      if (this.#ended) return null;
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  /**
   * Sends a signal and waits until the process is gone; answers how it ended. A process that hangs is killed: its
   * signal is then SIGKILL.
   */
  async end(signal: Deno.Signal): Promise<Deno.CommandStatus> {
    this.#send(signal);
    const timer = setTimeout(() => this.#send("SIGKILL"), HANGS_MS);
    await this.#read;
    clearTimeout(timer);
    return await this.#process.status;
  }

  #send(signal: Deno.Signal): void {
    try {
      this.#process.kill(signal);
    } catch {
      // it has ended already
    }
  }

  async #follow(stream: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    // the stream's bytes come over no shared memory
    for await (const text of (stream as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(decoder())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      this.lines.push(...parts);
      this.#tell();
    }
    if (rest !== "") this.lines.push(rest);
  }

  #tell(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher();
  }
}

/** A port that was free a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr; // of a TCP listener
  listener.close();
  return port;
}
