import type { Vault } from "../crypto/vault.ts";
import type { Database } from "../db/database.ts";
import { first, type Query, rows, select } from "../db/query.ts";
import { clients } from "../db/schema.ts";
import { createLru } from "../lib/lru.ts";
import type { Clock } from "../platform/ports.ts";
import { Problem } from "../problems/problem.ts";
import { accessOf, type ClientAccess, OPEN_ACCESS } from "./client-access.ts";
import type { ClientSeals } from "./client-seals.ts";
import type { Principal } from "./tokens.ts";

/** How long a process believes what it has read about a client. So a revocation is noticed within 5 s everywhere. */
const BELIEVED_MS = 5_000;
const MAX_KNOWN = 10_000;

/** What the database says about a client now. */
interface Standing {
  readonly epoch: number;
  readonly active: boolean;
  readonly merchantActive: boolean;
  /** Null: somebody changed it past this service. */
  readonly access: ClientAccess | null;
}

const selectClient = select(clients, "WHERE id = ?");
const selectMerchantStatus = (clientId: string): Query<string> => ({
  sql: "SELECT m.status FROM clients c JOIN merchants m ON m.id = c.merchant_id WHERE c.id = ?",
  args: [clientId],
  map: ([status]) => String(status),
});

/** The same of a subject of an outside issuer, which an operator can block. */
const selectOutside = (id: string): Query<Standing> => ({
  sql: "SELECT s.status, m.status FROM outside_subjects s JOIN merchants m ON m.id = s.merchant_id WHERE s.id = ?",
  args: [id],
  map: ([status, merchant]) => ({
    epoch: 0,
    active: status === "active",
    merchantActive: merchant === "active",
    access: OPEN_ACCESS,
  }),
});

type Whose = Pick<Principal, "clientId" | "epoch" | "isOutside">;

/** Whether the client of a token may still act. A token alone proves only that it could when it was issued (ADR 0025). */
export class Standings {
  readonly #known = createLru<string, { readonly standing: Standing | null; readonly until: number }>(MAX_KNOWN);
  constructor(
    readonly db: Database,
    readonly clock: Clock,
    readonly vault: Vault,
    readonly seals: Pick<ClientSeals, "isGenuine">,
  ) {}

  /**
   * Refuses a token whose client was revoked, or whose merchant is disabled. `fresh` reads the database now; without it,
   * an answer of the last 5 s is enough. Returns how the client has to prove who it is. Errors: `token_revoked`, `merchant_disabled`.
   */
  async check({ clientId, epoch, isOutside }: Whose, fresh: boolean): Promise<ClientAccess> {
    const known = this.#known.get(clientId);
    const now = this.clock.now();
    const believed = !fresh && known !== undefined && now < known.until && known.until <= now + BELIEVED_MS;
    const standing = believed ? known.standing : await this.#read(clientId, isOutside);
    if (standing === null || !standing.active || standing.epoch !== epoch || standing.access === null) {
      throw new Problem(
        "token_revoked",
        "The client of this access token was revoked or blocked, or its tokens were ended. Use a client that is active.",
      );
    }
    if (!standing.merchantActive) throw merchantDisabled();
    return standing.access;
  }

  /** Removes what is known of a client, after a change. Other processes notice within 5 s. */
  forget(clientId: string): void {
    this.#known.delete(clientId);
  }

  /** Removes all that is known, after a change that concerns many clients. */
  forgetAll(): void {
    this.#known.clear();
  }

  async #read(clientId: string, isOutside: boolean): Promise<Standing | null> {
    const readAt = this.clock.now();
    const standing = isOutside ? await first(this.db, selectOutside(clientId)) : await this.#readClient(clientId);
    this.#known.set(clientId, { standing, until: readAt + BELIEVED_MS });
    return standing;
  }

  async #readClient(id: string): Promise<Standing | null> {
    const [[client], [merchant]] = await rows(this.db, selectClient(id), selectMerchantStatus(id));
    if (client === undefined) return null;
    const isGenuine = await this.seals.isGenuine(client);
    return {
      epoch: client.epoch,
      active: client.status === "active",
      merchantActive: merchant === "active",
      access: isGenuine ? await accessOf(this.vault, client) : null,
    };
  }
}

/** The refusal for a merchant that the people who run the service have disabled. */
export const merchantDisabled = (): Problem =>
  new Problem(
    "merchant_disabled",
    "This merchant is disabled: its clients can do nothing, and no money leaves. Ask the people who run this service.",
  );
