/** An answer, as far as a load needs to know it. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

const text = new TextDecoder();

/** Keep-alive connections to one server, a request at a time on each: as light as HTTP/1.1 can be had. */
export class Pool {
  readonly #address: { readonly hostname: string; readonly port: number };
  #idle: Line[] = [];
  #open = 0;
  readonly #waiting: ((line: Line) => void)[] = [];

  constructor(url: string, readonly most: number) {
    const { hostname, port } = new URL(url);
    this.#address = { hostname, port: Number(port) };
  }

  /** Connects ahead, so that no request has to wait for it. */
  async warm(): Promise<void> {
    const lines = await Promise.all(Array.from({ length: this.most }, () => this.#connect()));
    this.#idle.push(...lines);
  }

  /** Sends a request as soon as a connection is free. */
  async send(request: Uint8Array<ArrayBuffer>): Promise<Reply> {
    const line = this.#idle.pop() ?? (this.#open < this.most ? await this.#connect() : await this.#wait());
    let reply: Reply;
    try {
      reply = await line.exchange(request);
    } catch (error) {
      line.close();
      this.#open--;
      reply = { status: 0, body: String(error) };
      const next = this.#waiting.shift();
      if (next !== undefined) next(await this.#connect());
      return reply;
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(line);
    else next(line);
    return reply;
  }

  close(): void {
    for (const line of this.#idle.splice(0)) line.close();
  }

  async #connect(): Promise<Line> {
    this.#open++;
    return new Line(await Deno.connect(this.#address));
  }

  #wait(): Promise<Line> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

class Line {
  #buffer = new Uint8Array(16_384);
  constructor(readonly connection: Deno.TcpConn) {
    connection.setNoDelay(true);
  }

  async exchange(request: Uint8Array<ArrayBuffer>): Promise<Reply> {
    for (let sent = 0; sent < request.length;) sent += await this.connection.write(request.subarray(sent));
    for (let filled = 0;;) {
      const many = await this.connection.read(this.#buffer.subarray(filled));
      if (many === null) throw new Error("cut");
      filled += many;
      const reply = complete(this.#buffer.subarray(0, filled));
      if (reply !== null) return reply;
      if (filled === this.#buffer.length) this.#grow();
    }
  }

  close(): void {
    try {
      this.connection.close();
    } catch {
      // it is closed already
    }
  }

  #grow(): void {
    const larger = new Uint8Array(this.#buffer.length * 4);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

/** An answer of which all has come, or null. Its head is ASCII, so there a byte is a character. */
function complete(bytes: Uint8Array): Reply | null {
  const said = text.decode(bytes);
  const end = said.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(said.slice(0, end))?.[1];
  if (length === undefined) throw new Error("an answer without its length");
  if (bytes.length < end + 4 + Number(length)) return null;
  return { status: Number(said.slice(9, 12)), body: said.slice(end + 4) };
}
