import { type Chunk, playChunk, type Played } from "./chunk.ts";

/** A request to a worker: `lane` says who of the asking side waits for it. */
export interface Request {
  readonly lane: number;
  readonly chunk: Chunk;
}

/** What one history of the lane's chunk showed; null at the end of the chunk. */
export interface Report {
  readonly lane: number;
  readonly played: Played | null;
}

/** A worker of `deno task model`: it plays each chunk that it is sent, several at once. */
const scope = self as unknown as {
  onmessage: ((message: MessageEvent<Request>) => void) | null;
  postMessage(report: Report): void;
}; // the worker's own side of the channel, which the types of a window do not have

scope.onmessage = async ({ data: { lane, chunk } }) => {
  await playChunk(chunk, (played) => scope.postMessage({ lane, played }));
  scope.postMessage({ lane, played: null });
};
