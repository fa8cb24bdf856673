/**
 * Run by between.ts: a longer way to a server. It moves bytes and reads no HTTP, so that it costs next to nothing but
 * the delay; connections are kept as both ends keep them, and none waits for another. What is sent after an answer
 * begins a round trip, and each is written down.
 */
const target = new URL(Deno.env.get("PROXY_TARGET") ?? "");
const delayMs = Number(Deno.env.get("PROXY_DELAY_MS"));
const upstream = { hostname: target.hostname, port: Number(target.port) };

interface Trip {
  readonly from: number;
  /** 0 while it is under way. */
  to: number;
}

const now = (): number => performance.timeOrigin + performance.now();
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let trips: Trip[] = [];

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await to.write(bytes.subarray(written));
}

/** One connection and the one behind it, until an end closes. */
async function carry(near: Deno.TcpConn): Promise<void> {
  const far = await Deno.connect(upstream);
  for (const end of [near, far]) end.setNoDelay(true);
  let trip: Trip | null = null;
  let answered = true;
  const there = async () => {
    let sent = Promise.resolve();
    for await (const bytes of chunks(near)) {
      if (answered) trips.push(trip = { from: now(), to: 0 });
      answered = false;
      const arrives = sleep(delayMs);
      sent = sent.then(() => arrives).then(() => writeAll(far, bytes));
      sent.catch(() => {}); // seen below, when what was read is over
    }
    await sent;
    await far.closeWrite();
  };
  const back = async () => {
    for await (const bytes of chunks(far)) {
      answered = true;
      if (trip !== null) trip.to = now();
      await writeAll(near, bytes);
    }
    await near.closeWrite();
  };
  await Promise.all([there(), back()]).catch(() => {}); // an end that broke off is the other's to notice
  for (const end of [near, far]) end.close();
}

async function* chunks(from: Deno.Conn): AsyncGenerator<Uint8Array> {
  for (;;) {
    const bytes = new Uint8Array(16_384);
    const read = await from.read(bytes);
    if (read === null) return;
    yield bytes.subarray(0, read);
  }
}

/** Answers the trips that have ended since it was last asked. */
const told = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
  const answer = Response.json(trips.filter(({ to }) => to > 0));
  trips = trips.filter(({ to }) => to === 0);
  return answer;
});
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = listener.addr as Deno.NetAddr; // of a TCP listener
console.log(JSON.stringify({ proxy: `http://127.0.0.1:${port}`, told: `http://127.0.0.1:${told.addr.port}` }));
for await (const connection of listener) void carry(connection);
