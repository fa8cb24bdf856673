import { Child, freePort } from "./child.ts";

const ops = new URL("../../ops/nginx/", import.meta.url);
const START_TRIES = 3;

/** A process behind nginx, and how many of each hundred requests it gets. */
export interface Upstream {
  readonly port: number;
  readonly weight: number;
}

/** nginx with the configuration of ops/nginx/, on free ports, with a certificate of its own. */
export interface Nginx {
  readonly port: number;
  readonly plainPort: number;
  /** The folder with its logs (`malipo.log`, `malipo-error.log`). */
  readonly folder: string;
  /** Divides the traffic anew. Running requests end where they are; returns when all of them have. */
  route(upstreams: readonly Upstream[]): Promise<void>;
  stop(): Promise<void>;
}

export async function hasNginx(): Promise<boolean> {
  try {
    return (await new Deno.Command("nginx", { args: ["-v"], stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, stdin: "null", stdout: "null" }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** A certificate for 127.0.0.1 that is its own authority. Returns its path; the key lies beside it (`.key`). */
export async function makeCertificate(folder: string): Promise<string> {
  const name = `${folder}/certificate.pem`;
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const leaf = ["-addext", "basicConstraints=critical,CA:FALSE"];
  await run("openssl", "req", "-x509", ...curve, ...names, ...leaf, "-keyout", `${name}.key`, "-out", name);
  return name;
}

const server = ({ port, weight }: Upstream) =>
  `server 127.0.0.1:${port} weight=${weight} max_fails=2 fail_timeout=5s;\n`;

/** The configuration that we ship, with the paths and ports of a test. */
async function writeConfiguration(folder: string, certificate: string, port: number, plainPort: number): Promise<void> {
  const shipped = await Deno.readTextFile(new URL("malipo.conf", ops));
  const site = shipped
    .replaceAll(/^ *listen \[::\].*\n/gm, "")
    .replace("listen 80;", `listen 127.0.0.1:${plainPort};`)
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replace(/ssl_certificate +\S+;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key +\S+;/, `ssl_certificate_key ${certificate}.key;`)
    .replaceAll("/etc/nginx/", `${folder}/`)
    .replaceAll("/var/log/nginx/", `${folder}/`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${folder}/${name};`
  );
  await Deno.writeTextFile(`${folder}/malipo.conf`, site);
  await Deno.copyFile(new URL("malipo-proxy.conf", ops), `${folder}/malipo-proxy.conf`);
  await Deno.writeTextFile(
    `${folder}/nginx.conf`,
    // user: as root, its workers could not write into the folder otherwise; others ignore it
    `user root; daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log warn;
     events { worker_connections 4096; }
     http { ${temporary.join(" ")} include ${folder}/malipo.conf; }`,
  );
}

/** Starts nginx in front of these processes. `certificate` is of {@link makeCertificate}. Errors: what nginx says. */
export async function startNginx(
  folder: string,
  certificate: string,
  upstreams: readonly Upstream[],
  port = freePort(),
): Promise<Nginx> {
  const write = (to: readonly Upstream[]) =>
    Deno.writeTextFile(`${folder}/malipo-upstream.conf`, to.map(server).join(""));
  await write(upstreams);
  const arguments_ = ["-p", folder, "-e", `${folder}/nginx-error.log`, "-c", `${folder}/nginx.conf`];
  for (let tries = 1;; tries++) {
    const plainPort = freePort();
    await writeConfiguration(folder, certificate, port, plainPort);
    await run("nginx", "-t", ...arguments_);
    const child = Child.run("nginx", arguments_, {});
    if (await accepts(port)) return { port, plainPort, folder, ...controls(child, arguments_, write) };
    await child.end("SIGTERM");
    if (tries === START_TRIES) throw new Error(`nginx did not start: ${await errors(folder)}`);
  }
}

function controls(child: Child, arguments_: readonly string[], write: (to: readonly Upstream[]) => Promise<void>) {
  return {
    async route(upstreams: readonly Upstream[]) {
      await write(upstreams);
      await run("nginx", "-t", ...arguments_);
      const before = await workers(child.pid);
      await run("nginx", ...arguments_, "-s", "reload");
      // an old worker ends with its last request
      while (!isOver(await workers(child.pid), before)) await pause();
    },
    async stop() {
      await child.end("SIGTERM");
    },
  };
}

/** Whether there are workers, and none of those before. */
const isOver = (now: readonly string[], before: readonly string[]): boolean =>
  now.length > 0 && !now.some((pid) => before.includes(pid));

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
const errors = (folder: string) => Deno.readTextFile(`${folder}/nginx-error.log`).catch(() => "no log");

/** The worker processes of nginx. */
async function workers(parent: number): Promise<string[]> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(parent)] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

async function accepts(port: number): Promise<boolean> {
  for (let tried = 0; tried < 250; tried++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return true;
    } catch {
      await pause();
    }
  }
  return false;
}
