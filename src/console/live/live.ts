/** The part of a page that is its stream: `?part=live` behind the page's address. */
export const LIVE_PART = "live";

/** What a page shows now, as far as it changes by itself. */
export interface Live {
  /** Another one for other content. */
  readonly digest: string;
  /** Nothing will change any more. */
  readonly isOver: boolean;
}

/** The digest of what a page shows. */
export async function liveOf(shown: unknown, isOver = false): Promise<Live> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(shown)));
  return { digest: new Uint8Array(bytes).toHex().slice(0, 16), isOver };
}
