/** The status and body of an answer. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder();
const latin = new TextDecoder("latin1");
const BUFFER = 65_536;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** A request as it goes over the wire. */
export function wired(method: string, path: string, headers: Readonly<Record<string, string>>, body = ""): Uint8Array {
  const bytes = encoder.encode(body);
  const lines = Object.entries({ host: "127.0.0.1", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = method === "GET" ? "" : `content-length: ${bytes.length}\r\n`;
  return joined(encoder.encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}${length}\r\n`), bytes);
}

/**
 * A connection to a server of ours, for one request after the other. It does what is needed and no more, since who
 * measures shares the machine with what is measured: fetch costs more than most of our answers.
 */
export class Wire {
  readonly #socket: Deno.TcpConn;
  #buffer = new Uint8Array(BUFFER);

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
  }

  static async open(port: number): Promise<Wire> {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port });
    socket.setNoDelay(true);
    return new Wire(socket);
  }

  /** Sends a request and reads the answer, which must say its length. Errors: when the connection is cut. */
  async ask(request: Uint8Array): Promise<Reply> {
    for (let sent = 0; sent < request.length;) sent += await this.#socket.write(request.subarray(sent));
    let [got, head, whole] = [0, "", Infinity];
    while (got < whole) {
      if (got === this.#buffer.length) this.#buffer = joined(this.#buffer, new Uint8Array(got));
      const read = await this.#socket.read(this.#buffer.subarray(got));
      if (read === null) throw new Error("The server has hung up.");
      got += read;
      if (head !== "") continue;
      const seen = latin.decode(this.#buffer.subarray(0, got)); // a byte a character, so that places agree
      const end = seen.indexOf("\r\n\r\n") + 4;
      if (end < 4) continue;
      head = seen.slice(0, end);
      whole = end + Number(/\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    }
    return { status: Number(head.slice(9, 12)), text: utf8.decode(this.#buffer.subarray(head.length, got)) };
  }

  close(): void {
    this.#socket.close();
  }
}
