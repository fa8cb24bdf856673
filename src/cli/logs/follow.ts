const LOOKS_EACH_MS = 200;
const PIECE_BYTES = 65_536;

/** The lines of a stream of bytes. */
export async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** The lines that are added to a file from `start` (bytes) on. A file that became shorter was begun anew, and is read from its start. */
export async function* followedLines(path: string, start: number, stop: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const piece = new Uint8Array(PIECE_BYTES);
  let [at, rest] = [start, ""];
  while (!stop.aborted) {
    const size = await Deno.stat(path).then((found) => found.size, () => 0);
    if (size < at) [at, rest] = [0, ""];
    if (size > at) {
      using file = await Deno.open(path);
      await file.seek(at, Deno.SeekMode.Start);
      const read = await file.read(piece) ?? 0;
      at += read;
      const lines = (rest + decoder.decode(piece.subarray(0, read), { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      continue;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EACH_MS));
  }
}
