import type { Command, Orders } from "./child/control.ts";

const script = new URL("./child/api.ts", import.meta.url);
const permissions = [
  "--allow-net=127.0.0.1",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-ffi",
  "--allow-run", // to kill itself at a marked point
  "--allow-sys=cpus,hostname,networkInterfaces",
];

/** One life of the API's process. */
export class ApiProcess {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  /** Resolves when the process is gone, whatever ended it. */
  readonly ended: Promise<void>;
  /** Resolves when it takes work, or is gone. */
  readonly ready: Promise<void>;
  alive = true;

  constructor(env: Readonly<Record<string, string>>, orders: Orders, readonly lines: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--frozen", ...permissions, script.href],
      env: { ...env, CHAOS: JSON.stringify(orders) },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    const { promise, resolve } = Promise.withResolvers<void>();
    const follow = (stream: ReadableStream<Uint8Array>) => this.#follow(stream, resolve);
    this.ended = Promise.all([follow(this.#child.stdout), follow(this.#child.stderr), this.#child.status]).then(
      async () => {
        this.alive = false;
        resolve();
        await this.#input.abort().catch(() => {});
      },
    );
    this.ready = promise;
  }

  /** Tells it something; what is gone hears nothing. */
  async tell(command: Command): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(command)}\n`)).catch(() => {});
  }

  signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // it has ended already
    }
  }

  async end(signal: Deno.Signal): Promise<void> {
    this.signal(signal);
    const timer = setTimeout(() => this.signal("SIGKILL"), 10_000);
    await this.ended;
    clearTimeout(timer);
  }

  async #follow(stream: ReadableStream<Uint8Array>, ready: () => void): Promise<void> {
    let rest = "";
    // the stream's bytes come over no shared memory
    const bytes = stream as ReadableStream<Uint8Array<ArrayBuffer>>;
    for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        this.lines.push(line);
        if (line.includes('"chaos_ready"')) ready();
      }
    }
    if (rest !== "") this.lines.push(rest);
  }
}
