/** A way to Daraja that cuts the connection of one request after Daraja has taken it. */
export interface Cut {
  /** Says where it leads; answers its own origin. */
  readonly to: (origin: string) => string;
  /** The next request whose path holds this is taken, and its connection closed without an answer. */
  next(path: string): void;
}

const decoder = new TextDecoder("latin1");
const encoder = new TextEncoder();

interface Heard {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Runs a test with it. One request a connection, so that closing one cuts nobody else. */
export async function withCut(test: (cut: Cut) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let origin = "";
  let doomed: string | null = null;

  async function serve(connection: Deno.TcpConn): Promise<void> {
    const { method, target, headers, body } = await hear(connection);
    const answer = await fetch(origin + target, { method, headers, body: method === "GET" ? null : body });
    const text = await answer.text();
    const cut = doomed !== null && target.includes(doomed);
    if (cut) doomed = null;
    else await connection.write(encoder.encode(written(answer, text)));
    connection.close();
  }

  const serving = (async () => {
    for await (const connection of listener) await serve(connection).catch(() => connection.close());
  })();
  try {
    const { port } = listener.addr as Deno.NetAddr; // of a TCP listener
    await test({
      to(simulator) {
        origin = simulator;
        return `http://127.0.0.1:${port}`;
      },
      next: (path) => void (doomed = path),
    });
  } finally {
    listener.close();
    await serving;
  }
}

async function hear(connection: Deno.TcpConn): Promise<Heard> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const read = await connection.read(buffer);
    if (read === null) throw new Error("The request ended early.");
    text += decoder.decode(buffer.subarray(0, read));
    const end = text.indexOf("\r\n\r\n");
    if (end === -1) continue;
    const [first = "", ...rest] = text.slice(0, end).split("\r\n");
    const headers = new Headers(rest.map((line) => line.split(/:\s*/, 2) as [string, string])); // name: value
    const body = bodyOf(headers, text.slice(end + 4));
    if (body === null) continue;
    for (const name of ["host", "connection", "content-length", "transfer-encoding"]) headers.delete(name);
    const [method = "", target = ""] = first.split(" ");
    return { method, target, headers, body };
  }
}

/** The body if all of it has come, else null. */
function bodyOf(headers: Headers, rest: string): string | null {
  if (headers.get("transfer-encoding") === "chunked") {
    if (!rest.endsWith("0\r\n\r\n")) return null;
    let body = "";
    for (let at = 0;;) {
      const line = rest.indexOf("\r\n", at);
      const size = parseInt(rest.slice(at, line), 16);
      if (size === 0) return body;
      body += rest.slice(line + 2, line + 2 + size);
      at = line + 2 + size + 2;
    }
  }
  return rest.length < Number(headers.get("content-length") ?? 0) ? null : rest;
}

const written = (answer: Response, text: string): string =>
  `HTTP/1.1 ${answer.status} -\r\ncontent-type: ${answer.headers.get("content-type") ?? "application/json"}\r\n` +
  `content-length: ${encoder.encode(text).length}\r\nconnection: close\r\n\r\n${text}`;
