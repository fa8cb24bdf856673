import { Agent } from "node:http";
import type { Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { LRUCache } from "lru-cache";

const MAX_DESTINATIONS = 512; // whose connections are kept
const IDLE_MS = 4_000; // most servers close idle connections after 5 s or more
const MAX_IDLE_SOCKETS = 128; // of one destination, because many endpoints may share it

/** What to connect to: an address and a port, and for TLS the name that the certificate must be valid for. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
  /** Null when the URL contains an address instead of a name. */
  readonly servername: string | null;
}

class SecureAgent extends Agent {
  constructor(options: ConstructorParameters<typeof Agent>[0], readonly place: Destination) {
    super(options);
  }
  override createConnection(): Socket {
    const { address, port, servername } = this.place;
    return tlsConnect({ host: address, port, ...(servername === null ? {} : { servername }) });
  }
}

/** Keeps connections for the next request to the same destination. Another name on the same address is another destination. */
export class Agents {
  readonly #known = new LRUCache<string, SharedAgent>({ max: MAX_DESTINATIONS, dispose: (kept) => kept.retire() });

  /** The agent of a destination. Call {@link SharedAgent.release} when the request has ended. */
  acquire(place: Destination): SharedAgent {
    const name = JSON.stringify([place.address, place.port, place.secure, place.servername]);
    let kept = this.#known.get(name);
    if (kept === undefined) {
      kept = new SharedAgent(place);
      this.#known.set(name, kept);
    }
    kept.acquire();
    return kept;
  }

  /** Closes idle connections. The others are closed when their requests have ended. */
  close(): void {
    this.#known.clear();
  }
}

/** An agent that is destroyed when it is retired and no request uses it. */
export class SharedAgent {
  readonly agent: Agent;
  #users = 0;
  #retired = false;
  constructor(place: Destination) {
    const options = { keepAlive: true, maxFreeSockets: MAX_IDLE_SOCKETS, timeout: IDLE_MS };
    this.agent = place.secure ? new SecureAgent(options, place) : new Agent(options);
  }

  acquire(): void {
    this.#users++;
  }

  release(): void {
    this.#users--;
    this.#close();
  }

  retire(): void {
    this.#retired = true;
    this.#close();
  }

  #close(): void {
    if (this.#retired && this.#users === 0) this.agent.destroy();
  }
}
