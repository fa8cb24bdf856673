/** A mail server that keeps what it is sent. `refuse` answers each message with 451. */
export class SmtpSink {
  readonly messages: string[] = [];
  refuse = false;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving = this.#serve();
  readonly #open = new Set<Promise<void>>();

  get url(): string {
    return `smtp://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`; // it listens by TCP
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      const talk = this.#talk(connection).catch(() => {}).finally(() => this.#open.delete(talk));
      this.#open.add(talk);
    }
  }

  async #talk(connection: Deno.Conn): Promise<void> {
    using _ = connection;
    const say = (line: string) => connection.write(new TextEncoder().encode(`${line}\r\n`));
    await say("220 sink");
    let rest = "";
    let isData = false;
    for await (const chunk of connection.readable.pipeThrough(new TextDecoderStream())) {
      rest += chunk;
      for (let end; (end = rest.indexOf(isData ? "\r\n.\r\n" : "\r\n")) >= 0;) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + (isData ? 5 : 2));
        if (isData) {
          isData = false;
          if (!this.refuse) this.messages.push(line);
          await say(this.refuse ? "451 later" : "250 kept");
        } else if (line === "DATA") {
          isData = true;
          await say("354 go on");
        } else if (line === "QUIT") return void await say("221 bye");
        else await say("250 sink");
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving.catch(() => {});
    await Promise.all(this.#open);
  }
}
