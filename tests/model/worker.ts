import { type Chunk, playChunk, type Played } from "./chunk.ts";

/** What one history of the chunk showed; null at the end of the chunk. */
export type Report = Played | null;

/** A worker of `deno task model`: it plays the chunk that it is sent. */
const scope = self as unknown as {
  onmessage: ((message: MessageEvent<Chunk>) => void) | null;
  postMessage(report: Report): void;
}; // the worker's own side of the channel, which the types of a window do not have

scope.onmessage = async ({ data }) => {
  await playChunk(data, (played) => scope.postMessage(played));
  scope.postMessage(null);
};
