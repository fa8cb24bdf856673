/** One request of a load. */
export interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Requests for one API, written down beforehand so that sending them costs next to nothing. */
export interface Tape {
  readonly url: string;
  readonly file: string;
  readonly calls: number;
  /** Whether the requests may be sent over and over. */
  readonly again: boolean;
}

const utf8 = new TextEncoder();

/** Writes requests as they go over the wire, a NUL after each. */
export async function writeTape(file: string, url: string, calls: readonly Call[], again: boolean): Promise<Tape> {
  const { host } = new URL(url);
  const text = calls.map((call) => `${wire(host, call)}\0`).join("");
  await Deno.writeFile(file, utf8.encode(text));
  return { url, file, calls: calls.length, again };
}

/** A request as it goes over the wire. */
export function wire(host: string, { method, path, headers = {}, body }: Call): string {
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push(`content-length: ${utf8.encode(body).length}`);
  return `${lines.join("\r\n")}\r\n\r\n${body ?? ""}`;
}

/** The requests of a tape as bytes. */
export async function readTape({ file }: Tape): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const all = await Deno.readFile(file);
  const requests: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0, end = all.indexOf(0); end >= 0; start = end + 1, end = all.indexOf(0, start)) {
    requests.push(all.subarray(start, end));
  }
  return requests;
}
