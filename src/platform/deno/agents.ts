import { Agent } from "node:http";
import type { Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { LRUCache } from "lru-cache";

const KEPT = 512; // places whose connections are kept
const IDLE_MS = 4_000; // most servers close theirs after 5 s or more
const IDLE_SOCKETS = 128; // of one place: many endpoints may share it

/** A place to connect to: an address, and for TLS the name that its certificate must have. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
  /** Null where the URL names an address: TLS names none. */
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

/** Connections that are kept for the next request to the same place, never for another name on the same address. */
export class Agents {
  readonly #known = new LRUCache<string, SharedAgent>({ max: KEPT, dispose: (kept) => kept.retire() });

  /** The agent of a place, until {@link SharedAgent.release}. */
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

  /** Closes what is idle; what is in use closes with its request. */
  close(): void {
    this.#known.clear();
  }
}

/** An agent that is destroyed when it is neither known nor used any more. */
export class SharedAgent {
  readonly agent: Agent;
  #users = 0;
  #retired = false;
  constructor(place: Destination) {
    const options = { keepAlive: true, maxFreeSockets: IDLE_SOCKETS, timeout: IDLE_MS };
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
