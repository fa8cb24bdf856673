// @ts-types="./autocannon.d.ts"
import autocannon from "autocannon";
import { asked, tell } from "./generator.ts";
import { readTape, type Tape } from "./tape.ts";

interface Asked {
  readonly tape: Tape;
  readonly connections: number;
  readonly seconds: number;
}

/** A request of a tape, as autocannon wants it. */
function taken(wire: string) {
  const end = wire.indexOf("\r\n\r\n");
  const [first = "", ...lines] = wire.slice(0, end).split("\r\n");
  const [method = "GET", path = "/"] = first.split(" ");
  const headers = lines.map((line) => line.split(": ", 2)).filter(([name]) =>
    name !== "host" && name !== "content-length"
  );
  return { method, path, headers: Object.fromEntries(headers), body: wire.slice(end + 4) };
}

/** Does what wrk does by replay.lua, where that is not installed. */
async function replay({ tape, connections, seconds }: Asked) {
  const text = new TextDecoder();
  const requests = (await readTape(tape)).map((bytes) => taken(text.decode(bytes)));
  let at = 0;
  let ranOut = false;
  const next = () => {
    ranOut ||= at >= requests.length;
    return requests[at++ % requests.length] ?? {};
  };
  const result = await autocannon({
    url: tape.url,
    connections,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
  });
  return {
    requests: result.requests.total,
    seconds: result.duration,
    failed: result.non2xx,
    broken: result.errors + result.timeouts,
    ranOut,
  };
}

if (import.meta.main) tell(await replay(await asked()));
