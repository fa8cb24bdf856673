/**
 * The text of an answer; null for a body of more than `most` bytes. A body never exceeds its `content-length`, so with
 * that header it is read at once.
 */
export async function readLimited(response: Response, most: number): Promise<string | null> {
  const contentLength = response.headers.get("content-length");
  if (contentLength !== null) {
    return Number(contentLength) > most ? discardBody(response) : await response.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > most) return null; // leaving the loop cancels the stream
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function discardBody(response: Response): Promise<null> {
  await response.body?.cancel();
  return null;
}
