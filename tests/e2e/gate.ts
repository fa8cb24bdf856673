/** A way to Daraja that can be held: what goes through it waits at a path until it is let go on. */
export interface Gate {
  /** Says where it leads; answers its own origin. */
  readonly to: (origin: string) => string;
  /** Holds the next request to a path once it has arrived. */
  hold(path: string): { readonly reached: Promise<void>; release(): void };
}

/** Runs a test with a gate. */
export async function withGate(test: (gate: Gate) => Promise<void>): Promise<void> {
  let origin = "";
  const holds = new Map<string, { reached: () => void; released: Promise<void> }>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    const held = holds.get(pathname);
    holds.delete(pathname);
    held?.reached();
    await held?.released;
    const { method, headers } = request;
    return await fetch(origin + pathname + search, { method, headers, body: method === "GET" ? null : body });
  });
  try {
    await test({
      to(simulator) {
        origin = simulator;
        return `http://127.0.0.1:${server.addr.port}`;
      },
      hold(path) {
        const reached = Promise.withResolvers<void>();
        const released = Promise.withResolvers<void>();
        holds.set(path, { reached: reached.resolve, released: released.promise });
        return { reached: reached.promise, release: released.resolve };
      },
    });
  } finally {
    await server.shutdown();
  }
}
